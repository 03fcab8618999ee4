"""
What a shop sells: simple products, and the variations of those that have some.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from sourcehere.domain.stores.listing import ListedVariant
from sourcehere.ports.platforms import ProductPage
from sourcehere_http import Listed, ProductReader, Window

from .client import PROVIDER, Client

_PRODUCTS = 10  # of a page: each variable one is asked for its variations
_SOLD = "publish"
_BY_ID = {"orderby": "id", "order": "asc"}


def products(client: Client, cursor: str, limit: int) -> ProductPage:
    """
    Read the variants of at most *limit* products from *cursor* on.
    """
    reader = ProductReader(
        provider=PROVIDER,
        read=partial(_variants, client),
        id_of=lambda told: str(told["id"]),
        page_max=_PRODUCTS + 1,
    )
    return reader.page(cursor, partial(_listed, client), limit=limit)


def _listed(client: Client, window: Window) -> Listed:
    params = {
        "per_page": str(window.count),
        "offset": str(window.offset),
        "status": _SOLD,
        **_BY_ID,
    }
    told = client.page("/products", params, why="reading products")
    return Listed(told.items, window.offset + len(told.items) < told.total)


def _variants(client: Client, product: dict[str, Any]) -> Iterable[ListedVariant]:
    if not _has_variations(product):
        return [_variant(product, product["name"], product)]
    path = f"/products/{product['id']}/variations"
    told = client.all(path, _BY_ID, why="reading variations")
    return [
        _variant(product, _title(product, one), one)
        for one in told
        if one["status"] == _SOLD
    ]


def _has_variations(product: dict[str, Any]) -> bool:
    """
    Tell whether a product is sold by its variations: also one of a plugin's own type,
    such as `variable-subscription`, which names them.
    """
    return product["type"] == "variable" or bool(product.get("variations"))


def _title(product: dict[str, Any], variation: dict[str, Any]) -> str:
    options = [attribute["option"] for attribute in variation["attributes"]]
    return f"{product['name']} - {', '.join(options)}" if options else product["name"]


def _variant(
    product: dict[str, Any], title: str, variant: dict[str, Any]
) -> ListedVariant:
    chosen = variant["attributes"] if variant is not product else []
    return ListedVariant(
        sku=variant["sku"] or "",
        title=title,
        options={one["name"]: one["option"] for one in chosen},
        barcode=variant.get("global_unique_id") or "",  # since WooCommerce 9.2
        external_variant_id=str(variant["id"]),
        external_product_id=str(product["id"]),
    )
