"""
The platform promises when it does what waits.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER, TIME

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    The platform promises when it does what waits.
    """
    db.add_column("dispute", "promised_by", TIME, fill=253370764800000000)
    db.add_column("dispute", "is_overdue", INTEGER, fill=0)
    db.add_column("orders", "promised_by", TIME, fill=253370764800000000)
    db.create_index(
        "orders_by_promise",
        "orders",
        ["queue", "promised_by", "order_id", "seller_id"],
        unique=False,
    )
    db.add_column("quote_request", "promised_by", TIME, fill=253370764800000000)
    db.add_column("quote_request", "is_overdue", INTEGER, fill=0)
    db.add_column("seller", "ship_days", INTEGER, fill=-1)
    db.add_column("seller", "receive_days", INTEGER, fill=-1)
    db.add_column("seller", "quote_days", INTEGER, fill=-1)
    db.add_column("seller", "dispute_days", INTEGER, fill=-1)
