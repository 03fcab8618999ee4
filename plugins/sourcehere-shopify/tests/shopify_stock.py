"""
What is available of variants at locations, as Shopify keeps it.
"""

import attrs
from graphql import get_directive_values
from shopify_schemas import schema


@attrs.define
class Item:
    """
    What is counted of a variant, where it is stocked.
    """

    levels: dict[str, int]
    tracked: bool = True


class Stock:
    """
    Everything that is counted, by the numbers of variants.

    Attributes:
        refuses: Numbers of variants that are refused when they are set.
    """

    def __init__(self, server) -> None:
        self._server = server
        self.items: dict[int, Item] = {}
        self.refuses: set[int] = set()
        self._keys: set[str] = set()

    def node(self, gid: str):
        number = _number(gid)
        item = self.items.get(number)
        if item is None:
            return None
        return {
            "__typename": "ProductVariant",
            "id": gid,
            "inventoryItem": {
                "id": f"gid://shopify/InventoryItem/{number}",
                "tracked": item.tracked,
                "inventoryLevel": lambda _info, locationId, **_: (  # noqa: N803
                    {"id": f"gid://shopify/InventoryLevel/{number}"}
                    if locationId in item.levels
                    else None
                ),
            },
        }

    def set(self, info, input):
        """
        Set everything, or nothing; one key counts once.
        """
        version = self._server.version
        directive = schema(version).get_directive("idempotent")
        said = directive and get_directive_values(
            directive, info.field_nodes[0], info.variable_values
        )
        if version >= "2026-04":
            assert said, "a key is needed"
            assert all("changeFromQuantity" in one for one in input["quantities"])
        else:
            assert said or input["ignoreCompareQuantity"]
        errors = [
            {"field": ["input", "quantities", str(n), "quantity"], "message": words}
            for n, one in enumerate(input["quantities"])
            if (words := self._refusal(one))
        ]
        if not errors and not (said and said["key"] in self._keys):
            for one in input["quantities"]:
                item = self.items[_number(one["inventoryItemId"])]
                item.levels[one["locationId"]] = one["quantity"]
            if said:
                self._keys.add(said["key"])
        return {"inventoryAdjustmentGroup": None, "userErrors": errors}

    def _refusal(self, one) -> str:
        number = _number(one["inventoryItemId"])
        if number in self.refuses:
            return "The quantity can't be changed"
        if one["locationId"] not in self.items[number].levels:
            return "The item is not stocked at the location"
        return ""


def _number(gid: str) -> int:
    return int(gid.rpartition("/")[2])
