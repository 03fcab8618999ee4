"""
What exports of a seller's orders, lines and ledger have as columns.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from ..domain.kernel.money import Money
from ..domain.orders.search import OrderSearch
from ..domain.orders.tabs import Tab
from ..domain.orders.views import LineView, OrderHeader, OrderView
from ..face.records.money import LedgerLine
from .context import Context
from .export_files import streamed
from .order_lists import InTab, Kind
from .reading import read_instant, read_until

_AT_ONCE = 100  # orders whose lines are read at a time

ORDER_COLUMNS: Mapping[str, Callable[[OrderHeader], object]] = {
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
}
LineOf = tuple[OrderView, LineView]
LINE_COLUMNS: Mapping[str, Callable[[LineOf], object]] = {
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
}
LEDGER_COLUMNS: Mapping[str, Callable[[LedgerLine], object]] = {
    "transaction_id": lambda e: e.transaction_id,
    "entry": lambda e: e.entry,
    "booked_at": lambda e: e.booked_at,
    "account": lambda e: e.account,
    "amount": lambda e: e.amount,
    "currency": lambda e: e.amount.currency,
    "purpose": lambda e: e.purpose,
    "reference": lambda e: e.reference,
}


def _currency(price: Money | None) -> str:
    return "" if price is None else price.currency


def orders_wanted(
    ctx: Context,
    *,
    placed_from: str,
    placed_to: str,
    paid_from: str,
    paid_to: str,
    state: tuple[str, ...],
    tab: InTab | None,
    store: str,
    kind: Kind | None,
) -> Iterator[OrderHeader]:
    """
    Yield the seller's orders of which all that is said is true; all without a word.
    """
    zone, orders = ctx.sh.zone, ctx.shop.orders
    said = (placed_from, placed_to, paid_from, paid_to, state, tab, store, kind)
    if not any(said):
        return streamed(orders.list)
    wanted = OrderSearch(
        placed_from=read_instant(placed_from, zone) if placed_from else None,
        placed_to=read_until(placed_to, zone) if placed_to else None,
        paid_from=read_instant(paid_from, zone) if paid_from else None,
        paid_to=read_until(paid_to, zone) if paid_to else None,
        states=state,
        tab=None if tab is None else Tab(tab),
        store_id=store,
        kind=kind,
    )
    return streamed(
        lambda *, after, limit: orders.search(wanted, after=after, limit=limit)
    )


def lines_of(ctx: Context, headers: Iterable[OrderHeader]) -> Iterator[LineOf]:
    """
    Yield every line of some orders, with its order.
    """
    remaining = iter(headers)
    while names := [header.order_id for header in islice(remaining, _AT_ONCE)]:
        for order in ctx.shop.orders.get_many(names):
            for line in order.lines:
                yield order, line
