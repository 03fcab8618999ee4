"""
Orders of a checkout have a freight connection.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import TEXT

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Orders of a checkout have a freight connection.
    """
    db.add_column("checkout_order", "connection", TEXT, fill="")
