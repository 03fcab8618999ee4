"""
Which platform variants may supply what a shop sells.
"""

from collections.abc import Mapping

from ..catalog.model import comparison_key
from ..kernel.actor import Role
from ..orders.tabs import Tab
from ..pairing.suggestion import Suggestion
from ..services.base import BulkReport
from ..services.pairing import NewConnection
from .context import Context, Ctx
from .errors import failures, problems, worst
from .output import Result, Table, table
from .references import skus_of
from .rules import TRY_WAITING, suggested_rule


def suggest(store: str, /, *sku: str, ctx: Ctx, connect: bool = False) -> Result:
    """
    Say which platform variants may supply SKUs of a shop, and why.

    Args:
        store: Which shop.

        sku: SKUs of the shop; those of its newest 500 unrecognized orders if not given.

        connect: Connect each suggestion at once, the shop's SKU being its listing.
    """
    wanted = list(sku) or _waiting_skus(ctx, store)
    found = ctx.sh.pairing.suggest(ctx.seller_id, store, wanted)
    known = skus_of(ctx, [s.variant_id for s in found])
    alone = sorted(set(wanted) - {s.sku for s in found})
    shown: list[Table | str] = [_suggestions(found, known)]
    if alone:
        shown.append(f"no suggestion for {', '.join(alone)}")
    data: dict[str, object] = {"suggestions": found, "without": alone}
    if not connect:
        return Result(data, tuple(shown))
    report = _connect_all(ctx, store, found)
    data.update(connected=report.done, failed=failures(report.failed))
    shown.append(f"{len(report.done)} connected; {TRY_WAITING}")
    failed = report.failed
    return Result(data, tuple(shown), problems(failed), worst(failed))


def _connect_all(
    ctx: Context, store: str, found: tuple[Suggestion, ...]
) -> BulkReport[str]:
    # Spellings that differ in case only are one variant of the shop.
    first = {comparison_key(s.sku): s for s in reversed(found)}
    new = [
        NewConnection(store_id=store, listing=s.sku, rules=(suggested_rule(s),))
        for s in first.values()
    ]
    return ctx.sh.pairing.connect_many(ctx.seller_id, new, by=ctx.by(Role.SELLER))


def _waiting_skus(ctx: Context, store: str) -> list[str]:
    ctx.sh.stores.get(ctx.seller_id, store)
    page = ctx.sh.orders.page(
        ctx.seller_id, tab=Tab.UNRECOGNIZED, store_id=store, limit=500
    )
    lines = (line for order in page.orders for line in order.lines)
    spellings = {line.sku_key: line.sku for line in lines if line.is_waiting}
    return sorted(sku for key, sku in spellings.items() if key)


def _suggestions(found: tuple[Suggestion, ...], known: Mapping[str, str]) -> Table:
    return table(
        found,
        {
            "shop's sku": lambda s: s.sku,
            "platform's sku": lambda s: known.get(s.variant_id, ""),
            "why": lambda s: s.words,
        },
    )
