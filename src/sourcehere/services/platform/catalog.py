"""
The platform's catalogue: products to find, variants to supply.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from ...domain.catalog.links import product_key
from ...domain.catalog.model import (
    NewVariant,
    Product,
    Variant,
    check_pictures,
    search_words,
)
from ...domain.kernel.actor import Actor
from ...domain.kernel.checks import Link
from ...domain.kernel.errors import (
    AlreadyExistsError,
    InvalidInputError,
)
from ...domain.kernel.ids import ProductId, VariantId, new_id
from ...domain.kernel.skus import comparison_key
from ...domain.kernel.values import frozen
from ...ports.storage import RowExistsError
from ...unit.platform_unit import PlatformUnit
from ...unit.tables.catalog import (
    PRODUCT_WORDS,
    PRODUCTS,
    PRODUCTS_BY_LINK,
    PRODUCTS_BY_WORD,
    VARIANTS,
    VARIANTS_BY_PRODUCT,
    VARIANTS_BY_SKU,
    ProductWord,
)
from ..base.checks import require_staff
from ..base.commands import Given
from ..base.service import Service


@frozen(kw_only=True)
class NewProduct:
    """
    A product as staff write it down.
    """

    title: str
    variants: tuple[NewVariant, ...]
    link: Link = ""
    option_names: tuple[str, ...] = ()
    pictures: tuple[Link, ...] = ()


@frozen
class Listing:
    """
    A product with its variants.
    """

    product: Product
    variants: tuple[Variant, ...]


class Catalog(Service):
    """
    Adds and finds what the platform sells.
    """

    def add(self, new: NewProduct, *, by: Actor, command_id: str = "") -> Listing:
        """
        Add a product with its variants; the same command again returns the same
        product.

        Raises:
            InvalidInputError: If a field is out of bounds, or there is no variant.

            AlreadyExistsError: If a SKU, case ignored, is in the catalogue already.
        """
        if not command_id:
            return self.add_many([new], by=by)[0]
        require_staff(by, "add_product")
        listing = listing_of(new, self._ports.clock.now())

        def work(unit: PlatformUnit) -> str:
            taken = unit.find(VARIANTS_BY_SKU, [(v.sku_key,) for v in listing.variants])
            if taken:
                raise AlreadyExistsError(kind="SKU", key=taken[0].sku)
            write_listings(unit, [listing])
            return listing.product.product_id

        given = Given(command_id, "add_product", new)
        return self.get(self._once_for_platform(given, work, str))

    def add_many(
        self, new: Sequence[NewProduct], *, by: Actor, command_id: str = ""
    ) -> list[Listing]:
        """
        Add products, in commits of a hundred; a commit that fails adds none of its own.

        The same command again returns the same products, and goes on where a commit
        had failed.

        Raises:
            InvalidInputError: If a field is out of bounds, or there is no variant.

            AlreadyExistsError: If a SKU, case ignored, is in the catalogue already.
        """
        require_staff(by, "add_product")
        given = Given(command_id, "add_products", tuple(new))
        listings = [listing_of(product, self._ports.clock.now()) for product in new]
        added: list[Listing] = []
        for part in self._parts(listings):
            names = self._store(part, given, item=f"{len(added)}+{len(part)}")
            added += part if names == _ids(part) else self._listings(names)
        return added

    def _listings(self, product_ids: Sequence[str]) -> list[Listing]:
        def work(unit: PlatformUnit) -> list[Listing]:
            products = unit.many(PRODUCTS, [(name,) for name in product_ids])
            return with_variants(unit, products)

        found = self._units.platform(work, read_only=True)
        by_id = {str(listing.product.product_id): listing for listing in found}
        return [by_id[name] for name in product_ids]

    def _store(
        self, listings: Sequence[Listing], given: Given, *, item: str
    ) -> tuple[str, ...]:
        def work(unit: PlatformUnit) -> tuple[str, ...]:
            write_listings(unit, listings)
            return _ids(listings)

        keys = {v.sku_key: v.sku for g in listings for v in g.variants}
        if len(keys) < sum(len(g.variants) for g in listings):
            raise AlreadyExistsError(kind="SKU", key=_repeated(listings))
        try:
            return self._once_for_platform(given, work, tuple[str, ...], item)
        except RowExistsError as error:
            known = sorted(self.find_by_sku(keys.values()))
            taken = keys[known[0]] if known else error.key
            raise AlreadyExistsError(kind="SKU", key=taken) from error

    def get(self, product_id: str) -> Listing:
        """
        Return a product with its variants.

        Raises:
            NotFoundError: If there is none.
        """
        return self._units.platform(
            lambda unit: with_variants(unit, [unit.need(PRODUCTS, product_id)])[0],
            read_only=True,
        )

    def variants(self, variant_ids: Iterable[str]) -> dict[str, Variant]:
        """
        Return variants by id; unknown ids are absent.
        """
        keys = [(name,) for name in sorted(set(variant_ids))]
        found = self._units.platform(
            lambda unit: [v.at(unit.now) for v in unit.many(VARIANTS, keys)],
            read_only=True,
        )
        return {str(variant.variant_id): variant for variant in found}

    def find_by_sku(self, skus: Iterable[str]) -> dict[str, Variant]:
        """
        Find variants by SKU, case ignored; keyed by the SKU as it is compared.
        """
        keys = sorted({comparison_key(sku) for sku in skus})
        names = [(key,) for key in keys]
        found = self._units.platform(
            lambda unit: [v.at(unit.now) for v in unit.find(VARIANTS_BY_SKU, names)],
            read_only=True,
        )
        return {variant.sku_key: variant for variant in found}

    def find_by_link(self, link: str) -> list[Listing]:
        """
        Find products by their page, however the link was copied: from a phone, with
        what tracks visitors, in another language (`domain/catalog/links.py`).

        Raises:
            InvalidInputError: If it is no link.
        """
        key = product_key(link)
        return self._units.platform(
            lambda unit: with_variants(unit, unit.find(PRODUCTS_BY_LINK, [(key,)])),
            read_only=True,
        )

    def page(self, *, after: str = "", limit: int = 20) -> tuple[list[Listing], bool]:
        """
        List products by id.

        Args:
            after: Those behind the product of this id; all if empty.

        Returns:
            The products, and whether there are more.
        """

        def work(unit: PlatformUnit) -> tuple[list[Listing], bool]:
            found, has_more = unit.slice(
                PRODUCTS.primary, after=(after,) if after else None, limit=limit
            )
            return with_variants(unit, [product for _, product in found]), has_more

        return self._units.platform(work, read_only=True)

    def search(
        self, text: str, *, after: str = "", limit: int = 20
    ) -> tuple[list[Listing], bool]:
        """
        Find products that have every word of *text* in a title, SKU or option value.

        Args:
            after: Those behind the product of this id; all if empty.

        Returns:
            The products, by id, and whether there are more.

        Raises:
            InvalidInputError: If *text* has no word.
        """
        words = search_words(text)
        if not words:
            raise InvalidInputError(field="text", value=text, expected="a word")

        def work(unit: PlatformUnit) -> tuple[list[Listing], bool]:
            hits = [
                {w.product_id for w in unit.find(PRODUCTS_BY_WORD, [(word,)])}
                for word in sorted(words)
            ]
            both = sorted(name for name in set.intersection(*hits) if name > after)
            found = unit.many(PRODUCTS, [(name,) for name in both[:limit]])
            return with_variants(unit, found), len(both) > limit

        return self._units.platform(work, read_only=True)


def listing_of(new: NewProduct, at: datetime) -> Listing:
    """
    Return a new product with its variants, to be stored.

    Raises:
        InvalidInputError: If a field is out of bounds, or there is no variant.
    """
    if not new.variants:
        raise InvalidInputError(field="variants", value=(), expected="at least one")
    check_pictures(new.pictures)
    product_id = ProductId(new_id())
    link = new.link or f"sourcehere.example/products/{product_id}"
    product = Product(
        product_id=product_id,
        title=new.title,
        link=link,
        option_names=new.option_names,
        created_at=at,
        pictures=tuple(new.pictures),
    )
    variants = (v.checked(product_id, VariantId(new_id())) for v in new.variants)
    return Listing(product, tuple(variants))


def _ids(listings: Sequence[Listing]) -> tuple[str, ...]:
    return tuple(listing.product.product_id for listing in listings)


def write_listings(unit: PlatformUnit, listings: Sequence[Listing]) -> None:
    """
    Store new products with their variants.
    """
    for listing in listings:
        unit.insert(PRODUCTS, listing.product)
        unit.insert(VARIANTS, *listing.variants)
        unit.insert(PRODUCT_WORDS, *words_of(listing))


def _repeated(listings: Sequence[Listing]) -> str:
    seen: set[str] = set()
    for variant in (v for listing in listings for v in listing.variants):
        if variant.sku_key in seen:
            return variant.sku
        seen.add(variant.sku_key)
    return ""


def words_of(listing: Listing) -> list[ProductWord]:
    """
    Return the words that find a product.
    """
    texts = [listing.product.title]
    for variant in listing.variants:
        texts += [variant.sku, variant.title, *variant.options.values()]
    return [
        ProductWord(word=word, product_id=listing.product.product_id)
        for word in sorted(search_words(*texts))
    ]


def with_variants(unit: PlatformUnit, products: Sequence[Product]) -> list[Listing]:
    """
    Return *products* with their variants, at the prices that hold now.
    """
    found = unit.find(VARIANTS_BY_PRODUCT, [(p.product_id,) for p in products])
    by_product: dict[str, list[Variant]] = {}
    for variant in found:
        by_product.setdefault(variant.product_id, []).append(variant.at(unit.now))
    return [Listing(p, tuple(by_product.get(p.product_id, ()))) for p in products]
