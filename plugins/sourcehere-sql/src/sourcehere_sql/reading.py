"""
The reading half of a session, the same for both databases.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from sourcehere.ports.storage import AsksAtOnce, Index, Key, Row, Table, Value, picker

from . import statements


class ReadingSession(AsksAtOnce, ABC):
    """
    Answers `get`, `find`, `page` and `totals` in one open transaction.

    Attributes:
        mark: The driver's placeholder.

        read_only: Writing is a programming error.

        at: What stands before a table's name (`Place.before`).
    """

    mark: ClassVar[str]

    def __init__(self, *, read_only: bool, at: str) -> None:
        self.read_only = read_only
        self.at = at

    @abstractmethod
    def select(self, text: str, parameters: Sequence[object]) -> list[Row]:
        """
        Run a query and fetch everything.
        """

    @abstractmethod
    def bind(
        self, table: Table, columns: tuple[str, ...], values: Sequence[Value]
    ) -> Sequence[object]:
        """
        Turn *values* of *columns* into parameters.
        """

    @abstractmethod
    def select_many(
        self,
        table: Table,
        columns: tuple[str, ...],
        keys: Sequence[Key],
        *,
        found_if: str = "",
    ) -> list[Row]:
        """
        Fetch the rows whose *columns* are one of *keys* (two or more), in any order.

        Args:
            found_if: As an index has it.
        """

    @abstractmethod
    def select_locked(
        self,
        table: Table,
        columns: tuple[str, ...],
        keys: Sequence[Key],
        *,
        found_if: str = "",
    ) -> list[Row]:
        """
        Fetch the rows whose *columns* are one of *keys*, locked in key order.

        Args:
            found_if: As an index has it.
        """

    @property
    @abstractmethod
    def broken(self) -> bool:
        """
        Whether a statement failed: the transaction must not be committed.
        """

    def require_whole(self) -> None:
        """
        Refuse to commit what is left of work that swallowed an error of its session.
        """
        if self.broken:
            msg = (
                "the work caught an error of its session; let it leave the transaction"
            )
            raise RuntimeError(msg)

    def is_hasty(self, error: Exception) -> bool:
        """
        Tell whether *error* may be due to a write whose answer nobody has looked at.
        """
        del error
        return False

    def get(self, table: Table, keys: Sequence[Key], /, *, lock: bool) -> list[Row]:
        """
        Read the rows of *keys* that exist, sorted by key.
        """
        wanted = keys if len(keys) == 1 else sorted(set(keys))
        if not wanted:
            return []
        if lock:
            rows = self.select_locked(table, table.key, wanted)
        elif len(wanted) == 1:
            sql = statements.select_equal(table, self.at, table.key, (), self.mark)
            return self.select(sql, self.bind(table, table.key, wanted[0]))
        else:
            rows = self.select_many(table, table.key, wanted)
        rows.sort(key=table.key_of)
        return rows

    def find(
        self, index: Index, prefixes: Sequence[Key], /, *, lock: bool
    ) -> list[Row]:
        """
        Read every row whose `index.equal` values are one of *prefixes*.
        """
        wanted = prefixes if len(prefixes) == 1 else sorted(set(prefixes))
        if not wanted:
            return []
        table, columns, found_if = index.table, index.equal, index.found_if
        if lock:
            rows = self.select_locked(table, columns, wanted, found_if=found_if)
        elif len(wanted) == 1:
            sort = index.sort_columns
            sql = statements.select_equal(
                table, self.at, columns, sort, self.mark, found_if
            )
            return self.select(sql, self.bind(table, columns, wanted[0]))
        else:
            rows = self.select_many(table, columns, wanted, found_if=found_if)
        rows.sort(key=picker(table, columns + index.sort_columns))
        return rows

    def page(
        self,
        index: Index,
        prefix: Key,
        /,
        *,
        after: Key | None,
        until: Value,
        limit: int,
        descending: bool,
    ) -> list[Row]:
        """
        Read up to *limit* rows whose `index.equal` values are *prefix*, in index order.
        """
        table, sort = index.table, index.sort_columns
        if after == ():
            return []  # the prefix alone names one row, and it was seen
        sql = statements.select_page(
            index,
            self.at,
            self.mark,
            after=after is not None,
            until=until is not None,
            descending=descending,
        )
        parameters = [*self.bind(table, index.equal, prefix)]
        if after is not None:
            parameters += self.bind(table, sort, after)
        if until is not None:
            parameters += self.bind(table, sort[:1], (until,))
        parameters.append(limit)
        return self.select(sql, parameters)

    def totals(
        self, index: Index, prefix: Key, /, *, by: Sequence[str], column: str
    ) -> dict[Key, int]:
        """
        Add up *column* over the rows of *prefix*, per value of the *by* columns.
        """
        columns = index.equal[: len(prefix)]
        sql = statements.select_totals(
            index, self.at, len(prefix), tuple(by), column, self.mark
        )
        rows = self.select(sql, self.bind(index.table, columns, prefix))
        sums: dict[Key, int] = {}
        for *group, amount in rows:
            if amount is None or (amount == 0 and not column):
                continue  # no rows at all, which SQL reports when nothing is grouped
            assert isinstance(amount, int)
            sums[tuple(group)] = amount
        return sums
