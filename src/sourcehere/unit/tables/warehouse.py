"""
Warehouses, lots, and every movement of stock.
"""

from ...domain.warehouse.counts import StockCount
from ...domain.warehouse.model import Allocation, Lot, Receipt, StockLevel, Warehouse
from ...domain.warehouse.movements import Movement
from ...ports.storage import Check
from ..records import Records

WAREHOUSES = Records("warehouse", Warehouse, key=["warehouse_id"])
LOTS = Records(
    "lot",
    Lot,
    key=["seller_id", "lot_id"],
    checks=[Check(0, "allocated"), Check("allocated", "on_hand")],
)
LOTS_OF_VARIANT = LOTS.way(
    "of_variant",
    equal=["seller_id", "variant_id"],
    order=["arrived_at", "lot_id"],
)
LOTS_OF = LOTS.way("of_seller", equal=["seller_id"], order=["lot_id"])
MOVEMENTS = Records(
    "stock_movement", Movement, key=["seller_id", "lot_id", "movement_id"]
)
MOVEMENTS_OF = MOVEMENTS.way(
    "of_lot", equal=["seller_id", "lot_id"], order=["movement_id"]
)
ALLOCATIONS = Records(
    "allocation",
    Allocation,
    key=["seller_id", "order_id", "item_id", "lot_id"],
    checks=[
        Check(0, "quantity_shipped"),
        Check(0, "quantity_released"),
        Check("quantity_refunded", "quantity"),
        Check("quantity_returned", "quantity_shipped"),
    ],
)
ALLOCATIONS_OF = ALLOCATIONS.way(
    "of_order", equal=["seller_id", "order_id"], order=["item_id", "lot_id"]
)
RECEIPTS = Records("receipt", Receipt, key=["seller_id", "receipt_id"])
RECEIPTS_OF = RECEIPTS.way(
    "of_order", equal=["seller_id", "order_id"], order=["receipt_id"]
)
STOCK_LEVELS = Records(
    "stock_level",
    StockLevel,
    key=["seller_id", "warehouse_id", "variant_id"],
    checks=[Check(0, "incoming"), Check(0, "damaged")],
)
STOCK_LEVELS_OF = STOCK_LEVELS.way(
    "of_seller", equal=["seller_id"], order=["warehouse_id", "variant_id"]
)

STOCK_COUNTS = Records("stock_count", StockCount, key=["seller_id", "count_id"])
STOCK_COUNTS_OF = STOCK_COUNTS.way("of_seller", equal=["seller_id"], order=["count_id"])

RECORDS = (
    WAREHOUSES,
    LOTS,
    MOVEMENTS,
    ALLOCATIONS,
    RECEIPTS,
    STOCK_LEVELS,
    STOCK_COUNTS,
)
