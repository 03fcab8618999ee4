"""
How disputes end: with words, and so that the same claim needs something new.
"""

from datetime import timedelta

import pytest

from sourcehere import (
    SYSTEM,
    CommandRefusedError,
    DisputeReason,
    InvalidInputError,
    Subject,
)
from sourcehere.testing.factories import nothing_moves

BROKEN = {"description": "It is broken.", "photo": "photo-1"}


@pytest.fixture
def sent(paired):
    """
    An order of four cups that left.
    """
    order_id = paired.accepted(CUP=4)
    paired.ship(order_id)
    return order_id


def claim(bench, order_id, units=2, reason=DisputeReason.DAMAGED, **evidence):
    """
    Dispute cups of an order, as the seller.
    """
    return (
        bench.sh.seller("demo")
        .disputes.open(
            order_id,
            reason=reason,
            quantities={"1.1": units},
            evidence=BROKEN | evidence,
        )
        .dispute_id
    )


def rejected(bench, order_id, **claimed):
    """
    Claim, and let staff reject it.
    """
    name = claim(bench, order_id, **claimed)
    ann = bench.sh.staff("ann").seller("demo").disputes
    ann.take(name)
    ann.reject(name, reason="The photo shows another cup.")
    return name


class TestWords:
    def test_who_rejects_says_why(self, paired, sent):
        """
        The words are in the conversation, and the dispute names the message.
        """
        name = rejected(paired, sent)
        shop = paired.sh.seller("demo")
        *_, last = shop.conversations.messages(Subject.DISPUTE, name)

        assert ("staff:ann", "The photo shows another cup.") == (
            f"{last.by.role}:{last.by.id}",
            last.text,
        )
        found = shop.disputes.get(name)
        assert ("rejected", last.message_id) == (found.state, found.ended_with)

    @pytest.mark.parametrize("reason", ["", " \n"])
    def test_nobody_rejects_without_a_word(self, paired, sent, reason):
        """
        It is refused, and the dispute stays as it is.
        """
        name = claim(paired, sent)
        ann = paired.sh.staff("ann").seller("demo").disputes
        ann.take(name)
        with nothing_moves(paired), pytest.raises(InvalidInputError) as ei:
            ann.reject(name, reason=reason)
        assert ("text", reason, "why, in words") == (
            ei.value.field,
            ei.value.value,
            ei.value.expected,
        )

    def test_a_question_and_its_answer_are_said_with_the_move(self, paired, sent):
        """
        In one commit each; they end nothing.
        """
        shop, ann = paired.sh.seller("demo"), paired.sh.staff("ann").seller("demo")
        name = claim(paired, sent)
        ann.disputes.take(name)
        ann.disputes.ask(name, text="Which one?")
        shop.disputes.answer(name, text="The blue one.")
        said = [m.text for m in shop.conversations.messages(Subject.DISPUTE, name)]

        assert ["It is broken.", "photo-1", "Which one?", "The blue one."] == said
        assert "" == shop.disputes.get(name).ended_with
        with nothing_moves(paired), pytest.raises(CommandRefusedError):
            shop.disputes.answer(name, text="And the red one.")

    def test_a_seller_may_say_why_it_is_withdrawn(self, paired, sent):
        """
        Or say nothing.
        """
        shop = paired.sh.seller("demo")
        silent, said = claim(paired, sent), claim(paired, sent, photo="photo-2")
        shop.disputes.withdraw(silent)
        shop.disputes.withdraw(said, reason="Found it.")

        assert "" == shop.disputes.get(silent).ended_with
        *_, last = shop.conversations.messages(Subject.DISPUTE, said)
        assert ("Found it.", last.message_id) == (
            last.text,
            shop.disputes.get(said).ended_with,
        )


class TestAgain:
    def test_the_same_claim_is_refused(self, paired, sent):
        """
        However it is written; the refusal names the dispute that decided.
        """
        name = rejected(paired, sent, units=3)
        asked = {"description": " it is  BROKEN."}
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            claim(paired, sent, units=2, **asked)
        (blocker,) = ei.value.blockers

        assert "nothing_new" == blocker.code
        assert {"item": "1.1", "most": 1, "dispute": name} == blocker.facts
        assert (
            "item 1.1: a dispute for damaged about these units is rejected; give"
            " evidence that was not given then"
        ) == blocker.words
        shop = paired.sh.seller("demo")
        assert (blocker,) == shop.disputes.why_not_open(
            sent,
            reason=DisputeReason.DAMAGED,
            quantities={"1.1": 2},
            evidence=BROKEN | asked,
        )

    def test_units_that_nobody_decided_about_can_be_claimed(self, paired, sent):
        """
        Three of four were rejected: one more is open to anybody.
        """
        rejected(paired, sent, units=3)

        assert claim(paired, sent, units=1)
        with pytest.raises(CommandRefusedError) as ei:
            claim(paired, sent, units=1)
        assert 0 == ei.value.blockers[0].facts["most"]

    @pytest.mark.parametrize(
        "new", [{"photo": "photo-2"}, {"description": "It is broken at the handle."}]
    )
    def test_something_new_opens_it_again(self, paired, sent, new):
        """
        A photo, or words, that were not given before; once they were, they are old.
        """
        rejected(paired, sent)
        again = rejected(paired, sent, **new)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            claim(paired, sent, units=3, **new)
        assert again == ei.value.blockers[0].facts["dispute"]

    def test_what_several_disputes_decided_adds_up(self, paired, sent):
        """
        Two and one of four were rejected: one more is open, and the refusal of two
        names the last dispute.
        """
        rejected(paired, sent, units=2)
        last = rejected(paired, sent, units=1, photo="photo-2")

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            claim(paired, sent, units=2)
        assert {"item": "1.1", "most": 1, "dispute": last} == (
            ei.value.blockers[0].facts
        )
        assert claim(paired, sent, units=1)

    def test_units_too_old_to_be_claimed_may_be_those_decided_about(self, paired):
        """
        Nobody knows which cups were rejected, so that two of each parcel leave two that
        nobody decided about.
        """
        order_id = paired.accepted(CUP=4)
        paired.ship(order_id, "T1", i1_1=2)
        paired.clock.advance(timedelta(days=100))
        paired.ship(order_id, "T2")
        rejected(paired, order_id, units=2)

        assert claim(paired, order_id, units=2)

    def test_another_reason_is_another_claim(self, paired, sent):
        """
        What was not damaged may still be the wrong one.
        """
        rejected(paired, sent, units=4)

        assert claim(paired, sent, units=4, reason=DisputeReason.WRONG_ITEM)

    def test_a_seller_may_withdraw_and_claim_again(self, paired, sent):
        """
        Nobody decided anything.
        """
        shop = paired.sh.seller("demo")
        shop.disputes.withdraw(claim(paired, sent, units=4))

        assert claim(paired, sent, units=4)

    def test_a_claim_that_was_not_answered_needs_something_new(self, paired, sent):
        """
        It expired while staff waited for the seller.
        """
        name = claim(paired, sent, units=4)
        ann = paired.sh.staff("ann").seller("demo").disputes
        ann.take(name)
        ann.ask(name, text="Which one?")
        paired.clock.advance(timedelta(days=14))
        paired.app.disputes.move("demo", name, "expire", by=SYSTEM)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            claim(paired, sent, units=4)
        assert "nothing_new" == ei.value.blockers[0].code
        assert claim(paired, sent, units=4, photo="photo-2")

    def test_a_wish_to_cancel_that_was_refused_needs_a_word(self, paired):
        """
        Units that have not left are counted while they have not.
        """
        order_id = paired.accepted(CUP=4)
        shop, ann = paired.sh.seller("demo"), paired.sh.staff("ann").seller("demo")
        name = shop.disputes.request_cancel(order_id).dispute_id
        ann.disputes.take(name)
        ann.disputes.reject(name, reason="It is packed.")

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            shop.disputes.request_cancel(order_id)
        assert ("nothing_new", 0) == (
            ei.value.blockers[0].code,
            ei.value.blockers[0].facts["most"],
        )
        assert "request_cancel" == ei.value.command
        assert ei.value.blockers == shop.orders.why_not(order_id, "request_cancel")
        assert shop.disputes.open(
            order_id,
            reason=DisputeReason.CANCEL,
            quantities={"1.1": 4},
            evidence={"description": "The customer moved away."},
        )

    def test_nothing_stands_against_a_first_wish_to_cancel(self, paired):
        """
        Neither before the warehouse accepts nor after it; a seller's order is nobody
        else's to cancel.
        """
        order_id = paired.paid(CUP=4)
        shop, ann = paired.sh.seller("demo"), paired.sh.staff("ann").seller("demo")
        assert () == shop.orders.why_not(order_id, "request_cancel")
        ann.shipping.accept([order_id])
        assert () == shop.orders.why_not(order_id, "request_cancel")
        (why,) = ann.orders.why_not(order_id, "request_cancel")
        assert "role_not_allowed" == why.code

    def test_units_of_a_wish_to_cancel_are_counted_too(self, paired):
        """
        One of four was refused: the other three may still be cancelled.
        """
        order_id = paired.accepted(CUP=4)
        cancel = {"reason": DisputeReason.CANCEL, "description": "Too many."}
        rejected(paired, order_id, units=1, **cancel)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            claim(paired, order_id, units=4, **cancel)
        assert ("nothing_new", 3) == (
            ei.value.blockers[0].code,
            ei.value.blockers[0].facts["most"],
        )
        assert claim(paired, order_id, units=3, **cancel)
