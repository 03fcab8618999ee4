"""
Wallets are topped up by gateways.
"""

import sqlalchemy as sa

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER, TEXT, TIME

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Wallets are topped up by gateways.
    """
    db.create_table(
        "chargeback",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("chargeback_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("attempt_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("connection", TEXT, autoincrement=False, nullable=False),
        sa.Column("gateway_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("amount_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("taken_at", TIME, autoincrement=False, nullable=False),
        sa.Column("told_at", TIME, autoincrement=False, nullable=False),
        sa.Column("changed_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seller_id", "chargeback_id", name="chargeback_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "chargeback_by_gateway_id",
        "chargeback",
        ["connection", "gateway_id", "chargeback_id", "seller_id"],
        unique=False,
    )
    db.create_index(
        "chargeback_of_attempt",
        "chargeback",
        ["seller_id", "attempt_id", "chargeback_id"],
        unique=False,
    )
    db.create_table(
        "payment_attempt",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("attempt_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("connection", TEXT, autoincrement=False, nullable=False),
        sa.Column("step", TEXT, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("amount_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("source", TEXT, autoincrement=False, nullable=False),
        sa.Column("sends", INTEGER, autoincrement=False, nullable=False),
        sa.Column("epoch", INTEGER, autoincrement=False, nullable=False),
        sa.Column("next_at", TIME, autoincrement=False, nullable=False),
        sa.Column("planned_by", TEXT, autoincrement=False, nullable=False),
        sa.Column("planned_at", TIME, autoincrement=False, nullable=False),
        sa.Column("step_at", TIME, autoincrement=False, nullable=False),
        sa.Column("changed_at", TIME, autoincrement=False, nullable=False),
        sa.Column("deadline", TIME, autoincrement=False, nullable=False),
        sa.Column("looks", INTEGER, autoincrement=False, nullable=False),
        sa.Column("checkout_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("pays", INTEGER, autoincrement=False, nullable=False),
        sa.Column("returns", INTEGER, autoincrement=False, nullable=False),
        sa.Column("because", TEXT, autoincrement=False, nullable=False),
        sa.Column("capture_of", TEXT, autoincrement=False, nullable=False),
        sa.Column("is_pending", INTEGER, autoincrement=False, nullable=False),
        sa.Column("redirect_url", TEXT, autoincrement=False, nullable=False),
        sa.Column("authorization_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("authorized_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("gateway_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("done_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("returned_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("taken_back_minor", INTEGER, autoincrement=False, nullable=False),
        sa.Column("decided_by", TEXT, autoincrement=False, nullable=False),
        sa.Column("error", TEXT, autoincrement=False, nullable=False),
        sa.Column("stage", TEXT, autoincrement=False, nullable=False),
        sa.CheckConstraint(
            '"returned_minor" <= "done_minor"',
            name="payment_attempt_returned_minor_le_done_minor",
        ),
        sa.CheckConstraint(
            '0 <= "returned_minor"', name="payment_attempt_0_le_returned_minor"
        ),
        sa.PrimaryKeyConstraint("seller_id", "attempt_id", name="payment_attempt_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "payment_attempt_by_gateway_id",
        "payment_attempt",
        ["connection", "gateway_id", "attempt_id", "seller_id"],
        unique=False,
    )
    db.create_index(
        "payment_attempt_by_id",
        "payment_attempt",
        ["attempt_id", "seller_id"],
        unique=False,
    )
    db.create_index(
        "payment_attempt_by_stage",
        "payment_attempt",
        ["stage", "next_at", "seller_id", "attempt_id"],
        unique=False,
    )
    db.create_index(
        "payment_attempt_paying",
        "payment_attempt",
        ["seller_id", "pays", "attempt_id"],
        unique=False,
    )
    db.create_table(
        "payment_hint",
        sa.Column("connection", TEXT, autoincrement=False, nullable=False),
        sa.Column("reference", TEXT, autoincrement=False, nullable=False),
        sa.Column("told_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("connection", "reference", name="payment_hint_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "payment_hint_of_connection",
        "payment_hint",
        ["connection", "told_at", "reference"],
        unique=False,
    )
    db.create_index(
        "provider_connection_of_kind",
        "provider_connection",
        ["kind", "name"],
        unique=False,
    )
