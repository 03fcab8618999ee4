"""
What the platform sells and keeps: products, prices, warehouses, stock, freight.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ...domain.catalog.model import Price, PriceTier, Variant
from ...domain.freight.estimate import DeliveryComparison
from ...domain.freight.model import FreightOption, LeftOut
from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import (
    ItemId,
    LotId,
    OrderId,
    ProductId,
    VariantId,
    WarehouseId,
)
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...domain.warehouse.counts import StockCount
from ...domain.warehouse.model import Lot, Warehouse
from ...domain.warehouse.movements import Movement, MovementKind
from ...services.platform import catalog


@frozen
class PricesAheadView:
    """
    Unit prices that hold from an instant on, in the currencies that they name.
    """

    starts_at: datetime
    prices: tuple[Price, ...]


@frozen(kw_only=True)
class VariantView:
    """
    One variant of a product: what is priced, weighed, stocked and sent.
    """

    variant_id: VariantId
    product_id: ProductId
    sku: str
    barcode: str
    title: str
    options: Mapping[str, str]
    weight_grams: int
    volume_mm3: int
    prices: tuple[Price, ...]
    concession_points: int
    quantity_min: int
    attributes: tuple[str, ...]
    is_sold: bool
    length_mm: int
    width_mm: int
    height_mm: int
    is_in_stock: bool
    pictures: tuple[str, ...]
    prices_ahead: tuple[PricesAheadView, ...]


def variant_of(variant: Variant) -> VariantView:
    """
    Return *variant* with its prices as money.
    """
    return VariantView(
        variant_id=variant.variant_id,
        product_id=variant.product_id,
        sku=variant.sku,
        barcode=variant.barcode,
        title=variant.title,
        options=variant.options,
        weight_grams=variant.weight_grams,
        volume_mm3=variant.volume_mm3,
        prices=_as_money(variant.prices),
        concession_points=variant.concession_points,
        quantity_min=variant.quantity_min,
        attributes=variant.attributes,
        is_sold=variant.is_sold,
        length_mm=variant.length_mm,
        width_mm=variant.width_mm,
        height_mm=variant.height_mm,
        is_in_stock=variant.is_in_stock,
        pictures=variant.pictures,
        prices_ahead=tuple(
            PricesAheadView(ahead.starts_at, _as_money(ahead.prices))
            for ahead in variant.prices_ahead
        ),
    )


def _as_money(prices: Mapping[str, Sequence[PriceTier]]) -> tuple[Price, ...]:
    return tuple(
        Price(Money(tier.unit_minor, currency), tier.quantity_from)
        for currency, tiers in sorted(prices.items())
        for tier in tiers
    )


@frozen(kw_only=True)
class ProductView:
    """
    A product with its variants.
    """

    product_id: ProductId
    title: str
    link: str
    option_names: tuple[str, ...]
    created_at: datetime
    pictures: tuple[str, ...]
    variants: tuple[VariantView, ...]


def product_of(listing: catalog.Listing) -> ProductView:
    """
    Return *listing* with its prices as money.
    """
    product = listing.product
    return ProductView(
        product_id=product.product_id,
        title=product.title,
        link=product.link,
        option_names=product.option_names,
        created_at=product.created_at,
        pictures=product.pictures,
        variants=tuple(variant_of(variant) for variant in listing.variants),
    )


@frozen(kw_only=True)
class WarehouseView:
    """
    A cloud warehouse.

    Attributes:
        serves: Countries it delivers to; `*` for all.

        priority: A smaller one is asked first.

        handling: What a unit that leaves from stock costs, one amount a currency.
    """

    warehouse_id: WarehouseId
    name: str
    country: str
    serves: tuple[str, ...]
    priority: int
    handling: tuple[Money, ...]


def warehouse_of(warehouse: Warehouse) -> WarehouseView:
    """
    Return *warehouse* with its fees as money.
    """
    return WarehouseView(
        warehouse_id=warehouse.warehouse_id,
        name=warehouse.name,
        country=warehouse.country,
        serves=warehouse.serves,
        priority=warehouse.priority,
        handling=tuple(
            Money(minor, currency)
            for currency, minor in sorted(warehouse.handling_minor.items())
        ),
    )


@frozen(kw_only=True)
class LotView:
    """
    Stock of one variant from one receipt, or that came back from one order.

    Attributes:
        on_hand: Units in the warehouse; allocated: of those, bound to paid orders;
            available: the rest.

        unit_cost: What a unit cost the seller.

        order_id, item_id: The order that bought the units.

        returned_order_id: The order that they came back from; empty for what a receipt
            counted.
    """

    lot_id: LotId
    warehouse_id: WarehouseId
    variant_id: VariantId
    order_id: OrderId
    item_id: ItemId
    quantity_received: int
    on_hand: int
    allocated: int
    available: int
    unit_cost: Money
    arrived_at: datetime
    returned_order_id: OrderId


def lot_of(lot: Lot) -> LotView:
    """
    Return *lot* with its cost as money.
    """
    return LotView(
        lot_id=lot.lot_id,
        warehouse_id=lot.warehouse_id,
        variant_id=lot.variant_id,
        order_id=lot.order_id,
        item_id=lot.item_id,
        quantity_received=lot.quantity_received,
        on_hand=lot.on_hand,
        allocated=lot.allocated,
        available=lot.available,
        unit_cost=Money(lot.unit_minor, lot.currency),
        arrived_at=lot.arrived_at,
        returned_order_id=lot.returned_order_id,
    )


@frozen(kw_only=True)
class StockMovement:
    """
    One change of a lot.

    Attributes:
        kind: `received`, `allocated`, `released`, `shipped`, `returned`, `removed`
            (refunded), or as counts found it, `lost` and `found`.

        order_id: The order that it was for; of counts, the one that bought the lot.
    """

    movement_id: str
    lot_id: LotId
    kind: MovementKind
    quantity: int
    order_id: OrderId
    item_id: ItemId
    moved_at: datetime


def movement_of(movement: Movement) -> StockMovement:
    """
    Return what is shown of *movement*.
    """
    return StockMovement(
        movement_id=movement.movement_id,
        lot_id=movement.lot_id,
        kind=MovementKind(movement.kind),
        quantity=movement.quantity,
        order_id=movement.order_id,
        item_id=movement.item_id,
        moved_at=movement.moved_at,
    )


@frozen(kw_only=True)
class StockCountView:
    """
    What somebody counted of a variant in a cloud warehouse.

    Attributes:
        expected: Units that the books had on hand; counted: that were there.

        units_refunded, refunded: Of those that were missing, what the seller got back.

        note: Why there are more or fewer, as it was typed.
    """

    count_id: str
    warehouse_id: WarehouseId
    variant_id: VariantId
    expected: int
    counted: int
    units_refunded: int
    refunded: Money
    by: Actor
    note: str
    counted_at: datetime


def count_of(made: StockCount) -> StockCountView:
    """
    Return *made* with its money.
    """
    return StockCountView(
        count_id=made.count_id,
        warehouse_id=made.warehouse_id,
        variant_id=made.variant_id,
        expected=made.expected,
        counted=made.counted,
        units_refunded=made.units_refunded,
        refunded=Money(made.refunded_minor, made.currency),
        by=made.by,
        note=made.note,
        counted_at=made.counted_at,
    )


@frozen(kw_only=True)
class FreightQuote:
    """
    Every way to send something, and when it arrives if it is paid today.

    Attributes:
        left_out: Why other methods do not take it.

        arrivals: One for each of the options, in their order: from a cloud warehouse at
            the origin (`Settings.origin`), sourced directly, and what the cloud
            warehouse saves. None at all where the calendar's library is not installed.
    """

    options: tuple[FreightOption, ...]
    left_out: tuple[LeftOut, ...]
    arrivals: tuple[DeliveryComparison, ...]


@frozen(kw_only=True)
class FreightConnection:
    """
    A carrier or rate card that is configured for the platform; its configuration may
    hold secrets and is not shown.

    Attributes:
        state: `active`, or `paused`: then it is not asked.

        why: Why it rests.

        is_installed: Whether a plugin offers its provider, as far as this process
            knows; while none does, it is not asked.
    """

    name: str
    provider: str
    state: str
    why: str
    is_installed: bool
