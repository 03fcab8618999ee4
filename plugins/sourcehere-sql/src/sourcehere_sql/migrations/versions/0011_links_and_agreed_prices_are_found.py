"""
Links and agreed prices are found.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import TEXT

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Links and agreed prices are found.
    """
    # Links are found by other words than they were.
    db.refresh("product", "link_key")
    db.add_column("connected_sku", "priced_variant", TEXT, fill="", derived=True)
    db.create_index(
        "connected_sku_by_priced",
        "connected_sku",
        ["seller_id", "priced_variant", "store_id", "sku_key"],
        unique=False,
    )
