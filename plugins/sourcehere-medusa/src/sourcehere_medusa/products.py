"""
What a shop sells.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from sourcehere.domain.stores.listing import ListedVariant
from sourcehere.ports.platforms import ProductPage
from sourcehere_http import Listed, ProductReader, Window

from .client import PAGE_MAX, PROVIDER, Client

_FIELDS = (
    "id,title,sku,barcode,product_id,product.title,product.status,*options,"
    "options.option.title"
)
_SOLD = "published"  # and no draft, nor proposed by somebody, or rejected
# As Medusa calls the variant of a product without options, and its option.
_ONLY = "Default variant"
_NO_OPTIONS = {"Default option": "Default option value"}


def products(client: Client, cursor: str, limit: int) -> ProductPage:
    """
    Read at most *limit* variants from *cursor* on.
    """
    return _READER.page(cursor, partial(_listed, client), limit=limit)


def _listed(client: Client, window: Window) -> Listed:
    wanted = {
        "fields": _FIELDS,
        "order": "id",
        "limit": str(window.count),
        "offset": str(window.offset),
    }
    why = "reading what the shop sells"
    told = client.page("/product-variants", "variants", wanted, why=why)
    return Listed(told.items, window.offset + len(told.items) < told.count)


def _read(told: dict[str, Any]) -> Iterable[ListedVariant]:
    product = told["product"] or {}
    return [_variant(told, product)] if product.get("status") == _SOLD else []


def _variant(told: dict[str, Any], product: dict[str, Any]) -> ListedVariant:
    return ListedVariant(
        sku=told["sku"] or "",
        title=_title(product.get("title") or "", told["title"] or ""),
        options=_options(told["options"] or ()),
        barcode=told["barcode"] or "",
        external_variant_id=str(told["id"]),
        external_product_id=str(told["product_id"] or ""),
    )


def _options(told: Iterable[dict[str, Any]]) -> dict[str, str]:
    options = {one["option"]["title"]: one["value"] for one in told}
    return {} if options == _NO_OPTIONS else options


def _title(product: str, variant: str) -> str:
    has_own = variant and variant not in {product, _ONLY}
    return " - ".join(part for part in (product, variant if has_own else "") if part)


_READER = ProductReader(
    provider=PROVIDER,
    read=_read,
    id_of=lambda told: str(told["id"]),
    page_max=PAGE_MAX,
)
