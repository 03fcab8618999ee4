"""
Rows as the audit reads them: page by page, and of each only what is looked at.

Making records of rows costs more than all checks together. A named tuple of a few
columns is made at the speed of the tuple itself; what is kept as JSON stays a text
until somebody wants to know what it says.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, TypeVar, cast

from ...ports.storage import ColumnKind, Key, Row, Table, Value
from ...unit.base import Unit
from ...unit.records import Records, Way

N = TypeVar("N")
PAGE = 500  # rows that are read at a time
_first = cast("Callable[[Any], str]", itemgetter(0))
_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # not in typeshed


def parsed(text: str) -> Any:
    """
    Return what a column of JSON says; a text as we write it, without spaces around it.

    Raises:
        ValueError: If it is no JSON, or something follows it.
    """
    try:
        value, end = _scan(text, 0)
    except (StopIteration, RecursionError):
        end = -1
    if end != len(text):
        msg = "a column of JSON holds something else"
        raise ValueError(msg)
    return value


def reader(table: Table, shape: type[N]) -> Callable[[Iterable[Row]], list[N]]:
    """
    Return what makes of rows of *table* the columns that *shape* names.
    """
    pick = itemgetter(*(table.position[name] for name in _fields(shape)))
    make = cast("Callable[[Any], N]", partial(tuple.__new__, shape))
    return lambda rows: list(map(make, map(pick, rows)))


def _fields(shape: type[Any]) -> tuple[str, ...]:
    return cast("tuple[str, ...]", shape._fields)


def pages(
    unit: Unit,
    records: Records[Any],
    seller_id: str | None,
    columns: Sequence[str] = (),
) -> Iterator[list[Row]]:
    """
    Read all rows of a seller (or, for None, of a table of the platform), by their key.

    Args:
        columns: What is read of a row, and its key behind that; empty for all.
    """
    primary = records.table.primary
    if columns:
        primary = primary.only(columns)
    table = primary.table
    after: Key | None = None
    until: Value = None
    if seller_id is not None:
        after, until = (seller_id, *_lowest(records)), seller_id
    while True:
        rows = unit.session.page(
            primary, (), after=after, until=until, limit=PAGE, descending=False
        )
        if rows:
            yield rows
        if len(rows) < PAGE:
            return
        after = table.key_of(rows[-1])


def _lowest(records: Records[Any]) -> tuple[Value, ...]:
    table = records.table
    kinds = [table.columns[table.position[name]].kind for name in table.key[1:]]
    return tuple("" if kind is ColumnKind.TEXT else -(2**63) for kind in kinds)


def each_row(
    unit: Unit, records: Records[Any], seller_id: str | None, shape: type[N]
) -> Iterator[N]:
    """
    Go through the rows of a table as *shape* sees them, by their key.
    """
    fields = _fields(shape)
    read = reader(records.table.primary.only(fields).table, shape)
    for page in pages(unit, records, seller_id, fields):
        yield from read(page)


def each_plain(
    unit: Unit, records: Records[Any], seller_id: str | None, columns: Sequence[str]
) -> Iterator[Any]:
    """
    Go through the rows of a large table, by their key: tuples of *columns*, and the
    key's behind them. What is not even named costs less.
    """
    return chain.from_iterable(pages(unit, records, seller_id, columns))


def plain_under(
    unit: Unit, way: Way[Any], prefixes: Sequence[Key], columns: tuple[str, ...]
) -> list[Any]:
    """
    Read the rows found by *way* under *prefixes*, sorted by these: tuples of *columns*,
    those by which *way* finds and sorts among them.
    """
    if not prefixes:
        return []
    index = way.index.only(columns)
    assert len(columns) == len(index.table.columns), columns
    return unit.session.find(index, prefixes, lock=False)


def found_under(
    unit: Unit, way: Way[Any], prefixes: Sequence[Key], shape: type[N]
) -> list[N]:
    """
    Read the rows found by *way* under *prefixes*, sorted by these.
    """
    if not prefixes:
        return []
    index = way.index.only(_fields(shape))
    return reader(index.table, shape)(unit.session.find(index, prefixes, lock=False))


def got(
    unit: Unit, records: Records[Any], keys: Sequence[Key], shape: type[N]
) -> list[N]:
    """
    Read the rows of *keys* that are there, by their key.
    """
    table = records.table.primary.only(_fields(shape)).table
    return reader(table, shape)(unit.session.get(table, keys, lock=False))


def by_first(rows: Sequence[N]) -> dict[str, tuple[N, ...]]:
    """
    Arrange *rows* that are sorted by their first column by that column.
    """
    alone: dict[str, tuple[N, ...]]
    alone = dict(zip(map(_first, rows), zip(rows, strict=True), strict=True))
    if len(alone) == len(rows):  # no two belong to one, as is usual
        return alone
    return {name: tuple(group) for name, group in groupby(rows, _first)}


def count_of(unit: Unit, way: Way[Any], seller_id: str) -> int:
    """
    Count a seller's rows; the database does it.
    """
    counts = unit.session.totals(way.index, (seller_id,), by=(), column="")
    return sum(counts.values())


def missing(unit: Unit, records: Records[Any], keys: Iterable[Key]) -> set[Key]:
    """
    Return those of *keys* under which nothing is stored.
    """
    wanted = sorted(set(keys))
    if not wanted:
        return set()
    table = records.table.only(records.table.key)
    return set(wanted).difference(unit.session.get(table, wanted, lock=False))
