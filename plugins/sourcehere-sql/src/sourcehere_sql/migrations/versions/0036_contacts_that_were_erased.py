"""
contacts that were erased.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import TIME

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    contacts that were erased.
    """
    db.add_column("contact_version", "erased_at", TIME, nullable=True)
