"""
Lines can be set apart from connections.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Lines can be set apart from connections.
    """
    db.add_column("order_line", "is_set_apart", INTEGER, fill=0)
