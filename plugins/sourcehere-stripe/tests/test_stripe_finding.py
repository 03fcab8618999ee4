"""
How an operation is looked up.
"""

from datetime import timedelta

import pytest
from stripe_lab import StripeLab

from sourcehere import Money
from sourcehere.ports.errors import DeclinedError
from sourcehere.ports.payments import PaymentOutcome
from sourcehere.testing.kit.payment_base import give_back, reserve, take

TEN = Money(1_000, "USD")


@pytest.fixture
def lab():
    """
    Return an account without payments.
    """
    return StripeLab()


@pytest.fixture
def gateway(lab):
    """
    Return an adapter.
    """
    return lab.connect()


def later(lab, days):
    """
    Let days pass, for both sides.
    """
    lab.server.now += days * 86_400
    lab.clock.advance(timedelta(days=days))


def test_none_is_no_proof(gateway):
    """
    What is older is not looked at; keys are honoured for a day.
    """
    assert not gateway.finds_by_reference
    assert gateway.key_ttl == timedelta(hours=23)


def test_weeks_are_looked_back_and_no_more(lab, gateway):
    """
    35 days, unless the configuration has another number.
    """
    taken = take(gateway, reserve(gateway, TEN, lab.card()), TEN)
    back = give_back(gateway, taken, TEN)
    later(lab, 35)
    assert gateway.find("C") == taken
    assert gateway.find("R") == back
    later(lab, 1)
    assert gateway.find("C") is None
    assert gateway.find("R") is None


def test_a_capture_is_found_behind_many_other_intents(lab, gateway):
    """
    Lists have a hundred on a page.
    """
    made = reserve(gateway, TEN, lab.card())
    taken = take(gateway, made, TEN)
    back = give_back(gateway, taken, TEN)
    intent, refund = (
        lab.server.objects[kind][0] for kind in ("payment_intents", "refunds")
    )
    for number in range(1, 250):
        other = {"metadata": {"order": str(number)}}
        lab.server.objects["payment_intents"].append(
            intent | other | {"id": f"pi_{number}"}
        )
        lab.server.objects["refunds"].append(refund | other | {"id": f"re_{number}"})

    assert [made, taken, back] == [gateway.find(name) for name in ("A", "C", "R")]


def test_of_several_tries_the_one_that_was_not_declined_counts(lab, gateway):
    """
    Whichever was first.
    """
    cards = [lab.card(declines=True), lab.card(), lab.card(declines=True)]
    for number, card in enumerate(cards):
        try:
            gateway.authorize(TEN, card, reference="A", idempotency_key=f"key-{number}")
        except DeclinedError:
            assert number != 1
        found = gateway.find("A")
        outcome = PaymentOutcome.SUCCEEDED if number else PaymentOutcome.DECLINED
        assert found.outcome is outcome


def test_an_object_of_somebody_else_has_no_reference(lab, gateway):
    """
    Other programs use the account as well, and may write no metadata.
    """
    made = reserve(gateway, TEN, lab.card())
    intent = lab.server.objects["payment_intents"][0]
    for number, metadata in enumerate([{}, None, {"sourcehere": "A"}]):
        other = {"metadata": metadata, "id": f"pi_9{number}"}
        lab.server.objects["payment_intents"].append(intent | other)

    assert made == gateway.find("A")
    assert gateway.find("") is None
