"""
Stock that belongs to sellers: lots, and the orders they are bound to.
"""

from datetime import datetime

from ..kernel.ids import ItemId, LotId, OrderId, SellerId, VariantId, WarehouseId
from ..kernel.values import frozen

EVERYWHERE = "*"


@frozen(kw_only=True)
class Warehouse:
    """
    A cloud warehouse.

    Attributes:
        country: Where it stands, ISO 3166-1 alpha-2.

        serves: Countries it delivers to; `*` for all.

        priority: Smaller is asked first.

        handling_minor: Currency -> fee per unit taken from stock.
    """

    warehouse_id: WarehouseId
    name: str
    country: str
    serves: tuple[str, ...]
    priority: int
    handling_minor: dict[str, int]

    def delivers_to(self, country: str) -> bool:
        """
        Tell whether it sends to *country*.
        """
        return EVERYWHERE in self.serves or country in self.serves


@frozen(kw_only=True)
class Lot:
    """
    Stock of one variant from one receipt, or that came back from one order.

    Attributes:
        quantity_received: Good units the receipt counted, or that came back.

        on_hand: Units in the warehouse now.

        allocated: Of those, bound to paid orders.

        unit_minor: What a unit cost the seller.

        order_id, item_id: What bought the units: a cloud-warehouse order, or of units
            that were sourced directly and came back, the order that sent them.

        returned_order_id, returned_item_id: The order that they came back from; empty
            for what a receipt counted.

        returned_lot_id: The lot that they had left from; empty where they were sourced
            directly.
    """

    seller_id: SellerId
    lot_id: LotId
    warehouse_id: WarehouseId
    variant_id: VariantId
    order_id: OrderId
    item_id: ItemId
    quantity_received: int
    on_hand: int
    allocated: int
    unit_minor: int
    currency: str
    arrived_at: datetime
    returned_order_id: OrderId = OrderId("")
    returned_item_id: ItemId = ItemId("")
    returned_lot_id: LotId = LotId("")

    @property
    def available(self) -> int:
        """
        Units no order has yet.
        """
        return self.on_hand - self.allocated


@frozen(kw_only=True)
class Allocation:
    """
    Units of a lot bound to an item of a paid order.

    Attributes:
        quantity: Bound in all, shipped and released ones included.

        quantity_returned: Of those that were shipped, what came back to stock.
    """

    seller_id: SellerId
    order_id: OrderId
    item_id: ItemId
    lot_id: LotId
    quantity: int
    quantity_shipped: int
    quantity_released: int
    quantity_refunded: int
    quantity_returned: int = 0

    @property
    def quantity_bound(self) -> int:
        """
        Units still waiting to be shipped.
        """
        return self.quantity - self.quantity_shipped - self.quantity_released


@frozen(kw_only=True)
class Receipt:
    """
    What a warehouse counted at one moment.

    Attributes:
        lines: (item, good, damaged, missing, excess) per item counted.
    """

    seller_id: SellerId
    receipt_id: str
    order_id: OrderId
    warehouse_id: WarehouseId
    lines: tuple[tuple[str, int, int, int, int], ...]
    counted_at: datetime


@frozen(kw_only=True)
class StockLevel:
    """
    What lots do not show: units on their way, and units that arrived broken.
    """

    seller_id: SellerId
    warehouse_id: WarehouseId
    variant_id: VariantId
    incoming: int
    damaged: int


@frozen(kw_only=True)
class StockView:
    """
    One line of "My Cloud Warehouse".
    """

    warehouse_id: WarehouseId
    variant_id: VariantId
    incoming: int
    on_hand: int
    allocated: int
    available: int
    damaged: int
