"""
Tracking facts belong to a number.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import TEXT

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Tracking facts belong to a number.
    """
    db.add_column("tracking_event", "carrier", TEXT, fill="")
    db.add_column("tracking_event", "tracking_number", TEXT, fill="")
    # What is known counts for the number that its parcel has now, as it did so far.
    event, parcel = db.name("tracking_event"), db.name("parcel")
    for column in ("carrier", "tracking_number"):
        db.execute(
            f"UPDATE {event} SET {column} = "  # noqa: S608 - names of ours only
            f"(SELECT {parcel}.{column} FROM {parcel}"
            f" WHERE {parcel}.seller_id = {event}.seller_id"
            f" AND {parcel}.parcel_id = {event}.parcel_id)"
        )
