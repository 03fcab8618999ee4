"""
What a shop sells.
"""

from typing import Any

from sourcehere.domain.stores.listing import ListedVariant
from sourcehere.ports.platforms import ProductPage

from .client import PAGE_MAX, Client

_FIELDS = "id,title,sku,barcode,product_id,product.title,*options,options.option.title"
_ONLY = "Default variant"  # as Medusa calls that of a product without options


def products(client: Client, cursor: str, limit: int) -> ProductPage:
    """
    Read at most *limit* variants from *cursor* on.
    """
    offset = int(cursor) if cursor.isdecimal() else 0
    wanted = {
        "fields": _FIELDS,
        "order": "id",
        "limit": str(min(limit, PAGE_MAX)),
        "offset": str(offset),
    }
    why = "reading what the shop sells"
    listed = client.page("/product-variants", "variants", wanted, why=why)
    following = offset + len(listed.items)
    has_more = bool(listed.items) and following < listed.count
    variants = tuple(_variant(one) for one in listed.items)
    return ProductPage(variants, str(following), has_more)


def _variant(told: dict[str, Any]) -> ListedVariant:
    product = told["product"] or {}
    return ListedVariant(
        sku=(told["sku"] or "").strip(),
        title=_title(product.get("title") or "", told["title"] or ""),
        options={one["option"]["title"]: one["value"] for one in told["options"] or ()},
        barcode=told["barcode"] or "",
        external_variant_id=str(told["id"]),
        external_product_id=str(told["product_id"] or ""),
    )


def _title(product: str, variant: str) -> str:
    has_own = variant and variant not in {product, _ONLY}
    return " - ".join(part for part in (product, variant if has_own else "") if part)
