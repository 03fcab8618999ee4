"""
Shops count their answers.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Shops count their answers.
    """
    db.add_column("store", "answers_count", INTEGER, fill=0)
