"""
Money back, and ends: before anything left, or when everything is lost.
"""

from ..face.results import OrderState
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
    desk, order_id = ctx.shop_by_staff, find_order(ctx, order)
    now = desk.refunds.refund_units(order_id, read_quantities(item, "ITEM"))
    return _refunded(ctx, now)


def refund_all(order: str, /, *, ctx: Ctx) -> Result:
    """
    End a paid order before anything left, as staff, and refund everything.

    Args:
        order: Its id or number.
    """
    desk, order_id = ctx.shop_by_staff, find_order(ctx, order)
    return _refunded(ctx, desk.refunds.refund_all(order_id))


def request_cancel(order: str, /, *, ctx: Ctx) -> Result:
    """
    Cancel a paid order at once, or, once the warehouse has accepted it, ask staff.

    Args:
        order: Its id or number.
    """
    asked = ctx.shop.disputes.request_cancel(find_order(ctx, order))
    if asked.dispute_id is None:
        return _refunded(ctx, OrderState(asked.order_id, asked.state))
    words = (
        f"the warehouse has accepted it, so staff decide: dispute {asked.dispute_id}"
    )
    return Result(asked, (words,))


def give_up(order: str, /, *, ctx: Ctx) -> Result:
    """
    End a shipped order of which everything was lost and refunded, as staff.

    Args:
        order: Its id or number.
    """
    desk, order_id = ctx.shop_by_staff, find_order(ctx, order)
    return _refunded(ctx, desk.orders.give_up(order_id))


def _refunded(ctx: Context, now: OrderState) -> Result:
    refunded = ctx.shop.orders.get(now.order_id).refunded
    data = {"order_id": now.order_id, "state": now.state, "refunded": refunded}
    words = f"the order is {label(now.state)}; {refunded} of it is refunded in all"
    return Result(data, (words,))
