"""
All that a storage holds, for tests that compare before with after.
"""

from collections.abc import Sequence
from functools import partial

from ..ports.storage import Row, Session, Storage, Table
from ..unit.tables import TABLES


def dump(storage: Storage, tables: Sequence[Table] = TABLES) -> dict[str, list[Row]]:
    """
    Return every row of every table, in key order.
    """
    return {
        table.name: storage.transact(partial(_rows, table=table), read_only=True)
        for table in tables
    }


def _rows(session: Session, *, table: Table) -> list[Row]:
    found: list[Row] = []
    while True:
        page = session.page(
            table.primary,
            (),
            after=table.key_of(found[-1]) if found else None,
            until=None,
            limit=500,
            descending=False,
        )
        found.extend(page)
        if len(page) < 500:  # noqa: PLR2004 - the limit above
            return found
