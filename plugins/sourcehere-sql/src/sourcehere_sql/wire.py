"""
How values travel to and from PostgreSQL: exact, and fast for whole columns.

Times are microseconds since 1970 on our side and timestamptz on theirs; both count
whole microseconds, so that only an offset is between them, and never a float. Columns
travel as arrays: one parameter per column, however many rows.
"""

import struct
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain, repeat
from typing import Any, ClassVar, NoReturn

import psycopg
from psycopg import postgres
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Dumper, Loader
from psycopg.pq import Format
from psycopg.rows import tuple_row
from psycopg.types.numeric import Int8BinaryDumper
from psycopg.types.string import TextBinaryLoader

from sourcehere.ports.storage import ColumnKind, Table, Value

# PostgreSQL counts from 2000-01-01.
_EPOCH = 946_684_800_000_000
_INT8 = struct.Struct("!q")
_NUL = "\0"


def _oid(name: str, *, array: bool = False) -> int:
    found = postgres.types[name]
    return found.array_oid if array else found.oid


class Micros(int):
    """
    One time as a parameter.
    """

    __slots__ = ()


class TextArray(tuple[Value, ...]):
    """
    A text column as a parameter.
    """

    __slots__ = ()


class JsonArray(tuple[Value, ...]):
    """
    A JSON column as a parameter.
    """

    __slots__ = ()


class IntegerArray(tuple[Value, ...]):
    """
    An integer column as a parameter.
    """

    __slots__ = ()


class TimeArray(tuple[Value, ...]):
    """
    A time column as a parameter.
    """

    __slots__ = ()


Array = TextArray | JsonArray | IntegerArray | TimeArray
_ARRAYS: dict[ColumnKind, type[Array]] = {
    ColumnKind.TEXT: TextArray,
    ColumnKind.JSON: JsonArray,
    ColumnKind.INTEGER: IntegerArray,
    ColumnKind.TIME: TimeArray,
}


class RowCursor(psycopg.Cursor[Any]):
    """
    A cursor that speaks in our rows, whatever its connection does.

    SQLAlchemy reads PostgreSQL's catalogue through the same connections and expects
    JSON as Python values; a host may have taught its connection anything.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        super().__init__(connection, row_factory=tuple_row)
        self.format = Format.BINARY

    @property
    def adapters(self) -> AdaptersMap:
        """
        How values are written and read: the same for all of these cursors.
        """
        return _ADAPTERS


def scalars(
    table: Table, columns: tuple[str, ...], values: Sequence[Value]
) -> Sequence[Value]:
    """
    Turn *values* of *columns* into parameters.
    """
    places = _time_places(table, columns)
    if not places:
        return values
    changed = list(values)
    for place in places:
        value = changed[place]
        if value is not None:
            assert isinstance(value, int)
            changed[place] = Micros(value)
    return changed


def arrays(
    table: Table, columns: tuple[str, ...], rows: Iterable[Sequence[Value]]
) -> list[Array]:
    """
    Turn *rows*, which have values for *columns*, into one parameter per column.
    """
    kinds = _array_kinds(table, columns)
    return [
        kind(values)
        for kind, values in zip(kinds, zip(*rows, strict=True), strict=True)
    ]


@cache
def _time_places(table: Table, columns: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(
        place
        for place, name in enumerate(columns)
        if table.columns[table.position[name]].kind is ColumnKind.TIME
    )


@cache
def _array_kinds(table: Table, columns: tuple[str, ...]) -> tuple[type[Array], ...]:
    return tuple(_ARRAYS[table.columns[table.position[name]].kind] for name in columns)


class _MicrosDumper(Dumper):
    oid = _oid("timestamptz")
    format = Format.BINARY

    def dump(self, obj: int) -> Buffer:
        return _INT8.pack(obj - _EPOCH)


class _MicrosLoader(Loader):
    format = Format.BINARY

    def load(self, data: Buffer) -> int:
        micros: int = _INT8.unpack(data)[0]
        return micros + _EPOCH


class _TextArrayDumper(Dumper):
    """
    Writes `{"a",NULL,"b"}`: the text form, which needs the least work in Python.
    """

    oid = _oid("text", array=True)

    def dump(self, obj: TextArray | JsonArray) -> Buffer:
        if not obj:
            return b"{}"
        if None in obj:
            return f"{{{','.join(map(_element, obj))}}}".encode()
        joined = _NUL.join(obj)  # type: ignore[arg-type]  # a text column holds texts
        if joined.count(_NUL) != len(obj) - 1:
            _refuse_nul()
        return f'{{"{_escaped(joined).replace(_NUL, _BETWEEN)}"}}'.encode()


def _element(value: Value) -> str:
    if value is None:
        return "NULL"
    assert isinstance(value, str)
    if _NUL in value:
        _refuse_nul()
    return f'"{_escaped(value)}"'


def _escaped(text: str) -> str:
    if "\\" in text or '"' in text:
        return text.replace("\\", "\\\\").replace('"', '\\"')
    return text


def _refuse_nul() -> NoReturn:
    msg = "PostgreSQL text cannot contain NUL (0x00)"
    raise psycopg.DataError(msg)


_BETWEEN = '","'


class _JsonArrayDumper(_TextArrayDumper):
    oid = _oid("json", array=True)


class _IntegerArrayDumper(Dumper):
    """
    Writes the binary form: one call packs the whole column.
    """

    oid = _oid("int8", array=True)
    format = Format.BINARY
    element: ClassVar[int] = _oid("int8")
    offset: ClassVar[int] = 0

    def dump(self, obj: IntegerArray | TimeArray) -> Buffer:
        values: Sequence[Value] = obj
        count, has_null = len(obj), None in obj
        head = struct.pack("!5i", 1, has_null, self.element, count, 1)
        if has_null:
            return head + b"".join(map(self._element, values))
        if self.offset:
            values = [value - self.offset for value in values]  # type: ignore[operator]  # no None, no text
        sized = chain.from_iterable(zip(repeat(8), values, strict=False))
        return head + struct.pack("!" + "iq" * count, *sized)

    def _element(self, value: Value) -> bytes:
        if value is None:
            return b"\xff\xff\xff\xff"
        assert isinstance(value, int)
        return struct.pack("!iq", 8, value - self.offset)


class _TimeArrayDumper(_IntegerArrayDumper):
    oid = _oid("timestamptz", array=True)
    element = _oid("timestamptz")
    offset = _EPOCH


def _make_adapters() -> AdaptersMap:
    adapters = AdaptersMap(psycopg.adapters)
    for kind, dumper in (
        (Micros, _MicrosDumper),
        (TextArray, _TextArrayDumper),
        (JsonArray, _JsonArrayDumper),
        (IntegerArray, _IntegerArrayDumper),
        (TimeArray, _TimeArrayDumper),
        # Always 64 bits: a statement is prepared once, not per size of its numbers.
        (int, Int8BinaryDumper),
        (bool, Int8BinaryDumper),
    ):
        adapters.register_dumper(kind, dumper)
    adapters.register_loader("timestamptz", _MicrosLoader)
    adapters.register_loader("json", TextBinaryLoader)
    return adapters


_ADAPTERS = _make_adapters()
