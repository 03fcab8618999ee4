"""
Connections, the SKUs they connect, and calls for help.
"""

from ...domain.pairing.model import ConnectedSku, Connection, HelpRequest
from ...domain.pairing.not_ours import NotOurs
from ..records import Records

CONNECTIONS: Records[Connection] = Records(
    "connection",
    Connection,
    key=["seller_id", "connection_id"],
    skip=["pending"],
    version="version",
)
CONNECTIONS_OF = CONNECTIONS.way(
    "of_store", equal=["seller_id", "store_id"], order=["connection_id"]
)
CONNECTIONS_OF_SELLER = CONNECTIONS.way(
    "of_seller", equal=["seller_id"], order=["connection_id"]
)
CONNECTED_SKUS = Records(
    "connected_sku",
    ConnectedSku,
    key=["seller_id", "store_id", "sku_key"],
    derived=[("priced_variant", str), ("is_for_product", bool)],
)
CONNECTED_BY_PRICED = CONNECTED_SKUS.way(
    "by_priced", equal=["seller_id", "priced_variant"], order=["store_id", "sku_key"]
)
CONNECTED_PRODUCTS = CONNECTED_SKUS.way(
    "of_products",
    equal=["seller_id", "store_id", "is_for_product"],
    order=["sku_key"],
)
HELP_REQUESTS = Records("help_request", HelpRequest, key=["seller_id", "help_id"])
HELP_OF = HELP_REQUESTS.way(
    "of_order", equal=["seller_id", "order_id"], order=["help_id"]
)
HELP_WANTED = HELP_REQUESTS.way("wanted", equal=["state"], order=["help_id"])

NOT_OURS = Records("not_ours", NotOurs, key=["seller_id", "store_id", "sku_key"])
NOT_OURS_OF = NOT_OURS.way(
    "of_store", equal=["seller_id", "store_id"], order=["sku_key"]
)

RECORDS = (CONNECTIONS, CONNECTED_SKUS, HELP_REQUESTS, NOT_OURS)
