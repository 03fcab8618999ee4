"""
How facts are kept: tables as data, and the few operations every storage offers.

The core declares its tables once (`sourcehere.unit.tables`); a storage needs to know
nothing of orders or wallets. It keeps rows, finds them by declared indexes, changes
numbers only while declared checks hold, and does all of it in one transaction or not at
all. Every operation takes many rows, so that a storage can send one batch.

Not yet promised stable to third parties.
"""

import enum
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Protocol, TypeVar, cast

import attrs

from ..domain.kernel.values import frozen
from .claims import Claim as Claim
from .rows import Expected as Expected
from .rows import Key as Key
from .rows import Row as Row
from .rows import RowMaker
from .rows import Value as Value
from .storage_errors import BusyError as BusyError
from .storage_errors import CommitUnknownError as CommitUnknownError
from .storage_errors import RowExistsError as RowExistsError
from .storage_errors import SchemaVersionError as SchemaVersionError
from .storage_errors import StorageFullError as StorageFullError
from .storage_errors import StorageReadOnlyError as StorageReadOnlyError
from .storage_errors import StorageUnavailableError as StorageUnavailableError
from .storage_errors import TablesMissingError as TablesMissingError

T = TypeVar("T")


class ColumnKind(enum.Enum):
    """
    How a value is kept. In rows a TIME is an int: microseconds since 1970, UTC.
    """

    TEXT = "text"
    INTEGER = "integer"  # 64 bits, signed
    TIME = "time"  # shown as a real timestamp where the database has one
    JSON = "json"  # a row holds its exact text


@frozen
class Column:
    """
    One column.

    Attributes:
        nullable: Whether None may be kept; never in keys and indexes.
    """

    name: str
    kind: ColumnKind
    nullable: bool = False


@frozen
class Check:
    """
    A promise about every row: *lower* <= *upper*, each a column's name or a number.

    Examples: `Check("allocated", "on_hand")`, `Check(0, "available")`.
    """

    lower: str | int
    upper: str | int


@frozen(eq=False)
class Index:
    """
    A way in: rows whose *equal* columns have given values, sorted by *order* columns.

    The table's key always breaks ties, so the order is total.
    """

    table: "Table"
    name: str
    equal: tuple[str, ...]
    order: tuple[str, ...] = ()
    unique: bool = False

    @property
    def sort_columns(self) -> tuple[str, ...]:
        """
        The order columns, then the key columns not named yet.
        """
        named = (*self.equal, *self.order)
        return self.order + tuple(c for c in self.table.key if c not in named)

    def only(self, columns: Sequence[str]) -> "Index":
        """
        Return the same way in, to rows of *columns*, and behind them of those by which
        it finds and sorts.
        """
        names = dict.fromkeys((*columns, *self.equal, *self.sort_columns))
        return _into(self, self.table.only(tuple(names)))

    @property
    def of_whole(self) -> "Index":
        """
        The same way in, to rows that have all columns.
        """
        whole = self.table.whole
        return self if whole is self.table else _into(self, whole)


@frozen(eq=False)
class Table:
    """
    One table: columns, key, promises, ways in.

    Attributes:
        key: The primary key. A seller's table leads with `seller_id`.

        checks: Hold for every row, always; `Session.add` refuses what would break one.

        version: The column that `Session.replace` compares; empty where there is none.

        maker: Who makes the rows, for columns added later; None where none ever are.

        has_long_texts: Whether texts may be as long as JSON; databases keep it apart.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    checks: tuple[Check, ...] = ()
    version: str = ""
    maker: RowMaker | None = attrs.field(default=None, repr=False)
    has_long_texts: bool = False
    _whole: "Table | None" = attrs.field(default=None, repr=False)
    indexes: dict[str, Index] = attrs.field(factory=dict, init=False)
    position: dict[str, int] = attrs.field(init=False)
    primary: Index = attrs.field(init=False)

    @position.default
    def _positions(self) -> dict[str, int]:
        return {column.name: i for i, column in enumerate(self.columns)}

    @primary.default
    def _primary(self) -> Index:
        return Index(self, f"{self.name}_key", equal=(), order=self.key, unique=True)

    def index(
        self,
        name: str,
        *,
        equal: Sequence[str],
        order: Sequence[str] = (),
        unique: bool = False,
    ) -> Index:
        """
        Declare a way in; its full name is the table's name and *name*.
        """
        full = f"{self.name}_{name}"
        made = Index(self, full, tuple(equal), tuple(order), unique=unique)
        for column in (*made.equal, *made.order):
            assert not self.columns[self.position[column]].nullable, column
        self.indexes[name] = made
        return made

    @property
    def whole(self) -> "Table":
        """
        The table with all its columns; itself, unless it came from `only`.
        """
        return self if self._whole is None else self._whole

    def only(self, columns: tuple[str, ...]) -> "Table":
        """
        Return the table as it is read for *columns* only, the key's among them.
        """
        return _only(self.whole, columns)

    def seen(self, rows: list[Row]) -> list[Row]:
        """
        Return of *rows* that have all columns those that this table has.
        """
        if self._whole is None:
            return rows
        names = tuple(column.name for column in self.columns)
        return list(map(picker(self._whole, names), rows))

    def key_of(self, row: Row) -> Key:
        """
        Pick the key out of *row*.
        """
        return tuple(row[self.position[name]] for name in self.key)


@lru_cache(maxsize=4096)
def _only(whole: Table, names: tuple[str, ...]) -> Table:
    columns = tuple(whole.columns[whole.position[name]] for name in names)
    return Table(whole.name, columns, whole.key, whole=whole)


@lru_cache(maxsize=4096)
def _into(index: Index, table: Table) -> Index:
    return Index(table, index.name, index.equal, index.order, unique=index.unique)


@lru_cache(maxsize=4096)
def picker(table: Table, columns: tuple[str, ...]) -> Callable[[Row], Key]:
    """
    Make a function that picks *columns* out of a row, always as a tuple.
    """
    places = [table.position[name] for name in columns]
    if not places:
        return lambda _row: ()
    if len(places) == 1:
        place = places[0]
        return lambda row: (row[place],)
    return cast("Callable[[Row], Key]", itemgetter(*places))


def as_expected(table: Table, row: Row, expected: int | Row) -> bool:
    """
    Tell whether a stored *row* is what `Session.replace` was told to expect.
    """
    if isinstance(expected, tuple):
        return row == expected
    return row[table.position[table.version]] == expected


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
        smaller position is in a state other than `done` or `superseded`. Taken, in
        order of (next_at, seller, message id), it becomes `sending`, its epoch grows by
        one, worker and lease_until are set. Two workers never take the same message,
        and do not wait for each other.
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
