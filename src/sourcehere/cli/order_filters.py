"""
By what orders are chosen at the shell, for searching and for exporting them.
"""

from datetime import datetime
from typing import Annotated

import cyclopts

from ..domain.kernel.values import frozen
from ..domain.orders.search import OrderSearch
from ..domain.orders.tabs import Tab
from .context import Context
from .order_lists import InTab, Kind
from .reading import read_instant, read_until


@frozen(kw_only=True)
class OrderFilters:
    """
    What has to be true of orders, as it is said.

    Attributes:
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
    """

    number: str = ""
    tracking: str = ""
    buyer: str = ""
    sku: str = ""
    placed_from: str = ""
    placed_to: str = ""
    paid_from: str = ""
    paid_to: str = ""
    state: tuple[str, ...] = ()
    tab: InTab | None = None
    store: str = ""
    kind: Kind | None = None


OrdersSaid = Annotated[OrderFilters | None, cyclopts.Parameter(name="*")]


def orders_sought(
    ctx: Context, said: OrderFilters | None, *, seller: str = ""
) -> OrderSearch:
    """
    Return what has to be true of the orders.

    Args:
        seller: Of one seller, where those of all are looked at.
    """
    said = said or OrderFilters()
    zone = ctx.sh.zone
    return OrderSearch(
        number=said.number,
        tracking_number=said.tracking,
        buyer=said.buyer,
        sku=said.sku,
        placed_from=_begin(said.placed_from, zone),
        placed_to=_end(said.placed_to, zone),
        paid_from=_begin(said.paid_from, zone),
        paid_to=_end(said.paid_to, zone),
        states=said.state,
        tab=None if said.tab is None else Tab(said.tab),
        store_id=said.store,
        seller_id=seller,
        kind=said.kind,
    )


def orders_to_export(ctx: Context, said: OrderFilters | None) -> OrderSearch | None:
    """
    Return what has to be true of the orders; None where nothing is said.

    Raises:
        NotFoundError: If the seller has no such shop.
    """
    if said is None or said == OrderFilters():
        return None
    if said.store:
        ctx.shop.stores.get(said.store)
    return orders_sought(ctx, said)


def _begin(text: str, zone: str) -> datetime | None:
    return read_instant(text, zone) if text else None


def _end(text: str, zone: str) -> datetime | None:
    return read_until(text, zone) if text else None
