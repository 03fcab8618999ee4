"""
Telling a shop how much of the seller's own stock there is to sell.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from ...domain.kernel.ids import SellerId, VariantId
from ...domain.kernel.values import frozen
from ...domain.orders.machine import AWAITING_PAYMENT, UNRECOGNIZED
from ...domain.orders.tabs import Tab
from ...domain.pairing.model import ConnectedSku
from ...domain.stores.errors import ProductsUnsupportedError, StockUnsupportedError
from ...domain.stores.listing import ListedVariant
from ...domain.stores.model import Store
from ...doors.answers import words_of
from ...doors.failures import checked_failure
from ...doors.stock import checked_told
from ...ports.platforms import SupportsProducts
from ...ports.stock import ShopStock, SupportsStockPush
from ...unit.seller_unit import SellerUnit
from ...unit.tables.local_stock import LOCAL_STOCK_OF
from ...unit.tables.orders import ITEMS_OF, ORDERS_BY_TAB
from ...unit.tables.warehouse import LOTS_OF
from ..base.asking import ask_outside
from ..base.batches import batches
from ..pairing.lookup import connected_skus, deciding
from .listing import ShopListing

_AT_ONCE = 100
# Where orders are that nobody has paid here: the shop has sold their units already.
_TABS = (Tab.UNRECOGNIZED, Tab.AWAITING_PAYMENT, Tab.ABNORMAL)
_UNPAID = frozenset({UNRECOGNIZED, AWAITING_PAYMENT})
Units = Mapping[VariantId, int]


@frozen(kw_only=True)
class ToldStock:
    """
    What a shop is told of one variant.

    Attributes:
        quantity: Units it may sell.

        error: Why it was not told; empty where it was.
    """

    sku: str
    external_variant_id: str
    quantity: int
    error: str = ""


@frozen(kw_only=True)
class StockReport:
    """
    What a shop was told of the seller's stock.

    Attributes:
        variants: Those that are connected, in the shop's order.

        not_connected: Variants of which nothing is said, since nothing here supplies
            them.

        rejected: What is wrong with variants that the shop listed.
    """

    variants: tuple[ToldStock, ...]
    not_connected: int
    rejected: tuple[str, ...]

    @property
    def failed(self) -> tuple[ToldStock, ...]:
        """
        Those that were not told.
        """
        return tuple(one for one in self.variants if one.error)


class StockTelling(ShopListing):
    """
    Tells shops how much there is to sell.
    """

    def push_stock(
        self,
        seller_id: str,
        store_id: str,
        *,
        dry_run: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> StockReport:
        """
        Tell a shop how many units of each connected variant it may sell: what the
        seller has in the cloud warehouse and at their own place, and no paid order is
        bound to, less what orders want that nobody has paid here yet.

        Sync the seller's shops first: what a shop has sold and nobody here knows of is
        taken for stock. Told again it changes nothing.

        Args:
            dry_run: Only say what it would be told.

            progress: Called with how many variants were told, after each call.

        Raises:
            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is paused or disconnected.

            ProductsUnsupportedError, StockUnsupportedError: If its platform does not
                tell products, or cannot be told stock.

            ProviderError: If the shop cannot tell what it sells.
        """
        store, platform = self.active(seller_id, store_id)
        if not isinstance(platform, SupportsStockPush):
            raise StockUnsupportedError(store_id=store_id, platform=store.platform)
        if not isinstance(platform, SupportsProducts):
            raise ProductsUnsupportedError(store_id=store_id, platform=store.platform)
        variants, rejected = self._read_all(store, platform)
        levels = self._read(
            SellerId(seller_id), lambda unit: _levels(unit, store, variants)
        )
        told: list[ToldStock] = []
        for part in batches(levels, size=_AT_ONCE):
            errors = [""] * len(part)
            if not dry_run:
                errors = self._push(store, platform, part)
                if progress is not None:
                    progress(len(part))
            told += map(_told, part, errors)
        return StockReport(
            variants=tuple(told),
            not_connected=len(variants) - len(levels),
            rejected=tuple(rejected),
        )

    def _push(
        self, store: Store, platform: SupportsStockPush, part: Sequence[ShopStock]
    ) -> list[str]:
        """
        Tell some, and return why each was not told.
        """
        told = self.answerer(store)

        def push() -> list[Exception | None]:
            answers = told.ask(lambda: platform.push_stock(part))
            return checked_told(told, answers, len(part))

        within = self._settings.push_within
        (outcome,) = ask_outside(
            self._watch, "stores.push_stock", [(told, push)], within=within
        )
        if isinstance(outcome, Exception):
            outcome = [outcome] * len(part)
        failures = [e and checked_failure(told, e) for e in outcome]
        return ["" if error is None else words_of(error) for error in failures]


def _told(level: ShopStock, error: str) -> ToldStock:
    return ToldStock(
        sku=level.sku,
        external_variant_id=level.external_variant_id,
        quantity=level.quantity,
        error=error,
    )


def _levels(
    unit: SellerUnit, store: Store, variants: Sequence[ListedVariant]
) -> list[ShopStock]:
    wanted = ((store.store_id, key) for v in variants for key in v.keys)
    connected = connected_skus(unit, wanted)
    free = _free(unit)
    levels: list[ShopStock] = []
    for one in variants:
        match = deciding(connected, store.store_id, one.keys)
        if match is not None:
            level = ShopStock(
                sku=one.sku,
                external_variant_id=one.external_variant_id,
                external_product_id=one.external_product_id,
                quantity=_supplied(match, free),
            )
            levels.append(level)
    return levels


def _supplied(match: ConnectedSku, free: Units) -> int:
    """
    Return how many single units what is free supplies, all of it for this one variant.
    """
    needed: dict[VariantId, int] = {}
    for item in match.items_for(1, ""):
        needed[item.variant_id] = needed.get(item.variant_id, 0) + item.quantity
    return min((free.get(name, 0) // n for name, n in needed.items()), default=0)


def _free(unit: SellerUnit) -> Units:
    """
    Return what the seller has and nobody has bought: variant -> units, 0 or more.
    """
    free: dict[VariantId, int] = {}
    for lot in unit.each(LOTS_OF):
        free[lot.variant_id] = free.get(lot.variant_id, 0) + lot.available
    for local in unit.each(LOCAL_STOCK_OF):
        free[local.variant_id] = free.get(local.variant_id, 0) + local.on_hand
    for name, units in _wanted(unit):
        if name in free:
            free[name] -= units
    return {name: max(units, 0) for name, units in free.items()}


def _wanted(unit: SellerUnit) -> Iterable[tuple[VariantId, int]]:
    """
    Yield what orders of shops want that nobody has paid here: variant and units.
    """
    names = (
        order.order_id
        for tab in _TABS
        for order in unit.each(ORDERS_BY_TAB, tab.value)
        if order.state in _UNPAID and order.external_id
    )
    for batch in batches(names):
        for item in unit.find(ITEMS_OF, [(name,) for name in batch]):
            yield item.variant_id, item.quantity - item.quantity_cancelled
