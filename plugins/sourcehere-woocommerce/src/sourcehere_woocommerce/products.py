"""
What a shop sells: simple products, and the variations of the others.
"""

from typing import Any

from sourcehere.domain.stores.listing import ListedVariant
from sourcehere.ports.platforms import ProductPage

from .client import Client

_PRODUCTS = 10  # of a page: each variable one is asked for its variations


def products(client: Client, cursor: str) -> ProductPage:
    """
    Read the variants of some products from *cursor* on.
    """
    number = int(cursor) if cursor.isdecimal() else 1
    params = {
        "per_page": str(_PRODUCTS),
        "page": str(number),
        "orderby": "id",
        "order": "asc",
        "status": "publish",
    }
    listed = client.page("/products", params, why="reading products")
    found: list[ListedVariant] = []
    rejected: list[str] = []
    for product in listed.items:
        for variant in _variants(client, product):
            if variant.sku or variant.external_variant_id:
                found.append(variant)
            else:
                rejected.append(f"product {product.get('id')}: it has no id")
    has_more = number * _PRODUCTS < listed.total
    return ProductPage(tuple(found), str(number + 1), has_more, tuple(rejected))


def _variants(client: Client, product: dict[str, Any]) -> list[ListedVariant]:
    if product["type"] != "variable":
        return [_listed(product, product["name"], product)]
    path = f"/products/{product['id']}/variations"
    told = client.all(path, why="reading variations")
    return [_listed(product, _title(product, one), one) for one in told]


def _title(product: dict[str, Any], variation: dict[str, Any]) -> str:
    options = [attribute["option"] for attribute in variation["attributes"]]
    return f"{product['name']} - {', '.join(options)}" if options else product["name"]


def _listed(
    product: dict[str, Any], title: str, variant: dict[str, Any]
) -> ListedVariant:
    chosen = variant["attributes"] if variant is not product else []
    return ListedVariant(
        sku=(variant["sku"] or "").strip(),
        title=title,
        options={one["name"]: one["option"] for one in chosen},
        external_variant_id=str(variant["id"]),
        external_product_id=str(product["id"]),
    )
