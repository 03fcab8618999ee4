"""
What staff do to many orders at a time, of one seller or of all.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from ..domain.orders.holds import HoldReason
from .context import Context, Ctx, reported, states_of
from .errors import UsageError
from .output import Result, table
from .reading import read_text, read_until
from .references import find_orders


def accept(
    *order: str, ctx: Ctx, file: Path | None = None, all_sellers: bool = False
) -> Result:
    """
    Take paid orders on, as staff: they enter the pick queue.

    Args:
        order: Ids or numbers; ids with --all-sellers.

        file: Has more of them, one a line.

        all_sellers: They may be of any sellers.
    """
    names = _named(ctx, order, file, all_sellers=all_sellers)
    if all_sellers:
        return states_of(ctx.staff.orders.accept_many(names))
    return states_of(ctx.shop_by_staff.shipping.accept(names))


def reject(
    *order: str,
    ctx: Ctx,
    reason: str,
    file: Path | None = None,
    all_sellers: bool = False,
) -> Result:
    """
    End paid orders that are not supplied, as staff, and refund everything.

    Args:
        order: Ids or numbers; ids with --all-sellers.

        reason: Why, as the seller reads it.

        file: Has more of them, one a line.

        all_sellers: They may be of any sellers.
    """
    names = _named(ctx, order, file, all_sellers=all_sellers)
    if len(names) == 1 and not all_sellers:
        orders = ctx.shop_by_staff.orders
        now = orders.reject(names[0], reason=reason)
        refunded = orders.get(names[0]).refunded
        words = f"rejected; {refunded} of it is refunded in all"
        data = {"order_id": now.order_id, "state": now.state, "refunded": refunded}
        return Result(data, (words,))
    return states_of(ctx.staff.orders.reject_many(names, reason=reason))


def hold_many(
    *order: str,
    ctx: Ctx,
    detail: str,
    reason: Literal["staff", "address", "out_of_stock"] = "staff",
    until: str = "",
    file: Path | None = None,
    all_sellers: bool = False,
) -> Result:
    """
    Stop many orders, as staff.

    Args:
        order: Ids or numbers; ids with --all-sellers.

        detail: Why, without personal data.

        reason: `address` where the parcels cannot be addressed, `out_of_stock` where
            units cannot be bought.

        until: When holds of staff end by themselves: a time, UTC without a zone, or a
            day, which lasts until its end in the platform's zone.

        file: Has more of them, one a line.

        all_sellers: They may be of any sellers.
    """
    report = ctx.staff.orders.hold_many(
        _named(ctx, order, file, all_sellers=all_sellers),
        detail=detail,
        reason=HoldReason(reason),
        until=read_until(until, ctx.sh.zone) if until else None,
    )
    shown = table(
        list(report.done.values()),
        {"order": lambda h: h.order_id, "hold": lambda h: h.hold_id},
    )
    return reported(report, shown)


def release_many(
    *order: str,
    ctx: Ctx,
    reason: Literal["staff", "address", "out_of_stock"] = "staff",
    file: Path | None = None,
    all_sellers: bool = False,
) -> Result:
    """
    Let many orders go on, as staff: every hold of one reason on them is released.

    Args:
        order: Ids or numbers; ids with --all-sellers.

        reason: Of which holds.

        file: Has more of them, one a line.

        all_sellers: They may be of any sellers.
    """
    names = _named(ctx, order, file, all_sellers=all_sellers)
    report = ctx.staff.orders.release_many(names, reason=HoldReason(reason))
    return states_of(report)


def _named(
    ctx: Context, order: Sequence[str], file: Path | None, *, all_sellers: bool
) -> list[str]:
    """
    Return the ids of the orders that are named, on the line and in the file.

    Raises:
        UsageError: If none is named, or the file cannot be read.
    """
    lines = [] if file is None else read_text(file).splitlines()
    names = [*order, *(line.strip() for line in lines if line.strip())]
    if not all_sellers:
        return find_orders(ctx, names)
    if not names:
        message = "name at least one order by its id; `orders search` lists them"
        raise UsageError(message)
    return names
