"""
Dispute windows: each parcel's units have their own, whatever the order does.
"""

from datetime import timedelta

import pytest

from sourcehere import CommandRefusedError, Count, DisputeReason
from sourcehere.domain.kernel.actor import Actor, Role
from sourcehere.domain.shipments.model import TrackingStatus
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.services.sending.tracking import TrackingFact
from sourcehere.testing.factories import CARRIER, NOON, SELLER, STAFF, nothing_moves

EVIDENCE = {"description": "see the photo", "photo": "photo-1"}
DAMAGED, LOST = DisputeReason.DAMAGED, DisputeReason.NOT_RECEIVED


def new(order_id, units, reason=DAMAGED):
    """
    Say what is disputed: units of the order's first item.
    """
    return NewDispute(
        order_id=order_id, reason=reason, quantities={"1.1": units}, evidence=EVIDENCE
    )


def dispute(bench, order_id, units, reason=DAMAGED):
    """
    Open a dispute.
    """
    return bench.app.disputes.open("demo", new(order_id, units, reason), by=SELLER)


def on_day(bench, day):
    """
    Move the clock to noon of a day, from 0.
    """
    bench.clock.at = NOON + timedelta(days=day)


def arrives(bench, parcel_id):
    """
    Let the carrier say that a parcel was delivered.
    """
    fact = TrackingFact(
        parcel_id=parcel_id,
        status=TrackingStatus.DELIVERED,
        happened_at=bench.clock.now(),
        key=f"{parcel_id}:delivered",
    )
    bench.app.tracking.record("demo", [fact], by=CARRIER)


@pytest.fixture
def in_parts(paired):
    """
    Three cups: one sent on day 0, one on day 40; the last waits.
    """
    order_id = paired.accepted(CUP=3)
    on_day(paired, 0)
    paired.ship(order_id, "T1", i1_1=1)
    on_day(paired, 40)
    paired.ship(order_id, "T2", i1_1=1)
    return order_id


class TestParcels:
    def test_a_parcel_sent_later_is_disputed_later(self, paired, in_parts):
        """
        On day 41 the cup sent on day 40 is disputed, and the one of day 0 is not.
        """
        on_day(paired, 41)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, in_parts, 2)
        assert ("window_closed",) == ei.value.codes
        assert {
            "item": "1.1",
            "asked": 2,
            "left": 1,
            "closed": 1,
            "days": 30,
        } == ei.value.blockers[0].facts
        assert (
            "item 1.1: 2 units asked, but the window of 30 days has closed for 1 and is"
            " open for 1"
        ) == ei.value.blockers[0].words

        assert dispute(paired, in_parts, 1)

    def test_the_last_parcel_reopens_nothing(self, paired, in_parts):
        """
        Sending the last cup on day 100 lets that one be disputed, and no other.
        """
        on_day(paired, 100)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, in_parts, 1)
        assert {"left": 0, "closed": 2} == {
            name: ei.value.blockers[0].facts[name] for name in ("left", "closed")
        }
        paired.ship(in_parts, "T3")
        on_day(paired, 101)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, in_parts, 2)
        assert ("window_closed",) == ei.value.codes
        assert dispute(paired, in_parts, 1)

    @pytest.mark.parametrize("end", ["open", "granted"])
    def test_a_unit_disputed_in_time_is_not_disputed_twice(self, paired, in_parts, end):
        """
        The cup of day 40 is in a dispute: another of day 0 is no reason for one more.
        """
        on_day(paired, 41)
        name = dispute(paired, in_parts, 1)
        if end == "granted":
            paired.app.disputes.move("demo", name, "take", by=STAFF)
            paired.app.disputes.grant("demo", name, by=STAFF)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, in_parts, 1)
        assert ("window_closed",) == ei.value.codes

    def test_one_that_ended_without_refund_frees_the_unit(self, paired, in_parts):
        """
        A dispute withdrawn took nothing.
        """
        on_day(paired, 41)
        name = dispute(paired, in_parts, 1)
        paired.app.disputes.move("demo", name, "withdraw", by=SELLER)

        assert dispute(paired, in_parts, 1)

    def test_a_longer_window_takes_the_oldest_units(self, paired, in_parts):
        """
        What was not received is disputed for 90 days: that takes the cup of day 0, so
        that the one of day 40 may still be called damaged.
        """
        on_day(paired, 41)
        dispute(paired, in_parts, 1, LOST)

        assert dispute(paired, in_parts, 1)

    def test_it_counts_from_the_delivery_where_one_is_known(self, paired):
        """
        A cup sent on day 0 and delivered on day 20 is disputed until day 50.
        """
        order_id = paired.accepted(CUP=2)
        on_day(paired, 0)
        first = paired.ship(order_id, "T1", i1_1=1)
        paired.ship(order_id, "T2")
        on_day(paired, 20)
        arrives(paired, first)
        on_day(paired, 50)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, order_id, 2)
        assert ("window_closed",) == ei.value.codes
        assert dispute(paired, order_id, 1)

        paired.clock.advance(timedelta(microseconds=1))
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, order_id, 1)
        assert ("window_closed",) == ei.value.codes

    def test_a_timer_is_no_delivery(self, paired):
        """
        An order that counts as delivered because nobody said otherwise opens no window.
        """
        order_id = paired.accepted(CUP=1)
        on_day(paired, 0)
        paired.ship(order_id)
        on_day(paired, 45)
        paired.app.clocks.fire()
        assert "fulfilled" == paired.app.orders.get("demo", order_id).state

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, order_id, 1)
        assert ("window_closed",) == ei.value.codes
        assert dispute(paired, order_id, 1, LOST)

    def test_a_replaced_parcel_counts_once(self, paired):
        """
        The units of a parcel under another number are the same units.
        """
        order_id = paired.accepted(CUP=1)
        parcel_id = paired.ship(order_id)
        paired.app.shipping.void_parcel(
            "demo",
            order_id,
            parcel_id,
            carrier="post",
            tracking_number="T9",
            by=STAFF,
        )
        on_day(paired, 31)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, order_id, 1)
        assert 1 == ei.value.blockers[0].facts["closed"]

    def test_what_left_in_spite_of_a_cancellation_is_taken(self, paired):
        """
        Two cups were to be cancelled, left all the same and were refunded: they are
        nobody's to dispute again.
        """
        order_id = paired.accepted(CUP=3)
        name = dispute(paired, order_id, 2, DisputeReason.CANCEL)
        (hold,) = paired.app.orders.get("demo", order_id).holds
        paired.app.orders.release_hold("demo", order_id, hold.hold_id, by=STAFF)
        paired.ship(order_id)
        paired.app.disputes.move("demo", name, "take", by=STAFF)
        paired.app.disputes.grant("demo", name, by=STAFF)
        on_day(paired, 31)

        (blocker,) = paired.app.disputes.why_not_open(
            "demo", new(order_id, 1), by=SELLER
        )
        assert (0, 1) == (blocker.facts["left"], blocker.facts["closed"])

    def test_units_cancelled_before_they_left_take_no_parcel_s(self, paired):
        """
        Of three cups one was cancelled: both that left may be disputed.
        """
        order_id = paired.accepted(CUP=3)
        name = dispute(paired, order_id, 1, DisputeReason.CANCEL)
        paired.app.disputes.move("demo", name, "take", by=STAFF)
        paired.app.disputes.grant("demo", name, by=STAFF)
        paired.ship(order_id, "T1", i1_1=1)
        on_day(paired, 40)
        paired.ship(order_id, "T2", i1_1=1)

        (blocker,) = paired.app.disputes.why_not_open(
            "demo", new(order_id, 2), by=SELLER
        )
        assert (1, 1) == (blocker.facts["left"], blocker.facts["closed"])


class TestConsignments:
    def test_each_count_of_the_warehouse_has_its_window(self, paired):
        """
        Of a consignment that arrives in two parts each is disputed for 30 days.
        """
        order_id = paired.bought(CUP=10)
        on_day(paired, 0)
        paired.app.cloud.dispatch("demo", order_id, by=STAFF)
        for day, counted in ((10, Count(4)), (30, Count(4, damaged=1))):
            on_day(paired, day)
            paired.app.cloud.receive("demo", order_id, {"1.1": counted}, by=STAFF)
        on_day(paired, 50)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, order_id, 6)
        assert "window_closed" in ei.value.codes
        assert dispute(paired, order_id, 5)

    def test_every_unit_that_was_counted_has_one(self, paired):
        """
        Good, damaged and missing units alike; those lost on the way are refunded and
        gone, by whomever.
        """
        order_id = paired.bought(CUP=10)
        on_day(paired, 0)
        paired.app.cloud.dispatch("demo", order_id, by=STAFF)
        counted = {"1.1": Count(2, damaged=1, missing=1)}
        paired.app.cloud.receive("demo", order_id, counted, by=STAFF)
        name = dispute(paired, order_id, 2, LOST)
        paired.app.disputes.move("demo", name, "take", by=STAFF)
        paired.app.disputes.grant("demo", name, by=STAFF)
        on_day(paired, 31)
        for outstanding in (4, 0):
            (blocker,) = paired.app.disputes.why_not_open(
                "demo", new(order_id, 4), by=SELLER
            )
            assert (0, 4 + outstanding) == (
                blocker.facts["left"],
                blocker.facts["closed"],
            )
            if outstanding:
                paired.app.cloud.write_off_rest("demo", order_id, by=STAFF)

    def test_what_is_on_its_way_counts_from_the_order_s_last_change(self, paired):
        """
        Units that no warehouse has counted are disputed as lost for 90 days.
        """
        order_id = paired.bought(CUP=3)
        on_day(paired, 0)
        paired.app.cloud.dispatch("demo", order_id, by=STAFF)
        on_day(paired, 91)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, order_id, 3, LOST)
        assert ("window_closed",) == ei.value.codes
        on_day(paired, 90)

        assert dispute(paired, order_id, 3, LOST)


class TestWhyNot:
    def test_it_says_everything_at_once(self, paired, in_parts):
        """
        Who may not, what is missing and which windows have closed, without opening.
        """
        on_day(paired, 41)
        asked = NewDispute(order_id=in_parts, reason=DAMAGED, quantities={"1.1": 2})
        with nothing_moves(paired):
            found = paired.app.disputes.why_not_open("demo", asked, by=STAFF)
        assert (
            "role_not_allowed",
            "evidence_missing",
            "evidence_missing",
            "window_closed",
        ) == tuple(blocker.code for blocker in found)

        allowed = paired.app.disputes.why_not_open(
            "demo", new(in_parts, 1), by=Actor(Role.SELLER, "demo")
        )
        assert () == allowed

    def test_the_seller_s_desk_says_it_too(self, paired, in_parts):
        """
        A button asks before it is shown.
        """
        on_day(paired, 41)
        (blocker,) = paired.sh.seller("demo").disputes.why_not_open(
            in_parts, reason=DAMAGED, quantities={"1.1": 2}, evidence=EVIDENCE
        )

        assert ("window_closed", 1) == (blocker.code, blocker.facts["left"])

    def test_a_cancellation_counts_from_the_state(self, paired):
        """
        What has not left has no parcel: 365 days from the order's last change.
        """
        order_id = paired.accepted(CUP=1)
        paired.clock.advance(timedelta(days=366))
        found = paired.app.disputes.why_not_open(
            "demo", new(order_id, 1, DisputeReason.CANCEL), by=SELLER
        )

        assert ("window_closed",) == tuple(blocker.code for blocker in found)
