"""
One transaction, as services see it: typed reads, queued writes, one flush.

Writes are queued and sent together when the work is done, one batch per table, in one
order for everybody: orders by id, other aggregates, lots by id, wallet last.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from ..domain.kernel.errors import ConflictError, NotFoundError
from ..ports.storage import (
    ColumnKind,
    Expected,
    Key,
    Row,
    RowExistsError,
    Session,
    Table,
    Value,
    picker,
)
from .reads import Reads
from .records import Records, Way

T = TypeVar("T")
PAGE = 500


class Unit:
    """
    Typed access to one open transaction; `owner` leads every key of a seller's table.

    Reads see what was written at once (`put`, `delete`, `insert_new`), and not what is
    queued for the end of the work (`insert`, `add`, changed aggregates).

    What is put was read in the same unit: locked, or it is written against what was
    read (`Reads`). What `shared`, `peek` and `page_of_columns` give is not for that.
    """

    def __init__(
        self, session: Session, *, owner: Key, now: datetime, read_only: bool = False
    ) -> None:
        self.session = session
        self.owner = owner
        self.now = now
        self._reads = None if read_only else Reads()
        self._inserts: dict[str, tuple[Records[Any], list[Row]]] = {}
        self._changes: dict[str, tuple[Records[Any], dict[Key, dict[str, int]]]] = {}

    def _key(self, records: Records[Any], key: Key) -> Key:
        return (*self.owner, *key) if records.is_sellers else key

    def _keys(self, records: Records[Any], keys: Iterable[Key]) -> list[Key]:
        if not records.is_sellers:
            return list(keys)
        owner = self.owner
        return [(*owner, *key) for key in keys]

    def _prefix(self, way: Way[Any], prefix: Key) -> Key:
        (whole,) = self._prefixes(way, [prefix])
        return whole

    def _prefixes(self, way: Way[Any], prefixes: Iterable[Key]) -> list[Key]:
        if way.index.equal[:1] != ("seller_id",):
            return list(prefixes)
        owner = self.owner
        return [(*owner, *prefix) for prefix in prefixes]

    def get(self, records: Records[T], *key: Value, lock: bool = False) -> T | None:
        """
        Read one record; None where there is none.
        """
        rows = self.session.get(records.table, [self._key(records, key)], lock=lock)
        found = self._seen(records, rows, lock=lock)
        return found[0] if found else None

    def need(self, records: Records[T], *key: Value, lock: bool = False) -> T:
        """
        Read one record.

        Raises:
            NotFoundError: If there is none.
        """
        found = self.get(records, *key, lock=lock)
        if found is None:
            name = "/".join(str(part) for part in key or self.owner)
            raise NotFoundError(kind=records.table.name.replace("_", " "), id=name)
        return found

    def many(
        self, records: Records[T], keys: Iterable[Key], *, lock: bool = False
    ) -> list[T]:
        """
        Read the records of *keys* that exist, sorted by key.
        """
        return self._seen(records, self._rows(records, keys, lock=lock), lock=lock)

    def peek(self, records: Records[T], keys: Iterable[Key]) -> list[T]:
        """
        Read the records of *keys* that exist, to find out what has to be locked first.

        What is put has to be read again, under that lock.
        """
        rows = self._rows(records, keys, lock=False)
        return [records.from_row(row) for row in rows]

    def shared(self, records: Records[T], keys: Iterable[Key]) -> list[T]:
        """
        Read the records of *keys* that exist; equal rows share one record.

        For frozen records that are read again and again; nobody may change them.
        """
        rows = self._rows(records, keys, lock=False)
        return records.shared_from_rows(rows)

    def _seen(
        self, records: Records[T], rows: Sequence[Row], *, lock: bool = False
    ) -> list[T]:
        if self._reads is not None:
            self._reads.saw(records.table, rows, lock=lock)
        return [records.from_row(row) for row in rows]

    def _rows(
        self, records: Records[Any], keys: Iterable[Key], *, lock: bool
    ) -> list[Row]:
        wanted = self._keys(records, keys)
        return self.session.get(records.table, wanted, lock=lock) if wanted else []

    def find(
        self, way: Way[T], prefixes: Iterable[Key], *, lock: bool = False
    ) -> list[T]:
        """
        Read all records found by *way* under any of *prefixes*.

        Numbers that this unit has added to are sent first, so that it sees them: two
        parcels of one commit must not take the same allocation.
        """
        queued = self._changes.pop(way.records.table.name, None)
        if queued is not None:
            self._flush_changes(*queued)
        wanted = self._prefixes(way, prefixes)
        if not wanted:
            return []
        rows = self.session.find(way.index, wanted, lock=lock)
        return self._seen(way.records, rows, lock=lock)

    def page(
        self,
        way: Way[T],
        *prefix: Value,
        after: Key | None = None,
        until: Value = None,
        limit: int = PAGE,
        descending: bool = False,
    ) -> list[T]:
        """
        Read up to *limit* records found by *way*, in its order.
        """
        rows = self.session.page(
            way.index,
            self._prefix(way, prefix),
            after=after,
            until=until,
            limit=limit,
            descending=descending,
        )
        return self._seen(way.records, rows)

    def slice(
        self,
        way: Way[T],
        *prefix: Value,
        after: Key | None,
        limit: int,
        until: Value = None,
        descending: bool = False,
    ) -> tuple[list[tuple[Key, T]], bool]:
        """
        Read up to *limit* records behind a key, and tell whether there are more.

        Args:
            until: The last value of the first sort column that counts.

        Returns:
            Pairs of (the values to go on after, record), and whether more follow.
        """
        rows = self.session.page(
            way.index,
            self._prefix(way, prefix),
            after=after,
            until=until,
            limit=limit + 1,
            descending=descending,
        )
        pick = picker(way.index.table, way.index.sort_columns)
        found = self._seen(way.records, rows[:limit])
        return list(zip(map(pick, rows), found, strict=False)), len(rows) > limit

    def page_of_columns(
        self, way: Way[Any], *columns: str, until: Value = None, limit: int = PAGE
    ) -> list[Key]:
        """
        Read *columns* as they are stored, of up to *limit* records, in the way's order.

        What follows from a record, such as its deadline, is not worked out anew.
        """
        index = way.index
        places = [index.table.position[name] for name in columns]
        rows = self.session.page(
            index, (), after=None, until=until, limit=limit, descending=False
        )
        return [tuple(row[place] for place in places) for row in rows]

    def each(self, way: Way[T], *prefix: Value, until: Value = None) -> Iterator[T]:
        """
        Go through all records found by *way*, page by page.
        """
        index = way.index
        places = [index.table.position[name] for name in index.sort_columns]
        after: Key | None = None
        while True:
            rows = self.session.page(
                index,
                self._prefix(way, prefix),
                after=after,
                until=until,
                limit=PAGE,
                descending=False,
            )
            yield from self._seen(way.records, rows)
            if len(rows) < PAGE:
                return
            after = tuple(rows[-1][place] for place in places)

    def each_of(self, records: Records[T], seller_id: str) -> Iterator[T]:
        """
        Go through all records of one seller, in key order, page by page.
        """
        table = records.table
        assert table.key[0] == "seller_id"
        kinds = [table.columns[table.position[name]].kind for name in table.key[1:]]
        lowest: tuple[Value, ...] = tuple(
            "" if kind is ColumnKind.TEXT else -(2**63) for kind in kinds
        )
        after: Key = (seller_id, *lowest)
        while True:
            rows = self.session.page(
                table.primary,
                (),
                after=after,
                until=seller_id,
                limit=PAGE,
                descending=False,
            )
            yield from self._seen(records, rows)
            if len(rows) < PAGE:
                return
            after = table.key_of(rows[-1])

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
        table, key_of = records.table, picker(records.table, records.table.key)
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
