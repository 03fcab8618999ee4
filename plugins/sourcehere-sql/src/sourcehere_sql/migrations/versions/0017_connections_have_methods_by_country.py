"""
Connections have methods by country.
"""

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import JSON

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Connections have methods by country.
    """
    db.add_column("connected_sku", "methods", JSON, fill="[]")
    db.add_column("connection", "methods", JSON, fill="[]")
