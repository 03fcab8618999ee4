"""
What staff do to many orders at a time, of one seller or of all.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Literal, TypeVar

from ..domain.orders.holds import HoldReason
from ..face.results import Report
from .context import Context, Ctx, reported, states_of
from .errors import UsageError
from .many import for_each
from .output import Result, table
from .reading import read_text, read_until
from .references import find_order

T = TypeVar("T")


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
    names = _named(order, file)
    if all_sellers:
        return states_of(ctx.staff.orders.accept_many(_ids(names)))
    return states_of(for_each(ctx, names, ctx.shop_by_staff.shipping.accept))


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
    names = _named(order, file)
    if len(names) == 1 and not all_sellers:
        orders, order_id = ctx.shop_by_staff.orders, find_order(ctx, names[0])
        now = orders.reject(order_id, reason=reason)
        refunded = orders.get(order_id).refunded
        words = f"rejected; {refunded} of it is refunded in all"
        data = {"order_id": now.order_id, "state": now.state, "refunded": refunded}
        return Result(data, (words,))
    do = partial(ctx.staff.orders.reject_many, reason=reason)
    return states_of(_done(ctx, names, do, all_sellers=all_sellers))


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
    do = partial(
        ctx.staff.orders.hold_many,
        detail=detail,
        reason=HoldReason(reason),
        until=read_until(until, ctx.sh.zone) if until else None,
    )
    report = _done(ctx, _named(order, file), do, all_sellers=all_sellers)
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
    do = partial(ctx.staff.orders.release_many, reason=HoldReason(reason))
    return states_of(_done(ctx, _named(order, file), do, all_sellers=all_sellers))


def _done(
    ctx: Context,
    names: Sequence[str],
    do: Callable[[list[str]], Report[T]],
    *,
    all_sellers: bool,
) -> Report[T]:
    return do(_ids(names)) if all_sellers else for_each(ctx, names, do)


def _ids(names: Sequence[str]) -> list[str]:
    """
    Return *names* as the ids that they have to be where they are of any sellers.

    Raises:
        UsageError: If there is none.
    """
    if not names:
        message = "name at least one order by its id; `orders search` lists them"
        raise UsageError(message)
    return list(names)


def _named(order: Sequence[str], file: Path | None) -> list[str]:
    """
    Return the orders that are named, on the line and in the file.

    Raises:
        UsageError: If the file cannot be read.
    """
    lines = [] if file is None else read_text(file).splitlines()
    return [*order, *(line.strip() for line in lines if line.strip())]
