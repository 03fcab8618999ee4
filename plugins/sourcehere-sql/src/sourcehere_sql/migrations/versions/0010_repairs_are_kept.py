"""
Repairs are kept.
"""

import sqlalchemy as sa

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER, JSON, TEXT, TIME

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Repairs are kept.
    """
    db.create_table(
        "repair",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("number", INTEGER, autoincrement=False, nullable=False),
        sa.Column("plan_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("repaired_at", TIME, autoincrement=False, nullable=False),
        sa.Column("actor", TEXT, autoincrement=False, nullable=False),
        sa.Column("invariant", TEXT, autoincrement=False, nullable=False),
        sa.Column("subject", TEXT, autoincrement=False, nullable=False),
        sa.Column("table_name", TEXT, autoincrement=False, nullable=False),
        sa.Column("row_key", JSON, autoincrement=False, nullable=False),
        sa.Column("before", JSON, autoincrement=False, nullable=False),
        sa.Column("after", JSON, autoincrement=False, nullable=False),
        sa.Column("reason", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "number", name="repair_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
