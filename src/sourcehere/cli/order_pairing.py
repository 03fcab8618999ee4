"""
What can be done with unpaid orders: pair a line for this once, or set them aside.
"""

from collections.abc import Sequence

from .. import Wanted
from ..domain.orders.lines import NewItem
from ..face.records.reports import LineChange
from .context import Ctx, reported, states_of
from .many import for_each
from .output import Result, label, table
from .reading import read_quantities
from .references import find_order, find_variants, skus_of


def connect_sku(
    order: str,
    line: int,
    /,
    *item: str,
    ctx: Ctx,
    for_all_waiting: bool = False,
    preview: bool = False,
) -> Result:
    """
    Pair one line of one unpaid order, also one that is paired; no other order follows.

    Args:
        order: Its id or number.

        line: Which line, from 1.

        item: PLATFORM-SKU=UNITS for the whole line; one per variant.

        for_all_waiting: Let its lasting connection pair so from now on, and all unpaid
            orders follow.

        preview: Show what would change, and change nothing.
    """
    units = read_quantities(item, "PLATFORM-SKU")
    known = find_variants(ctx, units)
    order_id = find_order(ctx, order)
    wanted = [Wanted(known[name], quantity) for name, quantity in units.items()]
    desk = ctx.shop.connections
    if preview:
        return _changes(
            ctx,
            desk.preview_sku(order_id, line, wanted, for_all_waiting=for_all_waiting),
        )
    if for_all_waiting:
        made = desk.correct(order_id, line, wanted)
        words = (
            f"line {line} is paired as connection {made.connection_id} pairs it now;"
            f" the order is {label(made.state)}, and unpaid orders follow"
        )
        return Result(made, (words,))
    now = desk.connect_sku(order_id, line, wanted)
    return Result(now, (f"line {line} is paired; the order is {label(now.state)}",))


def _changes(ctx: Ctx, changes: Sequence[LineChange]) -> Result:
    items = [item for one in changes for item in (*one.before, *one.after)]
    skus = skus_of(ctx, [item.variant_id for item in items])

    def units(wanted: Sequence[NewItem]) -> str:
        listed = [f"{skus[item.variant_id]}={item.quantity}" for item in wanted]
        return " ".join(listed) or "nothing"

    shown = table(
        list(changes),
        {
            "order": lambda c: c.order_id,
            "number": lambda c: c.number,
            "status": lambda c: label(c.state),
            "line": lambda c: c.line,
            "sku": lambda c: c.sku,
            "ordered": lambda c: c.quantity,
            "from": lambda c: units(c.before),
            "to": lambda c: units(c.after),
            "goods": lambda c: c.goods_before,
            "goods then": lambda c: c.goods_after,
        },
    )
    return Result(changes, (shown,))


def disconnect_line(order: str, line: int, /, *, ctx: Ctx) -> Result:
    """
    Take away what pairs one line of one order; its connection does not pair it again.

    Args:
        order: Its id or number.

        line: Which line, from 1.
    """
    now = ctx.shop.connections.disconnect_line(find_order(ctx, order), line)
    words = f"line {line} waits for connect-sku; the order is {label(now.state)}"
    return Result(now, (words,))


def follow_connection(order: str, line: int, /, *, ctx: Ctx) -> Result:
    """
    Let a line follow its connection again: undo connect-sku or disconnect-line.

    Args:
        order: Its id or number.

        line: Which line, from 1.
    """
    now = ctx.shop.connections.follow_connection(find_order(ctx, order), line)
    words = f"line {line} follows its connection; the order is {label(now.state)}"
    return Result(now, (words,))


def process_paired(*order: str, ctx: Ctx) -> Result:
    """
    Go on with the paired lines; the rest becomes a second part of the shop's order.

    Args:
        order: Ids, or the shop's numbers, of unrecognized orders.
    """
    report = for_each(ctx, order, ctx.shop.orders.process_paired_lines)
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
    return states_of(for_each(ctx, order, ctx.shop.orders.ignore))


def confirm(*order: str, ctx: Ctx) -> Result:
    """
    Take orders as the shop told them, although something was in doubt.

    Args:
        order: Ids or numbers.
    """
    return states_of(for_each(ctx, order, ctx.shop.orders.confirm))


def restore(*order: str, ctx: Ctx) -> Result:
    """
    Take ignored orders up again; what is connected meanwhile is recognized at once.

    Args:
        order: Ids or numbers.
    """
    return states_of(for_each(ctx, order, ctx.shop.orders.restore))
