"""
`sourcehere stores`.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import attrs
from cyclopts import App

from ..domain.kernel.money import Money
from ..face.records.reports import SyncReport
from .context import Ctx, reported
from .errors import UsageError
from .output import Result, counted, facts, table
from .pages import USUAL, every, paged
from .reading import read_object

app = App(name="stores")


@app.command
def connect(
    store: str, /, *, ctx: Ctx, config: Path, platform: str = "file", name: str = ""
) -> Result:
    """
    Connect a shop; nothing is read before `stores sync`.

    Args:
        store: The id to name it by.

        config: A JSON file with the platform's configuration.

        platform: What serves it; `sourcehere plugins` lists them.

        name: What people read; the id if not given.
    """
    made = ctx.shop.stores.connect(
        store, platform=platform, name=name, config=read_object(config)
    )
    words = f"store {store} is connected; `sourcehere stores sync {store}` reads it"
    return Result(made, (words,))


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
            "connected": lambda s: s.connected_at,
        },
    )
    return paged(page, shown)


@app.command
def sync(*store: str, ctx: Ctx) -> Result:
    """
    Bring our orders in step with the shops'; again, it changes only what changed.

    A shop that cannot answer is named, and the others are synced all the same.

    Args:
        store: Which shop; all of the seller's if not given.
    """
    report = ctx.shop.stores.sync_many(store or None)
    if not report.done and not report.failed:
        message = "there is no store yet; `sourcehere stores connect` adds one"
        raise UsageError(message)
    shown = table(
        list(report.done.items()),
        {
            "store": lambda r: r[0],
            "orders": lambda r: r[1].orders,
            "lines": lambda r: r[1].lines,
            "units": lambda r: r[1].units,
            "changed": lambda r: r[1].changed,
            "unchanged": lambda r: r[1].unchanged,
            "charges": lambda r: r[1].charges,
            "rejected": lambda r: r[1].rejected,
        },
    )
    made = reported(report, shown)
    said = [words for name, one in report.done.items() for words in _also(name, one)]
    return attrs.evolve(made, shown=(*made.shown, *said))


def _also(name: str, report: SyncReport) -> Iterator[str]:
    if report.nothing_wanted:
        orders = counted(report.nothing_wanted, "order")
        yield f"{name}: {orders} of which nothing is to be sent by us"
    if report.older:
        yield f"{name}: {counted(report.older, 'order')} told as before a later change"


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
