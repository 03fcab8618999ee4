"""
The small steps of an order: method, address, holds, notes, cancelling.
"""

from typing import Literal

import attrs

from ..domain.kernel.actor import Role
from ..domain.orders.holds import HoldReason
from .addresses import AddressGiven, AddressWords, address_table, read_address
from .context import Ctx, states_of
from .output import Result
from .references import find_order, find_orders

_NOTHING = AddressWords()


def ship_method(*order: str, ctx: Ctx, method: str) -> Result:
    """
    Pick the shipping method that the next checkout prices.

    Args:
        order: Ids or numbers.

        method: Its code, as `freight quote` lists it; "" for the cheapest.
    """
    by, names = ctx.by(Role.SELLER), find_orders(ctx, order)
    return states_of(ctx.sh.orders.choose_shipping(ctx.seller_id, names, method, by=by))


def address(order: str, /, *, ctx: Ctx, to: AddressGiven = _NOTHING) -> Result:
    """
    Show where an order goes, or send it elsewhere; personal data.

    Args:
        order: Its id or number.
    """
    order_id = find_order(ctx, order)
    given = read_address(to)
    if given:
        known = ctx.sh.orders.address(ctx.seller_id, order_id)
        ctx.sh.orders.correct_address(
            ctx.seller_id,
            order_id,
            attrs.evolve(known, **given),
            by=ctx.by(Role.SELLER),
        )
    found = ctx.sh.orders.address(ctx.seller_id, order_id)
    return Result(found, (address_table(found),))


def hold(
    order: str,
    detail: str,
    /,
    *,
    ctx: Ctx,
    reason: Literal["staff", "address"] = "staff",
) -> Result:
    """
    Stop an order, as staff.

    Args:
        order: Its id or number.

        detail: Why, without personal data.

        reason: `address` where the parcel cannot be addressed: that hold ends by itself
            when another address is given.
    """
    order_id = find_order(ctx, order)
    made = ctx.sh.orders.hold(
        ctx.seller_id,
        order_id,
        detail=detail,
        by=ctx.by(Role.STAFF),
        reason=HoldReason(reason),
    )
    data = {"order_id": order_id, "hold_id": made}
    return Result(data, (f"held; release it with hold {made}",))


def release(order: str, hold: str = "", /, *, ctx: Ctx) -> Result:
    """
    Let an order go on, as staff.

    Args:
        order: Its id or number.

        hold: The hold's id; the only one if not given.
    """
    order_id = find_order(ctx, order)
    held = ctx.sh.orders.get(ctx.seller_id, order_id).holds
    name = hold or (held[0].hold_id if len(held) == 1 else "")
    ctx.sh.orders.release_hold(ctx.seller_id, order_id, name, by=ctx.by(Role.STAFF))
    left = ctx.sh.orders.get(ctx.seller_id, order_id).holds
    words = f"hold {name} is released; {len(left)} are left"
    return Result({"order_id": order_id, "holds": left}, (words,))


def note(order: str, text: str, /, *, ctx: Ctx, for_staff: bool = False) -> Result:
    """
    Write something about an order.

    Args:
        order: Its id or number.

        text: What to keep.

        for_staff: Hide it from the seller; written as staff unless --as says otherwise.
    """
    order_id = find_order(ctx, order)
    by = ctx.by(Role.STAFF if for_staff else Role.SELLER)
    made = ctx.sh.orders.note(ctx.seller_id, order_id, text, by=by, for_staff=for_staff)
    return Result({"order_id": order_id, "note_id": made}, ("noted",))


def cancel(*order: str, ctx: Ctx) -> Result:
    """
    End orders before they are paid.

    Args:
        order: Ids or numbers.
    """
    by, names = ctx.by(Role.SELLER), find_orders(ctx, order)
    return states_of(ctx.sh.orders.cancel(ctx.seller_id, names, by=by))
