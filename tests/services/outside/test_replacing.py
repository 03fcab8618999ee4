"""
What a shop counts never exceeds what was sent; what it was not told holds the order.
"""

from datetime import timedelta

import pytest

from sourcehere import TrackingFact, TrackingStatus
from sourcehere.testing.factories import CARRIER, NOON, STAFF, Fault

DAY = timedelta(days=1)


def correct(bench, order_id, parcel_id, number):
    bench.app.shipping.correct_tracking(
        "demo", order_id, parcel_id, carrier="post", tracking_number=number, by=STAFF
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


def replaced(bench):
    """
    Return what the shop was told that each number replaces: parcel and reference.
    """
    return {
        notice.tracking_number: (notice.replaces, notice.replaces_reference)
        for notice in bench.shop.fulfilments.values()
    }


def held(bench, order_id):
    return [
        (hold.reason, hold.who, hold.detail)
        for hold in bench.app.orders.get("demo", order_id).holds
    ]


def dead(bench, order_id, number="T1", **items):
    """
    Send a parcel whose number the shop declines.
    """
    parcel_id = bench.ship(order_id, number, **items)
    bench.shop.faults.append(Fault.DECLINED)
    assert 1 == bench.app.relay.run().dead
    return parcel_id


class TestCounting:
    def test_a_replacement_says_what_it_replaces(self, paired):
        """
        The shop counts three units of three, whose parcels were replaced and corrected.
        """
        order_id = paired.accepted("1", CUP=3)
        first = paired.ship(order_id, "T1", i1_1=1)
        paired.ship(order_id, "T2")
        paired.app.relay.run()
        assert {"L1": 3} == paired.shop.units_sent("1")
        newer = void(paired, order_id, first, "T3")
        paired.app.relay.run()
        assert {"L1": 3} == paired.shop.units_sent("1")
        correct(paired, order_id, newer, "T4")
        paired.app.relay.run()

        assert {"L1": 3} == paired.shop.units_sent("1")
        assert {
            "T1": ((), ""),
            "T2": ((), ""),
            "T3": ((first,), f"ref:{first}:{order_id}:0"),
            "T4": ((first,), f"ref:{newer}:{order_id}:0"),
        } == replaced(paired)

    def test_a_correction_names_what_the_shop_called_it(self, paired):
        """
        A corrected number replaces no parcel, and brings the shop's own reference.
        """
        order_id = paired.accepted("1", CUP=2)
        parcel_id = paired.ship(order_id, "WRONG")
        paired.app.relay.run()
        correct(paired, order_id, parcel_id, "RIGHT")
        paired.app.relay.run()

        assert ((), f"ref:{parcel_id}:{order_id}:0") == replaced(paired)["RIGHT"]
        assert {"L1": 2} == paired.shop.units_sent("1")

    def test_what_the_shop_never_heard_of_is_not_replaced(self, paired):
        """
        A parcel replaced before the shop was told replaces what the shop knows.
        """
        order_id = paired.accepted("1", CUP=2)
        first = paired.ship(order_id, "T1")
        second = void(paired, order_id, first, "T2")
        paired.app.relay.run()
        third = void(paired, order_id, second, "T3")
        void(paired, order_id, third, "T4")
        paired.app.relay.run()

        assert {
            "T2": ((), ""),
            "T4": ((second,), f"ref:{second}:{order_id}:0"),
        } == replaced(paired)
        assert {"L1": 2} == paired.shop.units_sent("1")

    @pytest.mark.parametrize("fault", [Fault.LOST_BEFORE, Fault.LOST_AFTER])
    def test_what_nobody_knows_is_told_again_before_it_is_replaced(self, paired, fault):
        """
        A parcel that the shop may have been told of has its answer first, so that the
        one in its place brings the shop's name for it.
        """
        order_id = paired.accepted("1", CUP=2)
        first = paired.ship(order_id, "T1")
        paired.shop.faults.append(fault)
        paired.app.relay.run()
        second = void(paired, order_id, first, "T2")
        paired.app.relay.run()

        key = f"{first}:{order_id}:0"
        assert {"T1": ((), ""), "T2": ((first,), f"ref:{key}")} == replaced(paired)
        assert [key, f"{second}:{order_id}:0"] == paired.shop.keys_pushed[-2:]
        assert {"L1": 2} == paired.shop.units_sent("1")

    def test_a_lost_call_that_arrives_after_a_decline_is_replaced(self, paired):
        """
        A definite no to the second call does not say that the first never arrives: the
        parcel in its place is told as one that takes it.
        """
        order_id = paired.accepted("1", CUP=2)
        calls = []
        paired.shop.when_pushed = calls.append
        first = paired.ship(order_id, "T1")
        paired.shop.faults += [Fault.LOST_BEFORE, Fault.DECLINED]
        assert 1 == paired.app.relay.run().postponed
        paired.clock.advance(timedelta(hours=1))
        assert 1 == paired.app.relay.run().dead
        paired.shop.push_fulfilment(calls[0])  # on its way all the time
        void(paired, order_id, first, "T2")
        paired.app.relay.run()

        assert {"T1": ((), ""), "T2": ((first,), "")} == replaced(paired)
        assert {"L1": 2} == paired.shop.units_sent("1")

    @pytest.mark.parametrize("fault", [Fault.LOST_BEFORE, Fault.LOST_AFTER])
    def test_what_nobody_knows_is_told_again_before_it_is_corrected(
        self, paired, fault
    ):
        """
        Without the shop's name for it, an adapter would send its units twice.
        """
        order_id = paired.accepted("1", CUP=2)
        parcel_id = paired.ship(order_id, "WRONG")
        paired.shop.faults.append(fault)
        paired.app.relay.run()
        correct(paired, order_id, parcel_id, "RIGHT")
        paired.app.relay.run()

        reference = f"ref:{parcel_id}:{order_id}:0"
        assert ((), reference) == replaced(paired)["RIGHT"]
        assert {"L1": 2} == paired.shop.units_sent("1")

    def test_what_nobody_could_be_told_of_is_named_where_it_may_count(self, paired):
        """
        The shop did not answer until the push was dead; it may have taken it, though
        nobody knows its name for it.
        """
        order_id = paired.accepted("1", CUP=2)
        first = paired.ship(order_id, "T1")
        while not paired.app.relay.dead():
            paired.shop.faults.append(Fault.LOST_BEFORE)
            paired.app.relay.run()
            paired.clock.advance(DAY)
        void(paired, order_id, first, "T2")
        paired.app.relay.run()

        assert ((first,), "") == replaced(paired)["T2"]
        assert {"L1": 2} == paired.shop.units_sent("1")

    def test_the_newest_that_was_told_is_named(self, paired):
        """
        The first was told, the second has its answer now, the third names it.
        """
        order_id = paired.accepted("1", CUP=2)
        first = paired.ship(order_id, "T1")
        paired.app.relay.run()
        second = void(paired, order_id, first, "T2")
        paired.shop.faults.append(Fault.LOST_BEFORE)
        paired.app.relay.run()
        void(paired, order_id, second, "T3")
        paired.app.relay.run()

        assert ((second,), f"ref:{second}:{order_id}:0") == replaced(paired)["T3"]
        assert {"L1": 2} == paired.shop.units_sent("1")

    def test_both_are_replaced_where_nobody_knows_which_the_shop_counts(self, paired):
        """
        The first was told, the second may have been, the third takes the place of both.
        """
        order_id = paired.accepted("1", CUP=2)
        first = paired.ship(order_id, "T1")
        paired.app.relay.run()
        second = void(paired, order_id, first, "T2")
        while not paired.app.relay.dead():
            paired.shop.faults.append(Fault.LOST_BEFORE)
            paired.app.relay.run()
            paired.clock.advance(DAY)
        void(paired, order_id, second, "T3")
        paired.app.relay.run()

        reference = f"ref:{first}:{order_id}:0"
        assert ((second, first), reference) == replaced(paired)["T3"]
        assert {"L1": 2} == paired.shop.units_sent("1")

    def test_what_was_declined_is_not_replaced(self, paired):
        """
        A parcel that the shop did not take counts for nothing there.
        """
        order_id = paired.accepted("1", CUP=2)
        first = dead(paired, order_id)
        void(paired, order_id, first, "T2")
        paired.app.relay.run()

        assert {"T2": ((), "")} == replaced(paired)


class TestNotTold:
    def test_a_dead_push_holds_the_order_until_it_is_told(self, paired):
        """
        Staff send it again in three days, else it is the seller's turn; told, it ends.
        """
        order_id = paired.accepted("1", CUP=1)
        parcel_id = dead(paired, order_id)
        order = paired.app.orders.get("demo", order_id)
        (hold,) = order.holds
        assert ("shop_not_told", "staff", "post T1", parcel_id, NOON + 3 * DAY) == (
            hold.reason,
            hold.who,
            hold.detail,
            hold.parcel_id,
            hold.deadline,
        )
        assert "Abnormal" == order.status
        paired.clock.advance(3 * DAY)
        paired.app.clocks.fire()
        assert [("shop_not_told", "seller", "post T1")] == held(paired, order_id)

        (message,) = paired.app.relay.dead()
        paired.app.relay.resend("demo", message.message_id, by=STAFF)
        assert [("shop_not_told", "seller", "post T1")] == held(paired, order_id)
        report = paired.app.relay.run()
        assert (1, 0, 0) == (report.delivered, report.postponed, report.dead)
        assert [] == held(paired, order_id)

    def test_each_parcel_has_its_own(self, paired):
        """
        What waits behind a dead push is no trouble of its own.
        """
        order_id = paired.accepted("1", CUP=2)
        dead(paired, order_id, "T1", i1_1=1)
        paired.ship(order_id, "T2")
        paired.app.relay.run()

        assert [("shop_not_told", "staff", "post T1")] == held(paired, order_id)

    def test_a_correction_that_is_told_ends_it(self, paired):
        """
        The order is held until the shop has taken the better number.
        """
        order_id = paired.accepted("1", CUP=1)
        parcel_id = dead(paired, order_id, "WRONG")
        correct(paired, order_id, parcel_id, "RIGHT")
        assert [("shop_not_told", "staff", "post WRONG")] == held(paired, order_id)
        paired.app.relay.run()

        assert [] == held(paired, order_id)

    def test_another_no_is_the_same_hold(self, paired):
        """
        Sent again in vain, the order is held once.
        """
        order_id = paired.accepted("1", CUP=1)
        dead(paired, order_id)
        (message,) = paired.app.relay.dead()
        paired.app.relay.resend("demo", message.message_id, by=STAFF)
        paired.shop.faults.append(Fault.DECLINED)
        paired.app.relay.run()

        assert [("shop_not_told", "staff", "post T1")] == held(paired, order_id)

    def test_the_word_of_a_carrier_does_not_end_it(self, paired):
        """
        A delivered order whose shop was not told stays Abnormal until it is.
        """
        order_id = paired.accepted("1", CUP=1)
        parcel_id = dead(paired, order_id)
        fact = TrackingFact(
            parcel_id=parcel_id,
            key="k",
            status=TrackingStatus.DELIVERED,
            happened_at=NOON,
        )
        paired.app.tracking.record("demo", [fact], by=CARRIER)
        order = paired.app.orders.get("demo", order_id)
        assert ("fulfilled", "Abnormal") == (order.state, order.status)
        (message,) = paired.app.relay.dead()
        paired.app.relay.resend("demo", message.message_id, by=STAFF)
        paired.app.relay.run()

        assert "Fulfilled" == paired.app.orders.get("demo", order_id).status

    @pytest.mark.parametrize("change", [correct, void])
    def test_what_is_put_right_while_it_is_sent_waits_for_nothing(self, paired, change):
        """
        The shop declines a number that staff correct meanwhile: the better one is told.
        """
        order_id = paired.accepted("1", CUP=1)
        parcel_id = paired.ship(order_id, "WRONG")
        paired.shop.faults.append(Fault.DECLINED)

        def meanwhile(notice):
            if notice.tracking_number == "WRONG":
                change(paired, order_id, parcel_id, "RIGHT")

        paired.shop.when_pushed = meanwhile
        report = paired.app.relay.run()

        assert (1, 1) == (report.delivered, report.dead)
        assert {"RIGHT": ((), "")} == replaced(paired)
        assert ([], ()) == (held(paired, order_id), paired.app.relay.dead())
