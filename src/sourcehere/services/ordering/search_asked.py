"""
A search as it is done: what was asked, worked out, and what tells whether a row fits.
"""

from collections.abc import Callable, Iterable

from ...domain.contacts.buyers import buyer_words
from ...domain.kernel.checks import NOT_SHOWN, refuse
from ...domain.kernel.clock import to_micros
from ...domain.kernel.skus import comparison_key
from ...domain.kernel.values import frozen
from ...domain.orders.desk_queues import STATES_IN_QUEUE
from ...domain.orders.search import OrderSearch, Range
from ...domain.orders.tabs import TAB_OF_STATE, Tab
from ...ports.storage import Index, Row, Value
from ...unit.tables.orders import (
    ORDERS,
    ORDERS_BY_PAID,
    ORDERS_BY_PLACED,
    ORDERS_IN_TAB,
)

Fits = Callable[[Row], bool]
AT = ORDERS.table.position


@frozen(kw_only=True)
class Asked:
    """
    A search as it is done.

    Attributes:
        seller_id: Empty for those of all sellers.

        words: Of the buyer.

        variants: The platform's variants of the SKU.
    """

    search: OrderSearch
    seller_id: str
    words: tuple[str, ...]
    sku_key: str
    placed: Range | None
    paid: Range | None

    @property
    def by(self) -> tuple[str, Range] | None:
        """
        The date that the page is sorted by, and within what; None for by id.
        """
        if self.placed is not None:
            return "placed_at", self.placed
        return None if self.paid is None else ("paid_at", self.paid)

    @property
    def tabs(self) -> tuple[Tab, ...]:
        """
        The tabs in which the orders are that are looked for.
        """
        if self.search.tab not in (None, Tab.ALL):
            return (self.search.tab,) if self.search.tab else ()
        queue = self.search.queue
        states = self.search.states or (queue and STATES_IN_QUEUE[queue]) or ()
        tabs = {TAB_OF_STATE[state] for state in states}
        return (*sorted(tabs), Tab.ABNORMAL) if tabs else (Tab.ALL,)


def asked_of(search: OrderSearch, seller_id: str, zone: str) -> Asked:
    """
    Return *search* as it is done among the orders of a seller, or for an empty id of
    all.

    Raises:
        InvalidInputError: If a range ends before it begins, nothing is left of a text
            when it is compared, or a shop is named without its seller.
    """
    words, sku_key = buyer_words(search.buyer), comparison_key(search.sku)
    if search.buyer and not words:
        refuse("buyer", NOT_SHOWN, "a word of a name, or an email")
    if search.sku and not sku_key:
        refuse("sku", search.sku, "a SKU")
    if search.store_id and not seller_id:
        expected = "the seller too: a store is known by its seller"
        refuse("store_id", search.store_id, expected)
    return Asked(
        search=search,
        seller_id=seller_id,
        words=words,
        sku_key=sku_key,
        placed=search.placed_within(zone),
        paid=search.paid_within(zone),
    )


def index_of(search: OrderSearch) -> Index:
    """
    Return the index in whose order the orders of *search* come.
    """
    if search.placed_from is not None or search.placed_to is not None:
        return ORDERS_BY_PLACED.index
    if search.paid_from is not None or search.paid_to is not None:
        return ORDERS_BY_PAID.index
    return ORDERS_IN_TAB.index


def fits_of(asked: Asked, *, has_dates: bool = True) -> Fits:
    """
    Return what tells whether an order's row is as asked, as far as the row knows.

    Args:
        has_dates: Look at dates too.
    """
    search = asked.search
    tests = [_among(column, values) for column, values in _equal(asked) if values]
    if search.number:
        tests.append(_is_called(search.number))
    for column, span in (("placed_at", asked.placed), ("paid_at", asked.paid)):
        if span is not None and has_dates:
            tests.append(_within(column, span))
    return lambda row: all(test(row) for test in tests)


def _equal(asked: Asked) -> Iterable[tuple[str, tuple[Value, ...]]]:
    search = asked.search
    yield "seller_id", (asked.seller_id,) if asked.seller_id else ()
    yield "store_id", (search.store_id,) if search.store_id else ()
    yield "kind", () if search.kind is None else (search.kind.value,)
    yield "state", search.states
    yield "queue", () if search.queue is None else (search.queue.value,)
    yield "in_refunds", (1,) if search.tab == Tab.REFUNDS else ()
    if search.tab not in (None, Tab.ALL, Tab.REFUNDS):
        yield "tab", (str(search.tab),)


def _among(column: str, values: tuple[Value, ...]) -> Fits:
    place = AT[column]
    return lambda row: row[place] in values


def _is_called(number: str) -> Fits:
    places = (AT["number"], AT["external_id"], AT["order_id"])
    return lambda row: any(row[place] == number for place in places)


def _within(column: str, span: Range) -> Fits:
    place = AT[column]
    begin, end = to_micros(span.begin), to_micros(span.end)
    return lambda row: begin <= int(row[place] or 0) < end
