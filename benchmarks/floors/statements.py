"""
The statements of the hand-written floors: every database prepares each of them once.
"""


class Statement:
    """
    One prepared statement: whole rows into a table, or columns of rows by key.
    """

    def __init__(self, verb, table, columns=()):
        self.verb, self.table, self.columns = verb, table, columns


def insert(table):
    """
    Insert whole rows.
    """
    return Statement("insert", table)


def update(table, *columns):
    """
    Set *columns*; a row is their values, then the key.
    """
    return Statement("update", table, columns)


ADD_CONTACT, ADD_STORE_ORDER = insert("contact_version"), insert("store_order")
ADD_ORDER, ADD_LINE, ADD_ITEM = (
    insert("orders"),
    insert("order_line"),
    insert("order_item"),
)
ADD_EVENT, ADD_TAB, ADD_CHECKOUT = (
    insert("event"),
    insert("tab_delta"),
    insert("checkout"),
)
ADD_PLAN, ADD_ENTRY, ADD_PARCEL = (
    insert("checkout_order"),
    insert("ledger_entry"),
    insert("parcel"),
)
ADD_MESSAGE, ADD_ATTEMPT = insert("outbox_message"), insert("attempt")
ADD_BUYER = insert("order_buyer")
ADD_TRACKING, ADD_SEND = insert("tracking_event"), insert("send")
MOVE_CURSOR = update("store", "cursor", "pull_at", "pulled_at", "answers_count")
PAY_ORDER = update(
    "orders",
    *("state", "version", "method", "checkout_id", "goods_minor", "freight_minor"),
    *("captured_minor", "paid_at", "entered_at", "tab", "queue", "deadline"),
    "deadline_name",
    "promised_by",
)
PRICE_ITEM, SEND_ITEM = (
    update("order_item", "unit_minor"),
    update("order_item", "quantity_shipped"),
)
CLOSE_CHECKOUT = update("checkout", "state")
SPEND = Statement("add", "wallet", ("available",))
ACCEPT_ORDER = update("orders", "version", "accepted_at", "queue")
SHIP_ORDER = update(
    "orders",
    *("state", "version", "deliver_by", "entered_at", "parcels", "tab", "queue"),
    "deadline",
    "deadline_name",
    "promised_by",
)
CLAIM = update("outbox_message", "state", "epoch", "worker", "lease_until")
FINISH = update("outbox_message", "state", "attempts")
SUCCEED = update("attempt", "state", "reference")
DELIVER_PARCEL = update("parcel", "status", "delivered_at")
DELIVER_ORDER = update(
    "orders",
    *("state", "version", "entered_at", "parcels", "tab", "deadline", "deadline_name"),
)
