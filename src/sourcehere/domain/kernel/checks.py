"""
Values checked by their annotations: what was promised is what we get.

A wrong type, an endless number or a text that no database can hold is refused where it
comes in, by an error that names the field, and never by a driver further in. Callers'
arguments (`face.arguments`) and plugins' answers (`doors`) are checked by this.
"""

import enum
import math
import types
import typing
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from collections.abc import (
    Set as AbstractSet,
)
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, get_args, get_origin

import attrs

from .errors import InvalidInputError
from .money import Money
from .plain import looks_at
from .values import frozen

TEXT_MAX = 10_000  # characters
# What people type into one line, and what things are found by: a database keeps no
# index of more than some 2,700 bytes.
LINE_MAX = 255
SKU_MAX = LINE_MAX  # as the large shops have it
LINK_MAX = 2_000
DEPTH_MAX = 20  # of a configuration
INT64 = 2**63
WHOLE_MAX = 10**9
MINOR_MAX = 10**13
# Units of one line times a unit price is at most 10**17, so that lines add up in 64
# bits: ninety of the dearest ones do.
LINE_UNITS_MAX = 10**6
PRICE_MAX = 10**11  # minor units
VOLUME_MAX = 10**12  # cubic millimetres: a thousand cubic metres
YEAR_MIN, YEAR_MAX = 1970, 9998
_SHOWN = 80
_LINES = "\n\r\t"
_LISTS = (tuple, list)

Check = Callable[[str, Any], None]


@frozen
class Most:
    """
    How many characters a text may have, as part of its annotation.
    """

    characters: int


Link = Annotated[str, Most(LINK_MAX)]
Prose = Annotated[str, Most(TEXT_MAX)]


def refuse(field: str, value: object, expected: str) -> typing.NoReturn:
    """
    Raise the error that names *field*, showing no more of *value* than a line holds.

    Raises:
        InvalidInputError: Always.
    """
    raise InvalidInputError(field=field, value=_shown(value), expected=expected)


def _shown(value: object) -> object:
    if isinstance(value, int) and not -INT64 <= value < INT64:
        return f"a number of {value.bit_length()} bits"
    text = value if isinstance(value, str) else repr(value)
    if len(text) > _SHOWN:
        text = text[: _SHOWN - 1] + "…"
        return text.encode("ascii", "backslashreplace").decode()
    return value


def check_text(field: str, value: Any, most: int = TEXT_MAX) -> None:
    """
    Accept a text of at most *most* characters that every storage can keep.

    Raises:
        InvalidInputError: If it is no text, too long, or holds control characters or
            half a character.
    """
    if not isinstance(value, str):
        refuse(field, value, "a text")
    if len(value) > most:
        refuse(field, value, f"a text of at most {most} characters")
    if not value.isprintable() and any(_is_unkept(c) for c in value):
        refuse(field, value, "a text without control characters")


def _is_unkept(character: str) -> bool:
    is_control = character < " " or character == "\x7f"
    return (is_control and character not in _LINES) or "\ud800" <= character <= "\udfff"


def check_whole(field: str, value: Any) -> None:
    """
    Accept a whole number of at most a thousand million, such as a quantity or grams.

    Raises:
        InvalidInputError: If it is something else; 1.5, "2" and True are.
    """
    _check_within(field, value, WHOLE_MAX)


def check_int64(field: str, value: Any) -> None:
    """
    Accept a whole number of 64 bits, such as the microseconds of a stored time.

    Raises:
        InvalidInputError: If it is something else.
    """
    _check_within(field, value, INT64 - 1)


def _check_within(field: str, value: Any, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        refuse(field, value, "a whole number")
    if not -most <= value <= most:
        refuse(field, value, f"a whole number from {-most} to {most}")


def check_flag(field: str, value: Any) -> None:
    """
    Accept True and False.

    Raises:
        InvalidInputError: If it is something else.
    """
    if not isinstance(value, bool):
        refuse(field, value, "True or False")


def check_instant(field: str, value: Any) -> None:
    """
    Accept a time that says whose clock it is told by.

    Raises:
        InvalidInputError: If it has no time zone, or is far out of any order's life.
    """
    if not isinstance(value, datetime):
        refuse(field, value, "a time (datetime)")
    if value.utcoffset() is None:
        refuse(field, value.isoformat(), "a time with its zone")
    if not YEAR_MIN <= value.year <= YEAR_MAX:
        refuse(field, value.isoformat(), f"a time from {YEAR_MIN} to {YEAR_MAX}")


def check_money(field: str, value: Any) -> None:
    """
    Accept an exact amount.

    Raises:
        InvalidInputError: If it is no `Money`, or of more than 14 digits.
    """
    if not isinstance(value, Money):
        refuse(field, value, 'Money, such as Money.parse("9.50", "GBP")')
    if type(value.minor) is not int or abs(value.minor) > MINOR_MAX:
        _check_within(f"{field}.minor", value.minor, MINOR_MAX)
    code = value.currency
    if type(code) is not str or not code.isalnum() or len(code) > TEXT_MAX:
        check_text(f"{field}.currency", value.currency)


def check_json(field: str, value: Any, depth: int = 0) -> None:
    """
    Accept what JSON has: None, flags, numbers, texts, lists, and objects of them.

    A configuration is such a value, and may hold a secret: none is shown.

    Raises:
        InvalidInputError: If it is something else, or nested too deeply.
    """
    if depth > DEPTH_MAX:
        refuse(field, "…", f"nested at most {DEPTH_MAX} deep")
    if isinstance(value, Mapping):
        for name, item in value.items():
            check_text(f"{field}: a name", name, LINE_MAX)
            check_json(f"{field}.{name}", item, depth + 1)
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            check_json(f"{field}[{number}]", item, depth + 1)
    elif value is not None and not isinstance(value, bool):
        _check_leaf(field, value)


def _check_leaf(field: str, value: Any) -> None:
    if isinstance(value, str):
        _check_unseen(check_text, field, value)
    elif isinstance(value, int):
        _check_unseen(check_int64, field, value)
    elif not isinstance(value, float):
        refuse(field, f"a {type(value).__name__}", "what JSON has")
    elif not math.isfinite(value):
        refuse(field, value, "a number that JSON has")


def _check_unseen(check: Check, field: str, value: Any) -> None:
    try:
        check(field, value)
    except InvalidInputError as error:
        expected = error.expected
    else:
        return
    refuse(field, "…", expected)


def _check_date(field: str, value: Any) -> None:
    # A datetime is a date too, but of which day it is depends on the zone.
    if not isinstance(value, date) or isinstance(value, datetime):
        refuse(field, value, "a day (date)")
    if not YEAR_MIN <= value.year <= YEAR_MAX:
        refuse(field, value.isoformat(), f"a day from {YEAR_MIN} to {YEAR_MAX}")


_PLAIN: dict[Any, Check] = {
    int: check_whole,
    bool: check_flag,
    datetime: check_instant,
    date: _check_date,
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
        said = [note.characters for note in inner[1:] if isinstance(note, Most)]
        return check_for(inner[0], said[0] if said else most)
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
    first = next(iter(kind)).name

    def check(field: str, value: Any) -> None:
        if not isinstance(value, kind):
            refuse(field, value, f"a {kind.__name__}, such as {kind.__name__}.{first}")

    return check


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
            refuse(field, value, "a mapping")
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

    def check(field: str, value: Any) -> None:
        is_list = takes_lists and type(value) in _LISTS
        if not is_list and (
            isinstance(value, (str, bytes, Mapping)) or not isinstance(value, needed)
        ):
            refuse(field, value, "a set" if needed is AbstractSet else "a list")
        for number, one in enumerate(value):
            check_item(f"{field}[{number}]", one)

    return check


def _record(kind: Any, most: int) -> Check:
    hints = typing.get_type_hints(kind, include_extras=True)
    checks = {f.name: check_for(hints[f.name], most) for f in attrs.fields(kind)}
    texts = [name for name in checks if hints[name] is str]
    wholes = [name for name, one in checks.items() if one is check_whole]
    flags = [name for name, one in checks.items() if one is check_flag]
    looks = looks_at(texts, wholes, flags, length=most, size=WHOLE_MAX)
    others = {
        name: one
        for name, one in checks.items()
        if hints[name] is not str and one not in (check_whole, check_flag)
    }

    def check(field: str, value: Any) -> None:
        if not isinstance(value, kind):
            refuse(field, value, f"a {kind.__name__}")
        # Texts are mostly short and plain, and numbers small: then they are looked at
        # all at once.
        unseen = others
        for read, is_usual in looks:
            if not is_usual(read(value)):
                unseen = checks
        for name, one in unseen.items():
            one(f"{field}.{name}", getattr(value, name))

    return check
