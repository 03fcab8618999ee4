"""
Tables as data: columns, keys, promises about every row, and ways in.
"""

import enum
from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import cast

import attrs

from ..domain.kernel.values import frozen
from .rows import Key, Row, RowMaker


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

    Attributes:
        found_if: The column that tells whether a row is found this way: one in which it
            is empty, or 0, is not, and databases keep no entry of it. Empty where every
            row is found.

        sort_columns: The order columns, then the key columns not named yet.
    """

    table: "Table" = attrs.field(repr=False)  # which shows its ways in
    name: str
    equal: tuple[str, ...]
    order: tuple[str, ...] = ()
    unique: bool = False
    found_if: str = ""
    sort_columns: tuple[str, ...] = attrs.field(init=False)

    @sort_columns.default
    def _sorted_by(self) -> tuple[str, ...]:
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

        is_part: Whether its rows are written only by who has locked, or written, the
            row they belong to: nobody waits for them, in whatever order they come.

        whole: The table with all its columns; itself, unless it came from `only`.

        key_of: Picks the key out of a row.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    checks: tuple[Check, ...] = ()
    version: str = ""
    maker: RowMaker | None = attrs.field(default=None, repr=False)
    has_long_texts: bool = False
    is_part: bool = False
    _only_of: "Table | None" = attrs.field(default=None, repr=False)
    whole: "Table" = attrs.field(init=False, repr=False)
    indexes: dict[str, Index] = attrs.field(factory=dict, init=False)
    position: dict[str, int] = attrs.field(init=False)
    primary: Index = attrs.field(init=False)
    key_of: Callable[[Row], Key] = attrs.field(init=False, repr=False)

    @whole.default
    def _has_all(self) -> "Table":
        return self if self._only_of is None else self._only_of

    @position.default
    def _positions(self) -> dict[str, int]:
        return {column.name: i for i, column in enumerate(self.columns)}

    @key_of.default
    def _picks_key(self) -> Callable[[Row], Key]:
        return _pick([self.position[name] for name in self.key])

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
        found_if: str = "",
    ) -> Index:
        """
        Declare a way in; its full name is the table's name and *name*.

        Args:
            found_if: A text or a number; not in a unique index, which holds for all.
        """
        full = f"{self.name}_{name}"
        made = Index(
            self, full, tuple(equal), tuple(order), unique=unique, found_if=found_if
        )
        for column in (*made.equal, *made.order):
            assert not self.columns[self.position[column]].nullable, column
        if found_if:
            said = self.columns[self.position[found_if]]
            assert not unique, full
            assert not said.nullable, found_if
            assert said.kind in (ColumnKind.TEXT, ColumnKind.INTEGER), found_if
        self.indexes[name] = made
        return made

    def only(self, columns: tuple[str, ...]) -> "Table":
        """
        Return the table as it is read for *columns* only, the key's among them.
        """
        return _only(self.whole, columns)

    def seen(self, rows: list[Row]) -> list[Row]:
        """
        Return of *rows* that have all columns those that this table has.
        """
        if self.whole is self:
            return rows
        names = tuple(column.name for column in self.columns)
        return list(map(picker(self.whole, names), rows))


@lru_cache(maxsize=4096)
def _only(whole: Table, names: tuple[str, ...]) -> Table:
    columns = tuple(whole.columns[whole.position[name]] for name in names)
    return Table(whole.name, columns, whole.key, only_of=whole)


@lru_cache(maxsize=4096)
def _into(index: Index, table: Table) -> Index:
    return attrs.evolve(index, table=table)


@lru_cache(maxsize=4096)
def picker(table: Table, columns: tuple[str, ...]) -> Callable[[Row], Key]:
    """
    Make a function that picks *columns* out of a row, always as a tuple.
    """
    return _pick([table.position[name] for name in columns])


def _pick(places: Sequence[int]) -> Callable[[Row], Key]:
    if not places:
        return lambda _row: ()
    if len(places) == 1:
        place = places[0]
        return lambda row: (row[place],)
    return cast("Callable[[Row], Key]", itemgetter(*places))
