"""
Orders, their lines and items, and the counts of their tabs.
"""

from datetime import datetime

from ...domain.kernel.ids import OrderId, SellerId
from ...domain.kernel.values import frozen
from ...domain.orders.lines import Item, Line
from ...domain.orders.order import Order
from ...ports.storage import Check
from ..records import Records


@frozen(kw_only=True)
class TabDelta:
    """
    A change of a tab's count; folded by a job, read as a sum.
    """

    seller_id: SellerId
    delta_id: str
    kind: str
    store_id: str
    tab: str
    delta: int


@frozen(kw_only=True)
class BuyerWord:
    """
    One word of the name or email by which an order's buyer is found: personal data.
    """

    seller_id: SellerId
    order_id: OrderId
    word: str


ORDERS: Records[Order] = Records(
    "orders",
    Order,
    key=["seller_id", "order_id"],
    skip=["lines", "items", "pending"],
    derived=[
        ("tab", str),
        ("in_refunds", bool),
        ("queue", str),
        ("waits_for", str),
        ("deadline", datetime),
        ("deadline_name", str),
    ],
    version="version",
    checks=[
        Check(0, "refunded_minor"),
        Check("refunded_minor", "captured_minor"),
    ],
)
ORDERS_OF = ORDERS.way("of_seller", equal=["seller_id"], order=["order_id"])
ORDERS_BY_KIND = ORDERS.way("by_kind", equal=["seller_id", "kind"], order=["order_id"])
ORDERS_BY_STORE = ORDERS.way(
    "by_store", equal=["seller_id", "store_id"], order=["order_id"]
)
ORDERS_BY_TAB = ORDERS.way("by_tab", equal=["seller_id", "tab"], order=["order_id"])
ORDERS_BY_STORE_TAB = ORDERS.way(
    "by_store_tab", equal=["seller_id", "store_id", "tab"], order=["order_id"]
)
ORDERS_BY_KIND_TAB = ORDERS.way(
    "by_kind_tab", equal=["seller_id", "kind", "tab"], order=["order_id"]
)
ORDERS_BY_REFUNDS = ORDERS.way(
    "by_refunds",
    equal=["seller_id", "in_refunds"],
    order=["order_id"],
    found_if="in_refunds",
)
ORDERS_BY_EXTERNAL = ORDERS.way(
    "by_external",
    equal=["seller_id", "store_id", "external_id", "part"],
    unique=True,
)
ORDERS_BY_NUMBER = ORDERS.way(
    "by_number", equal=["number"], order=["seller_id", "order_id"]
)
ORDERS_IN_TAB = ORDERS.way("in_tab", equal=["tab"], order=["order_id"])
ORDERS_OF_BY_PLACED = ORDERS.way(
    "of_seller_by_placed", equal=["seller_id"], order=["placed_at", "order_id"]
)
ORDERS_BY_PLACED = ORDERS.way("by_placed", equal=[], order=["placed_at", "order_id"])
ORDERS_OF_BY_PAID = ORDERS.way(
    "of_seller_by_paid",
    equal=["seller_id"],
    order=["paid_at", "order_id"],
    found_if="checkout_id",
)
ORDERS_BY_PAID = ORDERS.way(
    "by_paid", equal=[], order=["paid_at", "order_id"], found_if="checkout_id"
)
ORDERS_OF_ORIGIN = ORDERS.way(
    "of_origin",
    equal=["seller_id", "origin_order_id"],
    order=["order_id"],
    found_if="origin_order_id",
)
ORDERS_DUE = ORDERS.way("due", equal=[], order=["deadline"], found_if="deadline_name")
ORDERS_IN_QUEUE = ORDERS.way(
    "in_queue", equal=["queue"], order=["entered_at", "order_id"], found_if="queue"
)
ORDERS_BY_PROMISE = ORDERS.way(
    "by_promise", equal=["queue"], order=["promised_by", "order_id"], found_if="queue"
)
ORDERS_WAITING_FOR = ORDERS.way(
    "waiting_for",
    equal=["waits_for"],
    order=["entered_at", "order_id"],
    found_if="waits_for",
)
LINES: Records[Line] = Records(
    "order_line",
    Line,
    owner=["seller_id", "order_id"],
    key=["seller_id", "order_id", "line"],
    derived=[("sku_key", str), ("is_waiting", bool)],
)
LINES_OF = LINES.way("of_order", equal=["seller_id", "order_id"], order=["line"])
LINES_OF_SKU = LINES.way("of_sku", equal=["sku_key"], order=["order_id"])
LINES_WAITING = LINES.way(
    "waiting", equal=["seller_id", "sku_key", "is_waiting"], order=["order_id"]
)
LINES_WAITING_BY_VARIANT = LINES.way(
    "waiting_by_variant",
    equal=["seller_id", "external_variant_id", "is_waiting"],
    order=["order_id"],
    found_if="is_waiting",
)
LINES_WAITING_BY_PRODUCT = LINES.way(
    "waiting_by_product",
    equal=["seller_id", "external_product_id", "is_waiting"],
    order=["order_id"],
    found_if="is_waiting",
)
ITEMS: Records[Item] = Records(
    "order_item",
    Item,
    owner=["seller_id", "order_id"],
    key=["seller_id", "order_id", "item_id"],
    checks=[
        Check(0, "quantity_shipped"),
        Check("quantity_shipped", "quantity"),
        Check("quantity_refunded", "quantity"),
        Check("quantity_returned", "quantity_shipped"),
        Check("quantity_from_lots", "quantity"),
    ],
)
ITEMS_OF = ITEMS.way("of_order", equal=["seller_id", "order_id"], order=["item_id"])
ITEMS_OF_VARIANT = ITEMS.way("of_variant", equal=["variant_id"], order=["order_id"])
BUYER_WORDS = Records("order_buyer", BuyerWord, key=["seller_id", "order_id", "word"])
BUYER_WORDS_OF = BUYER_WORDS.way(
    "of_order", equal=["seller_id", "order_id"], order=["word"]
)
ORDERS_BY_BUYER = BUYER_WORDS.way("by_word", equal=["word"], order=["order_id"])
TAB_DELTAS = Records(
    "tab_delta",
    TabDelta,
    key=["seller_id", "delta_id", "kind", "store_id", "tab"],
)
TABS_OF = TAB_DELTAS.way(
    "of_seller", equal=["seller_id"], order=["delta_id", "kind", "store_id", "tab"]
)

RECORDS = (ORDERS, LINES, ITEMS, BUYER_WORDS, TAB_DELTAS)
