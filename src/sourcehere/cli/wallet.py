"""
`sourcehere wallet`.
"""

from cyclopts import App

from ..face.records.money import Balance
from .context import Ctx
from .output import Result, facts, table
from .pages import paged
from .reading import read_instant, read_money

app = App(name="wallet")


@app.command
def show(*, ctx: Ctx) -> Result:
    """
    Show the balances.
    """
    return _balances(ctx.shop.wallet.get())


@app.command
def top_up(
    amount: str, /, *, ctx: Ctx, reference: str, received_at: str = ""
) -> Result:
    """
    Record a bank transfer, as staff; a reference counts once.

    Args:
        amount: In major units, such as 100.00.

        reference: The transfer's own reference.

        received_at: When it arrived, as ISO 8601 has it; now if not given.
    """
    balance = ctx.shop_by_staff.wallet.top_up(
        read_money(amount, ctx.currency),
        reference=reference,
        received_at=(read_instant(received_at, ctx.sh.zone) if received_at else None),
    )
    return _balances(balance)


@app.command
def ledger(*, ctx: Ctx, after: str = "", limit: int = 50) -> Result:
    """
    List the newest entries of the ledger, newest first.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.shop.wallet.ledger(after=after, limit=limit)
    shown = table(
        page.items,
        {
            "booked": lambda e: e.booked_at,
            "purpose": lambda e: e.purpose,
            "account": lambda e: e.account,
            "amount": lambda e: e.amount,
            "reference": lambda e: e.reference,
        },
    )
    return paged(page, shown)


def _balances(balance: Balance) -> Result:
    return Result(
        balance,
        (
            facts(
                {
                    "seller": balance.seller_id,
                    "available": balance.available,
                    "held": balance.held,
                    "debt": balance.debt,
                }
            ),
        ),
    )
