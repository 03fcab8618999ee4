"""
What earlier disputes and refunds leave for the next one, unit by unit.
"""

from datetime import timedelta

import pytest

from sourcehere import Count, DisputeReason
from sourcehere.builtin.memory import MemoryStorage
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.testing.factories import SELLER, STAFF
from sourcehere.unit.tables import TABLES

EVIDENCE = {"photo": "photo-1", "description": "see the photo"}
LOST, DAMAGED = DisputeReason.NOT_RECEIVED, DisputeReason.DAMAGED
CANCEL = DisputeReason.CANCEL


@pytest.fixture
def storage():
    """
    Memory alone: what is left does not depend on where it is kept.
    """
    return MemoryStorage(TABLES)


def new(order_id, reason, quantity):
    """
    Name units of the first item.
    """
    return NewDispute(
        order_id=order_id,
        reason=reason,
        quantities={"1.1": quantity},
        evidence=EVIDENCE,
    )


def opened(bench, *what):
    """
    Open a dispute.
    """
    return bench.app.disputes.open("demo", new(*what), by=SELLER)


def settled(bench, dispute_id):
    """
    Take a dispute on and grant it; return what is refunded.
    """
    bench.app.disputes.move("demo", dispute_id, "take", by=STAFF)
    return bench.app.disputes.grant("demo", dispute_id, by=STAFF).refunded_minor


def let_go(bench, order_id):
    """
    Release all holds.
    """
    for hold in bench.app.orders.get("demo", order_id).holds:
        bench.app.orders.release_hold("demo", order_id, hold.hold_id, by=STAFF)


def closed(bench, *what):
    """
    Return the facts of the one reason there is: a window that has closed.
    """
    (blocker,) = bench.app.disputes.why_not_open("demo", new(*what), by=SELLER)
    assert "window_closed" == blocker.code
    return {name: blocker.facts[name] for name in ("asked", "left", "closed")}


class TestWindows:
    @pytest.mark.parametrize("reason", [LOST, CANCEL])
    def test_a_dispute_that_came_to_nothing_hides_no_other(self, paired, reason):
        """
        Behind one that was withdrawn another is open, and has its units.
        """
        order_id = paired.accepted(CUP=4)
        paired.ship(order_id, i1_1=2)
        first = opened(paired, order_id, reason, 1)
        paired.app.disputes.move("demo", first, "withdraw", by=SELLER)
        paired.clock.advance(timedelta(days=20))
        paired.ship(order_id, "T2", i1_1=2)
        paired.clock.advance(timedelta(days=15))
        opened(paired, order_id, DAMAGED, 2)

        assert {"asked": 2, "left": 0, "closed": 2} == closed(
            paired, order_id, DAMAGED, 2
        )

    def test_a_unit_that_left_in_spite_of_a_dispute_is_taken(self, paired):
        """
        Of three units that left one was refunded as not wanted any more.
        """
        order_id = paired.accepted(CUP=4)
        wish = opened(paired, order_id, CANCEL, 2)
        let_go(paired, order_id)
        paired.ship(order_id, i1_1=3)
        assert 1000 == settled(paired, wish)
        paired.clock.advance(timedelta(days=31))

        assert {"asked": 1, "left": 0, "closed": 2} == closed(
            paired, order_id, DAMAGED, 1
        )

    def test_what_was_lost_is_not_taken_of_what_came(self, bench):
        """
        Of two disputes about lost units, those written off are each counted once.
        """
        order_id = bench.bought(CUP=6)
        bench.app.cloud.dispatch("demo", order_id, by=STAFF)
        settled(bench, opened(bench, order_id, LOST, 2))
        bench.app.cloud.receive("demo", order_id, {"1.1": Count(3)}, by=STAFF)
        settled(bench, opened(bench, order_id, LOST, 3))
        bench.clock.advance(timedelta(days=31))

        assert {"asked": 1, "left": 0, "closed": 1} == closed(
            bench, order_id, DAMAGED, 1
        )


class TestValues:
    def test_units_of_several_items_bring_their_handling(self, paired):
        """
        Where something else is still to be sent.
        """
        paired.stocked(CUP=3, HAT=3)
        order_id = paired.accepted(CUP=5, HAT=4, LAMP=1)
        both = NewDispute(
            order_id=order_id, reason=CANCEL, quantities={"1.1": 5, "2.1": 4}
        )
        name = paired.app.disputes.open("demo", both, by=SELLER)

        assert 2 * 500 + 325 + 120 == paired.app.disputes.get("demo", name).asked_minor

    def test_all_items_that_are_not_wanted_are_asked_for(self, paired):
        """
        Units sourced directly at their price, units of stock by their handling, and the
        freight.
        """
        paired.stocked(CUP=3, HAT=3)
        order_id = paired.accepted(CUP=5, HAT=4, LAMP=1)
        wish = paired.app.disputes.request_cancel("demo", order_id, by=SELLER)
        asked = paired.app.disputes.get("demo", wish.dispute_id).asked_minor
        order = paired.app.orders.get("demo", order_id)

        assert 2 * 500 + 325 + 1999 + 120 + order.freight.minor == asked
        assert order.captured.minor == asked

    def test_units_of_stock_that_left_first(self, paired):
        """
        Each parcel's units are worth what they were: those of the lot what it cost,
        those sourced directly their price.
        """
        bulk = paired.stocked(CUP=3)
        order_id = paired.accepted(CUP=5)
        paired.ship(order_id, i1_1=3)
        first = settled(paired, opened(paired, order_id, LOST, 3))
        paired.ship(order_id, "T2", i1_1=2)
        second = settled(paired, opened(paired, order_id, LOST, 2))

        assert 3 * 450 + 2 * 500 + 700 + 60 == first + second
        order = paired.app.orders.get("demo", bulk)
        assert 3 * 450 == order.refunded.minor

    def test_what_was_free_is_worth_nothing(self, bench):
        """
        Units of stock without a handling fee bring only the freight; nothing, where
        that is what was agreed.
        """
        bench.app.cloud.add_warehouse("CN1", country="CN", by=STAFF, handling_minor={})
        bench.connect(bench.rule("CUP"))
        bench.stocked(CUP=3)
        order_id = bench.accepted(CUP=2)
        desk = bench.app.disputes
        wish = desk.request_cancel("demo", order_id, by=SELLER).dispute_id
        desk.move("demo", wish, "take", by=STAFF)
        desk.offer("demo", wish, 0, by=STAFF)

        assert 0 == desk.accept("demo", wish, by=SELLER).refunded_minor
        assert "cancelled" == bench.app.orders.get("demo", order_id).state
