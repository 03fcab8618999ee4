"""
People talk in conversations.
"""

from typing import Any

import sqlalchemy as sa

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER, JSON, TEXT, TIME

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_OLD = [
    "seller_id",
    "dispute_id",
    "message_id",
    "by",
    "text",
    "attachment",
    "written_at",
]
_WRITTEN = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))


def upgrade(db: Changes) -> None:
    """
    People talk in conversations.
    """
    db.create_table(
        "conversation",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("conversation_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("version", INTEGER, autoincrement=False, nullable=False),
        sa.Column("about", TEXT, autoincrement=False, nullable=False),
        sa.Column("subject_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("messages", INTEGER, autoincrement=False, nullable=False),
        sa.Column("last_by", TEXT, autoincrement=False, nullable=False),
        sa.Column("last_at", TIME, autoincrement=False, nullable=False),
        sa.Column("is_settled", INTEGER, autoincrement=False, nullable=False),
        sa.Column("waits_for", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "conversation_id", name="conversation_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "conversation_of_seller",
        "conversation",
        ["seller_id", "last_at", "conversation_id"],
        unique=False,
    )
    db.create_index(
        "conversation_waiting",
        "conversation",
        ["waits_for", "last_at", "conversation_id", "seller_id"],
        unique=False,
    )
    db.create_table(
        "message",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("conversation_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("message_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("by", TEXT, autoincrement=False, nullable=False),
        sa.Column("text", TEXT, autoincrement=False, nullable=False),
        sa.Column("attachments", JSON, autoincrement=False, nullable=False),
        sa.Column("evidence", TEXT, autoincrement=False, nullable=False),
        sa.Column("written_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "conversation_id", "message_id", name="message_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    _copy_messages(db)
    db.drop_table("dispute_message")


def _copy_messages(db: Changes) -> None:
    """
    What was said in disputes becomes their conversations, each message a fact of them.
    """
    old = db.table("dispute_message", *_OLD).c
    name = sa.literal("dispute.") + old.dispute_id
    place = sa.func.row_number().over(
        partition_by=[old.seller_id, old.dispute_id], order_by=old.message_id
    )
    is_evidence = old.attachment.in_(["description", "photo"])
    _insert(
        db,
        "message",
        sa.select(
            old.seller_id,
            name,
            old.message_id,
            old.by,
            old.text,
            sa.cast(
                sa.case(
                    (is_evidence, "[]"),
                    (old.attachment == "", "[]"),
                    else_=sa.literal('["') + _quoted(old.attachment) + '"]',
                ),
                JSON,
            ),
            sa.case((is_evidence, old.attachment), else_=""),
            old.written_at,
        ),
        "seller_id conversation_id message_id by text attachments evidence written_at",
    )
    _insert(
        db,
        "event",
        sa.select(
            old.seller_id,
            name,
            place,
            sa.literal("conversation"),
            sa.literal("conversation.said"),
            sa.literal_column("1"),
            sa.literal('{"about":"dispute","subject_id":"')
            + old.dispute_id
            + '","message_id":"'
            + old.message_id
            + '"}',
            old.written_at,
            old.written_at,
            old.by,
            sa.literal(""),
        ),
        "seller_id stream_id sequence stream name schema data occurred_at recorded_at"
        " actor command_id",
    )
    last = sa.select(
        old.seller_id,
        old.dispute_id,
        old.by,
        old.written_at,
        place.label("place"),
        sa.func.count()
        .over(partition_by=[old.seller_id, old.dispute_id])
        .label("messages"),
    ).subquery()
    role = sa.case((last.c.by.like("seller:%"), "seller"), else_="staff")
    _insert(
        db,
        "conversation",
        sa.select(
            last.c.seller_id,
            sa.literal("dispute.") + last.c.dispute_id,
            last.c.messages,
            sa.literal("dispute"),
            last.c.dispute_id,
            last.c.messages,
            role,
            last.c.written_at,
            sa.literal_column("0"),
            sa.case((role == "seller", "staff"), else_="seller"),
        ).where(last.c.place == last.c.messages),
        "seller_id conversation_id version about subject_id messages last_by last_at"
        " is_settled waits_for",
    )


def _insert(db: Changes, table: str, rows: sa.Select[Any], columns: str) -> None:
    names = columns.split()
    db.execute(sa.insert(db.table(table, *names)).from_select(names, rows))


def _quoted(text: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """
    Return *text* as it stands between the quotes of a JSON text.
    """
    quoted = text
    for plain, written in _WRITTEN:
        quoted = sa.func.replace(quoted, plain, written)
    return quoted
