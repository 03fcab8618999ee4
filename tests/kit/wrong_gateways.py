"""
Adapters of gateways that are wrong in one thing each, as real ones have been.
"""

import itertools
from datetime import timedelta

import attrs

from sourcehere.domain.kernel.money import Money
from sourcehere.ports.errors import DeclinedError, ProtocolError, ProviderError
from sourcehere.ports.payments import PaymentOutcome
from sourcehere.testing.kit.gateway_server import ServerGateway

ME = "wrong gateway"
_COUNT = itertools.count()


class NewKeyEachTime(ServerGateway):
    """
    Makes a key of its own, another one for each try.
    """

    def _key(self, key):
        return f"{key}-{next(_COUNT)}"


class OneKeyForAll(ServerGateway):
    """
    Leaves out what makes keys differ.
    """

    def _key(self, key):
        return key[:5]


class ShortField(ServerGateway):
    """
    Cuts our reference to what the gateway's field holds.
    """

    def _post(self, kind, amount, told, key):
        cut = {**told, "reference": told["reference"][:24]}
        return super()._post(kind, amount, cut, key)

    def find(self, reference, /):
        return super().find(reference[:24])


class KeyIsCut(ServerGateway):
    """
    Cuts our key.
    """

    def _key(self, key):
        return key[:36]


class KeyOfTheAmount(ServerGateway):
    """
    Makes the key of what is paid, so that two payments of one amount are one.
    """

    def _post(self, kind, amount, told, _key):
        return super()._post(kind, amount, told, f"{kind} {amount}")


class TimeoutIsARefusal(ServerGateway):
    """
    Takes a broken line for a no.
    """

    def _broken(self, words):
        return DeclinedError(provider=self.name, detail=words)


class DownIsARefusal(ServerGateway):
    """
    Takes a failing server for a no.
    """

    def _down(self, answer):
        return DeclinedError(provider=self.name, detail=answer.text)


class GarbageIsARefusal(ServerGateway):
    """
    Takes an answer without sense for a no.
    """

    def _json(self, answer):
        try:
            return super()._json(answer)
        except ProtocolError as error:
            raise DeclinedError(provider=self.name, detail="?") from error


class ThrottledIsARefusal(ServerGateway):
    """
    Takes "come back later" for a no.
    """

    def _throttled(self, answer):
        return DeclinedError(provider=self.name, detail=answer.text)


class UnauthorizedIsUnknown(ServerGateway):
    """
    Does not tell that the key is refused.
    """

    def _unauthorized(self):
        return self._broken("the token")


class RefusalIsUnknown(ServerGateway):
    """
    Never says no: a declined card is tried for ever.
    """

    def _refusal(self, answer):
        return ProtocolError(provider=self.name, detail=answer.text)


class RefusalIsARecord(ServerGateway):
    """
    Returns a declined payment as if it were one.
    """

    def authorize(self, amount, source, /, *, reference, idempotency_key):
        try:
            return super().authorize(
                amount, source, reference=reference, idempotency_key=idempotency_key
            )
        except DeclinedError:
            return self._record(
                {
                    "reference": reference,
                    "id": "none",
                    "amount": amount.minor,
                    "currency": amount.currency,
                    "state": "done",
                    "page": "",
                }
            )


class CentsOfYen(ServerGateway):
    """
    Counts every currency in hundredths.
    """

    def _minor(self, amount):
        return amount.minor * 100 if amount.currency == "JPY" else amount.minor

    def _record(self, told):
        record = super()._record(told)
        if record.amount.currency == "JPY":
            return attrs.evolve(record, amount=Money(told["amount"] // 100, "JPY"))
        return record


class FloatMoney(ServerGateway):
    """
    Goes through a binary fraction.
    """

    def _minor(self, amount):
        return (
            int(amount.minor / 100 * 100) if amount.currency == "USD" else amount.minor
        )


class TakesAtOnce(ServerGateway):
    """
    Captures what should only be reserved.
    """

    def authorize(self, amount, source, /, *, reference, idempotency_key):
        made = super().authorize(
            amount, source, reference=reference, idempotency_key=idempotency_key
        )
        self._post(
            "capture",
            amount,
            {"of": made.gateway_id, "reference": f"{reference}-c"},
            f"{idempotency_key}-c",
        )
        return made


class TakesAll(ServerGateway):
    """
    Captures what was reserved, not what is asked for.
    """

    def capture(self, authorization_id, amount, /, *, reference, idempotency_key):
        found = self._server._done.get(authorization_id)
        whole = Money(found.amount, found.currency) if found else amount
        made = super().capture(
            authorization_id,
            whole,
            reference=reference,
            idempotency_key=idempotency_key,
        )
        return attrs.evolve(made, amount=amount)


class RefundsTheRest(ServerGateway):
    """
    Returns what is left where more is asked for.
    """

    def refund(self, capture_id, amount, /, *, reference, idempotency_key):
        for minor in range(amount.minor, 0, -1):
            try:
                made = super().refund(
                    capture_id,
                    Money(minor, amount.currency),
                    reference=reference,
                    idempotency_key=idempotency_key,
                )
            except DeclinedError:
                continue
            return attrs.evolve(made, amount=amount)
        raise DeclinedError(provider=ME, detail="nothing is left")


class RefundIsItsCapture(ServerGateway):
    """
    Calls what went back as it calls what was taken.
    """

    def refund(self, capture_id, amount, /, **names):
        return attrs.evolve(
            super().refund(capture_id, amount, **names), gateway_id=capture_id
        )


class LosesTheReference(ServerGateway):
    """
    Cuts what we call an operation.
    """

    def _record(self, told):
        return attrs.evolve(super()._record(told), reference=told["reference"][:1])


class FindsNothing(ServerGateway):
    """
    Looks for the gateway's id by our reference.
    """

    def find(self, reference, /):
        super().find(reference)


class FindsTheFirst(ServerGateway):
    """
    Takes any answer for the one that was looked for.
    """

    def find(self, reference, /):
        return super().find(reference) or super().find("A")


class FailureIsAbsence(ServerGateway):
    """
    Takes a failed look for nothing found.
    """

    def find(self, reference, /):
        try:
            return super().find(reference)
        except ProviderError:
            return None


class FoundIsPending(ServerGateway):
    """
    Reads another state than that which was told.
    """

    def find(self, reference, /):
        found = super().find(reference)
        if found is None:
            return None
        return attrs.evolve(found, outcome=PaymentOutcome.PENDING)


class ReservedIsTaken(ServerGateway):
    """
    Says that what is only reserved was taken.
    """

    def authorize(self, amount, source, /, *, reference, idempotency_key):
        made = super().authorize(
            amount, source, reference=reference, idempotency_key=idempotency_key
        )
        return attrs.evolve(made, is_taken=True)


class NoWayBack(ServerGateway):
    """
    Neither keeps keys nor finds by reference.
    """

    key_ttl = timedelta(0)
    finds_by_reference = False


class ShapeIsNothing(ServerGateway):
    """
    Takes JSON of another shape for an answer in which nothing is.
    """

    def _object(self, answer, *names):
        told = self._json(answer)
        is_right = isinstance(told, dict) and told.keys() >= set(names)
        return told if is_right else dict.fromkeys(names, ())


WRONG = [
    kind
    for kind in list(globals().values())
    if isinstance(kind, type)
    and issubclass(kind, ServerGateway)
    and kind is not ServerGateway
]
