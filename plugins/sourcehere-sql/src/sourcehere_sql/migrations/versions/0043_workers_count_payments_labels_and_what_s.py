"""
Workers count payments, labels and what shops told.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Workers count payments, labels and what shops told.
    """
    db.add_column("worker", "payments", INTEGER, fill=0)
    db.add_column("worker", "labels", INTEGER, fill=0)
    db.add_column("worker", "followed", INTEGER, fill=0)
