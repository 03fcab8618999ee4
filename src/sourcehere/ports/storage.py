"""
How facts are kept: tables as data, and the few operations every storage offers.

The core declares its tables once (`sourcehere.unit.tables`); a storage needs to know
nothing of orders or wallets. It keeps rows, finds them by declared indexes, changes
numbers only while declared checks hold, and does all of it in one transaction or not at
all. Every operation takes many rows, so that a storage can send one batch.

Not yet promised stable to third parties.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar, runtime_checkable

from ..domain.kernel.values import frozen
from .claims import Claim as Claim
from .rows import Expected as Expected
from .rows import Key as Key
from .rows import Row as Row
from .rows import Value as Value
from .storage_errors import BusyError as BusyError
from .storage_errors import CommitUnknownError as CommitUnknownError
from .storage_errors import HostsTransactionError as HostsTransactionError
from .storage_errors import RowExistsError as RowExistsError
from .storage_errors import SchemaVersionError as SchemaVersionError
from .storage_errors import StorageFullError as StorageFullError
from .storage_errors import StorageReadOnlyError as StorageReadOnlyError
from .storage_errors import StorageUnavailableError as StorageUnavailableError
from .storage_errors import TablesMissingError as TablesMissingError
from .tables import Check as Check
from .tables import Column as Column
from .tables import ColumnKind as ColumnKind
from .tables import Index as Index
from .tables import Table as Table
from .tables import picker as picker

T = TypeVar("T")


def as_expected(table: Table, row: Row, expected: int | Row) -> bool:
    """
    Tell whether a stored *row* is what `Session.replace` was told to expect.
    """
    if isinstance(expected, tuple):
        return row == expected
    return row[table.position[table.version]] == expected


@frozen
class Get:
    """
    The rows of some keys.
    """

    table: Table
    keys: Sequence[Key]
    lock: bool = False

    def read(self, session: "Session") -> list[Row]:
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

    def read(self, session: "Session") -> list[Row]:
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
    The first rows under a prefix of an index, in its order, or from its end.
    """

    index: Index
    prefix: Key
    limit: int
    descending: bool = False

    def read(self, session: "Session") -> list[Row]:
        """
        Read them.
        """
        return session.page(
            self.index,
            self.prefix,
            after=None,
            until=None,
            limit=self.limit,
            descending=self.descending,
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


@frozen
class Named:
    """
    The rows that other rows name: the key of each stands in columns of the same names
    there. A database in a network looks for both at once.

    Attributes:
        of: The other rows.

        found: Returns the other rows where they were asked for themselves.
    """

    table: Table
    of: Get | Find
    lock: bool = False
    found: Callable[[], list[Row]] | None = None

    def read(self, session: "Session") -> list[Row]:
        """
        Read the other rows, unless they are there already, and then those they name.
        """
        others = self.of.read(session) if self.found is None else self.found()
        name_of = picker(self.of.table, self.table.key)
        names = sorted(set(map(name_of, others)))
        return session.get(self.table, names, lock=self.lock) if names else []

    @property
    def sorted_by(self) -> tuple[str, ...]:
        """
        The columns by which they come sorted.
        """
        return self.table.key


Reading = Get | Find | Page | Named


class AsksAtOnce:
    """
    A session that is near its rows: what it is asked for, it reads at once.
    """

    def ask(self: "Session", wanted: Reading, /) -> Callable[[], list[Row]]:
        """
        Read; the answer is had by calling what is returned.
        """
        rows = wanted.read(self)
        return lambda: rows


class Session(Protocol):
    """
    One open transaction. Rows are tuples in the order of `Table.columns`; `get`, `find`
    and `page` are asked for some of the columns by `Table.only` and `Index.only`.

    Reads see the session's own writes. An error leaves the session unusable: let it
    leave the `Storage.transact` call, which rolls back.
    """

    def get(self, table: Table, keys: Sequence[Key], /, *, lock: bool) -> list[Row]:
        """
        Read the rows of *keys* that exist, sorted by key.

        Args:
            lock: Keep others from changing these rows until the transaction ends; locks
                are taken in key order.
        """
        ...

    def find(
        self, index: Index, prefixes: Sequence[Key], /, *, lock: bool
    ) -> list[Row]:
        """
        Read every row whose `index.equal` values are one of *prefixes*.

        Sorted by prefix, then by the index's order. With *lock*, locked in key order.
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
        Read up to *limit* rows whose `index.equal` values are *prefix*, in index order.

        Args:
            after: Values of `index.sort_columns`: start behind this row.

            until: Greatest value wanted of the first sort column; None for no bound.

            descending: Walk backwards (*after* and *until* then bound from above
                and below).
        """
        ...

    def ask(self, wanted: Reading, /) -> Callable[[], list[Row]]:
        """
        Begin to read, as `get`, `find` or `page` would, or what rows name; the answer
        is had by calling what is returned.

        What is asked for before the first answer is had may travel together, in the
        order in which it was asked. Rows are as they were when it was their turn.
        """
        ...

    def totals(
        self, index: Index, prefix: Key, /, *, by: Sequence[str], column: str
    ) -> dict[Key, int]:
        """
        Add up *column* over the rows of *prefix*, per value of the *by* columns.

        An empty *column* counts rows. *prefix* may be shorter than `index.equal`.
        """
        ...

    def insert(self, table: Table, rows: Sequence[Row], /) -> None:
        """
        Add *rows*.

        Raises:
            RowExistsError: If a key or a unique index is taken.
        """
        ...

    def insert_new(self, table: Table, rows: Sequence[Row], /) -> list[Row]:
        """
        Add those of *rows* whose key is not taken, and say which they were.

        Of rows with equal keys within *rows*, the first counts.
        """
        ...

    def replace(
        self, table: Table, rows: Sequence[Row], /, *, expected: Expected | None
    ) -> list[Key]:
        """
        Overwrite the rows that have the keys of *rows*.

        Comparing and overwriting is one atomic step of the database.

        Args:
            expected: What each stored row must be now: its value of `table.version`, or
                all of it as it was read; None where it does not matter, as in rows that
                were locked when they were read.

        Returns:
            Keys that were left alone: missing, or not as expected.
        """
        ...

    def add(
        self, table: Table, changes: Sequence[tuple[Key, Mapping[str, int]]], /
    ) -> list[Key]:
        """
        Add numbers to columns, row by row in key order, unless a check would break.

        Each change is one atomic step of the database: never read-then-write. Keys
        are distinct within *changes*.

        Returns:
            Keys that were left alone: missing, or a check refused.
        """
        ...

    def delete(self, table: Table, keys: Sequence[Key], /) -> None:
        """
        Remove the rows of *keys* that exist.
        """
        ...

    def claim(self, table: Table, request: Claim, /) -> list[Row]:
        """
        Take messages to deliver, and return their rows as they are now.

        *table* has the columns seller_id, message_id, channel, connection, lane,
        position, state, next_at, epoch, worker, lease_until. A message is free when its
        state is `waiting`, its `next_at` is not after now, its connection is not one of
        those to leave alone, and no message of the same (seller, channel, lane) with a
        smaller position is in a state other than `done`, `superseded` or `discarded`.
        Taken, in order of (next_at, seller, message id), it becomes `sending`, its
        epoch grows by one, worker and lease_until are set. Two workers never take the
        same message, and do not wait for each other.
        """
        ...


class Storage(Protocol):
    """
    Keeps tables, and runs work in transactions.
    """

    @property
    def url(self) -> str:
        """
        Where the data is, without any password.
        """
        ...

    def transact(self, work: Callable[[Session], T], /, *, read_only: bool) -> T:
        """
        Run *work* in one transaction: all of it is committed, or none.

        *work* may be run again after a lost race, so it does database work only.

        Raises:
            BusyError: If what is needed is held by others for longer than a call waits,
                or races were lost several times over.

            CommitUnknownError: If the answer to COMMIT was lost.

            StorageUnavailableError: If the database cannot be reached. It is of a
                kind of its own for a full disk, one to be read only, missing tables.
        """
        ...

    def close(self) -> None:
        """
        Close files and connections. Closing twice does nothing.
        """
        ...


@runtime_checkable
class JoinsHost(Protocol):
    """
    A storage within a host's transaction, which the host ends: nobody outside is asked
    while it is open.
    """

    @property
    def joins_host(self) -> bool:
        """
        Whether what is kept may yet be rolled back by the host.
        """
        ...
