"""
What a shop sells.
"""

from typing import Any

from sourcehere.domain.stores.listing import ListedVariant
from sourcehere.ports.platforms import ProductPage

from .client import Client

_PAGE_MAX = 100
_ONLY = "Default Title"  # of the variant of a product that has no options


def products(client: Client, cursor: str, limit: int) -> ProductPage:
    """
    Read at most *limit* variants from *cursor* on.
    """
    told = client.ask("variants", first=min(limit, _PAGE_MAX), after=cursor or None)
    part = told["productVariants"]
    nodes = part["nodes"]
    info = part["pageInfo"]
    return ProductPage(
        tuple(_variant(one) for one in nodes if _is_sold(one)),
        info["endCursor"] or "",
        bool(info["hasNextPage"]),
    )


def _is_sold(told: dict[str, Any]) -> bool:
    """
    Tell whether customers can buy it, perhaps only where they have its address.
    """
    return told["product"]["status"] not in {"DRAFT", "ARCHIVED"}


def _variant(told: dict[str, Any]) -> ListedVariant:
    product, own = told["product"], told["title"]
    title = product["title"] if own == _ONLY else f"{product['title']} - {own}"
    options = {o["name"]: o["value"] for o in told["selectedOptions"]}
    return ListedVariant(
        sku=told["sku"] or "",
        title=title,
        options={} if own == _ONLY else options,
        barcode=told["barcode"] or "",
        external_variant_id=told["id"].rpartition("/")[2],
        external_product_id=product["id"].rpartition("/")[2],
    )
