"""
Orders are in queues of the staff.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import TEXT

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Orders are in queues of the staff.
    """
    db.add_column("orders", "queue", TEXT, fill="", derived=True)
    db.add_column("orders", "waits_for", TEXT, fill="", derived=True)
    db.drop_index("orders_picking", table_name="orders")
    db.drop_index("orders_receiving", table_name="orders")
    db.create_index(
        "orders_in_queue",
        "orders",
        ["queue", "entered_at", "order_id", "seller_id"],
        unique=False,
    )
    db.create_index(
        "orders_waiting_for",
        "orders",
        ["waits_for", "entered_at", "order_id", "seller_id"],
        unique=False,
    )
    db.drop_column("orders", "is_picking")
    db.drop_column("orders", "is_expected")
