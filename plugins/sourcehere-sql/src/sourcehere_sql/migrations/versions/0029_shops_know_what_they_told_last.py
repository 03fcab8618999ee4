"""
Shops know what they told last as a whole.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER, TEXT, TIME

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Shops know what they told last as a whole.
    """
    db.add_column("store", "same_mark", TEXT, fill="")
    db.add_column("store", "same_orders", INTEGER, fill=0)
    db.add_column("store", "same_at", TIME, nullable=True)
