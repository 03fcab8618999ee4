"""
Variants have sides.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Variants have sides.
    """
    db.add_column("variant", "length_mm", INTEGER, fill=0)
    db.add_column("variant", "width_mm", INTEGER, fill=0)
    db.add_column("variant", "height_mm", INTEGER, fill=0)
