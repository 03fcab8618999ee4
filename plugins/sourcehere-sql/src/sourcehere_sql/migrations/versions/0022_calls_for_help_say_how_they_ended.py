"""
Calls for help say how they ended.
"""

import sqlalchemy as sa

from sourcehere_sql.changes import Changes
from sourcehere_sql.schema import TEXT

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade(db: Changes) -> None:
    """
    Calls for help say how they ended.
    """
    db.add_column("help_request", "outcome", TEXT, fill="")
    calls = db.table("help_request", "state", "outcome")
    db.execute(sa.update(calls).where(calls.c.state == "done").values(outcome="closed"))
