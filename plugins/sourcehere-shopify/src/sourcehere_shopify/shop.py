"""
A shop on Shopify: orders are read, parcels are told, webhooks are understood.
"""

from collections.abc import Mapping, Sequence

import httpx2

from sourcehere.domain.stores.cancelling import ShopCancelReason
from sourcehere.domain.stores.model import StoreOrderSnapshot
from sourcehere.ports.platforms import Fulfilment, OrderPage, ParcelNotice, ProductPage
from sourcehere.ports.providers import Context
from sourcehere.ports.stock import ShopStock
from sourcehere.ports.webhooks import WebhookEvent

from .access import check_access, subscribe, unsubscribe
from .bulk import BulkReader
from .cancelling import cancel_order
from .client import Client
from .config import ShopifyConfig
from .fulfilling import Fulfiller, key_reference
from .notes import NumberNotes
from .orders import OrderReader
from .products import products
from .stock import StockTeller
from .webhooks import verified


class ShopifyShop:
    """
    One shop; safe to share between threads, and keeps nothing between two calls.

    Args:
        transport: Instead of the network, for tests.
    """

    def __init__(
        self,
        config: ShopifyConfig,
        context: Context,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._config = config
        self._client = Client(config, context, transport)
        self._bulk = BulkReader(self._client, context, transport, config.bulk_from)
        self._orders = OrderReader(self._client, self._bulk, config.orders_since)
        self._fulfiller = Fulfiller(self._client, config)
        self._notes = NumberNotes(self._client)
        self._stock = StockTeller(self._client, config)

    def check(self) -> None:
        """
        Try the token, and name the permissions that are missing.
        """
        check_access(self._client)

    def pull_orders(self, cursor: str, /, *, limit: int) -> OrderPage:
        """
        Read orders by their last change.
        """
        return self._orders.page(cursor, limit)

    def fetch_order(self, external_id: str, /) -> StoreOrderSnapshot | None:
        """
        Read one order by the number that its page in the admin has.
        """
        return self._orders.one(external_id)

    def pull_products(self, cursor: str, /, *, limit: int) -> ProductPage:
        """
        Read what the shop sells.
        """
        return products(self._client, cursor, limit)

    def push_stock(self, levels: Sequence[ShopStock], /) -> list[Exception | None]:
        """
        Set what is available of each variant, at the configured location or the only
        one.
        """
        return self._stock.push(levels)

    def push_fulfilment(self, fulfilment: Fulfilment, /) -> str:
        """
        Make a fulfilment with the parcel's number, or correct the one it has.
        """
        return self._fulfiller.tell(fulfilment)

    def push_tracking(self, notice: ParcelNotice, /) -> str:
        """
        Note a number beside the order.
        """
        return self._notes.note(notice)

    def find_push(self, notice: ParcelNotice, /) -> str | None:
        """
        Look a parcel up by its number.
        """
        if isinstance(notice, Fulfilment):
            order = self._fulfiller.look(notice.external_id)
            return key_reference(order, notice)
        return self._notes.find(notice)

    def cancel_order(self, external_id: str, /, *, reason: ShopCancelReason) -> None:
        """
        Let an order be cancelled; its customer is not paid back by it.
        """
        cancel_order(self._client, self._config, self._orders, external_id, reason)

    def verify(
        self, body: bytes, headers: Mapping[str, str], /
    ) -> Sequence[WebhookEvent]:
        """
        Check a webhook's signature, and return what it tells.
        """
        return verified(self._config, body, headers)

    def subscribe(self, url: str, /) -> None:
        """
        Let Shopify tell *url* of what happens.
        """
        subscribe(self._client, url)

    def unsubscribe(self, url: str, /) -> None:
        """
        Let Shopify tell *url* nothing any more.
        """
        unsubscribe(self._client, url)

    def close(self) -> None:
        """
        Close the connections.
        """
        self._client.close()
        self._bulk.close()
