"""
`memory://`: everything in dicts, with real transactions, for tests and simulations.
"""

import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import TypeVar

from ..domain.effects.machine import FINISHED_STATES, SENDING, WAITING
from ..domain.kernel.checks import INT64
from ..domain.kernel.errors import ConflictError, TooLargeError
from ..ports.storage import (
    Claim,
    ColumnKind,
    Expected,
    Index,
    Key,
    Row,
    RowExistsError,
    Session,
    StorageUnavailableError,
    Table,
    Value,
    as_expected,
    picker,
)
from .memory_index import MemoryIndex, checker

T = TypeVar("T")
_NUMBERS = (ColumnKind.INTEGER, ColumnKind.TIME)
_NONE = (0,)


class _Heap:
    """
    The rows of one table and those of its indexes that were asked for.

    Most programs go few ways into a table, and every way kept costs each change.
    """

    __slots__ = (
        "_indexes",
        "are_checks_kept",
        "key_of",
        "position",
        "require_small",
        "rows",
        "uniques",
    )

    def __init__(self, table: Table) -> None:
        self.rows: dict[Key, Row] = {}
        self.position = table.position
        self.key_of = picker(table, table.key)
        self.are_checks_kept = checker(table)
        self.require_small = _small_numbers(table)
        self._indexes: dict[str, MemoryIndex] = {}
        self.uniques = [
            self.index(index)
            for index in table.indexes.values()
            if index.unique and index.equal
        ]

    def index(self, index: Index) -> MemoryIndex:
        """
        Return an index; it is made when it is asked for first.
        """
        made = self._indexes.get(index.name)
        if made is None:
            made = self._indexes[index.name] = MemoryIndex(index.of_whole)
            for key, row in self.rows.items():
                made.move(key, None, row)
        return made

    def put(self, key: Key, row: Row) -> Row | None:
        """
        Keep *row*, and return the row that it replaces.
        """
        old = self.rows.get(key)
        self.rows[key] = row
        for index in self._indexes.values():
            index.move(key, old, row)
        return old

    def drop(self, key: Key) -> None:
        """
        Forget a row.
        """
        old = self.rows.pop(key)
        for index in self._indexes.values():
            index.move(key, old, None)


class _MemorySession:
    """
    One transaction: changes are made at once, and undone backwards on rollback.
    """

    def __init__(self, heaps: dict[str, _Heap], *, read_only: bool) -> None:
        self._heaps = heaps
        self._read_only = read_only
        self._undo: list[tuple[_Heap, Key, Row | None]] = []

    def _heap(self, table: Table) -> _Heap:
        heap = self._heaps.get(table.name)
        if heap is None:
            heap = self._heaps[table.name] = _Heap(table.whole)
        return heap

    def _put(self, heap: _Heap, key: Key, row: Row) -> None:
        assert not self._read_only, "a read-only transaction writes nothing"
        self._undo.append((heap, key, heap.put(key, row)))

    def rollback(self) -> None:
        for heap, key, old in reversed(self._undo):
            if old is None:
                heap.drop(key)
            else:
                heap.put(key, old)

    def get(self, table: Table, keys: Sequence[Key], /, *, lock: bool) -> list[Row]:
        del lock  # one transaction runs at a time
        rows = self._heap(table).rows
        return table.seen([rows[key] for key in sorted(set(keys)) if key in rows])

    def find(
        self, index: Index, prefixes: Sequence[Key], /, *, lock: bool
    ) -> list[Row]:
        del lock
        heap = self._heap(index.table)
        inside = heap.index(index)
        found = [
            heap.rows[key]
            for prefix in sorted(set(prefixes))
            for key in inside.keys(prefix)
        ]
        return index.table.seen(found)

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
        heap = self._heap(index.table)
        inside = heap.index(index)
        keys = inside.walk(prefix, after=after, until=until, descending=descending)
        found = [heap.rows[key] for key, _ in zip(keys, range(limit), strict=False)]
        return index.table.seen(found)

    def totals(
        self, index: Index, prefix: Key, /, *, by: Sequence[str], column: str
    ) -> dict[Key, int]:
        heap = self._heap(index.table)
        group = picker(index.table, tuple(by))
        place = index.table.position[column] if column else -1
        sums: dict[Key, int] = {}
        for key in heap.index(index).keys_under(prefix):
            row = heap.rows[key]
            amount = row[place] if column else 1
            assert isinstance(amount, int)
            sums[group(row)] = sums.get(group(row), 0) + amount
        return sums

    def insert(self, table: Table, rows: Sequence[Row], /) -> None:
        assert not self._read_only, "a read-only transaction writes nothing"
        heap = self._heap(table)
        kept, undo = heap.rows, self._undo
        for row in rows:
            key = heap.key_of(row)
            if key in kept:
                raise RowExistsError(kind=table.name, key=str(key))
            if heap.uniques:
                self._require_unique(heap, table, key, row)
            heap.require_small(row)
            assert heap.are_checks_kept(row), (table.name, row)
            undo.append((heap, key, None))
            heap.put(key, row)

    @staticmethod
    def _require_unique(heap: _Heap, table: Table, key: Key, row: Row) -> None:
        for index in heap.uniques:
            if index.taken(key, row):
                raise RowExistsError(kind=table.name, key=str(index.prefix_of(row)))

    def insert_new(self, table: Table, rows: Sequence[Row], /) -> list[Row]:
        heap = self._heap(table)
        fresh: dict[Key, Row] = {}
        for row in rows:
            key = heap.key_of(row)
            if key not in heap.rows:
                fresh.setdefault(key, row)
        self.insert(table, list(fresh.values()))
        return list(fresh.values())

    def replace(
        self, table: Table, rows: Sequence[Row], /, *, expected: Expected | None
    ) -> list[Key]:
        heap = self._heap(table)
        left_alone: list[Key] = []
        for i, row in enumerate(rows):
            key = heap.key_of(row)
            old = heap.rows.get(key)
            if old is None or (
                expected is not None and not as_expected(table, old, expected[i])
            ):
                left_alone.append(key)
            else:
                self._require_unique(heap, table, key, row)
                heap.require_small(row)
                assert heap.are_checks_kept(row), (table.name, row)
                self._put(heap, key, row)
        return left_alone

    def add(
        self, table: Table, changes: Sequence[tuple[Key, Mapping[str, int]]], /
    ) -> list[Key]:
        heap = self._heap(table)
        left_alone: list[Key] = []
        for key, deltas in sorted(changes, key=lambda change: change[0]):
            old = heap.rows.get(key)
            row = None if old is None else _changed(table, old, deltas)
            if row is None or not heap.are_checks_kept(row):
                left_alone.append(key)
            else:
                heap.require_small(row)
                self._put(heap, key, row)
        return left_alone

    def delete(self, table: Table, keys: Sequence[Key], /) -> None:
        assert not self._read_only, "a read-only transaction writes nothing"
        heap = self._heap(table)
        for key in keys:
            if key in heap.rows:
                self._undo.append((heap, key, heap.rows[key]))
                heap.drop(key)

    def claim(self, table: Table, request: Claim, /) -> list[Row]:
        heap = self._heap(table)
        taken: list[Row] = []
        for row in _free_messages(heap, table, request):
            changed = list(row)
            changed[table.position["state"]] = SENDING
            epoch = row[table.position["epoch"]]
            assert isinstance(epoch, int)
            changed[table.position["epoch"]] = epoch + 1
            changed[table.position["worker"]] = request.worker
            changed[table.position["lease_until"]] = request.lease_until
            self._put(heap, heap.key_of(row), tuple(changed))
            taken.append(tuple(changed))
        return taken


def _changed(table: Table, row: Row, deltas: Mapping[str, int]) -> Row:
    """
    Return *row* with *deltas* added.
    """
    values = list(row)
    for name, delta in deltas.items():
        old = values[table.position[name]]
        assert isinstance(old, int)
        values[table.position[name]] = old + delta
    return tuple(values)


def _free_messages(heap: _Heap, table: Table, request: Claim) -> list[Row]:
    """
    List due messages that no unfinished one stands before in its lane, due first.
    """
    by_state, by_lane = _claim_ways(table)
    due, connection = table.position["next_at"], table.position["connection"]
    free: list[Row] = []
    for key in heap.index(by_state).keys((WAITING,)):
        row = heap.rows[key]
        if len(free) == request.limit or _number(row[due]) > request.now:
            break
        if row[connection] in request.without:
            continue
        if not _is_blocked(heap, heap.index(by_lane), row):
            free.append(row)
    return free


@cache
def _claim_ways(table: Table) -> tuple[Index, Index]:
    lane = ("seller_id", "channel", "lane")
    due = ("next_at", "seller_id", "message_id")
    return (
        Index(table, "claim_by_state", equal=("state",), order=due),
        Index(table, "claim_by_lane", equal=lane, order=("position",)),
    )


def _is_blocked(heap: _Heap, lane: MemoryIndex, row: Row) -> bool:
    state, place = heap.position["state"], heap.position["position"]
    for key in lane.keys(lane.prefix_of(row)):
        before = heap.rows[key]
        if _number(before[place]) >= _number(row[place]):
            return False
        if before[state] not in FINISHED_STATES:
            return True
    return False


def _number(value: Value) -> int:
    assert isinstance(value, int)
    return value


class MemoryStorage:
    """
    Keeps every table in this process; one transaction runs at a time. A process that is
    forked cannot use it.
    """

    def __init__(self, tables: Iterable[Table] = ()) -> None:
        self._heaps: dict[str, _Heap] = {table.name: _Heap(table) for table in tables}
        self._lock = threading.RLock()
        self._open = False
        self._process = os.getpid()

    @property
    def url(self) -> str:
        """
        Always `memory://`.
        """
        return "memory://"

    def transact(self, work: Callable[[Session], T], /, *, read_only: bool) -> T:
        """
        Run *work*; undo all it did if it raises.

        Raises:
            ConflictError: If *work* itself opens a transaction (a programming error).

            StorageUnavailableError: In a process that was forked since it was made:
                what would be written there, nobody else would ever see.
        """
        if os.getpid() != self._process:
            raise StorageUnavailableError(
                url=self.url,
                cause="it is in the memory of the process that this one was forked"
                " from; open another one here, or a database, which both can use",
            )
        with self._lock:
            if self._open:
                raise ConflictError(kind="transaction", key="(nested)")
            session = _MemorySession(self._heaps, read_only=read_only)
            self._open = True
            try:
                return work(session)
            except BaseException:
                session.rollback()
                raise
            finally:
                self._open = False

    def close(self) -> None:
        """
        Do nothing: no file and no connection is open.
        """


@lru_cache(maxsize=4096)
def _small_numbers(table: Table) -> Callable[[Row], None]:
    """
    Make what refuses a row that a database would: a test in memory finds it too.
    """
    numbers = [c for c in table.columns if c.kind in _NUMBERS]
    always = tuple(c.name for c in numbers if not c.nullable)
    values_of = picker(table, always)
    at_times = [table.position[c.name] for c in numbers if c.nullable]

    def require(row: Row) -> None:
        values: Sequence[int] = values_of(row) if always else _NONE  # type: ignore[assignment]  # by their kind
        if max(values) >= INT64 or min(values) < -INT64:
            _refuse_large(values)
        for place in at_times:
            value = row[place]
            if isinstance(value, int) and not -INT64 <= value < INT64:
                _refuse_large([value])

    return require


def _refuse_large(values: Iterable[int]) -> None:
    largest = max(values, key=abs)
    raise TooLargeError(cause=f"a number of {largest.bit_length()} bits")
