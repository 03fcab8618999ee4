"""
Adapters that verify webhooks wrongly in one thing each, as real ones have been.
"""

import contextlib
import json
import uuid

import attrs

from sourcehere.ports.errors import ProtocolError, SignatureError
from sourcehere.ports.webhooks import Topic
from sourcehere.testing.kit.webhook_server import (
    SECRET,
    ServerWebhooks,
    signature,
)

ME = "wrong shop"


class TakesAll(ServerWebhooks):
    """
    Checks nothing.
    """

    def _check(self, *_):
        pass


class TakesUnsigned(ServerWebhooks):
    """
    Checks a signature where there is one.
    """

    def _check(self, body, headers):
        if "x-signature" in headers:
            super()._check(body, headers)


class TakesEmpty(ServerWebhooks):
    """
    Takes an empty signature for none that is to be checked.
    """

    def _check(self, body, headers):
        if headers.get("x-signature", "none"):
            super()._check(body, headers)


class ComparesTheBeginning(ServerWebhooks):
    """
    Takes a signature that was cut.
    """

    def _check(self, body, headers):
        told = headers.get("x-signature", "")
        right = signature(body, SECRET)
        if not told or not right.startswith(told):
            raise SignatureError(provider=ME, detail="wrong")


class OfTheRead(ServerWebhooks):
    """
    Signs what it has read, and not what came.
    """

    def _check(self, body, headers):
        try:
            anew = json.dumps(json.loads(body)).encode()
        except ValueError:
            anew = body
        super()._check(anew, headers)


class AnyLength(ServerWebhooks):
    """
    Looks at the length alone.
    """

    def _check(self, body, headers):
        if len(headers.get("x-signature", "")) != len(signature(body, SECRET)):
            raise SignatureError(provider=ME, detail="wrong")


class CrashesOnSigns(ServerWebhooks):
    """
    Compares texts, which only ASCII may be.
    """

    def _check(self, body, headers):
        headers.get("x-signature", "").encode("ascii")
        super()._check(body, headers)


class ReadsFirst(ServerWebhooks):
    """
    Reads what came before it looks at who sent it.
    """

    def verify(self, body, headers, /):
        self._read(body)
        return super().verify(body, headers)


class LastOneCounts(ServerWebhooks):
    """
    Believes the last of what is said twice.
    """

    def _once(self, pairs):
        return dict(pairs)


class AsDeepAsItIs(ServerWebhooks):
    """
    Reads however deep it is.
    """

    def _read(self, body):
        try:
            return json.loads(body, object_pairs_hook=self._once)
        except ValueError as error:
            raise ProtocolError(provider=ME, detail="no JSON") from error


class NonsenseIsNothing(ServerWebhooks):
    """
    Takes what makes no sense for a ping.
    """

    def verify(self, body, headers, /):
        try:
            return super().verify(body, headers)
        except ProtocolError:
            return ()


class NonsenseIsUnsigned(ServerWebhooks):
    """
    Takes what makes no sense for a stranger's.
    """

    def _order(self, body):
        try:
            return super()._order(body)
        except ProtocolError as error:
            raise SignatureError(provider=ME, detail="no sense") from error


class AnotherIdEachTime(ServerWebhooks):
    """
    Makes up an id for what it verifies.
    """

    def _event_id(self, *_):
        return uuid.uuid4().hex


class OrderIsEvent(ServerWebhooks):
    """
    Takes the order for the event: what comes of it later was there already.
    """

    def _event_id(self, body, _):
        return self._order(body)


class OneOfASecond(ServerWebhooks):
    """
    Knows events by the second they happened in.
    """

    def _event_id(self, *_):
        return "2026-03-02T12:00:00Z"


class IdIsNumber(ServerWebhooks):
    """
    Tells an order's id as a number.
    """

    def verify(self, body, headers, /):
        events = super().verify(body, headers)
        return [attrs.evolve(e, orders=tuple(map(int, e.orders))) for e in events]


class NamesNoOrder(ServerWebhooks):
    """
    Says that something changed.
    """

    def verify(self, body, headers, /):
        events = super().verify(body, headers)
        return [attrs.evolve(event, orders=()) for event in events]


class Unknown(ServerWebhooks):
    """
    Knows no topic.
    """

    def verify(self, body, headers, /):
        events = super().verify(body, headers)
        return [attrs.evolve(event, topic=Topic.OTHER) for event in events]


class AsksTheShop(ServerWebhooks):
    """
    Asks the shop whether that is so.
    """

    def verify(self, body, headers, /):
        events = super().verify(body, headers)
        self._server.request()
        return events


class AsksFirst(ServerWebhooks):
    """
    Asks the shop, and swallows that it does not answer.
    """

    def verify(self, body, headers, /):
        with contextlib.suppress(ConnectionError):
            self._server.request()
        return super().verify(body, headers)


WRONG = tuple(
    value
    for value in vars().values()
    if isinstance(value, type)
    and issubclass(value, ServerWebhooks)
    and value is not ServerWebhooks
)
