"""
A shop on Vendure: orders are read, parcels are told, products are listed.
"""

import httpx2

from sourcehere.domain.stores.cancelling import ShopCancelReason
from sourcehere.domain.stores.model import StoreOrderSnapshot
from sourcehere.ports.errors import UnauthorizedError
from sourcehere.ports.platforms import Fulfilment, OrderPage, ParcelNotice, ProductPage
from sourcehere.ports.providers import Context

from .cancelling import cancel_order
from .client import PROVIDER, Client
from .config import VendureConfig
from .fulfilling import Teller
from .notes import NumberNotes
from .orders import VendureOrders
from .products import products

# Permission -> what it is for.
PERMISSIONS = {
    "ReadOrder": "read orders",
    "UpdateOrder": "tell parcels",
    "ReadCatalog": "list what the shop sells",
}


class VendureShop:
    """
    One shop; safe to share between threads, and keeps nothing but its session between
    two calls.

    Args:
        transport: Instead of the network, for tests.
    """

    def __init__(
        self,
        config: VendureConfig,
        context: Context,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._channel = config.channel_token
        self._client = Client(config, context, transport)
        self._orders = VendureOrders(self._client, config, context.clock)
        self._teller = Teller(self._client, config, NumberNotes(self._client))

    def check(self) -> None:
        """
        Log in, and name the permissions that are missing in the channel.
        """
        told = self._client.ask("access")
        channel = told["activeChannel"]["token"]
        # A shop that has one channel only does not look at the name of it.
        if self._channel not in {"", channel}:
            raise UnauthorizedError(provider=PROVIDER, detail="no such channel")
        channels = told["me"]["channels"] if told["me"] else []
        had: set[str] = set()
        for one in channels:
            if one["token"] == channel:
                had |= set(one["permissions"])
        missing = [f"{p} (to {why})" for p, why in PERMISSIONS.items() if p not in had]
        if missing:
            detail = f"the administrator lacks permissions: {', '.join(missing)}"
            raise UnauthorizedError(provider=PROVIDER, detail=detail)

    def pull_orders(self, cursor: str, /, *, limit: int) -> OrderPage:
        """
        Read orders by their last change.
        """
        return self._orders.page(cursor, limit)

    def fetch_order(self, external_id: str, /) -> StoreOrderSnapshot | None:
        """
        Read one order by its id in the API.
        """
        return self._orders.one(external_id)

    def pull_products(self, cursor: str, /, *, limit: int) -> ProductPage:
        """
        Read what the shop sells.
        """
        return products(self._client, cursor, limit)

    def push_fulfilment(self, fulfilment: Fulfilment, /) -> str:
        """
        Make a fulfilment with the parcel's number, and ship it.
        """
        return self._teller.tell(fulfilment)

    def push_tracking(self, notice: ParcelNotice, /) -> str:
        """
        Note a number beside the order.
        """
        return self._teller.note(notice)

    def find_push(self, notice: ParcelNotice, /) -> str | None:
        """
        Look a parcel up by its number, or a number by its note.
        """
        return self._teller.find(notice)

    def cancel_order(self, external_id: str, /, *, reason: ShopCancelReason) -> None:
        """
        Let an order be cancelled; its customer is not paid back by it.
        """
        cancel_order(self._client, self._orders, external_id, reason)

    def close(self) -> None:
        """
        Close the connections.
        """
        self._client.close()
