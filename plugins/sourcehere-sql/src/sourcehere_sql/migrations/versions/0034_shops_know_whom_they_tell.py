"""
Shops know which address they tell of changes.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import TEXT, TIME

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Shops know which address they tell of changes.
    """
    db.add_column("store", "webhook_url", TEXT, fill="")
    db.add_column("store", "subscribed_at", TIME, nullable=True)
