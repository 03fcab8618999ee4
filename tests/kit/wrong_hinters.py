"""
Adapters that verify webhooks of tracking wrongly in one thing each.
"""

import contextlib
import hmac
import json

from sourcehere.ports.errors import ProtocolError, SignatureError
from sourcehere.testing.kit.tracking_server import ServerTracker

ME = "wrong tracker"


class TakesAll(ServerTracker):
    """
    Checks nothing.
    """

    def _check(self, *_):
        pass


class TakesUnsigned(ServerTracker):
    """
    Checks a signature where there is one.
    """

    def verify_tracking(self, body, headers, /):
        """
        Read it at once where there is none.
        """
        if "x-sign" not in headers:
            return self._numbers(self._read(body))
        return super().verify_tracking(body, headers)


class TakesEmpty(ServerTracker):
    """
    Takes an empty signature for none that is to be checked.
    """

    def _check(self, body, told):
        if told:
            super()._check(body, told)


class ComparesTheBeginning(ServerTracker):
    """
    Takes a signature that was cut.
    """

    def _check(self, body, told):
        right = hmac.new(self._server.secret, body, "sha256").hexdigest()
        if not told or not right.startswith(told):
            raise SignatureError(provider=ME, detail="wrong")


class CrashesOnSigns(ServerTracker):
    """
    Compares texts, which only ASCII may be.
    """

    def _check(self, body, told):
        right = hmac.new(self._server.secret, body, "sha256").hexdigest()
        if not hmac.compare_digest(told, right):
            raise SignatureError(provider=ME, detail="wrong")


class OfTheRead(ServerTracker):
    """
    Signs what it has read, and not what came.
    """

    def _check(self, body, told):
        with contextlib.suppress(ValueError):
            body = json.dumps(json.loads(body)).encode()
        super()._check(body, told)


class ReadsFirst(ServerTracker):
    """
    Reads what came before it looks at who sent it.
    """

    def verify_tracking(self, body, headers, /):
        """
        Read it, then check it.
        """
        self._read(body)
        return super().verify_tracking(body, headers)


class LastOneCounts(ServerTracker):
    """
    Believes the last of what is said twice.
    """

    def _once(self, pairs):
        return dict(pairs)


class AsDeepAsItIs(ServerTracker):
    """
    Reads however deep it is.
    """

    def _read(self, body):
        try:
            return json.loads(body, object_pairs_hook=self._once)
        except ValueError as error:
            raise ProtocolError(provider=ME, detail="no JSON") from error


class NonsenseIsNothing(ServerTracker):
    """
    Takes what makes no sense for a ping.
    """

    def _numbers(self, told):
        try:
            return super()._numbers(told)
        except ProtocolError:
            return ()


class PingIsNonsense(ServerTracker):
    """
    Wants a number of everything.
    """

    def _numbers(self, told):
        if isinstance(told, dict) and "ping" in told:
            raise ProtocolError(provider=ME, detail="no number")
        return super()._numbers(told)


class WithoutZeros(ServerTracker):
    """
    Takes a number for one.
    """

    def _numbers(self, told):
        return [one.lstrip("0") for one in super()._numbers(told)]


class InCapitals(ServerTracker):
    """
    Changes the letters of a number.
    """

    def _numbers(self, told):
        return [one.upper() for one in super()._numbers(told)]


class AText(ServerTracker):
    """
    Tells the number alone, which is a collection of its letters.
    """

    def _numbers(self, told):
        return "".join(super()._numbers(told))


class OnceOnly(ServerTracker):
    """
    Remembers what it has told, and tells it no more.
    """

    def __init__(self, server):
        """
        Begin.
        """
        super().__init__(server)
        self._seen = set()

    def _numbers(self, told):
        found = [one for one in super()._numbers(told) if one not in self._seen]
        self._seen.update(found)
        return found


class AsksTheCarrier(ServerTracker):
    """
    Asks whether that is so.
    """

    def verify_tracking(self, body, headers, /):
        """
        Check it, then ask.
        """
        found = super().verify_tracking(body, headers)
        with contextlib.suppress(Exception):
            self._asked(lambda: self._server.request(found))
        return found


class SharesWhatItReads(ServerTracker):
    """
    Keeps the first number that it reads for whoever looks.
    """

    def __init__(self, server):
        """
        Begin.
        """
        super().__init__(server)
        self._kept = ()

    def _numbers(self, told):
        self._kept = self._kept or super()._numbers(told)
        return self._kept


WRONG = tuple(
    value
    for value in list(vars().values())
    if isinstance(value, type)
    and issubclass(value, ServerTracker)
    and value is not ServerTracker
)
