"""
`sourcehere connections products` and `not-ours`: what a shop sells, and what of it
nobody here supplies.
"""

from collections.abc import Sequence

from ..domain.kernel.words import counted
from .context import Ctx
from .output import Result, table


def _split(names: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """
    Part names as they are written into SKUs, ids of variants and ids of products.
    """
    skus: list[str] = []
    variants: list[str] = []
    products: list[str] = []
    for name in names:
        kind, _, external_id = name.partition(":")
        if kind == "variant":
            variants.append(external_id)
        elif kind == "product":
            products.append(external_id)
        else:
            skus.append(name)
    return skus, variants, products


def mark_not_ours(store: str, /, *name: str, ctx: Ctx) -> Result:
    """
    Leave what the platform does not supply out of orders: tips, protection, downloads.

    Args:
        store: Which shop.

        name: SKUs of the shop's, variant:ID or product:ID.
    """
    skus, variants, products = _split(name)
    done = ctx.shop.connections.mark_not_ours(
        store, skus, variant_ids=variants, product_ids=products
    )
    orders = counted(done.orders_changed, "order")
    words = f"{', '.join(name)}: not ours; {orders} changed"
    return Result(done, (words,))


def unmark_not_ours(store: str, /, *name: str, ctx: Ctx) -> Result:
    """
    Want it again, in orders that come or are told again from now on.

    Args:
        store: Which shop.

        name: SKUs of the shop's, variant:ID or product:ID.
    """
    skus, variants, products = _split(name)
    ctx.shop.connections.unmark_not_ours(
        store, skus, variant_ids=variants, product_ids=products
    )
    data = {"store_id": store, "names": list(name)}
    return Result(data, (f"{', '.join(name)}: ours from now on",))


def not_ours(store: str, /, *, ctx: Ctx) -> Result:
    """
    List what a shop sells and the platform does not supply.

    Args:
        store: Which shop.
    """
    found = ctx.shop.connections.not_ours(store)
    shown = table(found, {"name": lambda n: n.name, "since": lambda n: n.marked_at})
    return Result(found, (shown,))


def products(store: str, /, *, ctx: Ctx) -> Result:
    """
    Ask a shop what it sells, before anyone orders it, and show what is connected.

    Args:
        store: Which shop; its platform has to tell products.
    """
    found = ctx.shop.connections.products(store)
    shown = table(
        found.variants,
        {
            "sku": lambda v: v.sku,
            "variant": lambda v: v.external_variant_id,
            "product": lambda v: v.external_product_id,
            "title": lambda v: v.title,
            "connection": lambda v: "not ours" if v.is_not_ours else v.connection_id,
        },
    )
    wrong = [f"cannot be trusted: {words}" for words in found.rejected]
    return Result(found, (shown, *wrong))
