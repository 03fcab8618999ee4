"""
Binary fractions as exact amounts.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere import Money
from sourcehere_karrio.amounts import exact
from sourcehere_karrio.measures import centimetres, kilograms


@given(st.integers(0, 10**12))
def test_every_amount_of_cents_comes_back(cents):
    """
    From a text, and from the fraction that JSON makes of it.
    """
    money = Money(cents, "USD")
    assert money == exact(money.decimal_text, "USD")
    assert money == exact(float(money.decimal_text), "USD")


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [
        (12, "USD", 1_200),
        (1200.0, "JPY", 1_200),
        ("1.250", "KWD", 1_250),
        ("7.580", "USD", 758),
        (0.07, "EUR", 7),
    ],
)
def test_what_fits_is_taken(value, currency, minor):
    """
    A zero more is no difference.
    """
    assert Money(minor, currency) == exact(value, currency)


@pytest.mark.parametrize(
    ("value", "currency"),
    [
        (0.1 + 0.2, "USD"),
        (1.005, "USD"),
        (1200.5, "JPY"),
        (1.25, "KWD"),  # karrio rounded it
        (float("nan"), "USD"),
        (float("inf"), "USD"),
        (1e22, "USD"),
        ("1,50", "USD"),
        ("1e3", "USD"),
        (True, "USD"),
        (None, "USD"),
        ([1], "USD"),
        (1.5, "XYZ"),
        (1.5, "usd"),
        (12345678901234.56, "USD"),
    ],
)
def test_what_does_not_fit_is_refused(value, currency):
    """
    Nothing is rounded in silence.
    """
    with pytest.raises(ValueError):  # noqa: PT011 - each has words of its own
        exact(value, currency)


@given(st.integers(0, 10**9))
def test_weights_and_sides_are_written_as_they_are(whole):
    """
    No decimals beyond those that there are.
    """
    assert whole == round(kilograms(whole) * 1_000)
    assert len(repr(kilograms(whole)).partition(".")[2]) <= 3
    assert len(repr(centimetres(whole)).partition(".")[2]) <= 1
