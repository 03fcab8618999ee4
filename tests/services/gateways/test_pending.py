"""
A payer has to decide first: it is looked up, and heard of, until it is known.
"""

from datetime import timedelta

import pytest
from payment_world import (
    AMOUNT,
    DAY,
    HOUR,
    attempts,
    balances,
    charged,
    resolve,
    rounds,
    top_up,
    wallet,
)

from sourcehere import Money, PaymentDecision
from sourcehere.domain.kernel.errors import (
    CommandRefusedError,
    InvalidInputError,
    NotFoundError,
)
from sourcehere.ports.errors import SignatureError
from sourcehere.testing.factories import dump, nothing_moves
from sourcehere.testing.fake_shop import Fault

PENDING = "tok_3ds"
HAPPENED, DID_NOT = PaymentDecision.HAPPENED, PaymentDecision.DID_NOT_HAPPEN


def told(bench, cards, *references):
    """
    Let the gateway tell of payments.
    """
    headers, body = cards.webhook(*references)
    return bench.sh.attempts.receive("cards", headers=headers, body=body)


class TestPending:
    def test_the_payer_is_sent_to_the_bank(self, bench, cards):
        """
        Nothing is charged until they have decided; then it is captured.
        """
        paid = top_up(bench, source=PENDING)

        assert ("pending", "https://bank.example/au_1") == (
            paid.state,
            paid.redirect_url,
        )
        assert PENDING not in str(dump(bench.app.storage))
        rounds(bench, pause=timedelta(minutes=5))
        assert 0 == charged(cards)
        cards.decide()
        rounds(bench, pause=timedelta(minutes=5))
        assert (51_00, 0, 0) == balances(bench)
        assert "" == wallet(bench).attempt(paid.attempt_id).redirect_url

    def test_a_payer_who_declines_ends_it(self, bench, cards):
        """
        Nothing is charged.
        """
        paid = top_up(bench, source=PENDING)
        cards.decide(accepts=False)
        rounds(bench)

        assert "declined" == wallet(bench).attempt(paid.attempt_id).state
        assert (1_00, 0, 0) == balances(bench)

    def test_the_same_command_looks_it_up_at_once(self, bench, cards):
        """
        As who comes back from the bank does.
        """
        top_up(bench, source=PENDING, command_id="a")
        cards.decide()
        assert "captured" == top_up(bench, source=PENDING, command_id="a").state

    def test_it_is_looked_up_less_and_less(self, bench, cards):
        """
        Every ten minutes; behind its deadline less and less, and it is shown.
        """
        top_up(bench, source=PENDING)
        rounds(bench, 60, pause=timedelta(minutes=1))
        within = len(cards.looks)
        assert 5 < within < 12
        rounds(bench, 72)
        assert 5 <= len(cards.looks) - within <= 9
        (open_,) = attempts(bench).open()
        assert "pending" == open_.state

        cards.decide()
        rounds(bench, pause=DAY)
        assert (51_00, 0, 0) == balances(bench)

    def test_trouble_leaves_it_pending(self, bench, cards):
        """
        It was accepted: what is told of it now is no news of it.
        """
        top_up(bench, source=PENDING)
        cards.next_fault = lambda: Fault.LOST_BEFORE
        rounds(bench, 20)
        (open_,) = attempts(bench).open()
        assert "pending" == open_.state

        cards.next_fault = lambda: None
        hidden = dict(cards.books)
        cards.books.clear()
        rounds(bench, 3, pause=DAY)
        assert "pending" == attempts(bench).get(open_.attempt_id).state
        cards.books |= hidden
        cards.decide()
        rounds(bench, pause=DAY)
        assert (51_00, 0, 0) == balances(bench)


class TestWebhooks:
    def test_what_is_told_is_looked_up_next(self, bench, cards):
        """
        A payload is a hint: the fact is fetched.
        """
        paid = top_up(bench, source=PENDING)
        rounds(bench, 3)
        cards.decide()
        kept = told(bench, cards, paid.reference)

        assert (paid.reference,) == kept.references
        assert (1_00, 0, 0) == balances(bench)
        bench.sh.attempts.run()
        assert (51_00, 0, 0) == balances(bench)
        assert [] == dump(bench.app.storage)["payment_hint"]

    def test_a_webhook_that_lies_moves_nothing(self, bench, cards):
        """
        The gateway says otherwise when it is asked.
        """
        paid = top_up(bench, source=PENDING)
        told(bench, cards, paid.reference, "nobody's", "no-such-capture")
        bench.sh.attempts.run()

        assert "pending" == wallet(bench).attempt(paid.attempt_id).state
        assert [] == dump(bench.app.storage)["payment_hint"]

    def test_what_is_not_signed_is_not_kept(self, bench, cards):
        """
        Nor what is told to no gateway; a ping is kept as nothing.
        """
        _, body = cards.webhook("a")
        with nothing_moves(bench), pytest.raises(SignatureError):
            bench.sh.attempts.receive("cards", headers={}, body=body)
        for name in ("other", "card"):
            with nothing_moves(bench), pytest.raises(NotFoundError):
                bench.sh.attempts.receive(name, headers={}, body=b"")
        with nothing_moves(bench):
            assert () == told(bench, cards).references

    def test_a_late_capture_is_heard_of(self, bench, cards):
        """
        Of an attempt that staff had ended.
        """
        cards.faults = [None, Fault.LOST_AFTER]
        paid = top_up(bench)
        resolve(bench, paid.attempt_id, DID_NOT)
        told(bench, cards, f"{paid.attempt_id}-capture")
        bench.sh.attempts.run()

        assert (51_00, 0, 0) == balances(bench)

    def test_a_hint_waits_while_the_gateway_rests(self, bench, cards):
        """
        It is kept until it could be followed.
        """
        paid = top_up(bench, source=PENDING)
        cards.next_fault = lambda: Fault.THROTTLED
        rounds(bench)
        told(bench, cards, paid.reference)
        bench.sh.attempts.run()
        assert 1 == len(dump(bench.app.storage)["payment_hint"])

        cards.next_fault = lambda: None
        cards.decide()
        rounds(bench)
        assert (51_00, 0, 0) == balances(bench)


class TestWrongAnswers:
    @pytest.mark.parametrize(
        "amount", [Money(60_00, "USD"), Money(50_00, "EUR"), Money(0, "USD")]
    )
    @pytest.mark.parametrize("step", ["authorize", "capture"])
    def test_another_amount_goes_to_a_person(self, bench, cards, amount, step):
        """
        With the facts; nothing is credited in silence.
        """

        def tell(call):
            cards.told_instead = amount if call == step else None

        cards.when_asked = tell
        paid = top_up(bench)

        assert "manual" == paid.state
        assert str(amount) in paid.error
        assert (1_00, 0, 0) == balances(bench)
        rounds(bench, 3, pause=DAY)
        assert "manual" == attempts(bench).get(paid.attempt_id).state

    def test_less_is_what_was_captured(self, bench, cards):
        """
        A gateway may capture less, and says so.
        """
        cards.when_asked = lambda call: setattr(
            cards, "told_instead", Money(30_00, "USD") if call == "capture" else None
        )
        paid = top_up(bench)

        assert ("captured", AMOUNT, Money(30_00, "USD")) == (
            paid.state,
            paid.amount,
            paid.done,
        )
        assert (31_00, 0, 0) == balances(bench)

    def test_less_that_is_reserved_is_what_is_captured(self, bench, cards):
        """
        No more than there is.
        """
        cards.when_asked = lambda _: setattr(cards, "told_instead", Money(20_00, "USD"))
        top_up(bench)
        assert (21_00, 0, 0) == balances(bench)
        assert 20_00 == charged(cards)

    def test_another_reference_is_no_answer(self, bench, cards):
        """
        It is asked again.
        """
        cards.answer_instead = "paid"
        assert "unknown" == top_up(bench).state
        cards.answer_instead = None
        rounds(bench)
        assert (51_00, 0, 0) == balances(bench)


class TestPersons:
    def _lost(self, bench, cards, step):
        cards.finds_by_reference = False
        cards.faults = [*[None] * step, Fault.LOST_BEFORE]
        paid = top_up(bench)
        rounds(bench, pause=2 * DAY)
        assert "manual" == attempts(bench).get(paid.attempt_id).state
        return paid.attempt_id

    def test_what_they_saw_is_booked(self, bench, cards):
        """
        As if the gateway had said so, with who says it.
        """
        name = self._lost(bench, cards, 1)
        amount = Money(49_00, "USD")
        ended = resolve(bench, name, HAPPENED, amount=amount, gateway_id="ch_1")

        assert ("captured", amount, "ch_1", "staff:ann") == (
            ended.state,
            ended.done,
            ended.gateway_id,
            ended.decided_by,
        )
        assert (50_00, 0, 0) == balances(bench)

    def test_what_was_reserved_is_captured(self, bench, cards):
        """
        The next step follows.
        """
        cards.faults = [Fault.LOST_AFTER]
        paid = top_up(bench)
        ended = resolve(
            bench, paid.attempt_id, HAPPENED, amount=AMOUNT, gateway_id="au_1"
        )

        assert "captured" == ended.state
        assert (51_00, 0, 0) == balances(bench)

    def test_the_same_decision_again_is_of_the_same_step(self, bench, cards):
        """
        What was reserved is not what was captured.
        """
        cards.faults = [Fault.LOST_AFTER, Fault.LOST_BEFORE]
        paid = top_up(bench)
        given = {"amount": AMOUNT, "gateway_id": "au_1", "command_id": "a"}
        given["reference"] = attempts(bench).get(paid.attempt_id).reference
        for _ in range(2):
            ended = resolve(bench, paid.attempt_id, HAPPENED, **given)
            assert ("unknown", "capture") == (ended.state, ended.step)
            assert (1_00, 0, 0) == balances(bench)
        rounds(bench)

        assert (51_00, 0, 0) == balances(bench)
        assert 50_00 == charged(cards)

    @pytest.mark.parametrize(
        ("decision", "given"),
        [(HAPPENED, {"amount": AMOUNT, "gateway_id": "au_1"}), (DID_NOT, {})],
    )
    def test_what_was_seen_is_of_the_reference_that_was_looked_up(
        self, bench, cards, decision, given
    ):
        """
        Where the attempt has gone on since, nothing is decided.
        """
        cards.faults = [Fault.LOST_AFTER, Fault.LOST_BEFORE]
        paid = top_up(bench)
        looked_up = attempts(bench).get(paid.attempt_id).reference
        bench.clock.advance(HOUR)
        cards.faults = [None, Fault.LOST_BEFORE]
        bench.sh.attempts.run()
        assert "capture" == attempts(bench).get(paid.attempt_id).step
        given = {**given, "reference": looked_up}
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            resolve(bench, paid.attempt_id, decision, **given)

        (blocker,) = ei.value.blockers
        assert ("wrong_step", {"step": "capture"}) == (blocker.code, blocker.facts)
        rounds(bench)
        assert (51_00, 0, 0) == balances(bench)
        assert 50_00 == charged(cards)

    @pytest.mark.parametrize(
        "given",
        [
            {},
            {"gateway_id": "x"},
            {"amount": AMOUNT},
            {"amount": Money(1, "EUR"), "gateway_id": "x"},
            {"amount": Money(0, "USD"), "gateway_id": "x"},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, bench, cards, given):
        """
        What was moved has to be said.
        """
        name = self._lost(bench, cards, 1)
        with nothing_moves(bench), pytest.raises(InvalidInputError):
            resolve(bench, name, HAPPENED, **given)

    def test_what_another_attempt_has_is_refused(self, bench, cards):
        """
        It was moved once; blanks around its name change nothing.
        """
        paid, name = top_up(bench), self._lost(bench, cards, 1)
        given = {"amount": AMOUNT, "gateway_id": f" {paid.gateway_id} "}
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            resolve(bench, name, HAPPENED, **given)

        assert ("gateway_id", paid.gateway_id) == (ei.value.field, ei.value.value)
        assert (51_00, 0, 0) == balances(bench)

    def test_what_is_known_is_not_decided(self, bench):
        """
        The gateway has said it.
        """
        paid = top_up(bench)
        for decision, given in (
            (DID_NOT, {}),
            (HAPPENED, {"amount": AMOUNT, "gateway_id": "x"}),
        ):
            with nothing_moves(bench), pytest.raises(CommandRefusedError):
                resolve(bench, paid.attempt_id, decision, **given)
        rounds(bench, pause=HOUR)
