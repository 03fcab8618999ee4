"""
Money back, and ends: before anything left, or when everything is lost.
"""

from ..domain.kernel.actor import Role
from .context import Context, Ctx
from .output import Result, label
from .reading import read_quantities
from .references import find_order


def refund_units(order: str, /, *item: str, ctx: Ctx) -> Result:
    """
    Take units out of a paid order before they leave, as staff, and refund them.

    Args:
        order: Its id or number.

        item: ITEM=UNITS, as `orders show` names them.
    """
    order_id = find_order(ctx, order)
    state = ctx.sh.orders.refund_units(
        ctx.seller_id,
        order_id,
        read_quantities(item, "ITEM"),
        by=ctx.by(Role.STAFF),
    )
    return _refunded(ctx, order_id, state)


def refund_all(order: str, /, *, ctx: Ctx) -> Result:
    """
    End a paid order before anything left, as staff, and refund everything.

    Args:
        order: Its id or number.
    """
    order_id = find_order(ctx, order)
    state = ctx.sh.orders.refund_all(ctx.seller_id, order_id, by=ctx.by(Role.STAFF))
    return _refunded(ctx, order_id, state)


def request_cancel(order: str, /, *, ctx: Ctx) -> Result:
    """
    Cancel a paid order at once, or, once the warehouse has accepted it, ask staff.

    Args:
        order: Its id or number.
    """
    order_id = find_order(ctx, order)
    outcome = ctx.sh.disputes.request_cancel(
        ctx.seller_id, order_id, by=ctx.by(Role.SELLER)
    )
    if outcome == "cancelled":
        return _refunded(ctx, order_id, outcome)
    data = {"order_id": order_id, "dispute_id": outcome}
    words = f"the warehouse has accepted it, so staff decide: dispute {outcome}"
    return Result(data, (words,))


def give_up(order: str, /, *, ctx: Ctx) -> Result:
    """
    End a shipped order of which everything was lost and refunded, as staff.

    Args:
        order: Its id or number.
    """
    order_id = find_order(ctx, order)
    state = ctx.sh.orders.give_up(ctx.seller_id, order_id, by=ctx.by(Role.STAFF))
    return _refunded(ctx, order_id, state)


def _refunded(ctx: Context, order_id: str, state: str) -> Result:
    order = ctx.sh.orders.get(ctx.seller_id, order_id)
    data = {
        "order_id": order_id,
        "state": state,
        "refunded": order.refunded,
    }
    words = f"the order is {label(state)}; {order.refunded} of it is refunded in all"
    return Result(data, (words,))
