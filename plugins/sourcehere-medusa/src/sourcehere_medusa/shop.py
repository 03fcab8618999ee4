"""
A shop on Medusa: orders are read, parcels are told, products are listed.
"""

from collections.abc import Sequence

import httpx2

from sourcehere.domain.stores.cancelling import ShopCancelReason
from sourcehere.domain.stores.model import StoreOrderSnapshot
from sourcehere.ports.platforms import Fulfilment, OrderPage, ParcelNotice, ProductPage
from sourcehere.ports.providers import Context
from sourcehere.ports.stock import ShopStock

from .access import check_access
from .cancelling import cancel_order
from .client import Client
from .config import MedusaConfig
from .orders import OrderReader
from .products import products
from .stock import StockTeller
from .telling import Teller


class MedusaShop:
    """
    One shop; safe to share between threads, and keeps nothing between two calls.

    Args:
        transport: Instead of the network, for tests.
    """

    def __init__(
        self,
        config: MedusaConfig,
        context: Context,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._config = config
        self._client = Client(config, context, transport)
        self._orders = OrderReader(self._client, config, context.clock)
        self._teller = Teller(self._client, config, self._orders)
        self._stock = StockTeller(self._client, config)

    def check(self) -> None:
        """
        Try the key, and name what is missing.
        """
        check_access(self._client, self._config)

    def pull_orders(self, cursor: str, /, *, limit: int) -> OrderPage:
        """
        Read orders by their last change, and by that of their payments.
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

    def push_stock(self, levels: Sequence[ShopStock], /) -> list[Exception | None]:
        """
        Tell how many units of each variant may be sold, at one location.
        """
        return self._stock.push(levels)

    def push_fulfilment(self, fulfilment: Fulfilment, /) -> str:
        """
        Make a fulfilment, and ship it with the parcel's number.
        """
        return self._teller.tell(fulfilment)

    def push_tracking(self, notice: ParcelNotice, /) -> str:
        """
        Keep a number beside the order; no unit counts as sent.
        """
        return self._teller.note(notice)

    def find_push(self, notice: ParcelNotice, /) -> str | None:
        """
        Look a parcel up by its number and its mark.
        """
        return self._teller.find(notice)

    def cancel_order(self, external_id: str, /, *, reason: ShopCancelReason) -> None:
        """
        Let an order be cancelled; Medusa gives its customer back what was captured.
        """
        del reason  # the API takes none
        cancel_order(self._client, self._orders, external_id)

    def close(self) -> None:
        """
        Close the connections.
        """
        self._client.close()
