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


def products(client: Client, cursor: str, limit: int) -> ProductPage:
    """
    Read at most *limit* variants from *cursor* on.
    """
    return _READER.page(cursor, partial(_listed, client), limit=limit)


def _listed(client: Client, window: Window) -> Listed:
    told = client.ask("variants", take=window.count, skip=window.offset)
    items, total = (
        told["productVariants"]["items"],
        told["productVariants"]["totalItems"],
    )
    return Listed(items, window.offset + len(items) < total)


def _read(told: dict[str, Any]) -> Iterable[ListedVariant]:
    if not (told["enabled"] and told["product"]["enabled"]):
        return []
    return [
        ListedVariant(
            sku=told["sku"] or "",
            title=told["name"],
            options={one["group"]["name"]: one["name"] for one in told["options"]},
            external_variant_id=str(told["id"]),
            external_product_id=str(told["productId"]),
        )
    ]


_READER = ProductReader(
    provider=PROVIDER,
    read=_read,
    id_of=lambda told: str(told["id"]),
    page_max=PAGE_MAX,
)
