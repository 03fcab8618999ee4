"""
Which platform variants may supply what a shop sells, and what nothing supplies.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from .. import NewConnection
from ..domain.kernel.errors import NotFoundError
from ..domain.kernel.skus import comparison_key
from ..domain.pairing.dictionary import OptionWords
from ..domain.pairing.suggestion import Suggestion
from ..face.records.reports import Coverage, SuggestionReport
from .context import Context, Ctx
from .errors import UsageError, failures, problems, worst
from .option_words import read_words
from .output import Result, Table, table, tell_progress
from .pages import every
from .references import is_id, skus_of
from .rules import TRY_WAITING, suggested_rule


def suggest(
    store: str,
    /,
    *sku: str,
    ctx: Ctx,
    product: str = "",
    products: bool = False,
    words: Path | None = None,
    connect: bool = False,
    method: str = "",
) -> Result:
    """
    Say which platform variants may supply SKUs of a shop, and why.

    Args:
        store: Which shop.

        sku: SKUs of the shop; all that its orders wait for if not given.

        product: Match with the variants of this product only: its link, its id or a SKU
            of it.

        products: For what the shop says it sells and nothing connects, instead; its
            platform has to tell products.

        words: A JSON file of words that options have here, {"values": {"colour":
            {"navy": ["midnight"]}}, "names": {"size": ["taglia"]}}.

        connect: Connect at once what needs no person to look at it; with `--product` as
            one listing, else each SKU as a listing of its own.

        method: The shipping method of these connections.
    """
    if products and (sku or product):
        message = "--products is instead of SKUs and of --product"
        raise UsageError(message)
    found = (
        ctx.shop.suggestions.for_products(store, words=read_words(words))
        if products
        else _found(ctx, store, sku, product, read_words(words))
    )
    known = skus_of(ctx, [s.variant_id for s in found.suggestions])
    shown: list[Table | str] = [_suggestions(found.suggestions, known)]
    if found.without:
        shown.append(f"no suggestion for {', '.join(found.without)}")
    data: dict[str, object] = {
        "suggestions": found.suggestions,
        "without": found.without,
    }
    if not connect:
        return Result(data, tuple(shown))
    new = _connections(store, found.suggestions, method, is_one_listing=bool(product))
    report = ctx.shop.connections.connect_many(new)
    data.update(connected=report.done, failed=failures(report.failed))
    shown.append(f"{len(report.done)} connected; {TRY_WAITING}")
    failed = report.failed
    return Result(data, tuple(shown), problems(failed), worst(failed))


def _found(
    ctx: Context, store: str, skus: Sequence[str], product: str, words: OptionWords
) -> SuggestionReport:
    desk = ctx.shop
    if product:
        waiting = desk.connections.coverage(store).unpaired
        wanted = skus or [u.sku for u in waiting if u.sku.strip()]
        chosen = _find_product(ctx, product)
        return desk.suggestions.within_product(store, wanted, chosen, words=words)
    if not skus:
        return desk.suggestions.for_waiting(store, words=words, progress=tell_progress)
    found = desk.suggestions.for_skus(store, skus, words=words)
    have = {one.sku for one in found}
    return SuggestionReport(found, tuple(sorted(set(skus) - have)))


def _find_product(ctx: Context, name: str) -> str:
    if is_id(name):
        return ctx.desk.catalog.get(name).product_id
    products = ctx.desk.catalog.find_by_link(name)
    found = sorted({one.product_id for one in products})
    found = found or [
        variant.product_id for variant in ctx.desk.catalog.find_by_sku([name]).values()
    ]
    if not found:
        raise NotFoundError(kind="product", id=name)
    if len(found) > 1:
        message = f"{name!r} is the link of several products ({', '.join(found)})"
        raise UsageError(message)
    return found[0]


def _connections(
    store: str, found: Sequence[Suggestion], method: str, *, is_one_listing: bool
) -> list[NewConnection]:
    # Spellings that differ in case only are one variant of the shop.
    sure = {comparison_key(s.sku): s for s in reversed(found) if not s.needs_person}
    rules = [suggested_rule(sure[key]) for key in sorted(sure)]
    parts = [tuple(rules)] if is_one_listing and rules else [(rule,) for rule in rules]
    return [
        NewConnection(store_id=store, listing=part[0].sku, rules=part, method=method)
        for part in parts
    ]


def coverage(*store: str, ctx: Ctx, limit: int = 50) -> Result:
    """
    Show what no connection supplies, and what waits for it, most orders first.

    Args:
        store: Which shop; all of the seller's if not given.

        limit: How many SKUs of each shop to show; JSON has all.
    """
    desk = ctx.shop
    names = store or [s.store_id for s in every(desk.stores.list)]
    found = [desk.connections.coverage(name) for name in names]
    shown: list[Table | str] = [_totals(found)]
    for one in found:
        if one.unpaired:
            shown.append(_unpaired(one, limit))
        if len(one.unpaired) > limit:
            shown.append(f"{len(one.unpaired) - limit} more with --limit")
    return Result(found, tuple(shown))


def _totals(found: Sequence[Coverage]) -> Table:
    return table(
        found,
        {
            "store": lambda c: c.store_id,
            "skus paired": lambda c: c.skus_paired,
            "unpaired": lambda c: c.skus_unpaired,
            "orders waiting": lambda c: c.orders_waiting,
            "their lines paired": lambda c: c.lines_paired,
            "not paired": lambda c: c.lines_unpaired,
        },
    )


def _unpaired(one: Coverage, limit: int) -> Table:
    return table(
        one.unpaired[:limit],
        {
            "sku": lambda u: u.sku,
            "variant": lambda u: u.external_variant_id,
            "title": lambda u: u.title,
            "orders": lambda u: u.orders,
            "wait for it only": lambda u: u.orders_only,
            "units": lambda u: u.units,
        },
        title=f"Unpaired in {one.store_id}",
    )


def _suggestions(found: Sequence[Suggestion], known: Mapping[str, str]) -> Table:
    return table(
        found,
        {
            "shop's sku": lambda s: s.sku,
            "platform's sku": lambda s: known.get(s.variant_id, ""),
            "reason": lambda s: s.reason,
            "why": lambda s: s.words,
            "look first": lambda s: s.needs_person,
        },
    )
