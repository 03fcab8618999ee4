"""
Indexes have entries of what they find.
"""

import sqlalchemy as sa

from sourcehere_sql.changes import Changes

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Indexes have entries of the rows that they find: the others are asked for by none.
    """
    db.drop_index("order_line_waiting_by_product", table_name="order_line")
    db.create_index(
        "order_line_waiting_by_product",
        "order_line",
        ["seller_id", "external_product_id", "is_waiting", "order_id", "line"],
        unique=False,
        sqlite_where=sa.text("\"external_product_id\" <> ''"),
        postgresql_where=sa.text("\"external_product_id\" <> ''"),
    )
    db.drop_index("order_line_waiting_by_variant", table_name="order_line")
    db.create_index(
        "order_line_waiting_by_variant",
        "order_line",
        ["seller_id", "external_variant_id", "is_waiting", "order_id", "line"],
        unique=False,
        sqlite_where=sa.text("\"external_variant_id\" <> ''"),
        postgresql_where=sa.text("\"external_variant_id\" <> ''"),
    )
    db.drop_index("orders_by_paid", table_name="orders")
    db.create_index(
        "orders_by_paid",
        "orders",
        ["paid_at", "order_id", "seller_id"],
        unique=False,
        sqlite_where=sa.text("\"checkout_id\" <> ''"),
        postgresql_where=sa.text("\"checkout_id\" <> ''"),
    )
    db.drop_index("orders_by_promise", table_name="orders")
    db.create_index(
        "orders_by_promise",
        "orders",
        ["queue", "promised_by", "order_id", "seller_id"],
        unique=False,
        sqlite_where=sa.text("\"queue\" <> ''"),
        postgresql_where=sa.text("\"queue\" <> ''"),
    )
    db.drop_index("orders_by_refunds", table_name="orders")
    db.create_index(
        "orders_by_refunds",
        "orders",
        ["seller_id", "in_refunds", "order_id"],
        unique=False,
        sqlite_where=sa.text('"in_refunds" <> 0'),
        postgresql_where=sa.text('"in_refunds" <> 0'),
    )
    db.drop_index("orders_due", table_name="orders")
    db.create_index(
        "orders_due",
        "orders",
        ["deadline", "seller_id", "order_id"],
        unique=False,
        sqlite_where=sa.text("\"deadline_name\" <> ''"),
        postgresql_where=sa.text("\"deadline_name\" <> ''"),
    )
    db.drop_index("orders_in_queue", table_name="orders")
    db.create_index(
        "orders_in_queue",
        "orders",
        ["queue", "entered_at", "order_id", "seller_id"],
        unique=False,
        sqlite_where=sa.text("\"queue\" <> ''"),
        postgresql_where=sa.text("\"queue\" <> ''"),
    )
    db.drop_index("orders_of_seller_by_paid", table_name="orders")
    db.create_index(
        "orders_of_seller_by_paid",
        "orders",
        ["seller_id", "paid_at", "order_id"],
        unique=False,
        sqlite_where=sa.text("\"checkout_id\" <> ''"),
        postgresql_where=sa.text("\"checkout_id\" <> ''"),
    )
    db.drop_index("orders_waiting_for", table_name="orders")
    db.create_index(
        "orders_waiting_for",
        "orders",
        ["waits_for", "entered_at", "order_id", "seller_id"],
        unique=False,
        sqlite_where=sa.text("\"waits_for\" <> ''"),
        postgresql_where=sa.text("\"waits_for\" <> ''"),
    )
