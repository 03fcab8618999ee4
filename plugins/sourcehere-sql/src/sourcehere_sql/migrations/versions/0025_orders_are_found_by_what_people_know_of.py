"""
Orders are found by what people know of them.
"""

import json

import sqlalchemy as sa

from sourcehere.domain.contacts.buyers import words_of_address
from sourcehere.domain.kernel.address import Address
from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import TEXT, TIME

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


_BATCH = 1000  # orders


def upgrade(db: Changes) -> None:
    """
    Orders are found by what people know of them.
    """
    db.create_table(
        "order_buyer",
        sa.Column("seller_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("word", TEXT, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "seller_id", "order_id", "word", name="order_buyer_pkey"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    _name_buyers(db)
    db.create_index(
        "order_buyer_by_word",
        "order_buyer",
        ["word", "order_id", "seller_id"],
        unique=False,
    )
    db.create_index(
        "order_item_of_variant",
        "order_item",
        ["variant_id", "order_id", "seller_id", "item_id"],
        unique=False,
    )
    db.create_index(
        "order_line_of_sku",
        "order_line",
        ["sku_key", "order_id", "seller_id", "line"],
        unique=False,
    )
    db.add_column("orders", "paid_at", TIME, fill=253370764800000000)
    _say_when_paid(db)
    db.drop_index("orders_by_number", table_name="orders")
    db.create_index(
        "orders_by_number", "orders", ["number", "seller_id", "order_id"], unique=False
    )
    db.create_index(
        "orders_by_paid", "orders", ["paid_at", "order_id", "seller_id"], unique=False
    )
    db.create_index(
        "orders_by_placed",
        "orders",
        ["placed_at", "order_id", "seller_id"],
        unique=False,
    )
    db.create_index(
        "orders_in_tab", "orders", ["tab", "order_id", "seller_id"], unique=False
    )
    db.create_index(
        "orders_of_seller_by_paid",
        "orders",
        ["seller_id", "paid_at", "order_id"],
        unique=False,
    )
    db.create_index(
        "orders_of_seller_by_placed",
        "orders",
        ["seller_id", "placed_at", "order_id"],
        unique=False,
    )
    db.create_index(
        "store_order_named",
        "store_order",
        ["external_id", "seller_id", "store_id"],
        unique=False,
    )


def _say_when_paid(db: Changes) -> None:
    """
    Let orders say when their event says that they were paid.
    """
    orders, event = map(db.name, ("orders", "event"))
    db.execute(
        f"UPDATE {orders} SET paid_at = (SELECT e.occurred_at FROM {event} AS e"  # noqa: S608 - names of ours only
        f" WHERE e.seller_id = {orders}.seller_id AND e.stream_id = {orders}.order_id"
        " AND e.name = 'order.paid')"
        f" WHERE EXISTS (SELECT 1 FROM {event} AS e"
        f" WHERE e.seller_id = {orders}.seller_id AND e.stream_id = {orders}.order_id"
        " AND e.name = 'order.paid')"
    )


def _name_buyers(db: Changes) -> None:
    """
    Write the words by which the buyers of orders are found, some orders at a time.
    """
    orders, contact, buyer = map(db.name, ("orders", "contact_version", "order_buyer"))
    select = (
        "SELECT o.seller_id, o.order_id, CAST(c.address AS TEXT)"  # noqa: S608 - as above
        f" FROM {orders} AS o JOIN {contact} AS c ON c.seller_id = o.seller_id"
        " AND c.contact_id = o.contact_id AND c.version = o.contact_version"
        " WHERE (o.seller_id, o.order_id) > (:seller_id, :order_id)"
        f" ORDER BY o.seller_id, o.order_id LIMIT {_BATCH}"
    )
    insert = f"INSERT INTO {buyer} VALUES (:seller_id, :order_id, :word)"  # noqa: S608 - as above
    seller_id = order_id = ""
    while True:
        rows = db.select(select, seller_id=seller_id, order_id=order_id)
        words = [
            {"seller_id": seller_id, "order_id": order_id, "word": word}
            for seller_id, order_id, address in rows
            for word in sorted(_words(address))
        ]
        if words:
            db.insert(insert, words)
        if len(rows) < _BATCH:
            return
        seller_id, order_id, _ = rows[-1]


def _words(text: str) -> frozenset[str]:
    told = json.loads(text)
    return words_of_address(Address("ZZ", name=told["name"], email=told["email"]))
