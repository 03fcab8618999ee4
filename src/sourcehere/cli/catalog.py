"""
`sourcehere catalog`.
"""

from collections.abc import Sequence
from pathlib import Path

import attrs
from cyclopts import App

from ..domain.kernel.ids import VariantId
from ..domain.kernel.words import counted
from ..face.records.goods import ProductView
from . import catalog_upkeep
from .catalog_file import read_products
from .catalog_upkeep import find_product
from .context import Context, Ctx
from .output import Result, Table, facts, prices, table, when
from .pages import every, paged
from .references import find_variants

app = App(name="catalog")
app.command(catalog_upkeep.change)
app.command(catalog_upkeep.change_product)
app.command(catalog_upkeep.out_of_stock)
app.command(catalog_upkeep.in_stock)
app.command(catalog_upkeep.bring_back)
app.command(catalog_upkeep.import_file, name="import")
app.command(catalog_upkeep.history)
app.command(catalog_upkeep.touched)


@app.command(name="list")
def list_(*, ctx: Ctx, after: str = "", limit: int = 20) -> Result:
    """
    List all products with their variants, the oldest first.

    Args:
        after: Where the page before ended, as it said.

        limit: How many products, at most 500.
    """
    page = ctx.desk.catalog.list(after=after, limit=limit)
    return paged(page, _variants(page.items))


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
    made = ctx.staff.catalog.add_many(read_products(file))
    products = counted(len(made), "product")
    variants = sum(len(product.variants) for product in made)
    return Result(made, (f"{products} with {counted(variants, 'variant')}: added",))


@app.command
def search(*words: str, ctx: Ctx, after: str = "", limit: int = 20) -> Result:
    """
    Find products that have every word in their title or a SKU.

    Args:
        words: Whole words, case ignored.

        after: Where the page before ended, as it said.

        limit: How many products, at most 500.
    """
    page = ctx.desk.catalog.search(" ".join(words), after=after, limit=limit)
    return paged(page, _variants(page.items))


@app.command
def find_link(link: str, /, *, ctx: Ctx) -> Result:
    """
    Find products by their page, however the link was copied.

    Args:
        link: The page's address.
    """
    return _listed(ctx.desk.catalog.find_by_link(link))


@app.command
def show(name: str, /, *, ctx: Ctx) -> Result:
    """
    Show a product with its variants.

    Args:
        name: The product's id, or a SKU of it.
    """
    product = ctx.desk.catalog.get(find_product(ctx, name))
    about = facts(
        {
            "product": product.product_id,
            "title": product.title,
            "link": product.link,
            "options": product.option_names,
            "pictures": product.pictures,
        }
    )
    ahead = [(v, one) for v in product.variants for one in v.prices_ahead]
    if not ahead:
        return Result(product, (about, _variants([product])))
    coming = table(
        ahead,
        {
            "sku": lambda p: p[0].sku,
            "from": lambda p: when(p[1].starts_at),
            "prices": lambda p: prices(p[1].prices),
        },
        title="Prices ahead",
    )
    return Result(product, (about, _variants([product]), coming))


@app.command
def discontinue(name: str, /, *, ctx: Ctx, dry_run: bool = False) -> Result:
    """
    Stop selling a variant, as staff: SKUs that need it are connected no longer, and
    their orders wait again.

    Args:
        name: Its SKU or id.

        dry_run: Show what that touches, and change nothing.
    """
    desk = ctx.staff
    variant_id = find_variants(ctx, [name])[name]
    edit = desk.catalog.discontinue(variant_id, dry_run=dry_run)
    stock = _stock_of(ctx, variant_id)
    if dry_run:
        shown = catalog_upkeep.told(edit, dry_run=True)
        return attrs.evolve(shown, shown=(*shown.shown, *stock))
    variant = desk.catalog.variants([variant_id])[VariantId(variant_id)]
    # The relay would do it too; a person at a terminal sees at once what it did.
    back = {
        seller.seller_id: desk.seller(seller.seller_id)
        .connections.drop_variant(variant_id)
        .orders_waiting
        for seller in every(desk.sellers.list)
    }
    orders = counted(sum(back.values()), "order")
    words = f"{variant.sku} is sold no more; {orders} back in Unrecognized"
    data = {"variant": variant, "orders_unrecognized": back}
    return Result(data, (words, *stock))


def _stock_of(ctx: Context, variant_id: str) -> tuple[str, ...]:
    """
    Say who has units of a variant in a cloud warehouse: nobody can order them any more.
    """
    desk = ctx.staff
    units = {
        seller.seller_id: sum(
            held.on_hand + held.incoming
            for held in desk.seller(seller.seller_id).cloud.stock()
            if held.variant_id == variant_id
        )
        for seller in every(desk.sellers.list)
    }
    listed = ", ".join(f"{name} {count}" for name, count in units.items() if count)
    if not listed:
        return ()
    words = (
        f"\nunits in cloud warehouses ({listed}) can be ordered no more either:"
        " `sourcehere catalog bring-back` and then `sourcehere catalog out-of-stock`"
        " let sellers sell what they have there"
    )
    return (words,)


def _listed(products: Sequence[ProductView]) -> Result:
    return Result(products, (_variants(products),))


def _variants(products: Sequence[ProductView]) -> Table:
    pairs = [(product, v) for product in products for v in product.variants]
    return table(
        pairs,
        {
            "sku": lambda p: p[1].sku,
            "title": lambda p: p[1].title or p[0].title,
            "options": lambda p: p[1].options,
            "prices": lambda p: prices(p[1].prices),
            "grams": lambda p: p[1].weight_grams,
            "sold": lambda p: p[1].is_sold,
            "in stock": lambda p: p[1].is_in_stock,
            "variant": lambda p: p[1].variant_id,
            "product": lambda p: p[0].product_id,
        },
    )
