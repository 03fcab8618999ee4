"""
What carriers say: of which number, when it happened, and what is the matter.
"""

from datetime import timedelta

import pytest

from sourcehere import (
    SYSTEM,
    CommandRefusedError,
    DisputeReason,
    IncidentReason,
    Tab,
    TrackingFact,
    TrackingStatus,
)
from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.domain.orders.holds import HOLDS, SPEAKS_AGAINST_SILENCE
from sourcehere.services.base.settings import Settings
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.testing.factories import (
    CARRIER,
    NOON,
    SELLER,
    STAFF,
    nothing_moves,
    open_bench,
)

S, Why = TrackingStatus, IncidentReason
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def say(bench, parcel_id, status, hour, key="", **number):
    """
    Let the carrier say what happened *hour* hours past noon; its clock may be two days
    ahead.
    """
    bench.clock.at = max(bench.clock.at, NOON + hour * HOUR - 2 * DAY)
    fact = TrackingFact(
        parcel_id=parcel_id,
        key=key or f"{status}:{hour}",
        status=status,
        happened_at=NOON + hour * HOUR,
        **number,
    )
    report = bench.app.tracking.record("demo", [fact], by=CARRIER)
    assert {} == report.failed
    return report.done[parcel_id]


def correct(bench, order_id, parcel_id, number, carrier="post"):
    bench.app.shipping.correct_tracking(
        "demo", order_id, parcel_id, carrier=carrier, tracking_number=number, by=STAFF
    )


def void(bench, order_id, parcel_id, number):
    return bench.app.shipping.void_parcel(
        "demo",
        order_id,
        parcel_id,
        carrier="post",
        tracking_number=number,
        by=STAFF,
    )


def box(bench, parcel_id):
    """
    Return where a parcel is, and at which hour it was delivered.
    """
    parcel = bench.app.tracking.parcel("demo", parcel_id)
    at = parcel.delivered_at
    return parcel.status, None if at is None else (at - NOON) / HOUR


def order_of(bench, order_id):
    return bench.app.orders.get("demo", order_id)


def held(bench, order_id):
    """
    Return why an order is held, and whose turn it is.
    """
    return [(hold.reason, hold.who) for hold in order_of(bench, order_id).holds]


def sent(bench, number="T1", **units):
    """
    Send an order in one parcel.
    """
    order_id = bench.accepted("1", **(units or {"CUP": 1}))
    return order_id, bench.ship(order_id, number)


class TestNumbers:
    def test_what_was_said_of_a_wrong_number_counts_no_more(self, paired):
        """
        A parcel delivered under a wrong number is pending under the right one, and the
        order that was fulfilled by it stays fulfilled.
        """
        order_id, parcel_id = sent(paired, "WRONG")
        say(paired, parcel_id, S.DELIVERED, 5)
        assert ("delivered", 5) == box(paired, parcel_id)
        correct(paired, order_id, parcel_id, "RIGHT")

        assert ("pending", None) == box(paired, parcel_id)
        order = order_of(paired, order_id)
        assert ("fulfilled", False) == (order.state, order.parcels[0].is_delivered)
        say(paired, parcel_id, S.DELIVERED, 90)
        assert ("delivered", 90) == box(paired, parcel_id)
        assert "fulfilled" == order_of(paired, order_id).state

    def test_an_order_on_its_way_waits_for_the_right_number(self, paired):
        """
        An order whose other parcel is on its way is not fulfilled by the wrong number,
        and its delivery timer runs anew from the correction.
        """
        order_id = paired.accepted("1", CUP=2)
        first = paired.ship(order_id, "WRONG", i1_1=1)
        second = paired.ship(order_id, "T2")
        say(paired, first, S.DELIVERED, 5)
        paired.clock.advance(3 * DAY)
        correct(paired, order_id, first, "RIGHT")
        say(paired, second, S.DELIVERED, 80)
        order = order_of(paired, order_id)

        assert ("shipped", NOON + 48 * DAY) == (order.state, order.deliver_by)
        say(paired, first, S.DELIVERED, 90)
        assert "fulfilled" == order_of(paired, order_id).state

    def test_a_fact_may_name_the_number_it_was_said_of(self, paired):
        """
        What is told late of the wrong number is kept, and moves nothing.
        """
        order_id, parcel_id = sent(paired, "WRONG")
        correct(paired, order_id, parcel_id, "RIGHT")
        assert 1 == say(paired, parcel_id, S.DELIVERED, 5, tracking_number="WRONG")
        (fact,) = paired.app.tracking.events("demo", parcel_id)

        assert ("pending", None) == box(paired, parcel_id)
        assert ("post", "WRONG") == (fact.carrier, fact.tracking_number)
        assert "shipped" == order_of(paired, order_id).state

    @pytest.mark.parametrize(
        ("field", "value"), [("tracking_number", "T1 "), ("carrier", "\u00a0post")]
    )
    def test_a_number_with_blanks_around_it_is_refused(self, paired, field, value):
        """
        It is the parcel's to its carrier, and would be another one's here.
        """
        _, parcel_id = sent(paired, "T1")
        fact = TrackingFact(
            parcel_id=parcel_id,
            key="d",
            status=S.DELIVERED,
            happened_at=paired.clock.now(),
            **{field: value},
        )
        with nothing_moves(paired):
            report = paired.app.tracking.record("demo", [fact], by=CARRIER)

        (error,) = report.failed.values()
        assert (field, value) == (error.field, error.value)

    def test_a_carrier_belongs_to_the_number(self, paired):
        """
        Two carriers use the same number for different parcels.
        """
        order_id, parcel_id = sent(paired, "T1")
        say(paired, parcel_id, S.IN_TRANSIT, 5)
        correct(paired, order_id, parcel_id, "T1", carrier="other")

        assert ("pending", None) == box(paired, parcel_id)

    def test_a_number_that_was_right_after_all_brings_its_facts_back(self, paired):
        """
        Corrected back, a parcel is where its first number's facts say.
        """
        order_id = paired.accepted("1", CUP=2)
        parcel_id = paired.ship(order_id, "T1", i1_1=1)
        say(paired, parcel_id, S.DELIVERED, 5)
        correct(paired, order_id, parcel_id, "T2")
        correct(paired, order_id, parcel_id, "T1")

        assert ("delivered", 5) == box(paired, parcel_id)
        assert order_of(paired, order_id).parcels[0].is_delivered

    def test_two_numbers_may_use_the_same_keys(self, paired):
        """
        Carriers count the facts of each number from one; each counts once.
        """
        order_id, parcel_id = sent(paired, "WRONG")
        assert 1 == say(paired, parcel_id, S.DELIVERED, 5, "1")
        correct(paired, order_id, parcel_id, "RIGHT")
        assert 1 == say(paired, parcel_id, S.IN_TRANSIT, 6, "1")
        with nothing_moves(paired):
            assert 0 == say(paired, parcel_id, S.IN_TRANSIT, 6, "1")

        assert ("in_transit", None) == box(paired, parcel_id)

    def test_they_may_do_so_in_one_report(self, paired):
        """
        Facts of two numbers told together under one key are two facts.
        """
        _, parcel_id = sent(paired, "RIGHT")
        facts = [
            TrackingFact(
                parcel_id=parcel_id,
                key="1",
                status=S.IN_TRANSIT,
                happened_at=NOON,
                tracking_number=number,
            )
            for number in ("WRONG", "RIGHT", "RIGHT")
        ]
        report = paired.app.tracking.record("demo", facts, by=CARRIER)

        assert {parcel_id: 2} == report.done
        assert ("in_transit", None) == box(paired, parcel_id)

    def test_what_was_the_matter_with_a_wrong_number_is_over(self, paired):
        """
        A lost number that was not ours holds nothing, and one that is lost does.
        """
        order_id, parcel_id = sent(paired, "WRONG")
        say(paired, parcel_id, S.LOST, 5)
        say(paired, parcel_id, S.LOST, 6, tracking_number="LOST TOO")
        correct(paired, order_id, parcel_id, "RIGHT")
        assert [] == held(paired, order_id)
        correct(paired, order_id, parcel_id, "LOST TOO")

        assert [("parcel_lost", "carrier")] == held(paired, order_id)


class TestWhenItHappened:
    def test_failed_and_out_again_is_out(self, paired):
        """
        A parcel that failed at hour 12 and is out at hour 34 is out for delivery.
        """
        order_id, parcel_id = sent(paired)
        say(paired, parcel_id, S.DELIVERY_FAILED, 12)
        assert [("delivery_failed", "seller")] == held(paired, order_id)
        say(paired, parcel_id, S.OUT_FOR_DELIVERY, 34)

        assert ("out_for_delivery", None) == box(paired, parcel_id)
        assert [] == held(paired, order_id)

    def test_lost_and_scanned_is_found(self, paired):
        """
        A parcel that is scanned after it was lost is in transit.
        """
        order_id, parcel_id = sent(paired)
        say(paired, parcel_id, S.LOST, 12)
        say(paired, parcel_id, S.IN_TRANSIT, 34)

        assert ("in_transit", None) == box(paired, parcel_id)
        assert [] == held(paired, order_id)

    def test_a_scan_before_it_was_lost_finds_nothing(self, paired):
        """
        What happened before, told later, is no news.
        """
        order_id, parcel_id = sent(paired)
        say(paired, parcel_id, S.LOST, 34)
        say(paired, parcel_id, S.IN_TRANSIT, 12)

        assert ("lost", None) == box(paired, parcel_id)
        assert [("parcel_lost", "carrier")] == held(paired, order_id)

    def test_delivered_to_the_sender_is_not_delivered(self, paired):
        """
        A parcel that went back fulfils no order, when it is delivered to the sender.
        """
        order_id, parcel_id = sent(paired)
        say(paired, parcel_id, S.RETURN_TO_SENDER, 10)
        say(paired, parcel_id, S.IN_TRANSIT, 30)
        say(paired, parcel_id, S.DELIVERED, 50)

        assert ("return_to_sender", None) == box(paired, parcel_id)
        assert "shipped" == order_of(paired, order_id).state
        assert [("parcel_returned", "seller")] == held(paired, order_id)

    def test_a_parcel_taken_back_is_awaited_again(self, paired):
        """
        While the order is shipped, a delivered parcel that goes back does not count.
        """
        order_id = paired.accepted("1", CUP=2)
        first = paired.ship(order_id, "T1", i1_1=1)
        second = paired.ship(order_id, "T2")
        say(paired, first, S.DELIVERED, 5)
        say(paired, first, S.RETURN_TO_SENDER, 6)
        say(paired, second, S.DELIVERED, 7)

        assert ("return_to_sender", None) == box(paired, first)
        assert "shipped" == order_of(paired, order_id).state

    def test_the_earliest_delivery_counts(self, paired):
        """
        An earlier scan that is told later corrects when the parcel was delivered.
        """
        _, parcel_id = sent(paired)
        say(paired, parcel_id, S.DELIVERED, 30)
        say(paired, parcel_id, S.DELIVERED, 20)
        say(paired, parcel_id, S.DELIVERED, 40)

        assert ("delivered", 20) == box(paired, parcel_id)


class TestTimes:
    """
    A parcel is told of by clocks that are wrong, and under numbers that others had.
    """

    @pytest.fixture
    def left(self, paired):
        """
        Return an order that has left, and its parcel.
        """
        return sent(paired)

    @pytest.mark.parametrize(
        "at", [NOON - 30 * DAY - HOUR, NOON + 2 * DAY + HOUR, NOON + 900 * DAY]
    )
    def test_nothing_can_have_happened_so_long_before_or_ahead(self, paired, left, at):
        """
        It would deliver another parcel, or never end the time for disputes.
        """
        _, parcel_id = left
        scan, wrong = (
            TrackingFact(parcel_id=parcel_id, key=key, status=status, happened_at=when)
            for key, status, when in [
                ("1", S.IN_TRANSIT, NOON),
                ("2", S.DELIVERED, at),
            ]
        )
        with nothing_moves(paired):
            told = paired.app.tracking.record("demo", [scan, wrong], by=CARRIER)

        assert {} == told.done
        error = told.failed[parcel_id]
        assert ("happened_at", at.isoformat()) == (error.field, error.value)
        assert error.expected.startswith("between 2026-01-31 and 2026-03-04")
        assert ("pending", None) == box(paired, parcel_id)

    def test_other_parcels_go_on(self, paired, left):
        """
        What is said of them is recorded.
        """
        _, parcel_id = left
        other = paired.ship(paired.accepted("2", CUP=1), "T2")
        facts = [
            TrackingFact(
                parcel_id=one, key="1", status=S.DELIVERED, happened_at=NOON + days
            )
            for one, days in ((parcel_id, 3 * DAY), (other, DAY))
        ]
        told = paired.app.tracking.record("demo", facts, by=CARRIER)

        assert ({other: 1}, {parcel_id}) == (told.done, set(told.failed))
        assert ("delivered", 24) == box(paired, other)

    @pytest.mark.parametrize("hours", [-30 * 24, 48])
    def test_clocks_may_be_wrong_by_days(self, paired, left, hours):
        """
        The next word that is later, by whichever clock, is the newest all the same.
        """
        _, parcel_id = left
        at = NOON + hours * HOUR
        lost, scanned = (
            TrackingFact(parcel_id=parcel_id, key=s, status=s, happened_at=when)
            for s, when in [(S.LOST, at), (S.IN_TRANSIT, at + HOUR)]
        )
        paired.app.tracking.record("demo", [lost], by=CARRIER)
        assert "lost" == box(paired, parcel_id)[0]
        paired.clock.advance(HOUR)
        paired.app.tracking.record("demo", [scanned], by=CARRIER)

        assert "in_transit" == box(paired, parcel_id)[0]


class TestTroubles:
    @pytest.mark.parametrize(
        ("status", "reason", "who", "days", "then"),
        [
            (S.LOST, "parcel_lost", "carrier", 14, "staff"),
            (S.RETURN_TO_SENDER, "parcel_returned", "seller", 14, "staff"),
            (S.DELIVERY_FAILED, "delivery_failed", "seller", 7, "staff"),
            (S.CUSTOMS, "customs", "seller", 14, "staff"),
            (S.READY_FOR_PICKUP, "awaiting_pickup", "seller", 7, "staff"),
            (S.CANCELLED, "not_carried", "staff", 3, "seller"),
        ],
    )
    def test_what_is_the_matter_holds_the_order(
        self, paired, status, reason, who, days, then
    ):
        """
        The order is Abnormal, somebody has to act until a day, then somebody else.
        """
        order_id, parcel_id = sent(paired)
        say(paired, parcel_id, status, 1)
        order = order_of(paired, order_id)
        (hold,) = order.holds

        assert (reason, who, "post T1", parcel_id, NOON + days * DAY) == (
            hold.reason,
            hold.who,
            hold.detail,
            hold.parcel_id,
            hold.deadline,
        )
        assert ("shipped", "Abnormal", Tab.ABNORMAL) == (
            order.state,
            order.status,
            order.tab,
        )
        paired.clock.advance(days * DAY)
        assert 1 == paired.app.clocks.fire().fired
        (hold,) = order_of(paired, order_id).holds
        assert (reason, then, None) == (hold.reason, hold.who, hold.deadline)
        assert () == paired.app.clocks.due()

    def test_silence_is_no_delivery_while_something_is_the_matter(self, paired):
        """
        The timer does not deliver a lost parcel, says why, and does once it is found.
        """
        order_id, parcel_id = sent(paired)
        say(paired, parcel_id, S.LOST, 1)
        paired.clock.advance(60 * DAY)
        paired.app.clocks.fire()
        assert ("shipped", ()) == (
            order_of(paired, order_id).state,
            paired.app.clocks.due(),
        )
        blockers = paired.app.orders.why_not(
            "demo", order_id, "deliver_by_timer", by=SYSTEM
        )
        (held_by,) = [b for b in blockers if b.code == "on_hold"]
        assert "held: parcel_lost (post T1); staff has to act" == held_by.words
        assert "staff" == held_by.facts["who"]

        say(paired, parcel_id, S.IN_TRANSIT, 60 * 24)
        paired.app.clocks.fire()
        assert "fulfilled" == order_of(paired, order_id).state

    @pytest.mark.parametrize(
        "ends", [S.IN_TRANSIT, S.OUT_FOR_DELIVERY, S.DELIVERED, S.DELIVERY_FAILED]
    )
    def test_the_next_word_of_the_carrier_ends_it(self, paired, ends):
        """
        Found, out for delivery, delivered or tried again: the parcel is not lost.
        """
        order_id, parcel_id = sent(paired)
        say(paired, parcel_id, S.LOST, 1)
        say(paired, parcel_id, ends, 2)

        assert "parcel_lost" not in dict(held(paired, order_id))

    def test_why_it_is_held_is_told(self, paired):
        """
        What the carrier says is the matter stands with the parcel, the hold and the
        timeline; another word for why is another hold, and its end ends it.
        """
        order_id, parcel_id = sent(paired)
        told = []
        for hour, incident in enumerate([Why.CUSTOMS_PAPERS, Why.CUSTOMS_DUTIES], 1):
            say(paired, parcel_id, S.CUSTOMS, hour, incident=incident)
            (hold,) = order_of(paired, order_id).holds
            told.append((hold.detail, paired.app.tracking.parcel("demo", parcel_id)))
        assert [
            ("post T1: customs papers", "customs_papers"),
            ("post T1: customs duties", "customs_duties"),
        ] == [(detail, parcel.incident) for detail, parcel in told]

        say(paired, parcel_id, S.IN_TRANSIT, 3)
        parcel = paired.app.tracking.parcel("demo", parcel_id)
        assert ((), "in_transit", "") == (
            order_of(paired, order_id).holds,
            parcel.status,
            parcel.incident,
        )

    def test_a_damaged_parcel_is_held_wherever_it_is(self, paired):
        """
        Until it is delivered: then its customer says what it is worth.
        """
        order_id, parcel_id = sent(paired)
        say(paired, parcel_id, S.IN_TRANSIT, 1)
        say(paired, parcel_id, S.IN_TRANSIT, 2, incident=Why.DAMAGED)
        assert [("parcel_damaged", "staff")] == held(paired, order_id)

        say(paired, parcel_id, S.DELIVERED, 3, incident=Why.DAMAGED)
        assert [] == held(paired, order_id)
        assert "fulfilled" == order_of(paired, order_id).state

    def test_the_same_trouble_told_again_is_one_hold(self, paired):
        """
        A carrier that says "lost" every day opens one hold; released, it stays so.
        """
        order_id, parcel_id = sent(paired)
        for hour in (1, 2):
            say(paired, parcel_id, S.LOST, hour)
        (hold,) = order_of(paired, order_id).holds
        paired.app.orders.release_hold("demo", order_id, hold.hold_id, by=STAFF)
        say(paired, parcel_id, S.LOST, 3)

        assert [] == held(paired, order_id)

    def test_each_parcel_has_its_own(self, paired):
        """
        What ends the trouble of one parcel leaves that of the other.
        """
        order_id = paired.accepted("1", CUP=2)
        first = paired.ship(order_id, "T1", i1_1=1)
        second = paired.ship(order_id, "T2")
        say(paired, first, S.LOST, 1)
        say(paired, second, S.CUSTOMS, 1)
        say(paired, first, S.DELIVERED, 2)

        assert [("customs", "seller")] == held(paired, order_id)

    def test_a_replaced_parcel_is_no_trouble(self, paired):
        """
        A lost parcel that is replaced holds nothing, and what is said of it later
        neither; the replacement has its full time.
        """
        order_id, parcel_id = sent(paired)
        say(paired, parcel_id, S.LOST, 1)
        paired.clock.advance(5 * DAY)
        newer = void(paired, order_id, parcel_id, "T2")
        say(paired, parcel_id, S.DELIVERY_FAILED, 200)
        order = order_of(paired, order_id)

        assert ([], "shipped") == (held(paired, order_id), order.state)
        assert NOON + 50 * DAY == order.deliver_by
        assert ("stall_by", NOON + 25 * DAY) == (order.deadline_name, order.deadline)
        say(paired, newer, S.DELIVERED, 210)
        assert "fulfilled" == order_of(paired, order_id).state

    def test_what_is_given_up_is_held_no_more(self, paired):
        """
        A lost order that was refunded and given up is Cancelled, not Abnormal.
        """
        order_id, parcel_id = sent(paired)
        say(paired, parcel_id, S.LOST, 1)
        new = NewDispute(
            order_id=order_id,
            reason=DisputeReason.NOT_RECEIVED,
            quantities={"1.1": 1},
            evidence={"description": "lost"},
        )
        paired.clock.advance(30 * DAY)
        dispute_id = paired.app.disputes.open("demo", new, by=SELLER)
        paired.app.disputes.move("demo", dispute_id, "take", by=STAFF)
        paired.app.disputes.grant("demo", dispute_id, by=STAFF)
        paired.app.orders.give_up("demo", order_id, by=STAFF)

        assert "Cancelled" == order_of(paired, order_id).status
        assert [] == held(paired, order_id)

    def test_what_is_left_to_send_is_picked_all_the_same(self, paired):
        """
        A parcel in trouble does not keep the rest of its order from leaving.
        """
        order_id = paired.accepted("1", CUP=2)
        parcel_id = paired.ship(order_id, "T1", i1_1=1)
        say(paired, parcel_id, S.LOST, 1)
        page = paired.sh.staff("ann").queues.orders_to_pick()
        assert [order_id] == [order.order_id for order in page.items]
        paired.ship(order_id, "T2")

        assert "shipped" == order_of(paired, order_id).state

    def test_an_order_that_ended_is_not_held(self, paired):
        """
        What is said of a parcel of a fulfilled order is kept, and holds nothing.
        """
        order_id, parcel_id = sent(paired)
        paired.clock.advance(45 * DAY)
        paired.app.clocks.fire()
        say(paired, parcel_id, S.LOST, 46 * 24)

        assert ("lost", None) == box(paired, parcel_id)
        order = order_of(paired, order_id)
        assert ("fulfilled", (), "Fulfilled") == (
            order.state,
            order.holds,
            order.status,
        )

    @pytest.mark.parametrize("reason", sorted(SPEAKS_AGAINST_SILENCE))
    def test_staff_cannot_claim_them(self, paired, reason):
        """
        Only facts say what is the matter with a parcel, and each gives somebody time.
        """
        order_id, _ = sent(paired)
        assert HOLDS[reason].within > timedelta(0)
        with nothing_moves(paired), pytest.raises(InvalidInputError) as ei:
            paired.app.orders.hold("demo", order_id, reason=reason, detail="", by=STAFF)
        assert "reason" == ei.value.field


class TestStalled:
    def test_silence_for_long_holds_the_order(self, paired):
        """
        Twenty days after the last word staff have to ask; then silence counts again.
        """
        order_id, parcel_id = sent(paired)
        paired.clock.advance(DAY)
        say(paired, parcel_id, S.IN_TRANSIT, 24)
        paired.clock.advance(20 * DAY - HOUR)
        assert () == paired.app.clocks.due()
        paired.clock.advance(HOUR)
        (due,) = paired.app.clocks.due()
        assert ("stall_by", "stall_parcel") == (due.name, due.what)
        assert 1 == paired.app.clocks.fire().fired
        (hold,) = order_of(paired, order_id).holds

        assert ("parcel_stalled", "staff", parcel_id, NOON + 41 * DAY) == (
            hold.reason,
            hold.who,
            hold.parcel_id,
            hold.deadline,
        )
        assert "Abnormal" == order_of(paired, order_id).status
        paired.clock.advance(20 * DAY)
        assert 1 == paired.app.clocks.fire().fired
        assert ([], "shipped") == (
            held(paired, order_id),
            order_of(paired, order_id).state,
        )
        paired.clock.advance(4 * DAY)
        assert 1 == paired.app.clocks.fire().fired
        assert "fulfilled" == order_of(paired, order_id).state

    def test_any_word_ends_it(self, paired):
        """
        A scan ends the hold, and silence begins anew.
        """
        order_id, parcel_id = sent(paired)
        say(paired, parcel_id, S.IN_TRANSIT, 1)
        paired.clock.advance(22 * DAY)
        paired.app.clocks.fire()
        assert [("parcel_stalled", "staff")] == held(paired, order_id)
        say(paired, parcel_id, S.IN_TRANSIT, 22 * 24)
        order = order_of(paired, order_id)

        assert ([], "stall_by", NOON + 42 * DAY) == (
            held(paired, order_id),
            order.deadline_name,
            order.deadline,
        )

    def test_how_long_is_a_setting(self, storage):
        """
        A platform decides after how long a parcel counts as stalled.
        """
        bench = open_bench(
            storage=storage, settings=Settings(stalled_after=timedelta(days=3))
        )
        bench.connect(bench.rule("CUP"))
        order_id, _ = sent(bench)
        bench.clock.advance(3 * DAY)
        bench.app.clocks.fire()

        assert [("parcel_stalled", "staff")] == held(bench, order_id)
        assert () == bench.app.audit.run(replay=True).violations

    def test_a_partly_sent_order_stalls_too(self, paired):
        """
        A parcel is missed before the last one has left.
        """
        order_id = paired.accepted("1", CUP=2)
        paired.ship(order_id, "T1", i1_1=1)
        paired.clock.advance(20 * DAY)
        paired.app.clocks.fire()
        order = order_of(paired, order_id)

        assert ("partially_shipped", "Abnormal") == (order.state, order.status)

    def test_nothing_stalls_early(self, paired):
        """
        A clock that asks before the time is refused.
        """
        order_id, _ = sent(paired)

        def ask(unit):
            unit.orders.one(order_id).stall_by_timer(by=STAFF, at=NOON + 19 * DAY)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.units.seller("demo", ask)
        assert ("not_due",) == ei.value.codes
