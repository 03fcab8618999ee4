"""
`sourcehere orders export`.
"""

from ..face.exported import ORDER_COLUMNS
from .context import Ctx
from .export_files import FileSaid, export_rows
from .order_filters import OrdersSaid, orders_to_export
from .output import Result


def export(
    *,
    ctx: Ctx,
    orders: OrdersSaid = None,
    file: FileSaid = None,
) -> Result:
    """
    Write orders to a file, or to standard output: a row for each, newest first.
    """
    wanted = orders_to_export(ctx, orders)
    rows = ctx.shop.orders.export(wanted)
    return export_rows(ctx, list(ORDER_COLUMNS), rows, file)
