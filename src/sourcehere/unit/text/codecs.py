"""
Values to JSON and back: ints, strings, lists and objects; times are microseconds, days
ISO texts.
"""

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import cache, lru_cache
from types import NoneType
from typing import Any, get_args, get_origin

from cattrs import Converter

from ...domain.kernel.actor import Actor
from ...domain.kernel.clock import from_micros, to_micros
from ...domain.kernel.errors import StateError
from ...domain.kernel.events import EVENT_TYPES, UPCASTERS, Event
from .json_text import TextMaker, actor_of, actor_text, is_list

_REMEMBERED = 512  # texts per kind
_IN_COLUMNS = frozenset({"by", "occurred_at"})  # of their own


class UnknownEventError(StateError):
    """
    A stored event that this release does not know: it was written by a newer one.
    """

    def __init__(self, *, name: str, schema: int) -> None:
        super().__init__(f"stored event {name!r} (schema {schema}) is unknown here")
        self.name = name
        self.schema = schema


_converter = Converter(detailed_validation=False)
_converter.register_unstructure_hook(datetime, to_micros)
_converter.register_structure_hook(datetime, lambda value, _: from_micros(value))
_converter.register_unstructure_hook(date, date.isoformat)
_converter.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
_converter.register_unstructure_hook(Actor, actor_text)
_converter.register_structure_hook(Actor, lambda value, _: actor_of(value))
_converter.register_structure_hook(NoneType, lambda value, _: value)
_converter.register_structure_hook_func(
    lambda kind: kind is object, lambda value, _: value
)

_encoder = json.JSONEncoder(
    ensure_ascii=False,
    separators=(",", ":"),
    check_circular=False,
    default=_converter.unstructure,
)
_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # not in typeshed


def _parse(text: str) -> Any:
    # We wrote it ourselves: no space around it, nothing behind it.
    try:
        return _scan(text, 0)[0]
    except (StopIteration, RecursionError) as error:
        msg = "a column of JSON holds something else"
        raise ValueError(msg) from error


class _Converted:
    """
    What no function is made for: dicts of anything, by the general converter.
    """

    def writer(self, kind: Any) -> Callable[[Any], str]:
        if _is_json_itself(kind):
            return lambda value: _encoder.encode(value) if value else "{}"
        unstructure = _converter.get_unstructure_hook(kind)
        return lambda value: _encoder.encode(unstructure(value))

    def reader(self, kind: Any) -> Callable[[Any], Any]:
        if _is_json_itself(kind):
            return lambda value: value
        structure = _converter.get_structure_hook(kind)
        return lambda value: structure(value, kind)


def _is_json_itself(kind: Any) -> bool:
    """
    Tell whether values of *kind* are dicts of what JSON has anyway.
    """
    if get_origin(kind) is not dict:
        return False
    key, value = get_args(kind)
    return key is str and value in (str, int, bool, object)


_texts = TextMaker(_Converted())


def dumper(kind: object) -> Callable[[Any], str]:
    """
    Make a function that writes values of *kind* as JSON.
    """
    return _texts.writer(kind)


def loader(kind: object) -> Callable[[str], Any]:
    """
    Make a function that reads values of *kind* from JSON.
    """
    read = _texts.reader(kind)
    # Most lists are empty most of the time.
    empty = "[]" if is_list(kind) else ""

    def load(text: str) -> object:
        if empty and text == empty:
            return ()
        return read(_parse(text))

    # Lists of frozen values may be shared, and are read again in the next steps.
    return lru_cache(maxsize=_REMEMBERED)(load) if empty else load


@cache
def _event_writer(name: str) -> Callable[[Event], str]:
    return _texts.fields_writer(EVENT_TYPES[name], omit=_IN_COLUMNS)


@cache
def _event_reader(name: str) -> Callable[[dict[str, object]], Event]:
    return _texts.fields_reader(EVENT_TYPES[name], as_is=_IN_COLUMNS)


def write_event(event: Event) -> str:
    """
    Write what is particular to *event*; who and when are columns of their own.
    """
    return _event_writer(event.NAME)(event)


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
    return _event_reader(name)(fields)
