"""
What is sold, as Shopify lists it: by id, behind a cursor that names one.
"""

import base64
import json

from graphql import GraphQLError

ONLY = "Default Title"


class Products:
    """
    Every variant, by the numbers of products.
    """

    def __init__(self, server) -> None:
        self._server = server
        self.kept: dict[int, list[dict]] = {}

    def new_id(self) -> int:
        """
        Return a number as long as Shopify's are.
        """
        return 45_000_000_000_000 + self._server.new_id()

    def put(self, number: int, names, product) -> None:
        """
        Let a product be as *product* says, with variants of these numbers.
        """
        told = {
            "id": f"gid://shopify/Product/{number}",
            "title": product.title,
            "status": "ACTIVE" if product.is_sold else "DRAFT",
        }
        self.kept[number] = [
            {
                "id": f"gid://shopify/ProductVariant/{name}",
                "sku": variant.sku or None,
                "title": " / ".join(variant.options.values()) or ONLY,
                "barcode": variant.barcode or None,
                "selectedOptions": [
                    {"name": option, "value": value}
                    for option, value in (variant.options or {"Title": ONLY}).items()
                ],
                "product": told,
            }
            for name, variant in zip(names, product.variants, strict=True)
        ]

    def page(self, _info, first, after=None, **_):
        """
        List variants.
        """
        found = sorted(
            (one for variants in self.kept.values() for one in variants), key=_number
        )
        if after:
            last = _place(after)
            found = [one for one in found if _number(one) > last]
        part = found[:first]
        end = json.dumps({"last_id": _number(part[-1])}) if part else ""
        return {
            "nodes": part,
            "pageInfo": {
                "hasNextPage": len(found) > first,
                "endCursor": base64.b64encode(end.encode()).decode() or None,
            },
        }


def _number(told) -> int:
    return int(told["id"].rpartition("/")[2])


def _place(after: str) -> int:
    try:
        return json.loads(base64.b64decode(after, validate=True))["last_id"]
    except (ValueError, TypeError) as error:
        words = "Invalid cursor for current pagination sort."
        raise GraphQLError(words) from error
