"""
Prices, which karrio tells as binary fractions, as exact amounts.

The shortest decimal that is the same binary fraction (`repr`) is what the carrier
wrote, as long as it has no more than 15 digits. Nothing is computed with fractions, and
nothing is rounded: what does not fit the currency is refused.
"""

from decimal import Decimal

from sourcehere import Money
from sourcehere.domain.kernel.errors import CallerError
from sourcehere.domain.kernel.money import exponent_of

_DIGITS_MAX = 15  # of a decimal that a binary fraction still tells from its neighbours
_ROUNDED_TO = 2  # decimals, by karrio, whatever the currency


def exact(value: object, currency: str) -> Money:
    """
    Return an amount to the minor unit.

    Raises:
        ValueError: If it is none, or none in that currency.
    """
    text = _text(value)
    try:
        amount = Money.parse(text, currency)
        is_rounded = isinstance(value, float) and exponent_of(currency) > _ROUNDED_TO
    except CallerError:
        msg = f"{text[:40]} {currency} is no amount"
        raise ValueError(msg) from None
    if is_rounded:
        msg = f"karrio rounds to {_ROUNDED_TO} decimals, and {currency} has more"
        raise ValueError(msg)
    if Decimal(amount.decimal_text) != Decimal(text):
        msg = f"{text} {currency} is no whole number of minor units"
        raise ValueError(msg)
    return amount


def _text(value: object) -> str:
    if isinstance(value, float):
        text = repr(value)
        if sum(letter.isdigit() for letter in text) > _DIGITS_MAX:
            msg = f"{text} has more digits than a binary fraction keeps"
            raise ValueError(msg)
        return text
    if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
        return str(value)
    msg = f"a {type(value).__name__} is no amount"
    raise ValueError(msg)
