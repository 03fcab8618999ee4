"""
What every part of the storage contract starts from: a fresh storage, short calls.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import pytest

from sourcehere.ports.storage import Row, Session, Storage, Table

from .storage_tables import TABLES

T = TypeVar("T")


class StorageCase:
    """
    A test class on one fresh storage per test.
    """

    def make_storage(self, tables: Iterable[Table]) -> Storage:
        """
        Make a storage that has *tables*, all of them empty.
        """
        raise NotImplementedError

    @pytest.fixture
    def storage(self) -> Iterator[Storage]:
        """
        Return the storage under test, and close it afterwards.
        """
        made = self.make_storage(TABLES)
        yield made
        made.close()


def write(storage: Storage, work: Callable[[Session], T]) -> T:
    """
    Run *work* in one writing transaction.
    """
    return storage.transact(work, read_only=False)


def read(storage: Storage, work: Callable[[Session], T]) -> T:
    """
    Run *work* in one reading transaction.
    """
    return storage.transact(work, read_only=True)


def keep(storage: Storage, table: Table, rows: Sequence[Row]) -> None:
    """
    Insert *rows* in a transaction of their own.
    """
    write(storage, lambda session: session.insert(table, rows))


def kept(storage: Storage, table: Table) -> list[Row]:
    """
    Read all rows of *table*, in key order.
    """
    return read(
        storage,
        lambda session: session.page(
            table.primary, (), after=None, until=None, limit=10_000, descending=False
        ),
    )
