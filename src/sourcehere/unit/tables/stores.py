"""
Shops, and what they said.
"""

from ...domain.stores.model import RejectedRow, Store, StoreCharge
from ...domain.stores.record import StoreOrderRecord
from ...domain.stores.told import Told, ToldName
from ..records import Records

STORES = Records(
    "store",
    Store,
    key=["seller_id", "store_id"],
    derived=[("is_pulled", bool)],
)
STORES_TO_PULL = STORES.way("to_pull", equal=["is_pulled"], order=["pull_at"])
STORES_OF = STORES.way("of_seller", equal=["seller_id"], order=["store_id"])
STORE_ORDERS = Records(
    "store_order", StoreOrderRecord, key=["seller_id", "store_id", "external_id"]
)
STORE_ORDERS_NAMED = STORE_ORDERS.way("named", equal=["external_id"])
REJECTED_ROWS = Records(
    "rejected_row", RejectedRow, key=["seller_id", "store_id", "problem_id"]
)
REJECTED_OF = REJECTED_ROWS.way(
    "of_store",
    equal=["seller_id", "store_id", "is_open"],
    order=["row", "problem_id"],
)
REJECTED_OF_ORDER = REJECTED_ROWS.way(
    "of_order", equal=["seller_id", "store_id", "external_id"], order=["problem_id"]
)
STORE_CHARGES = Records(
    "shop_charge", StoreCharge, key=["seller_id", "store_id", "charge_id"]
)
CHARGES_OF = STORE_CHARGES.way(
    "of_store", equal=["seller_id", "store_id"], order=["row", "charge_id"]
)
TOLD = Records("told", Told, key=["seller_id", "store_id", "told_id"])
TOLD_OF = TOLD.way("of_store", equal=["seller_id", "store_id"], order=["told_id"])
TOLD_TO_FORGET = TOLD.way("to_forget", equal=[], order=["forget_at"])
TOLD_NAMES = Records(
    "told_name", ToldName, key=["seller_id", "store_id", "told_id", "name"]
)
TOLD_NAMES_OF = TOLD_NAMES.way(
    "of_told", equal=["seller_id", "store_id", "told_id"], order=["name"]
)
TOLD_NAMED = TOLD_NAMES.way(
    "of_name", equal=["seller_id", "store_id", "name"], order=["told_id"]
)

RECORDS = (STORES, STORE_ORDERS, REJECTED_ROWS, STORE_CHARGES, TOLD, TOLD_NAMES)
