"""
Amounts as people type them.
"""

import pytest


@pytest.mark.parametrize(
    ("currency", "text", "told"),
    [
        ("EUR", "5.000", "5.000 may be 5 or 5000 EUR; write which it is"),
        ("EUR", "'500.120 eur'", "500.120 may be 500.12 or 500120 EUR"),
        ("JPY", "5.000", "5.000 may be 5 or 5000 JPY"),
        ("EUR", "'5 000'", "'5 000' is no plain decimal amount of EUR"),
        ("EUR", "'EUR 5'", "'EUR 5' is no plain decimal amount of EUR"),
        ("EUR", "'5 000 EUR'", "'5 000' is no plain decimal amount of EUR"),
        ("EUR", "'5 USD'", "cannot combine EUR with USD"),
        ("EUR", "5.001", "it has 2 decimals"),
    ],
)
def test_what_may_mean_another_amount(shell, currency, text, told):
    """
    In half of the world a point parts thousands: nobody pays in a thousandth of it.
    """
    shell.ok(f"sellers add demo --currency {currency}")
    assert told in shell.unmoved(f"wallet top-up {text} --reference T", 2)


@pytest.mark.parametrize(
    ("currency", "text", "amount"),
    [
        ("KWD", "5.000", "5.000"),
        ("EUR", "5000.000", "5000.00"),
        ("EUR", "0.500", "0.50"),
        ("EUR", "5.0000", "5.00"),
        ("JPY", "5000.00", "5000"),
        ("EUR", "'5  eur'", "5.00"),
    ],
)
def test_what_means_one_amount(shell, currency, text, amount):
    """
    Further zeros change nothing.
    """
    shell.ok(f"sellers add demo --currency {currency}")
    shell.ok(f"wallet top-up {text} --reference T")
    assert amount == shell.json("wallet show")["available"]["amount"]
