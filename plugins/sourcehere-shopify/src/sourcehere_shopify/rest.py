"""
What a first answer about an order left out.

Shopify answers with the beginning of each list in an order. Of a connection the pages
behind it are read. Fulfilments and refunds are lists without pages: where one is as
long as was asked for, all its names are read, and then whatever is not there yet.
"""

from collections.abc import Iterator
from typing import Any

import attrs

from sourcehere.ports.errors import ProtocolError

from .client import PROVIDER, Client

PARTS_ASKED = 50  # fulfilments, and refunds, as the documents ask for them
_BATCH = 25


@attrs.frozen
class Rest:
    """
    Completes what was read of orders.
    """

    client: Client

    def of_order(self, told: Any) -> Any:
        """
        Return an order with all of its lines, fulfilments and refunds.
        """
        parts = {
            "lineItems": self._whole("order_lines", told, "lineItems"),
            "fulfillments": self._fulfilments(told),
            "refunds": self._refunds(told),
        }
        return told | parts

    def of_look(self, told: Any) -> Any:
        """
        Return what an order has, and what of it can be fulfilled.
        """
        orders = self._whole("fulfilment_orders", told, "fulfillmentOrders")
        nodes = [
            one | {"lineItems": self._whole("lines_to_fulfil", one, "lineItems")}
            for one in orders["nodes"]
        ]
        parts = {"nodes": nodes}
        return self.of_made(told) | {"fulfillmentOrders": orders | parts}

    def of_made(self, told: Any) -> Any:
        """
        Return an order with all of its fulfilments.
        """
        return told | {"fulfillments": self._fulfilments(told)}

    def _fulfilments(self, told: Any) -> list[Any]:
        field = "fulfillmentLineItems"
        return [
            one | {field: self._whole("fulfilment_lines", one, field)}
            for one in self._parts(told, "fulfillments")
        ]

    def _refunds(self, told: Any) -> list[Any]:
        field = "refundLineItems"
        return [
            one | {field: self._whole("refund_lines", one, field)}
            for one in self._parts(told, "refunds")
        ]

    def _parts(self, told: Any, field: str) -> list[Any]:
        """
        Return a list of fulfilments or refunds with those that were cut off.
        """
        found = list(told[field])
        if len(found) < PARTS_ASKED:
            return found
        names = self.client.ask("part_names", id=told["id"])["order"][field]
        known = {one["id"] for one in found}
        missing = [one["id"] for one in names if one["id"] not in known]
        for begin in range(0, len(missing), _BATCH):
            ids = missing[begin : begin + _BATCH]
            nodes = self.client.ask("parts", ids=ids)["nodes"]
            found += [one for one in nodes if one is not None]
        return found

    def _whole(self, document: str, owner: Any, field: str) -> Any:
        """
        Return a connection with the nodes of all its pages.
        """
        first = owner[field]
        if not first["pageInfo"]["hasNextPage"]:
            return first
        return first | {
            "nodes": [*first["nodes"], *self._pages(document, owner["id"], first)]
        }

    def _pages(self, document: str, owner: str, first: Any) -> Iterator[Any]:
        info = first["pageInfo"]
        while info["hasNextPage"]:
            after = info["endCursor"]
            told = self.client.ask(document, id=owner, after=after)["owner"]["rest"]
            yield from told["nodes"]
            info = told["pageInfo"]
            if info["hasNextPage"] and info["endCursor"] == after:
                detail = f"{document} of {owner}: its pages do not go on"
                raise ProtocolError(provider=PROVIDER, detail=detail)
