"""
`sourcehere ledger`.
"""

from cyclopts import App

from ..face.exported import LEDGER_COLUMNS
from .context import Ctx
from .export_files import FileSaid, export_rows
from .output import Result

app = App(name="ledger")


@app.command
def export(
    *,
    ctx: Ctx,
    file: FileSaid = None,
) -> Result:
    """
    Write the ledger to a file, or to standard output: a row for each entry, newest
    first. The entries of a transaction sum to zero.
    """
    rows = ctx.shop.wallet.export()
    return export_rows(ctx, list(LEDGER_COLUMNS), rows, file)
