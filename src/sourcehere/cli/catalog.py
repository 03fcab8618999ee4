"""
`sourcehere catalog`.
"""

from collections.abc import Sequence
from pathlib import Path

from cyclopts import App

from ..domain.catalog.model import Variant
from ..domain.kernel.actor import Role
from ..domain.kernel.errors import NotFoundError
from ..services.platform.catalog import Listing
from .catalog_file import read_products
from .context import Context, Ctx
from .output import Result, Table, counted, facts, money, table
from .references import find_variants, is_id

app = App(name="catalog")


@app.command
def add(file: Path, /, *, ctx: Ctx) -> Result:
    """
    Add the products of a file, as staff.

    A record is a variant, with sku, title, weight_grams, price (such as 1.70, or
    "1.70 100:1.50" by quantity) and currency; it may have product, link, barcode,
    length_mm, width_mm, height_mm, concession_points, quantity_min, attributes and
    option:NAME. Records with the same product are variants of one product.

    Args:
        file: CSV with a header, or a JSON list of objects where it ends in .json.
    """
    made = ctx.sh.catalog.add_many(read_products(file), by=ctx.by(Role.STAFF))
    products = counted(len(made), "product")
    variants = sum(len(listing.variants) for listing in made)
    return Result(made, (f"{products} with {counted(variants, 'variant')}: added",))


@app.command
def search(*words: str, ctx: Ctx, limit: int = 20) -> Result:
    """
    Find products that have every word in their title or a SKU.

    Args:
        words: Whole words, case ignored.

        limit: How many products.
    """
    return _listed(ctx.sh.catalog.search(" ".join(words), limit=limit))


@app.command
def find_link(link: str, /, *, ctx: Ctx) -> Result:
    """
    Find products by their page, however the link was copied.

    Args:
        link: The page's address.
    """
    return _listed(ctx.sh.catalog.find_by_link(link))


@app.command
def show(name: str, /, *, ctx: Ctx) -> Result:
    """
    Show a product with its variants.

    Args:
        name: The product's id, or a SKU of it.
    """
    listing = ctx.sh.catalog.get(_product_id(ctx, name))
    product = listing.product
    about = facts(
        {
            "product": product.product_id,
            "title": product.title,
            "link": product.link,
            "options": product.option_names,
        }
    )
    return Result(listing, (about, _variants([listing])))


@app.command
def discontinue(name: str, /, *, ctx: Ctx) -> Result:
    """
    Stop selling a variant, as staff: connections with it end, orders wait again.

    Args:
        name: Its SKU or id.
    """
    by = ctx.by(Role.STAFF)
    variant = ctx.sh.catalog.discontinue(find_variants(ctx, [name])[name], by=by)
    back = {
        seller.seller_id: ctx.sh.pairing.drop_variant(
            seller.seller_id, variant.variant_id, by=by
        )
        for seller in ctx.sh.sellers.all()
    }
    orders = counted(sum(back.values()), "order")
    words = f"{variant.sku} is sold no more; {orders} back in Unrecognized"
    data = {"variant": variant, "orders_unrecognized": back}
    return Result(data, (words,))


def _product_id(ctx: Context, name: str) -> str:
    if is_id(name):
        return name
    found = ctx.sh.catalog.find_by_sku([name])
    if not found:
        raise NotFoundError(kind="product", id=name)
    return next(iter(found.values())).product_id


def _listed(listings: Sequence[Listing]) -> Result:
    return Result(listings, (_variants(listings),))


def _variants(listings: Sequence[Listing]) -> Table:
    pairs = [(listing, v) for listing in listings for v in listing.variants]
    return table(
        pairs,
        {
            "sku": lambda p: p[1].sku,
            "title": lambda p: p[1].title or p[0].product.title,
            "options": lambda p: p[1].options,
            "prices": lambda p: _prices(p[1]),
            "grams": lambda p: p[1].weight_grams,
            "sold": lambda p: p[1].is_sold,
            "variant": lambda p: p[1].variant_id,
            "product": lambda p: p[0].product.product_id,
        },
    )


def _prices(variant: Variant) -> list[str]:
    return [
        money(tier.unit_minor, currency)
        + (f" from {tier.quantity_from}" if tier.quantity_from > 1 else "")
        for currency, tiers in variant.prices.items()
        for tier in tiers
    ]
