"""
Goods at sellers' own places, and every movement of them.
"""

from ...domain.local_stock.model import LocalMovement, LocalStock
from ...ports.storage import Check
from ..records import Records

LOCAL_STOCK = Records(
    "local_stock",
    LocalStock,
    key=["seller_id", "variant_id"],
    checks=[Check(0, "on_hand")],
)
LOCAL_STOCK_OF = LOCAL_STOCK.way("of_seller", equal=["seller_id"], order=["variant_id"])
LOCAL_MOVEMENTS = Records(
    "local_movement", LocalMovement, key=["seller_id", "movement_id"]
)
LOCAL_MOVEMENTS_OF_SELLER = LOCAL_MOVEMENTS.way(
    "of_seller", equal=["seller_id"], order=["movement_id"]
)
LOCAL_MOVEMENTS_OF_VARIANT = LOCAL_MOVEMENTS.way(
    "of_variant", equal=["seller_id", "variant_id"], order=["movement_id"]
)
LOCAL_MOVEMENTS_OF_ORDER = LOCAL_MOVEMENTS.way(
    "of_order", equal=["seller_id", "order_id"], order=["movement_id"]
)

RECORDS = (LOCAL_STOCK, LOCAL_MOVEMENTS)
