"""
Labels are bought from carriers.
"""

import sqlalchemy as sa

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER, JSON, TEXT, TIME

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Labels are bought from carriers.
    """
    db.create_table(
        "label",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("label_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("connection", TEXT, autoincrement=False, nullable=False),
        sa.Column("method", TEXT, autoincrement=False, nullable=False),
        sa.Column("contact_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("contact_version", INTEGER, autoincrement=False, nullable=False),
        sa.Column("leaves_from", TEXT, autoincrement=False, nullable=True),
        sa.Column("origin", TEXT, autoincrement=False, nullable=False),
        sa.Column("items", JSON, autoincrement=False, nullable=False),
        sa.Column("weight_grams", INTEGER, autoincrement=False, nullable=False),
        sa.Column("key", TEXT, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("sends", INTEGER, autoincrement=False, nullable=False),
        sa.Column("epoch", INTEGER, autoincrement=False, nullable=False),
        sa.Column("next_at", TIME, autoincrement=False, nullable=False),
        sa.Column("bought_by", TEXT, autoincrement=False, nullable=False),
        sa.Column("planned_at", TIME, autoincrement=False, nullable=False),
        sa.Column("changed_at", TIME, autoincrement=False, nullable=False),
        sa.Column("reference", TEXT, autoincrement=False, nullable=False),
        sa.Column("carrier", TEXT, autoincrement=False, nullable=False),
        sa.Column("tracking_number", TEXT, autoincrement=False, nullable=False),
        sa.Column("price_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("parcel_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("void_key", TEXT, autoincrement=False, nullable=False),
        sa.Column("void_state", TEXT, autoincrement=False, nullable=False),
        sa.Column("void_sends", INTEGER, autoincrement=False, nullable=False),
        sa.Column("error", TEXT, autoincrement=False, nullable=False),
        sa.Column("stage", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "label_id", name="label_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    db.create_index(
        "label_by_stage",
        "label",
        ["stage", "next_at", "seller_id", "label_id"],
        unique=False,
    )
    db.create_index(
        "label_of_order", "label", ["seller_id", "order_id", "label_id"], unique=False
    )
    db.create_index(
        "label_of_parcel", "label", ["seller_id", "parcel_id", "label_id"], unique=False
    )
    db.add_column("orders", "labels", JSON, fill="[]")
