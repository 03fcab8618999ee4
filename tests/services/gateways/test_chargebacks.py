"""
A payer's bank takes money back: it leaves the wallet, and what was spent is owed.
"""

from datetime import datetime

import pytest
from payment_world import (
    DAY,
    attempts,
    balances,
    charged,
    offered,
    opened,
    pay,
    rounds,
    states,
    top_up,
    wallet,
)

from sourcehere import CommandRefusedError, Money, SellerDebtError
from sourcehere.testing.factories import NOON, SELLER, STAFF, nothing_moves
from sourcehere.testing.fake_gateway import FakeGateway
from sourcehere.testing.fake_shop import Fault


def usd(minor):
    """
    Return dollars.
    """
    return Money(minor, "USD")


def spent(bench, minor=50_00):
    """
    Let a top-up be spent; return its attempt.
    """
    paid = top_up(bench, usd(minor))
    offer = offered(bench)
    pay(bench, offer)
    return paid


def taken(bench, cards, paid, minor, name="cb1"):
    """
    Let the bank take some of an attempt back, and workers hear of it.
    """
    cards.take_back(paid.gateway_id, usd(minor), name=name, at=NOON)
    rounds(bench, pause=DAY)


class TestChargeback:
    def test_it_leaves_the_wallet(self, bench, cards):
        """
        Told again, it counts once.
        """
        paid = top_up(bench)
        taken(bench, cards, paid, 20_00)
        assert (31_00, 0, 0) == balances(bench)
        rounds(bench, 3, pause=DAY)

        assert (31_00, 0, 0) == balances(bench)
        assert usd(20_00) == wallet(bench).attempt(paid.attempt_id).taken_back
        lines = [e for e in wallet(bench).ledger().items if e.purpose == "chargeback"]
        assert 2 == len(lines)

    def test_a_webhook_tells_of_it_at_once(self, bench, cards):
        """
        It is about the capture.
        """
        paid = top_up(bench)
        cards.take_back(paid.gateway_id, usd(50_00), at=NOON)
        headers, body = cards.webhook(paid.reference)
        for _ in range(2):
            bench.sh.attempts.receive("cards", headers=headers, body=body)
            bench.sh.attempts.run()

        assert (1_00, 0, 0) == balances(bench)

    def test_what_the_bank_gives_back_is_the_seller_s(self, bench, cards):
        """
        All of it, or some.
        """
        paid = top_up(bench)
        taken(bench, cards, paid, 50_00)
        taken(bench, cards, paid, 10_00)
        assert (41_00, 0, 0) == balances(bench)
        taken(bench, cards, paid, 0)
        assert (51_00, 0, 0) == balances(bench)
        assert usd(0) == wallet(bench).attempt(paid.attempt_id).taken_back

    def test_two_are_two(self, bench, cards):
        """
        By the gateway's names of them.
        """
        paid = top_up(bench)
        taken(bench, cards, paid, 10_00, "a")
        taken(bench, cards, paid, 15_00, "b")
        assert (26_00, 0, 0) == balances(bench)

    def test_what_was_taken_back_does_not_go_back_again(self, bench, cards):
        """
        Less can return to its source.
        """
        paid = top_up(bench)
        taken(bench, cards, paid, 30_00)
        with nothing_moves(bench), pytest.raises(CommandRefusedError):
            wallet(bench).withdraw(usd(20_01))

    def test_another_currency_is_told_and_not_booked(self, bench, cards):
        """
        A person looks at it.
        """
        paid = top_up(bench)
        cards.take_back(paid.gateway_id, Money(10_00, "EUR"), at=NOON)
        bench.clock.advance(DAY)
        report = bench.sh.attempts.run()

        words = "the gateway says that 10.00 EUR of 50.00 USD was taken back"
        assert words == wallet(bench).attempt(paid.attempt_id).error
        assert {paid.attempt_id: words} == report.failed
        assert (51_00, 0, 0) == balances(bench)

    @pytest.mark.parametrize("others", [0, 30_00])
    def test_more_than_was_captured_is_told_and_not_booked(self, bench, cards, others):
        """
        A bank takes back what its payer paid; other chargebacks count beside it.
        """
        paid = top_up(bench)
        if others:
            taken(bench, cards, paid, others, "a")
        cards.take_back(paid.gateway_id, usd(50_01 - others), name="b", at=NOON)
        bench.clock.advance(DAY)
        report = bench.sh.attempts.run()

        more = usd(50_01 - others)
        words = f"the gateway says that {more} of 50.00 USD was taken back"
        assert {paid.attempt_id: words} == report.failed
        assert (51_00 - others, 0, 0) == balances(bench)
        assert usd(others) == wallet(bench).attempt(paid.attempt_id).taken_back

        taken(bench, cards, paid, 50_00 - others, "b")
        assert (1_00, 0, 0) == balances(bench)
        assert "" == wallet(bench).attempt(paid.attempt_id).error

    @pytest.mark.parametrize("left", [0, 5_00, 45_00])
    def test_one_is_won_and_another_takes_its_place(self, bench, cards, left):
        """
        Whatever their order: what came back makes room.
        """
        paid = top_up(bench)
        taken(bench, cards, paid, 50_00, "b")
        cards.take_back(paid.gateway_id, usd(left), name="b", at=NOON)
        taken(bench, cards, paid, 50_00 - left, "a")

        assert (1_00, 0, 0) == balances(bench)
        assert "" == wallet(bench).attempt(paid.attempt_id).error

    def test_an_answer_without_sense_is_told(self, bench, cards):
        """
        Whoever runs the round learns that nobody knows of chargebacks.
        """
        paid = top_up(bench)
        cards.take_back(paid.gateway_id, usd(10_00), at=datetime(9999, 1, 1))  # noqa: DTZ001 - the point
        bench.clock.advance(DAY)
        report = bench.sh.attempts.run()

        (words,) = report.failed.values()
        assert "chargebacks[0].taken_at" in words
        assert (paid.attempt_id, 0) == (*report.failed, report.asked)
        assert (51_00, 0, 0) == balances(bench)


class TestDebt:
    def _owing(self, bench, cards):
        paid = spent(bench)
        left = balances(bench)[0]
        taken(bench, cards, paid, 50_00)
        assert (0, 0, 50_00 - left) == balances(bench)
        return paid, 50_00 - left

    def test_nothing_is_spent_while_something_is_owed(self, bench, cards):
        """
        The error says what is.
        """
        _, owed = self._owing(bench, cards)
        offer = offered(bench, "9")
        with nothing_moves(bench), pytest.raises(SellerDebtError) as ei:
            bench.sh.seller("demo").checkouts.pay(offer)
        assert (usd(owed), offer.total) == (ei.value.debt, ei.value.needed)
        assert usd(owed) + offer.total == ei.value.missing
        (order,) = offer.orders
        checkouts = bench.app.checkouts
        (why,) = checkouts.why_not_paid("demo", order.order_id, by=SELLER)
        assert ("insufficient_funds", str(usd(owed)), str(ei.value.missing)) == (
            why.code,
            why.facts["owed"],
            why.facts["missing"],
        )
        assert f"{usd(owed)} is owed: {ei.value.missing} is missing" in why.words

    def test_a_top_up_settles_it_first(self, bench, cards):
        """
        By card, or by a transfer that staff record.
        """
        _, owed = self._owing(bench, cards)
        top_up(bench, usd(1_00))
        assert (0, 0, owed - 1_00) == balances(bench)
        bench.app.wallets.top_up("demo", usd(owed), reference="T", by=STAFF)
        assert (1_00, 0, 0) == balances(bench)

    def test_a_transfer_answers_with_what_is_left(self, bench, cards):
        """
        After the debt.
        """
        _, owed = self._owing(bench, cards)
        made = (
            bench.sh.staff("ann")
            .seller("demo")
            .wallet.top_up(usd(owed + 5_00), reference="T")
        )
        assert (usd(5_00), usd(0)) == (made.available, made.debt)

    def test_what_the_bank_gives_back_settles_it(self, bench, cards):
        """
        And the rest is available again.
        """
        paid, owed = self._owing(bench, cards)
        taken(bench, cards, paid, 0)
        assert (50_00 - owed, 0, 0) == balances(bench)

    def test_what_comes_back_settles_it_before_more_is_taken(self, bench, cards):
        """
        Both are heard of at once, and neither is refused.
        """
        paid, owed = self._owing(bench, cards)
        cards.take_back(paid.gateway_id, usd(20_00), at=NOON)
        taken(bench, cards, paid, 25_00, "cb2")

        assert (0, 0, owed - 5_00) == balances(bench)
        assert usd(45_00) == wallet(bench).attempt(paid.attempt_id).taken_back

    def test_what_comes_back_beyond_it_is_there_to_be_taken(self, bench, cards):
        """
        The rest of what is taken is owed again.
        """
        paid, owed = self._owing(bench, cards)
        cards.take_back(paid.gateway_id, usd(0), at=NOON)
        taken(bench, cards, paid, 50_00 - owed + 7, "cb2")
        assert (0, 0, 7) == balances(bench)

    def test_paying_by_card_charges_what_is_owed_too(self, bench, cards):
        """
        It is settled first, then the orders are paid.
        """
        _, owed = self._owing(bench, cards)
        before, offer = charged(cards), offered(bench, "9")
        paid = pay(bench, offer)

        assert "paid" == paid.state
        assert owed + offer.total.minor == charged(cards) - before
        assert (0, 0, 0) == balances(bench)
        assert ["awaiting_shipping"] == states(bench, offer)

    def test_what_settled_a_debt_does_not_go_back(self, bench, cards):
        """
        An unpaid checkout's money stays in the wallet where a debt needed it.
        """
        offer = offered(bench)
        first = top_up(bench, usd(50_00))
        cards.faults = [None, Fault.LOST_AFTER]
        pay(bench, offer, return_unpaid=True)
        name = wallet(bench).attempts().items[0].attempt_id
        wallet(bench).withdraw(usd(50_00), attempt_id=first.attempt_id)
        cards.take_back(first.gateway_id, usd(40_00), at=NOON)
        headers, body = cards.webhook(first.reference)
        bench.sh.attempts.receive("cards", headers=headers, body=body)
        bench.sh.attempts.run()
        assert 39_00 == balances(bench)[2]
        rounds(bench, pause=DAY / 4)

        found = wallet(bench).attempt(name)
        assert ("captured", usd(0)) == (found.state, found.returned)


class TestWhoIsAsked:
    def test_a_gateway_that_cannot_tell_is_asked_once(self, storage, violations):
        """
        And then no more.
        """

        class Silent(FakeGateway):
            chargebacks = None

        for bench in opened(storage, violations, Silent()):
            paid = top_up(bench)
            rounds(bench, pause=DAY)
            assert wallet(bench).attempt(paid.attempt_id).next_at.year > 9000

    def test_it_is_asked_for_half_a_year(self, bench):
        """
        As long as banks may take back.
        """
        paid = top_up(bench)
        rounds(bench, 2, pause=100 * DAY)
        assert wallet(bench).attempt(paid.attempt_id).next_at.year > 9000

    @pytest.mark.parametrize("is_away", [False, True])
    def test_what_was_taken_back_is_asked_about_for_half_a_year_more(
        self, bench, cards, is_away
    ):
        """
        A bank decides months after it took, also where nobody could ask for a while.
        """
        paid = top_up(bench)
        rounds(bench, pause=170 * DAY)
        taken(bench, cards, paid, 50_00)
        assert (1_00, 0, 0) == balances(bench)
        cards.next_fault = lambda: Fault.LOST_BEFORE if is_away else None
        rounds(bench, 4, pause=40 * DAY)
        cards.next_fault = lambda: None
        taken(bench, cards, paid, 0)

        assert (51_00, 0, 0) == balances(bench)
        rounds(bench, pause=178 * DAY)
        assert wallet(bench).attempt(paid.attempt_id).next_at.year < 9000
        rounds(bench, 2, pause=2 * DAY)
        assert wallet(bench).attempt(paid.attempt_id).next_at.year > 9000


class TestTwoAtOnce:
    def test_what_is_older_undoes_nothing(self, bench, cards, monkeypatch):
        """
        One asks; the bank gives back, and another hears of it first.
        """
        paid = top_up(bench)
        cards.take_back(paid.gateway_id, usd(50_00), at=NOON)
        desk, asked = attempts(bench), []

        def slowly(gateway, capture_id):
            told = chargebacks(gateway, capture_id)
            asked.append(told)
            if len(asked) == 1:
                gateway.take_back(paid.gateway_id, usd(0), at=NOON)
                desk.take_up("demo", paid.attempt_id)
            return told

        chargebacks = FakeGateway.chargebacks
        monkeypatch.setattr(FakeGateway, "chargebacks", slowly)
        desk.take_up("demo", paid.attempt_id)

        assert [50_00, 0, 0] == [told[0].amount.minor for told in asked]
        assert (51_00, 0, 0) == balances(bench)

    def test_two_captures_whose_chargebacks_have_one_name(self, bench, cards):
        """
        Both are taken, as often as they are told.
        """
        for paid in (top_up(bench), top_up(bench)):
            cards.take_back(paid.gateway_id, usd(50_00), name="first", at=NOON)
        for _ in range(2):
            bench.clock.advance(DAY)
            assert {} == bench.sh.attempts.run().failed

        assert (1_00, 0, 0) == balances(bench)

    def test_it_is_decided_once_whether_a_debt_needs_it(self, storage, violations):
        """
        A transfer that arrives behind the look at the debt finds it settled: nothing
        is kept back for a debt that is gone.
        """
        cards, watched = FakeGateway(), Watched(storage)
        for bench in opened(watched, violations, cards):
            watched.when_in_debt = lambda bench=bench: bench.app.wallets.top_up(
                "demo", usd(60_00), reference="T", by=STAFF
            )
            offer = offered(bench)
            cards.faults = [None, Fault.LOST_AFTER]
            pay(bench, offer, return_unpaid=True)
            first = wallet(bench).attempts().items[0]
            before = top_up(bench, usd(50_00))
            wallet(bench).withdraw(usd(50_00), attempt_id=before.attempt_id)
            cards.take_back(before.gateway_id, usd(40_00), at=NOON)
            headers, body = cards.webhook(before.reference)
            bench.sh.attempts.receive("cards", headers=headers, body=body)
            bench.sh.attempts.run()
            rounds(bench, pause=DAY / 4)

            found = wallet(bench).attempt(first.attempt_id)
            assert ("captured", usd(0)) == (found.state, found.returned)
            assert (1_00 + found.done.minor - 40_00, 0, 0) == balances(bench)


class Watched:
    """
    A storage that tells when a transaction was refused because of a debt.
    """

    def __init__(self, inner):
        self._inner, self.url = inner, inner.url
        self.when_in_debt = None

    def transact(self, work, /, *, read_only):
        """
        Do it, and tell.
        """
        try:
            return self._inner.transact(work, read_only=read_only)
        except SellerDebtError:
            tell, self.when_in_debt = self.when_in_debt, None
            if tell is not None:
                tell()
            raise

    def close(self):
        """
        Close the storage below.
        """
        self._inner.close()


class TestMany:
    def test_all_that_are_due_are_asked_about(self, bench, cards):
        """
        They are read a hundred at a time, as they are asked about.
        """
        paid = [top_up(bench, usd(100)) for _ in range(101)]
        cards.take_back(paid[-1].gateway_id, usd(40), name="cb1", at=NOON)
        bench.clock.advance(DAY)
        read, storage = [], bench.app.storage
        real = storage.transact

        def transact(work, *, read_only):
            done = real(work, read_only=read_only)
            read.append(len(done) if isinstance(done, list) else 0)
            return done

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(storage, "transact", transact)
            report = bench.sh.attempts.run()

        assert (101, {}) == (report.asked, report.failed)
        assert usd(40) == wallet(bench).attempt(paid[-1].attempt_id).taken_back
        assert 100 == max(read)
        assert 0 == bench.sh.attempts.run().asked
