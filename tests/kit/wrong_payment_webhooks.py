"""
Adapters that verify webhooks of payments wrongly in one thing each.
"""

import contextlib
import hmac
import json

import attrs

from sourcehere.ports.errors import ProtocolError, SignatureError
from sourcehere.testing.kit.payment_webhook_server import (
    ServerPaymentWebhooks,
    payment_signature,
)

ME = "wrong gateway"


class TakesAll(ServerPaymentWebhooks):
    """
    Checks nothing but the time.
    """

    def _check(self, *_):
        pass


class TakesUnsigned(ServerPaymentWebhooks):
    """
    Checks a signature where there is one.
    """

    def verify_payment(self, body, headers, /):
        if "x-signature" not in headers:
            return self._references(self._read(body))
        return super().verify_payment(body, headers)


class ComparesTheBeginning(ServerPaymentWebhooks):
    """
    Takes a signature that was cut.
    """

    def _check(self, body, at, told):
        right = [payment_signature(at, body, one) for one in self._secrets]
        if not told or not any(one.startswith(told) for one in right):
            raise SignatureError(provider=ME, detail="wrong")


class CrashesOnSigns(ServerPaymentWebhooks):
    """
    Compares texts, which only ASCII may be.
    """

    def _check(self, body, at, told):
        told.encode("ascii")
        super()._check(body, at, told)


class OfTheRead(ServerPaymentWebhooks):
    """
    Signs what it has read, and not what came.
    """

    def _check(self, body, at, told):
        with contextlib.suppress(ValueError):
            body = json.dumps(json.loads(body)).encode()
        super()._check(body, at, told)


class ReadsFirst(ServerPaymentWebhooks):
    """
    Reads what came before it looks at who sent it.
    """

    def verify_payment(self, body, headers, /):
        self._read(body)
        return super().verify_payment(body, headers)


class LastOneCounts(ServerPaymentWebhooks):
    """
    Believes the last of what is said twice.
    """

    def _once(self, pairs):
        return dict(pairs)


class AsDeepAsItIs(ServerPaymentWebhooks):
    """
    Reads however deep it is.
    """

    def _read(self, body):
        try:
            told = json.loads(body, object_pairs_hook=self._once)
        except ValueError as error:
            raise ProtocolError(provider=ME, detail="no JSON") from error
        if not isinstance(told, dict) or "payment" not in told:
            raise ProtocolError(provider=ME, detail="no payment")
        return told


class NonsenseIsNothing(ServerPaymentWebhooks):
    """
    Takes what makes no sense for a ping.
    """

    def verify_payment(self, body, headers, /):
        try:
            return super().verify_payment(body, headers)
        except ProtocolError:
            return ()


class OnlyWhatIsPaid(ServerPaymentWebhooks):
    """
    Does not look at what was refused, or waits.
    """

    def _references(self, told):
        return super()._references(told) if told["kind"] == "payment.paid" else ()


class NamesTheGateways(ServerPaymentWebhooks):
    """
    Names the payment as the gateway calls it.
    """

    def _references(self, told):
        return (told["payment"]["id"],) if super()._references(told) else ()


class InSmallLetters(ServerPaymentWebhooks):
    """
    Changes the letters of a reference.
    """

    def _references(self, told):
        return tuple(one.lower() for one in super()._references(told))


class NoneOfOurs(ServerPaymentWebhooks):
    """
    Tells no reference as one.
    """

    def _references(self, told):
        return super()._references(told) or (
            ("None",) if told["kind"] == "payment.paid" else ()
        )


class StrangeIsNonsense(ServerPaymentWebhooks):
    """
    Takes a kind that it does not know for nonsense.
    """

    def _references(self, told):
        if not told["kind"].startswith("payment."):
            raise ProtocolError(provider=ME, detail="no such kind")
        return super()._references(told)


class StrangeIsOurs(ServerPaymentWebhooks):
    """
    Looks at the reference, whatever it is of.
    """

    def _references(self, told):
        reference = told["payment"].get("reference")
        return (reference,) if reference else ()


class OnceOnly(ServerPaymentWebhooks):
    """
    Remembers what it has told, and tells it no more.
    """

    def __init__(self, server):
        super().__init__(server)
        self._seen = set()

    def _references(self, told):
        found = [one for one in super()._references(told) if one not in self._seen]
        self._seen.update(found)
        return found


class NewestFirst(ServerPaymentWebhooks):
    """
    Takes what comes behind something later for old.
    """

    def __init__(self, server):
        super().__init__(server)
        self._paid = set()

    def _references(self, told):
        found = super()._references(told)
        if told["kind"] == "payment.paid":
            self._paid.update(found)
            return found
        return [one for one in found if one not in self._paid]


class NewSecretAlone(ServerPaymentWebhooks):
    """
    Knows the newest secret only.
    """

    def __init__(self, server):
        super().__init__(server)
        self._secrets = self._secrets[-1:]


class OldSecretAlone(ServerPaymentWebhooks):
    """
    Stays with the secret that it had.
    """

    def __init__(self, server):
        super().__init__(server)
        self._secrets = self._secrets[:1]


class EverySecretThereWas(ServerPaymentWebhooks):
    """
    Forgets no secret.
    """

    def __init__(self, server):
        super().__init__(server)
        self._secrets = ("hush-0", *self._secrets)


class AnySecretWhileRotated(ServerPaymentWebhooks):
    """
    Takes everything while two secrets are known.
    """

    def _check(self, body, at, told):
        if len(self._secrets) == 1:
            super()._check(body, at, told)


class NeverTooOld(ServerPaymentWebhooks):
    """
    Does not look at the time.
    """

    def _check_time(self, _at):
        pass


class TimeIsNotSigned(ServerPaymentWebhooks):
    """
    Believes a time that is signed by nobody, and signs it anew.
    """

    def verify_payment(self, body, headers, /):
        now = self._server.clock.now().isoformat()
        sent = headers.get("x-signature", "")
        at = headers.get("x-signed-at", now)
        right = [payment_signature(at, body, one) for one in self._secrets]
        if not any(hmac.compare_digest(sent.encode(), one.encode()) for one in right):
            raise SignatureError(provider=ME, detail="wrong")
        return self._references(self._read(body))


class TellsNumbers(ServerPaymentWebhooks):
    """
    Tells a reference that looks like a number as one.
    """

    def _references(self, told):
        found = super()._references(told)
        return [int(one) if one.isdecimal() else one for one in found]


class AsksTheGateway(ServerPaymentWebhooks):
    """
    Asks whether that is so.
    """

    def verify_payment(self, body, headers, /):
        found = super().verify_payment(body, headers)
        self._server.request()
        return found


@attrs.define
class _Shared:
    reference: object = None


class SharesWhatItReads(ServerPaymentWebhooks):
    """
    Keeps the payment that it reads where every thread looks.
    """

    def __init__(self, server):
        super().__init__(server)
        self._kept = _Shared()

    def _references(self, told):
        if self._kept.reference is None:
            self._kept.reference = super()._references(told)
        return self._kept.reference


WRONG = tuple(
    value
    for value in list(vars().values())
    if isinstance(value, type)
    and issubclass(value, ServerPaymentWebhooks)
    and value is not ServerPaymentWebhooks
)
