"""
Carriers say why a parcel does not go on.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import TEXT

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Of older facts nobody knows why.
    """
    db.add_column("parcel", "incident", TEXT, fill="")
    db.add_column("tracking_event", "incident", TEXT, fill="")
