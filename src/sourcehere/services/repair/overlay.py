"""
A database as it would be: what is stored, with changes over it that nobody wrote.
"""

from collections.abc import Mapping, Sequence

from ...ports.claims import Claim
from ...ports.storage import (
    AsksAtOnce,
    Expected,
    Index,
    Key,
    Row,
    Session,
    Table,
    Value,
    picker,
)

_Rows = dict[Key, Row | None]


class Overlay(AsksAtOnce):
    """
    A session that reads from another one, and keeps what is put to itself.

    So a repair is tried, and the audit asked what it names then, in a transaction that
    only reads: nobody waits for it, and there is nothing to roll back.
    """

    def __init__(self, session: Session) -> None:
        """
        Lay nothing over *session* yet.
        """
        self._session = session
        self._over: dict[str, tuple[Table, _Rows]] = {}
        # What each row that was put took the place of; nothing, the first time.
        self._undo: list[tuple[Table, Key, tuple[Row | None] | None]] = []

    def put(self, table: Table, key: Key, row: Row | None) -> None:
        """
        Lay *row* over what is stored under *key*; None for no row.
        """
        rows = self._over.setdefault(table.name, (table, {}))[1]
        self._undo.append((table, key, (rows[key],) if key in rows else None))
        rows[key] = row

    def changed(self) -> list[tuple[Table, Key, Row | None]]:
        """
        List what lies over the stored rows, in the order in which it was first put.
        """
        return [
            (table, key, row)
            for table, rows in self._over.values()
            for key, row in rows.items()
        ]

    def mark(self) -> int:
        """
        Return where the overlay stands now, to come back to: how often it was put.
        """
        return len(self._undo)

    def back_to(self, mark: int) -> None:
        """
        Forget what was put since *mark*.
        """
        while len(self._undo) > mark:
            table, key, before = self._undo.pop()
            rows = self._over[table.name][1]
            if before is None:
                del rows[key]
            else:
                rows[key] = before[0]

    def _rows(self, table: Table) -> _Rows:
        return self._over.get(table.name, (table, {}))[1]

    def stored(self, table: Table, key: Key) -> Row | None:
        """
        Return what is really stored under *key*.
        """
        found = self._session.get(table, [key], lock=False)
        return found[0] if found else None

    def get(self, table: Table, keys: Sequence[Key], /, *, lock: bool) -> list[Row]:
        """
        Read the rows of *keys* that exist, sorted by key; nothing is ever locked.
        """
        assert not lock
        over = self._rows(table)
        if not over:
            return self._session.get(table, keys, lock=False)
        found = self._session.get(table.whole, keys, lock=False)
        kept = {table.whole.key_of(row): row for row in found}
        for key in set(keys) & over.keys():
            row = over[key]
            kept.pop(key, None)
            if row is not None:
                kept[key] = row
        return table.seen([kept[key] for key in sorted(kept, key=_order)])

    def find(
        self, index: Index, prefixes: Sequence[Key], /, *, lock: bool
    ) -> list[Row]:
        """
        Read every row whose `index.equal` values are one of *prefixes*.
        """
        assert not lock
        over = self._rows(index.table)
        if not over:
            return self._session.find(index, prefixes, lock=False)
        table = index.table.whole
        found = self._session.find(index.of_whole, prefixes, lock=False)
        equal, sort = picker(table, index.equal), picker(table, index.sort_columns)
        wanted = set(prefixes)
        rows = self._without(table, found)
        rows += [r for r in over.values() if r is not None and equal(r) in wanted]
        rows.sort(key=lambda row: _order((*equal(row), *sort(row))))
        return index.table.seen(rows)

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
        over = self._rows(index.table)
        found = self._session.page(
            index.of_whole if over else index,
            prefix,
            after=after,
            until=until,
            limit=limit + len(over),
            descending=descending,
        )
        if not over:
            return found
        table = index.table.whole
        equal, sort = picker(table, index.equal), picker(table, index.sort_columns)
        rows = self._without(table, found)
        for row in over.values():
            if row is None or equal(row) != prefix:
                continue
            place = _order(sort(row))
            if _is_within(place, after, until, descending=descending):
                rows.append(row)
        rows.sort(key=lambda row: _order(sort(row)), reverse=descending)
        return index.table.seen(rows[:limit])

    def totals(
        self, index: Index, prefix: Key, /, *, by: Sequence[str], column: str
    ) -> dict[Key, int]:
        """
        Add up *column* over the rows of *prefix*, per value of the *by* columns.
        """
        sums = self._session.totals(index, prefix, by=by, column=column)
        table = index.table
        over = self._rows(table)
        if not over:
            return sums
        equal = picker(table, index.equal[: len(prefix)])
        group = picker(table, tuple(by))
        before = self._session.get(table, list(over), lock=False)
        now = [row for row in over.values() if row is not None]
        for rows, sign in ((before, -1), (now, 1)):
            for row in rows:
                if equal(row) == prefix:
                    amount = int(row[table.position[column]] or 0) if column else 1
                    sums[group(row)] = sums.get(group(row), 0) + sign * amount
        return sums

    def _without(self, table: Table, rows: Sequence[Row]) -> list[Row]:
        over = self._rows(table)
        return [row for row in rows if table.key_of(row) not in over]

    def insert(self, table: Table, rows: Sequence[Row], /) -> None:
        """
        Refuse: what is tried is put.
        """
        raise NotImplementedError(table.name)

    def insert_new(self, table: Table, rows: Sequence[Row], /) -> list[Row]:
        """
        Refuse: what is tried is put.
        """
        raise NotImplementedError(table.name)

    def replace(
        self, table: Table, rows: Sequence[Row], /, *, expected: Expected | None
    ) -> list[Key]:
        """
        Refuse: what is tried is put.
        """
        raise NotImplementedError(table.name)

    def add(
        self, table: Table, changes: Sequence[tuple[Key, Mapping[str, int]]], /
    ) -> list[Key]:
        """
        Refuse: what is tried is put.
        """
        raise NotImplementedError(table.name)

    def delete(self, table: Table, keys: Sequence[Key], /) -> None:
        """
        Refuse: what is tried is put.
        """
        raise NotImplementedError(table.name)

    def claim(self, table: Table, request: Claim, /) -> list[Row]:
        """
        Refuse: what is tried is put.
        """
        raise NotImplementedError(table.name)


def _order(values: Key) -> tuple[tuple[bool, int, str], ...]:
    """
    Return *values* as they are compared: numbers as numbers, texts as texts.
    """
    return tuple(
        (value is not None, value if isinstance(value, int) else 0, str(value))
        if not isinstance(value, str)
        else (True, 0, value)
        for value in values
    )


def _is_within(
    place: tuple[tuple[bool, int, str], ...],
    after: Key | None,
    until: Value,
    *,
    descending: bool,
) -> bool:
    if after is not None:
        start = _order(after)
        if place <= start if not descending else place >= start:
            return False
    if until is None:
        return True
    end = _order((until,))[0]
    return place[0] >= end if descending else place[0] <= end
