"""
The catalogue is kept up to date.
"""

import sqlalchemy as sa

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER, JSON, TEXT, TIME

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    The catalogue is kept up to date.
    """
    db.create_table(
        "catalog_entry",
        sa.Column("entry_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("product_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("variant_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("changed_at", TIME, autoincrement=False, nullable=False),
        sa.Column("actor", TEXT, autoincrement=False, nullable=False),
        sa.Column("field", TEXT, autoincrement=False, nullable=False),
        sa.Column("before", TEXT, autoincrement=False, nullable=False),
        sa.Column("after", TEXT, autoincrement=False, nullable=False),
        sa.Column("starts_at", TIME, autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("entry_id", name="catalog_entry_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "catalog_entry_of_product",
        "catalog_entry",
        ["product_id", "entry_id"],
        unique=False,
    )
    db.add_column("product", "pictures", JSON, fill="[]")
    db.add_column("variant", "is_in_stock", INTEGER, fill=1)
    db.add_column("variant", "pictures", JSON, fill="[]")
    db.add_column("variant", "prices_ahead", JSON, fill="[]")
