"""
Adapters of shops that are wrong in one thing each, as real ones have been.
"""

import json
from datetime import UTC, datetime, timedelta

import attrs

from sourcehere.domain.kernel.money import Money
from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    ProviderError,
    ThrottledError,
    UnknownOutcomeError,
)
from sourcehere.ports.platforms import OrderPage
from sourcehere.testing.kit.fake_store import ServerShop

ME = "wrong shop"


class NaiveTime(ServerShop):
    """
    Forgets the zone.
    """

    def _time(self, text):
        return datetime.fromisoformat(text).replace(tzinfo=None)


class ShiftedTime(ServerShop):
    """
    Takes the shop's time for the time of a zone far away.
    """

    def _time(self, text):
        return datetime.fromisoformat(text) - timedelta(hours=8)


class MorningOnly(ServerShop):
    """
    Reads a clock of twelve hours.
    """

    def _time(self, text):
        at = datetime.fromisoformat(text)
        return at.replace(hour=at.hour % 12, tzinfo=UTC)


class FloatMoney(ServerShop):
    """
    Multiplies a binary fraction.
    """

    def _money(self, text, currency):
        return Money(int(float(text) * 100), currency)


class FoldedSku(ServerShop):
    """
    Compares SKUs where it should keep them.
    """

    def _line(self, told):
        return super()._line({**told, "sku": told["sku"].upper()})


class NumberSku(ServerShop):
    """
    Takes a SKU for a number.
    """

    def _line(self, told):
        sku = told["sku"]
        return super()._line({**told, "sku": str(int(sku)) if sku.isdigit() else sku})


class SkuAsLine(ServerShop):
    """
    Knows a line by its SKU.
    """

    def _line(self, told):
        return super()._line({**told, "id": told["sku"]})


class OrderedUnits(ServerShop):
    """
    Tells what was ordered first, and not what is wanted now.
    """

    def _line(self, told):
        return super()._line({**told, "quantity": told["ordered"]})


class Blind(ServerShop):
    """
    Does not see what is sent.
    """

    def _line(self, told):
        return super()._line({**told, "sent": 0})


class NeverCancelled(ServerShop):
    """
    Tells a cancelled order as an open one.
    """

    def _order(self, told):
        return super()._order({**told, "cancelled": False})


class AlwaysPaid(ServerShop):
    """
    Tells an unpaid order as a paid one.
    """

    def _order(self, told):
        return super()._order({**told, "paid": True})


class TwoReadings(ServerShop):
    """
    Reads one order otherwise than a page.
    """

    def fetch_order(self, external_id, /):
        found = super().fetch_order(external_id)
        return found and attrs.evolve(found, number=external_id)


class GoneOnError(ServerShop):
    """
    Takes a failure for an order that is gone.
    """

    def fetch_order(self, external_id, /):
        try:
            return super().fetch_order(external_id)
        except ProviderError:
            return None


class MissingIsError(ServerShop):
    """
    Takes an order that is none for a failure.
    """

    def fetch_order(self, external_id, /):
        found = super().fetch_order(external_id)
        if found is None:
            raise UnknownOutcomeError(provider=ME, detail="404")
        return found


class CursorGap(ServerShop):
    """
    Goes on one behind where it ended.
    """

    def pull_orders(self, cursor, /, *, limit):
        page = super().pull_orders(cursor, limit=limit)
        if not page.has_more:
            return page
        return attrs.evolve(page, cursor=str(int(page.cursor) + 1))


class PageDrift(ServerShop):
    """
    Counts places in a list that moves.
    """

    def pull_orders(self, cursor, /, *, limit):
        told = self._read(f"/orders/from/{cursor or 0}/{limit}")
        orders = tuple(self._order(one) for one in told["orders"])
        return OrderPage(orders, (), (), str(told["last"]), told["more"])


class EndsEarly(ServerShop):
    """
    Says that there are no more behind a full page.
    """

    def pull_orders(self, cursor, /, *, limit):
        page = super().pull_orders(cursor, limit=limit)
        return attrs.evolve(page, has_more=False)


class NeverEnds(ServerShop):
    """
    Says that there are more behind an empty page.
    """

    def pull_orders(self, cursor, /, *, limit):
        page = super().pull_orders(cursor, limit=limit)
        return attrs.evolve(page, has_more=True)


class LongPages(ServerShop):
    """
    Does as it likes about the length of a page.
    """

    def pull_orders(self, cursor, /, *, limit):
        return super().pull_orders(cursor, limit=max(limit, 5))


class LostCursor(ServerShop):
    """
    Has no cursor where nothing is left, and begins again.
    """

    def pull_orders(self, cursor, /, *, limit):
        page = super().pull_orders(cursor, limit=limit)
        return page if page.has_more else attrs.evolve(page, cursor="")


class Remembers(ServerShop):
    """
    Tells an order once, as long as the process lives.
    """

    def __init__(self, server):
        super().__init__(server)
        self._seen = set()

    def pull_orders(self, cursor, /, *, limit):
        page = super().pull_orders(cursor, limit=limit)
        new = [one for one in page.orders if one.external_id not in self._seen]
        self._seen |= {one.external_id for one in new}
        return attrs.evolve(page, orders=tuple(new))


class AnotherKey(ServerShop):
    """
    Makes a key of its own for each try.
    """

    tries = 0

    def _key(self, notice):
        AnotherKey.tries += 1
        return f"{notice.idempotency_key}#{AnotherKey.tries}"


class ParcelIsKey(ServerShop):
    """
    Takes the parcel for the key, so that nothing can be put right.
    """

    def _key(self, notice):
        return notice.parcel_id


class Adds(ServerShop):
    """
    Tells a corrected parcel beside the wrong one.
    """

    def _instead_of(self, notice):
        return [] if not notice.replaces else super()._instead_of(notice)


class KeepsLost(ServerShop):
    """
    Tells a parcel beside the lost one that it replaces.
    """

    def _instead_of(self, notice):
        return [] if notice.replaces else super()._instead_of(notice)


class EverythingSent(ServerShop):
    """
    Takes a number alone for a fulfilment of everything.
    """

    def push_tracking(self, notice, /):
        lines = self.fetch_order(notice.external_id).lines
        return self._tell(notice, {n.external_line_id: n.quantity for n in lines})


class WholeLines(ServerShop):
    """
    Tells whole lines, whatever is in the parcel.
    """

    def push_fulfilment(self, fulfilment, /):
        ordered = {
            line.external_line_id: line.quantity
            for line in self.fetch_order(fulfilment.external_id).lines
        }
        names = [line.external_line_id for line in fulfilment.lines]
        return self._tell(fulfilment, {name: ordered[name] for name in names})


class NoReference(ServerShop):
    """
    Loses what the shop called it.
    """

    def _reference(self, answer):
        super()._reference(answer)
        return ""


class OneReference(ServerShop):
    """
    Has one word for everything.
    """

    def _reference(self, answer):
        super()._reference(answer)
        return "ok"


class RefusedByTimeout(ServerShop):
    """
    Takes a broken line for a refusal.
    """

    def _broken(self, words):
        return DeclinedError(provider=ME, detail=words)


class RefusedByFailure(ServerShop):
    """
    Takes a failing server for a refusal.
    """

    def _down(self, answer):
        return DeclinedError(provider=ME, detail=str(answer.status))


class ThrottledIsFailure(ServerShop):
    """
    Does not say when to come back.
    """

    def _throttled(self, answer):
        return UnknownOutcomeError(provider=ME, detail=str(answer.status))


class NoPause(ServerShop):
    """
    Says to come back at once.
    """

    def _throttled(self, _):
        return ThrottledError(provider=ME, detail="429", retry_after=timedelta(0))


class PauseOfHours(ServerShop):
    """
    Takes milliseconds for days.
    """

    def _throttled(self, answer):
        seconds = int(answer.headers["retry-after"])
        return ThrottledError(
            provider=ME, detail="429", retry_after=timedelta(days=seconds)
        )


class Swallows(ServerShop):
    """
    Takes being throttled for an empty page.
    """

    def pull_orders(self, cursor, /, *, limit):
        try:
            return super().pull_orders(cursor, limit=limit)
        except ThrottledError:
            return OrderPage((), (), (), cursor, False)


class AnythingIsJson(ServerShop):
    """
    Takes an answer without sense for a yes.
    """

    def _json(self, answer):
        try:
            return json.loads(answer.text)
        except ValueError:
            return {"reference": "ok", "orders": [], "last": 0, "more": False}


class Crashes(ServerShop):
    """
    Lets the parser's own error through.
    """

    def _json(self, answer):
        return json.loads(answer.text)


class UnauthorizedIsNonsense(ServerShop):
    """
    Does not say that the token is refused.
    """

    def _send(self, method, path, body=""):
        try:
            return super()._send(method, path, body)
        except ProviderError as error:
            if type(error).__name__ == "UnauthorizedError":
                raise ProtocolError(provider=ME, detail="401") from error
            raise


class MissingIsUnknown(ServerShop):
    """
    Tries for ever to tell of an order that is none.
    """

    def _no_such_order(self, _):
        return UnknownOutcomeError(provider=ME, detail="404")


class NeverFinds(ServerShop):
    """
    Finds no key.
    """

    def find_push(self, _, /):
        return None


class FindsAll(ServerShop):
    """
    Finds every key.
    """

    def find_push(self, notice, /):
        return f"ref-{notice.idempotency_key}"


WRONG = tuple(
    value
    for value in vars().values()
    if isinstance(value, type)
    and issubclass(value, ServerShop)
    and value is not ServerShop
)
