"""
`sourcehere sellers`.
"""

from cyclopts import App

from .context import Ctx
from .output import Result, table

app = App(name="sellers")


@app.command
def add(seller: str, /, *, ctx: Ctx, currency: str, name: str = "") -> Result:
    """
    Take a seller on, with an empty wallet.

    Args:
        seller: The id to name the seller by.

        currency: Of the wallet, as ISO 4217 has it.

        name: What people read; the id if not given.
    """
    made = ctx.sh.sellers.register(seller, name=name or seller, currency=currency)
    return Result(made, (f"seller {made.seller_id} has a wallet in {made.currency}",))


@app.command(name="list")
def list_all(*, ctx: Ctx) -> Result:
    """
    List all sellers.
    """
    found = ctx.sh.sellers.all()
    shown = table(
        found,
        {
            "seller": lambda s: s.seller_id,
            "name": lambda s: s.name,
            "currency": lambda s: s.currency,
            "joined": lambda s: s.joined_at,
        },
    )
    return Result(found, (shown,))
