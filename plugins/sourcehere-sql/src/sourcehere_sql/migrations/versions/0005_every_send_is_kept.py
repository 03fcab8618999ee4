"""
Every send is kept.
"""

import sqlalchemy as sa

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER, TEXT, TIME

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Every send is kept.
    """
    db.create_table(
        "circuit",
        sa.Column("connection", TEXT, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("failures", INTEGER, autoincrement=False, nullable=False),
        sa.Column("next_at", TIME, autoincrement=False, nullable=False),
        sa.Column("error", TEXT, autoincrement=False, nullable=False),
        sa.Column("changed_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("connection", name="circuit_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_table(
        "send",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("message_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("number", INTEGER, autoincrement=False, nullable=False),
        sa.Column("send", INTEGER, autoincrement=False, nullable=False),
        sa.Column("key", TEXT, autoincrement=False, nullable=False),
        sa.Column("connection", TEXT, autoincrement=False, nullable=False),
        sa.Column("worker", TEXT, autoincrement=False, nullable=False),
        sa.Column("sent_at", TIME, autoincrement=False, nullable=False),
        sa.Column("took", INTEGER, autoincrement=False, nullable=False),
        sa.Column("state", TEXT, autoincrement=False, nullable=False),
        sa.Column("answer", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "message_id", "number", "send", name="send_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.add_column("outbox_message", "connection", TEXT, fill="")
    # What waits is told to the shop of its order, or to the plugin of its channel.
    message, orders = db.name("outbox_message"), db.name("orders")
    db.execute(
        f"UPDATE {message} SET connection = channel WHERE channel LIKE 'plugin:%'"  # noqa: S608 - names of ours only
    )
    db.execute(
        f"UPDATE {message} SET connection = seller_id || '/' || COALESCE("  # noqa: S608 - names of ours only
        f"(SELECT {orders}.store_id FROM {orders}"
        f" WHERE {orders}.seller_id = {message}.seller_id"
        f" AND {orders}.order_id = {message}.lane), '')"
        " WHERE channel = 'store'"
    )
