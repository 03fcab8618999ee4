"""
A seller may have an allocation policy of their own.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import TEXT

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Let sellers have the policy of the platform.
    """
    db.add_column("seller", "allocation_policy", TEXT, fill="")
