"""
What a store platform says that its shop sells.
"""

from ..domain.kernel.checks import SKU_MAX
from ..domain.stores.listing import ListedVariant
from ..ports.errors import ProtocolError
from ..ports.platforms import ProductPage
from .answers import Answerer, storable
from .items import items_of
from .stores import CURSOR_MAX, check_id

_WORDS = 500


def checked_products(
    told: Answerer, page: object
) -> tuple[tuple[ListedVariant, ...], tuple[str, ...], str]:
    """
    Return the variants of a page that can be trusted, what is wrong with the others,
    and where to go on; an empty cursor at the end.

    Raises:
        ProtocolError: If *page* is no page, or its cursor leads nowhere.
    """
    if not isinstance(page, ProductPage):
        told.refuse("page", page, "a ProductPage")
    told.check(bool, "has_more", page.has_more)
    told.check(str, "cursor", page.cursor)
    if page.has_more and not 0 < len(page.cursor) <= CURSOR_MAX:
        told.refuse("cursor", page.cursor, f"a text of 1 to {CURSOR_MAX} characters")
    found: list[ListedVariant] = []
    rejected: list[str] = []
    for words in items_of(told, "rejected", page.rejected, str):
        if not isinstance(words, str):
            told.refuse("rejected", words, "a text")
        rejected.append(storable(words, most=_WORDS))
    for one in items_of(told, "variants", page.variants, ListedVariant):
        try:
            found.append(_checked(told, one))
        except ProtocolError as error:
            rejected.append(error.detail)
    cursor = page.cursor if page.has_more else ""
    return tuple(found), tuple(rejected), cursor


def _checked(told: Answerer, variant: object) -> ListedVariant:
    if not isinstance(variant, ListedVariant):
        told.refuse("variant", variant, "a ListedVariant")
    told.check(ListedVariant, "variant", variant)
    for field in ("external_variant_id", "external_product_id"):
        check_id(told, field, getattr(variant, field))
    is_named = variant.sku.strip() or variant.external_variant_id
    if not is_named or len(variant.sku) > SKU_MAX:
        told.refuse("sku", variant.sku, f"a SKU of 1 to {SKU_MAX} characters")
    return variant
