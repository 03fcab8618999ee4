"""
How much there is to sell: set for many products, or many variations of one, at once.
"""

from collections.abc import Sequence
from typing import Any

from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    ProviderError,
    ThrottledError,
    UnauthorizedError,
)
from sourcehere.ports.stock import ShopStock

from .client import PROVIDER, Client

# Who says this is not asked for the next group either.
_OF_ALL = (ThrottledError, UnauthorizedError)


def push_stock(client: Client, levels: Sequence[ShopStock]) -> list[Exception | None]:
    """
    Let the shop count the units of each variant, and have as many as *levels* say.
    """
    groups: dict[str, list[ShopStock]] = {}
    for level in levels:
        groups.setdefault(_path(level), []).append(level)
    told: dict[str, Exception | None] = {}
    out: ProviderError | None = None
    for path, group in groups.items():
        if out is None:
            try:
                told |= _push(client, path, group)
                continue
            except ProviderError as error:
                out = error if isinstance(error, _OF_ALL) else None
                failed: ProviderError = error
        else:
            failed = out
        told |= {level.external_variant_id: failed for level in group}
    return [told[level.external_variant_id] for level in levels]


def _path(level: ShopStock) -> str:
    """
    Return where a variant is written: a simple product is its own variant.
    """
    if level.external_variant_id == level.external_product_id:
        return "/products/batch"
    return f"/products/{level.external_product_id}/variations/batch"


def _push(
    client: Client, path: str, group: Sequence[ShopStock]
) -> dict[str, Exception | None]:
    update = [
        {
            "id": int(level.external_variant_id),
            "manage_stock": True,
            "stock_quantity": level.quantity,
        }
        for level in group
        if level.external_variant_id.isdecimal()
    ]
    said = client.send("POST", path, {"update": update}, why="telling stock")
    taken = {str(one["id"]): one for one in _items(said)}
    return {
        level.external_variant_id: _error(level, taken.get(level.external_variant_id))
        for level in group
    }


def _items(said: Any) -> list[dict[str, Any]]:
    found = said.get("update") if isinstance(said, dict) else None
    if not isinstance(found, list):
        raise ProtocolError(provider=PROVIDER, detail="no list of what was updated")
    return found


def _error(level: ShopStock, one: dict[str, Any] | None) -> Exception | None:
    if one is None:
        detail = f"no variant {level.external_variant_id}"
        return DeclinedError(provider=PROVIDER, detail=detail)
    if error := one.get("error"):
        return DeclinedError(provider=PROVIDER, detail=str(error.get("message", error)))
    if one.get("stock_quantity") != level.quantity:
        detail = f"it has {one.get('stock_quantity')} of {level.external_variant_id}"
        return ProtocolError(provider=PROVIDER, detail=detail)
    return None
