"""
A value of any annotated class, with nothing left out: for tests that go through all.
"""

import enum
from datetime import UTC, date, datetime
from types import NoneType
from typing import Any, get_args, get_origin

import attrs

from ..domain.kernel.actor import Actor, Role

_LEAVES: dict[Any, object] = {
    str: 'a "quoted" \\ word, a\nbreak, \x01, é, 箱, 😀',
    int: 42,
    bool: True,
    datetime: datetime(2026, 1, 5, 9, 0, 0, 123456, tzinfo=UTC),
    date: date(2026, 1, 5),
    Actor: Actor(Role.STAFF, "anna"),
    object: "anything",
}
# What a validator lets pass.
_NAMED = {"country": "GB"}


def sample(kind: Any) -> Any:
    """
    Make a value of *kind*: an attrs class, or what its fields may hold.
    """
    if NoneType in get_args(kind):
        kind = next(part for part in get_args(kind) if part is not NoneType)
    while hasattr(kind, "__supertype__"):  # a NewType
        kind = kind.__supertype__
    if kind in _LEAVES:
        return _LEAVES[kind]
    if attrs.has(kind):
        return _instance(kind)
    if isinstance(kind, type) and issubclass(kind, enum.StrEnum):
        return next(iter(kind))
    return _collection(get_origin(kind), get_args(kind))


def _instance(cls: Any) -> object:
    attrs.resolve_types(cls)
    fields = [field for field in attrs.fields(cls) if field.init]
    given = {field.name: sample(field.type) for field in fields}
    return cls(**given | {n: v for n, v in _NAMED.items() if n in given})


def _collection(origin: Any, parts: Any) -> object:
    if origin is tuple:
        parts = (parts[0], parts[0]) if parts[1] is Ellipsis else parts
        return tuple(sample(part) for part in parts)
    if origin is frozenset:
        return frozenset({sample(parts[0])})
    return {sample(parts[0]): sample(parts[1])}
