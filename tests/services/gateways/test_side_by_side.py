"""
Two who move the money of one wallet at the same time.

On PostgreSQL, where writers do not wait for each other; elsewhere one is at a time.
"""

import pytest
from between import Between
from payment_world import balances, charged, offered, opened, pay, states, top_up

from sourcehere import Money
from sourcehere.unit.tables.payments import PAYMENTS

pytestmark = pytest.mark.parametrize("new_storage", ["postgresql"], indirect=True)


@pytest.fixture
def between(new_storage):
    """
    A storage in which somebody can come between.
    """
    return Between(new_storage())


@pytest.fixture
def bench(between, cards, violations):
    """
    A bench on it; clean when the test ends.
    """
    yield from opened(between, violations, cards)


def test_what_another_payment_counts_on_is_left_to_it(bench, cards, between):
    """
    Both see the same wallet, and both orders are paid.
    """
    top_up(bench, Money(10_00, "USD"))
    offers = [offered(bench, name) for name in "12"]
    between.behind("find", PAYMENTS.table, lambda: pay(bench, offers[1]))
    paid = pay(bench, offers[0])
    between.others.wait()

    assert ("paid", "") == (paid.state, paid.because)
    assert ["awaiting_shipping"] * 2 == [states(bench, one)[0] for one in offers]
    assert (0, 0, 0) == balances(bench)
    assert sum(one.total.minor for one in offers) - 1_00 == charged(cards)
