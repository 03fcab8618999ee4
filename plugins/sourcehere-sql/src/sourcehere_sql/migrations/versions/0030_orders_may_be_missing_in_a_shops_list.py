"""
Orders may be missing in a shops list.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Orders may be missing in a shops list.
    """
    db.add_column("store_order", "is_missing", INTEGER, fill=0)
