"""
What a shop sells.
"""

from typing import Any

from sourcehere.domain.stores.listing import ListedVariant
from sourcehere.ports.platforms import ProductPage

from .client import PAGE_MAX, Client


def products(client: Client, cursor: str, limit: int) -> ProductPage:
    """
    Read at most *limit* variants from *cursor* on.
    """
    skip = int(cursor) if cursor.isdecimal() else 0
    part = client.ask("variants", take=min(limit, PAGE_MAX), skip=skip)
    listed = part["productVariants"]
    items = listed["items"]
    following = skip + len(items)
    has_more = bool(items) and following < listed["totalItems"]
    return ProductPage(tuple(_variant(one) for one in items), str(following), has_more)


def _variant(told: dict[str, Any]) -> ListedVariant:
    return ListedVariant(
        sku=(told["sku"] or "").strip(),
        title=told["name"],
        options={one["group"]["name"]: one["name"] for one in told["options"]},
        external_variant_id=str(told["id"]),
        external_product_id=str(told["productId"]),
    )
