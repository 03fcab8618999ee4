"""
`sourcehere lines`.
"""

from cyclopts import App

from ..face.exported import LINE_COLUMNS
from .context import Ctx
from .export_files import FileSaid, export_rows
from .order_filters import OrdersSaid, orders_to_export, rows_to_export
from .output import Result

app = App(name="lines")


@app.command
def export(
    *,
    ctx: Ctx,
    orders: OrdersSaid = None,
    all_sellers: bool = False,
    file: FileSaid = None,
) -> Result:
    """
    Write the lines of orders to a file, or to standard output: a row for each, with the
    platform's SKUs that supply it and what is still to be sent of them.

    Args:
        all_sellers: Of all sellers, one after the other, as staff.
    """
    wanted = orders_to_export(ctx, orders, of_all=all_sellers)
    rows = rows_to_export(
        ctx, lambda desk: desk.orders.export_lines(wanted), of_all=all_sellers
    )
    return export_rows(ctx, list(LINE_COLUMNS), rows, file)
