"""
A bank that reserves nothing: what its payer paid is taken, and cannot lapse.
"""

import attrs
import pytest
from payment_world import (
    AMOUNT,
    attempts,
    balances,
    offered,
    opened,
    pay,
    resolve,
    rounds,
    states,
    top_up,
    wallet,
)

from sourcehere import PaymentDecision
from sourcehere.ports.payments import PaymentOutcome, PaymentRecord
from sourcehere.testing.fake_gateway import FakeGateway

WAITS = "tok_3ds"


class Bank(FakeGateway):
    """
    Sends payers to a page of its own, on which they pay.
    """

    def find(self, reference: str, /) -> PaymentRecord | None:
        """
        Look into its books: what was paid is taken.
        """
        found = super().find(reference)
        if found is None or found.outcome is not PaymentOutcome.SUCCEEDED:
            return found
        return attrs.evolve(found, is_taken=True)


@pytest.fixture
def cards():
    """
    Return a bank.
    """
    return Bank()


@pytest.fixture
def bench(storage, cards, violations):
    """
    Return a bench that is connected to it; clean when the test ends.
    """
    yield from opened(storage, violations, cards)


class TestTaken:
    def test_what_a_payer_paid_in_time_is_the_seller_s(self, bench, cards):
        """
        It is looked up, and credited.
        """
        paid = top_up(bench, source=WAITS)
        assert ("pending", 1_00) == (paid.state, balances(bench)[0])
        cards.decide()
        rounds(bench)

        assert "captured" == wallet(bench).attempt(paid.attempt_id).state
        assert (51_00, 0, 0) == balances(bench)

    @pytest.mark.parametrize("how", ["by staff", "by the bank"])
    def test_what_was_paid_after_the_end_is_the_seller_s(self, bench, cards, how):
        """
        Whether staff had given it up, or the bank had refused the first card of a
        payer, who then took another one.
        """
        paid = top_up(bench, source=WAITS)
        if how == "by staff":
            resolve(bench, paid.attempt_id, PaymentDecision.DID_NOT_HAPPEN)
        else:
            cards.decide(accepts=False)
            rounds(bench)
        assert "declined" == wallet(bench).attempt(paid.attempt_id).state
        for one in cards.books.values():
            one.outcome = PaymentOutcome.SUCCEEDED

        headers, body = cards.webhook(paid.reference)
        bench.sh.attempts.receive("cards", headers=headers, body=body)
        rounds(bench)

        late = wallet(bench).attempt(paid.attempt_id)
        assert ("captured", AMOUNT) == (late.state, late.done)
        assert "found after it had ended as declined" == late.error
        attempts(bench).take_up("demo", paid.attempt_id)
        assert (51_00, 0, 0) == balances(bench)
        assert [] == [one for one in cards.books.values() if one.kind == "capture"]

    def test_an_order_is_paid_by_it(self, bench, cards):
        """
        In the commit that credits the wallet, and nothing is captured of the bank.
        """
        offer = offered(bench)
        waits = pay(bench, offer, source=WAITS).attempt
        cards.decide()
        rounds(bench)

        assert wallet(bench).attempt(waits.attempt_id).has_paid
        assert ["awaiting_shipping"] == states(bench, offer)
        assert 1 == len(cards.books)

    def test_what_has_the_name_of_another_is_not_booked(self, bench, cards):
        """
        The bank took it once.
        """
        paid = [top_up(bench, source=WAITS) for _ in range(2)]
        for one in cards.books.values():
            one.gateway_id = "p1"
        cards.decide()
        rounds(bench)

        states_ = [wallet(bench).attempt(one.attempt_id).state for one in paid]
        assert ["captured", "pending"] == sorted(states_)
        assert 51_00 == balances(bench)[0]

    def test_it_goes_back_to_its_payer(self, bench, cards):
        """
        By the name that the bank gave the payment.
        """
        paid = top_up(bench, source=WAITS)
        cards.decide()
        rounds(bench)
        (taken,) = cards.books.values()
        taken.kind = "capture"
        (back,) = wallet(bench).withdraw(AMOUNT)

        assert ("returned", paid.attempt_id) == (back.state, back.capture_of)
        assert (1_00, 0, 0) == balances(bench)

    def test_it_pays_no_order_then(self, bench, cards):
        """
        The money is in the wallet, and the order can be paid from there.
        """
        offer = offered(bench)
        waits = pay(bench, offer, source=WAITS).attempt
        resolve(bench, waits.attempt_id, PaymentDecision.DID_NOT_HAPPEN)
        cards.decide()
        late = attempts(bench).take_up("demo", waits.attempt_id)

        assert ("captured", False) == (late.state, late.has_paid)
        assert late.because
        assert ["awaiting_payment"] == states(bench, offer)
        assert offer.total.minor == balances(bench)[0]
