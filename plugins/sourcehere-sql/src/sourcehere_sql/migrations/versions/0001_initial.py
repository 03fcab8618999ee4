"""
Create every table.
"""
# ruff: noqa: PLR0915 - a list of statements

import sqlalchemy as sa

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER, JSON, TEXT, TIME

revision = "0001_c266f59a"
down_revision = None
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Create every table.
    """
    db.create_table(
        "allocation",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("item_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("lot_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("quantity", INTEGER, autoincrement=False, nullable=False),
        sa.Column("quantity_shipped", INTEGER, autoincrement=False, nullable=False),
        sa.Column("quantity_released", INTEGER, autoincrement=False, nullable=False),
        sa.Column("quantity_refunded", INTEGER, autoincrement=False, nullable=False),
        sa.Column("quantity_returned", INTEGER, autoincrement=False, nullable=False),
        sa.CheckConstraint(
            '"quantity_refunded" <= "quantity"',
            name="allocation_quantity_refunded_le_quantity",
        ),
        sa.CheckConstraint(
            '"quantity_returned" <= "quantity_shipped"',
            name="allocation_quantity_returned_le_quantity_shipped",
        ),
        sa.CheckConstraint(
            '0 <= "quantity_released"', name="allocation_0_le_quantity_released"
        ),
        sa.CheckConstraint(
            '0 <= "quantity_shipped"', name="allocation_0_le_quantity_shipped"
        ),
        sa.PrimaryKeyConstraint(
            "seller_id", "order_id", "item_id", "lot_id", name="allocation_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_table(
        "attempt",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("message_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("number", INTEGER, autoincrement=False, nullable=False),
        sa.Column("purpose", TEXT, autoincrement=False, nullable=False),
        sa.Column("key", TEXT, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("sends", INTEGER, autoincrement=False, nullable=False),
        sa.Column("reference", TEXT, autoincrement=False, nullable=False),
        sa.Column("error", TEXT, autoincrement=False, nullable=False),
        sa.Column("planned_at", TIME, autoincrement=False, nullable=False),
        sa.Column("changed_at", TIME, autoincrement=False, nullable=False),
        sa.Column("lines", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "message_id", "number", name="attempt_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_table(
        "catalog_entry",
        sa.Column("entry_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("product_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("variant_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("changed_at", TIME, autoincrement=False, nullable=False),
        sa.Column("actor", TEXT, autoincrement=False, nullable=False),
        sa.Column("field", TEXT, autoincrement=False, nullable=False),
        sa.Column("before", TEXT, autoincrement=False, nullable=False),
        sa.Column("after", TEXT, autoincrement=False, nullable=False),
        sa.Column("starts_at", TIME, autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("entry_id", name="catalog_entry_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "catalog_entry_of_product",
        "catalog_entry",
        ["product_id", "entry_id"],
        unique=False,
    )
    db.create_table(
        "chargeback",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("chargeback_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("attempt_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("connection", TEXT, autoincrement=False, nullable=False),
        sa.Column("gateway_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("amount_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("taken_at", TIME, autoincrement=False, nullable=False),
        sa.Column("told_at", TIME, autoincrement=False, nullable=False),
        sa.Column("changed_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "chargeback_id", name="chargeback_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "chargeback_by_gateway_id",
        "chargeback",
        ["connection", "gateway_id", "chargeback_id", "seller_id"],
        unique=False,
    )
    db.create_index(
        "chargeback_of_attempt",
        "chargeback",
        ["seller_id", "attempt_id", "chargeback_id"],
        unique=False,
    )
    db.create_table(
        "checkout",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("checkout_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("total_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("orders", INTEGER, autoincrement=False, nullable=False),
        sa.Column("expires_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "checkout_id", name="checkout_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "checkout_due",
        "checkout",
        ["state", "expires_at", "seller_id", "checkout_id"],
        unique=False,
    )
    db.create_table(
        "checkout_order",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("checkout_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("position", INTEGER, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("contact_version", INTEGER, autoincrement=False, nullable=False),
        sa.Column("goods_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("freight_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("handling_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("method", TEXT, autoincrement=False, nullable=False),
        sa.Column("days_min", INTEGER, autoincrement=False, nullable=False),
        sa.Column("days_max", INTEGER, autoincrement=False, nullable=False),
        sa.Column("chargeable_grams", INTEGER, autoincrement=False, nullable=False),
        sa.Column("items", JSON, autoincrement=False, nullable=False),
        sa.Column("picks", JSON, autoincrement=False, nullable=False),
        sa.Column("reasons", JSON, autoincrement=False, nullable=False),
        sa.Column("connection", TEXT, autoincrement=False, nullable=False),
        sa.Column("contents", JSON, autoincrement=False, nullable=False),
        sa.Column("arrivals", JSON, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "checkout_id", "position", name="checkout_order_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_table(
        "circuit",
        sa.Column("connection", TEXT, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("failures", INTEGER, autoincrement=False, nullable=False),
        sa.Column("next_at", TIME, autoincrement=False, nullable=False),
        sa.Column("error", TEXT, autoincrement=False, nullable=False),
        sa.Column("changed_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("connection", name="circuit_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_table(
        "command",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("command_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("item", TEXT, autoincrement=False, nullable=False),
        sa.Column("request_hash", TEXT, autoincrement=False, nullable=False),
        sa.Column("result", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "command_id", "item", name="command_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_table(
        "connected_sku",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("store_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("sku_key", TEXT, autoincrement=False, nullable=False),
        sa.Column("connection_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("connection_version", INTEGER, autoincrement=False, nullable=False),
        sa.Column("method", TEXT, autoincrement=False, nullable=False),
        sa.Column("rule", JSON, autoincrement=False, nullable=False),
        sa.Column("methods", JSON, autoincrement=False, nullable=False),
        sa.Column("priced_variant", TEXT, autoincrement=False, nullable=False),
        sa.Column("is_for_product", INTEGER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "store_id", "sku_key", name="connected_sku_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "connected_sku_by_priced",
        "connected_sku",
        ["seller_id", "priced_variant", "store_id", "sku_key"],
        unique=False,
    )
    db.create_index(
        "connected_sku_of_products",
        "connected_sku",
        ["seller_id", "store_id", "is_for_product", "sku_key"],
        unique=False,
    )
    db.create_table(
        "connection",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("connection_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("version", INTEGER, autoincrement=False, nullable=False),
        sa.Column("store_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("listing", TEXT, autoincrement=False, nullable=False),
        sa.Column("product_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("method", TEXT, autoincrement=False, nullable=False),
        sa.Column("rules", JSON, autoincrement=False, nullable=False),
        sa.Column("methods", JSON, autoincrement=False, nullable=False),
        sa.Column("is_active", INTEGER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "connection_id", name="connection_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "connection_of_store",
        "connection",
        ["seller_id", "store_id", "connection_id"],
        unique=False,
    )
    db.create_table(
        "contact_version",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("contact_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("version", INTEGER, autoincrement=False, nullable=False),
        sa.Column("address", JSON, autoincrement=False, nullable=False),
        sa.Column("recorded_at", TIME, autoincrement=False, nullable=False),
        sa.Column("erased_at", TIME, autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint(
            "seller_id", "contact_id", "version", name="contact_version_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_table(
        "conversation",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("conversation_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("version", INTEGER, autoincrement=False, nullable=False),
        sa.Column("about", TEXT, autoincrement=False, nullable=False),
        sa.Column("subject_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("messages", INTEGER, autoincrement=False, nullable=False),
        sa.Column("last_by", TEXT, autoincrement=False, nullable=False),
        sa.Column("last_at", TIME, autoincrement=False, nullable=False),
        sa.Column("is_settled", INTEGER, autoincrement=False, nullable=False),
        sa.Column("waits_for", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "conversation_id", name="conversation_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "conversation_of_seller",
        "conversation",
        ["seller_id", "last_at", "conversation_id"],
        unique=False,
    )
    db.create_index(
        "conversation_waiting",
        "conversation",
        ["waits_for", "last_at", "conversation_id", "seller_id"],
        unique=False,
    )
    db.create_table(
        "dispute",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("dispute_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("version", INTEGER, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("reason", TEXT, autoincrement=False, nullable=False),
        sa.Column("units", JSON, autoincrement=False, nullable=False),
        sa.Column("asked_remedy", TEXT, autoincrement=False, nullable=False),
        sa.Column("asked_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("offered_remedy", TEXT, autoincrement=False, nullable=False),
        sa.Column("offered_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("terms_version", INTEGER, autoincrement=False, nullable=False),
        sa.Column("granted_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("reship_order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("opened_at", TIME, autoincrement=False, nullable=True),
        sa.Column("answer_by", TIME, autoincrement=False, nullable=True),
        sa.Column("promised_by", TIME, autoincrement=False, nullable=False),
        sa.Column("is_overdue", INTEGER, autoincrement=False, nullable=False),
        sa.Column("ended_with", TEXT, autoincrement=False, nullable=False),
        sa.Column("deadline", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "dispute_id", name="dispute_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "dispute_by_state",
        "dispute",
        ["state", "dispute_id", "seller_id"],
        unique=False,
    )
    db.create_index(
        "dispute_due",
        "dispute",
        ["state", "deadline", "seller_id", "dispute_id"],
        unique=False,
    )
    db.create_index(
        "dispute_of_order",
        "dispute",
        ["seller_id", "order_id", "dispute_id"],
        unique=False,
    )
    db.create_table(
        "event",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("stream_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("sequence", INTEGER, autoincrement=False, nullable=False),
        sa.Column("stream", TEXT, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, autoincrement=False, nullable=False),
        sa.Column("schema", INTEGER, autoincrement=False, nullable=False),
        sa.Column("data", TEXT, autoincrement=False, nullable=False),
        sa.Column("occurred_at", TIME, autoincrement=False, nullable=False),
        sa.Column("recorded_at", TIME, autoincrement=False, nullable=False),
        sa.Column("actor", TEXT, autoincrement=False, nullable=False),
        sa.Column("command_id", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "stream_id", "sequence", name="event_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_table(
        "goodwill",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("reference", TEXT, autoincrement=False, nullable=False),
        sa.Column("amount_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("reason", TEXT, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("note", TEXT, autoincrement=False, nullable=False),
        sa.Column("given_by", TEXT, autoincrement=False, nullable=False),
        sa.Column("given_at", TIME, autoincrement=False, nullable=False),
        sa.Column("taken_back_at", TIME, autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("seller_id", "reference", name="goodwill_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "goodwill_of_order",
        "goodwill",
        ["seller_id", "order_id", "given_at", "reference"],
        unique=False,
    )
    db.create_index(
        "goodwill_of_seller",
        "goodwill",
        ["seller_id", "given_at", "reference"],
        unique=False,
    )
    db.create_table(
        "help_request",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("help_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("line", INTEGER, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("asked_at", TIME, autoincrement=False, nullable=False),
        sa.Column("done_at", TIME, autoincrement=False, nullable=True),
        sa.Column("outcome", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "help_id", name="help_request_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "help_request_of_order",
        "help_request",
        ["seller_id", "order_id", "help_id"],
        unique=False,
    )
    db.create_index(
        "help_request_wanted",
        "help_request",
        ["state", "help_id", "seller_id"],
        unique=False,
    )
    db.create_table(
        "inbox_event",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("store_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("event_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("topic", TEXT, autoincrement=False, nullable=False),
        sa.Column("orders", JSON, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("attempts", INTEGER, autoincrement=False, nullable=False),
        sa.Column("next_at", TIME, autoincrement=False, nullable=False),
        sa.Column("received_at", TIME, autoincrement=False, nullable=False),
        sa.Column("changed_at", TIME, autoincrement=False, nullable=False),
        sa.Column("error", TEXT, autoincrement=False, nullable=False),
        sa.Column("traceparent", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "store_id", "event_id", name="inbox_event_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "inbox_event_by_state",
        "inbox_event",
        ["state", "next_at", "seller_id", "store_id", "event_id"],
        unique=False,
    )
    db.create_table(
        "label",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("label_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("connection", TEXT, autoincrement=False, nullable=False),
        sa.Column("method", TEXT, autoincrement=False, nullable=False),
        sa.Column("contact_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("contact_version", INTEGER, autoincrement=False, nullable=False),
        sa.Column("leaves_from", TEXT, autoincrement=False, nullable=True),
        sa.Column("origin", TEXT, autoincrement=False, nullable=False),
        sa.Column("items", JSON, autoincrement=False, nullable=False),
        sa.Column("weight_grams", INTEGER, autoincrement=False, nullable=False),
        sa.Column("key", TEXT, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("sends", INTEGER, autoincrement=False, nullable=False),
        sa.Column("epoch", INTEGER, autoincrement=False, nullable=False),
        sa.Column("next_at", TIME, autoincrement=False, nullable=False),
        sa.Column("bought_by", TEXT, autoincrement=False, nullable=False),
        sa.Column("planned_at", TIME, autoincrement=False, nullable=False),
        sa.Column("changed_at", TIME, autoincrement=False, nullable=False),
        sa.Column("reference", TEXT, autoincrement=False, nullable=False),
        sa.Column("carrier", TEXT, autoincrement=False, nullable=False),
        sa.Column("tracking_number", TEXT, autoincrement=False, nullable=False),
        sa.Column("price_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("parcel_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("void_key", TEXT, autoincrement=False, nullable=False),
        sa.Column("void_state", TEXT, autoincrement=False, nullable=False),
        sa.Column("void_sends", INTEGER, autoincrement=False, nullable=False),
        sa.Column("error", TEXT, autoincrement=False, nullable=False),
        sa.Column("traceparent", TEXT, autoincrement=False, nullable=False),
        sa.Column("stage", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "label_id", name="label_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "label_by_stage",
        "label",
        ["stage", "next_at", "seller_id", "label_id"],
        unique=False,
    )
    db.create_index(
        "label_of_order", "label", ["seller_id", "order_id", "label_id"], unique=False
    )
    db.create_index(
        "label_of_parcel", "label", ["seller_id", "parcel_id", "label_id"], unique=False
    )
    db.create_table(
        "ledger_entry",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("transaction_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("entry", INTEGER, autoincrement=False, nullable=False),
        sa.Column("account", TEXT, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("amount_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("purpose", TEXT, autoincrement=False, nullable=False),
        sa.Column("reference", TEXT, autoincrement=False, nullable=False),
        sa.Column("booked_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "transaction_id", "entry", name="ledger_entry_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_table(
        "local_movement",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("movement_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("variant_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("kind", TEXT, autoincrement=False, nullable=False),
        sa.Column("quantity", INTEGER, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("item_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("by", TEXT, autoincrement=False, nullable=False),
        sa.Column("note", TEXT, autoincrement=False, nullable=False),
        sa.Column("moved_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "movement_id", name="local_movement_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "local_movement_of_order",
        "local_movement",
        ["seller_id", "order_id", "movement_id"],
        unique=False,
    )
    db.create_index(
        "local_movement_of_variant",
        "local_movement",
        ["seller_id", "variant_id", "movement_id"],
        unique=False,
    )
    db.create_table(
        "local_stock",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("variant_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("on_hand", INTEGER, autoincrement=False, nullable=False),
        sa.Column("changed_at", TIME, autoincrement=False, nullable=False),
        sa.CheckConstraint('0 <= "on_hand"', name="local_stock_0_le_on_hand"),
        sa.PrimaryKeyConstraint("seller_id", "variant_id", name="local_stock_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_table(
        "lot",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("lot_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("warehouse_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("variant_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("item_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("quantity_received", INTEGER, autoincrement=False, nullable=False),
        sa.Column("on_hand", INTEGER, autoincrement=False, nullable=False),
        sa.Column("allocated", INTEGER, autoincrement=False, nullable=False),
        sa.Column("unit_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("arrived_at", TIME, autoincrement=False, nullable=False),
        sa.Column("returned_order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("returned_item_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("returned_lot_id", TEXT, autoincrement=False, nullable=False),
        sa.CheckConstraint('"allocated" <= "on_hand"', name="lot_allocated_le_on_hand"),
        sa.CheckConstraint('0 <= "allocated"', name="lot_0_le_allocated"),
        sa.PrimaryKeyConstraint("seller_id", "lot_id", name="lot_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "lot_of_variant",
        "lot",
        ["seller_id", "variant_id", "arrived_at", "lot_id"],
        unique=False,
    )
    db.create_table(
        "message",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("conversation_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("message_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("by", TEXT, autoincrement=False, nullable=False),
        sa.Column("text", TEXT, autoincrement=False, nullable=False),
        sa.Column("attachments", JSON, autoincrement=False, nullable=False),
        sa.Column("evidence", TEXT, autoincrement=False, nullable=False),
        sa.Column("written_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "conversation_id", "message_id", name="message_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_table(
        "not_ours",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("store_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("sku_key", TEXT, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, autoincrement=False, nullable=False),
        sa.Column("marked_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "store_id", "sku_key", name="not_ours_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_table(
        "note",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("note_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("subject_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("by", TEXT, autoincrement=False, nullable=False),
        sa.Column("text", TEXT, autoincrement=False, nullable=False),
        sa.Column("written_at", TIME, autoincrement=False, nullable=False),
        sa.Column("for_staff", INTEGER, autoincrement=False, nullable=False),
        sa.Column("about", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "note_id", name="note_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "note_of_subject", "note", ["seller_id", "subject_id", "note_id"], unique=False
    )
    db.create_table(
        "order_buyer",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("word", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "order_id", "word", name="order_buyer_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "order_buyer_by_word",
        "order_buyer",
        ["word", "order_id", "seller_id"],
        unique=False,
    )
    db.create_table(
        "order_item",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("item_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("line", INTEGER, autoincrement=False, nullable=False),
        sa.Column("variant_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("quantity", INTEGER, autoincrement=False, nullable=False),
        sa.Column("unit_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("quantity_from_lots", INTEGER, autoincrement=False, nullable=False),
        sa.Column("quantity_shipped", INTEGER, autoincrement=False, nullable=False),
        sa.Column("quantity_cancelled", INTEGER, autoincrement=False, nullable=False),
        sa.Column("quantity_refunded", INTEGER, autoincrement=False, nullable=False),
        sa.Column("quantity_returned", INTEGER, autoincrement=False, nullable=False),
        sa.Column("refunded_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("quantity_good", INTEGER, autoincrement=False, nullable=False),
        sa.Column("quantity_damaged", INTEGER, autoincrement=False, nullable=False),
        sa.Column("quantity_missing", INTEGER, autoincrement=False, nullable=False),
        sa.Column("quantity_written_off", INTEGER, autoincrement=False, nullable=False),
        sa.CheckConstraint(
            '"quantity_from_lots" <= "quantity"',
            name="order_item_quantity_from_lots_le_quantity",
        ),
        sa.CheckConstraint(
            '"quantity_refunded" <= "quantity"',
            name="order_item_quantity_refunded_le_quantity",
        ),
        sa.CheckConstraint(
            '"quantity_returned" <= "quantity_shipped"',
            name="order_item_quantity_returned_le_quantity_shipped",
        ),
        sa.CheckConstraint(
            '"quantity_shipped" <= "quantity"',
            name="order_item_quantity_shipped_le_quantity",
        ),
        sa.CheckConstraint(
            '0 <= "quantity_shipped"', name="order_item_0_le_quantity_shipped"
        ),
        sa.PrimaryKeyConstraint(
            "seller_id", "order_id", "item_id", name="order_item_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "order_item_of_variant",
        "order_item",
        ["variant_id", "order_id", "seller_id", "item_id"],
        unique=False,
    )
    db.create_table(
        "order_line",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("line", INTEGER, autoincrement=False, nullable=False),
        sa.Column("external_line_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("sku", TEXT, autoincrement=False, nullable=False),
        sa.Column("title", TEXT, autoincrement=False, nullable=False),
        sa.Column("quantity", INTEGER, autoincrement=False, nullable=False),
        sa.Column("sold_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("sold_currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("connection_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("connection_version", INTEGER, autoincrement=False, nullable=False),
        sa.Column("is_paired", INTEGER, autoincrement=False, nullable=False),
        sa.Column("is_set_apart", INTEGER, autoincrement=False, nullable=False),
        sa.Column("external_variant_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("external_product_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("sku_key", TEXT, autoincrement=False, nullable=False),
        sa.Column("is_waiting", INTEGER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "order_id", "line", name="order_line_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "order_line_of_sku",
        "order_line",
        ["sku_key", "order_id", "seller_id", "line"],
        unique=False,
    )
    db.create_index(
        "order_line_waiting",
        "order_line",
        ["seller_id", "sku_key", "is_waiting", "order_id", "line"],
        unique=False,
    )
    db.create_index(
        "order_line_waiting_by_product",
        "order_line",
        ["seller_id", "external_product_id", "is_waiting", "order_id", "line"],
        unique=False,
        sqlite_where=sa.text('"is_waiting" <> 0'),
        postgresql_where=sa.text('"is_waiting" <> 0'),
    )
    db.create_index(
        "order_line_waiting_by_variant",
        "order_line",
        ["seller_id", "external_variant_id", "is_waiting", "order_id", "line"],
        unique=False,
        sqlite_where=sa.text('"is_waiting" <> 0'),
        postgresql_where=sa.text('"is_waiting" <> 0'),
    )
    db.create_table(
        "orders",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("kind", TEXT, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("version", INTEGER, autoincrement=False, nullable=False),
        sa.Column("store_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("external_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("part", INTEGER, autoincrement=False, nullable=False),
        sa.Column("number", TEXT, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("contact_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("contact_version", INTEGER, autoincrement=False, nullable=False),
        sa.Column("country", TEXT, autoincrement=False, nullable=False),
        sa.Column("warehouse", TEXT, autoincrement=False, nullable=False),
        sa.Column("draws_on_stock", INTEGER, autoincrement=False, nullable=False),
        sa.Column("origin_order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("method", TEXT, autoincrement=False, nullable=False),
        sa.Column("checkout_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("goods_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("freight_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("handling_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("captured_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("refunded_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column(
            "freight_refunded_minor", INTEGER, autoincrement=False, nullable=False
        ),
        sa.Column("units_refunded", INTEGER, autoincrement=False, nullable=False),
        sa.Column("cancel_reason", TEXT, autoincrement=False, nullable=False),
        sa.Column("created_at", TIME, autoincrement=False, nullable=False),
        sa.Column("placed_at", TIME, autoincrement=False, nullable=False),
        sa.Column("paid_at", TIME, autoincrement=False, nullable=False),
        sa.Column("entered_at", TIME, autoincrement=False, nullable=False),
        sa.Column("pay_by", TIME, autoincrement=False, nullable=True),
        sa.Column("deliver_by", TIME, autoincrement=False, nullable=True),
        sa.Column("promised_by", TIME, autoincrement=False, nullable=False),
        sa.Column("accepted_at", TIME, autoincrement=False, nullable=True),
        sa.Column("holds", JSON, autoincrement=False, nullable=False),
        sa.Column("parcels", JSON, autoincrement=False, nullable=False),
        sa.Column("disputes", JSON, autoincrement=False, nullable=False),
        sa.Column("labels", JSON, autoincrement=False, nullable=False),
        sa.Column("tab", TEXT, autoincrement=False, nullable=False),
        sa.Column("in_refunds", INTEGER, autoincrement=False, nullable=False),
        sa.Column("queue", TEXT, autoincrement=False, nullable=False),
        sa.Column("waits_for", TEXT, autoincrement=False, nullable=False),
        sa.Column("deadline", TIME, autoincrement=False, nullable=False),
        sa.Column("deadline_name", TEXT, autoincrement=False, nullable=False),
        sa.CheckConstraint(
            '"refunded_minor" <= "captured_minor"',
            name="orders_refunded_minor_le_captured_minor",
        ),
        sa.CheckConstraint('0 <= "refunded_minor"', name="orders_0_le_refunded_minor"),
        sa.PrimaryKeyConstraint("seller_id", "order_id", name="orders_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "orders_by_external",
        "orders",
        ["seller_id", "store_id", "external_id", "part"],
        unique=True,
    )
    db.create_index(
        "orders_by_kind", "orders", ["seller_id", "kind", "order_id"], unique=False
    )
    db.create_index(
        "orders_by_kind_tab",
        "orders",
        ["seller_id", "kind", "tab", "order_id"],
        unique=False,
    )
    db.create_index(
        "orders_by_number", "orders", ["number", "seller_id", "order_id"], unique=False
    )
    db.create_index(
        "orders_by_paid",
        "orders",
        ["paid_at", "order_id", "seller_id"],
        unique=False,
        sqlite_where=sa.text("\"checkout_id\" <> ''"),
        postgresql_where=sa.text("\"checkout_id\" <> ''"),
    )
    db.create_index(
        "orders_by_placed",
        "orders",
        ["placed_at", "order_id", "seller_id"],
        unique=False,
    )
    db.create_index(
        "orders_by_promise",
        "orders",
        ["queue", "promised_by", "order_id", "seller_id"],
        unique=False,
        sqlite_where=sa.text("\"queue\" <> ''"),
        postgresql_where=sa.text("\"queue\" <> ''"),
    )
    db.create_index(
        "orders_by_refunds",
        "orders",
        ["seller_id", "in_refunds", "order_id"],
        unique=False,
        sqlite_where=sa.text('"in_refunds" <> 0'),
        postgresql_where=sa.text('"in_refunds" <> 0'),
    )
    db.create_index(
        "orders_by_store", "orders", ["seller_id", "store_id", "order_id"], unique=False
    )
    db.create_index(
        "orders_by_store_tab",
        "orders",
        ["seller_id", "store_id", "tab", "order_id"],
        unique=False,
    )
    db.create_index(
        "orders_by_tab", "orders", ["seller_id", "tab", "order_id"], unique=False
    )
    db.create_index(
        "orders_due",
        "orders",
        ["deadline", "seller_id", "order_id"],
        unique=False,
        sqlite_where=sa.text("\"deadline_name\" <> ''"),
        postgresql_where=sa.text("\"deadline_name\" <> ''"),
    )
    db.create_index(
        "orders_in_queue",
        "orders",
        ["queue", "entered_at", "order_id", "seller_id"],
        unique=False,
        sqlite_where=sa.text("\"queue\" <> ''"),
        postgresql_where=sa.text("\"queue\" <> ''"),
    )
    db.create_index(
        "orders_in_tab", "orders", ["tab", "order_id", "seller_id"], unique=False
    )
    db.create_index(
        "orders_of_origin",
        "orders",
        ["seller_id", "origin_order_id", "order_id"],
        unique=False,
        sqlite_where=sa.text("\"origin_order_id\" <> ''"),
        postgresql_where=sa.text("\"origin_order_id\" <> ''"),
    )
    db.create_index(
        "orders_of_seller_by_paid",
        "orders",
        ["seller_id", "paid_at", "order_id"],
        unique=False,
        sqlite_where=sa.text("\"checkout_id\" <> ''"),
        postgresql_where=sa.text("\"checkout_id\" <> ''"),
    )
    db.create_index(
        "orders_of_seller_by_placed",
        "orders",
        ["seller_id", "placed_at", "order_id"],
        unique=False,
    )
    db.create_index(
        "orders_waiting_for",
        "orders",
        ["waits_for", "entered_at", "order_id", "seller_id"],
        unique=False,
        sqlite_where=sa.text("\"waits_for\" <> ''"),
        postgresql_where=sa.text("\"waits_for\" <> ''"),
    )
    db.create_table(
        "outbox_message",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("message_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("channel", TEXT, autoincrement=False, nullable=False),
        sa.Column("connection", TEXT, autoincrement=False, nullable=False),
        sa.Column("lane", TEXT, autoincrement=False, nullable=False),
        sa.Column("position", INTEGER, autoincrement=False, nullable=False),
        sa.Column("kind", TEXT, autoincrement=False, nullable=False),
        sa.Column("subject", TEXT, autoincrement=False, nullable=False),
        sa.Column("key", TEXT, autoincrement=False, nullable=False),
        sa.Column("payload", JSON, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("attempts", INTEGER, autoincrement=False, nullable=False),
        sa.Column("next_at", TIME, autoincrement=False, nullable=False),
        sa.Column("epoch", INTEGER, autoincrement=False, nullable=False),
        sa.Column("worker", TEXT, autoincrement=False, nullable=False),
        sa.Column("lease_until", TIME, autoincrement=False, nullable=False),
        sa.Column("error", TEXT, autoincrement=False, nullable=False),
        sa.Column("written_at", TIME, autoincrement=False, nullable=False),
        sa.Column("traceparent", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "message_id", name="outbox_message_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "outbox_message_by_state",
        "outbox_message",
        ["state", "next_at", "seller_id", "message_id"],
        unique=False,
    )
    db.create_index(
        "outbox_message_lane",
        "outbox_message",
        ["seller_id", "channel", "lane", "position", "message_id"],
        unique=False,
    )
    db.create_table(
        "parcel",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("parcel_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("carrier", TEXT, autoincrement=False, nullable=False),
        sa.Column("tracking_number", TEXT, autoincrement=False, nullable=False),
        sa.Column("revision", INTEGER, autoincrement=False, nullable=False),
        sa.Column("status", TEXT, autoincrement=False, nullable=False),
        sa.Column("replaced_by", TEXT, autoincrement=False, nullable=False),
        sa.Column("items", JSON, autoincrement=False, nullable=False),
        sa.Column("store_units", JSON, autoincrement=False, nullable=False),
        sa.Column("shipped_at", TIME, autoincrement=False, nullable=False),
        sa.Column("delivered_at", TIME, autoincrement=False, nullable=True),
        sa.Column("incident", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "parcel_id", name="parcel_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "parcel_by_tracking",
        "parcel",
        ["tracking_number", "seller_id", "parcel_id"],
        unique=False,
    )
    db.create_index(
        "parcel_of_order",
        "parcel",
        ["seller_id", "order_id", "parcel_id"],
        unique=False,
    )
    db.create_table(
        "pay_out",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("reference", TEXT, autoincrement=False, nullable=False),
        sa.Column("amount_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("recorded_by", TEXT, autoincrement=False, nullable=False),
        sa.Column("paid_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "reference", name="pay_out_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "pay_out_named", "pay_out", ["reference", "seller_id"], unique=False
    )
    db.create_table(
        "payment_attempt",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("attempt_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("connection", TEXT, autoincrement=False, nullable=False),
        sa.Column("step", TEXT, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("amount_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("source", TEXT, autoincrement=False, nullable=False),
        sa.Column("sends", INTEGER, autoincrement=False, nullable=False),
        sa.Column("epoch", INTEGER, autoincrement=False, nullable=False),
        sa.Column("next_at", TIME, autoincrement=False, nullable=False),
        sa.Column("planned_by", TEXT, autoincrement=False, nullable=False),
        sa.Column("planned_at", TIME, autoincrement=False, nullable=False),
        sa.Column("step_at", TIME, autoincrement=False, nullable=False),
        sa.Column("changed_at", TIME, autoincrement=False, nullable=False),
        sa.Column("deadline", TIME, autoincrement=False, nullable=False),
        sa.Column("looks", INTEGER, autoincrement=False, nullable=False),
        sa.Column("checkout_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("pays", INTEGER, autoincrement=False, nullable=False),
        sa.Column("returns", INTEGER, autoincrement=False, nullable=False),
        sa.Column("because", TEXT, autoincrement=False, nullable=False),
        sa.Column("capture_of", TEXT, autoincrement=False, nullable=False),
        sa.Column("is_pending", INTEGER, autoincrement=False, nullable=False),
        sa.Column("redirect_url", TEXT, autoincrement=False, nullable=False),
        sa.Column("authorization_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("authorized_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("gateway_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("done_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("returned_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("taken_back_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("decided_by", TEXT, autoincrement=False, nullable=False),
        sa.Column("error", TEXT, autoincrement=False, nullable=False),
        sa.Column("traceparent", TEXT, autoincrement=False, nullable=False),
        sa.Column("stage", TEXT, autoincrement=False, nullable=False),
        sa.CheckConstraint(
            '"returned_minor" <= "done_minor"',
            name="payment_attempt_returned_minor_le_done_minor",
        ),
        sa.CheckConstraint(
            '0 <= "returned_minor"', name="payment_attempt_0_le_returned_minor"
        ),
        sa.PrimaryKeyConstraint("seller_id", "attempt_id", name="payment_attempt_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "payment_attempt_by_authorization",
        "payment_attempt",
        ["connection", "authorization_id", "attempt_id", "seller_id"],
        unique=False,
        sqlite_where=sa.text("\"authorization_id\" <> ''"),
        postgresql_where=sa.text("\"authorization_id\" <> ''"),
    )
    db.create_index(
        "payment_attempt_by_gateway_id",
        "payment_attempt",
        ["connection", "gateway_id", "attempt_id", "seller_id"],
        unique=False,
    )
    db.create_index(
        "payment_attempt_by_id",
        "payment_attempt",
        ["attempt_id", "seller_id"],
        unique=False,
    )
    db.create_index(
        "payment_attempt_by_stage",
        "payment_attempt",
        ["stage", "next_at", "seller_id", "attempt_id"],
        unique=False,
    )
    db.create_index(
        "payment_attempt_paying",
        "payment_attempt",
        ["seller_id", "pays", "attempt_id"],
        unique=False,
    )
    db.create_table(
        "payment_hint",
        sa.Column("connection", TEXT, autoincrement=False, nullable=False),
        sa.Column("reference", TEXT, autoincrement=False, nullable=False),
        sa.Column("told_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("connection", "reference", name="payment_hint_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "payment_hint_of_connection",
        "payment_hint",
        ["connection", "told_at", "reference"],
        unique=False,
    )
    db.create_table(
        "platform_command",
        sa.Column("command_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("item", TEXT, autoincrement=False, nullable=False),
        sa.Column("request_hash", TEXT, autoincrement=False, nullable=False),
        sa.Column("result", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("command_id", "item", name="platform_command_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_table(
        "product",
        sa.Column("product_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("title", TEXT, autoincrement=False, nullable=False),
        sa.Column("link", TEXT, autoincrement=False, nullable=False),
        sa.Column("option_names", JSON, autoincrement=False, nullable=False),
        sa.Column("created_at", TIME, autoincrement=False, nullable=False),
        sa.Column("pictures", JSON, autoincrement=False, nullable=False),
        sa.Column("link_key", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("product_id", name="product_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "product_by_link", "product", ["link_key", "product_id"], unique=False
    )
    db.create_table(
        "product_word",
        sa.Column("word", TEXT, autoincrement=False, nullable=False),
        sa.Column("product_id", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("word", "product_id", name="product_word_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_table(
        "provider_connection",
        sa.Column("name", TEXT, autoincrement=False, nullable=False),
        sa.Column("kind", TEXT, autoincrement=False, nullable=False),
        sa.Column("provider", TEXT, autoincrement=False, nullable=False),
        sa.Column("config", JSON, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("why", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("name", name="provider_connection_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "provider_connection_of_kind",
        "provider_connection",
        ["kind", "name"],
        unique=False,
    )
    db.create_table(
        "quote_request",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("request_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("version", INTEGER, autoincrement=False, nullable=False),
        sa.Column("store_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("line", INTEGER, autoincrement=False, nullable=False),
        sa.Column("sku", TEXT, autoincrement=False, nullable=False),
        sa.Column("external_variant_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("title", TEXT, autoincrement=False, nullable=False),
        sa.Column("quantity", INTEGER, autoincrement=False, nullable=False),
        sa.Column("quantities", JSON, autoincrement=False, nullable=False),
        sa.Column("target_minor", INTEGER, autoincrement=False, nullable=True),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("quote", JSON, autoincrement=False, nullable=True),
        sa.Column("terms_version", INTEGER, autoincrement=False, nullable=False),
        sa.Column("asked_at", TIME, autoincrement=False, nullable=True),
        sa.Column("viewed_at", TIME, autoincrement=False, nullable=True),
        sa.Column("promised_by", TIME, autoincrement=False, nullable=False),
        sa.Column("is_overdue", INTEGER, autoincrement=False, nullable=False),
        sa.Column("deadline", TIME, autoincrement=False, nullable=False),
        sa.Column("open_key", TEXT, autoincrement=False, nullable=False),
        sa.Column("agreed_variant", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "request_id", name="quote_request_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "quote_request_agreed",
        "quote_request",
        ["seller_id", "agreed_variant", "request_id"],
        unique=False,
    )
    db.create_index(
        "quote_request_by_state",
        "quote_request",
        ["state", "request_id", "seller_id"],
        unique=False,
    )
    db.create_index(
        "quote_request_due",
        "quote_request",
        ["state", "deadline", "seller_id", "request_id"],
        unique=False,
    )
    db.create_index(
        "quote_request_open_for",
        "quote_request",
        ["seller_id", "store_id", "open_key", "request_id"],
        unique=False,
    )
    db.create_table(
        "receipt",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("receipt_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("warehouse_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("lines", JSON, autoincrement=False, nullable=False),
        sa.Column("counted_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "receipt_id", name="receipt_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "receipt_of_order",
        "receipt",
        ["seller_id", "order_id", "receipt_id"],
        unique=False,
    )
    db.create_table(
        "refund",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("refund_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("dispute_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("target", TEXT, autoincrement=False, nullable=False),
        sa.Column("reason", TEXT, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("amount_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("freight_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("items", JSON, autoincrement=False, nullable=False),
        sa.Column("decided_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "refund_id", name="refund_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "refund_of_order",
        "refund",
        ["seller_id", "order_id", "refund_id"],
        unique=False,
    )
    db.create_table(
        "rejected_row",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("store_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("problem_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("row", INTEGER, autoincrement=False, nullable=False),
        sa.Column("reason", TEXT, autoincrement=False, nullable=False),
        sa.Column("external_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("detail", TEXT, autoincrement=False, nullable=False),
        sa.Column("facts", TEXT, autoincrement=False, nullable=False),
        sa.Column("is_open", INTEGER, autoincrement=False, nullable=False),
        sa.Column("seen_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "store_id", "problem_id", name="rejected_row_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "rejected_row_of_order",
        "rejected_row",
        ["seller_id", "store_id", "external_id", "problem_id"],
        unique=False,
    )
    db.create_index(
        "rejected_row_of_store",
        "rejected_row",
        ["seller_id", "store_id", "is_open", "row", "problem_id"],
        unique=False,
    )
    db.create_table(
        "repair",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("number", INTEGER, autoincrement=False, nullable=False),
        sa.Column("plan_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("repaired_at", TIME, autoincrement=False, nullable=False),
        sa.Column("actor", TEXT, autoincrement=False, nullable=False),
        sa.Column("invariant", TEXT, autoincrement=False, nullable=False),
        sa.Column("subject", TEXT, autoincrement=False, nullable=False),
        sa.Column("table_name", TEXT, autoincrement=False, nullable=False),
        sa.Column("row_key", JSON, autoincrement=False, nullable=False),
        sa.Column("before", JSON, autoincrement=False, nullable=False),
        sa.Column("after", JSON, autoincrement=False, nullable=False),
        sa.Column("reason", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "number", name="repair_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_table(
        "salesman",
        sa.Column("salesman_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, autoincrement=False, nullable=False),
        sa.Column("channels", JSON, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("salesman_id", name="salesman_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_table(
        "seller",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("joined_at", TIME, autoincrement=False, nullable=False),
        sa.Column("salesman_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("ship_days", INTEGER, autoincrement=False, nullable=False),
        sa.Column("receive_days", INTEGER, autoincrement=False, nullable=False),
        sa.Column("quote_days", INTEGER, autoincrement=False, nullable=False),
        sa.Column("dispute_days", INTEGER, autoincrement=False, nullable=False),
        sa.Column("allocation_policy", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", name="seller_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "seller_served", "seller", ["salesman_id", "seller_id"], unique=False
    )
    db.create_table(
        "send",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("message_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("number", INTEGER, autoincrement=False, nullable=False),
        sa.Column("send", INTEGER, autoincrement=False, nullable=False),
        sa.Column("key", TEXT, autoincrement=False, nullable=False),
        sa.Column("connection", TEXT, autoincrement=False, nullable=False),
        sa.Column("worker", TEXT, autoincrement=False, nullable=False),
        sa.Column("sent_at", TIME, autoincrement=False, nullable=False),
        sa.Column("took", INTEGER, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("answer", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "message_id", "number", "send", name="send_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_table(
        "shop_charge",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("store_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("charge_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("row", INTEGER, autoincrement=False, nullable=False),
        sa.Column("external_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("code", TEXT, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("amount_minor", INTEGER, autoincrement=False, nullable=True),
        sa.Column("amount_text", TEXT, autoincrement=False, nullable=False),
        sa.Column("seen_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "store_id", "charge_id", name="shop_charge_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "shop_charge_of_store",
        "shop_charge",
        ["seller_id", "store_id", "row", "charge_id"],
        unique=False,
    )
    db.create_table(
        "stock_count",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("count_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("warehouse_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("variant_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("expected", INTEGER, autoincrement=False, nullable=False),
        sa.Column("counted", INTEGER, autoincrement=False, nullable=False),
        sa.Column("units_refunded", INTEGER, autoincrement=False, nullable=False),
        sa.Column("refunded_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("by", TEXT, autoincrement=False, nullable=False),
        sa.Column("note", TEXT, autoincrement=False, nullable=False),
        sa.Column("counted_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "count_id", name="stock_count_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_table(
        "stock_level",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("warehouse_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("variant_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("incoming", INTEGER, autoincrement=False, nullable=False),
        sa.Column("damaged", INTEGER, autoincrement=False, nullable=False),
        sa.CheckConstraint('0 <= "damaged"', name="stock_level_0_le_damaged"),
        sa.CheckConstraint('0 <= "incoming"', name="stock_level_0_le_incoming"),
        sa.PrimaryKeyConstraint(
            "seller_id", "warehouse_id", "variant_id", name="stock_level_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_table(
        "stock_movement",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("lot_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("movement_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("kind", TEXT, autoincrement=False, nullable=False),
        sa.Column("quantity", INTEGER, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("item_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("moved_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "lot_id", "movement_id", name="stock_movement_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_table(
        "store",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("store_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("platform", TEXT, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, autoincrement=False, nullable=False),
        sa.Column("config", JSON, autoincrement=False, nullable=False),
        sa.Column("cursor", TEXT, autoincrement=False, nullable=False),
        sa.Column("connected_at", TIME, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("why", TEXT, autoincrement=False, nullable=False),
        sa.Column("pull_every_s", INTEGER, autoincrement=False, nullable=False),
        sa.Column("pull_at", TIME, autoincrement=False, nullable=False),
        sa.Column("pulled_at", TIME, autoincrement=False, nullable=True),
        sa.Column("answers_count", INTEGER, autoincrement=False, nullable=False),
        sa.Column("told_days", INTEGER, autoincrement=False, nullable=False),
        sa.Column("ship_by", TEXT, autoincrement=False, nullable=False),
        sa.Column("ship_within_days", INTEGER, autoincrement=False, nullable=False),
        sa.Column("same_mark", TEXT, autoincrement=False, nullable=False),
        sa.Column("same_orders", INTEGER, autoincrement=False, nullable=False),
        sa.Column("same_at", TIME, autoincrement=False, nullable=True),
        sa.Column("webhook_url", TEXT, autoincrement=False, nullable=False),
        sa.Column("subscribed_at", TIME, autoincrement=False, nullable=True),
        sa.Column("is_pulled", INTEGER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "store_id", name="store_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "store_to_pull",
        "store",
        ["is_pulled", "pull_at", "seller_id", "store_id"],
        unique=False,
    )
    db.create_table(
        "store_order",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("store_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("external_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("fingerprint", TEXT, autoincrement=False, nullable=False),
        sa.Column("version", INTEGER, autoincrement=False, nullable=False),
        sa.Column("paid_at_store", INTEGER, autoincrement=False, nullable=False),
        sa.Column("cancelled", INTEGER, autoincrement=False, nullable=False),
        sa.Column("rows_rejected", INTEGER, autoincrement=False, nullable=False),
        sa.Column("contact_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("parts", JSON, autoincrement=False, nullable=False),
        sa.Column("replaced", JSON, autoincrement=False, nullable=False),
        sa.Column("lines", JSON, autoincrement=False, nullable=False),
        sa.Column("differences", JSON, autoincrement=False, nullable=False),
        sa.Column("hold_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("seen_at", TIME, autoincrement=False, nullable=False),
        sa.Column("is_missing", INTEGER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "store_id", "external_id", name="store_order_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "store_order_named",
        "store_order",
        ["external_id", "seller_id", "store_id"],
        unique=False,
    )
    db.create_table(
        "tab_delta",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("delta_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("kind", TEXT, autoincrement=False, nullable=False),
        sa.Column("store_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("tab", TEXT, autoincrement=False, nullable=False),
        sa.Column("delta", INTEGER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "delta_id", "kind", "store_id", "tab", name="tab_delta_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_table(
        "told",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("store_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("told_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("how", TEXT, autoincrement=False, nullable=False),
        sa.Column("asked", JSON, autoincrement=False, nullable=False),
        sa.Column("digest", TEXT, autoincrement=False, nullable=False),
        sa.Column("answer", TEXT, autoincrement=False, nullable=False),
        sa.Column("raw", TEXT, autoincrement=False, nullable=False),
        sa.Column("size", INTEGER, autoincrement=False, nullable=False),
        sa.Column("is_cut", INTEGER, autoincrement=False, nullable=False),
        sa.Column("times", INTEGER, autoincrement=False, nullable=False),
        sa.Column("told_at", TIME, autoincrement=False, nullable=False),
        sa.Column("last_at", TIME, autoincrement=False, nullable=False),
        sa.Column("forget_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "store_id", "told_id", name="told_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "told_to_forget",
        "told",
        ["forget_at", "seller_id", "store_id", "told_id"],
        unique=False,
    )
    db.create_table(
        "told_name",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("store_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("told_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "store_id", "told_id", "name", name="told_name_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "told_name_of_name",
        "told_name",
        ["seller_id", "store_id", "name", "told_id"],
        unique=False,
    )
    db.create_table(
        "top_up",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("reference", TEXT, autoincrement=False, nullable=False),
        sa.Column("amount_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("recorded_by", TEXT, autoincrement=False, nullable=False),
        sa.Column("received_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "reference", name="top_up_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index("top_up_named", "top_up", ["reference", "seller_id"], unique=False)
    db.create_table(
        "tracking_event",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("parcel_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("key", TEXT, autoincrement=False, nullable=False),
        sa.Column("status", TEXT, autoincrement=False, nullable=False),
        sa.Column("place", TEXT, autoincrement=False, nullable=False),
        sa.Column("happened_at", TIME, autoincrement=False, nullable=False),
        sa.Column("carrier", TEXT, autoincrement=False, nullable=False),
        sa.Column("tracking_number", TEXT, autoincrement=False, nullable=False),
        sa.Column("incident", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "parcel_id", "key", name="tracking_event_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "tracking_event_of_parcel",
        "tracking_event",
        ["seller_id", "parcel_id", "happened_at", "key"],
        unique=False,
    )
    db.create_table(
        "tracking_hint",
        sa.Column("connection", TEXT, autoincrement=False, nullable=False),
        sa.Column("tracking_number", TEXT, autoincrement=False, nullable=False),
        sa.Column("told_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "connection", "tracking_number", name="tracking_hint_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "tracking_hint_of_connection",
        "tracking_hint",
        ["connection", "told_at", "tracking_number"],
        unique=False,
    )
    db.create_table(
        "tracking_walk",
        sa.Column("connection", TEXT, autoincrement=False, nullable=False),
        sa.Column("began_at", TIME, autoincrement=False, nullable=False),
        sa.Column("due_at", TIME, autoincrement=False, nullable=False),
        sa.Column("stage", INTEGER, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("asked", INTEGER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("connection", name="tracking_walk_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_table(
        "variant",
        sa.Column("variant_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("product_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("sku", TEXT, autoincrement=False, nullable=False),
        sa.Column("sku_key", TEXT, autoincrement=False, nullable=False),
        sa.Column("barcode", TEXT, autoincrement=False, nullable=False),
        sa.Column("title", TEXT, autoincrement=False, nullable=False),
        sa.Column("options", JSON, autoincrement=False, nullable=False),
        sa.Column("weight_grams", INTEGER, autoincrement=False, nullable=False),
        sa.Column("volume_mm3", INTEGER, autoincrement=False, nullable=False),
        sa.Column("prices", JSON, autoincrement=False, nullable=False),
        sa.Column("concession_points", INTEGER, autoincrement=False, nullable=False),
        sa.Column("quantity_min", INTEGER, autoincrement=False, nullable=False),
        sa.Column("attributes", JSON, autoincrement=False, nullable=False),
        sa.Column("is_sold", INTEGER, autoincrement=False, nullable=False),
        sa.Column("length_mm", INTEGER, autoincrement=False, nullable=False),
        sa.Column("width_mm", INTEGER, autoincrement=False, nullable=False),
        sa.Column("height_mm", INTEGER, autoincrement=False, nullable=False),
        sa.Column("is_in_stock", INTEGER, autoincrement=False, nullable=False),
        sa.Column("pictures", JSON, autoincrement=False, nullable=False),
        sa.Column("prices_ahead", JSON, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("variant_id", name="variant_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "variant_by_barcode", "variant", ["barcode", "variant_id"], unique=False
    )
    db.create_index(
        "variant_by_product", "variant", ["product_id", "variant_id"], unique=False
    )
    db.create_index("variant_by_sku", "variant", ["sku_key"], unique=True)
    db.create_table(
        "wallet",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("available", INTEGER, autoincrement=False, nullable=False),
        sa.Column("held", INTEGER, autoincrement=False, nullable=False),
        sa.Column("debt", INTEGER, autoincrement=False, nullable=False),
        sa.CheckConstraint('0 <= "available"', name="wallet_0_le_available"),
        sa.CheckConstraint('0 <= "held"', name="wallet_0_le_held"),
        sa.PrimaryKeyConstraint("seller_id", name="wallet_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_table(
        "warehouse",
        sa.Column("warehouse_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, autoincrement=False, nullable=False),
        sa.Column("country", TEXT, autoincrement=False, nullable=False),
        sa.Column("serves", JSON, autoincrement=False, nullable=False),
        sa.Column("priority", INTEGER, autoincrement=False, nullable=False),
        sa.Column("handling_minor", JSON, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("warehouse_id", name="warehouse_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_table(
        "worker",
        sa.Column("worker", TEXT, autoincrement=False, nullable=False),
        sa.Column("started_at", TIME, autoincrement=False, nullable=False),
        sa.Column("seen_at", TIME, autoincrement=False, nullable=False),
        sa.Column("stopped_at", TIME, autoincrement=False, nullable=True),
        sa.Column("rounds", INTEGER, autoincrement=False, nullable=False),
        sa.Column("read", INTEGER, autoincrement=False, nullable=False),
        sa.Column("unread", INTEGER, autoincrement=False, nullable=False),
        sa.Column("delivered", INTEGER, autoincrement=False, nullable=False),
        sa.Column("postponed", INTEGER, autoincrement=False, nullable=False),
        sa.Column("dead", INTEGER, autoincrement=False, nullable=False),
        sa.Column("fired", INTEGER, autoincrement=False, nullable=False),
        sa.Column("failed", INTEGER, autoincrement=False, nullable=False),
        sa.Column("error", TEXT, autoincrement=False, nullable=False),
        sa.Column("tracked", INTEGER, autoincrement=False, nullable=False),
        sa.Column("payments", INTEGER, autoincrement=False, nullable=False),
        sa.Column("labels", INTEGER, autoincrement=False, nullable=False),
        sa.Column("followed", INTEGER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("worker", name="worker_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
