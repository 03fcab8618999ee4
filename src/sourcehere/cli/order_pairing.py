"""
What can be done with unrecognized orders: pair a line for this once, or set aside.
"""

from .. import Wanted
from .context import Ctx, reported, states_of
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
    wanted = [Wanted(known[name], quantity) for name, quantity in units.items()]
    now = ctx.shop.connections.connect_sku(order_id, line, wanted)
    return Result(now, (f"line {line} is paired; the order is {label(now.state)}",))


def process_paired(*order: str, ctx: Ctx) -> Result:
    """
    Go on with the paired lines; the rest becomes a second part of the shop's order.

    Args:
        order: Ids, or the shop's numbers, of unrecognized orders.
    """
    report = ctx.shop.orders.process_paired_lines(find_orders(ctx, order))
    shown = table(
        list(report.done.values()),
        {"can be paid": lambda p: p.order_id, "still waits": lambda p: p.waiting_id},
    )
    return reported(report, shown)


def take_over(order: str, /, *, ctx: Ctx) -> Result:
    """
    Supply what the shop added to a paid order: a part of its own, to be paid by itself.

    Args:
        order: Its id or the shop's number.
    """
    made = ctx.shop.orders.take_over(find_order(ctx, order))
    words = f"the added units are an order of their own: {made.part_id}"
    return Result(made, (words,))


def ignore(*order: str, ctx: Ctx) -> Result:
    """
    Set unrecognized orders aside: the seller supplies them elsewhere.

    Args:
        order: Ids or numbers.
    """
    return states_of(ctx.shop.orders.ignore(find_orders(ctx, order)))


def restore(*order: str, ctx: Ctx) -> Result:
    """
    Take ignored orders up again; what is connected meanwhile is recognized at once.

    Args:
        order: Ids or numbers.
    """
    return states_of(ctx.shop.orders.restore(find_orders(ctx, order)))
