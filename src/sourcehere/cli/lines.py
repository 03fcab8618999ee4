"""
`sourcehere lines`.
"""

from pathlib import Path

from cyclopts import App

from ..face.exported import LINE_COLUMNS
from .context import Ctx
from .export_files import Format, export_rows
from .exporting import orders_wanted
from .order_lists import InTab, Kind
from .output import Result

app = App(name="lines")


@app.command
def export(
    *,
    ctx: Ctx,
    number: str = "",
    tracking: str = "",
    buyer: str = "",
    sku: str = "",
    placed_from: str = "",
    placed_to: str = "",
    paid_from: str = "",
    paid_to: str = "",
    state: tuple[str, ...] = (),
    tab: InTab | None = None,
    store: str = "",
    kind: Kind | None = None,
    output: Path | None = None,
    format: Format | None = None,
) -> Result:
    """
    Write the lines of orders to a file, or to standard output: a row for each.

    Args:
        number: What people call it, the shop's own id of it, or its id.

        tracking: The tracking number of one of its parcels.

        buyer: Words of the buyer's name, or the email; each word in full.

        sku: Of one of its lines, or of what supplies one.

        placed_from: When it was placed: a day, or a time, UTC without a zone.

        placed_to: A day, the whole of it in the platform's zone, or a time.

        paid_from: When it was paid, in the same way.

        paid_to: As --placed-to.

        state: Such as awaiting_shipping; several mean any of them.

        tab: In this tab.

        store: Of one shop.

        kind: Of one kind.

        output: The file.

        format: By the file's name if not given, else CSV.
    """
    wanted = orders_wanted(
        ctx,
        number=number,
        tracking=tracking,
        buyer=buyer,
        sku=sku,
        placed_from=placed_from,
        placed_to=placed_to,
        paid_from=paid_from,
        paid_to=paid_to,
        state=state,
        tab=tab,
        store=store,
        kind=kind,
    )
    rows = ctx.shop.orders.export_lines(wanted)
    return export_rows(ctx, list(LINE_COLUMNS), rows, output, format)
