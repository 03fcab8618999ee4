"""
Quotes are asked for without an order.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER, JSON, TEXT

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Quotes are asked for without an order.
    """
    db.add_column("quote_request", "quantities", JSON, fill="[]")
    db.add_column("quote_request", "target_minor", INTEGER, nullable=True)
    db.add_column("quote_request", "currency", TEXT, fill="")
    db.add_column("quote_request", "open_key", TEXT, fill="", derived=True)
    db.add_column("quote_request", "agreed_variant", TEXT, fill="", derived=True)
    db.create_index(
        "quote_request_agreed",
        "quote_request",
        ["seller_id", "agreed_variant", "request_id"],
        unique=False,
    )
    db.create_index(
        "quote_request_open_for",
        "quote_request",
        ["seller_id", "store_id", "open_key", "request_id"],
        unique=False,
    )
