"""
`sourcehere sellers`.
"""

from cyclopts import App

from .context import Ctx
from .output import Result, table
from .pages import USUAL, paged

app = App(name="sellers")


@app.command
def add(seller: str, /, *, ctx: Ctx, currency: str, name: str = "") -> Result:
    """
    Register a seller, with an empty wallet.

    Args:
        seller: The id to name the seller by.

        currency: Of the wallet, as ISO 4217 has it.

        name: What people read; the id if not given.
    """
    made = ctx.staff.sellers.register(seller, name=name or seller, currency=currency)
    return Result(made, (f"seller {made.seller_id} has a wallet in {made.currency}",))


@app.command(name="list")
def list_all(*, ctx: Ctx, after: str = "", limit: int = USUAL) -> Result:
    """
    List all sellers.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.staff.sellers.list(after=after, limit=limit)
    shown = table(
        page.items,
        {
            "seller": lambda s: s.seller_id,
            "name": lambda s: s.name,
            "currency": lambda s: s.currency,
            "joined": lambda s: s.joined_at,
        },
    )
    return paged(page, shown)
