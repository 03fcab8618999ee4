"""
The warehouse's work on orders: accept, ship, ship short.
"""

from ..domain.kernel.actor import Role
from ..services.sending.shipping import NewParcel
from .context import Ctx, states_of
from .output import Result, label
from .reading import read_quantities
from .references import find_order, find_orders


def accept(*order: str, ctx: Ctx) -> Result:
    """
    Take paid orders on, as staff: they enter the pick queue.

    Args:
        order: Ids or numbers.
    """
    by, names = ctx.by(Role.STAFF), find_orders(ctx, order)
    return states_of(ctx.sh.shipping.accept(ctx.seller_id, names, by=by))


def ship(order: str, /, *item: str, ctx: Ctx, carrier: str, tracking: str) -> Result:
    """
    Send one parcel, as staff; the shop is told by `sourcehere relay run`.

    Args:
        order: Its id or number.

        item: ITEM=UNITS that are in it, as `orders show` names them; everything that
            is left if not given.

        carrier: Who carries it.

        tracking: The tracking number.
    """
    order_id = find_order(ctx, order)
    made = ctx.sh.shipping.ship(
        ctx.seller_id,
        NewParcel(
            order_id=order_id,
            carrier=carrier,
            tracking_number=tracking,
            quantities=read_quantities(item, "ITEM") if item else None,
        ),
        by=ctx.by(Role.STAFF),
    )
    state = ctx.sh.orders.get(ctx.seller_id, order_id).state
    data = {"order_id": order_id, "parcel_id": made, "state": state}
    words = f"parcel {made} left; the order is {label(state)}"
    return Result(data, (words,))


def short_ship(order: str, /, *, ctx: Ctx) -> Result:
    """
    Give up on what is left of a partly shipped order, as staff, and refund it.

    Args:
        order: Its id or number.
    """
    order_id = find_order(ctx, order)
    state = ctx.sh.shipping.short_ship_rest(
        ctx.seller_id, order_id, by=ctx.by(Role.STAFF)
    )
    data = {"order_id": order_id, "state": state}
    return Result(data, (f"the rest is refunded; the order is {label(state)}",))
