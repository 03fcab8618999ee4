"""
What is owed knows the trace that caused it.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import TEXT

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    What is owed knows the trace that caused it.
    """
    db.add_column("inbox_event", "traceparent", TEXT, fill="")
    db.add_column("label", "traceparent", TEXT, fill="")
    db.add_column("outbox_message", "traceparent", TEXT, fill="")
    db.add_column("payment_attempt", "traceparent", TEXT, fill="")
