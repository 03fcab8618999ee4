"""
By what orders are chosen at the shell, for searching and for exporting them.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import cyclopts

from ..domain.kernel.values import frozen
from ..domain.orders.desk_queues import DeskQueue
from ..domain.orders.search import OrderSearch
from ..domain.orders.tabs import Tab
from .context import AS_NAMED, Context
from .errors import UsageError
from .export_files import Row
from .order_lists import InTab, Kind
from .pages import every
from .reading import read_instant, read_until

if TYPE_CHECKING:  # desks are imported when the first one is asked for
    from ..face.desks import SellerDesk


InQueue = Annotated[DeskQueue, AS_NAMED]


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

        queue: In this queue of the staff's.

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
    queue: InQueue | None = None
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
        queue=None if said.queue is None else DeskQueue(said.queue),
        store_id=said.store,
        seller_id=seller,
        kind=said.kind,
    )


def orders_to_export(
    ctx: Context, said: OrderFilters | None, *, of_all: bool
) -> OrderSearch | None:
    """
    Return what has to be true of the orders; None where nothing is said.

    Args:
        of_all: Whether they are of all sellers.

    Raises:
        NotFoundError: If the seller has no such shop.

        UsageError: If a shop is named among those of all sellers.
    """
    if said is None or said == OrderFilters():
        return None
    if said.store and of_all:
        message = f"--store {said.store} is one seller's: say --seller instead"
        raise UsageError(message)
    if said.store:
        ctx.shop.stores.get(said.store)
    return orders_sought(ctx, said)


def rows_to_export(
    ctx: Context, read: Callable[["SellerDesk"], Iterator[Row]], *, of_all: bool
) -> Iterator[Row]:
    """
    Return the rows of the seller's list, or as staff those of all sellers, one seller
    after the other; what is refused is refused now.

    Raises:
        ForbiddenError: If `--as` says seller, where it is of all.

        UsageError: If `--seller` names one, where it is of all.
    """
    if not of_all:
        return read(ctx.shop)
    desk = ctx.staff_of_all
    desks = [desk.seller(seller.seller_id) for seller in every(desk.sellers.list)]
    first = [read(one) for one in desks[:1]]
    return chain(*first, chain.from_iterable(map(read, desks[1:])))


def _begin(text: str, zone: str) -> datetime | None:
    return read_instant(text, zone) if text else None


def _end(text: str, zone: str) -> datetime | None:
    return read_until(text, zone) if text else None
