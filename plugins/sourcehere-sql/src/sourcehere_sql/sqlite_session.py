"""
One SQLite transaction: what the storage port asks, as statements for `sqlite3`.

There is one writer at a time and it holds the whole database (BEGIN IMMEDIATE), so
that nothing here needs row locks and statements may follow one another per row.
"""

import json
import operator
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, compress
from typing import ClassVar, NoReturn

from sourcehere.ports.storage import (
    Claim,
    Expected,
    Index,
    Key,
    Row,
    RowExistsError,
    Table,
    Value,
    as_expected,
    picker,
)

from . import sqlite_statements as sql
from . import statements
from .reading import ReadingSession

# Keys are looked up in batches of these sizes, the last one filled up with NULL (which
# equals nothing), so that few different statements exist and stay prepared.
_BATCHES = (2, 4, 8, 16, 32, 64, 128, 256)
_TAKEN = (sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE)


class SqliteSession(ReadingSession):
    """
    One open transaction on one connection.
    """

    mark: ClassVar[str] = sql.MARK

    def __init__(
        self, connection: sqlite3.Connection, *, read_only: bool, at: str
    ) -> None:
        super().__init__(read_only=read_only, at=at)
        self._broken = False
        self._known: dict[str, dict[Key, Row]] = {}
        self._connection = connection
        self._cursor = connection.cursor()
        self._cursor.row_factory = None  # a host's connection may have its own

    def close(self) -> None:
        """
        Return the cursor to the driver.
        """
        self._cursor.close()

    def commit(self) -> None:
        """
        Commit the transaction.
        """
        self._connection.commit()

    @property
    def broken(self) -> bool:
        """
        Whether a statement failed; rows before the refused one may have been written.
        """
        return self._broken

    def select(self, text: str, parameters: Sequence[object]) -> list[Row]:
        """
        Run a query and fetch everything.
        """
        return self._cursor.execute(text, tuple(parameters)).fetchall()

    def bind(
        self, table: Table, columns: tuple[str, ...], values: Sequence[Value]
    ) -> Sequence[object]:
        """
        Keep *values*: rows hold what SQLite holds.
        """
        del table, columns
        return values

    def select_many(
        self,
        table: Table,
        columns: tuple[str, ...],
        keys: Sequence[Key],
        *,
        found_if: str = "",
    ) -> list[Row]:
        """
        Fetch the rows whose *columns* are one of *keys*, by batches of known sizes.
        """
        if not columns:
            text = statements.select_equal(table, self.at, (), (), sql.MARK, found_if)
            return self.select(text, ())
        if len(keys) == 1:
            text = statements.select_equal(
                table, self.at, columns, (), sql.MARK, found_if
            )
            return self.select(text, keys[0])
        rows: list[Row] = []
        for start in range(0, len(keys), _BATCHES[-1]):
            batch = keys[start : start + _BATCHES[-1]]
            size = next(size for size in _BATCHES if size >= len(batch))
            parameters: list[Value] = list(chain.from_iterable(batch))
            parameters += [None] * ((size - len(batch)) * len(columns))
            text = sql.select_batch(table, self.at, columns, size, found_if)
            rows += self.select(text, parameters)
        return rows

    def select_locked(
        self,
        table: Table,
        columns: tuple[str, ...],
        keys: Sequence[Key],
        *,
        found_if: str = "",
    ) -> list[Row]:
        """
        Fetch the rows whose *columns* are one of *keys*: the writer has them locked.
        """
        assert not self.read_only, "a read-only transaction locks nothing"
        return self.select_many(table, columns, keys, found_if=found_if)

    def get(self, table: Table, keys: Sequence[Key], /, *, lock: bool) -> list[Row]:
        """
        Read the rows of *keys* that exist, sorted by key.
        """
        if len(keys) != 1:
            return self._remembered(table, super().get(table, keys, lock=lock))
        # Nearly every reading is of one row, and a writer has it locked.
        text = statements.select_equal(table, self.at, table.key, (), sql.MARK)
        return self._remembered(table, self._cursor.execute(text, keys[0]).fetchall())

    def find(
        self, index: Index, prefixes: Sequence[Key], /, *, lock: bool
    ) -> list[Row]:
        """
        Read every row whose `index.equal` values are one of *prefixes*.
        """
        table = index.table
        if len(prefixes) != 1:
            return self._remembered(table, super().find(index, prefixes, lock=lock))
        text = statements.select_equal(
            table, self.at, index.equal, index.sort_columns, sql.MARK, index.found_if
        )
        rows = self._cursor.execute(text, prefixes[0]).fetchall()
        return self._remembered(table, rows)

    def _remembered(self, table: Table, rows: list[Row]) -> list[Row]:
        if rows and not self.read_only and table is table.whole:
            known = self._known.setdefault(table.name, {})
            key_of = table.key_of
            for row in rows:
                known[key_of(row)] = row
        return rows

    def insert(self, table: Table, rows: Sequence[Row], /) -> None:
        """
        Add *rows*.
        """
        assert not self.read_only, "a read-only transaction writes nothing"
        source = iter(tuple(rows))
        try:
            self._cursor.executemany(sql.insert(table, self.at), source)
        except sqlite3.IntegrityError as error:
            self._refuse(table, rows, source, error)

    def insert_new(self, table: Table, rows: Sequence[Row], /) -> list[Row]:
        """
        Add those of *rows* whose key is not taken, and say which they were.
        """
        assert not self.read_only, "a read-only transaction writes nothing"
        text, run = sql.insert_new(table, self.at), self._cursor.execute
        source = iter(tuple(rows))
        try:
            return [row for row in source if run(text, row).rowcount == 1]
        except sqlite3.IntegrityError as error:
            self._refuse(table, rows, source, error)

    def replace(
        self, table: Table, rows: Sequence[Row], /, *, expected: Expected | None
    ) -> list[Key]:
        """
        Overwrite the rows that have the keys of *rows*; list those left alone.
        """
        assert not self.read_only, "a read-only transaction writes nothing"
        key = table.key_of
        keys = [key(row) for row in rows]
        stored = self._as_stored(table, keys)
        left_alone: list[Key] = []
        alike: dict[tuple[int, ...], list[Row]] = {}
        everything = range(len(table.columns))
        for i, row in enumerate(rows):
            old = stored.get(keys[i])
            if old is None or (
                expected is not None and not as_expected(table, old, expected[i])
            ):
                left_alone.append(keys[i])
                continue
            changed = tuple(compress(everything, map(operator.ne, old, row)))
            if changed:
                alike.setdefault(changed, []).append(row)
                stored[keys[i]] = row
        for changed, group in alike.items():
            self._overwrite(table, changed, group)
        return left_alone

    def _as_stored(self, table: Table, keys: Sequence[Key]) -> dict[Key, Row]:
        """
        Return the rows of *keys* as they are: what this transaction has read or written
        is still so, for there is no other writer.
        """
        known = self._known.setdefault(table.name, {})
        missing = [key for key in keys if key not in known]
        if missing:
            self.get(table, missing, lock=True)
        return known

    def _overwrite(
        self, table: Table, changed: tuple[int, ...], rows: Sequence[Row]
    ) -> None:
        """
        Change what differs: SQLite rewrites every index of each column it is told.
        """
        columns = tuple(table.columns[place].name for place in changed)
        pick = picker(table, columns + table.key)
        source = iter(tuple(rows))
        try:
            text = sql.change(table, self.at, columns)
            self._cursor.executemany(text, map(pick, source))
        except sqlite3.IntegrityError as error:
            self._refuse(table, rows, source, error)

    def add(
        self, table: Table, changes: Sequence[tuple[Key, Mapping[str, int]]], /
    ) -> list[Key]:
        """
        Add numbers to columns, row by row in key order, unless a check would break.
        """
        assert not self.read_only, "a read-only transaction writes nothing"
        self._known.pop(table.name, None)
        left_alone: list[Key] = []
        for key, deltas in sorted(changes, key=operator.itemgetter(0)):
            text, checked = sql.add(table, self.at, tuple(sorted(deltas)))
            sets = [deltas[name] for name in sorted(deltas)]
            limits = [deltas[name] for name in checked]
            if self._cursor.execute(text, (*sets, *key, *limits)).rowcount == 0:
                left_alone.append(key)
        return left_alone

    def delete(self, table: Table, keys: Sequence[Key], /) -> None:
        """
        Remove the rows of *keys* that exist.
        """
        assert not self.read_only, "a read-only transaction writes nothing"
        self._known.pop(table.name, None)
        self._cursor.executemany(sql.delete(table, self.at), keys)

    def claim(self, table: Table, request: Claim, /) -> list[Row]:
        """
        Take messages to deliver, and return their rows as they are now.
        """
        assert not self.read_only, "a read-only transaction writes nothing"
        self._known.pop(table.name, None)
        named = [request.without, request.only] if request.only else [request.without]
        resting = request.resting
        rows = self.select(
            sql.claim(table, self.at, only=bool(request.only), resting=resting),
            (
                request.worker,
                request.lease_until,
                request.now,
                *map(json.dumps, named),
                *([] if resting is None else [request.now]),
                request.limit,
            ),
        )
        rows.sort(key=picker(table, statements.CLAIM_ORDER))
        return rows

    def _refuse(
        self,
        table: Table,
        rows: Sequence[Row],
        left: Iterator[Row],
        error: sqlite3.IntegrityError,
    ) -> NoReturn:
        """
        Say which of *rows*, of which those *left* were not tried, broke a constraint.
        """
        self._broken = True
        if error.sqlite_errorcode not in _TAKEN:
            raise error
        row = rows[len(rows) - operator.length_hint(left) - 1]
        taken = _taken_values(table, self.at, row, str(error))
        raise RowExistsError(kind=table.name, key=str(taken)) from error


def _taken_values(table: Table, at: str, row: Row, message: str) -> Key:
    """
    Pick out of *row* what is taken already: the values of a unique index, or the key.
    """
    told = statements.placed(table, at).strip('"')
    for index in table.indexes.values():
        columns = ", ".join(f"{told}.{name}" for name in index.equal)
        if index.unique and message == f"UNIQUE constraint failed: {columns}":
            return picker(table, index.equal)(row)
    return table.key_of(row)
