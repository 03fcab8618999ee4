"""
Reservations are found by the gateway's name.
"""

import sqlalchemy as sa

from sourcehere_sql.changes import Changes

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Reservations are found by the gateway's name.
    """
    db.create_index(
        "payment_attempt_by_authorization",
        "payment_attempt",
        ["connection", "authorization_id", "attempt_id", "seller_id"],
        unique=False,
        sqlite_where=sa.text("\"authorization_id\" <> ''"),
        postgresql_where=sa.text("\"authorization_id\" <> ''"),
    )
