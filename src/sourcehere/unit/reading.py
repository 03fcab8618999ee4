"""
The reading half of a unit of work: typed reads, one by one or several at once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, Generic, TypeVar

from ..domain.kernel.errors import NotFoundError
from ..ports.storage import (
    ColumnKind,
    Find,
    Get,
    Index,
    Key,
    Named,
    Page,
    Row,
    Session,
    Table,
    Value,
    picker,
)
from .reads import Reads
from .records import Records, Way

T = TypeVar("T")
PAGE = 500


class Asked(Generic[T]):
    """
    What was asked for, and may be waited for with what else was asked for.
    """

    __slots__ = ("_answer", "rows", "wanted")

    def __init__(
        self,
        answer: Callable[[], list[T]],
        wanted: Get | Find | None = None,
        rows: Callable[[], list[Row]] | None = None,
    ) -> None:
        self._answer = answer
        self.wanted = wanted
        self.rows = rows

    def all(self) -> list[T]:
        """
        Return the records that were found, once.
        """
        return self._answer()


def named_by(table: Table, of: Asked[Any]) -> Named:
    """
    Return how to ask for the rows of *table* that records name, which were asked for by
    their keys, or by a way.
    """
    assert of.wanted is not None, "a page names nothing"
    return Named(table, of.wanted, found=of.rows)


class ReadingUnit:
    """
    Typed reads in one open transaction; `owner` leads every key of a seller's table.

    What does not depend on one another is asked for (`ask_for`, `ask_by`) before any of
    it is had, so that a database in a network answers it together.
    """

    def __init__(
        self, session: Session, *, owner: Key, now: datetime, read_only: bool
    ) -> None:
        self.session = session
        self.owner = owner
        self.now = now
        self._reads = None if read_only else Reads()

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

    def ask_for(
        self, records: Records[T], keys: Iterable[Key], *, lock: bool = False
    ) -> "Asked[T]":
        """
        Begin to read the records of *keys* that exist, as `many` would.
        """
        wanted = Get(records.table, self._keys(records, keys), lock)
        return self._asked(records, wanted)

    def ask_for_shared(self, records: Records[T], keys: Iterable[Key]) -> "Asked[T]":
        """
        Begin to read the records of *keys* that exist, as `shared` would.
        """
        answer = self.session.ask(Get(records.table, self._keys(records, keys)))
        return Asked(lambda: records.shared_from_rows(answer()))

    def ask_for_named(self, records: Records[T], of: "Asked[Any]") -> "Asked[T]":
        """
        Begin to read the records that others name, which were asked for just before.
        """
        answer = self.session.ask(named_by(records.table, of))
        return Asked(lambda: self._seen(records, answer()))

    def ask_to_peek_named(self, records: Records[T], of: "Asked[Any]") -> "Asked[T]":
        """
        Begin to read the records that others name, as `peek` would.
        """
        answer = self.session.ask(named_by(records.table, of))
        return Asked(lambda: list(map(records.from_row, answer())))

    def ask_by(
        self, way: Way[T], prefixes: Iterable[Key], *, lock: bool = False
    ) -> "Asked[T]":
        """
        Begin to read all records found by *way* under any of *prefixes*, as `find`
        would.
        """
        self._send_changes(way.records.table.name)
        wanted = Find(way.index, self._prefixes(way, prefixes), lock)
        return self._asked(way.records, wanted)

    def ask_for_each(self, way: Way[T], *prefix: Value) -> "Asked[T]":
        """
        Begin to read all records found by *way*, as `each` would; they are few.
        """
        answer = self._ask_for_rows(way, prefix)
        return Asked(lambda: self._seen(way.records, answer()))

    def ask_to_peek(self, way: Way[T], *prefix: Value) -> "Asked[T]":
        """
        Begin to read all records found by *way*, as `peek_each` would; they are few.
        """
        answer = self._ask_for_rows(way, prefix)
        return Asked(lambda: list(map(way.records.from_row, answer())))

    def ask_for_last(self, way: Way[T], *prefix: Value) -> "Asked[T]":
        """
        Begin to read the last record found by *way*; none where there is none.
        """
        page = Page(way.index, self._prefix(way, prefix), 1, descending=True)
        answer = self.session.ask(page)
        return Asked(lambda: self._seen(way.records, answer()))

    def _ask_for_rows(self, way: Way[Any], prefix: Key) -> Callable[[], list[Row]]:
        """
        Begin to read all rows found by *way*; of many, the first page is read twice.
        """
        answer = self.session.ask(Page(way.index, self._prefix(way, prefix), PAGE))

        def found() -> list[Row]:
            rows = answer()
            if len(rows) < PAGE:
                return rows
            pages = self._pages(way.index, self._prefix(way, prefix))
            return list(chain.from_iterable(pages))

        return found

    def _asked(self, records: Records[T], wanted: Get | Find) -> "Asked[T]":
        answer = self.session.ask(wanted)
        return Asked(
            lambda: self._seen(records, answer(), lock=wanted.lock), wanted, answer
        )

    def _send_changes(self, table: str) -> None:
        """
        Send the numbers that were added to rows of *table* and are queued.
        """

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
        self._send_changes(way.records.table.name)
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
        index = way.index.only(columns)
        rows = self.session.page(
            index, (), after=None, until=until, limit=limit, descending=False
        )
        return list(map(picker(index.table, columns), rows))

    def each_of_columns(
        self, way: Way[Any], *prefix: Value, columns: Sequence[str]
    ) -> Iterator[tuple[Any, ...]]:
        """
        Go through *columns* as they are stored, of all records in the way's order;
        behind them stand those by which it finds and sorts.
        """
        index = way.index.only(columns)
        return chain.from_iterable(self._pages(index, self._prefix(way, prefix)))

    def each(self, way: Way[T], *prefix: Value, until: Value = None) -> Iterator[T]:
        """
        Go through all records found by *way*, page by page.
        """
        index, places = way.index, self._prefix(way, prefix)
        for rows in self._pages(index, places, until=until):
            yield from self._seen(way.records, rows)

    def peek_each(self, way: Way[T], *prefix: Value) -> Iterator[T]:
        """
        Go through all records found by *way*, to find out what has to be locked first.

        What is put has to be read again, under that lock.
        """
        for rows in self._pages(way.index, self._prefix(way, prefix)):
            yield from map(way.records.from_row, rows)

    def _pages(
        self, index: Index, prefix: Key, *, until: Value = None
    ) -> Iterator[list[Row]]:
        place_of = picker(index.table, index.sort_columns)
        after: Key | None = None
        while True:
            rows = self.session.page(
                index,
                prefix,
                after=after,
                until=until,
                limit=PAGE,
                descending=False,
            )
            yield rows
            if len(rows) < PAGE:
                return
            after = place_of(rows[-1])

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
