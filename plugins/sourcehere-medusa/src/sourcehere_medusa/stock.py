"""
How much there is to sell: what is stocked of each variant at one location.

Medusa sells what is stocked less what is reserved for orders that were placed. So as
much is stocked as is to be sold, and what is reserved besides.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import attrs

from sourcehere.ports.errors import DeclinedError, ProtocolError
from sourcehere.ports.stock import ShopStock

from .client import PROVIDER, Client
from .config import MedusaConfig

_FIELDS = (
    "id,manage_inventory,inventory_items.required_quantity,"
    "inventory_items.inventory_item_id,*inventory_items.inventory.location_levels"
)
_IDS_MAX = 20  # in one question: Medusa takes a longer list for something else


@attrs.frozen
class _Level:
    """
    What is to be stocked of an inventory item.
    """

    item: str
    quantity: int
    is_new: bool


class StockTeller:
    """
    Sets what is stocked; Medusa sets all that it is given, or nothing.
    """

    def __init__(self, client: Client, config: MedusaConfig) -> None:
        self._client = client
        self._location = config.location

    def push(self, levels: Sequence[ShopStock]) -> list[Exception | None]:
        """
        Let the shop sell as many of each variant as *levels* say.

        Raises:
            DeclinedError: If the shop has several locations, and none is configured; or
                does not take what it is told.
        """
        location = self._location or self._only_location()
        variants = self._variants(levels)
        told: list[Exception | None] = []
        wanted: dict[str, _Level] = {}
        for level in levels:
            try:
                found = _level(level, variants.get(level.external_variant_id), location)
            except DeclinedError as error:
                told.append(error)
                continue
            # Where two variants are of one thing, neither is sold more often than told.
            least = min(found, wanted.get(found.item, found), key=_quantity)
            wanted[found.item] = least
            told.append(None)
        if wanted:
            self._set(list(wanted.values()), location)
        return told

    def _only_location(self) -> str:
        why, wanted = "looking for locations", {"limit": "2", "fields": "id"}
        listed = self._client.page(
            "/stock-locations", "stock_locations", wanted, why=why
        )
        if len(listed.items) == 1:
            return str(listed.items[0]["id"])
        detail = (
            "the shop has several stock locations: say in the connection's"
            " configuration, as `location`, which one stock is told of"
            if listed.items
            else "the shop has no stock location"
        )
        raise DeclinedError(provider=PROVIDER, detail=detail)

    def _variants(self, levels: Sequence[ShopStock]) -> dict[str, dict[str, Any]]:
        names = sorted({level.external_variant_id for level in levels})
        found: dict[str, dict[str, Any]] = {}
        for start in range(0, len(names), _IDS_MAX):
            some = names[start : start + _IDS_MAX]
            wanted = {"id[]": some, "fields": _FIELDS, "limit": str(len(some))}
            why = "reading stock"
            listed = self._client.page("/product-variants", "variants", wanted, why=why)
            found |= {str(one["id"]): one for one in listed.items}
        return found

    def _set(self, wanted: Sequence[_Level], location: str) -> None:
        body = {
            "create": [_stocked(level, location) for level in wanted if level.is_new],
            "update": [
                _stocked(level, location) for level in wanted if not level.is_new
            ],
        }
        path = "/inventory-items/location-levels/batch"
        self._client.send(path, body, "updated", {}, why="telling stock")


def _level(level: ShopStock, variant: dict[str, Any] | None, location: str) -> _Level:
    """
    Return what is to be stocked for a variant.

    Raises:
        DeclinedError: If there is no such variant, or its units are not counted one by
            one.
    """
    name = f"variant {level.external_variant_id}"
    if variant is None:
        raise DeclinedError(provider=PROVIDER, detail=f"no {name}")
    items = variant["inventory_items"] or []
    if not variant["manage_inventory"] or not items:
        detail = f"{name}: the shop does not manage its inventory; turn it on there"
        raise DeclinedError(provider=PROVIDER, detail=detail)
    if len(items) > 1:
        detail = f"{name} is made of several things: tell the stock of each in the shop"
        raise DeclinedError(provider=PROVIDER, detail=detail)
    (item,) = items
    there = [
        one
        for one in item["inventory"]["location_levels"]
        if one["location_id"] == location
    ]
    reserved = sum(_whole(one["reserved_quantity"]) for one in there)
    quantity = level.quantity * _whole(item["required_quantity"]) + reserved
    return _Level(str(item["inventory_item_id"]), quantity, is_new=not there)


def _stocked(level: _Level, location: str) -> dict[str, object]:
    return {
        "inventory_item_id": level.item,
        "location_id": location,
        "stocked_quantity": level.quantity,
    }


def _quantity(level: _Level) -> int:
    return level.quantity


def _whole(told: object) -> int:
    if isinstance(told, bool) or not isinstance(told, int | Decimal):
        raise ProtocolError(provider=PROVIDER, detail="a number of units is none")
    return int(told)
