"""
What may come in, kind by kind: texts, numbers, times, amounts, JSON.

A wrong type, an endless number or a text that no database can hold is refused where it
comes in, by an error that names the field, and never by a driver further in.
`annotations` finds the check of an annotation.
"""

import enum
import math
import re
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any

from .errors import InvalidInputError, SaidOfIt
from .money import Money
from .values import frozen
from .words import with_article

TEXT_MAX = 10_000  # characters
_DAMAGED = re.compile(r"[+-]?[0-9](?:[.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)
# What people type into one line, and what things are found by: a database keeps no
# index of more than some 2,700 bytes.
LINE_MAX = 255
SKU_MAX = LINE_MAX  # as the large shops have it
LINK_MAX = 2_000
STORED_MAX = 10**8  # of one column
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

Check = Callable[[str, Any], None]


@frozen
class Most:
    """
    How many characters a text may have, as part of its annotation.
    """

    characters: int


@frozen
class CheckedBy:
    """
    What accepts a value, in place of what its annotation would say.
    """

    check: Check


@frozen
class Unshown:
    """
    That no error shows the text, as part of its annotation: people wrote it, or it may
    hold credentials, and errors end up in logs.
    """


Link = Annotated[str, Most(LINK_MAX), Unshown()]
Prose = Annotated[str, Most(TEXT_MAX), Unshown()]
Hook = Annotated[str, Unshown()]  # where webhooks go
# The metadata of a record's field that is personal data, or was typed by people.
PERSONAL: Mapping[str, object] = MappingProxyType({"is_personal": True})
NOT_SHOWN = SaidOfIt("(not shown)")


def unshown(check: Check) -> Check:
    """
    Return *check*, with errors that do not show what they refuse.
    """

    def check_unseen(field: str, value: Any) -> None:
        try:
            check(field, value)
        except InvalidInputError as error:
            raise InvalidInputError(
                field=error.field, value=NOT_SHOWN, expected=error.expected
            ) from None

    return check_unseen


_PLAIN = (str, int, float, bytes, date)
_SMALL = (Decimal, enum.Enum, Money)  # shown as they look


def refuse(field: str, value: object, expected: str) -> typing.NoReturn:
    """
    Raise the error that names *field*, showing no more of *value* than a line holds.

    Raises:
        InvalidInputError: Always.
    """
    raise InvalidInputError(field=field, value=_shown(value), expected=expected)


def _shown(value: object) -> object:
    """
    Return a plain value as it is, and of anything else its kind alone: it may hold what
    people typed, or itself, or have no end.
    """
    if isinstance(value, int) and not -INT64 <= value < INT64:
        return SaidOfIt(f"a number of {value.bit_length()} bits")
    if isinstance(value, _SMALL):
        return SaidOfIt(repr(value))
    if value is not None and not isinstance(value, _PLAIN):
        return kind_of(value)
    value = _as_python_shows(value)
    text = value if isinstance(value, str) else repr(value)
    if len(text) > _SHOWN:
        text = text[: _SHOWN - 1] + "…"
        return text.encode("ascii", "backslashreplace").decode()
    return value


def _as_python_shows(value: object) -> object:
    """
    Return a text or a number as a plain one: a plugin's own kind may show itself at any
    length, or not at all.
    """
    if isinstance(value, str) and not isinstance(value, SaidOfIt):
        return str.__str__(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return int.__int__(value)
    return value


def refuse_kind(field: str, value: object, expected: str) -> typing.NoReturn:
    """
    Raise the error for what is no list, mapping or record, where one belongs: a text
    that stands there may be all that people typed.

    Raises:
        InvalidInputError: Always.
    """
    refuse(field, without_text(value), expected)


def require_trimmed(field: str, text: str, *, what: str = "") -> None:
    """
    Refuse a name with blanks before or behind it: it would be another one to us, and
    the same to everybody else.

    Args:
        what: What is expected besides.

    Raises:
        InvalidInputError: If there are some.
    """
    if text != text.strip():
        expected = "without blanks before or behind it"
        refuse(field, text, f"{what}, {expected}" if what else expected)


def without_text(value: object) -> object:
    """
    Return a value as it is, and of a text its kind alone.
    """
    is_text = isinstance(value, (str, bytes))
    return kind_of(value) if is_text else value


def kind_of(value: object) -> SaidOfIt:
    """
    Say what kind of thing a value is, and nothing of what it holds.
    """
    return SaidOfIt(with_article(type(value).__name__))


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


def check_json(field: str, value: Any) -> None:
    """
    Accept what JSON has: None, flags, numbers, texts, lists, and objects of them.

    A configuration is such a value, and may hold a secret: none is shown.

    Raises:
        InvalidInputError: If it is something else, or nested too deeply.
    """
    _check_nested(field, value, _check_leaf)


def check_stored(field: str, value: Any) -> None:
    """
    Accept what rows are made of, and lists and objects of it: None, flags, whole
    numbers of 64 bits, and texts, which may be a whole record as JSON.

    Raises:
        InvalidInputError: If it is something else, or nested too deeply.
    """
    _check_nested(field, value, _check_cell)


def _check_nested(field: str, value: Any, check: Check, depth: int = 0) -> None:
    if depth > DEPTH_MAX:
        refuse(field, "…", f"nested at most {DEPTH_MAX} deep")
    if isinstance(value, Mapping):
        for name, item in value.items():
            check_text(f"{field}: a name", name, LINE_MAX)
            _check_nested(f"{field}.{name}", item, check, depth + 1)
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            _check_nested(f"{field}[{number}]", item, check, depth + 1)
    elif value is not None and not isinstance(value, bool):
        check(field, value)


def _check_cell(field: str, value: Any) -> None:
    if isinstance(value, str):
        check_text(field, value, STORED_MAX)
    else:
        check_int64(field, value)


def _check_leaf(field: str, value: Any) -> None:
    if isinstance(value, str):
        _check_unseen(check_text, field, value)
    elif isinstance(value, int):
        _check_unseen(check_int64, field, value)
    elif not isinstance(value, float):
        refuse(field, kind_of(value), "what JSON has")
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


def check_day(field: str, value: Any) -> None:
    """
    Accept a day.

    Raises:
        InvalidInputError: If it is a time, or is far out of any order's life.
    """
    # A datetime is a date too, but of which day it is depends on the zone.
    if not isinstance(value, date) or isinstance(value, datetime):
        refuse(field, value, "a day (date)")
    if not YEAR_MIN <= value.year <= YEAR_MAX:
        refuse(field, value.isoformat(), f"a day from {YEAR_MIN} to {YEAR_MAX}")


def looks_damaged(text: str) -> bool:
    """
    Tell whether a text is a long number as a spreadsheet rounds it, `5.83871E+17`.
    """
    return "+" in text and bool(_DAMAGED.fullmatch(text.strip()))
