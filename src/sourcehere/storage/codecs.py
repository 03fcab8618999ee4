"""
Values to JSON and back: ints, strings, lists and objects; times are microseconds.
"""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, cast, get_args, get_origin

from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from ..kernel.actor import Actor, Role
from ..kernel.clock import from_micros, to_micros
from ..kernel.errors import StateError
from ..kernel.events import EVENT_TYPES, UPCASTERS, Event

T = TypeVar("T")


class UnknownEventError(StateError):
    """
    A stored event that this release does not know: it was written by a newer one.
    """

    def __init__(self, *, name: str, schema: int) -> None:
        super().__init__(f"stored event {name!r} (schema {schema}) is unknown here")
        self.name = name
        self.schema = schema


def actor_text(by: Actor) -> str:
    """
    Write an actor as one text: `role:id`.
    """
    return f"{by.role.value}:{by.id}"


@cache
def actor_of(text: str) -> Actor:
    """
    Read what `actor_text` wrote.
    """
    role, _, name = text.partition(":")
    return Actor(Role(role), name)


_converter = Converter(detailed_validation=False)
_converter.register_unstructure_hook(datetime, to_micros)
_converter.register_structure_hook(datetime, lambda value, _: from_micros(value))
_converter.register_unstructure_hook(Actor, actor_text)
_converter.register_structure_hook(Actor, lambda value, _: actor_of(value))
_converter.register_structure_hook_func(
    lambda kind: kind is object, lambda value, _: value
)


def _is_list(kind: Any) -> bool:
    parts = get_args(kind)
    return get_origin(kind) is tuple and len(parts) == 2 and parts[1] is Ellipsis  # noqa: PLR2004 - tuple[X, ...]


def _list_writer(kind: Any) -> Callable[[Any], list[Any]]:
    write = _converter.get_unstructure_hook(get_args(kind)[0])
    return lambda values: [write(value) for value in values]


def _list_reader(kind: Any) -> Callable[[Any, Any], tuple[Any, ...]]:
    inner = get_args(kind)[0]
    read = _converter.get_structure_hook(inner)
    return lambda values, _: tuple([read(value, inner) for value in values])


# Half of all that is stored is such lists; the general hooks are three times slower.
_converter.register_unstructure_hook_factory(_is_list, _list_writer)
_converter.register_structure_hook_factory(_is_list, _list_reader)

_encoder = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), check_circular=False
)
_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # not in typeshed


def _dump(value: object) -> str:
    # What JSONEncoder.encode would do after looking whether value is a plain text.
    return "".join(_chunks(value, 0))


def _parse(text: str) -> Any:
    # We wrote it ourselves: no space around it, nothing behind it.
    return _scan(text, 0)[0]


def _chunk_maker() -> Callable[[object, int], Iterable[str]]:
    make = json.encoder.c_make_encoder  # type: ignore[attr-defined]  # not in typeshed
    if make is None:  # an interpreter without the C accelerator
        return lambda value, _: _encoder.iterencode(value)
    return make(  # type: ignore[no-any-return]  # a C function
        None,
        _encoder.default,
        json.encoder.encode_basestring,
        None,
        ":",
        ",",
        False,
        False,
        True,
    )


_chunks = _chunk_maker()


def dumper(kind: object) -> Callable[[Any], str]:
    """
    Make a function that writes values of *kind* as JSON.
    """
    unstructure = _converter.get_unstructure_hook(kind)
    # Most lists are empty most of the time.
    empty = "[]" if get_origin(kind) is tuple else ""

    def write(value: object) -> str:
        if empty and not value:
            return empty
        return _dump(unstructure(value))

    return write


def loader(kind: object) -> Callable[[str], Any]:
    """
    Make a function that reads values of *kind* from JSON.
    """
    structure = _converter.get_structure_hook(kind)
    empty = "[]" if get_origin(kind) is tuple else ""

    def read(text: str) -> object:
        if empty and text == empty:
            return ()
        return cast("object", structure(_parse(text), kind))

    return read


@cache
def _event_writer(name: str) -> Callable[[Event], dict[str, object]]:
    return make_dict_unstructure_fn(
        EVENT_TYPES[name],
        _converter,
        occurred_at=override(omit=True),
        by=override(omit=True),
    )


@cache
def _event_reader(name: str) -> Callable[[dict[str, object], type], Event]:
    made = make_dict_structure_fn(
        EVENT_TYPES[name],
        _converter,
        occurred_at=override(struct_hook=lambda value, _: value),
        by=override(struct_hook=lambda value, _: value),
        _cattrs_detailed_validation=False,
    )
    return cast("Callable[[dict[str, object], type], Event]", made)


def write_event(event: Event) -> str:
    """
    Write what is particular to *event*; who and when are columns of their own.
    """
    return _dump(_event_writer(event.NAME)(event))


def read_event(
    name: str, schema: int, data: str, *, by: Actor, occurred_at: datetime
) -> Event:
    """
    Read what `write_event` wrote, however long ago.

    Raises:
        UnknownEventError: If this release knows no such event, or has no way from that
            schema to the present one.
    """
    cls = EVENT_TYPES.get(name)
    if cls is None or schema > cls.SCHEMA:
        raise UnknownEventError(name=name, schema=schema)
    fields = _parse(data)
    for old in range(schema, cls.SCHEMA):
        upcaster = UPCASTERS.get((name, old))
        if upcaster is None:
            raise UnknownEventError(name=name, schema=old)
        fields = upcaster(fields)
    fields["by"] = by
    fields["occurred_at"] = occurred_at
    return _event_reader(name)(fields, cls)
