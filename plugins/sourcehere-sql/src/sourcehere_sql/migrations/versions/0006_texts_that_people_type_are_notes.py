"""
Texts that people type are notes.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import TEXT

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Texts that people type are notes.
    """
    db.add_column("note", "about", TEXT, fill="")
    note, request, event = map(db.name, ("note", "quote_request", "event"))
    # Who asked is what the request's first event says.
    db.execute(
        f"INSERT INTO {note} (seller_id, note_id, subject_id, "  # noqa: S608 - names of ours only
        '"by", text, written_at, for_staff, about)'
        " SELECT q.seller_id, q.request_id, q.request_id, e.actor, q.link,"
        f" e.occurred_at, 0, 'link' FROM {request} AS q JOIN {event} AS e"
        " ON e.seller_id = q.seller_id AND e.stream_id = q.request_id"
        " AND e.sequence = 1 WHERE q.link <> ''"
    )
    db.drop_column("quote_request", "link")
