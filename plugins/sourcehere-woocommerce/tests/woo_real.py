"""
A real shop on WooCommerce, from behind: by a door of ours in its folder.
"""

import json
import os

import httpx2

from sourcehere.domain.kernel.clock import SystemClock
from sourcehere.ports.context import Context
from sourcehere.testing.kit import FaultLine, ShopOrder, ToldParcel
from sourcehere_http.testing import BreakingTransport
from sourcehere_woocommerce import WooConfig, WooShop

URL = os.environ.get("WOOCOMMERCE_URL", "")
_BUYER = {
    "first_name": "Ann",
    "last_name": "Lee",
    "address_1": "1 Long Lane",
    "city": "London",
    "postcode": "N1 1AA",
}


class RealWooLab:
    """
    One shop, emptied; its keys are in `WOOCOMMERCE_KEY` and `WOOCOMMERCE_SECRET`.
    """

    def __init__(self) -> None:
        self.line = FaultLine()
        self._door = httpx2.Client(timeout=60)
        self._transport = BreakingTransport(self.line, httpx2.HTTPTransport())
        self._do("clear")

    def connect(self) -> WooShop:
        """
        Make a new adapter.
        """
        config = WooConfig(
            url=URL,
            key=os.environ["WOOCOMMERCE_KEY"],
            secret=os.environ["WOOCOMMERCE_SECRET"],
        )
        # A signed request is of now.
        return WooShop(config, Context(SystemClock()), self._transport)

    def place(self, order: ShopOrder, /) -> str:
        """
        Let a customer order.
        """
        return str(self._do("place", _told(order)))

    def change(self, external_id: str, order: ShopOrder, /) -> None:
        """
        Let an order be otherwise.
        """
        self._do("change", int(external_id), _told(order))

    def is_cancelled(self, external_id: str, /) -> bool:
        """
        Tell whether an order is cancelled.
        """
        return self._do("look_at", int(external_id))["status"] == "cancelled"

    def parcels(self, external_id: str, /) -> list[ToldParcel]:
        """
        Return the parcels that are kept beside an order.
        """
        kept = self._do("look_at", int(external_id))
        told = [
            json.loads(value)
            for key, value in kept["meta"].items()
            if key.startswith("sourcehere_parcel_")
        ]
        return [
            ToldParcel(
                tracking_number=one["number"],
                units={kept["skus"][line]: n for line, n in one["units"].items()},
                carrier=one["carrier"],
            )
            for one in told
        ]

    def _do(self, what, *given):
        asked = {"do": what, "with": given}
        reply = self._door.post(f"{URL}/back_door.php", json=asked)
        assert reply.status_code == 200, reply.text[:500]
        return reply.json()["done"]


def _told(order: ShopOrder) -> dict[str, object]:
    status = "processing" if order.is_paid else "pending"
    return {
        "lines": [
            {
                "sku": line.sku,
                "quantity": line.quantity,
                "price": line.price.decimal_text,
            }
            for line in order.lines
        ],
        "currency": order.lines[0].price.currency,
        "placed_at": int(order.placed_at.timestamp()),
        "shipping": {**_BUYER, "country": order.country},
        "billing": {"country": "US", "email": "ann@mail.example", "phone": "5"},
        "status": "cancelled" if order.is_cancelled else status,
        "is_paid": order.is_paid,
    }
