"""
`sourcehere stores`.
"""

from pathlib import Path

from cyclopts import App

from ..domain.stores.model import Store
from .context import Context, Ctx
from .errors import UsageError
from .output import Result, facts, money, table
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
    made = ctx.sh.stores.connect(
        ctx.seller_id,
        store,
        platform=platform,
        name=name or store,
        config=read_object(config),
    )
    words = f"store {store} is connected; `sourcehere stores sync {store}` reads it"
    return Result(_told(made), (words,))


@app.command(name="list")
def list_all(*, ctx: Ctx) -> Result:
    """
    List the seller's shops.
    """
    found = ctx.sh.stores.all(ctx.seller_id)
    shown = table(
        found,
        {
            "store": lambda s: s.store_id,
            "name": lambda s: s.name,
            "platform": lambda s: s.platform,
            "connected": lambda s: s.connected_at,
        },
    )
    return Result([_told(store) for store in found], (shown,))


@app.command
def sync(*store: str, ctx: Ctx) -> Result:
    """
    Bring our orders in step with the shops'; again, it changes only what changed.

    Args:
        store: Which shop; all of the seller's if not given.
    """
    known = [s.store_id for s in ctx.sh.stores.all(ctx.seller_id)]
    if not (store or known):
        message = "there is no store yet; `sourcehere stores connect` adds one"
        raise UsageError(message)
    reports = {name: ctx.sh.stores.sync(ctx.seller_id, name) for name in store or known}
    shown = table(
        list(reports.items()),
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
    return Result(reports, (shown,))


@app.command
def rejected(store: str, /, *, ctx: Ctx) -> Result:
    """
    List the records of a shop that became no order line, and why.

    Args:
        store: Which shop.
    """
    _require_store(ctx, store)
    found = ctx.sh.stores.rejected_rows(ctx.seller_id, store)
    shown = table(
        found,
        {
            "row": lambda r: r.row,
            "order": lambda r: r.external_id,
            "reason": lambda r: r.reason,
            "detail": lambda r: r.detail,
        },
    )
    return Result(found, (shown,))


@app.command
def charges(store: str, /, *, ctx: Ctx) -> Result:
    """
    List the fees that a shop's orders carried; nothing is due for them here.

    Args:
        store: Which shop.
    """
    _require_store(ctx, store)
    found = ctx.sh.stores.charges(ctx.seller_id, store)
    shown = table(
        found,
        {
            "row": lambda c: c.row,
            "order": lambda c: c.external_id,
            "code": lambda c: c.code,
            "amount": lambda c: money(c.amount_minor, c.currency) or c.amount_text,
        },
    )
    totals: dict[str, int] = {}
    for charge in found:
        known = totals.get(charge.currency, 0)
        totals[charge.currency] = known + (charge.amount_minor or 0)
    sums = facts({"total": [money(minor, name) for name, minor in totals.items()]})
    return Result(found, (shown, sums) if found else (shown,))


def _require_store(ctx: Context, store: str) -> None:
    ctx.sh.stores.get(ctx.seller_id, store)


def _told(store: Store) -> dict[str, object]:
    # The configuration may hold secrets, so it is not shown.
    return {
        "store_id": store.store_id,
        "name": store.name,
        "platform": store.platform,
        "connected_at": store.connected_at,
    }
