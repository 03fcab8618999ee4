"""
Attrs classes as rows: a table's columns are the fields of its class.
"""

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from operator import attrgetter
from types import NoneType
from typing import Any, Generic, Protocol, TypeVar, cast, get_args

import attrs

from ..domain.kernel.actor import Actor
from ..domain.kernel.clock import from_micros, to_micros
from ..domain.kernel.values import frozen
from ..ports.storage import (
    Check,
    Column,
    ColumnKind,
    Index,
    Key,
    Row,
    Table,
    Value,
)
from .text.codecs import dumper, loader
from .text.json_text import actor_of, actor_text, compiled, plain

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)

Convert = Callable[[Any], Any]
_FACTORY: type[Any] = cast("Any", attrs.Factory)  # typed as the function it is used as
SHARED = 20_000  # records per table; what is priced again and again


@frozen
class _Codec:
    """
    How one field is kept; None converts nothing.
    """

    column: Column
    encode: Convert | None
    decode: Convert | None


def _column(name: str, annotation: Any) -> Column:
    kind, nullable = _kind_of(annotation)
    return Column(name, _column_kind(kind), nullable)


def _codec(name: str, annotation: Any) -> _Codec:
    kind, _ = _kind_of(annotation)
    encode, decode = _converters(kind)
    return _Codec(_column(name, annotation), encode, decode)


def _kind_of(annotation: Any) -> tuple[Any, bool]:
    kinds = get_args(annotation)
    nullable = NoneType in kinds
    if nullable and len(kinds) == 2:  # noqa: PLR2004 - X | None
        return plain(next(k for k in kinds if k is not NoneType)), True
    return plain(annotation), nullable


def _converters(kind: Any) -> tuple[Convert | None, Convert | None]:
    if kind in _CONVERTERS:
        return _CONVERTERS[kind]
    if isinstance(kind, type) and issubclass(kind, enum.StrEnum):
        return str, kind
    return dumper(kind), loader(kind)


_CONVERTERS: dict[Any, tuple[Convert | None, Convert | None]] = {
    str: (None, None),
    int: (None, None),
    bool: (int, bool),
    datetime: (to_micros, from_micros),
    Actor: (actor_text, actor_of),
}


def _column_kind(kind: Any) -> ColumnKind:
    if kind is datetime:
        return ColumnKind.TIME
    if kind is Actor or (isinstance(kind, type) and issubclass(kind, str)):
        return ColumnKind.TEXT
    if isinstance(kind, type) and issubclass(kind, int):
        return ColumnKind.INTEGER
    return ColumnKind.JSON


class RowWriter(Protocol[T_contra]):
    """
    Makes the row of a record.
    """

    def __call__(self, record: T_contra, owner: Row = ..., /) -> Row:
        """
        Return the row of *record*, led by *owner*.
        """
        ...


def _row_writer(codecs: Sequence[_Codec], *, owned: bool) -> RowWriter[Any]:
    """
    Compile one function that reads every column off a record; rows are a hot path.
    """
    values = [
        _converted(f"r.{c.column.name}", f"e{i}" if c.encode else "", c.column)
        for i, c in enumerate(codecs)
    ]
    lead = "*o, " if owned else ""
    source = f"def f(r, o=()):\n return ({lead}{', '.join(values)},)"
    names = {f"e{i}": c.encode for i, c in enumerate(codecs)}
    return cast("RowWriter[Any]", compiled(source, names))


def _row_reader(
    cls: type[T], fields: Sequence[str], codecs: Sequence[_Codec], *, owned: int
) -> Callable[[Row], T]:
    """
    Compile one function that makes a record of a row.

    Fields that may be given by place are: a call with names makes a dict of them.
    """
    by_place = _first_by_place(cls, fields)
    values = [
        ("" if i < by_place else f"{name}=")
        + _converted(f"v[{i + owned}]", f"d{i}" if c.decode else "", c.column)
        for i, (name, c) in enumerate(zip(fields, codecs, strict=False))
    ]
    source = f"def f(v):\n return cls({', '.join(values)})"
    names = {f"d{i}": c.decode for i, c in enumerate(codecs)}
    made = compiled(source, {**names, "cls": cls})
    return cast("Callable[[Row], T]", made)


def _first_by_place(cls: type, fields: Sequence[str]) -> int:
    """
    Count the first of *fields* that *cls* takes by place, in that order.
    """
    taken = [f.name for f in attrs.fields(cast("Any", cls)) if not f.kw_only]
    pairs = zip(taken, fields, strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))


def _converted(value: str, function: str, column: Column) -> str:
    """
    Write the call of *function* on *value*, both expressions; None stays None.
    """
    if not function:
        return value
    call = f"{function}({value})"
    return f"(None if {value} is None else {call})" if column.nullable else call


@frozen(eq=False)
class Way(Generic[T]):
    """
    A declared way into a table of records.
    """

    records: "Records[T]"
    index: Index


class Records(Generic[T]):
    """
    A table whose rows are objects of one attrs class.

    Attributes:
        to_row: Makes the row of a record, led by its owner where it has one.

        from_row: Makes the record of a row.

        key_of: Returns the key of a record.

        derived: The columns that are properties, with their types. Such a property
            looks at fields of its own record only, never at what is kept elsewhere.
    """

    to_row: RowWriter[T]
    from_row: Callable[[Row], T]

    def __init__(
        self,
        name: str,
        cls: type[T],
        *,
        key: Sequence[str],
        owner: Sequence[str] = (),
        skip: Iterable[str] = (),
        derived: Sequence[tuple[str, type]] = (),
        checks: Sequence[Check] = (),
        version: str = "",
        has_long_texts: bool = False,
    ) -> None:
        """
        Derive a table from *cls*.

        Args:
            owner: Columns that name what the record belongs to; texts, given to
                `to_row` and not part of the record. It is written with its owner only.

            skip: Fields that are kept elsewhere.

            derived: Properties kept as columns too, so that indexes can use them.
        """
        if any(isinstance(f.type, str) for f in attrs.fields(cast("Any", cls))):
            attrs.resolve_types(cast("Any", cls))
        left_out = set(skip)
        fields = [
            (f.name, f.type)
            for f in attrs.fields(cast("Any", cls))
            if f.name not in left_out
        ]
        kinds = (*fields, *derived)
        owners = [Column(o, ColumnKind.TEXT) for o in owner]
        self.cls = cls
        self.table = Table(
            name,
            (*owners, *(_column(n, k) for n, k in kinds)),
            key=tuple(key),
            checks=tuple(checks),
            version=version,
            maker=self,
            has_long_texts=has_long_texts,
            is_part=bool(owners),
        )
        self.derived = dict(derived)
        self.is_sellers = "seller_id" in self.table.position
        self._owned = len(owners)
        self._fields = [name for name, _ in fields]
        self._kinds = kinds
        self._is_compiled = False
        self.to_row = self._compile_and_write
        self.from_row = self._compile_and_read
        self._shared: dict[Key, tuple[Row, T]] = {}
        self.key_of: Callable[[T], Key] = _key_reader(key, dict(kinds))
        self.primary: Way[T] = Way(self, self.table.primary)

    def _compile(self) -> None:
        """
        Make the row functions, when a table is used for the first time.

        Most programs use few tables, and all that generated code is slow to make.
        """
        if not self._is_compiled:
            codecs = [_codec(n, k) for n, k in self._kinds]
            self.to_row = _row_writer(codecs, owned=bool(self._owned))
            self.from_row = _row_reader(
                self.cls, self._fields, codecs, owned=self._owned
            )
            self._is_compiled = True

    def _compile_and_write(self, record: T, owner: Row = (), /) -> Row:
        self._compile()
        return self.to_row(record, owner)

    def _compile_and_read(self, row: Row) -> T:
        self._compile()
        return self.from_row(row)

    def shared_from_rows(self, rows: Iterable[Row]) -> list[T]:
        """
        Return the records of *rows*; equal rows share one, which is to be read only.
        """
        found: list[T] = []
        shared, key_of = self._shared, self.table.key_of
        if len(shared) >= SHARED:
            shared.clear()
        for row in rows:
            key = key_of(row)
            known = shared.get(key)
            if known is None or (known[0] is not row and known[0] != row):
                known = shared[key] = (row, self.from_row(row))
            found.append(known[1])
        return found

    def way(
        self,
        name: str,
        *,
        equal: Sequence[str],
        order: Sequence[str] = (),
        unique: bool = False,
        found_if: str = "",
    ) -> Way[T]:
        """
        Declare an index, as `Table.index` does.
        """
        index = self.table.index(
            name, equal=equal, order=order, unique=unique, found_if=found_if
        )
        return Way(self, index)

    def default_of(self, column: str, /) -> Value:
        """
        Return what a record has in *column* if nobody says otherwise, as it is stored.

        None where the column has no default, or where the default is None. A default
        that depends on other fields counts as none.
        """
        kinds = dict(self._kinds)
        for field in attrs.fields(cast("Any", self.cls)):
            if field.name == column and column in kinds:
                value = _default(field)
                encode = _codec(column, kinds[column]).encode
                stored = value if value is None or encode is None else encode(value)
                return cast("Value", stored)
        return None

    def recompute(self, row: Row, /) -> Row:
        """
        Return *row* with every derived column as it would be written today.
        """
        now = self.to_row(self.from_row(row), row[: self._owned])
        places = self.table.position
        fresh = {places[name]: now[places[name]] for name in self.derived}
        return tuple(fresh.get(place, value) for place, value in enumerate(row))


def _default(field: "attrs.Attribute[Any]") -> Any:
    default: Any = field.default
    if default is attrs.NOTHING:
        return None
    if not isinstance(default, _FACTORY):
        return default
    return None if default.takes_self else default.factory()


def _key_reader(key: Sequence[str], kinds: Mapping[str, Any]) -> Callable[[Any], Key]:
    """
    Make a function that returns the key of a record, as rows have it.
    """
    read = attrgetter(*key)
    if len(key) > 1 and not any(_is_enum(kinds.get(name)) for name in key):
        return cast("Callable[[Any], Key]", read)  # nearly every table
    return lambda record: tuple([_key_value(getattr(record, name)) for name in key])


def _is_enum(annotation: Any) -> bool:
    kind, _ = _kind_of(annotation)
    return isinstance(kind, type) and issubclass(kind, enum.StrEnum)


def _key_value(value: object) -> Value:
    assert isinstance(value, (str, int))
    return str(value) if isinstance(value, enum.StrEnum) else value
