"""
`sourcehere orders export`.
"""

from pathlib import Path

from ..face.exported import ORDER_COLUMNS
from .context import Ctx
from .export_files import Format, export_rows
from .order_filters import OrdersSaid, orders_to_export
from .output import Result


def export(
    *,
    ctx: Ctx,
    orders: OrdersSaid = None,
    output: Path | None = None,
    format: Format | None = None,
) -> Result:
    """
    Write orders to a file, or to standard output: a row for each, newest first.

    Args:
        output: The file.

        format: By the file's name if not given, else CSV.
    """
    wanted = orders_to_export(ctx, orders)
    rows = ctx.shop.orders.export(wanted)
    return export_rows(ctx, list(ORDER_COLUMNS), rows, output, format)
