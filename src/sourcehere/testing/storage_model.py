"""
The storage contract: what a session does, in the plainest words, to compare with.
"""

from collections.abc import Iterable, Mapping, Sequence

from sourcehere.ports.storage import (
    AsksAtOnce,
    Check,
    Claim,
    Expected,
    Index,
    Key,
    Row,
    RowExistsError,
    Table,
    Value,
)

from .storage_tables import (
    BY_STATE,
    LANE,
    MESSAGES,
    TABLES,
    changed,
    number_of,
    value_of,
)

_OVER = ("done", "superseded", "discarded")


class ModelSession(AsksAtOnce):
    """
    Rows in dicts, sorted and filtered anew for each question.

    The methods are those of `sourcehere.ports.storage.Session`.
    """

    def __init__(self) -> None:
        self.rows: dict[str, dict[Key, Row]] = {table.name: {} for table in TABLES}

    def get(self, table: Table, keys: Sequence[Key], *, lock: bool) -> list[Row]:
        """
        Read rows by key.
        """
        del lock
        rows = self.rows[table.name]
        return table.seen([rows[key] for key in sorted(rows) if key in keys])

    def find(self, index: Index, prefixes: Sequence[Key], *, lock: bool) -> list[Row]:
        """
        Read rows by the first columns of an index.
        """
        del lock
        whole = index.of_whole
        rows = self.rows[index.table.name].values()
        found = [
            row
            for row in rows
            if _is_found(row, whole) and _pick(row, whole, index.equal) in prefixes
        ]
        columns = index.equal + index.sort_columns
        found.sort(key=lambda row: _pick(row, whole, columns))
        return index.table.seen(found)

    def page(
        self,
        index: Index,
        prefix: Key,
        *,
        after: Key | None,
        until: Value,
        limit: int,
        descending: bool,
    ) -> list[Row]:
        """
        Read a page of an index.
        """
        found = self.find(index, [prefix], lock=False)
        place = {row: _pick(row, index, index.sort_columns) for row in found}
        if descending:
            found.reverse()
            if after is not None:
                found = [row for row in found if place[row] < after]
            if until is not None:
                found = [row for row in found if place[row][0] >= until]  # type: ignore[operator]  # one kind
        else:
            if after is not None:
                found = [row for row in found if place[row] > after]
            if until is not None:
                found = [row for row in found if place[row][0] <= until]  # type: ignore[operator]  # one kind
        return found[:limit]

    def totals(
        self, index: Index, prefix: Key, *, by: Sequence[str], column: str
    ) -> dict[Key, int]:
        """
        Sum a column by groups.
        """
        sums: dict[Key, int] = {}
        for row in self.rows[index.table.name].values():
            same = _pick(row, index, index.equal[: len(prefix)]) == prefix
            if same and _is_found(row, index):
                group = _pick(row, index, by)
                amount = value_of(index.table, row, column) if column else 1
                assert isinstance(amount, int)
                sums[group] = sums.get(group, 0) + amount
        return sums

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """
        Write new rows, all or none.
        """
        for row in rows:
            self._require_new(table, row)
            self.rows[table.name][table.key_of(row)] = row

    def _require_new(self, table: Table, row: Row) -> None:
        for other in self.rows[table.name].values():
            if table.key_of(other) == table.key_of(row):
                raise RowExistsError(kind=table.name, key=str(table.key_of(row)))
            for index in table.indexes.values():
                values = _pick(row, index, index.equal)
                if index.unique and _pick(other, index, index.equal) == values:
                    raise RowExistsError(kind=table.name, key=str(values))

    def insert_new(self, table: Table, rows: Sequence[Row]) -> list[Row]:
        """
        Write those whose key is not taken.
        """
        added = []
        for row in rows:
            if table.key_of(row) not in self.rows[table.name]:
                self.insert(table, [row])
                added.append(row)
        return added

    def replace(
        self, table: Table, rows: Sequence[Row], *, expected: Expected | None
    ) -> list[Key]:
        """
        Write over rows; return the keys of those that are not as expected.
        """
        left_alone = []
        for i, row in enumerate(rows):
            key = table.key_of(row)
            old = self.rows[table.name].get(key)
            if old is None or (
                expected is not None
                and expected[i] not in (old, value_of(table, old, table.version))
            ):
                left_alone.append(key)
            else:
                self.rows[table.name][key] = row
        return sorted(left_alone)

    def add(
        self, table: Table, changes: Sequence[tuple[Key, Mapping[str, int]]]
    ) -> list[Key]:
        """
        Add to numbers; return the keys of those that a check refuses.
        """
        left_alone = []
        for key, deltas in changes:
            old = self.rows[table.name].get(key)
            if old is None:
                left_alone.append(key)
                continue
            sums = {n: number_of(table, old, n) + d for n, d in deltas.items()}
            new = changed(table, old, **sums)
            if all(_holds(table, check, new) for check in table.checks):
                self.rows[table.name][key] = new
            else:
                left_alone.append(key)
        return sorted(left_alone)

    def delete(self, table: Table, keys: Sequence[Key]) -> None:
        """
        Remove rows.
        """
        for key in keys:
            self.rows[table.name].pop(key, None)

    def claim(self, table: Table, request: Claim) -> list[Row]:
        """
        Lease messages that are due.
        """
        free = [
            row
            for row in self.rows[table.name].values()
            if self._is_free(row)
            and value_of(table, row, "connection") not in request.without
        ]
        due = [row for row in free if number_of(table, row, "next_at") <= request.now]
        order = ("next_at", "seller_id", "message_id")
        due.sort(key=lambda row: _pick(row, BY_STATE, order))
        taken = [
            changed(
                table,
                row,
                state="sending",
                epoch=number_of(table, row, "epoch") + 1,
                worker=request.worker,
                lease_until=request.lease_until,
            )
            for row in due[: request.limit]
        ]
        self.rows[table.name] |= {table.key_of(row): row for row in taken}
        return taken

    def _is_free(self, row: Row) -> bool:
        lane = _pick(row, LANE, LANE.equal)
        earlier = [
            other
            for other in self.find(LANE, [lane], lock=False)
            if _pick(other, LANE, ["position"]) < _pick(row, LANE, ["position"])
        ]
        return value_of(MESSAGES, row, "state") == "waiting" and all(
            value_of(MESSAGES, other, "state") in _OVER for other in earlier
        )


def _pick(row: Row, index: Index, columns: Iterable[str]) -> Key:
    return tuple(value_of(index.table, row, name) for name in columns)


def _is_found(row: Row, index: Index) -> bool:
    told = index.found_if
    return not told or bool(value_of(index.table.whole, row, told))


def _holds(table: Table, check: Check, row: Row) -> bool:
    lower, upper = (
        number_of(table, row, side) if isinstance(side, str) else side
        for side in (check.lower, check.upper)
    )
    return lower <= upper
