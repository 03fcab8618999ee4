"""
What a memory table refuses: rows that a database would not take.
"""

import struct
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NoReturn, cast

from ..domain.kernel.errors import TooLargeError
from ..ports.storage import ColumnKind, Row, Table, picker

_NUMBERS = (ColumnKind.INTEGER, ColumnKind.TIME)
_pack_one = struct.Struct("q").pack


@lru_cache(maxsize=4096)  # compiled once in a process, not for each storage
def checker(table: Table) -> Callable[[Row], bool]:
    """
    Make a function that tells whether a row keeps every check of its table.
    """

    def side(of: str | int) -> str:
        return f"r[{table.position[of]}]" if isinstance(of, str) else str(of)

    terms = [f"{side(c.lower)} <= {side(c.upper)}" for c in table.checks]
    # Made of declared columns and numbers only.
    made = eval(f"lambda r: {' and '.join(terms) or True}")  # noqa: S307 - see above
    return cast("Callable[[Row], bool]", made)


@lru_cache(maxsize=4096)  # made once in a process, not for each storage
def fitting(table: Table) -> Callable[[Row], None]:
    """
    Make what refuses a row that a database would, for a number of more than 64 bits: a
    test in memory finds it too. That a row keeps every check is asserted.
    """
    numbers = [c for c in table.columns if c.kind in _NUMBERS]
    always = picker(table, tuple(c.name for c in numbers if not c.nullable))
    at_times = [table.position[c.name] for c in numbers if c.nullable]
    # Packing them as 64 bits is the quickest way to look at all of a row.
    pack = struct.Struct(f"{len(numbers) - len(at_times)}q").pack
    are_checks_kept = checker(table) if table.checks else None

    def require(row: Row) -> None:
        try:
            pack(*always(row))
            for place in at_times:
                if row[place] is not None:
                    _pack_one(row[place])
        except struct.error:
            _refuse_large(row, [table.position[c.name] for c in numbers])
        assert are_checks_kept is None or are_checks_kept(row), (table.name, row)

    return require if numbers else _accept


def _accept(_row: Row) -> None:
    """
    Let every row in: a table without numbers has no checks.
    """


def _refuse_large(row: Row, places: Iterable[int]) -> NoReturn:
    values = cast("list[int]", [row[place] or 0 for place in places])
    largest = max(values, key=abs)
    raise TooLargeError(cause=f"a number of {largest.bit_length()} bits") from None
