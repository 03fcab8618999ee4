"""
One PostgreSQL transaction: what the storage port asks, as statements for psycopg.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import ClassVar, NoReturn

import psycopg

from sourcehere.ports.storage import (
    Claim,
    Expected,
    Get,
    Key,
    Named,
    Page,
    Reading,
    Row,
    RowExistsError,
    Table,
    Value,
    picker,
)

from . import postgres_statements as sql
from . import statements
from .speaking import SpeakingSession
from .wire import IntegerArray, arrays, scalars

Change = tuple[Key, Mapping[str, int]]


class PostgresSession(SpeakingSession):
    """
    One open transaction on one connection.
    """

    mark: ClassVar[str] = sql.MARK

    def ask(self, wanted: Reading, /) -> Callable[[], list[Row]]:
        """
        Send a question; its answer is waited for when what is returned is called.
        """
        if self._pipe is None:
            return super().ask(wanted)
        pipe, asked = self._pipe, self._sent(lambda: self._read(wanted))
        if asked is None:
            return list
        pick = picker(wanted.table, wanted.sorted_by)
        from_end = isinstance(wanted, Page) and wanted.descending

        def answer() -> list[Row]:
            rows = self._answered(pipe, asked)
            rows.sort(key=pick, reverse=from_end)
            return rows

        return answer

    def _read(self, wanted: Reading) -> list[Row]:
        return self._named(wanted) if isinstance(wanted, Named) else wanted.read(self)

    def _named(self, wanted: Named) -> list[Row]:
        """
        Fetch what rows name in one statement, however many of them there are.
        """
        of = wanted.of
        if isinstance(of, Get):
            columns, given, found_if = of.table.key, of.keys, ""
        else:
            columns, found_if = of.index.equal, of.index.found_if
            given = of.prefixes
        keys = sorted(set(given))
        if not keys:
            return []
        many = len(keys) > 1
        values = (
            arrays(of.table, columns, keys)
            if many
            else scalars(of.table, columns, keys[0])
        )
        paced = self._is_paced and wanted.lock
        text = sql.select_named(
            wanted.table,
            self.at,
            of.table.whole,
            columns,
            many=many,
            lock=wanted.lock,
            paced=paced,
            found_if=found_if,
        )
        return self._rows(text, values, paced=paced)

    def bind(
        self, table: Table, columns: tuple[str, ...], values: Sequence[Value]
    ) -> Sequence[object]:
        """
        Turn *values* of *columns* into parameters.
        """
        return scalars(table, columns, values)

    def select_many(
        self,
        table: Table,
        columns: tuple[str, ...],
        keys: Sequence[Key],
        *,
        found_if: str = "",
    ) -> list[Row]:
        """
        Fetch the rows whose *columns* are one of *keys*, by one join.
        """
        return self.select(
            sql.select_many(table, self.at, columns, found_if),
            arrays(table, columns, keys),
        )

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
        """
        assert not self.read_only, "a read-only transaction locks nothing"
        many = len(keys) > 1
        values = (
            arrays(table, columns, keys) if many else scalars(table, columns, keys[0])
        )
        paced = self._is_paced and (many or columns != table.key)
        text = sql.select_locked(
            table, self.at, columns, many=many, paced=paced, found_if=found_if
        )
        return self._rows(text, values, paced=paced)

    def insert(self, table: Table, rows: Sequence[Row], /) -> None:
        """
        Add *rows*.
        """
        if not rows:
            return
        text, values, paced = self._insertion(table, rows, new=False)
        try:
            self._write(text, values, paced=paced, waits=False)
        except psycopg.errors.UniqueViolation as error:
            self._refuse(table, rows, error)

    def insert_new(self, table: Table, rows: Sequence[Row], /) -> list[Row]:
        """
        Add those of *rows* whose key is not taken, and say which they were.
        """
        key = table.key_of
        first: dict[Key, Row] = {}
        for row in rows:
            first.setdefault(key(row), row)
        if not first:
            return []
        # In key order, so that two inserters never wait for each other in a circle.
        wanted = [first[k] for k in sorted(first)]
        text, values, paced = self._insertion(table, wanted, new=True)
        try:
            done = set(self._rows(text, values, paced=paced))
        except psycopg.errors.UniqueViolation as error:
            self._refuse(table, wanted, error)
        return [row for k, row in first.items() if k in done]

    def _insertion(
        self, table: Table, rows: Sequence[Row], *, new: bool
    ) -> tuple[str, Sequence[object], bool]:
        assert not self.read_only, "a read-only transaction writes nothing"
        many = len(rows) > 1
        columns = tuple(table.position)
        values = (
            arrays(table, columns, rows) if many else scalars(table, columns, rows[0])
        )
        paced = self._is_paced and many and not table.is_part
        text = sql.insert(table, self.at, many=many, new=new, paced=paced)
        return text, values, paced

    def replace(
        self, table: Table, rows: Sequence[Row], /, *, expected: Expected | None
    ) -> list[Key]:
        """
        Overwrite the rows that have the keys of *rows*; list those left alone.
        """
        assert not self.read_only, "a read-only transaction writes nothing"
        if not rows:
            return []
        columns = statements.settable(table) + table.key
        pick = picker(table, columns)
        keys = [table.key_of(row) for row in rows]
        compared, before = _compared(table, expected)
        many = len(rows) > 1
        paced = self._is_paced and many and bool(compared or not table.is_part)
        text = sql.replace(table, self.at, compared, many=many, paced=paced)
        if many:
            values: list[object] = [*arrays(table, columns, map(pick, rows))]
            values += arrays(table, compared, before) if compared else []
        else:
            values = [*scalars(table, columns, pick(rows[0]))]
            values += scalars(table, compared, before[0]) if compared else []
        try:
            return self._change(text, values, keys, paced=paced)
        except psycopg.errors.UniqueViolation as error:
            self._refuse(table, rows, error)

    def add(self, table: Table, changes: Sequence[Change], /) -> list[Key]:
        """
        Add numbers to columns, row by row in key order, unless a check would break.
        """
        assert not self.read_only, "a read-only transaction writes nothing"
        groups = [
            (columns, list(group))
            for columns, group in groupby(sorted(changes, key=_columns), key=_columns)
        ]
        if len(groups) > 1:
            # Each group locks in key order; together they need one order for all.
            self.get(table, [key for key, _ in changes], lock=True)
        left_alone: list[Key] = []
        for columns, group in groups:
            left_alone += self._add_alike(table, columns, group)
        return sorted(left_alone)

    def _add_alike(
        self, table: Table, columns: tuple[str, ...], changes: Sequence[Change]
    ) -> list[Key]:
        many = len(changes) > 1
        paced = self._is_paced and many
        text, checked = sql.add(table, self.at, columns, many=many, paced=paced)
        keys = [key for key, _ in changes]
        if not many:
            ((key, deltas),) = changes
            values = [deltas[name] for name in columns]
            limits = [deltas[name] for name in checked]
            given: list[object] = [*values, *scalars(table, table.key, key), *limits]
        else:
            given = [IntegerArray([d[name] for _, d in changes]) for name in columns]
            given += arrays(table, table.key, keys)
        return self._change(text, given, keys, paced=paced)

    def delete(self, table: Table, keys: Sequence[Key], /) -> None:
        """
        Remove the rows of *keys* that exist.
        """
        assert not self.read_only, "a read-only transaction writes nothing"
        if not keys:
            return
        many = len(keys) > 1
        paced = self._is_paced and many
        given = (
            arrays(table, table.key, keys)
            if many
            else scalars(table, table.key, keys[0])
        )
        text = sql.delete(table, self.at, many=many, paced=paced)
        self._write(text, given, paced=paced, waits=True)

    def claim(self, table: Table, request: Claim, /) -> list[Row]:
        """
        Take messages to deliver, and return their rows as they are now.
        """
        assert not self.read_only, "a read-only transaction writes nothing"
        due = scalars(table, ("next_at",), (request.now,))
        lease = scalars(table, ("lease_until",), (request.lease_until,))
        without, only = list(request.without), list(request.only)
        asked = (*due, without, only) if only else (*due, without)
        resting = request.resting
        rests = () if resting is None else due
        values = (*asked, *rests, request.limit, request.worker, *lease)
        text = sql.claim(table, self.at, only=bool(only), resting=resting)
        rows = self.select(text, values)
        rows.sort(key=picker(table, statements.CLAIM_ORDER))
        return rows

    def _refuse(
        self,
        table: Table,
        rows: Sequence[Row],
        error: psycopg.errors.UniqueViolation,
    ) -> NoReturn:
        """
        Say which of *rows* a unique index refused.
        """
        if self._pipe is not None and self._pipe.sent:
            raise error  # it may be what was sent before that was refused
        key = _taken_values(table, rows, error.diag)
        raise RowExistsError(kind=table.name, key=key) from error


def _compared(
    table: Table, expected: Expected | None
) -> tuple[tuple[str, ...], Sequence[Row]]:
    """
    Return the columns that a replacement compares, and what is expected in them.
    """
    if not expected:
        return (), ()
    if isinstance(expected[0], int):
        return (table.version,), [(version,) for version in expected]  # type: ignore[misc]  # all are versions
    columns = statements.settable(table)
    return columns, [picker(table, columns)(row) for row in expected]  # type: ignore[arg-type]  # all are rows


def _columns(change: Change) -> tuple[str, ...]:
    return tuple(sorted(change[1]))


def _taken_values(
    table: Table, rows: Sequence[Row], told: psycopg.errors.Diagnostic
) -> str:
    """
    Find the refused values among *rows*; the server tells them as text only.
    """
    columns = table.key
    for index in table.indexes.values():
        if index.name == told.constraint_name:
            columns = index.equal
    detail = told.message_detail or ""
    for values in map(picker(table, columns), rows):
        if f"=({', '.join(map(_shown, values))}) " in detail:
            return str(values)
    return detail


def _shown(value: Value) -> str:
    return str(value)
