"""
A shop on Shopify from behind: nothing here goes through the adapter.
"""

import json

import httpx2
from shopify_server import TOKEN, ShopifyServer

from sourcehere import ManualClock
from sourcehere.ports.context import Context
from sourcehere.testing.kit import FaultLine, ShopOrder, ToldParcel, WireFault
from sourcehere.testing.kit.store_lab import PLACED
from sourcehere_http.testing import BreakingTransport
from sourcehere_shopify import ShopifyConfig, ShopifyShop

SHOP = "lantern.myshopify.com"


class ShopifyLab:
    """
    A server that executes documents, behind a line that breaks when it is told to.
    """

    def __init__(self, **config: object) -> None:
        self.server = ShopifyServer()
        self.line = FaultLine()
        self._transport = BreakingTransport(
            self.line, httpx2.MockTransport(self.server.handle), self._refusal
        )
        self._config = {"shop": SHOP, "token": TOKEN, **config}

    def connect(self) -> ShopifyShop:
        """
        Make a new adapter.
        """
        context = Context(ManualClock(PLACED))
        return ShopifyShop(ShopifyConfig(**self._config), context, self._transport)

    def place(self, order: ShopOrder, /) -> str:
        """
        Let a customer order.
        """
        return str(self.server.place(order))

    def change(self, external_id: str, order: ShopOrder, /) -> None:
        """
        Let an order be otherwise.
        """
        self.server.change(int(external_id), order)

    def is_cancelled(self, external_id: str, /) -> bool:
        """
        Tell whether an order is cancelled.
        """
        return self.server.orders[int(external_id)].order.is_cancelled

    def parcels(self, external_id: str, /) -> list[ToldParcel]:
        """
        Return the fulfilments that count, and the numbers that are noted.
        """
        order = self.server.orders[int(external_id)]
        skus = {line.id: line.sku for line in order.lines}
        return [
            ToldParcel(
                tracking_number=made.number,
                units={skus[line]: n for line, n in made.units.items()},
                carrier=made.company,
            )
            for made in order.made
            if made.status == "SUCCESS"
        ] + [
            ToldParcel(
                tracking_number=note["number"], units={}, carrier=note["carrier"]
            )
            for note in map(json.loads, order.notes.values())
        ]

    def _refusal(self, fault: WireFault) -> httpx2.Response:
        """
        Refuse as Shopify does: who is throttled gets a 200.
        """
        if fault is WireFault.THROTTLED:
            self.server.available, had = 0.0, self.server.available
            answer = self.server.throttled()
            self.server.available = had
            return answer
        status = {WireFault.DOWN: 503, WireFault.UNAUTHORIZED: 401}[fault]
        return httpx2.Response(status, json={"errors": "no"})
