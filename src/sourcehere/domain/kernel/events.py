"""
What happened: frozen facts with stable names, and aggregates that change only by them.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from .actor import Actor
from .values import frozen


@frozen(kw_only=True)
class Event:
    """
    Something that happened to one aggregate; never changed, never deleted.

    Attributes:
        occurred_at: When it happened, by the clock of whoever saw it.

        by: Who did or reported it.
    """

    NAME: ClassVar[str] = ""
    SCHEMA: ClassVar[int] = 1

    occurred_at: datetime
    by: Actor


EVENT_TYPES: dict[str, type[Event]] = {}

Fields = dict[str, Any]
Upcaster = Callable[[Fields], Fields]
UPCASTERS: dict[tuple[str, int], Upcaster] = {}

E = TypeVar("E", bound=type[Event])


def named(name: str, *, schema: int = 1) -> Callable[[E], E]:
    """
    Set the stored name of an event class, which outlives any renaming of the class.

    Raises:
        TypeError: If the name is taken (a programming error).
    """

    def register(cls: E) -> E:
        if name in EVENT_TYPES:
            msg = f"event name {name!r} is taken by {EVENT_TYPES[name].__qualname__}"
            raise TypeError(msg)
        cls.NAME = name
        cls.SCHEMA = schema
        EVENT_TYPES[name] = cls
        return cls

    return register


def upcasts(name: str, *, schema: int) -> Callable[[Upcaster], Upcaster]:
    """
    Let a function turn stored fields of *schema* into those of the next schema.

    Stored events are never rewritten: each is read through the upcasters of every
    schema since it was written.

    Raises:
        TypeError: If there is one already (a programming error).
    """

    def register(upcaster: Upcaster) -> Upcaster:
        if (name, schema) in UPCASTERS:
            msg = f"event {name!r}, schema {schema} has an upcaster already"
            raise TypeError(msg)
        UPCASTERS[(name, schema)] = upcaster
        return upcaster

    return register
