"""
Carriers are asked where parcels are.
"""

import sqlalchemy as sa

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER, TEXT, TIME

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Keep how far each connection has come, and what carriers told of by themselves.
    """
    db.create_table(
        "tracking_hint",
        sa.Column("connection", TEXT, autoincrement=False, nullable=False),
        sa.Column("tracking_number", TEXT, autoincrement=False, nullable=False),
        sa.Column("told_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "connection", "tracking_number", name="tracking_hint_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "tracking_hint_of_connection",
        "tracking_hint",
        ["connection", "told_at", "tracking_number"],
        unique=False,
    )
    db.create_table(
        "tracking_walk",
        sa.Column("connection", TEXT, autoincrement=False, nullable=False),
        sa.Column("began_at", TIME, autoincrement=False, nullable=False),
        sa.Column("due_at", TIME, autoincrement=False, nullable=False),
        sa.Column("stage", INTEGER, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("asked", INTEGER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("connection", name="tracking_walk_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.add_column("worker", "tracked", INTEGER, fill=0)
