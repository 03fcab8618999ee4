"""
What can be done with unrecognized orders: pair a line for this once, or set aside.
"""

import attrs

from ..domain.kernel.actor import Role
from .context import Ctx, states_of
from .output import Result, label, table
from .reading import read_quantities
from .references import find_order, find_orders, find_variants


def connect_sku(order: str, line: int, /, *item: str, ctx: Ctx) -> Result:
    """
    Pair one line of one order; no other order follows.

    Args:
        order: Its id or number.

        line: Which line, from 1.

        item: PLATFORM-SKU=UNITS for the whole line; one per variant.
    """
    units = read_quantities(item, "PLATFORM-SKU")
    known = find_variants(ctx, units)
    order_id = find_order(ctx, order)
    state = ctx.sh.pairing.connect_sku(
        ctx.seller_id,
        order_id,
        line,
        [(known[name], quantity) for name, quantity in units.items()],
        by=ctx.by(Role.SELLER),
    )
    data = {"order_id": order_id, "state": state}
    return Result(data, (f"line {line} is paired; the order is {label(state)}",))


def process_paired(*order: str, ctx: Ctx) -> Result:
    """
    Go on with the paired lines; the rest becomes a second part of the shop's order.

    Args:
        order: Ids, or the shop's numbers, of unrecognized orders.
    """
    report = ctx.sh.orders.process_paired_lines(
        ctx.seller_id, find_orders(ctx, order), by=ctx.by(Role.SELLER)
    )
    result = states_of(report)
    shown = table(
        list(report.done.items()),
        {"can be paid": lambda item: item[0], "still waits": lambda item: item[1]},
    )
    return attrs.evolve(result, shown=(shown,))


def ignore(*order: str, ctx: Ctx) -> Result:
    """
    Set unrecognized orders aside: the seller supplies them elsewhere.

    Args:
        order: Ids or numbers.
    """
    by = ctx.by(Role.SELLER)
    return states_of(
        ctx.sh.orders.ignore(ctx.seller_id, find_orders(ctx, order), by=by)
    )


def restore(*order: str, ctx: Ctx) -> Result:
    """
    Take ignored orders up again; what is connected meanwhile is recognized at once.

    Args:
        order: Ids or numbers.
    """
    by = ctx.by(Role.SELLER)
    return states_of(
        ctx.sh.orders.restore(ctx.seller_id, find_orders(ctx, order), by=by)
    )
