"""
Adapters of gateways that are wrong about payments that wait, in one thing each.
"""

import itertools

import attrs

from sourcehere.domain.kernel.money import Money
from sourcehere.ports.errors import DeclinedError, ProviderError
from sourcehere.ports.payments import PaymentOutcome
from sourcehere.testing.kit.gateway_server import ServerGateway

ME = "wrong gateway"
_COUNT = itertools.count()
_DONE, _WAITS, _NO = (
    PaymentOutcome.SUCCEEDED,
    PaymentOutcome.PENDING,
    PaymentOutcome.DECLINED,
)


class WaitingIsDone(ServerGateway):
    """
    Takes what was accepted for what was agreed to.
    """

    def _record(self, told):
        record = super()._record(told)
        return (
            attrs.evolve(record, outcome=_DONE) if record.outcome is _WAITS else record
        )


class WaitingIsRefused(ServerGateway):
    """
    Takes what is not a yes for a no.
    """

    def authorize(self, amount, source, /, **names):
        record = super().authorize(amount, source, **names)
        if record.outcome is not _DONE:
            raise DeclinedError(provider=ME, detail="it is not done")
        return record


class WaitingIsTaken(ServerGateway):
    """
    Says of what waits that it is taken.
    """

    def _record(self, told):
        record = super()._record(told)
        return attrs.evolve(record, is_taken=record.outcome is _WAITS)


class WaitingHasNoName(ServerGateway):
    """
    Calls it nothing until it is decided.
    """

    def _record(self, told):
        record = super()._record(told)
        return (
            attrs.evolve(record, gateway_id="") if record.outcome is _WAITS else record
        )


class WaitingIsNotFound(ServerGateway):
    """
    Finds only what is decided.
    """

    def find(self, reference, /):
        found = super().find(reference)
        return None if found and found.outcome is _WAITS else found


class NoPage(ServerGateway):
    """
    Does not say where the payer has to go.
    """

    def _record(self, told):
        return attrs.evolve(super()._record(told), redirect_url="")


class PageWithoutHost(ServerGateway):
    """
    Tells a part of the address.
    """

    def _record(self, told):
        record = super()._record(told)
        page = record.redirect_url.removeprefix("https://bank.example")
        return attrs.evolve(record, redirect_url=page)


class PageOfTheFirstAnswer(ServerGateway):
    """
    Tells the page once.
    """

    def find(self, reference, /):
        found = super().find(reference)
        return found and attrs.evolve(found, redirect_url="")


class PageForEver(ServerGateway):
    """
    Sends the payer to a page when they have decided.
    """

    def _record(self, told):
        record = super()._record(told)
        page = f"https://bank.example/{record.gateway_id}"
        return attrs.evolve(record, redirect_url=page)


class WaitsForEver(ServerGateway):
    """
    Does not know the word for what was agreed to.
    """

    def find(self, reference, /):
        found = super().find(reference)
        if found is None or found.outcome is _NO:
            return found
        page = f"https://bank.example/{found.gateway_id}"
        return attrs.evolve(found, outcome=_WAITS, redirect_url=page)


class AnotherNameOnceDecided(ServerGateway):
    """
    Calls it otherwise behind the decision.
    """

    def _record(self, told):
        record = super()._record(told)
        if record.outcome is _WAITS:
            return attrs.evolve(record, gateway_id=f"session-{record.gateway_id}")
        return record


class RefusedWaits(ServerGateway):
    """
    Waits for a payer who said no.
    """

    def _record(self, told):
        record = super()._record(told)
        return attrs.evolve(record, outcome=_WAITS) if record.outcome is _NO else record


class RefusedIsGone(ServerGateway):
    """
    Does not find what was refused.
    """

    def find(self, reference, /):
        found = super().find(reference)
        return None if found and found.outcome is _NO else found


class RefusedHasAnAmount(ServerGateway):
    """
    Says how much was to be reserved of what was refused.
    """

    def _record(self, told):
        amount = Money(told["amount"], told["currency"])
        return attrs.evolve(super()._record(told), amount=amount)


class TakesWhatWaits(ServerGateway):
    """
    Takes the refusal of a capture for one that is under way.
    """

    def capture(self, authorization_id, amount, /, *, reference, idempotency_key):
        try:
            return super().capture(
                authorization_id,
                amount,
                reference=reference,
                idempotency_key=idempotency_key,
            )
        except DeclinedError:
            told = {"reference": reference, "id": "none", "state": "waits", "page": ""}
            money = {"amount": amount.minor, "currency": amount.currency}
            return self._record({**told, **money})


class NewKeyEachTime(ServerGateway):
    """
    Asks the payer anew with each try.
    """

    def _key(self, key):
        return f"{key}-{next(_COUNT)}"


class AgreesByLooking(ServerGateway):
    """
    Confirms what it looks up.
    """

    def find(self, reference, /):
        found = super().find(reference)
        if found is not None and found.outcome is _WAITS:
            self._server.decide(reference, agrees=True)
        return found


class AnyOfThem(ServerGateway):
    """
    Looks at what waits, whichever it is.
    """

    def find(self, reference, /):
        waiting = [one for one in self._server._done.values() if one.state == "waits"]
        found = super().find(waiting[0].reference if waiting else reference)
        return found and attrs.evolve(found, reference=reference)


class FailureIsAbsence(ServerGateway):
    """
    Takes a failed look for nothing found.
    """

    def find(self, reference, /):
        try:
            return super().find(reference)
        except ProviderError:
            return None


class FailureIsRefusal(ServerGateway):
    """
    Takes a broken line for a payer who went away.
    """

    def authorize(self, amount, source, /, **names):
        try:
            return super().authorize(amount, source, **names)
        except ProviderError as error:
            raise DeclinedError(provider=ME, detail="gone") from error


WRONG = [
    kind
    for kind in list(globals().values())
    if isinstance(kind, type)
    and issubclass(kind, ServerGateway)
    and kind is not ServerGateway
]
