"""
Shops say how their orders travel.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER, TEXT

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Shops say how their orders travel.
    """
    db.add_column("store", "ship_by", TEXT, fill="cheapest")
    db.add_column("store", "ship_within_days", INTEGER, fill=0)
