"""
How much there is to sell: what is available of each variant at one location.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from sourcehere.ports.errors import DeclinedError, ProtocolError
from sourcehere.ports.stock import ShopStock

from .client import PROVIDER, Client
from .config import ShopifyConfig

# Until then Shopify took no keys, and compared unless it was told not to.
_KEYS_SINCE = "2026-01"


class StockTeller:
    """
    Sets what is available; Shopify sets all that it is given, or nothing.
    """

    def __init__(self, client: Client, config: ShopifyConfig) -> None:
        self._client = client
        self._location = config.location_gid
        self._takes_keys = config.api_version >= _KEYS_SINCE

    def push(self, levels: Sequence[ShopStock]) -> list[Exception | None]:
        """
        Let the shop have as many of each variant as *levels* say.

        Raises:
            DeclinedError: If the shop has several locations, and none is configured.
        """
        location = self._location or self._only_location()
        told: dict[int, Exception | None] = {}
        items = self._items(levels, location)
        left: dict[int, str] = {}
        for place, level in enumerate(levels):
            item = items.get(level.external_variant_id)
            if words := _why_not(level, item, location):
                told[place] = DeclinedError(provider=PROVIDER, detail=words)
            else:
                assert item is not None
                left[place] = item["id"]
        while left:
            places = list(left)
            refused = self._set([(left[p], levels[p].quantity) for p in left], location)
            for number, words in refused.items():
                place = places[number]
                told[place] = DeclinedError(provider=PROVIDER, detail=words)
                del left[place]
            if not refused:
                told |= dict.fromkeys(left)
                break
        return [told[place] for place in range(len(levels))]

    def _only_location(self) -> str:
        nodes = self._client.ask("locations")["locations"]["nodes"]
        if len(nodes) == 1:
            return str(nodes[0]["id"])
        detail = (
            "the shop has several locations: say in the connection's configuration, as"
            " `location`, which one stock is told of"
            if nodes
            else "the shop has no location"
        )
        raise DeclinedError(provider=PROVIDER, detail=detail)

    def _items(
        self, levels: Sequence[ShopStock], location: str
    ) -> dict[str, dict[str, Any]]:
        """
        Return what is counted, by the variants' numbers; those that are there.
        """
        names = {level.external_variant_id for level in levels}
        ids = [
            f"gid://shopify/ProductVariant/{n}" for n in sorted(names) if n.isdecimal()
        ]
        if not ids:
            return {}
        nodes = self._client.ask("stock_items", ids=ids, location=location)["nodes"]
        return {
            node["id"].rpartition("/")[2]: node["inventoryItem"]
            for node in nodes
            if node and "inventoryItem" in node
        }

    def _set(self, wanted: Sequence[tuple[str, int]], location: str) -> dict[int, str]:
        """
        Set all of *wanted*, item and quantity; or nothing, where any is refused.

        Returns:
            Place in *wanted* -> why it is refused.

        Raises:
            DeclinedError: If Shopify refuses it without saying which.
        """
        quantities: list[dict[str, object]] = [
            {"inventoryItemId": item, "locationId": location, "quantity": quantity}
            for item, quantity in wanted
        ]
        given: dict[str, object] = {"name": "available", "reason": "correction"}
        if self._takes_keys:
            given["quantities"] = [q | {"changeFromQuantity": None} for q in quantities]
            variables = {"input": given, "key": str(uuid.uuid4())}
            said = self._client.ask("set_stock", **variables)
        else:
            given |= {"quantities": quantities, "ignoreCompareQuantity": True}
            said = self._client.ask("set_stock_2025_10", input=given)
        return _refusals(said["inventorySetQuantities"], len(wanted))


def _why_not(
    level: ShopStock, item: dict[str, Any] | None, location: str
) -> str | None:
    name = f"variant {level.external_variant_id}"
    if item is None:
        return f"no {name}"
    if not item["tracked"]:
        return f"{name}: the shop does not track its quantity; turn it on there"
    if item["inventoryLevel"] is None:
        number = location.rpartition("/")[2]
        return f"{name} is not stocked at location {number}; stock it there once"
    return None


def _refusals(said: Any, count: int) -> dict[int, str]:
    if not isinstance(said, dict):
        detail = "inventorySetQuantities says nothing"
        raise ProtocolError(provider=PROVIDER, detail=detail)
    found: dict[int, str] = {}
    for error in said["userErrors"]:
        path = error.get("field") or []
        numbers = [int(part) for part in path if str(part).isdecimal()]
        if not numbers or numbers[0] >= count:
            detail = f"inventorySetQuantities: {error.get('message', '')}"
            raise DeclinedError(provider=PROVIDER, detail=detail)
        found[numbers[0]] = str(error.get("message", ""))
    return found
