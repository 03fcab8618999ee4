"""
`sourcehere cloud`.
"""

from cyclopts import App

from ..domain.kernel.actor import Role
from ..services.sending.cloud import Count
from .context import Context, Ctx
from .errors import UsageError
from .manual import created, placed, read_wanted
from .output import Result, label, table
from .reading import read_count
from .references import find_order, skus_of

app = App(name="cloud")


@app.command
def create(
    warehouse: str, /, *item: str, ctx: Ctx, number: str = "", place: bool = False
) -> Result:
    """
    Write down an order of stock for a cloud warehouse, at the bulk price.

    Args:
        warehouse: Which one, as `warehouses list` names it.

        item: PLATFORM-SKU=UNITS, one per variant.

        number: What people call it.

        place: Mean it at once: it waits for payment.
    """
    made = ctx.sh.drafts.create_cloud(
        ctx.seller_id,
        warehouse,
        read_wanted(ctx, item),
        by=ctx.by(Role.SELLER),
        number=number,
    )
    return created(ctx, made, place=place)


@app.command(name="place")
def place_order(order: str, /, *, ctx: Ctx) -> Result:
    """
    Mean a draft: from now on it waits for payment.

    Args:
        order: Its id.
    """
    return placed(ctx, find_order(ctx, order))


@app.command
def dispatch(order: str, /, *, ctx: Ctx) -> Result:
    """
    Send a paid order's goods to the warehouse, as staff: they are incoming.

    Args:
        order: Its id.
    """
    by, order_id = ctx.by(Role.STAFF), find_order(ctx, order)
    state = ctx.sh.cloud.dispatch(ctx.seller_id, order_id, by=by)
    return _now(ctx, order_id, state)


@app.command
def receive(order: str, /, *item: str, ctx: Ctx, all: bool = False) -> Result:
    """
    Take note of what the warehouse counted, as staff; good units become stock.

    Args:
        order: Its id.

        item: ITEM=GOOD, ITEM=GOOD,DAMAGED or ITEM=GOOD,DAMAGED,MISSING, as
            `orders show` names the items.

        all: Everything that is outstanding arrived in good order.
    """
    by, order_id = ctx.by(Role.STAFF), find_order(ctx, order)
    counts = dict(_count(text) for text in item)
    if all:
        if counts:
            message = "say either --all or what was counted"
            raise UsageError(message)
        items = ctx.sh.orders.get(ctx.seller_id, order_id).items.values()
        left = {str(i.item_id): i.quantity_outstanding for i in items}
        counts = {name: Count(units) for name, units in left.items() if units}
    state = ctx.sh.cloud.receive(ctx.seller_id, order_id, counts, by=by)
    return _now(ctx, order_id, state)


@app.command
def write_off(order: str, /, *, ctx: Ctx) -> Result:
    """
    Settle what never came, as staff, and refund it.

    Args:
        order: Its id.
    """
    by, order_id = ctx.by(Role.STAFF), find_order(ctx, order)
    state = ctx.sh.cloud.write_off_rest(ctx.seller_id, order_id, by=by)
    return _now(ctx, order_id, state)


@app.command
def stock(*, ctx: Ctx) -> Result:
    """
    Show My Cloud Warehouse: what is incoming, on hand, bound to orders, available.
    """
    found = ctx.sh.cloud.stock(ctx.seller_id)
    known = skus_of(ctx, [view.variant_id for view in found])
    shown = table(
        found,
        {
            "warehouse": lambda v: v.warehouse_id,
            "sku": lambda v: known.get(v.variant_id, v.variant_id),
            "incoming": lambda v: v.incoming,
            "on hand": lambda v: v.on_hand,
            "allocated": lambda v: v.allocated,
            "available": lambda v: v.available,
            "damaged": lambda v: v.damaged,
        },
    )
    return Result(found, (shown,))


def _count(text: str) -> tuple[str, Count]:
    name, separator, counted = text.rpartition("=")
    parts = [read_count(part, "a count") for part in counted.split(",")]
    if not separator or not name or len(parts) > len("gdm"):
        message = f"{text!r}: write ITEM=GOOD, or ITEM=GOOD,DAMAGED,MISSING"
        raise UsageError(message)
    return name, Count(*parts)


def _now(ctx: Context, order_id: str, state: str) -> Result:
    held = ctx.sh.orders.get(ctx.seller_id, order_id).is_abnormal
    words = f"the order is {label(state)}" + (", and held" if held else "")
    data = {"order_id": order_id, "state": state, "is_abnormal": held}
    return Result(data, (words,))
