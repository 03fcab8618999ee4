"""
How much, exactly: amounts in minor units of an ISO 4217 currency.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Self

import attrs

from .errors import (
    CurrencyMismatchError,
    InvalidAmountError,
    InvalidInputError,
    UnknownCurrencyError,
)
from .values import frozen

_CODE = re.compile("[A-Z]{3}")
_PLAIN_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_LENGTH_MAX = 40  # of a written amount: longer ones are slow to read, and no amounts
_SHOWN = 80


@lru_cache(maxsize=256)
def exponent_of(currency: str) -> int:
    """
    Return the number of decimals *currency* is counted in: USD 2, JPY 0, KWD 3.

    Source: ISO 4217.

    Raises:
        UnknownCurrencyError: If ISO 4217 does not list the code.
    """
    # It reads an XML file when imported, which not every program needs.
    from iso4217 import Currency  # noqa: PLC0415 - see above

    try:
        exponent = Currency(currency).exponent
    except ValueError:
        raise UnknownCurrencyError(currency=currency) from None
    if exponent is None:
        raise UnknownCurrencyError(currency=currency)
    return int(exponent)


def divide_half_up(numerator: int, denominator: int) -> int:
    """
    Divide to the nearest whole, halves away from zero.
    """
    assert denominator > 0
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


@frozen(order=False)
class Money:
    """
    An exact amount in one currency, counted in minor units.

    Attributes:
        minor: Cents for USD, whole yen for JPY. May be negative.

        currency: ISO 4217 code.

    Raises:
        InvalidInputError: If *minor* is no whole number, or *currency* is no code.
    """

    minor: int
    currency: str

    def __attrs_post_init__(self) -> None:
        """
        Refuse what only looks like an amount, such as `Money(10.5, "USD")`.

        Raises:
            InvalidInputError: If *minor* is no whole number, or *currency* is no code.
        """
        if type(self.minor) is not int:
            raise InvalidInputError(
                field="minor",
                value=self.minor,
                expected='a whole number of minor units; Money.parse("10.50", "USD")'
                " reads decimals",
            )
        if not isinstance(self.currency, str) or not _CODE.fullmatch(self.currency):
            raise InvalidInputError(
                field="currency",
                value=self.currency,
                expected="an ISO 4217 code in capitals, such as USD",
            )

    @classmethod
    def zero(cls, currency: str) -> Self:
        """
        Return an amount of zero in *currency*.
        """
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Self:
        """
        Read a decimal amount in major units, rounding half up to a minor unit.

        Only plain decimal digits of ASCII with a point are read, at most 40 characters,
        so that `1e9`, `1,5` and `Infinity` never become money.

        Raises:
            InvalidInputError: If *text* is no text: a float is never exact.

            InvalidAmountError: If *text* is no plain decimal number.

            UnknownCurrencyError: If ISO 4217 does not list *currency*.
        """
        if not isinstance(text, str):
            raise InvalidInputError(
                field="text", value=text, expected='a text, such as "10.50"'
            )
        exponent = exponent_of(currency)
        stripped = text.strip()
        if len(stripped) > _LENGTH_MAX or not _PLAIN_NUMBER.fullmatch(stripped):
            raise InvalidAmountError(text=text[:_SHOWN], currency=currency)
        try:
            scaled = Decimal(stripped).scaleb(exponent)
        except InvalidOperation:
            raise InvalidAmountError(text=text, currency=currency) from None
        numerator, denominator = scaled.as_integer_ratio()
        return cls(divide_half_up(numerator, denominator), currency)

    @classmethod
    def sum(cls, amounts: Iterable[Self], currency: str) -> Self:
        """
        Add *amounts*; nothing added is zero in *currency*.

        Raises:
            CurrencyMismatchError: If an amount is in another currency.
        """
        total = cls.zero(currency)
        for amount in amounts:
            total = total + amount
        return total

    def split(self, weights: Sequence[int]) -> list[Self]:
        """
        Divide by *weights* without losing or inventing a minor unit.

        Leftover units go to the earliest parts, so the same input always gives
        the same answer.

        Raises:
            ValueError: If no weight is positive, or any is negative.
        """
        if not weights or min(weights) < 0 or sum(weights) == 0:
            msg = "weights need at least one positive value and no negative"
            raise ValueError(msg)  # a programming error, never user input

        total = sum(weights)
        shares = [self.minor * weight // total for weight in weights]
        # Floor division leaves 0 <= leftover < the number of positive weights,
        # for negative amounts too; a part of weight zero stays zero.
        leftover = self.minor - sum(shares)
        parts: list[Self] = []
        for share, weight in zip(shares, weights, strict=True):
            extra = 1 if leftover > 0 and weight > 0 else 0
            leftover -= extra
            parts.append(attrs.evolve(self, minor=share + extra))

        assert sum(part.minor for part in parts) == self.minor
        return parts

    def times_ratio(self, numerator: int, denominator: int) -> Self:
        """
        Multiply by a fraction, rounding half up once.
        """
        return attrs.evolve(
            self, minor=divide_half_up(self.minor * numerator, denominator)
        )

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise CurrencyMismatchError(left=self.currency, right=other.currency)
        return other.minor

    def __add__(self, other: "Money") -> Self:
        return attrs.evolve(self, minor=self.minor + self._same(other))

    def __sub__(self, other: "Money") -> Self:
        return attrs.evolve(self, minor=self.minor - self._same(other))

    def __mul__(self, quantity: int) -> Self:
        return attrs.evolve(self, minor=self.minor * quantity)

    def __neg__(self) -> Self:
        return attrs.evolve(self, minor=-self.minor)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other)

    @property
    def decimal_text(self) -> str:
        """
        The amount in major units as most APIs write it, such as `12.34` for 1234 cents;
        `parse` reads it.

        Raises:
            UnknownCurrencyError: If ISO 4217 does not list the currency.
        """
        exponent = exponent_of(self.currency)
        return f"{Decimal(self.minor).scaleb(-exponent):.{exponent}f}"

    def __str__(self) -> str:
        return f"{self.decimal_text} {self.currency}"
