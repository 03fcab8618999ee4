"""
A shop on WooCommerce from behind: nothing here goes through the adapter.
"""

import json

import httpx2
from woo_server import KEY, SECRET, WooServer

from sourcehere import ManualClock
from sourcehere.ports.context import Context
from sourcehere.testing.kit import FaultLine, ShopOrder, ToldParcel
from sourcehere.testing.kit.store_lab import PLACED
from sourcehere_http.testing import BreakingTransport
from sourcehere_woocommerce import WooConfig, WooShop


class WooLab:
    """
    A server in memory, behind a line that breaks when it is told to.
    """

    def __init__(self, url: str = "https://shop.example", **config: object) -> None:
        self.server = WooServer(url)
        self.line = FaultLine()
        self._transport = BreakingTransport(
            self.line, httpx2.MockTransport(self.server.handle)
        )
        self._config = {"url": url, "key": KEY, "secret": SECRET, **config}

    def connect(self, **changes: object) -> WooShop:
        """
        Make a new adapter, perhaps with another configuration.
        """
        context, config = Context(ManualClock(PLACED)), {**self._config, **changes}
        return WooShop(WooConfig(**config), context, self._transport)

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
        kept = self.server.orders[int(external_id)]
        return kept.order.is_cancelled or kept.status == "cancelled"

    def parcels(self, external_id: str, /) -> list[ToldParcel]:
        """
        Return the parcels that are kept beside an order.
        """
        order = self.server.orders[int(external_id)]
        skus = {str(line["id"]): line["sku"] for line in order.lines}
        told = [
            json.loads(value)
            for key, value in order.meta.values()
            if key.startswith("sourcehere_parcel_")
        ]
        return [
            ToldParcel(
                tracking_number=one["number"],
                units={skus[line]: n for line, n in one["units"].items()},
                carrier=one["carrier"],
            )
            for one in told
        ]
