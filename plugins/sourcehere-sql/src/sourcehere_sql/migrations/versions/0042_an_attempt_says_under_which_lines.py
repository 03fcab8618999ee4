"""
An attempt says under which lines of the shop a parcel was told.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import TEXT

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    An attempt says under which lines of the shop a parcel was told.
    """
    db.add_column("attempt", "lines", TEXT, fill="")
