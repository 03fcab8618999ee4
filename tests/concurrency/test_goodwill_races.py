"""
Goodwill that many give and take back at once: each credit is booked once.
"""

import pytest
from test_races import THREADS, at_once, opened

from sourcehere import GoodwillReason, Money, SourceHereError
from sourcehere.domain.wallet.errors import InsufficientFundsError
from sourcehere.testing.factories import STAFF


@pytest.fixture
def bench(made_database_url):
    """
    A bench on a real database; clean when the test ends.
    """
    made = opened(made_database_url)
    yield made
    assert () == made.app.audit.run(replay=True).violations
    made.app.close()


def give(bench, minor, reference="late"):
    return bench.app.wallets.give_goodwill(
        "demo",
        Money(minor, "USD"),
        reference=reference,
        reason=GoodwillReason.LATE,
        by=STAFF,
    )


def take_back(bench, reference="late"):
    return bench.app.wallets.take_back_goodwill("demo", reference, by=STAFF)


def available(bench):
    return bench.app.wallets.get("demo").available


def test_one_credit_that_everybody_gives(bench):
    """
    Under one reference it is booked once, and once taken back.
    """
    before = available(bench)
    given = at_once(*[lambda: give(bench, 5_00)] * THREADS)
    assert [] == [one for one in given if isinstance(one, Exception)]
    assert before + 5_00 == available(bench)

    taken = at_once(*[lambda: take_back(bench)] * THREADS)
    assert [] == [one for one in taken if isinstance(one, Exception)]
    assert before == available(bench)


def test_it_is_taken_back_while_all_is_paid_out(bench):
    """
    Whoever is first has the money, and the other one is refused.
    """
    before = available(bench)
    give(bench, 5_00)

    def pay_out():
        return bench.app.wallets.pay_out(
            "demo", Money(before + 5_00, "USD"), reference="out", by=STAFF
        )

    outcomes = at_once(*[lambda: take_back(bench), pay_out] * (THREADS // 2))
    refused = [one for one in outcomes if isinstance(one, SourceHereError)]

    assert all(isinstance(one, InsufficientFundsError) for one in refused)
    assert THREADS // 2 == len(refused)
    assert available(bench) in (0, before)
