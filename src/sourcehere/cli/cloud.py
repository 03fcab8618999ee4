"""
`sourcehere cloud`.
"""

from collections.abc import Sequence

from cyclopts import App

from .. import Count
from ..domain.kernel.words import counted
from ..face.records.goods import StockCountView
from ..face.results import OrderState
from .context import Context, Ctx
from .errors import UsageError
from .manual import created, placed, read_wanted
from .output import Result, Table, label, table, unless_zero
from .pages import paged
from .reading import read_count, read_quantities
from .references import find_order, find_variants, skus_of

app = App(name="cloud")


@app.command
def create(
    warehouse: str, /, *item: str, ctx: Ctx, number: str = "", place: bool = False
) -> Result:
    """
    Draft an order of stock for a cloud warehouse, at the bulk price.

    Args:
        warehouse: Which one, as `warehouses list` names it.

        item: PLATFORM-SKU=UNITS, one per variant.

        number: What people call it.

        place: Place it at once: it waits for payment.
    """
    made = ctx.shop.drafts.cloud(warehouse, read_wanted(ctx, item), number=number)
    return created(ctx, made, place=place)


@app.command(name="place")
def place_order(order: str, /, *, ctx: Ctx) -> Result:
    """
    Place a draft: from now on it waits for payment.

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
    return _now(ctx, ctx.shop_by_staff.cloud.dispatch(find_order(ctx, order)))


@app.command
def consign(order: str, /, *, ctx: Ctx, carrier: str, tracking: str) -> Result:
    """
    Record that goods of a dispatched order left for the warehouse by a carrier, as
    staff; once for each of their numbers.

    Args:
        order: Its id.

        carrier: Who brings them.

        tracking: The carrier's number.
    """
    order_id = find_order(ctx, order)
    return _now(ctx, ctx.shop_by_staff.cloud.consign(order_id, carrier, tracking))


@app.command
def receive(order: str, /, *item: str, ctx: Ctx, all: bool = False) -> Result:
    """
    Record what the warehouse counted, as staff; good units become stock.

    Args:
        order: Its id.

        item: ITEM=GOOD, ITEM=GOOD,DAMAGED or ITEM=GOOD,DAMAGED,MISSING, as
            `orders show` names the items.

        all: Everything that is outstanding arrived in good order.
    """
    desk, order_id = ctx.shop_by_staff, find_order(ctx, order)
    counts = dict(_count(text) for text in item)
    if all:
        if counts:
            message = "say either --all or what was counted"
            raise UsageError(message)
        items = desk.orders.get(order_id).items.values()
        left = {str(i.item_id): i.quantity_outstanding for i in items}
        counts = {name: Count(units) for name, units in left.items() if units}
    return _now(ctx, desk.cloud.receive(order_id, counts))


@app.command
def restock(order: str, warehouse: str, /, *item: str, ctx: Ctx) -> Result:
    """
    Take units that a customer or carrier sent back into stock, as staff.

    Args:
        order: Its id or number.

        warehouse: Where they came, as `warehouses list` names it.

        item: ITEM=UNITS, as `orders show` names the items; good ones only.
    """
    desk, order_id = ctx.shop_by_staff, find_order(ctx, order)
    quantities = read_quantities(item, "ITEM")
    made = desk.cloud.restock(order_id, warehouse, quantities)
    units = counted(sum(quantities.values()), "unit")
    return Result(made, (f"{units} in stock again",))


@app.command
def write_off(order: str, /, *, ctx: Ctx) -> Result:
    """
    Settle what never came, as staff, and refund it.

    Args:
        order: Its id.
    """
    return _now(ctx, ctx.shop_by_staff.cloud.write_off_rest(find_order(ctx, order)))


@app.command
def stock(*, ctx: Ctx) -> Result:
    """
    Show My Cloud Warehouse: what is incoming, on hand, bound to orders, available.
    """
    found = ctx.shop.cloud.stock()
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


@app.command
def lots(*, ctx: Ctx, after: str = "", limit: int = 50) -> Result:
    """
    List the lots that the stock consists of, oldest first.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.shop.cloud.lots(after=after, limit=limit)
    known = skus_of(ctx, [lot.variant_id for lot in page])
    shown = table(
        page.items,
        {
            "lot": lambda one: one.lot_id,
            "warehouse": lambda one: one.warehouse_id,
            "sku": lambda one: known.get(one.variant_id, one.variant_id),
            "received": lambda one: one.quantity_received,
            "on hand": lambda one: one.on_hand,
            "available": lambda one: one.available,
            "unit cost": lambda one: one.unit_cost,
            "order": lambda one: one.order_id,
            "back from": lambda one: one.returned_order_id,
            "arrived": lambda one: one.arrived_at,
        },
    )
    return paged(page, shown)


@app.command
def movements(lot: str, /, *, ctx: Ctx, after: str = "", limit: int = 50) -> Result:
    """
    List every change of a lot, oldest first.

    Args:
        lot: Its id, as `cloud lots` names it.

        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.shop.cloud.movements(lot, after=after, limit=limit)
    shown = table(
        page.items,
        {
            "moved": lambda one: one.moved_at,
            "what": lambda one: one.kind,
            "units": lambda one: one.quantity,
            "order": lambda one: one.order_id,
        },
    )
    return paged(page, shown)


@app.command(name="count")
def count_stock(
    warehouse: str,
    sku: str,
    on_hand: int,
    /,
    *,
    ctx: Ctx,
    refund: bool = False,
    note: str = "",
) -> Result:
    """
    Set the units of a variant in a warehouse to what was counted, as staff.

    Args:
        warehouse: Which one, as `warehouses list` names it.

        sku: The platform's SKU, or the variant's id.

        on_hand: How many there are.

        refund: Give the seller back what missing units cost.

        note: Why there are more or fewer; the seller sees it.
    """
    made = ctx.shop_by_staff.cloud.count(
        warehouse,
        find_variants(ctx, [sku])[sku],
        on_hand,
        refunds=refund,
        note=note,
    )
    return Result(made, (_counts(ctx, [made]),))


@app.command
def counts(*, ctx: Ctx, after: str = "", limit: int = 50) -> Result:
    """
    List what was counted, newest first.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.shop.cloud.counts(after=after, limit=limit)
    return paged(page, _counts(ctx, page.items))


def _counts(ctx: Context, found: Sequence[StockCountView]) -> Table:
    known = skus_of(ctx, [one.variant_id for one in found])
    return table(
        found,
        {
            "counted at": lambda one: one.counted_at,
            "warehouse": lambda one: one.warehouse_id,
            "sku": lambda one: known.get(one.variant_id, one.variant_id),
            "expected": lambda one: one.expected,
            "counted": lambda one: one.counted,
            "refunded": lambda one: unless_zero(one.refunded),
            "by": lambda one: one.by,
            "note": lambda one: one.note,
        },
    )


def _count(text: str) -> tuple[str, Count]:
    name, separator, counted = text.rpartition("=")
    parts = [read_count(part, "a count") for part in counted.split(",")]
    if not separator or not name or len(parts) > len("gdm"):
        message = f"{text!r}: write ITEM=GOOD, or ITEM=GOOD,DAMAGED,MISSING"
        raise UsageError(message)
    return name, Count(*parts)


def _now(ctx: Context, order: OrderState) -> Result:
    held = ctx.shop_by_staff.orders.get(order.order_id).is_abnormal
    words = f"the order is {label(order.state)}" + (", and held" if held else "")
    data = {"order_id": order.order_id, "state": order.state, "is_abnormal": held}
    return Result(data, (words,))
