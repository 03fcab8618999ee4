"""
What shops sell is known by the shops' own ids too.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import INTEGER, TEXT

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    What shops sell is known by the shops' own ids too.
    """
    db.add_column("connected_sku", "is_for_product", INTEGER, fill=0, derived=True)
    db.create_index(
        "connected_sku_of_products",
        "connected_sku",
        ["seller_id", "store_id", "is_for_product", "sku_key"],
        unique=False,
    )
    db.add_column("order_line", "external_variant_id", TEXT, fill="")
    db.add_column("order_line", "external_product_id", TEXT, fill="")
    db.create_index(
        "order_line_waiting_by_product",
        "order_line",
        ["seller_id", "external_product_id", "is_waiting", "order_id", "line"],
        unique=False,
    )
    db.create_index(
        "order_line_waiting_by_variant",
        "order_line",
        ["seller_id", "external_variant_id", "is_waiting", "order_id", "line"],
        unique=False,
    )
    db.add_column("quote_request", "external_variant_id", TEXT, fill="")
    # SKUs of lines are compared as those of connections are.
    db.refresh("order_line", "sku_key")
