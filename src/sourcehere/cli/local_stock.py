"""
`sourcehere local-stock`.
"""

from collections.abc import Sequence

from cyclopts import App

from ..domain.kernel.words import counted
from ..domain.local_stock.model import LocalStock
from .context import Context, Ctx, states_of
from .many import for_each
from .output import Result, Table, table
from .pages import paged
from .references import find_order, find_variants, skus_of

app = App(name="local-stock")


@app.command(name="list")
def list_page(*, ctx: Ctx, after: str = "", limit: int = 50) -> Result:
    """
    List how many units of each variant lie at the seller's own place.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.shop.local_stock.list(after=after, limit=limit)
    return paged(page, _table(ctx, page.items))


@app.command
def show(sku: str, /, *, ctx: Ctx) -> Result:
    """
    Show how many units of a variant there are.

    Args:
        sku: The platform's SKU, or the variant's id.
    """
    return _now(ctx, ctx.shop.local_stock.get(_variant(ctx, sku)))


@app.command
def movements(*, ctx: Ctx, sku: str = "", after: str = "", limit: int = 50) -> Result:
    """
    List what came and went, newest first.

    Args:
        sku: Of one variant.

        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    variant = _variant(ctx, sku) if sku else ""
    page = ctx.shop.local_stock.movements(variant_id=variant, after=after, limit=limit)
    known = skus_of(ctx, [m.variant_id for m in page])
    shown = table(
        page.items,
        {
            "moved": lambda m: m.moved_at,
            "sku": lambda m: known.get(m.variant_id, m.variant_id),
            "what": lambda m: m.kind,
            "units": lambda m: m.quantity,
            "order": lambda m: m.order_id,
            "by": lambda m: m.by,
            "note": lambda m: m.note,
        },
    )
    return paged(page, shown)


@app.command
def receive(order: str, /, *, ctx: Ctx) -> Result:
    """
    Take what arrived of a manual order into the local stock.

    Args:
        order: Its id or number.
    """
    done = ctx.shop.local_stock.receive(find_order(ctx, order))
    return Result(done, (f"{counted(done.units, 'unit')} received",))


@app.command
def count(sku: str, on_hand: int, /, *, ctx: Ctx, note: str = "") -> Result:
    """
    Set the units of a variant to what was counted.

    Args:
        sku: The platform's SKU, or the variant's id.

        on_hand: How many there are.

        note: Why there are more or fewer; it is kept for ever, so it names nobody.
    """
    desk, variant = ctx.shop.local_stock, _variant(ctx, sku)
    return _now(ctx, desk.count(variant, on_hand, note=note))


@app.command
def sell(sku: str, quantity: int, /, *, ctx: Ctx, note: str = "") -> Result:
    """
    Take units out that were sold by hand.

    Args:
        sku: The platform's SKU, or the variant's id.

        quantity: How many.

        note: Why; it is kept for ever, so it names nobody.
    """
    desk, variant = ctx.shop.local_stock, _variant(ctx, sku)
    return _now(ctx, desk.sell(variant, quantity, note=note))


@app.command
def serve(*order: str, ctx: Ctx) -> Result:
    """
    Serve unpaid orders of shops from the local stock; they end here.

    Args:
        order: Ids or numbers.
    """
    return states_of(for_each(ctx, order, ctx.shop.orders.serve_from_local_stock))


@app.command
def put_back(order: str, /, *, ctx: Ctx) -> Result:
    """
    Put the units of an order that was served back; it stays cancelled.

    Args:
        order: Its id or number.
    """
    done = ctx.shop.local_stock.put_back(find_order(ctx, order))
    return Result(done, ("its units are back in the local stock",))


def _variant(ctx: Context, sku: str) -> str:
    return find_variants(ctx, [sku])[sku]


def _now(ctx: Context, row: LocalStock) -> Result:
    return Result(row, (_table(ctx, [row]),))


def _table(ctx: Context, rows: Sequence[LocalStock]) -> Table:
    known = skus_of(ctx, [row.variant_id for row in rows])
    return table(
        rows,
        {
            "sku": lambda r: known.get(r.variant_id, r.variant_id),
            "on hand": lambda r: r.on_hand,
            "changed": lambda r: r.changed_at,
        },
    )
