"""
The two runs of a transaction that interleaves: in the first it reads among others, in
the second it writes.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol, TypeVar

from ...ports.storage import (
    AsksAtOnce,
    Claim,
    Expected,
    Index,
    Key,
    Row,
    Session,
    Table,
    Value,
)
from .scheduler import Actor

T = TypeVar("T")
Place = tuple[str, Key]


class Interleaving(Protocol):
    """
    What a transaction asks of its storage.
    """

    def step(self) -> None:
        """
        Let others come between.
        """
        ...

    def read(self, ask: Callable[[Session], list[Row]]) -> list[Row]:
        """
        Read what is committed.
        """
        ...

    def lock(self, me: Actor, places: Sequence[Place]) -> bool:
        """
        Keep rows from others, and tell whether they had to be waited for.
        """
        ...

    def is_held_by_others(self, me: Actor, places: Sequence[Place]) -> bool:
        """
        Tell whether others have locked any of these rows.
        """
        ...


class WritesNow(BaseException):
    """
    Work that needs to read what it wrote.
    """


class MustWait(BaseException):
    """
    Work that has to wait for a row before it writes.
    """

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__()
        self.places = places


def places_of(table: Table, rows: Sequence[Row]) -> list[Place]:
    """
    Return where *rows* are kept, in the order in which they are locked.
    """
    key_of = table.key_of
    return sorted((table.name, key_of(row)) for row in rows)


class Reading(AsksAtOnce):
    """
    A transaction until it needs what it wrote: each read is of what is committed by
    then, and what is written is only noted.
    """

    def __init__(self, storage: Interleaving, me: Actor) -> None:
        self._storage = storage
        self._me = me
        self.answers: list[tuple[str, object]] = []
        self._written: set[str] = set()

    @property
    def has_written(self) -> bool:
        """
        Whether anything is to be written.
        """
        return bool(self._written)

    def _note(self, table: Table, rows: Collection[object]) -> None:
        if rows:
            self._written.add(table.name)

    def _require_unwritten(self, table: Table) -> None:
        if table.name in self._written:
            raise WritesNow

    def _rows(
        self, table: Table, ask: Callable[[Session], list[Row]], *, lock: bool
    ) -> list[Row]:
        storage = self._storage
        self._require_unwritten(table)
        storage.step()
        rows = storage.read(ask)
        # As on PostgreSQL: whoever waited reads what is there after it.
        while lock and storage.lock(self._me, places_of(table, rows)):
            rows = storage.read(ask)
        self.answers.append((table.name, rows))
        return rows

    def get(self, table: Table, keys: Sequence[Key], /, *, lock: bool) -> list[Row]:
        """
        Read rows as they are committed now.
        """
        keys = list(keys)
        return self._rows(table, lambda s: s.get(table, keys, lock=False), lock=lock)

    def find(
        self, index: Index, prefixes: Sequence[Key], /, *, lock: bool
    ) -> list[Row]:
        """
        Read rows by an index, as they are committed now.
        """
        prefixes = list(prefixes)
        return self._rows(
            index.table, lambda s: s.find(index, prefixes, lock=False), lock=lock
        )

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
        Read a page of rows as they are committed now.
        """
        return self._rows(
            index.table,
            lambda s: s.page(
                index,
                prefix,
                after=after,
                until=until,
                limit=limit,
                descending=descending,
            ),
            lock=False,
        )

    def totals(
        self, index: Index, prefix: Key, /, *, by: Sequence[str], column: str
    ) -> dict[Key, int]:
        """
        Add up what is committed now.
        """
        self._require_unwritten(index.table)
        self._storage.step()
        found: list[dict[Key, int]] = []

        def ask(session: Session) -> list[Row]:
            found.append(session.totals(index, prefix, by=by, column=column))
            return []

        self._storage.read(ask)
        self.answers.append((index.table.name, found[-1]))
        return found[-1]

    def insert(self, table: Table, rows: Sequence[Row], /) -> None:
        """
        Note that rows are to be added.
        """
        self._note(table, rows)

    def insert_new(self, table: Table, rows: Sequence[Row], /) -> list[Row]:
        """
        Note that rows are to be added, and return those that are not there now.
        """
        fresh = {table.key_of(row): row for row in reversed(rows)}
        keys = list(fresh)
        for row in self._storage.read(lambda s: s.get(table, keys, lock=False)):
            del fresh[table.key_of(row)]
        self._note(table, fresh)
        return list(reversed(fresh.values()))

    def replace(
        self, table: Table, rows: Sequence[Row], /, *, expected: Expected | None
    ) -> list[Key]:
        """
        Note that rows are to be overwritten.
        """
        del expected
        self._storage.lock(self._me, places_of(table, rows))
        self._note(table, rows)
        return []

    def add(
        self, table: Table, changes: Sequence[tuple[Key, Mapping[str, int]]], /
    ) -> list[Key]:
        """
        Note that numbers are to be added.
        """
        self._storage.lock(self._me, sorted((table.name, key) for key, _ in changes))
        self._note(table, changes)
        return []

    def delete(self, table: Table, keys: Sequence[Key], /) -> None:
        """
        Note that rows are to be removed.
        """
        self._storage.lock(self._me, sorted((table.name, key) for key in keys))
        self._note(table, keys)

    def claim(self, _table: Table, _request: Claim, /) -> list[Row]:
        """
        Begin to write: what is claimed has to be known.

        Raises:
            WritesNow: Always.
        """
        raise WritesNow


class Writing(AsksAtOnce):
    """
    The same transaction again: what it read first it reads again, then it writes.
    """

    def __init__(
        self,
        storage: Interleaving,
        me: Actor,
        session: Session,
        answers: Sequence[tuple[str, object]],
    ) -> None:
        self._storage = storage
        self._me = me
        self._session = session
        self._answers = list(reversed(answers))
        self._has_written = False

    def _again(self, table: Table, ask: Callable[[], T]) -> T:
        if not self._answers:
            return ask()
        name, answer = self._answers.pop()
        if name != table.name:  # what it wrote went otherwise than it thought
            assert self._has_written, f"run again, work reads {table.name}, not {name}"
            self._answers.clear()
            return ask()
        return answer  # type: ignore[return-value]  # of the same question

    def _locked(
        self, table: Table, ask: Callable[[], list[Row]], *, lock: bool
    ) -> list[Row]:
        if self._answers:
            return self._again(table, ask)
        rows = ask()
        if lock:
            self._require_free(places_of(table, rows))
        return rows

    def _require_free(self, places: Sequence[Place]) -> None:
        if self._storage.is_held_by_others(self._me, places):
            raise MustWait(places)

    def get(self, table: Table, keys: Sequence[Key], /, *, lock: bool) -> list[Row]:
        """
        Read rows, as at the first time.
        """
        return self._locked(
            table, lambda: self._session.get(table, keys, lock=lock), lock=lock
        )

    def find(
        self, index: Index, prefixes: Sequence[Key], /, *, lock: bool
    ) -> list[Row]:
        """
        Read rows by an index, as at the first time.
        """
        return self._locked(
            index.table,
            lambda: self._session.find(index, prefixes, lock=lock),
            lock=lock,
        )

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
        Read a page of rows, as at the first time.
        """
        return self._again(
            index.table,
            lambda: self._session.page(
                index,
                prefix,
                after=after,
                until=until,
                limit=limit,
                descending=descending,
            ),
        )

    def totals(
        self, index: Index, prefix: Key, /, *, by: Sequence[str], column: str
    ) -> dict[Key, int]:
        """
        Add up, as at the first time.
        """
        return self._again(
            index.table,
            lambda: self._session.totals(index, prefix, by=by, column=column),
        )

    def insert(self, table: Table, rows: Sequence[Row], /) -> None:
        """
        Add rows.
        """
        self._has_written = True
        self._session.insert(table, rows)

    def insert_new(self, table: Table, rows: Sequence[Row], /) -> list[Row]:
        """
        Add the rows that are not there.
        """
        self._has_written = True
        return self._session.insert_new(table, rows)

    def replace(
        self, table: Table, rows: Sequence[Row], /, *, expected: Expected | None
    ) -> list[Key]:
        """
        Overwrite rows that nobody else has locked.
        """
        self._require_free(places_of(table, rows))
        self._has_written = True
        return self._session.replace(table, rows, expected=expected)

    def add(
        self, table: Table, changes: Sequence[tuple[Key, Mapping[str, int]]], /
    ) -> list[Key]:
        """
        Add to numbers of rows that nobody else has locked.
        """
        self._require_free(sorted((table.name, key) for key, _ in changes))
        self._has_written = True
        return self._session.add(table, changes)

    def delete(self, table: Table, keys: Sequence[Key], /) -> None:
        """
        Remove rows that nobody else has locked.
        """
        self._require_free(sorted((table.name, key) for key in keys))
        self._has_written = True
        self._session.delete(table, keys)

    def claim(self, table: Table, request: Claim, /) -> list[Row]:
        """
        Take messages that nobody else has locked.
        """
        rows = self._session.claim(table, request)
        self._require_free(places_of(table, rows))
        return rows
