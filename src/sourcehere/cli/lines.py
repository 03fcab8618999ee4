"""
`sourcehere lines`.
"""

from cyclopts import App

from ..face.exported import LINE_COLUMNS
from .context import Ctx
from .export_files import FileSaid, export_rows
from .order_filters import OrdersSaid, orders_to_export
from .output import Result

app = App(name="lines")


@app.command
def export(
    *,
    ctx: Ctx,
    orders: OrdersSaid = None,
    file: FileSaid = None,
) -> Result:
    """
    Write the lines of orders to a file, or to standard output: a row for each.
    """
    wanted = orders_to_export(ctx, orders)
    rows = ctx.shop.orders.export_lines(wanted)
    return export_rows(ctx, list(LINE_COLUMNS), rows, file)
