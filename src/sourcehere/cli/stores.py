"""
`sourcehere stores`.
"""

from functools import partial
from pathlib import Path
from typing import Literal

import attrs
from cyclopts import App

from ..domain.freight.choosing import ShipBy
from ..domain.kernel.money import Money
from . import (
    store_cancelling,
    store_files,
    store_fulfilments,
    store_stock,
    store_sync,
    store_webhooks,
)
from .context import Ctx
from .output import Result, facts, table, when
from .pages import USUAL, every, paged
from .saying import Secrets, Values, configured
from .trying import found_well, why_unused

app = App(name="stores")
app.command(store_files.connect)
app.command(store_files.preview)
app.command(store_files.list_profiles, name="profiles")
app.command(store_sync.sync)
app.command(store_fulfilments.fulfilments)
app.command(store_stock.push_stock)
app.command(store_cancelling.cancel_orders)
app.command(store_webhooks.subscribe)
app.command(store_webhooks.unsubscribe)
_SHOWN = 60  # characters of what a shop said, in a table


@app.command
def change(
    store: str,
    /,
    *,
    ctx: Ctx,
    config: Path | None = None,
    values: Values = None,
    secrets: Secrets = None,
    name: str | None = None,
    pull_every: int | None = None,
    told_days: int | None = None,
    ship_by: Literal["cheapest", "fastest"] | None = None,
    ship_within_days: int | None = None,
    unchecked: bool = False,
    allow_plain: bool = False,
) -> Result:
    """
    Change a shop's connection; what is not given stays as it is.

    Args:
        store: Which shop.

        config: A JSON file with the whole configuration from now on.

        values: A field of it: FIELD=VALUE where it is a text, FIELD:=VALUE where it is
            a number, a list, true or false; `sourcehere plugins show` lists them.

        secrets: A secret field, FIELD=VARIABLE: the environment variable that holds it.

        name: What people read.

        pull_every: Every how many seconds `worker` reads it; 0 for never.

        told_days: For how many days is kept what it says; 0 for not at all, -1 as the
            platform says.

        ship_by: How orders travel for which nobody chose a method.

        ship_within_days: In how many days on the way at most, if there is such a way;
            else the fastest is taken. 0 for no limit.

        unchecked: Do not try the new credentials.

        allow_plain: Keep secrets that stand in the file as they are.
    """
    made = ctx.shop.stores.change(
        store,
        config=configured(config, values, secrets),
        name=name,
        pull_every_s=pull_every,
        told_days=told_days,
        ship_by=None if ship_by is None else ShipBy(ship_by),
        ship_within_days=ship_within_days,
        check=not unchecked,
        allow_plain=allow_plain,
    )
    return Result(made, (f"store {store} is changed",))


@app.command
def pause(store: str, why: str = "", /, *, ctx: Ctx) -> Result:
    """
    Let a shop rest: it is not read, and what is owed to it waits.

    Args:
        store: Which shop.

        why: For people who see it in the list.
    """
    made = ctx.shop.stores.pause(store, why=why)
    return Result(made, (f"store {store} is paused",))


@app.command
def resume(store: str, /, *, ctx: Ctx) -> Result:
    """
    Read a paused shop again, and tell it what waited.

    Args:
        store: Which shop.
    """
    made = ctx.shop.stores.resume(store)
    return Result(made, (f"store {store} is active",))


@app.command
def disconnect(store: str, why: str = "", /, *, ctx: Ctx) -> Result:
    """
    End a shop's connection; its orders stay.

    Args:
        store: Which shop.

        why: For people who see it in the list.
    """
    made = ctx.shop.stores.disconnect(store, why=why)
    return Result(made, (f"store {store} is disconnected",))


@app.command
def rewind(store: str, /, *, ctx: Ctx, cursor: str = "") -> Result:
    """
    Let the next sync read a shop from the start; what is known changes nothing.

    Args:
        store: Which shop.

        cursor: Where to start instead, in the platform's own words.
    """
    made = ctx.shop.stores.rewind(store, cursor=cursor)
    return Result(made, (f"`sourcehere stores sync {store}` reads it again",))


@app.command
def check(store: str, /, *, ctx: Ctx) -> Result:
    """
    Let the platform try a shop's credentials now, if it can.

    Args:
        store: Which shop.
    """
    is_tried = ctx.shop.stores.check(store)
    told = {"store_id": store, "is_tried": is_tried}
    return Result(told, (f"store {store} {found_well(is_tried=is_tried)}",))


@app.command(name="list")
def list_all(*, ctx: Ctx, after: str = "", limit: int = USUAL) -> Result:
    """
    List the seller's shops.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.shop.stores.list(after=after, limit=limit)
    shown = table(
        page.items,
        {
            "store": lambda s: s.store_id,
            "name": lambda s: s.name,
            "platform": lambda s: s.platform,
            "state": lambda s: s.state,
            "read": lambda s: s.pulled_at or "",
            "why": why_unused,
        },
    )
    return paged(page, shown)


@app.command
def reconcile(store: str, /, *, ctx: Ctx, limit: int = 100) -> Result:
    """
    Ask a shop about the open orders that it has not told of for a day: were they
    deleted?

    Args:
        store: Which shop.

        limit: How many orders.
    """
    report = ctx.shop.stores.reconcile(store, limit=limit)
    return Result(
        report,
        (facts({name: str(count) for name, count in attrs.asdict(report).items()}),),
    )


@app.command
def problems(store: str, /, *, ctx: Ctx, after: str = "", limit: int = USUAL) -> Result:
    """
    List what a shop told that became no order or no line, and why, until the shop
    tells it well.

    Args:
        store: Which shop.

        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.shop.stores.problems(store, after=after, limit=limit)
    shown = table(
        page.items,
        {
            "row": lambda r: r.row,
            "order": lambda r: r.external_id,
            "reason": lambda r: r.reason,
            "detail": lambda r: r.detail,
        },
    )
    return paged(page, shown)


@app.command
def told(
    store: str,
    /,
    *,
    ctx: Ctx,
    order: str = "",
    after: str = "",
    limit: int = USUAL,
) -> Result:
    """
    List what a shop said, newest first, as long as it is kept; with --json in full.

    Args:
        store: Which shop.

        order: Only what it said of this order: its key or its number.

        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.shop.stores.told(store, order=order, after=after, limit=limit)
    shown = table(
        page.items,
        {
            "last at": lambda t: when(t.last_at),
            "times": lambda t: t.times,
            "how": lambda t: t.how,
            "asked": lambda t: " ".join(t.asked)[:_SHOWN],
            "size": lambda t: f"{t.size}, cut" if t.is_cut else t.size,
            "said": lambda t: (t.raw or t.answer)[:_SHOWN],
        },
    )
    return paged(page, shown)


@app.command
def charges(store: str, /, *, ctx: Ctx) -> Result:
    """
    List all fees that a shop's orders carried; nothing is due for them here.

    Args:
        store: Which shop.
    """
    found = every(partial(ctx.shop.stores.charges, store))
    shown = table(
        found,
        {
            "row": lambda c: c.row,
            "order": lambda c: c.external_id,
            "code": lambda c: c.code,
            "amount": lambda c: c.amount_text if c.amount is None else c.amount,
        },
    )
    totals: dict[str, Money] = {}
    for amount in (charge.amount for charge in found if charge.amount is not None):
        known = totals.get(amount.currency, Money.zero(amount.currency))
        totals[amount.currency] = known + amount
    sums = facts({"total": list(totals.values())})
    return Result(found, (shown, sums) if found else (shown,))
