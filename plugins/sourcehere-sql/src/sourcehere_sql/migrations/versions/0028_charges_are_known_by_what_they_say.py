"""
Charges are known by what they say.
"""

import hashlib
from collections import Counter

import sqlalchemy as sa

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER, TEXT, TIME

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_COLUMNS = (
    *("seller_id", "store_id", "charge_id", "row", "external_id", "code"),
    *("currency", "amount_minor", "amount_text", "seen_at"),
)


def upgrade(db: Changes) -> None:
    """
    Charges are known by what they say.
    """
    db.create_table(
        "shop_charge",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("store_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("charge_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("row", INTEGER, autoincrement=False, nullable=False),
        sa.Column("external_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("code", TEXT, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, autoincrement=False, nullable=False),
        sa.Column("amount_minor", INTEGER, autoincrement=False, nullable=True),
        sa.Column("amount_text", TEXT, autoincrement=False, nullable=False),
        sa.Column("seen_at", TIME, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "store_id", "charge_id", name="shop_charge_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    db.create_index(
        "shop_charge_of_store",
        "shop_charge",
        ["seller_id", "store_id", "row", "charge_id"],
        unique=False,
    )
    _keep(db)
    db.drop_table("store_charge")


def _keep(db: Changes) -> None:
    """
    Keep what was known by its row, as the next telling will name it.
    """
    known = db.select(
        'SELECT seller_id, store_id, "row", external_id, code, currency, amount_minor,'  # noqa: S608 - a table's name
        f" amount_text, seen_at FROM {db.name('store_charge')}"
        ' ORDER BY seller_id, store_id, "row"'
    )
    counts: Counter[tuple[str, str, str]] = Counter()
    rows = []
    for seller_id, store_id, row, *told, seen_at in known:
        digest = hashlib.blake2b(repr(tuple(told)).encode(), digest_size=12).hexdigest()
        place = (seller_id, store_id, digest)
        counts[place] += 1
        values = (seller_id, store_id, f"{digest}-{counts[place]}", row, *told, seen_at)
        rows.append(dict(zip(_COLUMNS, values, strict=True)))
    if rows:
        listed = ", ".join(f":{name}" for name in _COLUMNS)
        db.insert(f"INSERT INTO {db.name('shop_charge')} VALUES ({listed})", rows)  # noqa: S608 - a table's name
