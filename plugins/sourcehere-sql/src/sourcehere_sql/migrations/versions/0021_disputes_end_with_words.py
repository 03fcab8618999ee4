"""
Disputes end with words.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import TEXT

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Disputes end with words.
    """
    db.add_column("dispute", "ended_with", TEXT, fill="")
