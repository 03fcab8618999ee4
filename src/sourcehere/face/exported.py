"""
Lists as rows of a table: which columns exports of orders, lines and the ledger have.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Protocol, TypeVar

from ..domain.kernel.clock import NEVER
from ..domain.kernel.ids import SellerId, VariantId
from ..domain.kernel.money import Money
from ..domain.orders.kinds import KINDS, OrderKind
from ..domain.orders.views import LineView, OrderHeader, OrderView
from .lists import LIMIT_MAX, Page
from .records.labels import LabelView
from .records.money import LedgerLine
from .records.months import WalletMonth
from .records.statements import StatementLine

T = TypeVar("T")
Cell = str | int | bool | None
Columns = Mapping[str, Callable[[T], object]]
_LEAVING = ("awaiting_shipping", "partially_shipped")
Skus = Mapping[VariantId, str]
LineOf = tuple[OrderView, LineView, Skus]
# A side of a transaction, and whose it is.
EntryOf = tuple[LedgerLine, SellerId]

ORDER_COLUMNS: Columns[OrderHeader] = {
    "order_id": lambda o: o.order_id,
    "number": lambda o: o.number,
    "kind": lambda o: o.kind,
    "store": lambda o: o.store_id,
    "external_id": lambda o: o.external_id,
    "part": lambda o: o.part,
    "state": lambda o: o.state,
    "status": lambda o: o.status,
    "cancel_reason": lambda o: o.cancel_reason,
    "country": lambda o: o.country,
    "method": lambda o: o.method,
    "units": lambda o: o.units,
    "currency": lambda o: o.currency,
    "goods": lambda o: o.goods,
    "freight": lambda o: o.freight,
    "handling": lambda o: o.handling,
    "due": lambda o: o.due,
    "captured": lambda o: o.captured,
    "refunded": lambda o: o.refunded,
    "placed_at": lambda o: o.placed_at,
    "paid_at": lambda o: o.paid_at,
    "origin_order_id": lambda o: o.origin_order_id,
    "seller_id": lambda o: o.seller_id,
}
LINE_COLUMNS: Columns[LineOf] = {
    "order_id": lambda one: one[0].order_id,
    "number": lambda one: one[0].number,
    "store": lambda one: one[0].store_id,
    "state": lambda one: one[0].state,
    "line": lambda one: one[1].line,
    "external_line_id": lambda one: one[1].external_line_id,
    "sku": lambda one: one[1].sku,
    "title": lambda one: one[1].title,
    "quantity": lambda one: one[1].quantity,
    "sold_price": lambda one: one[1].sold_price,
    "sold_currency": lambda one: _currency(one[1].sold_price),
    "paired": lambda one: one[1].is_paired,
    "items": lambda one: " + ".join(
        f"{item.quantity} {item.variant_id}" for item in one[1].items
    ),
    "shipped": lambda one: sum(item.quantity_shipped for item in one[1].items),
    "supplied_by": lambda one: " + ".join(
        f"{item.quantity} {one[2].get(item.variant_id, item.variant_id)}"
        for item in one[1].items
    ),
    "to_send": lambda one: " + ".join(
        f"{item.quantity_left} {one[2].get(item.variant_id, item.variant_id)}"
        for item in one[1].items
        if item.quantity_left and one[0].state in _LEAVING and _is_sent(one[0])
    ),
    "refunded": lambda one: sum(item.quantity_refunded for item in one[1].items),
    "good": lambda one: sum(item.quantity_good for item in one[1].items),
    "damaged": lambda one: sum(item.quantity_damaged for item in one[1].items),
    "missing": lambda one: sum(item.quantity_missing for item in one[1].items),
    "written_off": lambda one: sum(i.quantity_written_off for i in one[1].items),
    "seller_id": lambda one: one[0].seller_id,
    "kind": lambda one: one[0].kind,
    "part": lambda one: one[0].part,
}
LEDGER_COLUMNS: Columns[EntryOf] = {
    "transaction_id": lambda e: e[0].transaction_id,
    "entry": lambda e: e[0].entry,
    "booked_at": lambda e: e[0].booked_at,
    "account": lambda e: e[0].account,
    "amount": lambda e: e[0].amount,
    "currency": lambda e: e[0].amount.currency,
    "purpose": lambda e: e[0].purpose,
    "reference": lambda e: e[0].reference,
    "seller_id": lambda e: e[1],
    "order_id": lambda e: e[0].order_id,
}
LABEL_COLUMNS: Columns[LabelView] = {
    "seller_id": lambda label: label.seller_id,
    "order_id": lambda label: label.order_id,
    "parcel_id": lambda label: label.parcel_id,
    "label_id": lambda label: label.label_id,
    "state": lambda label: label.state,
    "method": lambda label: label.method,
    "carrier": lambda label: label.carrier,
    "tracking_number": lambda label: label.tracking_number,
    "reference": lambda label: label.reference,
    "weight_grams": lambda label: label.weight_grams,
    "price": lambda label: label.price,
    "currency": lambda label: _currency(label.price),
    "planned_at": lambda label: label.planned_at,
    "changed_at": lambda label: label.changed_at,
}
STATEMENT_COLUMNS: Columns[StatementLine] = {
    "booked_at": lambda line: line.booked_at,
    "purpose": lambda line: line.purpose,
    "reference": lambda line: line.reference,
    "order_id": lambda line: line.order_id,
    "amount": lambda line: line.amount,
    "balance": lambda line: line.balance,
    "currency": lambda line: line.amount.currency,
    "transaction_id": lambda line: line.transaction_id,
}
MONTH_COLUMNS: Columns[WalletMonth] = {
    "seller_id": lambda m: m.seller_id,
    "month": lambda m: f"{m.month:%Y-%m}",
    "currency": lambda m: m.currency,
    "opening": lambda m: m.opening,
    "topped_up": lambda m: m.topped_up,
    "goods": lambda m: m.goods,
    "freight": lambda m: m.freight,
    "handling": lambda m: m.handling,
    "refunded": lambda m: m.refunded,
    "goodwill": lambda m: m.goodwill,
    "withdrawn": lambda m: m.withdrawn,
    "taken_back": lambda m: m.taken_back,
    "adjusted": lambda m: m.adjusted,
    "closing": lambda m: m.closing,
}


class Reader(Protocol[T]):
    """
    Reads a page of a list.
    """

    def __call__(self, *, after: str, limit: int) -> Page[T]:
        """
        Return what stands behind the cursor *after*.
        """
        ...


def whole(read: Reader[T]) -> Iterator[T]:
    """
    Return a whole list, page by page as you go; the first page is read now, so that a
    list that cannot be read is refused now.
    """
    return _from(read(after="", limit=LIMIT_MAX), read)


def _from(page: Page[T], read: Reader[T]) -> Iterator[T]:
    yield from page
    while page.next:
        page = read(after=page.next, limit=LIMIT_MAX)
        yield from page


def rows_of(items: Iterable[T], columns: Columns[T]) -> Iterator[dict[str, Cell]]:
    """
    Yield each item as a row: column -> plain value.

    Amounts are plain numbers as texts, beside their currency; times are RFC 3339.
    """
    for item in items:
        yield {name: _plain(show(item)) for name, show in columns.items()}


def _plain(value: object) -> Cell:
    if value is None or value == NEVER:
        return None
    if isinstance(value, Money):
        return str(value).partition(" ")[0]
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, int) else str(value)


def _is_sent(order: OrderView) -> bool:
    return not KINDS[OrderKind(order.kind)].ends_in_stock


def _currency(price: Money | None) -> str:
    return "" if price is None else price.currency
