"""
What shops say is kept.
"""

import sqlalchemy as sa

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER, JSON, TEXT, TIME

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    What shops say is kept.
    """
    db.create_table(
        "inbox_event",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("store_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("event_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("topic", TEXT, autoincrement=False, nullable=False),
        sa.Column("orders", JSON, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("attempts", INTEGER, autoincrement=False, nullable=False),
        sa.Column("next_at", TIME, autoincrement=False, nullable=False),
        sa.Column("received_at", TIME, autoincrement=False, nullable=False),
        sa.Column("changed_at", TIME, autoincrement=False, nullable=False),
        sa.Column("error", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "store_id", "event_id", name="inbox_event_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "inbox_event_by_state",
        "inbox_event",
        ["state", "next_at", "seller_id", "store_id", "event_id"],
        unique=False,
    )
    db.create_table(
        "told",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("store_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("told_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("how", TEXT, autoincrement=False, nullable=False),
        sa.Column("asked", JSON, autoincrement=False, nullable=False),
        sa.Column("digest", TEXT, autoincrement=False, nullable=False),
        sa.Column("answer", TEXT, autoincrement=False, nullable=False),
        sa.Column("raw", TEXT, autoincrement=False, nullable=False),
        sa.Column("size", INTEGER, autoincrement=False, nullable=False),
        sa.Column("is_cut", INTEGER, autoincrement=False, nullable=False),
        sa.Column("times", INTEGER, autoincrement=False, nullable=False),
        sa.Column("told_at", TIME, autoincrement=False, nullable=False),
        sa.Column("last_at", TIME, autoincrement=False, nullable=False),
        sa.Column("forget_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "store_id", "told_id", name="told_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "told_to_forget",
        "told",
        ["forget_at", "seller_id", "store_id", "told_id"],
        unique=False,
    )
    db.create_table(
        "told_name",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("store_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("told_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "store_id", "told_id", "name", name="told_name_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "told_name_of_name",
        "told_name",
        ["seller_id", "store_id", "name", "told_id"],
        unique=False,
    )
    db.add_column("store", "told_days", INTEGER, fill=-1)
