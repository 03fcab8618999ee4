"""
What becomes of an order's parcels: news, trouble, silence, and the clocks they set.
"""

from datetime import timedelta

import attrs
import pytest
from begun import (
    EVERYTHING,
    LATER,
    MONTH,
    SYSTEM,
    WEEK,
    accepted,
    after,
    at_later,
    dispatched,
    lost,
    news,
    paid,
    refund,
    send,
)

from sourcehere import CommandRefusedError
from sourcehere.domain.kernel.clock import NEVER
from sourcehere.domain.kernel.errors import Blocker
from sourcehere.domain.orders import events as e
from sourcehere.domain.orders.deadlines import ORDER_DEADLINES
from sourcehere.domain.orders.holds import HoldReason
from sourcehere.domain.orders.lines import ItemRefund
from sourcehere.domain.orders.marks import ParcelMark
from sourcehere.testing.factories import CARRIER, NOON, STAFF

LOST, CUSTOMS = HoldReason.PARCEL_LOST, HoldReason.CUSTOMS


def told(order, parcel_id="p", **facts):
    """
    Tell an order something of a parcel; return the events.
    """
    after(order).track_parcel(parcel_id, news(**facts), by=CARRIER, at=LATER)
    return order.pending


def tracked(status="in_transit", stall_by=MONTH):
    """
    Make the event of news.
    """
    return at_later(
        CARRIER, e.ParcelTracked, parcel_id="p", status=status, stall_by=stall_by
    )


def placed(reason, number, *, within):
    """
    Make the event of a hold because of a parcel.
    """
    return at_later(
        CARRIER,
        e.HoldPlaced,
        hold_id=f"{reason}-{number}",
        reason=reason.value,
        detail="post T1",
        deadline=LATER + within,
        parcel_id="p",
    )


def released(hold_id):
    """
    Make the event of a hold that is gone.
    """
    return at_later(CARRIER, e.HoldReleased, hold_id=hold_id)


class TestNews:
    def test_silence_begins_anew(self):
        """
        Whatever is heard moves the time when it counts as stalled.
        """
        order = send(accepted())

        assert [tracked()] == told(order)
        assert (ParcelMark("p", stall_by=MONTH),) == order.parcels
        assert [] == told(order, is_new=False)
        assert [tracked(stall_by=WEEK)] == told(order, is_new=False, stall_by=WEEK)

    def test_trouble_opens_a_hold_and_the_next_word_ends_it(self):
        """
        While it is held it is not stalled; the same trouble again changes nothing.
        """
        order = send(accepted())
        days = timedelta(days=14)

        assert [
            tracked("lost", None),
            placed(LOST, 5, within=days),
        ] == told(order, status="lost", trouble=LOST)
        assert [] == told(order, status="lost", trouble=LOST, is_new=False)
        assert [
            tracked("customs", None),
            released("parcel_lost-5"),
            placed(CUSTOMS, 8, within=days),
        ] == told(order, status="customs", trouble=CUSTOMS)
        assert [tracked(), released("customs-8")] == told(order)

    def test_another_word_for_the_same_trouble_begins_it_anew(self):
        """
        It is news: the hold that was open ends, and another counts from now.
        """
        order = send(accepted())
        told(order, status="lost", trouble=LOST)

        assert [
            tracked("missing", None),
            released("parcel_lost-5"),
            placed(LOST, 8, within=timedelta(days=14)),
        ] == told(order, status="missing", trouble=LOST)

    def test_trouble_that_is_not_new_places_no_hold(self):
        """
        Staff released it: the carrier saying the same again is no reason for another.
        """
        order = send(accepted())
        told(order, status="lost", trouble=LOST)
        order.release_hold("parcel_lost-5", by=STAFF, at=NOON)
        order.parcels = (ParcelMark("p", stall_by=WEEK),)

        assert [tracked("lost", None)] == told(
            order, status="lost", trouble=LOST, is_new=False
        )
        assert () == order.holds

    def test_the_same_trouble_keeps_its_hold_while_others_end(self):
        """
        What is told again neither ends nor begins anew.
        """
        order = send(accepted())
        told(order, status="lost", trouble=LOST)
        order.hold_parcel(CUSTOMS, "p", detail="", by=STAFF, at=NOON)
        order.parcels = (ParcelMark("p", stall_by=WEEK),)

        assert [tracked("lost", None), released("customs-6")] == told(
            order, status="lost", trouble=LOST, is_new=False
        )

    def test_what_is_the_matter_with_another_parcel_stays(self):
        """
        News are of one parcel.
        """
        order = send(send(accepted(), i1_1=2), "q", i1_2=6)
        told(order, status="lost", trouble=LOST)

        assert [
            at_later(
                CARRIER,
                e.ParcelTracked,
                parcel_id="q",
                status="in_transit",
                stall_by=MONTH,
            )
        ] == told(order, "q")

    def test_an_ended_order_only_hears(self):
        """
        Nothing is held or waited for any more.
        """
        order = send(accepted())
        order.deliver("timer", by=SYSTEM, at=NOON)

        assert [tracked("lost", None)] == told(order, status="lost", trouble=LOST)
        assert () == order.holds
        assert [tracked(stall_by=None)] == told(order)
        assert [] == told(order, is_new=False)

    @pytest.mark.parametrize("parcel_id", ["x", "p"])
    def test_of_a_parcel_that_does_not_count_nothing_is_heard(self, parcel_id):
        """
        One that is unknown or replaced changes nothing.
        """
        order = send(accepted())
        order.void_parcel("p", replacement="q", by=STAFF, at=NOON)

        assert [] == told(order, parcel_id)
        assert [] == told(order, parcel_id, is_delivered=True)


class TestArrival:
    def test_the_last_parcel_delivers_the_order(self):
        """
        Once nothing is left to send and every parcel that counts has arrived.
        """
        order = send(send(accepted(), i1_1=2), "q", i1_2=6, i2_1=5)
        told(order, status="lost", trouble=LOST)

        assert [
            at_later(CARRIER, e.ParcelDelivered, parcel_id="p"),
            released("parcel_lost-6"),
        ] == told(order, is_delivered=True)
        assert [] == told(order, is_delivered=True)
        assert [
            at_later(CARRIER, e.ParcelDelivered, parcel_id="q"),
            at_later(CARRIER, e.OrderDelivered, state="fulfilled", cause="parcels"),
        ] == told(order, "q", is_delivered=True)

    def test_what_is_the_matter_with_another_parcel_stays(self):
        """
        An arrival is of one parcel.
        """
        order = send(send(accepted(), i1_1=2), "q", i1_2=6)
        told(order, "q", status="lost", trouble=LOST)

        assert [at_later(CARRIER, e.ParcelDelivered, parcel_id="p")] == told(
            order, is_delivered=True
        )

    def test_a_carrier_may_take_its_word_back(self):
        """
        A parcel that was not delivered after all is awaited again.
        """
        order = send(send(accepted(), i1_1=2), "q", i1_2=6)
        told(order, is_delivered=True)
        assert [True, False] == [mark.is_delivered for mark in order.parcels]
        told(order, stall_by=WEEK)

        assert ParcelMark("p", is_delivered=False, stall_by=WEEK) == order.parcels[0]
        assert order.parcels[0].is_delivered is False


class TestSilence:
    def test_parcels_of_which_nothing_was_heard_are_held(self):
        """
        Each that is due, from when it was; the others wait.
        """
        order = send(send(accepted(), i1_1=2), "q", i1_2=6)
        told(order, "q")  # a month
        after(order).stall_by_timer(by=SYSTEM, at=WEEK)

        assert [
            e.ParcelStalled(parcel_id="p", by=SYSTEM, occurred_at=WEEK),
            e.HoldPlaced(
                hold_id="parcel_stalled-7",
                reason="parcel_stalled",
                detail="parcel p",
                deadline=WEEK + timedelta(days=20),
                parcel_id="p",
                by=SYSTEM,
                occurred_at=WEEK,
            ),
        ] == order.pending
        assert [None, MONTH] == [mark.stall_by for mark in order.parcels]

    def test_a_late_clock_leads_to_the_same_end(self):
        """
        The hold counts from when the parcel stalled.
        """
        order = send(accepted())
        order.stall_by_timer(by=SYSTEM, at=MONTH)

        assert [WEEK + timedelta(days=20)] == [hold.deadline for hold in order.holds]

    def test_it_is_not_due_before(self):
        """
        The refusal names the first that will be; none does without one.
        """
        order = send(accepted())
        moment = timedelta(microseconds=1)
        words = "not due before 2026-03-09T12:00:00+00:00"
        facts = {"deadline": "2026-03-09T12:00:00+00:00"}
        before = attrs.evolve(order)

        with pytest.raises(CommandRefusedError) as ei:
            order.stall_by_timer(by=SYSTEM, at=WEEK - moment)
        assert (
            "order",
            "o",
            "stall_by_timer",
            (Blocker("not_due", words, facts),),
        ) == (ei.value.kind, ei.value.id, ei.value.command, ei.value.blockers)
        assert before == order
        told(order, is_delivered=True)
        with pytest.raises(CommandRefusedError) as ei:
            order.stall_by_timer(by=SYSTEM, at=MONTH)
        assert (Blocker("not_due", "no deadline is running"),) == ei.value.blockers


class TestCorrection:
    def held_twice(self):
        """
        Return an order both parcels of which are in trouble.
        """
        order = send(send(accepted(), i1_1=2), "q", i1_2=6)
        told(order, status="lost", trouble=LOST)
        told(order, "q", status="lost", trouble=LOST)
        order.hold_parcel(HoldReason.SHOP_NOT_TOLD, "p", detail="", by=STAFF, at=NOON)
        return after(order)

    def test_a_number_is_corrected(self):
        """
        What was the matter with the wrong number is over, of this parcel.
        """
        order = self.held_twice()

        assert 1 == order.correct_tracking("p", by=STAFF, at=LATER, deliver_by=WEEK)
        assert [
            at_later(
                STAFF, e.TrackingCorrected, parcel_id="p", revision=1, deliver_by=WEEK
            ),
            at_later(STAFF, e.HoldReleased, hold_id="parcel_lost-6"),
        ] == order.pending

    def test_a_parcel_is_replaced(self):
        """
        The shop is told of the replacement instead.
        """
        order = self.held_twice()
        order.void_parcel(
            "p",
            replacement="r",
            by=STAFF,
            at=LATER,
            deliver_by=WEEK,
            stall_by=MONTH,
        )

        assert [
            at_later(
                STAFF,
                e.ParcelVoided,
                parcel_id="p",
                replacement="r",
                deliver_by=WEEK,
                stall_by=MONTH,
            ),
            at_later(STAFF, e.HoldReleased, hold_id="parcel_lost-6"),
            at_later(STAFF, e.HoldReleased, hold_id="shop_not_told-9"),
        ] == order.pending

    def test_an_ended_order_has_no_clocks(self):
        """
        Its parcels can still be put right.
        """
        order = send(accepted())
        order.deliver("timer", by=SYSTEM, at=NOON)
        after(order).correct_tracking("p", by=STAFF, at=LATER, deliver_by=WEEK)
        order.void_parcel(
            "p", replacement="r", by=STAFF, at=LATER, deliver_by=WEEK, stall_by=WEEK
        )

        assert [(None, None), (None, None)] == [
            (one.deliver_by, getattr(one, "stall_by", None)) for one in order.pending
        ]


class TestHolds:
    def test_only_what_is_due_is_lifted(self):
        """
        Of holds with a time the ones whose time is over, and none without.
        """
        order = paid()
        order.hold("a", HoldReason.STORE_DATA, detail="", by=STAFF, at=NOON)
        order.place_hold("b", reason=HoldReason.STAFF, by=STAFF, at=NOON, deadline=WEEK)
        order.place_hold(
            "c", reason=HoldReason.STAFF, by=STAFF, at=NOON, deadline=MONTH
        )
        assert (WEEK, "lift_by") == (order.deadline, order.deadline_name)
        after(order).lift_holds_by_timer(by=SYSTEM, at=WEEK)

        assert [
            e.HoldReleased(hold_id="b", by=SYSTEM, occurred_at=WEEK)
        ] == order.pending

    def test_what_escalates_stays(self):
        """
        It is somebody else's turn; other timed holds are left alone.
        """
        order = send(accepted())
        told(order, status="lost", trouble=LOST)
        order.place_hold("b", reason=HoldReason.STAFF, by=STAFF, at=NOON, deadline=NOON)
        after(order).escalate_holds_by_timer(by=SYSTEM, at=MONTH)

        assert [
            e.HoldEscalated(
                hold_id="parcel_lost-5", who="staff", by=SYSTEM, occurred_at=MONTH
            )
        ] == order.pending

    @pytest.mark.parametrize(
        ("command", "words", "facts"),
        [
            (
                "lift_holds_by_timer",
                "not due before 2026-03-09T12:00:00+00:00",
                {"deadline": "2026-03-09T12:00:00+00:00"},
            ),
            ("escalate_holds_by_timer", "no deadline is running", {}),
        ],
    )
    def test_a_clock_that_is_early_is_refused(self, command, words, facts):
        """
        The refusal names the first time of its own kind.
        """
        order = paid()
        for hold_id, deadline in (("b", MONTH), ("c", WEEK), ("d", None)):
            order.place_hold(
                hold_id,
                reason=HoldReason.STAFF,
                by=STAFF,
                at=NOON,
                deadline=deadline,
            )
        before = attrs.evolve(order)

        with pytest.raises(CommandRefusedError) as ei:
            getattr(order, command)(by=SYSTEM, at=LATER)
        assert ("order", "o", command, (Blocker("not_due", words, facts),)) == (
            ei.value.kind,
            ei.value.id,
            ei.value.command,
            ei.value.blockers,
        )
        assert before == order

    def test_an_ended_order_has_no_deadline(self):
        """
        Whatever it was waiting for is over.
        """
        order = send(accepted())
        assert (WEEK, "stall_by") == (order.deadline, order.deadline_name)
        order.deliver("timer", by=SYSTEM, at=NOON)

        assert (NEVER, "") == (order.deadline, order.deadline_name)

    def test_giving_up_ends_all_that_was_the_matter(self):
        """
        Whatever the parcel, and what staff stopped; what the shop is owed stays.
        """
        order = lost()
        order.hold_parcel(CUSTOMS, "q", detail="", by=STAFF, at=NOON)
        order.place_hold("a", reason=HoldReason.STAFF, by=STAFF, at=NOON)
        order.hold("b", HoldReason.SHOP_NOT_TOLD, detail="", by=STAFF, at=NOON)
        order.give_up(by=STAFF, at=LATER)

        assert ["b"] == [hold.hold_id for hold in order.holds]


class TestNeverMore:
    def test_no_more_is_refunded_than_was_paid(self):
        """
        That would be a mistake of ours; nothing is recorded.
        """
        order = after(send(accepted()))
        paid_minor = order.captured_minor
        refund(order, ItemRefund("1.1", 1, paid_minor - 1))

        for item in (ItemRefund("1.1", 1, 2), ItemRefund("1.1", 2, 1)):
            with pytest.raises(AssertionError):
                refund(order, item)
        assert 1 == len(order.pending)
        refund(order, ItemRefund("1.1", 1, 1))
        assert paid_minor == order.refunded_minor

    def test_what_turns_up_when_all_was_given_up_is_late(self):
        """
        A lost order whose units come after all counts nothing of them.
        """
        order = dispatched()
        refund(order, *[ItemRefund(name, q, 0) for name, q in EVERYTHING.items()])
        order.give_up(by=STAFF, at=NOON)
        after(order).receive("r", [], by=STAFF, at=LATER)

        assert [at_later(STAFF, e.LateUnitsCounted, receipt_id="r")] == order.pending


def test_each_deadline_has_its_command_and_its_count():
    """
    What a clock does when it is due, and under which name it is counted.
    """
    escalating = ("escalate_holds_by_timer", "escalate_hold")
    lifting = ("lift_holds_by_timer", "lift_hold")

    assert {
        "pay_by": ("expire", "expire_order"),
        "ship_by": ("hold_late_by_timer", "hold_late_order"),
        "receive_by": ("hold_late_by_timer", "hold_late_order"),
        "deliver_by": ("deliver_by_timer", "deliver_order"),
        "stall_by": ("stall_by_timer", "stall_parcel"),
        "lift_by": lifting,
        "ask_by": lifting,
        "take_over_by": escalating,
        "address_by": escalating,
        "find_by": escalating,
        "decide_by": escalating,
        "redeliver_by": escalating,
        "clear_by": escalating,
        "fetch_by": escalating,
        "inspect_by": escalating,
        "resend_by": escalating,
        "tell_by": escalating,
        "restock_by": escalating,
    } == {name: (row.command, row.what) for name, row in ORDER_DEADLINES.items()}
