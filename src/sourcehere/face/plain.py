"""
Records as plain data that JSON has: what an API returns and a program reads.
"""

import enum
import math
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from functools import singledispatch
from typing import Any

import attrs

from ..domain.kernel.actor import Actor
from ..domain.kernel.clock import NEVER
from ..domain.kernel.errors import (
    CallerError,
    CounterpartyError,
    SourceHereError,
    StateError,
    spelled_out,
)
from ..domain.kernel.money import Money

_FAMILIES: tuple[tuple[type[SourceHereError], str], ...] = (
    (CallerError, "caller"),
    (StateError, "state"),
    (CounterpartyError, "counterparty"),
)


def to_dict(value: object) -> object:
    """
    Turn a record into dicts, lists, texts, numbers and None, all the way down.

    Names are the attributes' own. Money is exact: `{"amount": "17.76", "currency":
    "GBP", "minor": 1776}`. Times are RFC 3339 in UTC, to the microsecond; a deadline
    that never comes is None. An actor is `{"role", "id"}`; an error is
    `{"type", "family", "message", "facts"}`. Fields that are hidden from `repr`, such
    as secrets, are left out. `schema_of` describes the same as JSON Schema. What an
    error tells of something that JSON has not is a text.
    """
    return _plain(value)


@singledispatch
def _plain(value: Any) -> object:
    if attrs.has(type(value)):
        names = [field.name for field in attrs.fields(type(value)) if field.repr]
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, Collection):
        return [_plain(item) for item in value]
    return str(value)


@_plain.register
def _(value: int | None) -> object:
    return value


@_plain.register
def _(value: float) -> object:
    return value if math.isfinite(value) else str(value)


@_plain.register
def _(value: str) -> object:
    text = str(value)  # of a StrEnum, its value
    return text if text.isascii() else spelled_out(text)


@_plain.register
def _(value: bytes) -> object:
    return value.decode("utf-8", "backslashreplace")


@_plain.register
def _(value: enum.Enum) -> object:
    return value.value


@_plain.register
def _(value: Money) -> object:
    return money_dict(value)


@_plain.register
def _(value: datetime) -> object:
    return time_text(value)


@_plain.register
def _(value: date) -> object:
    return value.isoformat()


@_plain.register
def _(value: Actor) -> object:
    return {"role": value.role.value, "id": value.id}


@_plain.register
def _(value: SourceHereError) -> object:
    return error_dict(value)


@_plain.register
def _(value: Mapping) -> object:  # type: ignore[type-arg]  # dispatch takes a class
    return {str(_plain(name)): _plain(item) for name, item in value.items()}


@_plain.register
def _(value: set | frozenset) -> object:  # type: ignore[type-arg]  # the same
    return sorted(str(_plain(item)) for item in value)


def money_dict(money: Money) -> dict[str, object]:
    """
    Return an amount as a decimal text, and as the minor units it is exactly.
    """
    text = str(money).partition(" ")[0]
    return {"amount": text, "currency": money.currency, "minor": money.minor}


def time_text(at: datetime) -> str | None:
    """
    Return an instant as RFC 3339 says it, in UTC; None where it never comes.
    """
    if at == NEVER:
        return None
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def error_dict(error: SourceHereError) -> dict[str, object]:
    """
    Return an error's type, family, message and facts.

    The family says what to do: `caller` is wrong and stays wrong, `state` needs another
    look, `counterparty` may be tried later.
    """
    family = next((name for cls, name in _FAMILIES if isinstance(error, cls)), "caller")
    facts = {n: _plain(v) for n, v in vars(error).items() if not n.startswith("_")}
    return {
        "type": type(error).__name__,
        "family": family,
        "message": str(error),
        "facts": facts,
    }
