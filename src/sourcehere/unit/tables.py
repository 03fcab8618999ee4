"""
Every table: whose rows, under which key, with which promises, found by which ways.

A seller's table leads its key with `seller_id`, so that a database can be spread by
seller. Ways that do not start with it serve staff, who look across sellers.
"""

from datetime import datetime
from typing import Any

import attrs

from ..domain.catalog.model import Product, Variant
from ..domain.contacts.model import ContactVersion, Note
from ..domain.disputes.model import Dispute, DisputeMessage
from ..domain.effects.model import Attempt, OutboxMessage
from ..domain.kernel.actor import Actor
from ..domain.kernel.ids import SellerId
from ..domain.orders.lines import Item, Line
from ..domain.orders.order import Order
from ..domain.pairing.model import ConnectedSku, Connection, HelpRequest
from ..domain.quotes.model import QuoteRequest
from ..domain.shipments.model import Parcel, TrackingEvent
from ..domain.stores.model import RejectedRow, Store, StoreCharge, StoreOrderRecord
from ..domain.wallet.model import (
    Checkout,
    LedgerEntry,
    OrderPlan,
    Refund,
    TopUp,
    Wallet,
)
from ..domain.warehouse.model import (
    Allocation,
    Lot,
    Movement,
    Receipt,
    StockLevel,
    Warehouse,
)
from ..ports.storage import Check, Table
from .records import Records


@attrs.frozen(kw_only=True)
class Seller:
    """
    A tenant.

    Attributes:
        currency: The settlement currency; never changes.
    """

    seller_id: SellerId
    name: str
    currency: str
    joined_at: datetime


@attrs.frozen(kw_only=True)
class ProductWord:
    """
    One word that finds a product.
    """

    word: str
    product_id: str


@attrs.frozen(kw_only=True)
class ProviderConnection:
    """
    A configured provider of the platform, such as a rate card.

    Attributes:
        kind: `freight`.
    """

    name: str
    kind: str
    provider: str
    config: dict[str, object]


@attrs.frozen(kw_only=True)
class CommandResult:
    """
    What a command answered the first time, per item of a bulk call.
    """

    seller_id: SellerId
    command_id: str
    item: str
    request_hash: str
    result: str


@attrs.frozen(kw_only=True)
class PlatformCommandResult:
    """
    What a command of the platform scope answered the first time.
    """

    command_id: str
    item: str
    request_hash: str
    result: str


@attrs.frozen(kw_only=True)
class StoredEvent:
    """
    One event as it is kept.
    """

    seller_id: SellerId
    stream_id: str
    sequence: int
    stream: str
    name: str
    schema: int
    data: str
    occurred_at: datetime
    recorded_at: datetime
    actor: Actor
    command_id: str


@attrs.frozen(kw_only=True)
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


SELLERS = Records("seller", Seller, key=["seller_id"])
PRODUCTS = Records("product", Product, key=["product_id"])
PRODUCTS_BY_LINK = PRODUCTS.way("by_link", equal=["link_key"])
PRODUCT_WORDS = Records("product_word", ProductWord, key=["word", "product_id"])
PRODUCTS_BY_WORD = PRODUCT_WORDS.way("by_word", equal=["word"])
VARIANTS = Records("variant", Variant, key=["variant_id"])
VARIANTS_BY_PRODUCT = VARIANTS.way("by_product", equal=["product_id"])
VARIANTS_BY_SKU = VARIANTS.way("by_sku", equal=["sku_key"], unique=True)
VARIANTS_BY_BARCODE = VARIANTS.way("by_barcode", equal=["barcode"])
WAREHOUSES = Records("warehouse", Warehouse, key=["warehouse_id"])
PROVIDERS = Records("provider_connection", ProviderConnection, key=["name"])
PLATFORM_COMMANDS = Records(
    "platform_command", PlatformCommandResult, key=["command_id", "item"]
)

COMMANDS = Records("command", CommandResult, key=["seller_id", "command_id", "item"])
EVENTS = Records("event", StoredEvent, key=["seller_id", "stream_id", "sequence"])
EVENTS_OF = EVENTS.way(
    "of_stream", equal=["seller_id", "stream_id"], order=["sequence"]
)

CONTACTS = Records(
    "contact_version", ContactVersion, key=["seller_id", "contact_id", "version"]
)
CONTACT_VERSIONS = CONTACTS.way(
    "of_contact", equal=["seller_id", "contact_id"], order=["version"]
)
NOTES = Records("note", Note, key=["seller_id", "note_id"])
NOTES_OF = NOTES.way("of_subject", equal=["seller_id", "subject_id"], order=["note_id"])

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

ORDERS: Records[Order] = Records(
    "orders",
    Order,
    key=["seller_id", "order_id"],
    skip=["lines", "items", "pending"],
    derived=[
        ("tab", str),
        ("in_refunds", bool),
        ("is_picking", bool),
        ("is_expected", bool),
        ("deadline", datetime),
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
    "by_refunds", equal=["seller_id", "in_refunds"], order=["order_id"]
)
ORDERS_BY_EXTERNAL = ORDERS.way(
    "by_external",
    equal=["seller_id", "store_id", "external_id", "part"],
    unique=True,
)
ORDERS_BY_NUMBER = ORDERS.way(
    "by_number", equal=["seller_id", "number"], order=["order_id"]
)
ORDERS_DUE = ORDERS.way("due", equal=[], order=["deadline"])
ORDERS_PICKING = ORDERS.way("picking", equal=["is_picking"], order=["order_id"])
ORDERS_RECEIVING = ORDERS.way("receiving", equal=["is_expected"], order=["order_id"])

LINES: Records[Line] = Records(
    "order_line",
    Line,
    owner=["seller_id", "order_id"],
    key=["seller_id", "order_id", "line"],
    derived=[("sku_key", str), ("is_waiting", bool)],
)
LINES_OF = LINES.way("of_order", equal=["seller_id", "order_id"], order=["line"])
LINES_WAITING = LINES.way(
    "waiting", equal=["seller_id", "sku_key", "is_waiting"], order=["order_id"]
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
        Check("quantity_from_lots", "quantity"),
    ],
)
ITEMS_OF = ITEMS.way("of_order", equal=["seller_id", "order_id"], order=["item_id"])
TAB_DELTAS = Records(
    "tab_delta",
    TabDelta,
    key=["seller_id", "delta_id", "kind", "store_id", "tab"],
)
TABS_OF = TAB_DELTAS.way(
    "of_seller", equal=["seller_id"], order=["delta_id", "kind", "store_id", "tab"]
)

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
CONNECTED_SKUS = Records(
    "connected_sku", ConnectedSku, key=["seller_id", "store_id", "sku_key"]
)
HELP_REQUESTS = Records("help_request", HelpRequest, key=["seller_id", "help_id"])
HELP_OF = HELP_REQUESTS.way(
    "of_order", equal=["seller_id", "order_id"], order=["help_id"]
)
HELP_WANTED = HELP_REQUESTS.way("wanted", equal=["state"], order=["help_id"])

QUOTE_REQUESTS: Records[QuoteRequest] = Records(
    "quote_request",
    QuoteRequest,
    key=["seller_id", "request_id"],
    skip=["pending"],
    derived=[("deadline", datetime)],
    version="version",
)
QUOTES_OF = QUOTE_REQUESTS.way("of_seller", equal=["seller_id"], order=["request_id"])
QUOTES_BY_STATE = QUOTE_REQUESTS.way("by_state", equal=["state"], order=["request_id"])
QUOTES_DUE = QUOTE_REQUESTS.way("due", equal=["state"], order=["deadline"])

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

WALLETS = Records(
    "wallet",
    Wallet,
    key=["seller_id"],
    checks=[Check(0, "available"), Check(0, "held")],
)
LEDGER = Records(
    "ledger_entry", LedgerEntry, key=["seller_id", "transaction_id", "entry"]
)
LEDGER_OF = LEDGER.way(
    "of_seller", equal=["seller_id"], order=["transaction_id", "entry"]
)
TOP_UPS = Records("top_up", TopUp, key=["seller_id", "reference"])
CHECKOUTS = Records("checkout", Checkout, key=["seller_id", "checkout_id"])
CHECKOUTS_DUE = CHECKOUTS.way("due", equal=["state"], order=["expires_at"])
ORDER_PLANS = Records(
    "checkout_order", OrderPlan, key=["seller_id", "checkout_id", "position"]
)
PLANS_OF = ORDER_PLANS.way(
    "of_checkout", equal=["seller_id", "checkout_id"], order=["position"]
)
REFUNDS = Records("refund", Refund, key=["seller_id", "refund_id"])
REFUNDS_OF = REFUNDS.way(
    "of_order", equal=["seller_id", "order_id"], order=["refund_id"]
)

PARCELS = Records("parcel", Parcel, key=["seller_id", "parcel_id"])
PARCELS_OF = PARCELS.way(
    "of_order", equal=["seller_id", "order_id"], order=["parcel_id"]
)
PARCELS_BY_TRACKING = PARCELS.way("by_tracking", equal=["tracking_number"])
TRACKING_EVENTS = Records(
    "tracking_event", TrackingEvent, key=["seller_id", "parcel_id", "key"]
)
TRACKING_OF = TRACKING_EVENTS.way(
    "of_parcel", equal=["seller_id", "parcel_id"], order=["happened_at", "key"]
)

DISPUTES: Records[Dispute] = Records(
    "dispute",
    Dispute,
    key=["seller_id", "dispute_id"],
    skip=["pending"],
    derived=[("deadline", datetime)],
    version="version",
)
DISPUTES_DUE = DISPUTES.way("due", equal=["state"], order=["deadline"])
DISPUTES_OF = DISPUTES.way(
    "of_order", equal=["seller_id", "order_id"], order=["dispute_id"]
)
DISPUTES_BY_STATE = DISPUTES.way("by_state", equal=["state"], order=["dispute_id"])
DISPUTE_MESSAGES = Records(
    "dispute_message", DisputeMessage, key=["seller_id", "dispute_id", "message_id"]
)
MESSAGES_OF = DISPUTE_MESSAGES.way(
    "of_dispute", equal=["seller_id", "dispute_id"], order=["message_id"]
)

OUTBOX = Records(
    "outbox_message",
    OutboxMessage,
    key=["seller_id", "message_id"],
    version="epoch",
)
OUTBOX_LANE = OUTBOX.way(
    "lane", equal=["seller_id", "channel", "lane"], order=["position"]
)
OUTBOX_BY_STATE = OUTBOX.way(
    "by_state", equal=["state"], order=["next_at", "seller_id", "message_id"]
)
ATTEMPTS = Records("attempt", Attempt, key=["seller_id", "message_id", "number"])
ATTEMPTS_OF = ATTEMPTS.way(
    "of_message", equal=["seller_id", "message_id"], order=["number"]
)
ATTEMPTS_BY_STATE = ATTEMPTS.way(
    "by_state", equal=["state"], order=["seller_id", "message_id", "number"]
)

ALL_RECORDS: tuple[Records[Any], ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Records)
)
TABLES: tuple[Table, ...] = tuple(records.table for records in ALL_RECORDS)
