"""
A shop on Corner from behind: nothing here goes through the adapter.
"""

import httpx2
from server import TOKEN, CornerServer

from sourcehere import SystemClock
from sourcehere.ports.providers import Context
from sourcehere.testing.kit import FaultLine, ShopOrder, ToldParcel
from sourcehere_corner.config import CornerConfig
from sourcehere_corner.shop import Corner
from sourcehere_http.testing import BreakingTransport


class CornerLab:
    """
    A server in memory, behind a line that breaks when a test says so.
    """

    def __init__(self) -> None:
        self.server = CornerServer()
        self.line = FaultLine()
        self._transport = BreakingTransport(
            self.line, httpx2.MockTransport(self.server.handle)
        )

    def connect(self, token: str = TOKEN) -> Corner:
        """
        Make a new adapter, as another process would.
        """
        config = CornerConfig(url="https://shop.example", token=token)
        return Corner(config, Context(SystemClock()), self._transport)

    def place(self, order: ShopOrder, /) -> str:
        """
        Let a customer order; return the id by which the adapter knows the order.
        """
        return self.server.place(order)

    def change(self, external_id: str, order: ShopOrder, /) -> None:
        """
        Let an order be as *order* says from now on.
        """
        self.server.change(external_id, order)

    def parcels(self, external_id: str, /) -> list[ToldParcel]:
        """
        Return what the customer sees of an order's parcels.
        """
        return self.server.parcels(external_id)
