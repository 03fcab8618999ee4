"""
JSON text of attrs values by functions made once per class: the stored form's hot path.

What is known by its annotation (texts, whole numbers, booleans, times, attrs classes,
lists of them) is written and read by generated code, as attrs generates `__init__`;
everything else goes through the general converter. Both give the same text.
"""

import enum
import json
from collections.abc import Callable
from datetime import date, datetime
from functools import cache, lru_cache
from types import NoneType
from typing import Any, Protocol, cast, get_args, get_origin

import attrs

from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.clock import from_micros, to_micros

Write = Callable[[Any], str]
Read = Callable[[Any], Any]
_quote: Write = json.encoder.encode_basestring
_REMEMBERED = 4096  # actors, of whom the same come again and again


class General(Protocol):
    """
    Writes and reads what no function is made for.
    """

    def writer(self, kind: Any) -> Write:
        """
        Return a function from a value to JSON text.
        """
        ...

    def reader(self, kind: Any) -> Read:
        """
        Return a function from parsed JSON to a value.
        """
        ...


class TextMaker:
    """
    Makes writers and readers; *general* serves what it does not know.
    """

    def __init__(self, general: General) -> None:
        self._general = general
        self.writer = cache(self._make_writer)
        self.reader = cache(self._make_reader)

    def _make_writer(self, kind: Any) -> Write:
        kind = plain(kind)
        if is_list(kind):
            return self._list_writer(get_args(kind)[0])
        if attrs.has(kind):
            return self.fields_writer(kind)
        if _is_optional(kind):
            write = self.writer(_without_none(kind))
            return lambda value: "null" if value is None else write(value)
        if isinstance(kind, type) and issubclass(kind, str):
            return _quote
        return _WRITERS.get(kind) or self._general.writer(kind)

    def fields_writer(self, cls: type, *, omit: frozenset[str] = frozenset()) -> Write:
        """
        Make a function that writes the fields of *cls*, but those in *omit*.
        """
        names: dict[str, Any] = {}
        text = self._fields_text(cls, omit, names)
        return cast("Write", compiled(f"def f(v):\n return {text}", names))

    def _list_writer(self, kind: Any) -> Write:
        kind, names = plain(kind), {"w": self.writer(kind)}
        # The text of a class is written in place: a call costs as much as the text.
        text = self._fields_text(kind, frozenset(), names) if attrs.has(kind) else ""
        each = f"','.join([{text or 'w(v)'} for v in vs])"
        source = f"def f(vs):\n return '[' + {each} + ']' if vs else '[]'"
        return cast("Write", compiled(source, names))

    def _fields_text(
        self, cls: type, omit: frozenset[str], names: dict[str, Any]
    ) -> str:
        """
        Return an expression for the text of *v*, a *cls*; *names* gets what it calls.
        """
        names["q"] = _quote
        parts: list[str] = []
        for number, field in enumerate(fields_of(cls)):
            if field.name not in omit:
                names[f"w{number}"] = write = self.writer(field.type)
                call = "q" if write is _quote else f"w{number}"
                parts.append(f'"{field.name}":{{{call}(v.{field.name})}}')
        return f"f'{{{{{','.join(parts)}}}}}'"

    def _make_reader(self, kind: Any) -> Read:
        kind = plain(kind)
        if is_list(kind):
            return self._list_reader(get_args(kind)[0])
        if attrs.has(kind):
            return self.fields_reader(kind)
        if _is_optional(kind):
            read = self.reader(_without_none(kind))
            return lambda value: None if value is None else read(value)
        if isinstance(kind, type) and issubclass(kind, enum.StrEnum):
            return kind
        return _READERS.get(kind) or self._general.reader(kind)

    def fields_reader(self, cls: type, *, as_is: frozenset[str] = frozenset()) -> Read:
        """
        Make a function that makes a *cls* of a dict, where *as_is* are values already.

        A field that was not stored yet has its default.
        """
        names: dict[str, Any] = {}
        made = self._construction(cls, as_is, names)
        return cast("Read", compiled(f"def f(v):\n return {made}", names))

    def _list_reader(self, kind: Any) -> Read:
        kind, names = plain(kind), {"r": self.reader(kind)}
        made = self._construction(kind, frozenset(), names) if attrs.has(kind) else ""
        source = f"def f(vs):\n return tuple([{made or 'r(v)'} for v in vs])"
        return cast("Read", compiled(source, names))

    def _construction(
        self, cls: type, as_is: frozenset[str], names: dict[str, Any]
    ) -> str:
        """
        Return an expression for the *cls* of *v*, a dict; *names* gets what it calls.
        """
        names["cls"] = cls
        parts: list[str] = []
        for number, field in enumerate(fields_of(cls)):
            names[f"r{number}"] = read = (
                _same if field.name in as_is else self.reader(field.type)
            )
            value = f'v["{field.name}"]'
            if read is not _same:
                value = f"r{number}({value})"
            if field.default is not attrs.NOTHING:
                names[f"d{number}"] = _default(field)
                value = f'{value} if "{field.name}" in v else d{number}()'
            parts.append(f"{field.name}={value}" if field.kw_only else value)
        return f"cls({', '.join(parts)})"


def actor_text(by: Actor) -> str:
    """
    Write an actor as one text: `role:id`.
    """
    return f"{by.role}:{by.id}"


@lru_cache(maxsize=_REMEMBERED)
def actor_of(text: str) -> Actor:
    """
    Read what `actor_text` wrote.
    """
    role, _, name = text.partition(":")
    return Actor(Role(role), name)


def _same(value: Any) -> Any:
    return value


_WRITERS: dict[Any, Write] = {
    int: int.__repr__,  # of True it gives 1, which is JSON
    bool: lambda value: "true" if value else "false",
    datetime: lambda value: str(to_micros(value)),
    date: lambda value: f'"{value.isoformat()}"',
    Actor: lambda value: _quote(actor_text(value)),
}
_READERS: dict[Any, Read] = {
    str: _same,
    int: _same,
    bool: _same,
    datetime: from_micros,
    date: date.fromisoformat,
    Actor: actor_of,
}


def _default(field: Any) -> Callable[[], object]:
    default = field.default
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]  # a class at run time
        assert not default.takes_self, field.name
        return cast("Callable[[], object]", default.factory)
    return lambda: default


def fields_of(cls: type) -> list[Any]:
    """
    List the fields of an attrs class that are given to it, annotations resolved.
    """
    attrs.resolve_types(cast("Any", cls))
    return [field for field in attrs.fields(cast("Any", cls)) if field.init]


def plain(kind: Any) -> Any:
    """
    Return what a NewType is made of.
    """
    while hasattr(kind, "__supertype__"):
        kind = kind.__supertype__
    return kind


def is_list(kind: Any) -> bool:
    """
    Tell whether *kind* is `tuple[X, ...]`.
    """
    parts = get_args(kind)
    return get_origin(kind) is tuple and len(parts) == 2 and parts[1] is Ellipsis  # noqa: PLR2004 - tuple[X, ...]


def _is_optional(kind: Any) -> bool:
    kinds = get_args(kind)
    return NoneType in kinds and len(kinds) == 2  # noqa: PLR2004 - X | None


def _without_none(kind: Any) -> Any:
    return next(k for k in get_args(kind) if k is not NoneType)


def compiled(source: str, names: dict[str, Any]) -> object:
    """
    Run *source*, which defines a function `f`, and return that function.
    """
    # As attrs does for __init__: the source is made of our own field names only.
    exec(source, names)  # noqa: S102 - see above
    return names["f"]
