"""
What a configuration class asks for, told in words and walked by value.
"""

import collections.abc
import enum
import json
import types
import typing
from collections.abc import Iterator, Mapping

import attrs

from ..domain.kernel.values import frozen
from .references import join

SEQUENCES: Mapping[object, type] = {
    list: list,
    tuple: tuple,
    set: set,
    frozenset: frozenset,
    collections.abc.Sequence: tuple,
}
_MAPPINGS = (dict, collections.abc.Mapping)
_UNIONS = (typing.Union, types.UnionType)
_WORDS: Mapping[object, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}
_COMPUTED = "computed"


@frozen
class FieldInfo:
    """
    One field of a configuration class, for documents and the command line.

    Attributes:
        name: Its path, such as `methods[].zones[].countries`.

        type: In words.

        default: As JSON; empty where there is none, and `***` for a secret's.
    """

    name: str
    type: str
    required: bool
    default: str
    secret: bool


def describe(cls: type) -> tuple[FieldInfo, ...]:
    """
    List the fields of a configuration class, those of nested classes below their own.
    """
    return tuple(_describe(cls, "", ()))


def _describe(cls: type, path: str, above: tuple[type, ...]) -> Iterator[FieldInfo]:
    for field in fields_of(cls):
        name = join(path, field.name)
        yield FieldInfo(
            name=name,
            type=type_words(field.type),
            required=field.default is attrs.NOTHING,
            default=_default_words(field),
            secret=is_secret(field),
        )
        for suffix, nested in _nested(field.type):
            if nested not in (*above, cls):
                yield from _describe(nested, name + suffix, (*above, cls))


def fields_of(cls: type) -> list["attrs.Attribute[object]"]:
    """
    List the fields that a configuration may fill in, their types resolved.
    """
    attrs.resolve_types(cls)
    return [field for field in attrs.fields(cls) if field.init]


def nested_fields(cls: type) -> Iterator["attrs.Attribute[object]"]:
    """
    List the fields of a configuration class and of every class inside it, once each.
    """
    known, left = {cls}, [cls]
    while left:
        for field in fields_of(left.pop()):
            yield field
            inner = {nested for _, nested in _nested(field.type)} - known
            known |= inner
            left += inner


def is_secret(field: "attrs.Attribute[object]") -> bool:
    """
    Whether the value of *field* is never shown.
    """
    return bool(field.metadata.get("secret"))


def type_words(kind: object) -> str:
    """
    Say what a value of type *kind* looks like in a configuration.
    """
    origin, arguments = _parts(kind)
    words = [type_words(argument) for argument in arguments if argument is not ...]
    if origin in _UNIONS:
        return " or ".join(words)
    if origin is typing.Literal:
        return "one of " + ", ".join(map(str, arguments))
    if origin in SEQUENCES:
        return f"a list of {' and '.join(words)}" if words else "a list"
    if origin in _MAPPINGS:
        return f"a mapping to {words[1]}" if words else "a mapping"
    return _plain_words(origin)


def _plain_words(kind: object) -> str:
    if kind in (object, typing.Any):
        return "any value"
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return "one of " + ", ".join(str(member.value) for member in kind)
    if isinstance(kind, type) and attrs.has(kind):
        return f"a mapping ({kind.__name__})"
    return _WORDS.get(kind) or f"a {getattr(kind, '__name__', kind)}"


def walk(
    kind: object, value: object, path: str = ""
) -> Iterator[tuple[str, "attrs.Attribute[object]", object]]:
    """
    Find the fields that *value*, meant for the type *kind*, fills in, at any depth.
    """
    for inner, item, here in _inside(kind, value, path):
        yield from walk(inner, item, here)
    if isinstance(kind, type) and attrs.has(kind) and isinstance(value, Mapping):
        for field in fields_of(kind):
            if field.name in value:
                here = join(path, field.name)
                yield here, field, value[field.name]
                yield from walk(field.type, value[field.name], here)


def _inside(
    kind: object, value: object, path: str
) -> Iterator[tuple[object, object, str]]:
    """
    Open unions, lists and mappings: what is in them, meant for which type, and where.
    """
    origin, arguments = _parts(kind)
    if origin in _UNIONS:
        for argument in arguments:
            yield argument, value, path
    elif isinstance(value, list):
        for i, item in enumerate(value):
            for argument in arguments:
                yield argument, item, f"{path}[{i}]"
    elif isinstance(value, Mapping):
        for key, item in value.items():
            for argument in arguments[1:]:
                yield argument, item, join(path, str(key))


def _parts(kind: object) -> tuple[object, tuple[object, ...]]:
    return typing.get_origin(kind) or kind, typing.get_args(kind)


def _nested(kind: object) -> Iterator[tuple[str, type]]:
    """
    Find the attrs classes inside a type, each with what stands behind the field's name.
    """
    origin, arguments = _parts(kind)
    if isinstance(origin, type) and attrs.has(origin):
        yield "", origin
        return
    suffix = "[]" if origin in SEQUENCES else ".*" if origin in _MAPPINGS else ""
    for argument in arguments:
        for further, nested in _nested(argument):
            yield suffix + further, nested


def _default_words(field: "attrs.Attribute[object]") -> str:
    default: object = field.default
    if default is attrs.NOTHING:
        return ""
    if is_secret(field) and default:
        return "***"
    try:
        if isinstance(default, attrs.Factory):  # type: ignore[arg-type]  # a class at run time
            if default.takes_self:  # type: ignore[attr-defined]  # see above
                return _COMPUTED
            default = default.factory()  # type: ignore[attr-defined]  # see above
        return json.dumps(default, ensure_ascii=False, default=_plain)
    except Exception:  # noqa: BLE001 - of a plugin's own making; it says nothing here
        return _COMPUTED


def _plain(value: object) -> object:
    return value.value if isinstance(value, enum.Enum) else str(value)
