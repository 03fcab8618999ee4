"""
What is not ours is named.
"""

import sqlalchemy as sa

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import TEXT, TIME

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    What is not ours is named.
    """
    db.create_table(
        "not_ours",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("store_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("sku_key", TEXT, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, autoincrement=False, nullable=False),
        sa.Column("marked_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "store_id", "sku_key", name="not_ours_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
