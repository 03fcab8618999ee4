"""
All that a storage holds: to compare before with after, and to begin with it again.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from ..ports.storage import Row, Session, Storage, Table
from ..unit.tables import TABLES

Rows = Mapping[str, Sequence[Row]]


@runtime_checkable
class DumpsItself(Protocol):
    """
    A storage under test that can tell all its rows more quickly than page by page.
    """

    def dump(self, tables: Sequence[Table], /) -> dict[str, list[Row]]:
        """
        Return every row of *tables*, in key order, as they are at one moment.
        """
        ...


def fill(storage: Storage, rows: Rows) -> None:
    """
    Add what `dump` returned to a storage that is empty.
    """

    def work(session: Session) -> None:
        for table in TABLES:
            session.insert(table, rows[table.name])

    storage.transact(work, read_only=False)


def dump(storage: Storage, tables: Sequence[Table] = TABLES) -> dict[str, list[Row]]:
    """
    Return every row of every table, in key order, as they are at one moment.
    """
    if isinstance(storage, DumpsItself):
        return storage.dump(tables)

    def work(session: Session) -> dict[str, list[Row]]:
        return {table.name: _rows(session, table) for table in tables}

    return storage.transact(work, read_only=True)


def _rows(session: Session, table: Table) -> list[Row]:
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
