"""
Workers say that they live.
"""

import sqlalchemy as sa

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER, TEXT, TIME

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Workers say that they live.
    """
    db.create_table(
        "worker",
        sa.Column("worker", TEXT, autoincrement=False, nullable=False),
        sa.Column("started_at", TIME, autoincrement=False, nullable=False),
        sa.Column("seen_at", TIME, autoincrement=False, nullable=False),
        sa.Column("stopped_at", TIME, autoincrement=False, nullable=True),
        sa.Column("rounds", INTEGER, autoincrement=False, nullable=False),
        sa.Column("read", INTEGER, autoincrement=False, nullable=False),
        sa.Column("unread", INTEGER, autoincrement=False, nullable=False),
        sa.Column("delivered", INTEGER, autoincrement=False, nullable=False),
        sa.Column("postponed", INTEGER, autoincrement=False, nullable=False),
        sa.Column("dead", INTEGER, autoincrement=False, nullable=False),
        sa.Column("fired", INTEGER, autoincrement=False, nullable=False),
        sa.Column("failed", INTEGER, autoincrement=False, nullable=False),
        sa.Column("error", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("worker", name="worker_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
