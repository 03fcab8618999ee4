"""
Asking a shop under test what it sells, as the core does.
"""

from collections.abc import Iterable, Iterator

import pytest

from ...domain.kernel.values import frozen
from ...domain.stores.listing import ListedVariant
from ...doors.answers import Answerer
from ...doors.products import checked_products
from ...ports.errors import ProtocolError
from ...ports.platforms import SupportsProducts
from .products_lab import ProductIds, ShopProduct

# More pages than any of these tests has variants: what asks longer never ends.
PAGES_MAX = 300
_ME = Answerer("shop under test")


@frozen
class Listing:
    """
    What the core takes in of a page.

    Attributes:
        cursor: Where to go on; empty at the end.

        rejected: What is wrong with records that it does not take in.
    """

    variants: tuple[ListedVariant, ...]
    cursor: str
    rejected: tuple[str, ...]


def page_of(shop: SupportsProducts, cursor: str = "", *, limit: int) -> Listing:
    """
    Read one page as the core takes it in.

    What is refused as a whole is no failure that the adapter told, and may not be taken
    for one.
    """
    told = shop.pull_products(cursor, limit=limit)
    try:
        variants, rejected, following = checked_products(_ME, told)
    except ProtocolError as error:
        msg = f"the core refuses what was told: {error.detail}"
        raise AssertionError(msg) from error
    return Listing(variants, following, rejected)


def pages(
    shop: SupportsProducts, cursor: str = "", *, limit: int = 2
) -> Iterator[Listing]:
    """
    Read pages until there are no more.
    """
    seen = {cursor}
    for _ in range(PAGES_MAX):
        page = page_of(shop, cursor, limit=limit)
        yield page
        if not page.cursor:
            return
        assert page.cursor not in seen, (
            f"there is more, and the cursor {page.cursor!r} was told before: whoever"
            " goes on from it never comes to an end"
        )
        seen.add(page.cursor)
        cursor = page.cursor
    pytest.fail(f"still more after {PAGES_MAX} pages")


def listed(
    shop: SupportsProducts, cursor: str = "", *, limit: int = 100
) -> list[ListedVariant]:
    """
    Read everything; nothing of it may be set aside.
    """
    found: list[ListedVariant] = []
    for page in pages(shop, cursor, limit=limit):
        words = "; ".join(page.rejected)
        assert not page.rejected, f"the core does not take in what was told: {words}"
        found += page.variants
    return found


def sold_of(product: ShopProduct, ids: ProductIds) -> Iterator[dict[str, object]]:
    """
    Yield what is to be told of each variant of a product.
    """
    for variant, name in zip(product.variants, ids.variant_ids, strict=True):
        yield {
            "sku": variant.sku,
            "options": dict(variant.options),
            "external_variant_id": name,
            "external_product_id": ids.product_id,
        }


def one_of(found: Iterable[ListedVariant], variant_id: str) -> ListedVariant:
    """
    Return the variant of that id among those that were listed.
    """
    told = list(found)
    same = [one for one in told if one.external_variant_id == variant_id]
    others = ", ".join(repr(one.external_variant_id) for one in told) or "none at all"
    assert same, (
        f"the shop sells variant {variant_id!r}, and pages do not list it; they list"
        f" {others}"
    )
    assert len(same) == 1, f"variant {variant_id!r} is listed {len(same)} times"
    return same[0]


def assert_all(found: Iterable[ListedVariant], wanted: Iterable[str]) -> None:
    """
    Hold a listing to the ids of all that is sold: each once, and nothing else.
    """
    told, sold = [one.external_variant_id for one in found], list(wanted)
    lost = sorted(set(sold) - set(told))
    assert lost == [], f"{len(lost)} of {len(sold)} variants are not listed: {lost}"
    strange = sorted(set(told) - set(sold))
    assert strange == [], f"listed, and the shop does not sell them: {strange}"
    twice = sorted({name for name in told if told.count(name) > 1})
    assert twice == [], f"listed more than once: {twice}"
