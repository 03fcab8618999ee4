"""
How long to wait, how many connections to keep, and whether they are somebody's pool.
"""

import math
from collections.abc import Callable
from typing import Any

import attrs

from sourcehere.domain.kernel.errors import InvalidInputError

_LONGEST = 86_400.0  # a day: whoever waits longer has forgotten that it waits
_MOST = 10_000


def _seconds(_: object, field: "attrs.Attribute[float]", value: float) -> None:
    if not (math.isfinite(value) and 0 < value <= _LONGEST):
        raise InvalidInputError(
            field=field.name,
            value=value,
            expected=f"more than 0 and at most {_LONGEST:.0f} seconds",
        )


def _connections(_: object, field: "attrs.Attribute[int]", value: int) -> None:
    if not 1 <= value <= _MOST:
        raise InvalidInputError(
            field=field.name, value=value, expected=f"1 to {_MOST:,} connections"
        )


@attrs.frozen(kw_only=True)
class SqlOptions:
    """
    Limits of one storage, and what stands before its server; the defaults suit a small
    service. A URL may say others: `?pool_size=20&busy_seconds=5&pooler=true`.

    Attributes:
        busy_seconds: How long a call waits in vain for another writer's locks, and for
            a free connection, before it says busy; and how long one transaction waits
            for all of them together, those of one statement included.

        statement_seconds: How long one statement may take, and the server be silent
            over a network (PostgreSQL).

        idle_seconds: How long a transaction may do nothing (PostgreSQL).

        pool_size: Connections that are kept open; twice as many may be in use.

        pooler: Whether a pooler stands before the server that gives each transaction
            another connection, such as PgBouncer with `pool_mode = transaction`
            (PostgreSQL). Then every transaction says its limits itself, nothing is left
            on a connection that others are given next, and no statement is prepared.

    Raises:
        InvalidInputError: If a time is not more than zero, or there is no connection.
    """

    busy_seconds: float = attrs.field(default=10.0, validator=_seconds)
    statement_seconds: float = attrs.field(default=60.0, validator=_seconds)
    idle_seconds: float = attrs.field(default=60.0, validator=_seconds)
    pool_size: int = attrs.field(default=8, validator=_connections)
    pooler: bool = False


OPTION_NAMES = tuple(field.name for field in attrs.fields(SqlOptions))


def read_options(asked: dict[str, str]) -> SqlOptions:
    """
    Return the limits that a URL asks for; the usual ones for what it does not name.

    Raises:
        InvalidInputError: If a value is no number, or none that makes sense; or not yes
            or no, where it is about that.
    """
    given: dict[str, Any] = {}
    for name, text in asked.items():
        read, expected = _READ[attrs.fields_dict(SqlOptions)[name].type]
        try:
            given[name] = read(text)
        except ValueError:
            raise InvalidInputError(field=name, value=text, expected=expected) from None
    return SqlOptions(**given)


def _yes_or_no(text: str) -> bool:
    if text not in _YES_OR_NO:
        raise ValueError
    return _YES_OR_NO[text]


_YES_OR_NO = {"true": True, "false": False}
_READ: dict[object, tuple[Callable[[str], object], str]] = {
    int: (int, "a number"),
    float: (float, "a number"),
    bool: (_yes_or_no, "true or false"),
}
