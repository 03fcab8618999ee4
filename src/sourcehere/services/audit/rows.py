"""
Rows as the audit reads them: page by page, and of each only what is looked at.

Making records of rows costs more than all checks together. A named tuple of a few
columns is made at the speed of the tuple itself; what is kept as JSON stays a text
until somebody wants to know what it says.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar, cast

from ...ports.storage import ColumnKind, Key, Row, Value
from ...unit.base import Unit
from ...unit.records import Records, Way

N = TypeVar("N")
PAGE = 500  # rows that are read at a time
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


def reader(records: Records[Any], shape: type[N]) -> Callable[[Iterable[Row]], list[N]]:
    """
    Return what makes of rows the columns that the named tuple *shape* names.
    """
    fields = cast("Any", shape)._fields
    pick = itemgetter(*(records.table.position[name] for name in fields))
    make = cast("Callable[[Any], N]", partial(tuple.__new__, shape))
    return lambda rows: list(map(make, map(pick, rows)))


def pages(
    unit: Unit, records: Records[Any], seller_id: str | None
) -> Iterator[list[Row]]:
    """
    Read all rows of a seller (or, for None, of a table of the platform), by their key.
    """
    table = records.table
    after: Key | None = None
    until: Value = None
    if seller_id is not None:
        after, until = (seller_id, *_lowest(records)), seller_id
    while True:
        rows = unit.session.page(
            table.primary, (), after=after, until=until, limit=PAGE, descending=False
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
    read = reader(records, shape)
    for page in pages(unit, records, seller_id):
        yield from read(page)


def found_under(
    unit: Unit, way: Way[Any], prefixes: Sequence[Key], shape: type[N]
) -> list[N]:
    """
    Read the rows found by *way* under *prefixes*, sorted by these.
    """
    if not prefixes:
        return []
    rows = unit.session.find(way.index, prefixes, lock=False)
    return reader(way.records, shape)(rows)


def by_first(rows: Iterable[N]) -> dict[str, list[N]]:
    """
    Arrange *rows* that are sorted by their first column by that column.
    """
    first = cast("Callable[[N], str]", itemgetter(0))
    return {name: list(group) for name, group in groupby(rows, first)}


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
    rows = unit.session.get(records.table, wanted, lock=False)
    return set(wanted) - {records.table.key_of(row) for row in rows}
