"""
`sourcehere stores cancel-orders`.
"""

from ..domain.stores.cancelling import ShopCancelReason
from .context import Ctx
from .output import Result, table


def cancel_orders(
    store: str,
    orders: list[str],
    /,
    *,
    ctx: Ctx,
    reason: ShopCancelReason = ShopCancelReason.OTHER,
) -> Result:
    """
    Have whole orders cancelled in their shop, and follow what it says then. Nothing is
    given back to the shop's customer.

    Args:
        store: Which shop.

        orders: The shop's own ids of its orders.

        reason: What the shop is told of why.
    """
    report = ctx.shop.stores.cancel_orders(store, orders, reason=reason)
    rows = [(name, "cancelled", "") for name in report.cancelled]
    rows += [(n, "not cancelled", why) for n, why in report.not_cancelled.items()]
    rows += [(n, "unknown", why) for n, why in report.unknown.items()]
    shown = table(
        rows,
        {"order": lambda r: r[0], "in the shop": lambda r: r[1], "why": lambda r: r[2]},
    )
    failed = bool(report.not_cancelled or report.unknown)
    return Result(report, (shown,), exit_code=1 if failed else 0)
