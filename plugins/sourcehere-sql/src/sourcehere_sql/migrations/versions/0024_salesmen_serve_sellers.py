"""
Salesmen serve sellers.
"""

import sqlalchemy as sa

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import JSON, TEXT

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Salesmen serve sellers.
    """
    db.create_table(
        "salesman",
        sa.Column("salesman_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, autoincrement=False, nullable=False),
        sa.Column("channels", JSON, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("salesman_id", name="salesman_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.add_column("seller", "salesman_id", TEXT, fill="")
    db.create_index(
        "seller_served", "seller", ["salesman_id", "seller_id"], unique=False
    )
