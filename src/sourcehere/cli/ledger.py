"""
`sourcehere ledger`.
"""

from collections.abc import Iterator
from datetime import date

from cyclopts import App

from ..face.exported import LEDGER_COLUMNS, MONTH_COLUMNS, STATEMENT_COLUMNS, rows_of
from ..face.records.months import WalletMonth
from .context import Context, Ctx
from .errors import UsageError
from .export_files import FileSaid, export_rows
from .order_filters import rows_to_export
from .output import Result, facts, table
from .pages import every

app = App(name="ledger")


@app.command
def export(
    *,
    ctx: Ctx,
    all_sellers: bool = False,
    file: FileSaid = None,
) -> Result:
    """
    Write the ledger to a file, or to standard output: a row for each entry, newest
    first. The entries of a transaction sum to zero.

    Args:
        all_sellers: Of all sellers, one after the other, as staff.
    """
    rows = rows_to_export(ctx, lambda desk: desk.wallet.export(), of_all=all_sellers)
    return export_rows(ctx, list(LEDGER_COLUMNS), rows, file)


@app.command
def months(
    first: str,
    last: str = "",
    /,
    *,
    ctx: Ctx,
    all_sellers: bool = False,
    file: FileSaid = None,
) -> Result:
    """
    Sum the ledger by month, for the accounts: what was there, what came, what went.

    Without a file, or a form, it is a table.

    Args:
        first: The first month, such as 2030-11.

        last: The last one; the first if not given.

        all_sellers: Of all sellers, as staff.
    """
    begins = _month(first)
    found = _months(
        ctx, begins, _month(last) if last else begins, is_of_all=all_sellers
    )
    if file is not None:
        rows = rows_of(found, MONTH_COLUMNS)
        return export_rows(ctx, list(MONTH_COLUMNS), rows, file)
    shown = list(found)
    words = {
        "seller_id": "seller",
        "topped_up": "topped up",
        "taken_back": "taken back",
    }
    columns = {words.get(name, name): show for name, show in MONTH_COLUMNS.items()}
    del columns["currency"]  # each amount has it
    return Result(shown, (table(shown, columns),))


@app.command
def statement(
    first: str,
    last: str = "",
    /,
    *,
    ctx: Ctx,
    file: FileSaid = None,
) -> Result:
    """
    State what happened to the seller's money, each transaction with what was there
    after it.

    Without a file, or a form, it is a table.

    Args:
        first: The first day, such as 2030-12-01.

        last: The last one, at most a year later; the first if not given.
    """
    begins = _day(first)
    made = ctx.shop.wallet.statement(begins, _day(last) if last else begins)
    if file is not None:
        rows = rows_of(iter(made.lines), STATEMENT_COLUMNS)
        return export_rows(ctx, list(STATEMENT_COLUMNS), rows, file)
    shown = {
        "booked": lambda line: line.booked_at,
        "purpose": lambda line: line.purpose,
        "reference": lambda line: line.reference,
        "order": lambda line: "" if line.order_id == line.reference else line.order_id,
        "amount": lambda line: line.amount,
        "balance": lambda line: line.balance,
    }
    ends = facts({"opening": str(made.opening), "closing": str(made.closing)})
    return Result(made, (table(made.lines, shown), ends))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is no day; say one such as 2030-12-01"
        raise UsageError(message) from None


def _months(
    ctx: Context, first: date, last: date, *, is_of_all: bool
) -> Iterator[WalletMonth]:
    if not is_of_all:
        return iter(ctx.shop.wallet.months(first, last))
    desk = ctx.staff_of_all
    return (
        month
        for seller in every(desk.sellers.list)
        for month in desk.seller(seller.seller_id).wallet.months(first, last)
    )


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        message = f"{text!r} is no month; say one such as 2030-11"
        raise UsageError(message) from None
