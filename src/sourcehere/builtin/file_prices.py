"""
What the amounts of a shop's file are worth: in which currency, for a line or a unit.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

from ..domain.kernel.errors import InvalidAmountError, UnknownCurrencyError
from ..domain.kernel.money import Money, divide_half_up, exponent_of
from ..domain.stores.model import Charge
from .file_cells import Amount, BadValueError, code_of
from .file_config import FileStoreConfig
from .file_layout import Layout
from .file_lines import LineSaid
from .file_rows import ChargeSaid, RowSaid

_MINOR_MAX = 10**15  # beyond any price; thousands of lines still add up in 64 bits
_STORED_MAX = 2**63 - 1
_REMEMBERED = 2048
_DOLLARS = frozenset(
    {"ARS", "AUD", "BBD", "BMD", "BND", "BOB", "BRL", "BSD", "BZD", "CAD", "CLP", "COP"}
    | {"CUP", "DOP", "FJD", "GYD", "HKD", "JMD", "KYD", "LRD", "MOP", "MXN", "NAD"}
    | {"NIO", "NZD", "SBD", "SGD", "SRD", "TOP", "TTD", "TWD", "USD", "UYU", "WST"}
    | {"XCD"}
)
_YENS = frozenset({"JPY", "CNY"})
# Of the currencies that write amounts with a sign.
_SIGNS = {
    "$": _DOLLARS,
    "¥": _YENS,
    "￥": _YENS,
    "kr": frozenset({"SEK", "NOK", "DKK", "ISK"}),
}
_USUAL = {"$": "USD", "¥": "JPY", "￥": "JPY"}
_GROUP = 3  # digits between two marks of thousands


class Pricing:
    """
    Makes money of amounts.

    A cell's own currency counts, else that of its order, else the configured one, else
    the only one that the file has anywhere. A sign that several currencies have has to
    be of that one; where only the sign is told, `$` is the US dollar's and `¥` the yen.
    """

    def __init__(
        self, config: FileStoreConfig, layout: Layout, rows: Iterable[RowSaid]
    ) -> None:
        self._config = config
        self._is_line_price = layout.profile.is_line_price
        self._configured = config.currency
        self._rows = rows

    @cached_property
    def _otherwise(self) -> str:
        """
        The currency of what says none; looked for when it is needed, in all records.
        """
        if self._configured:
            return self._configured
        found = set(_currencies(self._rows))
        return found.pop() if len(found) == 1 else ""

    def unit_price(self, line: LineSaid, currency: str) -> Money | None:
        """
        Return the price of a unit, rounded half up; None where none is told.

        Raises:
            BadValueError: If nothing says its currency, or it is too large.
        """
        if line.amount is None:
            return None
        price = self._money(line.amount, currency)
        if not self._is_line_price:
            return price
        if not line.quantity:
            return None
        return Money(divide_half_up(price.minor, line.quantity), price.currency)

    def charge(self, number: str, said: ChargeSaid, currency: str) -> Charge:
        """
        Return a charge; its amount is unknown if it cannot be read.
        """
        minor: int | None = None
        code = currency or self._otherwise
        if said.amount is not None and said.quantity is not None:
            try:
                price = self._money(said.amount, currency)
            except BadValueError:
                minor = None
            else:
                code = price.currency
                minor = price.minor * (1 if self._is_line_price else said.quantity)
        return Charge(
            row=said.row,
            external_id=number,
            code=said.code,
            currency=code,
            amount_minor=minor if minor is None or abs(minor) <= _STORED_MAX else None,
            amount_text=said.text,
        )

    def _signed(self, sign: str, code: str) -> str:
        """
        Return the currency of an amount that has a sign of several.

        Raises:
            BadValueError: If its order is in a currency that has another sign.
        """
        shared = _SIGNS[sign]
        if code and code not in shared:
            msg = f"unit_price has the sign {sign}, and currency is another"
            raise BadValueError(msg)
        if code:
            return code
        otherwise = self._otherwise
        return otherwise if otherwise in shared else _USUAL.get(sign, "")

    def _money(self, written: Amount, currency: str) -> Money:
        code = written.currency or currency
        if written.sign:
            code = self._signed(written.sign, code)
        elif not code:
            code = self._otherwise
        if not code:
            msg = "unit_price has no currency; configure `currency`, or say --currency"
            raise BadValueError(msg)
        return _price(written, code)


@lru_cache(maxsize=_REMEMBERED)
def _price(written: Amount, code: str) -> Money:
    """
    Return what an amount is in a currency.

    Raises:
        BadValueError: If there is no such currency, it could be a thousand or one, or
            it is too large.
    """
    try:
        price = Money.parse(_certain(written, exponent_of(code)), code)
    except UnknownCurrencyError:
        msg = "currency is no ISO 4217 code"
        raise BadValueError(msg) from None
    except InvalidAmountError:
        msg = "unit_price is too large"
        raise BadValueError(msg) from None
    if abs(price.minor) > _MINOR_MAX:
        msg = "unit_price is too large"
        raise BadValueError(msg)
    return price


def _certain(written: Amount, decimals: int) -> str:
    """
    Return the number that an amount is in a currency of so many decimals.

    Raises:
        BadValueError: If it could be a thousand or a thousandth.
    """
    if not written.is_either or decimals == _GROUP:
        return written.text
    if decimals:
        msg = "unit_price could be a thousand or one; configure `decimal`"
        raise BadValueError(msg)
    return written.text.replace(".", "")  # nothing is smaller than one


def _currencies(rows: Iterable[RowSaid]) -> Iterator[str]:
    for row in rows:
        if "currency" in row.facts:
            yield code_of(row.facts["currency"])
        for line in row.lines:
            if line.amount is not None and line.amount.currency:
                yield line.amount.currency
