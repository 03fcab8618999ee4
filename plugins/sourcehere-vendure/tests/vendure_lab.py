"""
A shop on Vendure from behind: nothing here goes through the adapter.
"""

import re
from datetime import UTC
from typing import Any

import httpx2
from vendure_process import VendureServer

from sourcehere import SystemClock
from sourcehere.domain.kernel.money import exponent_of
from sourcehere.ports.context import Context
from sourcehere.testing.kit import FaultLine, ShopOrder, ToldParcel
from sourcehere_http.testing import BreakingTransport
from sourcehere_vendure import VendureConfig, VendureShop

_NOTE = re.compile(r"Shipped with (.*): (\S+) \[[0-9a-f]{12}( [0-9a-f]{12})*\]")
_SENT = {"Shipped", "Delivered"}


class VendureLab:
    """
    A real server without orders, behind a line that breaks when it is told to.
    """

    def __init__(self, server: VendureServer, **config: object) -> None:
        self.server = server
        self.line = FaultLine()
        self._transport = BreakingTransport(self.line, server.transport)
        self._config = {
            "url": server.url,
            "username": "superadmin",
            "password": "superadmin",
            **config,
        }
        server.door("reset")

    def connect(
        self, transport: httpx2.BaseTransport | None = None, **config: object
    ) -> VendureShop:
        """
        Make a new adapter.
        """
        context = Context(SystemClock())
        given = VendureConfig(**{**self._config, **config})
        return VendureShop(given, context, transport or self._transport)

    def place(self, order: ShopOrder, /, **more: object) -> str:
        """
        Let a customer order.
        """
        return str(self.server.door("place", **{**_told(order), **more}))

    def change(self, external_id: str, order: ShopOrder, /, **more: object) -> None:
        """
        Let an order be otherwise.
        """
        self.server.door("change", id=int(external_id), **{**_told(order), **more})

    def told(self, external_id: str) -> dict[str, list[dict[str, Any]]]:
        """
        Return the fulfilments of an order, also those that are cancelled, and its
        notes.
        """
        return self.server.door("told", id=int(external_id))

    def is_cancelled(self, external_id: str, /) -> bool:
        """
        Tell whether an order is cancelled.
        """
        return bool(self.server.door("state", id=int(external_id)) == "Cancelled")

    def parcels(self, external_id: str, /) -> list[ToldParcel]:
        """
        Return what left, and what was noted.
        """
        told = self.told(external_id)
        parcels = [
            ToldParcel(
                tracking_number=one["number"],
                units=dict(one["units"]),
                carrier=one["method"],
            )
            for one in told["fulfilments"]
            if one["state"] in _SENT
        ]
        for note in told["notes"]:
            found = _NOTE.fullmatch(note["note"])
            assert found, note
            parcels.append(
                ToldParcel(tracking_number=found[2], units={}, carrier=found[1])
            )
        return parcels


def _told(order: ShopOrder) -> dict[str, object]:
    currency = order.lines[0].price.currency
    scale = 10 ** (2 - exponent_of(currency))  # Vendure counts hundredths of anything
    return {
        "currency": currency,
        "country": order.country,
        "placed_at": order.placed_at.astimezone(UTC).isoformat(),
        "is_paid": order.is_paid,
        "is_cancelled": order.is_cancelled,
        "lines": [
            {
                "sku": line.sku,
                "quantity": line.quantity,
                "price": line.price.minor * scale,
            }
            for line in order.lines
        ],
    }
