"""
How money is captured and returned, beside what every gateway promises.
"""

import pytest
from stripe_lab import StripeLab

from sourcehere import Money
from sourcehere.ports.errors import DeclinedError, ProtocolError
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


class TestTakingAndReturning:
    """
    `capture` and `refund`.
    """

    def test_a_capture_is_named_by_its_charge(self, lab, gateway):
        """
        As refunds, disputes and payouts name it.
        """
        made = reserve(gateway, TEN, lab.card())
        taken = take(gateway, made, Money(700, "USD"))
        assert (made.gateway_id, taken.gateway_id) == ("pi_0", "ch_0")
        back = give_back(gateway, taken, Money(200, "USD"))
        assert back.gateway_id == "re_0"

    def test_another_currency_is_never_taken(self, lab, gateway):
        """
        Neither call tells Stripe a currency: 700 yen would be 7 dollars.
        """
        made = reserve(gateway, TEN, lab.card())
        with pytest.raises(DeclinedError, match="in USD, not in JPY"):
            take(gateway, made, Money(700, "JPY"))
        taken = take(gateway, made, TEN)
        with pytest.raises(DeclinedError, match="in USD, not in EUR"):
            give_back(gateway, taken, Money(700, "EUR"))
        assert dict(lab.operations()) == {"A": 1, "C": 1}

    @pytest.mark.parametrize(
        "name", ["", "..", "pi_0/cancel", "ch_0?x", "none", "pm_1"]
    )
    def test_what_is_no_id_leads_nowhere_else(self, lab, gateway, name):
        """
        It is refused before anybody is asked.
        """
        with pytest.raises(DeclinedError):
            gateway.capture(name, TEN, reference="C", idempotency_key="k")
        with pytest.raises(DeclinedError):
            gateway.refund(name, TEN, reference="R", idempotency_key="k")
        assert lab.server.asked == []

    @pytest.mark.parametrize(
        ("status", "outcome"),
        [
            ("pending", "PENDING"),
            ("requires_action", "PENDING"),
            ("failed", "DECLINED"),
        ],
    )
    def test_a_refund_has_what_became_of_it(self, lab, gateway, status, outcome):
        """
        A bank may send one back days later.
        """
        taken = take(gateway, reserve(gateway, TEN, lab.card()), TEN)
        give_back(gateway, taken, TEN)
        (refund,) = lab.server.objects["refunds"]
        refund |= {"status": status, "failure_reason": "lost_or_stolen_card"}

        found = gateway.find("R")
        assert found.outcome is PaymentOutcome[outcome]
        is_gone = outcome == "DECLINED"
        assert found.amount == (Money(0, "USD") if is_gone else TEN)
        assert found.detail == ("lost_or_stolen_card" if is_gone else "")

    @pytest.mark.parametrize("status", ["failed", "canceled"])
    def test_a_refund_need_not_say_why_it_failed(self, lab, gateway, status):
        """
        Stripe leaves the reason out where there is none, as of what was cancelled.
        """
        taken = take(gateway, reserve(gateway, TEN, lab.card()), TEN)
        give_back(gateway, taken, TEN)
        lab.server.objects["refunds"][0]["status"] = status

        found = gateway.find("R")
        assert (PaymentOutcome.DECLINED, status) == (found.outcome, found.detail)

    @pytest.mark.parametrize(
        "error", [None, {}, {"type": "api_error"}, {"code": None}, {"code": ""}]
    )
    def test_an_intent_need_not_say_why_it_failed(self, lab, gateway, error):
        """
        Its state says enough.
        """
        reserve(gateway, TEN, lab.card())
        (intent,) = lab.server.objects["payment_intents"]
        intent |= {"status": "requires_payment_method", "last_payment_error": error}

        found = gateway.find("A")
        assert PaymentOutcome.DECLINED is found.outcome
        assert found.detail == "requires_payment_method"

    def test_what_is_expanded_or_left_out_is_read(self, lab, gateway):
        """
        A charge may be a name or an object, and what has no value may be missing.
        """
        taken = take(gateway, reserve(gateway, TEN, lab.card()), TEN)
        (intent,) = lab.server.objects["payment_intents"]
        (charge,) = lab.server.objects["charges"]
        intent["latest_charge"] = charge
        for name in ("next_action", "last_payment_error"):
            del intent[name]

        assert taken == gateway.find("C")
        intent["status"] = "requires_action"
        assert PaymentOutcome.PENDING is gateway.find("A").outcome
        intent["status"] = "canceled"
        assert "canceled" == gateway.find("A").detail

    def test_a_status_that_nobody_knows_makes_no_sense(self, lab, gateway):
        """
        It is not taken for any other.
        """
        reserve(gateway, TEN, lab.card())
        lab.server.objects["payment_intents"][0]["status"] = "dreaming"
        with pytest.raises(ProtocolError, match="looking up a reference"):
            gateway.find("A")

    def test_an_authorization_that_lapsed_is_declined(self, lab, gateway):
        """
        Nothing is reserved any more.
        """
        reserve(gateway, TEN, lab.card())
        lab.server.objects["payment_intents"][0]["status"] = "canceled"
        found = gateway.find("A")
        assert (found.outcome, found.detail) == (PaymentOutcome.DECLINED, "canceled")

    @pytest.mark.parametrize("minor", [1_000, 300])
    def test_what_somebody_took_meanwhile_is_taken(self, lab, gateway, minor):
        """
        In Stripe's dashboard, which gives a capture no name of ours; refused it would
        be charged, and credited to nobody.
        """
        made = reserve(gateway, TEN, lab.card())
        (intent,) = lab.server.objects["payment_intents"]
        intent["status"], intent["amount_received"] = "succeeded", minor

        for told in (take(gateway, made, TEN), gateway.find("A")):
            assert told.outcome is PaymentOutcome.SUCCEEDED
            assert (told.gateway_id, told.amount) == ("ch_0", Money(minor, "USD"))
            assert told.is_taken
        back = give_back(gateway, gateway.find("A"), Money(minor, "USD"))
        assert back.outcome is PaymentOutcome.SUCCEEDED

    def test_what_another_capture_of_ours_took_is_refused(self, lab, gateway):
        """
        It counts by its own name.
        """
        made = reserve(gateway, TEN, lab.card())
        take(gateway, made, TEN)
        with pytest.raises(DeclinedError):
            gateway.capture(made.gateway_id, TEN, reference="D", idempotency_key="d")
        assert not gateway.find("A").is_taken
