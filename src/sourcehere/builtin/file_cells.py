"""
What is written in a cell: numbers, amounts, times, texts; as shops and spreadsheets
write them.
"""

import re
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from ..domain.kernel.values import frozen

_QUANTITY_MAX = 10**9
_GROUP = 3  # digits between two marks of thousands
_NOON = 12
_REMEMBERED = 2048  # quantities and prices, which come again and again
_WHOLE = re.compile(r"([+-]?[0-9]{1,10})(?:[.,]0+)?")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]{3})+")
_EITHER = re.compile(r"0*[1-9][0-9]{0,2}[.,][0-9]{3}")
NOT_PLAIN = frozenset("=' \t\r\n")  # with what a cell begins that is to be looked at
_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
_AMOUNT = re.compile(r"(?P<sign>[+-]?)(?P<digits>[0-9][0-9.,'\u2019 ]*|[.,][0-9]+)")
# The forms of East Asian keyboards.
_WIDE = {0xFF01 + place: 0x21 + place for place in range(0x5E)}
_CODE = re.compile(r"[A-Za-z]{3}")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2007]+")
_SYMBOLS = {
    "€": "EUR",
    "£": "GBP",
    "¥": "",
    "￥": "",
    "CN¥": "CNY",
    "JP¥": "JPY",
    "R$": "BRL",
    "US$": "USD",
    "US $": "USD",
    "C$": "CAD",
    "CA$": "CAD",
    "A$": "AUD",
    "AU$": "AUD",
    "AU $": "AUD",
    "NZ$": "NZD",
    "MX$": "MXN",
    "HK$": "HKD",
    "S$": "SGD",
    "₹": "INR",
    "₽": "RUB",
    "₩": "KRW",
    "₺": "TRY",
    "zł": "PLN",
    "฿": "THB",
    "₱": "PHP",
    "₫": "VND",
    "₪": "ILS",
    "₴": "UAH",
    "Rp": "IDR",
    "RM": "MYR",
    "kr": "",
    "$": "",
}
_LONGEST_FIRST = sorted(_SYMBOLS, key=len, reverse=True)
_NAMES = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]
_MONTHS = {name: f"{number:02}" for number, name in enumerate(_NAMES, start=1)}
_MONTH = re.compile(r"\b([A-Za-z]{3})[a-z]*\.?(?=[\s,\-/.]|$)")
_HALF = re.compile(r"(\d{1,2})(:\d{2}(?::\d{2})?)\s*([AaPp])\.?[Mm]\.?")


class BadValueError(Exception):
    """
    A cell that cannot be read; the text names the column, and of the value no more than
    a digit.
    """


@frozen
class Amount:
    """
    A price as it is written.

    Attributes:
        text: A plain decimal number with a point.

        currency: Of the cell itself; empty where it has none.

        sign: Of several currencies, such as `$`; empty where it has none.

        is_either: Whether three digits follow its only mark, so that it is a thousand
            or a thousandth; *text* is as if it parted decimals.
    """

    text: str
    currency: str = ""
    sign: str = ""
    is_either: bool = False

    @property
    def is_negative(self) -> bool:
        """
        Whether it is below 0, be it by a tenth of a cent.
        """
        return self.text.startswith("-") and Decimal(self.text) < 0


def plain_text(cell: str) -> str:
    """
    Return the text that a cell stands for: spreadsheets keep `00123` as `="00123"` or
    behind an apostrophe.
    """
    if not cell or cell[0] not in NOT_PLAIN:
        return cell  # mostly so
    text = cell.strip("\t\r\n ")
    found = _FORMULA.fullmatch(text)
    if found:
        return found[1].replace('""', '"')
    return text[1:] if text.startswith("'") else cell


def is_guarded(cell: str) -> bool:
    """
    Tell whether a cell begins with an apostrophe that a spreadsheet shows nowhere.
    """
    return cell.lstrip().startswith("'")


def code_of(currency: str) -> str:
    """
    Return a currency's code, in capital letters and without the quotes that Wix puts
    around it beside those of the file.
    """
    return currency.strip("\"' ").upper()


def digits_of(text: str) -> str:
    """
    Return a text with wide digits and signs, and spaces of any kind, as plain ones.
    """
    return _SPACES.sub(" ", text).translate(_WIDE).strip()


def require_digits(text: str, column: str) -> None:
    """
    Refuse digits of other scripts, which Python reads in some places and not in others.

    Raises:
        BadValueError: If there is one; it names the digit.
    """
    foreign = foreign_digit(text)
    if foreign:
        msg = f"{column} has the digit {foreign!r}; only 0 to 9 are read"
        raise BadValueError(msg)


def foreign_digit(text: str) -> str:
    """
    Return the first digit of another script; empty where there is none.
    """
    if text.isascii():
        return ""
    return next((c for c in text if c.isdigit() and not c.isascii()), "")


@lru_cache(maxsize=_REMEMBERED)
def whole_number(text: str, column: str, *, decimal: str) -> int:
    """
    Read a quantity: `1.0` is 1; `1,000` is a thousand only where *decimal* says that
    the comma parts thousands.

    Raises:
        BadValueError: If it is none, or too large.
    """
    written = digits_of(text)
    require_digits(written, column)
    thousands = {".": ",", ",": "."}.get(decimal, "")
    if thousands and thousands in written and _THOUSANDS.fullmatch(written):
        written = written.replace(thousands, "")
    found = _WHOLE.fullmatch(written)
    is_grouped = _THOUSANDS.fullmatch(written) is not None
    if found is None or is_grouped or abs(int(found[1])) > _QUANTITY_MAX:
        msg = f"{column} is no whole number up to a thousand million"
        raise BadValueError(msg)
    return int(found[1])


@lru_cache(maxsize=_REMEMBERED)
def amount(text: str, column: str, *, decimal: str) -> Amount:
    """
    Read a price, with its currency if the cell has one.

    Where both `.` and `,` are written, the last parts the decimals. One alone does
    unless three digits follow it: then it may part thousands as well, unless *decimal*
    says which.

    Raises:
        BadValueError: If it is none.
    """
    written = digits_of(text)
    currency, bare, sign = _currency_in(written)
    found = _AMOUNT.fullmatch(bare)
    if found is None:
        require_digits(bare, column)
        msg = f"{column} is no amount"
        raise BadValueError(msg)
    digits = re.sub(r"['\u2019 ]", "", found["digits"])
    is_either = not decimal and bool(_EITHER.fullmatch(digits))
    whole, cents = _parted(digits, column, decimal=decimal)
    number = f"{found['sign'].replace('+', '')}{whole or '0'}"
    number = f"{number}.{cents}" if cents else number
    return Amount(number, currency, sign, is_either)


def _currency_in(text: str) -> tuple[str, str, str]:
    """
    Return the currency of an amount, the amount without it, and the sign that several
    currencies have.
    """
    sign = ""
    if text[:1] in "+-" and text[1:2] and not text[1].isdigit():
        sign, text = text[0], text[1:].strip()
    for symbol in _LONGEST_FIRST:
        if symbol in text:
            before, _, behind = text.partition(symbol)
            bare = sign + (before + behind).strip()
            shared = "" if _SYMBOLS[symbol] else symbol
            return _SYMBOLS[symbol], bare.replace("- ", "-"), shared
    parts = text.split(" ")
    for place in (0, -1):
        if len(parts) > 1 and _CODE.fullmatch(parts[place]):
            code = parts.pop(place).upper()
            return code, sign + "".join(parts), ""
    return "", sign + text, ""


def _parted(digits: str, column: str, *, decimal: str) -> tuple[str, str]:
    """
    Part a number's digits into those before and those behind its decimal point.
    """
    marks = [c for c in digits if c in ".,"]
    if not marks:
        return digits, ""
    last = marks[-1]
    whole, _, cents = digits.rpartition(last)
    if len(set(marks)) > 1:
        return _without_thousands(whole, last, column), cents
    is_thousands = bool(decimal) and decimal != last and _EITHER.fullmatch(digits)
    if len(marks) > 1 or is_thousands:
        return _without_thousands(digits, "", column), ""
    return whole, cents


def _without_thousands(whole: str, decimal: str, column: str) -> str:
    groups = re.split(r"[.,]", whole)
    is_odd = any(len(group) != _GROUP for group in groups[1:]) or not groups[0]
    if (len(groups) > 1 and is_odd) or (decimal and decimal in whole):
        msg = f"{column} is no amount"
        raise BadValueError(msg)
    return "".join(groups)


def instant(text: str, formats: tuple[str, ...]) -> datetime | None:
    """
    Read a time, months and halves of the day in English; None if no format fits.
    """
    tried: dict[str, str] = {}
    for form in formats:
        shape = _numeric_shape(form)
        if shape not in tried:
            tried[shape] = _in_numbers(text, form)
        try:
            return datetime.strptime(tried[shape], shape)  # noqa: DTZ007 - the zone follows
        except (ValueError, OverflowError):
            continue
    return None


def _numeric_shape(form: str) -> str:
    """
    Return a format without words, which Python reads in the host's language. A month
    that is a word stands where the format has one, and not where a number is.
    """
    shape = form.replace("%b", "<%m>").replace("%B", "<%m>")
    return shape.replace("%I", "%H").replace(" %p", "").replace("%p", "")


def _in_numbers(text: str, form: str) -> str:
    if "%b" in form or "%B" in form:
        text = _MONTH.sub(_month_in_numbers, text, count=1)
    if "%p" in form:
        text = _HALF.sub(_as_24, text)
    return text


def _month_in_numbers(found: "re.Match[str]") -> str:
    number = _MONTHS.get(found[1].casefold())
    return found[0] if number is None else f"<{number}>"


def _as_24(found: "re.Match[str]") -> str:
    hour, is_late = int(found[1]), found[3] in "Pp"
    if not 1 <= hour <= _NOON:
        return found[0]
    return f"{hour % _NOON + _NOON * is_late:02}{found[2]}"
