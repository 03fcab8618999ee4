"""
Aggregates with a stream of events: loaded once per unit, written back with what is new.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from ..domain.kernel.clock import to_micros
from ..domain.kernel.errors import ConflictError, NotFoundError
from ..domain.kernel.events import Event
from ..domain.kernel.ids import SellerId
from ..domain.orders.fold import LINE_EVENTS
from ..domain.orders.order import Order
from ..ports.storage import Find, Get, Key, Named, Row, Session
from .records import Records
from .tables.events import EVENTS, EVENTS_OF
from .tables.orders import ITEMS, ITEMS_OF, LINES, LINES_OF, ORDERS
from .text.codecs import read_event, write_event
from .text.json_text import actor_text


class HasStream(Protocol):
    """
    An aggregate as repositories see it.
    """

    version: int
    pending: list[Event]


A = TypeVar("A", bound=HasStream)
Answer = Callable[[], list[Row]]
ContactKey = tuple[str, int]  # a contact, and which version of it
# Ids, if they are known, then rows of headers, and of lines and items if asked for.
_Coming = tuple[list[str] | None, Answer, tuple[Answer, Answer] | None]
_NOBODY: ContactKey = ("", 0)


class Streams(Generic[A]):
    """
    The aggregates of one kind that a unit has loaded or made.

    Each object is loaded once; writing back compares the version it was loaded with.
    """

    def __init__(
        self, session: Session, seller_id: SellerId, stream: str, records: Records[A]
    ) -> None:
        self._session = session
        self._seller_id = seller_id
        self._stream = stream
        self._records = records
        self._known: dict[str, A] = {}
        self._versions: dict[str, int] = {}  # 0: not stored yet

    def add(self, stream_id: str, made: A) -> A:
        """
        Take a new aggregate in, to be stored with the unit.
        """
        self._known[stream_id] = made
        self._versions[stream_id] = 0
        return made

    def load(self, ids: Sequence[str], *, lock: bool = True) -> list[A]:
        """
        Return the aggregates of *ids*, in that order.

        Raises:
            NotFoundError: If one is missing.
        """
        missing = [i for i in dict.fromkeys(ids) if i not in self._known]
        if missing:
            self._read(missing, lock=lock)
        for name in ids:
            if name not in self._known:
                raise NotFoundError(kind=self._stream.replace("_", " "), id=name)
        return [self._known[name] for name in ids]

    def one(self, stream_id: str, *, lock: bool = True) -> A:
        """
        Return one aggregate.

        Raises:
            NotFoundError: If there is none.
        """
        return self.load([stream_id], lock=lock)[0]

    def find(self, stream_id: str, *, lock: bool = True) -> A | None:
        """
        Return one aggregate; None if there is none.
        """
        if stream_id not in self._known:
            self._read([stream_id], lock=lock)
        return self._known.get(stream_id)

    def _read(self, ids: Sequence[str], *, lock: bool) -> None:
        keys: list[Key] = [(self._seller_id, name) for name in ids]
        for row in self._session.get(self._records.table, keys, lock=lock):
            self._take(str(row[1]), self._records.from_row(row))

    def _take(self, stream_id: str, made: A) -> None:
        self._known[stream_id] = made
        self._versions[stream_id] = made.version

    def changed(self) -> list[tuple[str, A]]:
        """
        List what has new events, by id.
        """
        known = self._known
        return [(name, known[name]) for name in sorted(known) if known[name].pending]

    def flush(self, *, now: datetime, command_id: str) -> list[Row]:
        """
        Write what has changed, and its events; return the rows of these.

        Raises:
            ConflictError: If somebody else changed one of them first.
        """
        changed = self.changed()
        if not changed:
            return []
        self._write_aggregates(changed)
        recorded = to_micros(now)
        rows: list[Row] = []
        for stream_id, aggregate in changed:
            rows.extend(self._event_rows(stream_id, aggregate, recorded, command_id))
            aggregate.pending.clear()
            self._versions[stream_id] = aggregate.version
        self._session.insert(EVENTS.table, rows)
        return rows

    def _write_aggregates(self, changed: Sequence[tuple[str, A]]) -> None:
        to_row, versions = self._records.to_row, self._versions
        new = [to_row(a) for name, a in changed if not versions[name]]
        if new:
            self._session.insert(self._records.table, new)
        old = [(a, versions[name]) for name, a in changed if versions[name]]
        if old:
            rows, expected = (
                [to_row(a) for a, _ in old],
                [version for _, version in old],
            )
            stale = self._session.replace(self._records.table, rows, expected=expected)
            if stale:
                raise ConflictError(kind=self._stream, key=str(stale[0][-1]))

    def _event_rows(
        self, stream_id: str, aggregate: A, recorded: int, command_id: str
    ) -> list[Row]:
        first = aggregate.version - len(aggregate.pending) + 1
        return [
            (
                self._seller_id,
                stream_id,
                sequence,
                self._stream,
                event.NAME,
                event.SCHEMA,
                write_event(event),
                to_micros(event.occurred_at),
                recorded,
                actor_text(event.by),
                command_id,
            )
            for sequence, event in enumerate(aggregate.pending, start=first)
        ]


class Orders(Streams[Order]):
    """
    Orders with their lines and items; written back row by changed row.
    """

    def __init__(self, session: Session, seller_id: SellerId) -> None:
        super().__init__(session, seller_id, "order", ORDERS)
        self._lines: dict[str, list[Row]] = {}
        self._items: dict[str, list[Row]] = {}
        self._bare: set[str] = set()
        self._coming: list[_Coming] = []
        self.tabs_before: dict[str, tuple[str, bool]] = {}
        self.states_before: dict[str, str] = {}
        self._contacts_before: dict[str, ContactKey] = {}

    def headers(self, ids: Sequence[str], *, lock: bool = True) -> list[Order]:
        """
        Return the orders of *ids* without lines and items, for commands that need none.

        Orders that were loaded whole are given whole.

        Raises:
            NotFoundError: If one is missing.
        """
        self._arrive()
        missing = [i for i in dict.fromkeys(ids) if i not in self._known]
        if missing:
            self._read_headers(missing, lock=lock)
            self._bare.update(missing)
        return super().load(ids, lock=lock)

    def ask_for_headers(self, ids: Sequence[str], *, lock: bool = True) -> None:
        """
        Begin to read what `headers` will be asked for.
        """
        missing = [i for i in dict.fromkeys(ids) if i not in self._known]
        if missing:
            self._coming.append((missing, self._ask_headers(missing, lock=lock), None))

    def ask_for_headers_named(self, of: Get | Find) -> None:
        """
        Begin to read, and lock, what `headers` will be asked for, where rows name it.
        """
        answer = self._session.ask(Named(self._records.table, of, lock=True))
        self._coming.append((None, answer, None))

    def ask_for(self, ids: Sequence[str], *, lock: bool = True) -> None:
        """
        Begin to read what `load` will be asked for.
        """
        missing = [i for i in dict.fromkeys(ids) if i not in self._known]
        if missing:
            headers = self._ask_headers(missing, lock=lock)
            self._coming.append((missing, headers, self._ask_children(missing)))

    def _arrive(self) -> None:
        coming, self._coming = self._coming, []
        for wanted, headers, children in coming:
            rows = headers()
            if wanted is None:  # other rows said which
                rows = [row for row in rows if row[1] not in self._known]
            names = [str(row[1]) for row in rows] if wanted is None else wanted
            self._take_headers(names, rows)
            if children is None:
                self._bare.update(names)
            else:
                there = [name for name in names if name in self._known]
                self._take_children(there, *children)

    def load(self, ids: Sequence[str], *, lock: bool = True) -> list[Order]:
        """
        Return the orders of *ids*, in that order.

        Raises:
            NotFoundError: If one is missing.
        """
        self._arrive()
        found = super().load(ids, lock=lock)
        if self._bare:
            bare = [i for i in dict.fromkeys(ids) if i in self._bare]
            self._read_children(bare)
            self._bare.difference_update(bare)
        return found

    def _read(self, ids: Sequence[str], *, lock: bool) -> None:
        self.ask_for(ids, lock=lock)
        self._arrive()

    def _read_headers(self, ids: Sequence[str], *, lock: bool) -> None:
        self._take_headers(ids, self._ask_headers(ids, lock=lock)())

    def _ask_headers(self, ids: Sequence[str], *, lock: bool) -> Answer:
        keys: list[Key] = [(self._seller_id, name) for name in ids]
        return self._session.ask(Get(self._records.table, keys, lock))

    def _take_headers(self, ids: Sequence[str], rows: Iterable[Row]) -> None:
        for row in rows:
            self._take(str(row[1]), self._records.from_row(row))
        for name in ids:
            order = self._known.get(name)
            if order is not None:
                self.tabs_before[name] = (order.tab, order.in_refunds)
                self.states_before[name] = order.state
                self._contacts_before[name] = (order.contact_id, order.contact_version)

    def _read_children(self, ids: Sequence[str]) -> None:
        if ids:
            self._take_children(ids, *self._ask_children(ids))

    def _ask_children(self, ids: Sequence[str]) -> tuple[Answer, Answer]:
        """
        Ask for lines and items; behind a lock of their orders they are asked under it.
        """
        prefixes: list[Key] = [(self._seller_id, name) for name in ids]
        ask = self._session.ask
        return ask(Find(LINES_OF.index, prefixes)), ask(Find(ITEMS_OF.index, prefixes))

    def _take_children(
        self, ids: Sequence[str], lines_of: Answer, items_of: Answer
    ) -> None:
        self._lines.update((name, []) for name in ids)
        self._items.update((name, []) for name in ids)
        known: dict[Any, Order] = self._known
        lines: dict[Any, list[Row]] = self._lines
        read_line, read_item = LINES.from_row, ITEMS.from_row
        for row in lines_of():
            if row[1] in lines:  # else its order was not there yet a moment before
                known[row[1]].lines.append(read_line(row))
                lines[row[1]].append(row)
        items: dict[Any, list[Row]] = self._items
        for row in items_of():
            if row[1] in items:
                item = read_item(row)
                known[row[1]].items[item.item_id] = item
                items[row[1]].append(row)

    def moved(self) -> list[tuple[str, ContactKey, ContactKey]]:
        """
        List the orders that are new, or go to another version of their contact, each
        with where it went before and where it goes now.
        """
        before = self._contacts_before
        pairs = [
            (name, before.get(name, _NOBODY), (order.contact_id, order.contact_version))
            for name, order in self.changed()
            if order.contact_id
        ]
        return [(name, old, now) for name, old, now in pairs if old != now]

    def _write_aggregates(self, changed: Sequence[tuple[str, Order]]) -> None:
        super()._write_aggregates(changed)
        lines, items = _Batch(LINES), _Batch(ITEMS)
        for name, order in changed:
            if name in self._bare:
                continue  # what was not read was not changed
            owner: Row = (self._seller_id, name)
            if not LINE_EVENTS.isdisjoint(map(type, order.pending)):
                self._lines[name] = lines.compare(
                    self._lines.get(name, ()), owner, order.lines
                )
            self._items[name] = items.compare(
                self._items.get(name, ()), owner, order.items.values()
            )
        lines.send(self._session)
        items.send(self._session)


class _Batch:
    """
    What has to be inserted, replaced and deleted in a table of children.
    """

    def __init__(self, records: Records[Any]) -> None:
        self._records = records
        self._new: list[Row] = []
        self._changed: list[Row] = []
        self._gone: list[Key] = []

    def compare(
        self, before: Sequence[Row], owner: Row, now: Iterable[Any]
    ) -> list[Row]:
        """
        Record what differs between the rows *before* and the children *now*.

        Returns:
            Their rows now.
        """
        to_row = self._records.to_row
        after = [to_row(child, owner) for child in now]
        if not before:
            self._new.extend(after)
            return after
        left = {row[2]: row for row in before}
        for row in after:
            old = left.pop(row[2], None)
            if old is None:
                self._new.append(row)
            elif old != row:
                self._changed.append(row)
        self._gone.extend(row[:3] for row in left.values())
        return after

    def send(self, session: Session) -> None:
        table = self._records.table
        if self._gone:
            session.delete(table, self._gone)
        if self._new:
            session.insert(table, self._new)
        if self._changed:
            stale = session.replace(table, self._changed, expected=None)
            assert not stale


def events_of(session: Session, seller_id: SellerId, stream_id: str) -> list[Event]:
    """
    Read all events of one stream, in order.
    """
    rows = session.find(EVENTS_OF.index, [(seller_id, stream_id)], lock=False)
    stored = [EVENTS.from_row(row) for row in rows]
    return [
        read_event(s.name, s.schema, s.data, by=s.actor, occurred_at=s.occurred_at)
        for s in stored
    ]
