"""
Adapters of shops that read orders wrongly in one thing each, as real ones have.
"""

from datetime import UTC, datetime, timedelta

import attrs

from sourcehere.domain.kernel.money import Money
from sourcehere.ports.errors import (
    ProviderError,
    UnknownOutcomeError,
)
from sourcehere.ports.platforms import OrderPage
from sourcehere.testing.kit.fake_store import ServerShop

ME = "wrong shop"


class FirstHundredLines(ServerShop):
    """
    Reads the first page of an order's lines.
    """

    def _order(self, told):
        order = super()._order(told)
        return attrs.evolve(order, lines=order.lines[:100])


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


class NaiveChange(ServerShop):
    """
    Forgets the zone of when an order changed.
    """

    def _order(self, told):
        at = datetime(2026, 3, 2) + timedelta(seconds=told["changed"])  # noqa: DTZ001
        return attrs.evolve(super()._order(told), version=0, changed_at=at)


class Timeless(ServerShop):
    """
    Does not tell which of two readings is newer.
    """

    def _order(self, told):
        return attrs.evolve(super()._order(told), version=0)


class Backwards(ServerShop):
    """
    Tells versions that fall.
    """

    def _order(self, told):
        return attrs.evolve(super()._order(told), version=10**6 - told["changed"])


class NumberId(ServerShop):
    """
    Takes an order's id for a number.
    """

    def _order(self, told):
        return super()._order({**told, "id": str(int(told["id"]))})


class AnyId(ServerShop):
    """
    Finds an order by its number, whatever is written before and behind it.
    """

    def fetch_order(self, external_id, /):
        digits = external_id.strip()
        number = int(digits) if digits.isdigit() else 0
        return super().fetch_order(f"{number:020}")


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
        told = self._read(f"/orders/from/{cursor or 0}/{limit}", "orders")
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


class FullPageIsMore(ServerShop):
    """
    Takes a page that is shorter than was asked for the last one.
    """

    def pull_orders(self, cursor, /, *, limit):
        page = super().pull_orders(cursor, limit=limit)
        return attrs.evolve(page, has_more=len(page.orders) == limit)


class InsideASecond(ServerShop):
    """
    Goes on behind a second and an id: what changes within that second again is lost.
    """

    def pull_orders(self, cursor, /, *, limit):
        second, name = (cursor or "0 0").split()
        told = self._read(f"/orders/behind/{second}/{name}/{limit}", "orders")
        orders = tuple(self._order(one) for one in told["orders"])
        last = " ".join(str(part) for part in told["last"])
        return OrderPage(orders, (), (), last, told["more"])


class HomeCountry(ServerShop):
    """
    Sends everything to where the shop is.
    """

    def _order(self, told):
        return super()._order({**told, "country": "GB"})


WRONG = tuple(
    value
    for value in vars().values()
    if isinstance(value, type)
    and issubclass(value, ServerShop)
    and value is not ServerShop
)
