"""
What gateways post: behind a dash, by the name of the connection.
"""

import pytest
from test_receiver import post

from sourcehere import Money
from sourcehere.receiver import WebhookReceiver
from sourcehere.testing import FakeGateway, FakeGateways, sample_shop

PATH = "/hooks/-/payments/cards"


@pytest.fixture
def cards():
    """
    Return a gateway.
    """
    return FakeGateway()


@pytest.fixture
def demo(cards):
    """
    Return the sample shop with it, whose payer has to decide.
    """
    made = sample_shop(plugins=[FakeGateways(cards=cards)])
    made.desk.gateways.connect("cards", provider="fake_gateway", config={})
    return made


@pytest.fixture
def receiver(demo):
    """
    Return a receiver of it.
    """
    made = WebhookReceiver(demo.sh)
    yield made
    made.close()


def test_a_payment_that_is_told_of_is_looked_up(demo, cards, receiver):
    asked = demo.shop.wallet.top_up_by_card(
        Money(1_00, "USD"), source="tok_3ds", gateway="cards"
    )
    cards.decide()
    headers, body = cards.webhook(asked.reference)
    for path in (PATH, "/-/payments/cards"):
        assert post(receiver, body, headers, path=path)[0] == 200
    demo.sh.attempts.run()
    assert demo.shop.wallet.attempt(asked.attempt_id).state == "captured"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/hooks/-/payments/other", 410),
        ("/hooks/-/payments/card", 410),  # a carrier
        ("/hooks/-/cards", 410),  # no carrier
        ("/hooks/payments/cards", 410),  # a seller might be called so
        ("/hooks/-/payments", 410),
    ],
)
def test_elsewhere_it_is_not_taken(demo, cards, receiver, path, status):
    headers, body = cards.webhook("a")
    assert post(receiver, body, headers, path=path)[0] == status
    assert demo.sh.attempts.run().asked == 0


def test_what_is_not_signed_is_refused(cards, receiver):
    _, body = cards.webhook("a")
    assert post(receiver, body, {"X-Signature": "no"}, path=PATH)[0] == 401


def test_a_disconnected_gateway_is_gone(demo, cards, receiver):
    demo.desk.gateways.disconnect("cards")
    headers, body = cards.webhook("a")
    assert post(receiver, body, headers, path=PATH)[0] == 410
