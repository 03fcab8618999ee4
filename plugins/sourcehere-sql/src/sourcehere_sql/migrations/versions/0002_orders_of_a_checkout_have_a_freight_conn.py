"""
Orders of a checkout have a freight connection, and say what is sent; shops have a
state, and an interval at which workers read them.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER, JSON, TEXT, TIME

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Orders of a checkout have a freight connection, and say what is sent.
    """
    db.add_column("checkout_order", "connection", TEXT, fill="")
    # An offer made before says nothing of what is sent: paying asks to check out again.
    db.add_column("checkout_order", "contents", JSON, fill="{}")
    _shops_are_read_by_workers(db)


def _shops_are_read_by_workers(db: Changes) -> None:
    db.add_column("store", "state", TEXT, fill="active")
    db.add_column("store", "why", TEXT, fill="")
    db.add_column("store", "pull_every_s", INTEGER, fill=900)
    db.add_column("store", "pull_at", TIME, fill=0)
    db.add_column("store", "pulled_at", TIME, nullable=True)
    db.add_column("store", "is_pulled", INTEGER, fill=1)
    db.create_index(
        "store_to_pull",
        "store",
        ["is_pulled", "pull_at", "seller_id", "store_id"],
        unique=False,
    )
