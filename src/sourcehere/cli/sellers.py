"""
`sourcehere sellers`.
"""

from collections.abc import Sequence

import attrs
from cyclopts import App

from ..domain.sellers.model import Salesman
from ..domain.sellers.promises import AS_THE_PLATFORM_SAYS, Promises
from .context import Ctx
from .errors import UsageError
from .output import Result, Table, facts, table
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


@app.command
def salesman(salesman: str, /, *channel: str, ctx: Ctx, name: str = "") -> Result:
    """
    Say where a member of staff is reached who serves sellers.

    Args:
        salesman: The id of the member of staff.

        channel: Such as whatsapp=+8613800000000, the best first.

        name: What people read; the id if not given.
    """
    made = ctx.staff.sellers.put_salesman(
        salesman, name=name or salesman, channels=dict(map(_channel, channel))
    )
    return Result(made, (salesman_table([made]),))


@app.command
def assign(seller: str, salesman: str, /, *, ctx: Ctx) -> Result:
    """
    Let a salesman serve a seller.

    Args:
        seller: The seller's id.

        salesman: The id of the member of staff; '' for nobody.
    """
    made = ctx.staff.sellers.assign(seller, salesman)
    return Result(made, (f"{salesman or 'nobody'} serves {seller}",))


@app.command
def promise(
    seller: str,
    /,
    *,
    ctx: Ctx,
    ship_days: int = AS_THE_PLATFORM_SAYS,
    receive_days: int = AS_THE_PLATFORM_SAYS,
    quote_days: int = AS_THE_PLATFORM_SAYS,
    dispute_days: int = AS_THE_PLATFORM_SAYS,
) -> Result:
    """
    Promise a seller other times than everybody, from now on.

    Each is a number of days: -1 as the platform says, 0 for no promise.

    Args:
        seller: The seller's id.

        ship_days: From payment until the last unit has left.

        receive_days: Until a cloud warehouse has counted what was sent there.

        quote_days: Until a quote request is answered.

        dispute_days: Until staff ask, offer or end a dispute that is their turn.
    """
    promises = Promises(
        ship_days=ship_days,
        receive_days=receive_days,
        quote_days=quote_days,
        dispute_days=dispute_days,
    )
    made = ctx.staff.sellers.promise(seller, promises)
    shown = {
        name: "as the platform says" if days == AS_THE_PLATFORM_SAYS else days
        for name, days in attrs.asdict(made.promises).items()
    }
    return Result(made, (facts(shown),))


@app.command
def allocation(seller: str, policy: str, /, *, ctx: Ctx) -> Result:
    """
    Say from which stock a seller's orders are served, from now on.

    Args:
        seller: The seller's id.

        policy: fill_available from one warehouse, split_available from as many as it
            takes, each by a parcel of its own, fill_all from one that has all of an
            order or none, fill_or_kill from such a one or not at all, or one of a
            plugin; '' as the platform does.
    """
    made = ctx.staff.sellers.allocate_by(seller, policy)
    words = f"orders of {seller} are served by {policy or 'the policy of the platform'}"
    return Result(made, (words,))


@app.command
def salesmen(*, ctx: Ctx, after: str = "", limit: int = USUAL) -> Result:
    """
    List who serves sellers, and where they are reached.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.staff.sellers.salesmen(after=after, limit=limit)
    return paged(page, salesman_table(page.items))


@app.command
def my_salesman(*, ctx: Ctx) -> Result:
    """
    Show who serves the seller, and where they are reached.
    """
    found = ctx.shop.salesman()
    shown = salesman_table([found]) if found else "nobody yet: ask the platform"
    return Result(found, (shown,))


def salesman_table(found: Sequence[Salesman]) -> Table:
    """
    Show salesmen, a row each.
    """
    return table(
        found,
        {
            "salesman": lambda s: s.salesman_id,
            "name": lambda s: s.name,
            "channels": lambda s: [f"{c.kind}={c.address}" for c in s.channels],
        },
    )


def _channel(text: str) -> tuple[str, str]:
    kind, equals, address = text.partition("=")
    if not equals:
        message = f"{text!r} is no channel; write it as whatsapp=+8613800000000"
        raise UsageError(message)
    return kind, address


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
            "salesman": lambda s: s.salesman_id,
        },
    )
    return paged(page, shown)
