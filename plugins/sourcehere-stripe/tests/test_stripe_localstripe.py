"""
What every gateway promises, on localstripe: a server that others wrote.
"""

from typing import ClassVar

import pytest
from localstripe_lab import LocalStripeLab
from localstripe_process import Listener

from sourcehere import Money
from sourcehere.ports.errors import DeclinedError, SignatureError
from sourcehere.ports.payments import PaymentOutcome
from sourcehere.testing.kit import PaymentContract, PendingContract
from sourcehere.testing.kit.payment_base import give_back, reserve, take

SECRET = "whsec_of_localstripe"
TEN = Money(1_000, "USD")


@pytest.fixture
def lab(localstripe):
    """
    Return an account without payments.
    """
    return LocalStripeLab(localstripe)


class OnLocalStripe:
    """
    What contracts need of localstripe.
    """

    @pytest.fixture(autouse=True)
    def _server(self, localstripe):
        self._localstripe = localstripe

    def make_lab(self):
        """
        Make an account without payments.
        """
        return LocalStripeLab(self._localstripe)


class TestLocalStripe(OnLocalStripe, PaymentContract):
    """
    The contract.
    """

    examples = 8


class TestLocalStripePending(OnLocalStripe, PendingContract):
    """
    The contract of payments that wait for their payers.
    """

    test_the_payer_has_a_page_to_go_to = None
    left_out: ClassVar = {
        "test_the_payer_has_a_page_to_go_to": "localstripe has no page of 3-D Secure",
    }


def test_the_key_can_be_tried(lab):
    """
    Everything that is read can be read.
    """
    lab.connect().check()


def test_a_refund_goes_over_a_real_connection(lab):
    """
    Of what localstripe takes as Stripe does, without anything in front of it.
    """
    made = reserve(lab.connect(), TEN, lab.card())
    taken = take(lab.connect(), made, TEN)
    gateway = lab.direct()
    back = give_back(gateway, taken, Money(400, "USD"))
    assert (back.outcome, back.amount) == (PaymentOutcome.SUCCEEDED, Money(400, "USD"))
    assert back == lab.connect().find("R")
    with pytest.raises(DeclinedError, match="in USD, not in JPY"):
        take(gateway, made, Money(700, "JPY"))
    with pytest.raises(DeclinedError, match="Not Found"):
        gateway.refund("ch_none", TEN, reference="R2", idempotency_key="k2")
    gateway.close()


def test_a_payer_who_was_at_their_bank_has_reserved(lab):
    """
    Pending until they were there; the same payment, found by its reference.
    """
    gateway = lab.connect()
    made = reserve(gateway, TEN, lab.new_card("4000002500003155"))
    assert made.outcome is PaymentOutcome.PENDING
    assert lab.shown_of(made.gateway_id) == "requires_action"

    lab.authenticate(made.gateway_id)
    found = gateway.find("A")
    assert (found.outcome, found.amount) == (PaymentOutcome.SUCCEEDED, TEN)
    assert found.gateway_id == made.gateway_id


def test_what_localstripe_signs_is_verified(lab, localstripe):
    """
    It tells of a capture by itself, as Stripe does, and is looked up.
    """
    gateway = lab.connect(webhook_secret=SECRET)
    with Listener() as listener:
        localstripe.tell(listener.url, SECRET, "payment_intent.succeeded")
        take(gateway, reserve(gateway, TEN, lab.card(), name="mine"), TEN)
        # It tells a second later: those of the tests before may come first.
        for body, headers in iter(listener.heard, None):
            told = gateway.verify_payment(body, headers)
            if told == ("mine",):
                break

    with pytest.raises(SignatureError):
        gateway.verify_payment(body + b"\n", headers)
