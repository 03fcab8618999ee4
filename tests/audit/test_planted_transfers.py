"""
Bank transfers that are not as they were booked are named.
"""

import pytest
from planting import World, more, of

from sourcehere import Money
from sourcehere.testing.factories import STAFF
from sourcehere.unit.tables.wallet import LEDGER, PAY_OUTS, TOP_UPS


@pytest.fixture
def world():
    """
    A world in which less had arrived than was recorded, and some was sent back.
    """
    made = World()
    wallets = made.app.wallets
    for reference, minor in (("T1", 500_00), ("T2", 90_00)):
        wallets.top_up("demo", Money(minor, "USD"), reference=reference, by=STAFF)
    wallets.correct_top_up("demo", "T1", Money(50_00, "USD"), by=STAFF)
    wallets.pay_out("demo", Money(20_00, "USD"), reference="T1", by=STAFF)
    assert made.app.audit.run(replay=True).is_clean
    return made


def named(world):
    """
    Return what is named, and about what.
    """
    return {(v.invariant, v.subject) for v in world.app.audit.run().violations}


def test_another_amount_is_kept(world):
    """
    Of a transfer that arrived, and of one that was sent.
    """
    world.rewrite(TOP_UPS, of(reference="T1"), amount_minor=more)
    assert {("top_up_booked", "T1")} == named(world)

    world.rewrite(PAY_OUTS, of(reference="T1"), amount_minor=more)
    assert {("top_up_booked", "T1"), ("top_up_booked", "paid_out T1")} == named(world)


def test_one_is_lost(world):
    """
    The ledger has moved what nobody recorded.
    """
    world.lose(PAY_OUTS, of(reference="T1"))

    assert {("top_up_booked", "paid_out T1")} == named(world)


def test_a_correction_is_lost(world):
    """
    The record says what arrived, and the ledger that more did.
    """
    world.lose(LEDGER, of(purpose="top_up_lowered"))

    assert ("top_up_booked", "T1") in named(world)


def test_a_correction_is_booked_for_another(world):
    """
    Both transfers are named, beside the transaction.
    """
    world.rewrite(LEDGER, of(purpose="top_up_lowered"), reference="T2")

    assert {("top_up_booked", "T1"), ("top_up_booked", "T2")} < named(world)


def test_another_currency(world):
    """
    A transfer in another one is named.
    """
    world.rewrite(PAY_OUTS, of(reference="T1"), currency="EUR")

    assert {("money_is_the_seller_s_currency", "paid_out T1")} == named(world)
