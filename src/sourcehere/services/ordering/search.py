"""
Finding orders by whatever is known of them, at a cost that does not grow with all
orders.

1. What is asked for becomes streams of orders, newest first (`search_streams.py`): of
   a number, a parcel, each word of a buyer, a SKU, a tab, a shop.
2. Orders that are in all streams are found by leaping from one to the other.
3. What no stream knows, such as a date, is asked of the orders found.
4. Where a date is asked for, the page is sorted by it. If only few orders are in all
   streams they are sorted; else the date's own index is walked, and the rest is asked
   of the orders found.

No call looks at more than a fixed number of rows: where that is not enough for a page,
the page is short, and its cursor goes on.
"""

from collections.abc import Sequence
from typing import Any

from ...domain.kernel.clock import to_micros
from ...domain.kernel.ids import SellerId
from ...domain.kernel.values import frozen
from ...domain.orders.search import OrderSearch, Range
from ...domain.orders.views import OrderHeader, header_of
from ...ports.storage import Key, Row
from ...unit.base import Unit
from ...unit.counting import units_of_orders
from ...unit.records import Records, Way
from ...unit.tables.orders import (
    BUYER_WORDS,
    BUYER_WORDS_OF,
    ITEMS,
    ITEMS_OF,
    LINES,
    LINES_OF,
    ORDERS,
)
from ...unit.words import say_words
from ..base.service import Service
from .search_asked import AT, Asked, asked_of, fits_of
from .search_streams import TOP, Bound, Budget, Found, key_behind, meet
from .search_ways import Ways, of_id

ROWS_MAX = 10_000  # that one call looks at
FEW = 2_000  # orders that are sorted by a date
_FEW_ROWS = 20_000  # looked at to find out whether these are all
_BATCH = 100
_ID, _SELLER = AT["order_id"], AT["seller_id"]


@frozen
class FoundOrders:
    """
    A page of a search.

    Attributes:
        after: From where to go on; None where there are no more.
    """

    orders: tuple[OrderHeader, ...]
    after: Key | None


class OrderSearching(Service):
    """
    Finds orders, of one seller or of all.
    """

    def search(
        self, seller_id: str, search: OrderSearch, *, after: Key | None, limit: int
    ) -> FoundOrders:
        """
        Find orders behind a key, those that are newest or whose date is latest first.

        Args:
            seller_id: Of whom; empty for all sellers.

        Raises:
            InvalidInputError: If a range ends before it begins, nothing is left of a
                text when it is compared, or a shop is named without its seller.
        """
        asked = asked_of(search, seller_id, self._settings.zone)

        def work(unit: Unit) -> FoundOrders:
            return _Search(unit, asked).page(after, limit)

        if seller_id:
            owner = SellerId(seller_id)
            return self._units.seller(owner, work, read_only=True)
        return self._units.platform(work, read_only=True)

    def sellers_of(self, order_ids: Sequence[str]) -> dict[str, SellerId]:
        """
        Return whose orders these are; those that are not there are absent.
        """

        def work(unit: Unit) -> dict[str, SellerId]:
            found: dict[str, SellerId] = {}
            for name in order_ids:
                for order_id, seller_id in of_id(unit.session, name):
                    found[order_id] = SellerId(seller_id)
            return found

        return self._units.platform(work, read_only=True)


class _Search:
    """
    One call of a search, in one transaction.
    """

    def __init__(self, unit: Unit, asked: Asked) -> None:
        self._unit = unit
        self._asked = asked
        self._fits = fits_of(asked)
        self._ways = Ways(unit.session, asked)

    def page(self, after: Key | None, limit: int) -> FoundOrders:
        by = self._asked.by
        if by is None:
            rows, following = self._newest(after, limit)
        else:
            rows, following = self._latest(*by, after, limit)
        return FoundOrders(self._headers(rows), following)

    def _headers(self, rows: Sequence[Row]) -> tuple[OrderHeader, ...]:
        orders = [ORDERS.from_row(row) for row in rows]
        units = units_of_orders(self._unit, orders)
        headers = [header_of(order, units[order.order_id]) for order in orders]
        return tuple(say_words(self._unit, headers))

    def _newest(self, after: Key | None, limit: int) -> tuple[list[Row], Key | None]:
        budget = Budget(ROWS_MAX)
        streams = self._ways.streams(budget)
        start: Bound = TOP if after is None else (str(after[0]), str(after[1]), 0)
        rows: list[Row] = []
        batch: list[Found] = []
        for one in meet(streams, start, budget):
            if len(one) == 3:  # noqa: PLR2004 - a bound: enough was looked at
                rows += self._kept(batch)
                if len(rows) > limit:
                    break
                return rows, key_behind(one)
            batch.append(one)
            if len(batch) > min(limit - len(rows), _BATCH):
                rows += self._kept(batch)
                batch = []
                if len(rows) > limit:
                    break
        else:
            rows += self._kept(batch)
        if len(rows) <= limit:
            return rows, None
        last = rows[limit - 1]
        return rows[:limit], (last[_ID], last[_SELLER])

    def _kept(self, found: Sequence[Found]) -> list[Row]:
        """
        Read the orders *found*, and return those that fit, in the same order.
        """
        keys: list[Key] = [(seller_id, order_id) for order_id, seller_id in found]
        if not keys:
            return []
        rows = self._unit.session.get(ORDERS.table, keys, lock=False)
        known = {(row[_SELLER], row[_ID]): row for row in rows}
        there = [known[key] for key in keys if key in known]
        return [row for row in there if self._fits(row)]

    def _latest(
        self, column: str, within: Range, after: Key | None, limit: int
    ) -> tuple[list[Row], Key | None]:
        at = AT[column]

        def key(row: Row) -> Key:
            return (row[at], row[_ID], row[_SELLER])

        few = self._few()
        if few is not None:
            rows = sorted(few, key=key, reverse=True)
            if after is not None:
                rows = [row for row in rows if key(row) < after]
            return rows[:limit], key(rows[limit - 1]) if len(rows) > limit else None
        rows, following = self._walk(column, within, after, limit + 1)
        if len(rows) > limit:
            return rows[:limit], key(rows[limit - 1])
        return rows, following

    def _few(self) -> list[Row] | None:
        """
        Return all orders that fit, if they are few and quickly told; else None.
        """
        if not self._ways.knows:
            return None
        budget = Budget(_FEW_ROWS)
        found: list[Found] = []
        for one in meet(self._ways.streams(budget), TOP, budget):
            if len(one) == 3 or len(found) == FEW:  # noqa: PLR2004 - as above
                return None
            found.append(one)
        return self._kept(found)

    def _walk(
        self, column: str, within: Range, after: Key | None, wanted: int
    ) -> tuple[list[Row], Key | None]:
        """
        Walk the index of a date, latest first, and keep what fits.

        Returns:
            Rows, and from where to go on if enough was looked at.
        """
        index, prefix = self._ways.dated(column)
        at, rest = AT[column], () if prefix else ("",)
        begin, end = to_micros(within.begin), to_micros(within.end)
        position: Key = (end, "", *rest)
        if after is not None:
            position = min(position, (*after[:2], *(after[2:] if rest else ())))
        rows: list[Row] = []
        looked, size = 0, _BATCH
        while True:
            part = self._unit.session.page(
                index,
                prefix,
                after=position,
                until=begin,
                limit=size,
                descending=True,
            )
            rows += self._having([row for row in part if self._fits(row)])
            looked += len(part)
            if len(part) < size or len(rows) >= wanted:
                return rows, None
            last = part[-1]
            position = (last[at], last[_ID], *((last[_SELLER],) if rest else ()))
            if looked >= ROWS_MAX:
                return rows, (last[at], last[_ID], last[_SELLER])
            size = min(size * 2, 1_000)

    def _having(self, rows: list[Row]) -> list[Row]:
        """
        Return those of *rows* whose lines, items, parcels and buyers are
        as asked.
        """
        asked = self._asked
        keys: list[Key] = [(row[_SELLER], row[_ID]) for row in rows]
        if keys and asked.sku_key:
            variants = set(self._ways.variants)
            keys = [
                *self._with(LINES_OF, LINES, "sku_key", {asked.sku_key}, keys),
                *self._with(ITEMS_OF, ITEMS, "variant_id", variants, keys),
            ]
        if asked.search.tracking_number:
            sent = {(seller_id, name) for name, seller_id in self._ways.sent()}
            keys = [key for key in keys if key in sent]
        for word in asked.words:
            keys = self._with(BUYER_WORDS_OF, BUYER_WORDS, "word", {word}, keys)
        left = set(keys)
        return [row for row in rows if (row[_SELLER], row[_ID]) in left]

    def _with(
        self,
        way: Way[Any],
        records: Records[Any],
        column: str,
        values: set[str],
        keys: Sequence[Key],
    ) -> list[Key]:
        if not keys or not values:
            return []
        place = records.table.position[column]
        rows = self._unit.session.find(way.index, list(keys), lock=False)
        return [(row[0], row[1]) for row in rows if row[place] in values]
