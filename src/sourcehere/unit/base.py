"""
One transaction, as services see it: typed reads, queued writes, one flush.

Writes are queued and sent together when the work is done, one batch per table, in one
order for everybody: orders by id, other aggregates, lots by id, wallet last.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from ..domain.kernel.errors import ConflictError
from ..ports.storage import (
    Expected,
    Key,
    Row,
    RowExistsError,
    Session,
    Table,
    Value,
)
from .reading import ReadingUnit
from .records import Records

T = TypeVar("T")
CausedBy = Callable[[], str]


def untraced() -> str:
    """
    Return the `traceparent` where nobody traces.
    """
    return ""


class Unit(ReadingUnit):
    """
    Typed access to one open transaction; `owner` leads every key of a seller's table.

    Reads see what was written at once (`put`, `delete`, `insert_new`), and not what is
    queued for the end of the work (`insert`, `add`, changed aggregates).

    What is put was read in the same unit: locked, or it is written against what was
    read (`Reads`). What `shared`, `peek` and `page_of_columns` give is not for that.
    """

    def __init__(
        self,
        session: Session,
        *,
        owner: Key,
        now: datetime,
        read_only: bool = False,
        caused_by: CausedBy = untraced,
    ) -> None:
        super().__init__(session, owner=owner, now=now, read_only=read_only)
        self._caused_by = caused_by
        self._inserts: dict[str, tuple[Records[Any], list[Row]]] = {}
        self._changes: dict[str, tuple[Records[Any], dict[Key, dict[str, int]]]] = {}

    @property
    def traceparent(self) -> str:
        """
        What caused this work, as W3C Trace Context writes it: kept with what it owes.
        """
        return self._caused_by()

    def insert(self, records: Records[T], *made: T) -> None:
        """
        Write new records, at the end of the work.
        """
        queue = self._inserts.setdefault(records.table.name, (records, []))[1]
        for record in made:
            queue.append(records.to_row(record))

    def insert_new(self, records: Records[T], made: Sequence[T]) -> list[T]:
        """
        Write those of *made* whose key is not taken, now; say which they were.
        """
        if not made:
            return []
        table, key_of = records.table, records.table.key_of
        rows = [records.to_row(record) for record in made]
        fresh = self.session.insert_new(table, rows)
        if self._reads is not None:
            self._reads.saw(table, fresh, lock=True)
        first: dict[Key, T] = {}  # of rows with equal keys the first is written
        for row, record in zip(rows, made, strict=True):
            first.setdefault(key_of(row), record)
        return [first[key_of(row)] for row in fresh]

    def put(self, records: Records[T], *made: T) -> None:
        """
        Write records over those that this unit has read under the same key, now; those
        that it has not read are new.

        Raises:
            ConflictError: If somebody else wrote one since it was read; the work is
                done again.
        """
        if not made:
            return
        assert self._reads is not None, "a unit that only reads puts nothing"
        table = records.table
        rows = [records.to_row(record) for record in made]
        writes = self._reads.judge(table, rows)
        self._replace(table, writes.ours, expected=None)
        self._replace(table, writes.read, expected=writes.against)
        try:
            self.session.insert(table, writes.new)
        except RowExistsError as error:
            raise ConflictError(kind=table.name, key=error.key) from error
        self._reads.wrote(table, rows)

    def put_over(self, records: Records[T], pairs: Sequence[tuple[T, T]]) -> None:
        """
        Write records over those that an earlier unit read or wrote: pairs of such a
        record, which must still be there as it was, and the new one.

        Raises:
            ConflictError: If somebody else wrote one since.
        """
        before = [records.to_row(read) for read, _ in pairs]
        rows = [records.to_row(made) for _, made in pairs]
        self._replace(records.table, rows, expected=before)

    def _replace(
        self, table: Table, rows: Sequence[Row], *, expected: Expected | None
    ) -> None:
        left_alone = (
            self.session.replace(table, rows, expected=expected) if rows else ()
        )
        if left_alone:
            raise ConflictError(kind=table.name, key=str(left_alone[0]))

    def delete(self, records: Records[Any], keys: Iterable[Key]) -> None:
        """
        Remove records, now.

        Raises:
            ConflictError: If somebody else wrote one since this unit read it.
        """
        assert self._reads is not None, "a unit that only reads removes nothing"
        table = records.table
        gone = self._keys(records, keys)
        read = self._reads.unlocked(table, gone)
        if read:
            now = self.session.get(table, list(read), lock=True)
            if now != [read[key] for key in sorted(read)]:
                raise ConflictError(kind=table.name, key=str(min(read)))
        self.session.delete(table, gone)
        self._reads.removed(table, gone)

    def add(self, records: Records[Any], *key: Value, **changes: int) -> None:
        """
        Add to numbers of a record, at the end of the work; checks are kept.
        """
        queue = self._changes.setdefault(records.table.name, (records, {}))[1]
        sums = queue.setdefault(self._key(records, key), {})
        for name, change in changes.items():
            sums[name] = sums.get(name, 0) + change

    def flush(self) -> None:
        """
        Send what is queued.

        Raises:
            ConflictError: If somebody changed an aggregate or took stock meanwhile.
        """
        for records, changes in self._changes.values():
            self._flush_changes(records, changes)
        self._changes.clear()
        for records, rows in self._inserts.values():
            self.session.insert(records.table, rows)
        self._inserts.clear()

    def _send_changes(self, table: str) -> None:
        queued = self._changes.pop(table, None)
        if queued is not None:
            self._flush_changes(*queued)

    def _flush_changes(
        self, records: Records[Any], changes: Mapping[Key, Mapping[str, int]]
    ) -> None:
        # Rows whose changes touch the same columns travel in one batch.
        wanted = [
            (key, {n: d for n, d in sums.items() if d})
            for key, sums in sorted(changes.items())
        ]
        refused = self.session.add(records.table, [c for c in wanted if c[1]])
        if refused:
            self.refuse_change(records, refused)

    def refuse_change(self, records: Records[Any], keys: Sequence[Key]) -> None:
        """
        Say that a change was refused because a check would break.

        Raises:
            ConflictError: Always; a subclass may say more.
        """
        raise ConflictError(kind=records.table.name, key=str(keys[0]))
