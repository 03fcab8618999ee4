"""
A checkout is paid by card in the commit that credits the wallet, or the money is there.
"""

import pytest
from payment_world import (
    DAY,
    HOUR,
    attempts,
    balances,
    charged,
    offered,
    pay,
    resolve,
    rounds,
    states,
    top_up,
    wallet,
)

from sourcehere import CommandRefusedError, Money, PaymentDecision, SpendGuardError
from sourcehere.domain.wallet.errors import CheckoutExpiredError
from sourcehere.ports.errors import DeclinedError
from sourcehere.testing.factories import nothing_moves
from sourcehere.testing.fake_shop import Fault

PAID, UNPAID = ["awaiting_shipping"], ["awaiting_payment"]


class TestPay:
    def test_what_the_wallet_lacks_is_charged(self, bench, cards):
        """
        And the orders are paid.
        """
        offer = offered(bench, "1", "2")
        paid = pay(bench, offer)

        assert ("paid", offer.total) == (paid.state, paid.payment.total)
        assert offer.total.minor - 1_00 == charged(cards)
        assert (0, 0, 0) == balances(bench)
        assert PAID * 2 == states(bench, offer)
        assert paid.attempt.has_paid

    def test_a_wallet_that_holds_enough_pays_alone(self, bench, cards):
        """
        Nothing is charged.
        """
        top_up(bench, Money(500_00, "USD"))
        before, offer = charged(cards), offered(bench)
        paid = pay(bench, offer, command_id="a")

        assert ("paid", None) == (paid.state, paid.attempt)
        assert before == charged(cards)
        assert paid == pay(bench, offer, command_id="a")
        assert PAID == states(bench, offer)

    def test_the_same_command_pays_once(self, bench, cards):
        """
        Also where the first one heard no answer.
        """
        offer = offered(bench)
        cards.faults = [None, Fault.LOST_AFTER]
        assert "unknown" == pay(bench, offer, command_id="a").state
        assert UNPAID == states(bench, offer)
        again = pay(bench, offer, command_id="a")

        assert ("paid", offer.total) == (again.state, again.payment.total)
        assert again == pay(bench, offer, command_id="a")
        assert offer.total.minor - 1_00 == charged(cards)

    def test_an_order_shows_the_payment_that_is_under_way(self, bench, cards):
        """
        Until it has paid, or will not; another order shows none.
        """
        other, offer = offered(bench, "0"), offered(bench)
        desk = bench.sh.seller("demo").orders
        (name,), (another,) = (
            [order.order_id for order in one.orders] for one in (offer, other)
        )
        assert desk.details(name).payment is None
        paid = pay(bench, offer, source="tok_3ds")
        assert paid.attempt == desk.details(name).payment
        assert "pending" == desk.details(name).payment.state
        assert desk.details(another).payment is None
        cards.decide()
        rounds(bench)

        assert PAID == states(bench, offer)
        assert desk.details(name).payment is None

    def test_workers_pay_what_was_lost(self, bench, cards):
        """
        While its prices hold.
        """
        offer = offered(bench)
        cards.faults = [Fault.LOST_BEFORE, Fault.LOST_AFTER, None, Fault.NONSENSE]
        pay(bench, offer)
        rounds(bench, 5, pause=HOUR / 12)
        assert PAID == states(bench, offer)

    def test_a_worker_counts_what_it_asked_about(self, bench, cards):
        """
        And not what is not due yet.
        """
        offer = offered(bench)
        cards.faults = [Fault.LOST_BEFORE]
        pay(bench, offer)
        bench.clock.advance(HOUR / 12)
        beat = bench.sh.worker(name="w1").round()
        assert (1, 0) == (beat.payments, beat.failed)
        assert PAID == states(bench, offer)
        assert 0 == bench.sh.worker(name="w2").round().payments

    def test_a_decline_pays_nothing(self, bench):
        """
        Another card may.
        """
        offer = offered(bench)
        declined = pay(bench, offer, source="tok_declined")
        assert ("declined", None) == (declined.state, declined.payment)
        assert UNPAID == states(bench, offer)
        assert "paid" == pay(bench, offer).state

    def test_one_attempt_pays_an_order(self, bench, cards):
        """
        Another one is refused while it may still happen, by another offer too.
        """
        offer = offered(bench, "1", "2")
        first = pay(bench, offer, source="tok_3ds")
        assert "pending" == first.state
        assert "https://bank.example/au_1" == first.redirect_url
        again = bench.sh.seller("demo").checkouts.open([offer.orders[1].order_id])
        for other in (offer, again):
            with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
                pay(bench, other)
            (blocker,) = ei.value.blockers
            assert ("payment_open", first.attempt.attempt_id) == (
                blocker.code,
                blocker.facts["attempt"],
            )
        assert "paid" == pay(bench, offered(bench, "3")).state
        cards.decide()
        rounds(bench, pause=HOUR / 12)
        assert PAID * 2 == states(bench, offer)

    def test_what_cannot_be_paid_is_not_charged(self, bench, cards):
        """
        Another total, a time that is over, an order that is paid, a gateway that rests.
        """
        offer = offered(bench)
        with nothing_moves(bench), pytest.raises(SpendGuardError):
            pay(bench, offer, expected_total=Money(1, "USD"))
        bench.clock.advance(2 * HOUR)
        with nothing_moves(bench), pytest.raises(CheckoutExpiredError):
            pay(bench, offer)
        other = bench.sh.seller("demo").checkouts.open(
            [order.order_id for order in offer.orders]
        )
        pay(bench, other)
        before = charged(cards)
        with nothing_moves(bench), pytest.raises(CommandRefusedError):
            pay(bench, other)
        assert before == charged(cards)
        offer = offered(bench, "7")
        cards.faults = [Fault.UNAUTHORIZED]
        pay(bench, offer)
        offer = offered(bench, "8")
        with nothing_moves(bench), pytest.raises(DeclinedError, match="rest"):
            pay(bench, offer)


class TestTooLate:
    """
    The money arrives when its orders cannot be paid any more.
    """

    def _late(self, bench, offer, cards, **changes):
        cards.faults = [None, Fault.LOST_AFTER]
        pay(bench, offer, **changes)
        lacked = charged(cards)
        return wallet(bench).attempts().items[0].attempt_id, lacked

    def test_prices_hold_no_more(self, bench, cards):
        """
        It is in the wallet, and that is said.
        """
        offer = offered(bench)
        name, lacked = self._late(bench, offer, cards)
        rounds(bench, pause=2 * HOUR)

        found = wallet(bench).attempt(name)
        assert ("captured", False) == (found.state, found.has_paid)
        assert "expired" in found.because
        assert (1_00 + lacked, 0, 0) == balances(bench)
        assert UNPAID == states(bench, offer)

    def test_its_order_was_cancelled(self, bench, cards):
        """
        Meanwhile.
        """
        offer = offered(bench)
        name, lacked = self._late(bench, offer, cards)
        bench.sh.seller("demo").orders.cancel([offer.orders[0].order_id])
        rounds(bench, pause=HOUR / 12)

        assert "cancelled" in wallet(bench).attempt(name).because
        assert (1_00 + lacked, 0, 0) == balances(bench)

    def test_it_was_paid_otherwise(self, bench, cards):
        """
        The wallet had enough by then.
        """
        offer = offered(bench)
        name, lacked = self._late(bench, offer, cards)
        top_up(bench, offer.total)
        bench.sh.seller("demo").checkouts.pay(offer)
        rounds(bench, pause=HOUR / 12)

        assert not wallet(bench).attempt(name).has_paid
        assert (1_00 + lacked, 0, 0) == balances(bench)

    def test_it_goes_back_where_that_was_asked(self, bench, cards):
        """
        To its source.
        """
        offer = offered(bench)
        cards.faults = [None, Fault.LOST_AFTER]
        pay(bench, offer, return_unpaid=True, command_id="a")
        rounds(bench, pause=2 * HOUR)

        assert 0 == charged(cards)
        assert (1_00, 0, 0) == balances(bench)
        again = pay(bench, offer, return_unpaid=True, command_id="a")
        assert "returning" == again.state
        kinds = [one.state for one in wallet(bench).attempts().items]
        assert ["returned", "captured"] == kinds

    def test_so_does_what_ended_while_the_gateway_was_asked(self, bench, cards):
        """
        Another worker, who heard nothing, and a person ended it before the answer to
        the first one came.
        """
        offer = offered(bench)

        def end(call):
            if call != "capture":
                return
            cards.when_asked = lambda _: None
            cards.next_fault = lambda: Fault.LOST_BEFORE
            rounds(bench)
            cards.next_fault = lambda: None
            (attempt,) = wallet(bench).attempts().items
            assert "unknown" == attempt.state
            did_not = PaymentDecision.DID_NOT_HAPPEN
            resolve(bench, attempt.attempt_id, did_not)

        cards.when_asked = end
        assert "returning" == pay(bench, offer, return_unpaid=True).state

        assert UNPAID == states(bench, offer)
        assert (0, (1_00, 0, 0)) == (charged(cards), balances(bench))
        found = [(a.state, a.has_paid) for a in wallet(bench).attempts().items]
        assert [("returned", False), ("captured", False)] == found

    def test_less_was_captured(self, bench, cards):
        """
        It cannot pay: it is in the wallet.
        """
        cards.when_asked = lambda call: setattr(
            cards, "told_instead", Money(5_00, "USD") if call == "capture" else None
        )
        offer = offered(bench)
        paid = pay(bench, offer)

        assert ("in_wallet", None) == (paid.state, paid.payment)
        assert "USD is missing; top it up and try again" in paid.because
        assert (6_00, 0, 0) == balances(bench)
        assert UNPAID == states(bench, offer)

    def test_a_payer_who_decides_too_late(self, bench, cards):
        """
        Another attempt may pay then; what arrives all the same is in the wallet.
        """
        offer = offered(bench)
        first = pay(bench, offer, source="tok_3ds")
        rounds(bench, 2)
        offer = bench.sh.seller("demo").checkouts.open(
            [order.order_id for order in offer.orders]
        )
        assert "paid" == pay(bench, offer).state
        cards.decide()
        rounds(bench, pause=DAY)

        found = wallet(bench).attempt(first.attempt.attempt_id)
        assert ("captured", "the payer did not decide in time") == (
            found.state,
            found.because,
        )
        assert first.attempt.amount.minor == balances(bench)[0]

    def test_staff_had_said_that_it_did_not_happen(self, bench, cards):
        """
        It pays nothing any more.
        """
        offer = offered(bench)
        name, lacked = self._late(bench, offer, cards)
        desk = attempts(bench)
        resolve(bench, name, PaymentDecision.DID_NOT_HAPPEN)
        assert "paid" == pay(bench, offer).state
        late = desk.take_up("demo", name)

        assert ("captured", False) == (late.state, late.has_paid)
        assert (lacked, 0, 0) == balances(bench)
