"""
Which orders an export is of, as the shell says it.
"""

from ..domain.orders.search import OrderSearch
from ..domain.orders.tabs import Tab
from .context import Context
from .order_lists import InTab, Kind
from .reading import read_instant, read_until


def orders_wanted(
    ctx: Context,
    *,
    number: str,
    tracking: str,
    buyer: str,
    sku: str,
    placed_from: str,
    placed_to: str,
    paid_from: str,
    paid_to: str,
    state: tuple[str, ...],
    tab: InTab | None,
    store: str,
    kind: Kind | None,
) -> OrderSearch | None:
    """
    Return what has to be true of the orders; None where nothing is said.

    Raises:
        NotFoundError: If the seller has no such shop.
    """
    if store:
        ctx.shop.stores.get(store)
    texts = (number, tracking, buyer, sku, placed_from, placed_to, paid_from, paid_to)
    if not any((*texts, state, tab, store, kind)):
        return None
    zone = ctx.sh.zone
    return OrderSearch(
        number=number,
        tracking_number=tracking,
        buyer=buyer,
        sku=sku,
        placed_from=read_instant(placed_from, zone) if placed_from else None,
        placed_to=read_until(placed_to, zone) if placed_to else None,
        paid_from=read_instant(paid_from, zone) if paid_from else None,
        paid_to=read_until(paid_to, zone) if paid_to else None,
        states=state,
        tab=None if tab is None else Tab(tab),
        store_id=store,
        kind=kind,
    )
