"""
`memory://`: everything in dicts, with real transactions, for tests and simulations.
"""

import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import TypeVar

from ..domain.effects.machine import FINISHED_STATES, SENDING, WAITING
from ..domain.kernel.errors import ConflictError
from ..ports.storage import (
    AsksAtOnce,
    Claim,
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
from .memory_checks import checker, fitting
from .memory_index import MemoryIndex

T = TypeVar("T")


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
        "require_fit",
        "rows",
        "uniques",
    )

    def __init__(self, table: Table) -> None:
        self.rows: dict[Key, Row] = {}
        self.position = table.position
        self.key_of = table.key_of
        self.are_checks_kept = checker(table)
        self.require_fit = fitting(table)
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
                made.enter(key, row)
        return made

    def put_new(self, key: Key, row: Row) -> None:
        """
        Keep *row*, where there is none of that key.
        """
        self.rows[key] = row
        for index in self._indexes.values():
            index.enter(key, row)

    def put_over(self, key: Key, old: Row, row: Row) -> None:
        """
        Keep *row* instead of *old*.
        """
        self.rows[key] = row
        for index in self._indexes.values():
            index.move(key, old, row)

    def drop(self, key: Key) -> None:
        """
        Forget a row.
        """
        old = self.rows.pop(key)
        for index in self._indexes.values():
            index.leave(key, old)


class _MemorySession(AsksAtOnce):
    """
    One transaction: changes are made at once, and undone backwards on rollback.
    """

    def __init__(self, heaps: dict[str, _Heap], *, read_only: bool) -> None:
        self._heaps = heaps
        self._read_only = read_only
        # What was under the keys of each call that wrote; None where nothing was.
        self._undo: list[tuple[_Heap, dict[Key, Row | None]]] = []

    def _heap(self, table: Table) -> _Heap:
        heap = self._heaps.get(table.name)
        if heap is None:
            heap = self._heaps[table.name] = _Heap(table.whole)
        return heap

    def _before(self, heap: _Heap) -> dict[Key, Row | None]:
        """
        Return where to keep what is under a key before it is written.
        """
        assert not self._read_only, "a read-only transaction writes nothing"
        before: dict[Key, Row | None] = {}
        self._undo.append((heap, before))
        return before

    def rollback(self) -> None:
        for heap, before in reversed(self._undo):
            for key, old in before.items():
                if old is None:
                    heap.drop(key)
                elif key in heap.rows:
                    heap.put_over(key, heap.rows[key], old)
                else:
                    heap.put_new(key, old)

    def get(self, table: Table, keys: Sequence[Key], /, *, lock: bool) -> list[Row]:
        del lock  # one transaction runs at a time
        rows = self._heap(table).rows
        found = {key for key in keys if key in rows}
        return table.seen([rows[key] for key in sorted(found)])

    def find(
        self, index: Index, prefixes: Sequence[Key], /, *, lock: bool
    ) -> list[Row]:
        del lock
        heap = self._heap(index.table)
        inside = heap.index(index)
        rows = heap.rows
        found = [
            rows[key]
            for prefix in sorted(inside.filled(prefixes))
            for _, key in inside.sorted(prefix)
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
        heap = self._heap(table)
        before = self._before(heap)
        kept, key_of, require_fit = heap.rows, heap.key_of, heap.require_fit
        for row in rows:
            key = key_of(row)
            if key in kept:
                raise RowExistsError(kind=table.name, key=str(key))
            if heap.uniques:
                self._require_unique(heap, table, key, row)
            require_fit(row)
            before[key] = None
            heap.put_new(key, row)

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
        before = self._before(heap)
        left_alone: list[Key] = []
        for i, row in enumerate(rows):
            key = heap.key_of(row)
            old = heap.rows.get(key)
            if old is None or (
                expected is not None and not as_expected(table, old, expected[i])
            ):
                left_alone.append(key)
            else:
                if heap.uniques:
                    self._require_unique(heap, table, key, row)
                heap.require_fit(row)
                before.setdefault(key, old)
                heap.put_over(key, old, row)
        return left_alone

    def add(
        self, table: Table, changes: Sequence[tuple[Key, Mapping[str, int]]], /
    ) -> list[Key]:
        heap = self._heap(table)
        before = self._before(heap)
        left_alone: list[Key] = []
        for key, deltas in sorted(changes, key=lambda change: change[0]):
            old = heap.rows.get(key)
            row = () if old is None else _changed(table, old, deltas)
            if old is None or not heap.are_checks_kept(row):
                left_alone.append(key)
            else:
                heap.require_fit(row)
                before.setdefault(key, old)
                heap.put_over(key, old, row)
        return left_alone

    def delete(self, table: Table, keys: Sequence[Key], /) -> None:
        heap = self._heap(table)
        before = self._before(heap)
        for key in keys:
            if key in heap.rows:
                before[key] = heap.rows[key]
                heap.drop(key)

    def claim(self, table: Table, request: Claim, /) -> list[Row]:
        heap = self._heap(table)
        before = self._before(heap)
        taken: list[Row] = []
        rests = request.resting
        resting = _resting(self._heap(rests), request.now) if rests else set()
        for row in _free_messages(heap, table, request, resting):
            changed = list(row)
            changed[table.position["state"]] = SENDING
            epoch = table.position["epoch"]
            changed[epoch] = _number(row[epoch]) + 1
            changed[table.position["worker"]] = request.worker
            changed[table.position["lease_until"]] = request.lease_until
            key, now = heap.key_of(row), tuple(changed)
            before[key] = row
            heap.put_over(key, row, now)
            taken.append(now)
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


def _resting(heap: _Heap, now: int) -> set[Value]:
    name, until = heap.position["connection"], heap.position["next_at"]
    return {row[name] for row in heap.rows.values() if _number(row[until]) > now}


def _free_messages(
    heap: _Heap, table: Table, request: Claim, resting: AbstractSet[Value]
) -> list[Row]:
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
        if row[connection] in request.without or row[connection] in resting:
            continue
        if request.only and row[connection] not in request.only:
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
