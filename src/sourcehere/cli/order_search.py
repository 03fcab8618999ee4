"""
Finding orders by whatever is known of them.
"""

from datetime import datetime

from ..domain.orders.search import OrderSearch
from ..domain.orders.tabs import Tab
from .context import Ctx
from .order_lists import InTab, Kind
from .order_view import called, order_table
from .output import Result, table
from .pages import paged
from .reading import read_instant, read_until


def search(
    *,
    ctx: Ctx,
    number: str = "",
    tracking: str = "",
    buyer: str = "",
    sku: str = "",
    placed_from: str = "",
    placed_to: str = "",
    paid_from: str = "",
    paid_to: str = "",
    state: tuple[str, ...] = (),
    tab: InTab | None = None,
    store: str = "",
    kind: Kind | None = None,
    all_sellers: bool = False,
    after: str = "",
    limit: int = 20,
) -> Result:
    """
    Find orders by whatever is known of them, all of it together, newest first.

    Where much has to be looked at a page may be short, or empty, and still go on.

    Args:
        number: What people call it, the shop's own id of it, or its id.

        tracking: The tracking number of one of its parcels.

        buyer: Words of the buyer's name, or the email; each word in full.

        sku: Of one of its lines, or of what supplies one.

        placed_from: When it was placed: a day, or a time, UTC without a zone.

        placed_to: A day, the whole of it in the platform's zone, or a time.

        paid_from: When it was paid, in the same way.

        paid_to: As --placed-to.

        state: Such as awaiting_shipping; several mean any of them.

        tab: In this tab.

        store: Of one shop.

        kind: Of one kind.

        all_sellers: Among the orders of all sellers, as staff.

        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    zone = ctx.sh.zone
    wanted = OrderSearch(
        number=number,
        tracking_number=tracking,
        buyer=buyer,
        sku=sku,
        placed_from=_begin(placed_from, zone),
        placed_to=_end(placed_to, zone),
        paid_from=_begin(paid_from, zone),
        paid_to=_end(paid_to, zone),
        states=state,
        tab=None if tab is None else Tab(tab),
        store_id=store,
        seller_id=ctx.said.seller if all_sellers else "",
        kind=kind,
    )
    if not all_sellers:
        page = ctx.shop.orders.search(wanted, after=after, limit=limit)
        return paged(page, order_table(page.items))
    page = ctx.staff.orders.search(wanted, after=after, limit=limit)
    shown = table(
        page.items,
        {
            "order": lambda o: o.order_id,
            "seller": lambda o: o.seller_id,
            "number": called,
            "kind": lambda o: o.kind,
            "store": lambda o: o.store_id,
            "status": lambda o: o.status,
            "to": lambda o: o.country,
            "units": lambda o: o.units,
            "placed": lambda o: o.placed_at,
        },
    )
    return paged(page, shown)


def _begin(text: str, zone: str) -> datetime | None:
    return read_instant(text, zone) if text else None


def _end(text: str, zone: str) -> datetime | None:
    return read_until(text, zone) if text else None
