"""
Frozen values whose methods for comparing and printing are not compiled for each class.

attrs writes source text for `__eq__`, `__hash__` and `__repr__` of each class, and
compiles it. For the three hundred classes of this library that was a quarter of the
instructions of a start. Here they are closures over the names of the fields: a
comparison takes a tenth of a microsecond longer. docs/performance.md has the figures.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

import attrs

__all__ = ["frozen", "light"]

if TYPE_CHECKING:
    from collections.abc import Callable

    # To type checkers it is attrs' own, which they know how to read.
    from attrs import frozen
    from attrs import frozen as light
else:

    def frozen(cls: type | None = None, **options: Any) -> Any:
        """
        Make *cls* a frozen value, as `attrs.frozen` does with the same *options*.

        Methods that *cls* has of its own stay. A value that holds itself has no
        `repr`, and fields take no `eq` of their own but False.
        """
        if cls is None:
            return lambda decorated: _made(decorated, options, attrs.frozen)
        return _made(cls, options, attrs.frozen)

    def light(cls: type | None = None, **options: Any) -> Any:
        """
        Make *cls* a value that type checkers hold to be frozen, for what an order is
        made of by the dozen and what no caller or plugin ever gets.

        Nothing refuses to change it where the program runs, so it is made in half the
        time: attrs has to go around the refusal for every field.
        """
        if cls is None:
            return lambda decorated: _made(decorated, options, attrs.define)
        return _made(cls, options, attrs.define)


_OTHER_COMPARISON = {"eq", "order", "cache_hash", "hash", "unsafe_hash"}


def _made(cls: type, options: dict[str, Any], make: Callable[..., type]) -> type:
    own = cls.__dict__
    prints = "__repr__" not in own and "repr" not in options
    compares = (
        "__eq__" not in own and "__hash__" not in own
    ) and not _OTHER_COMPARISON & options.keys()
    options = options | ({"repr": False} if prints else {})
    options = options | ({"eq": False} if compares else {})
    made = make(cls, **options)
    if prints:
        _give(made, "__repr__", _printing(made))
    if compares:
        _give(made, "__eq__", _comparing(made))
        _give(made, "__hash__", _hashing(made))
    return made


def _give(cls: type, name: str, method: Callable[..., object]) -> None:
    method.__name__ = name
    method.__qualname__ = f"{cls.__qualname__}.{name}"
    method.__module__ = cls.__module__
    setattr(cls, name, method)


def _reading(names: list[str]) -> Callable[[object], Any]:
    return attrgetter(*names) if names else lambda _: ()


def _comparing(cls: type) -> Callable[[object, object], Any]:
    read = _reading([field.name for field in attrs.fields(cls) if field.eq])

    def method(self: object, other: object) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return read(self) == read(other)

    return method


def _hashing(cls: type) -> Callable[[object], int]:
    counted = [
        field.name
        for field in attrs.fields(cls)
        if (field.eq if field.hash is None else field.hash)
    ]
    read = _reading(counted)

    def method(self: object) -> int:
        return hash(read(self))

    return method


def _printing(cls: type) -> Callable[[object], str]:
    shown = [
        (field.name, field.repr if callable(field.repr) else repr)
        for field in attrs.fields(cls)
        if field.repr
    ]

    def method(self: object) -> str:
        fields = [f"{name}={text(getattr(self, name))}" for name, text in shown]
        name = self.__class__.__qualname__.rsplit(">.", 1)[-1]
        return f"{name}({', '.join(fields)})"

    return method
