"""
Shops, and what they said.
"""

from ...domain.stores.model import RejectedRow, Store, StoreCharge, StoreOrderRecord
from ..records import Records

STORES = Records("store", Store, key=["seller_id", "store_id"])
STORES_OF = STORES.way("of_seller", equal=["seller_id"], order=["store_id"])
STORE_ORDERS = Records(
    "store_order", StoreOrderRecord, key=["seller_id", "store_id", "external_id"]
)
REJECTED_ROWS = Records(
    "rejected_row", RejectedRow, key=["seller_id", "store_id", "row", "reason"]
)
REJECTED_OF = REJECTED_ROWS.way(
    "of_store", equal=["seller_id", "store_id"], order=["row", "reason"]
)
STORE_CHARGES = Records(
    "store_charge", StoreCharge, key=["seller_id", "store_id", "row"]
)
CHARGES_OF = STORE_CHARGES.way(
    "of_store", equal=["seller_id", "store_id"], order=["row"]
)

RECORDS = (STORES, STORE_ORDERS, REJECTED_ROWS, STORE_CHARGES)
