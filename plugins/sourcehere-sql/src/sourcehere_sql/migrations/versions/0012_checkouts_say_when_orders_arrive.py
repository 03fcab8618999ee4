"""
Checkouts say when orders arrive.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import JSON

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Checkouts say when orders arrive.
    """
    db.add_column("checkout_order", "arrivals", JSON, fill="[]")
