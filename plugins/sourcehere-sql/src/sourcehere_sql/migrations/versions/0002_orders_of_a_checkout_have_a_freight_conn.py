"""
Orders of a checkout have a freight connection, and say what is sent.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import JSON, TEXT

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Orders of a checkout have a freight connection, and say what is sent.
    """
    db.add_column("checkout_order", "connection", TEXT, fill="")
    # An offer made before says nothing of what is sent: paying asks to check out again.
    db.add_column("checkout_order", "contents", JSON, fill="{}")
