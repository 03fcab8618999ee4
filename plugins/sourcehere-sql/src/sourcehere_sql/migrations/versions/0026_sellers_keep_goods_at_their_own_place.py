"""
Sellers keep goods at their own place.
"""

import sqlalchemy as sa

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER, TEXT, TIME

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Sellers keep goods at their own place.
    """
    db.create_table(
        "local_movement",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("movement_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("variant_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("kind", TEXT, autoincrement=False, nullable=False),
        sa.Column("quantity", INTEGER, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("item_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("by", TEXT, autoincrement=False, nullable=False),
        sa.Column("note", TEXT, autoincrement=False, nullable=False),
        sa.Column("moved_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "movement_id", name="local_movement_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "local_movement_of_order",
        "local_movement",
        ["seller_id", "order_id", "movement_id"],
        unique=False,
    )
    db.create_index(
        "local_movement_of_variant",
        "local_movement",
        ["seller_id", "variant_id", "movement_id"],
        unique=False,
    )
    db.create_table(
        "local_stock",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("variant_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("on_hand", INTEGER, autoincrement=False, nullable=False),
        sa.Column("changed_at", TIME, autoincrement=False, nullable=False),
        sa.CheckConstraint('0 <= "on_hand"', name="local_stock_0_le_on_hand"),
        sa.PrimaryKeyConstraint("seller_id", "variant_id", name="local_stock_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
