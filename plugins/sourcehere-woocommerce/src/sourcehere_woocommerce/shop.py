"""
A shop on WooCommerce: orders are read, parcels are told, webhooks are understood.
"""

from collections.abc import Mapping, Sequence

import httpx2

from sourcehere.domain.stores.cancelling import ShopCancelReason
from sourcehere.domain.stores.model import StoreOrderSnapshot
from sourcehere.ports.platforms import Fulfilment, OrderPage, ParcelNotice, ProductPage
from sourcehere.ports.providers import Context
from sourcehere.ports.stock import ShopStock
from sourcehere.ports.webhooks import WebhookEvent

from .cancelling import cancel_order
from .client import Client
from .config import WooConfig
from .orders import WooOrders
from .products import products
from .stock import push_stock
from .telling import Teller
from .webhooks import subscribe, unsubscribe, verified


class WooShop:
    """
    One shop; safe to share between threads, and keeps nothing between two calls.

    Args:
        transport: Instead of the network, for tests.
    """

    def __init__(
        self,
        config: WooConfig,
        context: Context,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._config = config
        self._client = Client(config, context, transport)
        self._orders = WooOrders(self._client, config.orders_since, context.clock)
        self._teller = Teller(self._client, config, self._orders)

    def check(self) -> None:
        """
        Try the keys: an empty batch of changes needs permission to read and to write.
        """
        self._client.send("POST", "/orders/batch", {}, why="trying the keys")

    def pull_orders(self, cursor: str, /, *, limit: int) -> OrderPage:
        """
        Read orders by their last change.
        """
        return self._orders.page(cursor, limit)

    def fetch_order(self, external_id: str, /) -> StoreOrderSnapshot | None:
        """
        Read one order by its number in the API.
        """
        return self._orders.one(external_id)

    def pull_products(self, cursor: str, /, *, limit: int) -> ProductPage:
        """
        Read what the shop sells; a page has ten products or fewer, with all their
        variations.
        """
        return products(self._client, cursor, limit)

    def push_stock(self, levels: Sequence[ShopStock], /) -> list[Exception | None]:
        """
        Tell how many units of each variant there are; the shop counts them from now on.
        """
        return push_stock(self._client, levels)

    def push_fulfilment(self, fulfilment: Fulfilment, /) -> str:
        """
        Keep a parcel beside its order, and tell the customer.
        """
        return self._teller.tell(fulfilment)

    def push_tracking(self, notice: ParcelNotice, /) -> str:
        """
        Keep a number beside the order, and tell the customer; no unit counts as sent.
        """
        return self._teller.tell(notice)

    def find_push(self, notice: ParcelNotice, /) -> str | None:
        """
        Look a key up.
        """
        return self._teller.find(notice)

    def cancel_order(self, external_id: str, /, *, reason: ShopCancelReason) -> None:
        """
        Let an order be cancelled; its customer is not paid back by it.
        """
        cancel_order(self._client, self._orders, external_id, reason)

    def verify(
        self, body: bytes, headers: Mapping[str, str], /
    ) -> Sequence[WebhookEvent]:
        """
        Check a webhook's signature, and return what it tells.
        """
        return verified(self._config, body, headers)

    def subscribe(self, url: str, /) -> None:
        """
        Let the shop tell *url* of its orders.
        """
        subscribe(self._client, self._config, url)

    def unsubscribe(self, url: str, /) -> None:
        """
        Let the shop tell *url* nothing any more.
        """
        unsubscribe(self._client, url)

    def close(self) -> None:
        """
        Close the connections.
        """
        self._client.close()
