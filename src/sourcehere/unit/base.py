"""
One transaction, as services see it: typed reads, queued writes, one flush.

Writes are queued and sent together when the work is done, one batch per table, in one
order for everybody: orders by id, other aggregates, lots by id, wallet last.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from ..domain.kernel.errors import ConflictError, NotFoundError
from ..ports.storage import ColumnKind, Key, Row, Session, Value, picker
from .records import Records, Way

T = TypeVar("T")
PAGE = 500


class Unit:
    """
    Typed access to one open transaction; `owner` leads every key of a seller's table.

    Reads see what was written at once (`put`, `delete`, `insert_new`), and not what is
    queued for the end of the work (`insert`, `add`, changed aggregates).
    """

    def __init__(self, session: Session, *, owner: Key, now: datetime) -> None:
        self.session = session
        self.owner = owner
        self.now = now
        self._inserts: dict[str, tuple[Records[Any], list[Row]]] = {}
        self._changes: dict[str, tuple[Records[Any], dict[Key, dict[str, int]]]] = {}

    def _key(self, records: Records[Any], key: Key) -> Key:
        return (*self.owner, *key) if records.is_sellers else key

    def _prefix(self, way: Way[Any], prefix: Key) -> Key:
        leads = way.index.equal[:1] == ("seller_id",)
        return (*self.owner, *prefix) if leads else prefix

    def get(self, records: Records[T], *key: Value, lock: bool = False) -> T | None:
        """
        Read one record; None where there is none.
        """
        found = self.session.get(records.table, [self._key(records, key)], lock=lock)
        return records.from_row(found[0]) if found else None

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
        rows = self._rows(records, keys, lock=lock)
        return [records.from_row(row) for row in rows]

    def shared(self, records: Records[T], keys: Iterable[Key]) -> list[T]:
        """
        Read the records of *keys* that exist; equal rows share one record.

        For frozen records that are read again and again; nobody may change them.
        """
        rows = self._rows(records, keys, lock=False)
        return records.shared_from_rows(rows)

    def _rows(
        self, records: Records[Any], keys: Iterable[Key], *, lock: bool
    ) -> list[Row]:
        wanted = [self._key(records, key) for key in keys]
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
        wanted = [self._prefix(way, prefix) for prefix in prefixes]
        if not wanted:
            return []
        rows = self.session.find(way.index, wanted, lock=lock)
        return [way.records.from_row(row) for row in rows]

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
        return [way.records.from_row(row) for row in rows]

    def slice(
        self,
        way: Way[T],
        *prefix: Value,
        after: Key | None,
        limit: int,
        descending: bool = False,
    ) -> tuple[list[tuple[Key, T]], bool]:
        """
        Read up to *limit* records behind a key, and tell whether there are more.

        Returns:
            Pairs of (the values to go on after, record), and whether more follow.
        """
        rows = self.session.page(
            way.index,
            self._prefix(way, prefix),
            after=after,
            until=None,
            limit=limit + 1,
            descending=descending,
        )
        pick = picker(way.index.table, way.index.sort_columns)
        found = [(pick(row), way.records.from_row(row)) for row in rows[:limit]]
        return found, len(rows) > limit

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
            for row in rows:
                yield way.records.from_row(row)
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
            for row in rows:
                yield records.from_row(row)
            if len(rows) < PAGE:
                return
            after = table.key_of(rows[-1])

    def insert(self, records: Records[T], *made: T) -> None:
        """
        Write new records, at the end of the work.
        """
        queue = self._inserts.setdefault(records.table.name, (records, []))[1]
        queue.extend(records.to_row(record) for record in made)

    def insert_new(self, records: Records[T], made: Sequence[T]) -> list[T]:
        """
        Write those of *made* whose key is not taken, now; say which they were.
        """
        rows = [records.to_row(record) for record in made]
        fresh = self.session.insert_new(records.table, rows) if rows else []
        return [records.from_row(row) for row in fresh]

    def put(self, records: Records[T], *made: T) -> None:
        """
        Write records over those with the same key, now; new ones are inserted.
        """
        if not made:
            return
        rows = [records.to_row(record) for record in made]
        missing = set(self.session.replace(records.table, rows, expected=None))
        fresh = [row for row in rows if records.table.key_of(row) in missing]
        if fresh:
            self.session.insert(records.table, fresh)

    def delete(self, records: Records[Any], keys: Iterable[Key]) -> None:
        """
        Remove records, now.
        """
        self.session.delete(records.table, [self._key(records, key) for key in keys])

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
