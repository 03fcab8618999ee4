"""
How money is reserved, beside what every gateway promises.
"""

import pytest
from stripe_lab import StripeLab
from stripe_wire import answered

from sourcehere import Money
from sourcehere.ports.errors import DeclinedError, ProtocolError
from sourcehere.ports.payments import PaymentOutcome
from sourcehere.testing.kit.payment_base import give_back, reserve, take

TEN = Money(1_000, "USD")
PAGE = "https://shop.example/paid"


@pytest.fixture
def lab():
    """
    Return an account whose payers come back to a page.
    """
    return StripeLab(return_url=PAGE)


@pytest.fixture
def gateway(lab):
    """
    Return an adapter.
    """
    return lab.connect()


def last_form(lab):
    """
    Return what the last request asked for.
    """
    return lab.server.asked[-1][2]


class TestAuthorizing:
    """
    `authorize`.
    """

    def test_one_call_has_all_of_it(self, lab, gateway):
        """
        The reference in the metadata, the key and the version in headers.
        """
        card = lab.card()
        reserve(gateway, TEN, card)

        ((method, path, form, headers),) = lab.server.asked
        assert (method, path) == ("POST", "/v1/payment_intents")
        assert form == {
            "amount": "1000",
            "automatic_payment_methods": {
                "enabled": "true",
                "allow_redirects": "always",
            },
            "capture_method": "manual",
            "confirm": "true",
            "currency": "usd",
            "metadata": {"sourcehere_reference": "A"},
            "payment_method": card,
            "return_url": PAGE,
        }
        assert headers["idempotency-key"] == "key-A"
        assert headers["stripe-version"] == "2026-10-28.endive"

    def test_nothing_is_told_of_this_machine(self, lab, gateway):
        """
        Neither its system nor how long earlier calls took.
        """
        reserve(gateway, TEN, lab.card())

        headers = lab.server.asked[-1][3]
        assert headers["user-agent"] == "sourcehere"
        assert not any(name.startswith("x-stripe") for name in headers)

    def test_a_token_is_a_card_as_well(self, lab, gateway):
        """
        Where the host has tokens instead of payment methods.
        """
        token = lab.server.card("tok")
        assert reserve(gateway, TEN, token).outcome is PaymentOutcome.SUCCEEDED
        data = {"type": "card", "card": {"token": token}}
        assert last_form(lab)["payment_method_data"] == data

    def test_a_bank_that_asks_for_the_payer_is_waited_for(self, lab, gateway):
        """
        The record says where the payer has to go; once they were there, it is found.
        """
        made = reserve(gateway, TEN, lab.server.card(behaves="asks"))
        assert (made.outcome, made.amount) == (PaymentOutcome.PENDING, TEN)
        assert (
            made.redirect_url == f"https://hooks.stripe.example/3ds/{made.gateway_id}"
        )
        assert made == gateway.find("A")

        lab.server.reserve(lab.server.objects["payment_intents"][0])
        found = gateway.find("A")
        assert (found.outcome, found.redirect_url) == (PaymentOutcome.SUCCEEDED, "")
        assert found.gateway_id == made.gateway_id

    def test_without_a_page_to_come_back_to_it_is_declined(self):
        """
        Nobody waits for a payer who cannot be sent anywhere.
        """
        lab = StripeLab()
        gateway = lab.connect()
        with pytest.raises(DeclinedError, match="authentication_required"):
            reserve(gateway, TEN, lab.server.card(behaves="asks"))
        assert gateway.find("A").outcome is PaymentOutcome.DECLINED

    def test_what_is_slow_is_pending(self, lab, gateway):
        """
        Some payment methods take days.
        """
        made = reserve(gateway, TEN, lab.server.card(behaves="slow"))
        assert (made.outcome, made.redirect_url) == (PaymentOutcome.PENDING, "")

    def test_a_decline_says_why_and_not_who(self, lab, gateway):
        """
        The bank's codes; the answer has the payer's name as well.
        """
        with pytest.raises(DeclinedError) as ei:
            reserve(gateway, TEN, lab.card(declines=True))
        assert ei.value.detail == "authorizing: card_declined, generic_decline"
        assert ei.value.__cause__ is None
        found = gateway.find("A")
        assert (found.outcome, found.amount) == (
            PaymentOutcome.DECLINED,
            Money(0, "USD"),
        )
        assert found.detail == "card_declined"

    @pytest.mark.parametrize(
        "source",
        ["4242424242424242", "", "ch_1", "pm_1/../x", "pm_.", "pm_\u0661", "PM_1"],
    )
    def test_what_is_no_token_is_neither_sent_nor_shown(self, lab, gateway, source):
        """
        It may be the number of a card.
        """
        with pytest.raises(DeclinedError, match="has to begin with pm_ or tok_") as ei:
            reserve(gateway, TEN, source)
        assert not source or source not in str(ei.value)
        assert lab.server.asked == []

    @pytest.mark.parametrize(("reference", "minor"), [("B", 1_000), ("A2", 999)])
    def test_an_answer_about_something_else_makes_no_sense(
        self, lab, gateway, reference, minor
    ):
        """
        Another reference, or another amount, is not what was asked for.
        """
        reserve(gateway, TEN, lab.card())
        told = lab.server.objects["payment_intents"][0] | {"amount": minor}
        told["metadata"] = {"sourcehere_reference": reference}
        lab.server._route = lambda *_: answered(told)
        with pytest.raises(ProtocolError, match="about something else"):
            reserve(gateway, TEN, lab.card(), name="A2")

    def test_amounts_are_counted_as_stripe_does(self, lab, gateway):
        """
        Five kronur are 500.
        """
        made = reserve(gateway, Money(5, "ISK"), lab.card())
        assert last_form(lab)["amount"] == "500"
        assert made.amount == Money(5, "ISK")
        taken = take(gateway, made, Money(4, "ISK"))
        assert last_form(lab)["amount_to_capture"] == "400"
        assert taken.amount == Money(4, "ISK")
        back = give_back(gateway, taken, Money(3, "ISK"))
        assert last_form(lab)["amount"] == "300"
        assert back.amount == Money(3, "ISK")
