"""
Asking a shop what it sells, and which of it is connected.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from ...domain.kernel.ids import ConnectionId, SellerId, StoreId
from ...domain.kernel.values import frozen
from ...domain.stores.errors import ProductsUnsupportedError
from ...domain.stores.listing import ListedVariant
from ...domain.stores.model import Store
from ...doors.answers import Answerer
from ...doors.products import checked_products
from ...ports.platforms import SupportsProducts
from ...unit.seller_unit import SellerUnit
from ..base.asking import ask_one
from ..pairing.lookup import connected_skus, deciding, is_left_out, names_not_ours
from .connections_of_stores import StoreConnections


@frozen(kw_only=True)
class ShopVariant:
    """
    A variant that a shop sells, and what is known of it here.

    Attributes:
        connection_id: What would pair an order of it; empty for nothing.

        is_not_ours: Whether it was marked as not ours, and is left out of orders.
    """

    sku: str
    title: str
    options: Mapping[str, str]
    barcode: str
    external_variant_id: str
    external_product_id: str
    connection_id: ConnectionId
    is_not_ours: bool

    @property
    def is_open(self) -> bool:
        """
        Whether an order of it would wait for pairing.
        """
        return not self.connection_id and not self.is_not_ours


@frozen
class ShopProducts:
    """
    What a shop says that it sells.

    Attributes:
        variants: In the shop's order.

        rejected: What is wrong with those that cannot be trusted.
    """

    variants: tuple[ShopVariant, ...]
    rejected: tuple[str, ...]


class ShopListing(StoreConnections):
    """
    Reads what shops sell; nothing of it is kept.
    """

    def products(self, seller_id: str, store_id: str) -> ShopProducts:
        """
        Ask a shop for everything that it sells, and say what is connected.

        Raises:
            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is paused or disconnected.

            ProductsUnsupportedError: If its platform does not tell products.

            ProviderError: If the shop cannot answer, or never comes to an end.
        """
        store, platform = self.active(seller_id, store_id)
        if not isinstance(platform, SupportsProducts):
            raise ProductsUnsupportedError(store_id=store_id, platform=store.platform)
        variants, rejected = self._read_all(store, platform)

        def work(unit: SellerUnit) -> tuple[ShopVariant, ...]:
            return tuple(_known(unit, store.store_id, variants))

        return ShopProducts(self._read(SellerId(seller_id), work), tuple(rejected))

    def _read_all(
        self, store: Store, platform: SupportsProducts
    ) -> tuple[list[ListedVariant], list[str]]:
        told = self.answerer(store)
        variants: list[ListedVariant] = []
        rejected: list[str] = []
        seen = {""}
        cursor = ""
        while True:
            found, wrong, cursor = self._page(told, platform, cursor)
            variants += found
            rejected += wrong
            if not cursor:
                return variants, rejected
            if cursor in seen or len(seen) >= self._settings.pages_max:
                told.refuse("cursor", cursor, "another one than before, with an end")
            seen.add(cursor)

    def _page(
        self, told: Answerer, platform: SupportsProducts, cursor: str
    ) -> tuple[tuple[ListedVariant, ...], tuple[str, ...], str]:
        def ask() -> tuple[tuple[ListedVariant, ...], tuple[str, ...], str]:
            limit = self._settings.chunk
            pull = partial(platform.pull_products, cursor, limit=limit)
            return told.ask(lambda: checked_products(told, pull()))

        return ask_one(told, ask, within=self._settings.pull_within)


def _known(
    unit: SellerUnit, store_id: StoreId, variants: Sequence[ListedVariant]
) -> list[ShopVariant]:
    connected = connected_skus(unit, ((store_id, k) for v in variants for k in v.keys))
    not_ours = names_not_ours(unit, store_id)
    found: list[ShopVariant] = []
    for one in variants:
        match = deciding(connected, store_id, one.keys)
        is_not_ours = is_left_out(connected, not_ours, store_id, one.keys)
        pairs = match is not None and not is_not_ours
        found.append(
            ShopVariant(
                sku=one.sku,
                title=one.title,
                options=one.options,
                barcode=one.barcode,
                external_variant_id=one.external_variant_id,
                external_product_id=one.external_product_id,
                connection_id=(
                    match.connection_id if match and pairs else ConnectionId("")
                ),
                is_not_ours=is_not_ours,
            )
        )
    return found
