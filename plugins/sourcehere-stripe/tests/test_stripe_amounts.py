"""
How Stripe counts money.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere import Money
from sourcehere.ports.errors import DeclinedError
from sourcehere_stripe.amounts import from_stripe, to_stripe

SAME = [
    # As the tables in "Supported currencies" have them.
    ("USD", 1_234, 1_234),
    ("JPY", 500, 500),
    ("KRW", 500, 500),
    ("VND", 500, 500),
    ("KWD", 1_230, 1_230),
    ("TND", 10, 10),
    ("ISK", 5, 500),
    ("UGX", 5, 500),
    ("MGA", 1_200, 12),
    ("HUF", 45_015, 45_015),
    ("TWD", 80_045, 80_045),
]


@pytest.mark.parametrize(("currency", "minor", "told"), SAME)
def test_amounts_are_written_and_read_as_stripe_counts(currency, minor, told):
    """
    In minor units, with its exceptions; below zero, too.
    """
    assert told == to_stripe(Money(minor, currency))
    assert Money(minor, currency) == from_stripe(told, currency.lower())
    assert Money(-minor, currency) == from_stripe(-told, currency.lower())


@pytest.mark.parametrize(
    ("currency", "minor"), [("KWD", 1_234), ("BHD", 5), ("MGA", 1_201), ("MGA", 1)]
)
def test_what_stripe_cannot_count_is_declined(currency, minor):
    """
    Never rounded.
    """
    with pytest.raises(DeclinedError, match=f"takes {currency} in steps of 10"):
        to_stripe(Money(minor, currency))


def test_a_part_of_a_krona_makes_no_sense():
    """
    Its last two digits are always zero.
    """
    with pytest.raises(ValueError, match="smallest unit of ISK"):
        from_stripe(501, "isk")


@given(st.sampled_from([row[0] for row in SAME]), st.integers(1, 10**8))
def test_what_is_written_is_read_back(currency, minor):
    """
    Whatever can be written at all.
    """
    amount = Money(minor, currency)
    try:
        told = to_stripe(amount)
    except DeclinedError:
        return
    assert amount == from_stripe(told, currency.lower())
