"""
A wallet is topped up by card: once, whatever happens on the way.
"""

from datetime import timedelta

import attrs
import pytest
from payment_world import (
    AMOUNT,
    DAY,
    HOUR,
    attempts,
    balances,
    charged,
    gateways,
    opened,
    resolve,
    rounds,
    top_up,
    wallet,
)

from sourcehere import Money, PaymentDecision
from sourcehere.domain.effects.payments import PaymentAttempt
from sourcehere.domain.kernel.errors import (
    CurrencyMismatchError,
    IdempotencyConflictError,
    InvalidInputError,
    NotFoundError,
)
from sourcehere.doors.answers import storable
from sourcehere.ports.errors import DeclinedError, UnknownOutcomeError
from sourcehere.services.base.settings import Settings
from sourcehere.testing.factories import NOON, SELLER, STAFF, dump, nothing_moves
from sourcehere.testing.fake_gateway import FakeGateway
from sourcehere.testing.fake_shop import Fault

LOST = (Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.NONSENSE)
TOKEN = "tok_secret_4242"


class TestTopUp:
    def test_the_money_is_the_seller_s(self, bench, cards):
        """
        Reserved, captured and booked, each step under a key of its own.
        """
        paid = top_up(bench)

        assert ("captured", AMOUNT, AMOUNT) == (paid.state, paid.amount, paid.done)
        assert (51_00, 0, 0) == balances(bench)
        assert 50_00 == charged(cards)
        assert 2 == len(set(cards.keys))
        lines = wallet(bench).ledger(limit=2).items
        assert {"top_up"} == {line.purpose for line in lines}
        assert {paid.reference} == {line.reference for line in lines}

    def test_what_was_captured_is_not_corrected(self, bench):
        """
        The gateway says what it captured; it goes back to its source by a refund.
        """
        paid = top_up(bench)
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            bench.app.wallets.correct_top_up(
                "demo", paid.reference, Money(0, "USD"), by=STAFF
            )
        assert ("reference", paid.reference) == (ei.value.field, ei.value.value)
        assert "withdraw" in ei.value.expected

    def test_a_decline_is_the_end_of_it(self, bench, cards):
        """
        Another try is another attempt, with another key.
        """
        first = top_up(bench, source="tok_declined", command_id="a")
        assert ("declined", "insufficient funds") == (first.state, first.error)
        assert first == top_up(bench, source="tok_declined", command_id="a")
        second = top_up(bench, command_id="b")

        assert "captured" == second.state
        assert first.key != second.key
        assert (51_00, 0, 0) == balances(bench)
        assert 3 == len(cards.keys)

    def test_the_same_command_charges_once(self, bench, cards):
        """
        It returns the same attempt.
        """
        first = top_up(bench, command_id="a")
        second = top_up(bench, command_id="a")

        assert first.attempt_id == second.attempt_id
        assert 50_00 == charged(cards)
        with pytest.raises(IdempotencyConflictError):
            top_up(bench, Money(1, "USD"), command_id="a")

    @pytest.mark.parametrize(
        ("amount", "error"),
        [
            (Money(50_00, "EUR"), CurrencyMismatchError),
            (Money(0, "USD"), InvalidInputError),
            (Money(-1, "USD"), InvalidInputError),
        ],
    )
    def test_what_cannot_be_charged_is_refused(self, bench, cards, amount, error):
        """
        Before anything is stored, or sent.
        """
        with nothing_moves(bench), pytest.raises(error):
            top_up(bench, amount)
        assert [] == cards.keys

    def test_no_gateway_no_charge(self, bench):
        """
        One that is not there, or paused.
        """
        desk = wallet(bench)
        with nothing_moves(bench), pytest.raises(NotFoundError):
            desk.top_up_by_card(AMOUNT, source="tok", gateway="other")
        gateways(bench).pause("cards", why="audit")
        with nothing_moves(bench), pytest.raises(DeclinedError, match="paused"):
            top_up(bench)
        gateways(bench).resume("cards")
        assert "captured" == top_up(bench).state

    def test_attempts_are_listed_newest_first(self, bench):
        """
        With those that were declined.
        """
        made = [top_up(bench), top_up(bench, source="tok_declined")]

        assert made[::-1] == list(wallet(bench).attempts().items)
        assert made[0] == wallet(bench).attempt(made[0].attempt_id)


def attempt_with(source):
    """
    Return an attempt that keeps a token.
    """
    return PaymentAttempt(
        seller_id="demo",
        attempt_id="a",
        connection="cards",
        step="authorize",
        state="planned",
        amount_minor=1,
        currency="USD",
        source=source,
        sends=0,
        epoch=0,
        next_at=NOON,
        planned_by=SELLER,
        planned_at=NOON,
        step_at=NOON,
        changed_at=NOON,
        deadline=NOON,
    )


class TestToken:
    @pytest.mark.parametrize(
        ("fault", "is_kept"),
        [
            (None, False),
            (Fault.DECLINED, False),
            (Fault.LOST_BEFORE, True),
            (Fault.THROTTLED, True),
        ],
    )
    def test_it_is_kept_while_the_key_may_be_sent_again(
        self, bench, cards, fault, is_kept
    ):
        """
        And nowhere else, in no row of any table.
        """
        cards.faults = [fault]
        top_up(bench, source=TOKEN, command_id="a")

        tables = [
            n for n, rows in dump(bench.app.storage).items() if TOKEN in str(rows)
        ]
        assert (["payment_attempt"] if is_kept else []) == tables
        rounds(bench)
        assert TOKEN not in str(dump(bench.app.storage))

    @pytest.mark.parametrize("error", [UnknownOutcomeError, DeclinedError])
    @pytest.mark.parametrize("asked", ["authorize", "capture"])
    def test_no_row_has_what_a_gateway_should_not_say(self, bench, cards, error, asked):
        """
        A card's number, a mail address, and the token while it is known: in no row, not
        in that of its circuit either.
        """
        words = "no: 5105 1051-0510 5100 of bo.lin@example.com"
        if asked == "authorize":
            words += f" by {TOKEN}"

        def raises(call):
            if call == asked:
                raise error(provider="fake", detail=words)

        cards.when_asked = raises
        paid = top_up(bench, source=TOKEN)
        blank = "no: *** of ***" + (" by ***" if asked == "authorize" else "")
        attempt = bench.sh.staff("ann").seller("demo").wallet.attempt(paid.attempt_id)
        assert blank in attempt.error
        rows = dump(bench.app.storage)
        for secret in ("5105 ", "bo.lin"):
            assert secret not in str(rows)
        assert TOKEN not in str(
            {n: r for n, r in rows.items() if n != "payment_attempt"}
        )
        cards.when_asked = lambda _: None
        if error is UnknownOutcomeError:
            rounds(bench)
            assert "captured" == wallet(bench).attempt(paid.attempt_id).state

    @pytest.mark.parametrize(
        "card", ["4242424242424242", "4242 4242 4242 4242", "378282246310005"]
    )
    def test_the_number_of_a_card_is_none(self, bench, cards, card):
        """
        It is refused before it is stored or sent, and not repeated.
        """
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            top_up(bench, source=card)
        assert [] == cards.keys
        assert card not in str(ei.value)
        assert "but may be the number of a card" in str(ei.value)

    def test_digits_that_are_no_card_are_a_token(self, bench):
        """
        As gateways make them: without the digit that every card has at its end.
        """
        assert "captured" == top_up(bench, source="4242424242424241").state

    def test_no_error_tells_it(self, bench, cards):
        """
        Neither what a gateway says, nor the refusal of what is no token.
        """
        cards.answer_instead = f"charged {TOKEN}"
        paid = top_up(bench, source=TOKEN)
        assert "unknown" == paid.state
        assert TOKEN not in str(paid)
        cards.next_fault = lambda: None
        for length in (480, 492, 499):
            words = "x" * length + TOKEN
            assert TOKEN[:6] not in attempt_with(TOKEN).without_source(
                storable(words, most=500)
            )
        with pytest.raises(InvalidInputError) as ei:
            top_up(bench, source=f"{TOKEN}\n")
        assert TOKEN not in str(ei.value)
        cards.answer_instead = None
        rounds(bench)


class TestUnknown:
    @pytest.mark.parametrize("fault", LOST)
    @pytest.mark.parametrize("step", [0, 1], ids=["authorize", "capture"])
    def test_the_same_key_is_sent_until_it_is_known(self, bench, cards, fault, step):
        """
        Charged once, whichever answer was lost, before or after its effect.
        """
        cards.faults = [None] * step + [fault, fault]
        assert "unknown" == top_up(bench).state
        assert (1_00, 0, 0) == balances(bench)

        rounds(bench, 3)

        assert (51_00, 0, 0) == balances(bench)
        assert 50_00 == charged(cards)
        assert 2 == len(set(cards.keys))
        assert () == attempts(bench).open()

    def test_the_same_command_asks_at_once(self, bench, cards):
        """
        Somebody waits for it.
        """
        cards.faults = [Fault.LOST_AFTER]
        assert "unknown" == top_up(bench, command_id="a").state
        assert "captured" == top_up(bench, command_id="a").state
        assert 50_00 == charged(cards)

    def test_a_pause_that_is_asked_for_is_kept(self, bench, cards):
        """
        Nothing happened: the same key, later.
        """
        cards.faults = [Fault.THROTTLED]
        assert "planned" == top_up(bench).state
        rounds(bench, pause=timedelta(minutes=6))
        assert 1 == len(cards.keys)
        rounds(bench, pause=timedelta(minutes=2))
        assert (51_00, 0, 0) == balances(bench)

    def test_a_key_that_was_not_taken_is_not_old(self, bench, cards):
        """
        The gateway wanted patience for days: it knows the key from then on.
        """
        cards.finds_by_reference = False
        cards.faults = [Fault.THROTTLED]
        top_up(bench)
        cards.faults = [Fault.LOST_AFTER]
        rounds(bench, pause=2 * DAY)
        rounds(bench)

        assert (51_00, 0, 0) == balances(bench)
        assert 50_00 == charged(cards)

    @pytest.mark.parametrize(
        ("fault", "state"), [(Fault.LOST_AFTER, 51_00), (Fault.LOST_BEFORE, 1_00)]
    )
    def test_it_is_looked_up_when_the_key_is_too_old(self, bench, cards, fault, state):
        """
        What is not found did not happen, where the gateway says so.
        """
        cards.faults = [None, fault]
        top_up(bench)
        rounds(bench, pause=2 * DAY)

        assert (state, 0, 0) == balances(bench)
        assert 2 == len(cards.keys)
        found = wallet(bench).attempts().items[0].state
        assert ("captured" if state > 1_00 else "absent") == found

    def test_absent_now_and_found_later_is_the_truth(self, bench, cards):
        """
        The money is there: it is the seller's, by whatever way it is heard of.
        """
        cards.faults = [None, Fault.LOST_AFTER]
        paid = top_up(bench)
        hidden = {n: o for n, o in cards.books.items() if o.kind == "capture"}
        for name in hidden:
            del cards.books[name]
        rounds(bench, pause=2 * DAY)
        assert "absent" == wallet(bench).attempt(paid.attempt_id).state
        cards.books |= hidden

        late = attempts(bench).take_up("demo", paid.attempt_id)

        assert ("captured", 51_00) == (late.state, balances(bench)[0])
        assert "found after it had ended as absent" == late.error
        attempts(bench).take_up("demo", paid.attempt_id)
        assert (51_00, 0, 0) == balances(bench)

    def test_what_is_reserved_late_lapses(self, bench, cards):
        """
        The payer was told that nothing was charged.
        """
        cards.faults = [Fault.LOST_AFTER]
        paid = top_up(bench)
        resolve(bench, paid.attempt_id, PaymentDecision.DID_NOT_HAPPEN)
        late = attempts(bench).take_up("demo", paid.attempt_id)

        assert "declined" == late.state
        assert "lapses" in late.error
        assert 0 == charged(cards)

    def test_a_gateway_that_does_not_find_leaves_it_to_a_person(
        self, storage, violations
    ):
        """
        None proves nothing there.
        """
        cards = FakeGateway(finds_by_reference=False)
        for bench in opened(storage, violations, cards):
            cards.faults = [Fault.LOST_BEFORE]
            paid = top_up(bench)
            rounds(bench, pause=2 * DAY)

            assert "manual" == wallet(bench).attempt(paid.attempt_id).state
            resolve(bench, paid.attempt_id, PaymentDecision.DID_NOT_HAPPEN)
            assert "declined" == wallet(bench).attempt(paid.attempt_id).state

    def test_a_gateway_that_is_down_leaves_it_to_a_person(self, bench, cards):
        """
        After some tries, which are fewer and fewer.
        """
        cards.next_fault = lambda: Fault.LOST_BEFORE
        paid = top_up(bench)
        rounds(bench, 20, pause=2 * HOUR)

        (open_,) = attempts(bench).open()
        assert ("manual", Settings().deliveries_max) == (open_.state, open_.sends)
        cards.next_fault = lambda: None
        seen = attrs.evolve(paid, attempt_id=open_.attempt_id)
        assert "manual" == attempts(bench).take_up("demo", seen.attempt_id).state
