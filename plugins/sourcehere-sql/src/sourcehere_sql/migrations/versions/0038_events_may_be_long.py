"""
Events may be long.
"""

import sqlalchemy as sa

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER, TEXT, TIME

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Events may be long: in the tree of their keys each would have a page of its own.
    """
    db.keep_otherwise(
        "event",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("stream_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("sequence", INTEGER, autoincrement=False, nullable=False),
        sa.Column("stream", TEXT, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, autoincrement=False, nullable=False),
        sa.Column("schema", INTEGER, autoincrement=False, nullable=False),
        sa.Column("data", TEXT, autoincrement=False, nullable=False),
        sa.Column("occurred_at", TIME, autoincrement=False, nullable=False),
        sa.Column("recorded_at", TIME, autoincrement=False, nullable=False),
        sa.Column("actor", TEXT, autoincrement=False, nullable=False),
        sa.Column("command_id", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "stream_id", "sequence", name="event_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
