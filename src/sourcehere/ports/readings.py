"""
What a session can be asked to read: the same as by its methods, as data.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from ..domain.kernel.values import frozen
from .rows import Key, Row, Value
from .tables import Index, Table


class Reads(Protocol):
    """
    What reads by the methods of a session.
    """

    def get(self, table: Table, keys: Sequence[Key], /, *, lock: bool) -> list[Row]:
        """
        As `Session.get`.
        """
        ...

    def find(
        self, index: Index, prefixes: Sequence[Key], /, *, lock: bool
    ) -> list[Row]:
        """
        As `Session.find`.
        """
        ...

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
        As `Session.page`.
        """
        ...


@frozen
class Get:
    """
    The rows of some keys.
    """

    table: Table
    keys: Sequence[Key]
    lock: bool = False

    def read(self, session: Reads) -> list[Row]:
        """
        Read them.
        """
        return session.get(self.table, self.keys, lock=self.lock)

    @property
    def sorted_by(self) -> tuple[str, ...]:
        """
        The columns by which they come sorted.
        """
        return self.table.key


@frozen
class Find:
    """
    The rows under some prefixes of an index.
    """

    index: Index
    prefixes: Sequence[Key]
    lock: bool = False

    def read(self, session: Reads) -> list[Row]:
        """
        Read them.
        """
        return session.find(self.index, self.prefixes, lock=self.lock)

    @property
    def table(self) -> Table:
        """
        The table they are in.
        """
        return self.index.table

    @property
    def sorted_by(self) -> tuple[str, ...]:
        """
        The columns by which they come sorted.
        """
        return self.index.equal + self.index.sort_columns


@frozen
class Page:
    """
    The first rows under a prefix of an index, in its order.
    """

    index: Index
    prefix: Key
    limit: int

    def read(self, session: Reads) -> list[Row]:
        """
        Read them.
        """
        return session.page(
            self.index,
            self.prefix,
            after=None,
            until=None,
            limit=self.limit,
            descending=False,
        )

    @property
    def table(self) -> Table:
        """
        The table they are in.
        """
        return self.index.table

    @property
    def sorted_by(self) -> tuple[str, ...]:
        """
        The columns by which they come sorted.
        """
        return self.index.sort_columns


Reading = Get | Find | Page


class AsksAtOnce:
    """
    A session that is near its rows: what it is asked for, it reads at once.
    """

    def ask(self: Reads, wanted: Reading, /) -> Callable[[], list[Row]]:
        """
        Read; the answer is had by calling what is returned.
        """
        rows = wanted.read(self)
        return lambda: rows
