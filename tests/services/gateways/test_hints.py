"""
What a gateway tells is not forgotten before it has said what there is.
"""

from datetime import timedelta

import pytest
from payment_world import (
    HOUR,
    balances,
    gateways,
    resolve,
    rounds,
    top_up,
    wallet,
)

from sourcehere import Money, NotFoundError, PaymentDecision
from sourcehere.ports.payments import PaymentOutcome
from sourcehere.testing.factories import NOON, dump, open_bench
from sourcehere.testing.fake_gateway import FakeGateway
from sourcehere.testing.fake_gateways import FakeGateways
from sourcehere.testing.fake_shop import Fault

MOMENT = timedelta(seconds=1)


def usd(minor):
    """
    Return dollars.
    """
    return Money(minor, "USD")


def told(bench, cards, *references):
    """
    Let a gateway tell of payments.
    """
    headers, body = cards.webhook(*references)
    bench.sh.attempts.receive("cards", headers=headers, body=body)


def hints(bench):
    """
    Count what is left to ask.
    """
    return len(dump(bench.app.storage)["payment_hint"])


def fails_once(bench, cards):
    """
    Let the gateway not answer when it is asked what it told of.
    """
    cards.next_fault = lambda: Fault.LOST_BEFORE
    report = bench.sh.attempts.run()
    assert ["UnknownOutcomeError: fake_gateway: the line broke"] == [
        *report.failed.values()
    ]
    assert 1 == hints(bench)
    cards.next_fault = lambda: None


def bounced(bench, cards):
    """
    A return that did not arrive.
    """
    top_up(bench)
    (back,) = wallet(bench).withdraw(usd(20_00))
    cards.books[back.gateway_id].outcome = PaymentOutcome.DECLINED
    return back


def captured_after_all(bench, cards):
    """
    A capture that staff gave up, and that happened.
    """
    cards.faults = [None, Fault.LOST_AFTER]
    paid = top_up(bench)
    resolve(bench, paid.attempt_id, PaymentDecision.DID_NOT_HAPPEN)
    return paid


def taken_back(bench, cards):
    """
    A capture that the payer's bank took back.
    """
    paid = top_up(bench)
    cards.take_back(paid.gateway_id, usd(50_00), at=NOON)
    return paid


@pytest.mark.parametrize(
    ("begun", "left"),
    [(bounced, 51_00), (captured_after_all, 51_00), (taken_back, 1_00)],
)
def test_a_look_that_failed_is_made_again(bench, cards, begun, left):
    """
    Nobody else would: it has ended, or is asked about once a day. Whoever runs the
    round learns that the gateway does not say.
    """
    told(bench, cards, begun(bench, cards).reference)
    fails_once(bench, cards)
    rounds(bench, pause=MOMENT)
    assert 1 == hints(bench)
    rounds(bench, pause=HOUR)

    assert (left, 0, 0) == balances(bench)
    assert 0 == hints(bench)


def test_a_gateway_that_rests_holds_up_no_other(violations):
    """
    However much it told before.
    """
    resting, cards = FakeGateway(), FakeGateway()
    made = open_bench(top_up=1_00, plugins=[FakeGateways(a=resting, cards=cards)])
    for name in ("a", "cards"):
        gateways(made).connect(name, provider="fake_gateway", config={"gateway": name})
    paid = top_up(made)
    cards.take_back(paid.gateway_id, usd(50_00), at=NOON)
    names = [f"strange{number}" for number in range(150)]
    headers, body = resting.webhook(*names)
    made.sh.attempts.receive("a", headers=headers, body=body)
    told(made, cards, paid.reference)
    resting.next_fault = lambda: Fault.UNAUTHORIZED
    wallet(made).top_up_by_card(usd(1), source="tok_visa", gateway="a")
    made.sh.attempts.run()

    assert (1_00, 0, 0) == balances(made)
    assert 150 == hints(made)
    assert () == violations(made)


def test_a_gateway_is_no_carrier(bench, cards):
    """
    Nor a carrier a gateway: each takes its own webhooks only, at its own address.
    """
    headers, body = cards.webhook()
    with pytest.raises(NotFoundError, match="no freight connection"):
        bench.sh.tracking.receive("cards", headers=headers, body=body)
    with pytest.raises(NotFoundError, match="no gateway"):
        bench.sh.attempts.receive("card", headers=headers, body=body)
