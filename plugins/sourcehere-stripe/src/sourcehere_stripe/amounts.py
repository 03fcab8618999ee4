"""
How Stripe counts money: in minor units, with exceptions.

Sources: Stripe's documentation, "Supported currencies": "Zero-decimal currencies",
"Three-decimal currencies" and "Special cases"; ISO 4217 for how `Money` counts them.
"""

from sourcehere.domain.kernel.money import Money, exponent_of
from sourcehere.ports.errors import DeclinedError

from .names import PROVIDER

# The ariary has hundredths in ISO 4217, and none at Stripe.
_WHOLE = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF"}
    | {"VND", "VUV", "XAF", "XOF", "XPF"}
)
_THOUSANDTHS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
# ISK and UGX have no decimals in ISO 4217, and are written with two here, both zero.
# HUF and TWD have two in both; only payouts of them are whole.
_DECIMALS = 2


def to_stripe(amount: Money) -> int:
    """
    Return an amount as Stripe wants it: 500 for 5 ISK, 12.34 USD as 1234.

    Raises:
        DeclinedError: If Stripe has no such amount, such as 1 fils of a dinar: it takes
            three-decimal currencies in tens, and ariary without hundredths.
    """
    decimals = _decimals(amount.currency)
    shift = decimals - exponent_of(amount.currency)
    step = 10 if amount.currency in _THOUSANDTHS else _power(-shift)
    if amount.minor % step:
        detail = f"Stripe takes {amount.currency} in steps of {step} minor units"
        raise DeclinedError(provider=PROVIDER, detail=detail)
    return amount.minor * _power(shift) // _power(-shift)


def from_stripe(told: int, code: str) -> Money:
    """
    Return what Stripe told as an amount.

    Raises:
        ValueError: If it is no whole number of our minor units.

        CallerError: If it is no number, or *code* no currency.
    """
    currency = code.upper()
    shift = _decimals(currency) - exponent_of(currency)
    minor, rest = divmod(told * _power(-shift), _power(shift))
    if rest:
        msg = f"a part of the smallest unit of {currency}"
        raise ValueError(msg)
    return Money(minor, currency)


def _power(shift: int) -> int:
    return int(10 ** max(shift, 0))


def _decimals(currency: str) -> int:
    if currency in _WHOLE:
        return 0
    return 3 if currency in _THOUSANDTHS else _DECIMALS
