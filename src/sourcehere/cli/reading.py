"""
Reading what people type: amounts, prices by quantity, quantities, instants, files.
"""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from ..domain.catalog.model import Price
from ..domain.kernel.checks import YEAR_MAX, YEAR_MIN
from ..domain.kernel.clock import end_of_day, start_of_day
from ..domain.kernel.errors import CurrencyMismatchError
from ..domain.kernel.money import Money, exponent_of
from ..domain.kernel.words import counted
from .errors import UsageError

_DIGITS_MAX = 20
_MINOR_MAX = 2**63 - 1  # what every storage keeps
# In half of the world a point parts thousands, as a comma does in the other.
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
_THREE = 3  # letters of a currency; digits between two signs that part thousands
_OWN = "own"  # the platform's own warehouse


def read_money(text: str, currency: str) -> Money:
    """
    Read `12.34` or `12.34 GBP` exactly: more decimals than *currency* has are refused.

    Raises:
        InvalidAmountError: If it is no plain decimal number.

        CurrencyMismatchError: If it names another currency.

        UsageError: If it has too many decimals, may be thousands, or is more than can
            be kept.
    """
    number, named = _parted(text)
    if named and named != currency:
        raise CurrencyMismatchError(left=currency, right=named)
    amount = Money.parse(number, currency)
    if abs(amount.minor) > _MINOR_MAX:
        most = Money(_MINOR_MAX, currency)
        message = f"{number} {currency} is more than can be kept; say at most {most}"
        raise UsageError(message)
    if Decimal(number) != Decimal(amount.minor).scaleb(-exponent_of(currency)):
        decimals = exponent_of(currency)
        message = f"{number} is no amount of {currency}: it has {decimals} decimals"
        raise UsageError(message)
    if _THOUSANDS.fullmatch(number) and exponent_of(currency) != _THREE:
        plain, thousands = number.rstrip("0").rstrip("."), number.replace(".", "")
        message = (
            f"{number} may be {plain} or {thousands} {currency}; write which it is"
        )
        raise UsageError(message)
    return amount


def _parted(text: str) -> tuple[str, str]:
    """
    Return the number and the currency behind it, empty where there is none.
    """
    number, _, named = text.strip().rpartition(" ")
    is_code = len(named) == _THREE and named.isascii() and named.isalpha()
    return (
        (number.rstrip(), named.upper()) if number and is_code else (text.strip(), "")
    )


def read_prices(texts: Iterable[str], currency: str) -> tuple[Price, ...]:
    """
    Read unit prices by quantity, such as `1.80 100:1.50`.

    Raises:
        UsageError: If a quantity is no number, or named twice.
    """
    found: dict[int, Price] = {}
    for text in (word for given in texts for word in given.split()):
        start, separator, price = text.rpartition(":")
        quantity = read_count(start, "a quantity") if separator else 1
        if quantity in found:
            message = f"prices: there are two from {counted(quantity, 'unit')} on"
            raise UsageError(message)
        found[quantity] = Price(read_money(price, currency), quantity)
    return tuple(found.values())


def read_count(text: str, what: str, *, least: int = 0) -> int:
    """
    Read a whole number that is not less than *least*.

    Raises:
        UsageError: If it is none.
    """
    is_written = text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX
    if not is_written or int(text) < least:
        message = f"{text!r} is not {what}, such as 3"
        raise UsageError(message)
    return int(text)


def read_quantities(texts: Sequence[str], what: str) -> dict[str, int]:
    """
    Read `NAME=QUANTITY` words; there is at least one of each.

    Raises:
        UsageError: If a word is none, a quantity is zero, or a name comes twice.
    """
    found: dict[str, int] = {}
    for text in texts:
        name, separator, quantity = text.rpartition("=")
        if not separator or not name:
            message = f"{text!r}: write {what}=QUANTITY, such as {what}=3"
            raise UsageError(message)
        if name in found:
            message = f"{name} is named twice"
            raise UsageError(message)
        found[name] = read_count(quantity, "a quantity", least=1)
    return found


def read_span(*, hours: int = 0, seconds: int = 0) -> timedelta:
    """
    Read how long something lasts.

    Raises:
        UsageError: If it is less than nothing, or longer than can be counted.
    """
    said = f"{hours} hours" if hours else f"{seconds} seconds"
    if hours < 0 or seconds < 0:
        message = f"{said} are less than no time"
        raise UsageError(message)
    try:
        return timedelta(hours=hours, seconds=seconds)
    except OverflowError:
        message = f"{said} are more than can be counted"
    raise UsageError(message)


def read_until(text: str, zone: str) -> datetime:
    """
    Read until when something lasts, as ISO 8601 has it: a time without a zone is UTC,
    and a day without a time lasts until it ends in *zone*.

    Raises:
        UsageError: If it is none.
    """
    day = _day(text)
    return _time(text) if day is None else end_of_day(day, zone)


def read_instant(text: str, zone: str) -> datetime:
    """
    Read when something happened, as ISO 8601 has it: a time without a zone is UTC, and
    a day without a time is when it begins in *zone*.

    Raises:
        UsageError: If it is none.
    """
    day = _day(text)
    return _time(text) if day is None else start_of_day(day, zone)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    if not YEAR_MIN <= day.year <= YEAR_MAX:
        message = f"{text!r} is no day from {YEAR_MIN} to {YEAR_MAX}"
        raise UsageError(message)
    return day


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is no day or time such as 2030-12-31 or 2030-12-31T18:00Z"
        raise UsageError(message) from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def read_text(path: Path) -> str:
    """
    Read a text file, with or without BOM.

    Raises:
        UsageError: If it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        message = f"{path}: {error.strerror or error}"
    except UnicodeDecodeError:
        message = f"{path}: is not UTF-8 text"
    raise UsageError(message)


def read_object(path: Path) -> dict[str, object]:
    """
    Read a JSON object.

    Raises:
        UsageError: If the file cannot be read, or holds something else.
    """
    found = read_json(path)
    if not isinstance(found, dict):
        message = f"{path}: expected a JSON object, {{...}}"
        raise UsageError(message)
    return found


def read_json(path: Path) -> object:
    """
    Read a JSON document.

    Raises:
        UsageError: If the file cannot be read, or is not JSON.
    """
    try:
        return parse_json(read_text(path))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        message = f"{path}: is not JSON: {error.msg} in {place}"
    except RecursionError:
        message = f"{path}: is nested too deeply"
    except ValueError as error:
        message = f"{path}: {error}"
    raise UsageError(message)


def parse_json(text: str) -> object:
    """
    Read a JSON document as it is written: nothing twice, nothing that is no JSON.

    Raises:
        ValueError: If an object has a name twice, of which one would be lost, or a
            number is endless or no number.

        RecursionError: If it is nested too deeply.
    """
    found: object = json.loads(
        text,
        object_pairs_hook=_object,
        parse_constant=_refuse_constant,
        parse_int=_whole,
    )
    return found


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        message = f"{twice!r} is there twice in one object"
        raise ValueError(message)
    return made


def _refuse_constant(name: str) -> object:
    message = f"{name} is no number that JSON has"
    raise ValueError(message)


def _whole(digits: str) -> int:
    if len(digits) > _DIGITS_MAX:
        message = f"a number of {len(digits)} digits is too large"
        raise ValueError(message)
    return int(digits)


def read_place(text: str) -> str | None:
    """
    Read where a parcel leaves from: a warehouse, empty for the platform's own, None
    where nothing is said.
    """
    return "" if text == _OWN else text or None
