"""
`sourcehere orders export`.
"""

from pathlib import Path

from .context import Ctx
from .export_files import Format, export_rows
from .exporting import ORDER_COLUMNS, orders_wanted
from .order_lists import InTab, Kind
from .output import Result


def export(
    *,
    ctx: Ctx,
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
    Write orders to a file, or to standard output: a row for each, newest first.

    Args:
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
    found = orders_wanted(
        ctx,
        placed_from=placed_from,
        placed_to=placed_to,
        paid_from=paid_from,
        paid_to=paid_to,
        state=state,
        tab=tab,
        store=store,
        kind=kind,
    )
    return export_rows(ctx, found, ORDER_COLUMNS, output, format)
