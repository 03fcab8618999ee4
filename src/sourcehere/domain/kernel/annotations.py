"""
Values checked by their annotations: what was promised is what we get.

Callers' arguments (`face.arguments`) and plugins' answers (`doors`) are checked by it.
"""

import enum
import types
import typing
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from functools import cache
from itertools import chain
from typing import Annotated, Any, get_args, get_origin

import attrs

from .checks import (
    LINE_MAX,
    TEXT_MAX,
    WHOLE_MAX,
    Check,
    CheckedBy,
    Most,
    Unshown,
    check_day,
    check_flag,
    check_instant,
    check_json,
    check_money,
    check_text,
    check_whole,
    refuse,
    refuse_kind,
    unshown,
)
from .errors import InvalidInputError
from .money import Money
from .plain import Look, looks_at
from .values import frozen
from .words import with_article

_LISTS = (tuple, list)

_PLAIN: dict[Any, Check] = {
    int: check_whole,
    bool: check_flag,
    datetime: check_instant,
    date: check_day,
    Money: check_money,
    object: check_json,
}


@cache
def check_for(hint: Any, most: int = TEXT_MAX) -> Check:
    """
    Return what accepts values of the annotation *hint*, and refuses others.

    Args:
        most: Characters of a text whose annotation does not say (`Link`, `Prose`).
    """
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    if hint in _PLAIN:
        return _PLAIN[hint]
    if get_args(hint):
        return _check_for_generic(get_origin(hint), get_args(hint), most)
    return _check_for_class(hint, most)


def _check_for_class(hint: Any, most: int) -> Check:
    if hint is str:
        return _text(most)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return _member(hint)
    if isinstance(hint, type) and attrs.has(hint):
        return _record(hint, most)
    return _anything


def _check_for_generic(origin: Any, inner: tuple[Any, ...], most: int) -> Check:
    if origin is Annotated:
        for note in inner[1:]:
            if isinstance(note, CheckedBy):
                return note.check
        said = [note.characters for note in inner[1:] if isinstance(note, Most)]
        check = check_for(inner[0], said[0] if said else most)
        is_hidden = any(isinstance(note, Unshown) for note in inner[1:])
        return unshown(check) if is_hidden else check
    if origin in (types.UnionType, typing.Union):
        return _one_of(inner, most)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(inner[0], inner[1], most)
    if isinstance(origin, type) and issubclass(origin, Iterable):
        return _items(origin, inner[0], most)
    return _anything


def _text(most: int) -> Check:
    def check(field: str, value: Any) -> None:
        check_text(field, value, most)

    return check


def _anything(_field: str, _value: Any) -> None:
    """
    A function, or something of a plugin's: whoever calls it will see.
    """


def _member(kind: type[enum.Enum]) -> Check:
    def check(field: str, value: Any) -> None:
        if not isinstance(value, kind):
            refuse(field, value, _expected_member(kind, value))

    return check


def _expected_member(kind: type[enum.Enum], value: object) -> str:
    """
    Say how a text becomes a member, as one that came as JSON, or which ones there are.
    """
    name, values = kind.__name__, [member.value for member in kind]
    # A plugin's kind of text may look like anything, and so does another enum's member.
    text = str.__str__(value) if isinstance(value, str) else None
    if text in [one for one in values if isinstance(one, str)]:
        return f"{with_article(name)}; {name}({text!r}) makes one of the text"
    return f"{with_article(name)}: one of {', '.join(map(str, values))}"


def _one_of(hints: tuple[Any, ...], most: int) -> Check:
    choices = [h for h in hints if h is not types.NoneType]
    checks = [check_for(hint, most) for hint in choices]
    may_be_none = len(choices) < len(hints)
    first = checks[0]

    def check_if_there(field: str, value: Any) -> None:
        if value is not None:
            first(field, value)

    if may_be_none and len(checks) == 1:
        return check_if_there

    def check(field: str, value: Any) -> None:
        is_absent = value is None and may_be_none
        if not is_absent and not _fits(checks[:-1], field, value):
            checks[-1](field, value)

    return check


def _fits(checks: Iterable[Check], field: str, value: Any) -> bool:
    for check in checks:
        try:
            check(field, value)
        except InvalidInputError:
            continue
        return True
    return False


def _mapping(key: Any, item: Any, most: int) -> Check:
    # A name is no prose, whatever the values are.
    check_key, check_item = check_for(key, min(most, LINE_MAX)), check_for(item, most)

    def check(field: str, value: Any) -> None:
        if not isinstance(value, Mapping):
            refuse_kind(field, value, "a mapping")
        for name, one in value.items():
            check_key(f"{field}: a name", name)
            check_item(f"{field}: {name}", one)

    return check


def _items(origin: type, item: Any, most: int) -> Check:
    check_item = check_for(item, most)
    # What can be walked only once could not be checked and then used.
    needed: Any = Sequence if issubclass(origin, Sequence) else Collection
    if issubclass(origin, AbstractSet):
        needed = AbstractSet

    takes_lists = needed is not AbstractSet
    is_record = isinstance(item, type) and attrs.has(item) and item not in _PLAIN
    are_usual = _are_usual(item, most) if is_record else None

    def check(field: str, value: Any) -> None:
        is_list = takes_lists and type(value) in _LISTS
        if is_list and are_usual is not None and are_usual(value):
            return
        if not is_list and (
            isinstance(value, (str, bytes, Mapping)) or not isinstance(value, needed)
        ):
            refuse_kind(field, value, "a set" if needed is AbstractSet else "a list")
        for number, one in enumerate(value):
            check_item(f"{field}[{number}]", one)

    return check


@frozen
class _Fields:
    """
    How the fields of a record are checked.

    Attributes:
        checks: Of all of them.

        looks: What reads those that are alike, with what tells whether they are usual.

        others: The checks of those that are not looked at so.
    """

    checks: Mapping[str, Check]
    looks: Sequence[Look]
    others: Mapping[str, Check]


@cache
def _fields(kind: Any, most: int) -> _Fields:
    hints = typing.get_type_hints(kind, include_extras=True)
    checks = {f.name: check_for(hints[f.name], most) for f in attrs.fields(kind)}
    texts = [name for name in checks if hints[name] is str]
    wholes = [name for name, one in checks.items() if one is check_whole]
    flags = [name for name, one in checks.items() if one is check_flag]
    looks = looks_at(texts, wholes, flags, length=most, size=WHOLE_MAX)
    seen = {*texts, *wholes, *flags}
    for field in attrs.fields(kind):
        if "is_personal" in field.metadata:
            checks[field.name] = unshown(checks[field.name])
    others = {name: one for name, one in checks.items() if name not in seen}
    return _Fields(checks, looks, others)


def _are_usual(kind: Any, most: int) -> Callable[[Sequence[Any]], bool]:
    """
    Return what tells whether records are of that very *kind* and usual, all at once.
    """
    fields, kinds = _fields(kind, most), frozenset({kind})

    def are_usual(values: Sequence[Any]) -> bool:
        if not kinds.issuperset(map(type, values)):
            return False
        for read, is_usual in fields.looks:
            if not is_usual(chain.from_iterable(map(read, values))):
                return False
        try:
            for name, one in fields.others.items():
                for value in values:
                    one(name, getattr(value, name))
        except InvalidInputError:
            return False  # and the check of each says which it is
        return True

    return are_usual


def _record(kind: Any, most: int) -> Check:
    fields = _fields(kind, most)

    def check(field: str, value: Any) -> None:
        if not isinstance(value, kind):
            refuse_kind(field, value, with_article(kind.__name__))
        # Texts are mostly short and plain, and numbers small: then they are looked at
        # all at once.
        unseen = fields.others
        for read, is_usual in fields.looks:
            if not is_usual(read(value)):
                unseen = fields.checks
        for name, one in unseen.items():
            one(f"{field}.{name}", getattr(value, name))

    return check
