"""
`sourcehere wallet`.
"""

from cyclopts import App

from ..domain.kernel.actor import Role
from ..domain.wallet.model import Wallet
from .context import Ctx
from .output import Result, facts, money, table
from .reading import read_instant, read_money

app = App(name="wallet")


@app.command
def show(*, ctx: Ctx) -> Result:
    """
    Show the balances.
    """
    return _balances(ctx.sh.wallets.get(ctx.seller_id))


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
    wallet = ctx.sh.wallets.top_up(
        ctx.seller_id,
        read_money(amount, ctx.currency),
        reference=reference,
        by=ctx.by(Role.STAFF),
        received_at=read_instant(received_at) if received_at else None,
    )
    return _balances(wallet)


@app.command
def ledger(*, ctx: Ctx, limit: int = 50) -> Result:
    """
    List the newest entries of the ledger, newest first.

    Args:
        limit: How many.
    """
    found = ctx.sh.wallets.ledger(ctx.seller_id, limit=limit)
    shown = table(
        found,
        {
            "booked": lambda e: e.booked_at,
            "purpose": lambda e: e.purpose,
            "account": lambda e: e.account,
            "amount": lambda e: money(e.amount_minor, e.currency),
            "reference": lambda e: e.reference,
        },
    )
    return Result(found, (shown,))


def _balances(wallet: Wallet) -> Result:
    return Result(
        wallet,
        (
            facts(
                {
                    "seller": wallet.seller_id,
                    "available": money(wallet.available, wallet.currency),
                    "held": money(wallet.held, wallet.currency),
                    "debt": money(wallet.debt, wallet.currency),
                }
            ),
        ),
    )
