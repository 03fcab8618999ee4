"""
A shop on Medusa from behind: nothing here goes through the adapter.
"""

import httpx2
from medusa_server import KEY, MedusaServer

from sourcehere import ManualClock
from sourcehere.ports.context import Context
from sourcehere.testing.kit import FaultLine, ShopOrder, ToldParcel
from sourcehere.testing.kit.store_lab import PLACED
from sourcehere_http.testing import BreakingTransport
from sourcehere_medusa import MedusaConfig, MedusaShop


class MedusaLab:
    """
    A server in memory, behind a line that breaks when it is told to.
    """

    def __init__(self, **config: object) -> None:
        self.server = MedusaServer()
        self.line = FaultLine()
        self.transport = httpx2.MockTransport(self.server.handle)
        self._config = {"url": "https://shop.example", "key": KEY, **config}

    def connect(self, transport: httpx2.BaseTransport | None = None) -> MedusaShop:
        """
        Make a new adapter.
        """
        context = Context(ManualClock(PLACED))
        line = BreakingTransport(self.line, transport or self.transport)
        return MedusaShop(MedusaConfig(**self._config), context, line)

    def place(self, order: ShopOrder, /) -> str:
        """
        Let a customer order.
        """
        return self.server.place(order)

    def change(self, external_id: str, order: ShopOrder, /) -> None:
        """
        Let an order be otherwise.
        """
        self.server.change(external_id, order)

    def is_cancelled(self, external_id: str, /) -> bool:
        """
        Tell whether an order is cancelled.
        """
        return self.server.orders[external_id].order.is_cancelled

    def parcels(self, external_id: str, /) -> list[ToldParcel]:
        """
        Return what left, and the numbers beside the order.
        """
        order = self.server.orders[external_id]
        skus = {line["id"]: line["sku"] for line in order.lines}
        sent = [
            ToldParcel(
                tracking_number=one["labels"][0]["tracking_number"],
                units={skus[line]: n for line, n in one["units"].items()},
                carrier=one["metadata"]["carrier"],
            )
            for one in order.fulfilments
            if one["shipped_at"]
        ]
        notes = [
            ToldParcel(
                tracking_number=piece["tracking_number"],
                units={},
                carrier=piece["carrier"],
            )
            for name, piece in order.metadata.items()
            if name.startswith("sourcehere_parcel_")
        ]
        return sent + notes
