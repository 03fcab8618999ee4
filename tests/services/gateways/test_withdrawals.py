"""
Money goes back to its source: once, and never more than was captured.
"""

import pytest
from payment_world import (
    DAY,
    attempts,
    balances,
    charged,
    gateways,
    offered,
    resolve,
    rounds,
    top_up,
    wallet,
)

from sourcehere import CommandRefusedError, Money, PaymentDecision
from sourcehere.domain.kernel.errors import (
    CurrencyMismatchError,
    InvalidInputError,
    NotFoundError,
)
from sourcehere.domain.wallet.errors import InsufficientFundsError
from sourcehere.ports.payments import PaymentOutcome
from sourcehere.testing.factories import nothing_moves
from sourcehere.testing.fake_shop import Fault


def usd(minor):
    """
    Return dollars.
    """
    return Money(minor, "USD")


def withdraw(bench, minor, **given):
    """
    Return dollars to their source.
    """
    return wallet(bench).withdraw(usd(minor), **given)


class TestWithdraw:
    def test_it_goes_back_to_its_source(self, bench, cards):
        """
        And is in the wallet no more.
        """
        paid = top_up(bench)
        (back,) = withdraw(bench, 20_00)

        assert ("returned", usd(20_00), paid.attempt_id) == (
            back.state,
            back.done,
            back.capture_of,
        )
        assert (31_00, 0, 0) == balances(bench)
        assert 30_00 == charged(cards)
        assert usd(20_00) == wallet(bench).attempt(paid.attempt_id).returned

    def test_the_newest_captures_go_first(self, bench, cards):
        """
        One attempt for each, or of the one that is named.
        """
        first, second = top_up(bench, usd(10_00)), top_up(bench, usd(10_00))
        made = withdraw(bench, 15_00)
        assert [(second.attempt_id, usd(10_00)), (first.attempt_id, usd(5_00))] == [
            (one.capture_of, one.amount) for one in made
        ]
        (named,) = withdraw(bench, 1_00, attempt_id=first.attempt_id)
        assert first.attempt_id == named.capture_of
        assert 4_00 == charged(cards)

    def test_no_more_than_was_captured(self, bench, cards):
        """
        Less what went back; a transfer has no source at a gateway.
        """
        paid = top_up(bench, usd(10_00))
        withdraw(bench, 6_00)
        for given in ({}, {"attempt_id": paid.attempt_id}):
            with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
                withdraw(bench, 4_01, **given)
            assert 4_00 == ei.value.blockers[0].facts["most"]
        withdraw(bench, 4_00)
        assert 0 == charged(cards)

    def test_no_more_than_is_there(self, bench):
        """
        What was spent cannot go back.
        """
        top_up(bench, usd(200_00))
        offer = offered(bench)
        bench.sh.seller("demo").checkouts.pay(offer)
        left = balances(bench)[0]
        with nothing_moves(bench), pytest.raises(InsufficientFundsError):
            withdraw(bench, left + 1)
        withdraw(bench, left)
        assert (0, 0, 0) == balances(bench)

    @pytest.mark.parametrize(
        ("amount", "error"),
        [(Money(1, "EUR"), CurrencyMismatchError), (usd(0), InvalidInputError)],
    )
    def test_what_cannot_go_back_is_refused(self, bench, amount, error):
        """
        Before anything is stored.
        """
        top_up(bench)
        with nothing_moves(bench), pytest.raises(error):
            wallet(bench).withdraw(amount)
        with nothing_moves(bench), pytest.raises(NotFoundError):
            withdraw(bench, 1, attempt_id="nobody's")

    def test_nothing_begins_at_a_gateway_that_rests(self, bench):
        """
        It waits until that is used again.
        """
        paid = top_up(bench)
        gateways(bench).pause("cards")
        for given in ({}, {"attempt_id": paid.attempt_id}):
            with nothing_moves(bench), pytest.raises(CommandRefusedError):
                withdraw(bench, 1, **given)
        gateways(bench).resume("cards")
        assert "returned" == withdraw(bench, 1)[0].state

    def test_the_same_command_returns_once(self, bench, cards):
        """
        It goes on where it was.
        """
        top_up(bench)
        cards.faults = [Fault.LOST_AFTER]
        (lost,) = withdraw(bench, 20_00, command_id="a")
        assert ("unknown", (31_00, 20_00, 0)) == (lost.state, balances(bench))
        (again,) = withdraw(bench, 20_00, command_id="a")

        assert ("returned", lost.attempt_id) == (again.state, again.attempt_id)
        assert (31_00, 0, 0) == balances(bench)
        assert 30_00 == charged(cards)

    @pytest.mark.parametrize("fault", [Fault.LOST_BEFORE, Fault.NONSENSE])
    def test_workers_send_it_until_it_is_known(self, bench, cards, fault):
        """
        It is held meanwhile.
        """
        top_up(bench)
        cards.faults = [fault, fault]
        withdraw(bench, 50_00)
        assert (1_00, 50_00, 0) == balances(bench)
        rounds(bench, 3)

        assert (1_00, 0, 0) == balances(bench)
        assert 0 == charged(cards)

    def test_what_is_declined_is_available_again(self, bench, cards):
        """
        And can go back another time.
        """
        top_up(bench)
        cards.refuses_refunds = True
        (back,) = withdraw(bench, 20_00)
        assert ("declined", "the card is closed") == (back.state, back.error)
        assert (51_00, 0, 0) == balances(bench)
        cards.refuses_refunds = False
        withdraw(bench, 50_00)
        assert 0 == charged(cards)

    def test_another_amount_goes_to_a_person(self, bench, cards):
        """
        It stays held until they know.
        """
        top_up(bench)
        cards.told_instead = usd(19_00)
        (back,) = withdraw(bench, 20_00)
        assert ("manual", (31_00, 20_00, 0)) == (back.state, balances(bench))
        with nothing_moves(bench), pytest.raises(InvalidInputError):
            resolve(
                bench,
                back.attempt_id,
                PaymentDecision.HAPPENED,
                amount=usd(19_00),
                gateway_id="re_1",
            )
        resolve(bench, back.attempt_id, PaymentDecision.DID_NOT_HAPPEN)
        assert (51_00, 0, 0) == balances(bench)


class TestReturnedAfterAll:
    def _declined(self, bench, cards):
        top_up(bench)
        cards.faults = [Fault.LOST_AFTER]
        (back,) = withdraw(bench, 50_00)
        resolve(bench, back.attempt_id, PaymentDecision.DID_NOT_HAPPEN)
        assert (51_00, 0, 0) == balances(bench)
        return back

    def test_it_is_taken_from_what_is_there(self, bench, cards):
        """
        The gateway says that it went, and that is the truth.
        """
        back = self._declined(bench, cards)
        late = attempts(bench).take_up("demo", back.attempt_id)

        assert "returned" == late.state
        assert (1_00, 0, 0) == balances(bench)
        with nothing_moves(bench), pytest.raises(CommandRefusedError):
            withdraw(bench, 1)

    def test_what_was_spent_of_it_is_owed(self, bench, cards):
        """
        It was available meanwhile.
        """
        back = self._declined(bench, cards)
        top_up(bench, usd(10_00))
        offer = offered(bench)
        bench.sh.seller("demo").checkouts.pay(offer)
        left = balances(bench)[0]
        attempts(bench).take_up("demo", back.attempt_id)

        assert (0, 0, 50_00 - left) == balances(bench)
        rounds(bench, pause=DAY)

    def test_while_the_same_money_goes_back_once_more(self, bench, cards):
        """
        That ends first: the gateway has nothing left of it.
        """
        back = self._declined(bench, cards)
        cards.faults = [Fault.LOST_BEFORE]
        (again,) = withdraw(bench, 50_00)
        told = cards.webhook(back.reference)
        bench.sh.attempts.receive("cards", headers=told[0], body=told[1])
        assert [back.attempt_id] == [*bench.sh.attempts.run().failed]
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            attempts(bench).take_up("demo", back.attempt_id)
        assert ("return_open",) == ei.value.codes
        rounds(bench, 2)

        assert "declined" == wallet(bench).attempt(again.attempt_id).state
        assert "returned" == wallet(bench).attempt(back.attempt_id).state
        assert (1_00, 0, 0) == balances(bench)
        assert 0 == charged(cards)


class TestNotArrived:
    def test_it_is_available_again(self, bench, cards):
        """
        The gateway tells of it days later, once and again.
        """
        paid = top_up(bench)
        (back,) = withdraw(bench, 20_00)
        cards.books[back.gateway_id].outcome = PaymentOutcome.DECLINED
        headers, body = cards.webhook(back.reference)
        for _ in range(2):
            bench.sh.attempts.receive("cards", headers=headers, body=body)
            bench.sh.attempts.run()

        assert "declined" == wallet(bench).attempt(back.attempt_id).state
        assert (51_00, 0, 0) == balances(bench)
        assert usd(0) == wallet(bench).attempt(paid.attempt_id).returned

    def test_what_is_told_of_one_that_arrived_changes_nothing(self, bench, cards):
        """
        It went.
        """
        top_up(bench)
        (back,) = withdraw(bench, 20_00)
        headers, body = cards.webhook(back.reference)
        bench.sh.attempts.receive("cards", headers=headers, body=body)
        bench.sh.attempts.run()

        assert "returned" == wallet(bench).attempt(back.attempt_id).state
        assert (31_00, 0, 0) == balances(bench)
