"""
`sourcehere parcels`.
"""

from typing import Annotated

from cyclopts import App

from .. import TrackingFact
from ..domain.kernel.actor import Actor, Role
from ..domain.shipments.model import IncidentReason, Parcel, TrackingStatus
from . import parcel_files
from .context import AS_NAMED, Ctx
from .errors import UsageError
from .output import Result, Table, label, table
from .reading import read_instant
from .references import find_order, find_parcel

app = App(name="parcels")
Status = Annotated[TrackingStatus, AS_NAMED]
Incident = Annotated[IncidentReason, AS_NAMED]


@app.command(name="list")
def list_all(order: str = "", /, *, ctx: Ctx, tracking: str = "") -> Result:
    """
    List the parcels of an order, or find a tracking number across sellers.

    Args:
        order: The order's id, or the shop's number.

        tracking: A tracking number.
    """
    if bool(order) == bool(tracking):
        message = "say either an order or --tracking NUMBER"
        raise UsageError(message)
    if tracking:
        found = ctx.desk.parcels.find(tracking)
    else:
        found = ctx.shop.parcels.of_order(find_order(ctx, order))
    return Result(found, (_parcels(found),))


@app.command
def track(
    parcel: str,
    status: Status,
    /,
    *,
    ctx: Ctx,
    at: str = "",
    place: str = "",
    incident: Incident | None = None,
    key: str = "",
) -> Result:
    """
    Record what a carrier said; facts merge forward, whenever they are told.

    Args:
        parcel: Its id or tracking number.

        status: What was said.

        at: When it happened, as ISO 8601 has it; now if not given. At most 30 days
            before the parcel left, and two days ahead.

        place: Where.

        incident: Why the parcel does not go on.

        key: The carrier's own key: said again, it counts once.
    """
    known = find_parcel(ctx, parcel)
    happened_at = read_instant(at, ctx.sh.zone) if at else ctx.sh.now()
    fact = TrackingFact(
        parcel_id=known.parcel_id,
        key=key or f"{status.value}:{happened_at.isoformat()}",
        status=status,
        happened_at=happened_at,
        place=place,
        incident=incident,
    )
    usual = Actor(Role.CARRIER, known.carrier)
    desk = ctx.shop_by_staff if ctx.said.by else ctx.shop_of(usual)
    report = desk.parcels.record([fact])
    for error in report.failed.values():
        raise error
    order = ctx.shop_by_staff.orders.get(known.order_id)
    now = find_parcel(ctx, known.parcel_id)
    data = {
        "parcel_id": now.parcel_id,
        "status": now.status,
        "new": sum(one.new for one in report.done.values()),
        "order_id": order.order_id,
        "order_state": order.state,
    }
    words = f"the parcel is {now.status}; the order is {label(order.state)}"
    return Result(data, (words,))


@app.command
def correct(parcel: str, /, *, ctx: Ctx, tracking: str, carrier: str = "") -> Result:
    """
    Correct the tracking number of a parcel, as staff; the shop is told anew.

    Args:
        parcel: Its id or tracking number.

        tracking: The right tracking number.

        carrier: Who carries it; as known if not given.
    """
    known = find_parcel(ctx, parcel)
    ctx.shop_by_staff.shipping.correct_tracking(
        known.order_id,
        known.parcel_id,
        carrier=carrier or known.carrier,
        tracking_number=tracking,
    )
    found = find_parcel(ctx, known.parcel_id)
    return Result(found, (_parcels((found,)),))


@app.command
def void(parcel: str, /, *, ctx: Ctx, tracking: str, carrier: str = "") -> Result:
    """
    Replace a parcel by another, as staff; its units stay shipped.

    Args:
        parcel: Its id or tracking number.

        tracking: The replacement's tracking number.

        carrier: Who carries the replacement; as before if not given.
    """
    known = find_parcel(ctx, parcel)
    made = ctx.shop_by_staff.shipping.void_parcel(
        known.order_id,
        known.parcel_id,
        carrier=carrier or known.carrier,
        tracking_number=tracking,
    )
    found = find_parcel(ctx, made.parcel_id)
    return Result(found, (_parcels((found,)),))


app.command(parcel_files.correct_many)


def _parcels(parcels: tuple[Parcel, ...]) -> Table:
    return table(
        parcels,
        {
            "parcel": lambda p: p.parcel_id,
            "order": lambda p: p.order_id,
            "carrier": lambda p: p.carrier,
            "tracking": lambda p: p.tracking_number,
            "status": lambda p: p.status,
            "incident": lambda p: p.incident,
            "shipped": lambda p: p.shipped_at,
            "delivered": lambda p: p.delivered_at,
            "replaced by": lambda p: p.replaced_by,
        },
    )
