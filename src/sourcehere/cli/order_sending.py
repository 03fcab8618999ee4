"""
The warehouse's work on orders: ship, ship short.
"""

from .context import Ctx
from .output import Result, label
from .reading import read_place, read_quantities
from .references import find_order


def ship(
    order: str,
    /,
    *item: str,
    ctx: Ctx,
    carrier: str,
    tracking: str,
    leaves_from: str = "",
) -> Result:
    """
    Send one parcel, as staff; the shop is told by `sourcehere relay run`.

    Args:
        order: Its id or number.

        item: ITEM=UNITS that are in it, as `orders show` names them; everything that
            is left if not given.

        carrier: Who carries it.

        tracking: The tracking number.

        leaves_from: The cloud warehouse that it leaves from; own for the platform's,
            where goods are brought that are sourced directly. To be said where an order
            was split and these units are in several places.
    """
    desk, order_id = ctx.shop_by_staff, find_order(ctx, order)
    sent = desk.shipping.ship(
        order_id,
        carrier=carrier,
        tracking_number=tracking,
        quantities=read_quantities(item, "ITEM") if item else None,
        leaves_from=read_place(leaves_from),
    )
    state = desk.orders.get(order_id).state
    data = {"order_id": order_id, "parcel_id": sent.parcel_id, "state": state}
    words = f"parcel {sent.parcel_id} left; the order is {label(state)}"
    return Result(data, (words,))


def short_ship(order: str, /, *, ctx: Ctx) -> Result:
    """
    Give up on what is left of a partly shipped order, as staff, and refund it.

    Args:
        order: Its id or number.
    """
    now = ctx.shop_by_staff.shipping.short_ship_rest(find_order(ctx, order))
    return Result(now, (f"the rest is refunded; the order is {label(now.state)}",))
