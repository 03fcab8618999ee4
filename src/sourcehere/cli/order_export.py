"""
`sourcehere orders export`.
"""

from ..face.exported import ORDER_COLUMNS
from .context import Ctx
from .export_files import FileSaid, export_rows
from .order_filters import OrdersSaid, orders_to_export, rows_to_export
from .output import Result


def export(
    *,
    ctx: Ctx,
    orders: OrdersSaid = None,
    all_sellers: bool = False,
    file: FileSaid = None,
) -> Result:
    """
    Write orders to a file, or to standard output: a row for each, newest first.

    Args:
        all_sellers: Of all sellers, one after the other, as staff.
    """
    wanted = orders_to_export(ctx, orders, of_all=all_sellers)
    rows = rows_to_export(
        ctx, lambda desk: desk.orders.export(wanted), of_all=all_sellers
    )
    return export_rows(ctx, list(ORDER_COLUMNS), rows, file)
