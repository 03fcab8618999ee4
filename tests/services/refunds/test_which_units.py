"""
Which units a refund is about: direct or from which lot, and whose hold ends with it.
"""

import pytest

from sourcehere import Count, DisputeReason
from sourcehere.domain.orders.holds import HoldReason
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.testing.factories import SELLER, STAFF

EVIDENCE = {"description": "see the photo", "photo": "photo-1"}
DAMAGED, CANCEL = DisputeReason.DAMAGED, DisputeReason.CANCEL


def dispute(bench, order_id, reason, **units):
    """
    Dispute items as `i1_1=2`.
    """
    new = NewDispute(
        order_id=order_id,
        reason=reason,
        quantities={n[1:].replace("_", "."): q for n, q in units.items()},
        evidence=EVIDENCE,
    )
    return bench.app.disputes.open("demo", new, by=SELLER)


def grant(bench, dispute_id):
    """
    Take a dispute on and grant it; return what comes back.
    """
    bench.app.disputes.move("demo", dispute_id, "take", by=STAFF)
    return bench.app.disputes.grant("demo", dispute_id, by=STAFF).refunded_minor


class TestLots:
    def test_units_of_a_lot_are_refunded_once(self, paired):
        """
        Three cups of the lot at 4.50 are refunded, then the two of the lot at 4.05,
        each against the order that bought it.
        """
        older, newer = paired.stocked(CUP=3), paired.stocked(CUP=10)
        order_id = paired.accepted(CUP=5)
        paired.ship(order_id)

        assert 3 * 450 == grant(paired, dispute(paired, order_id, DAMAGED, i1_1=3))
        assert 2 * 405 == grant(paired, dispute(paired, order_id, DAMAGED, i1_1=2))
        orders = paired.app.orders.get_many("demo", [older, newer, order_id])
        assert [1350, 810, 0] == [order.refunded.minor for order in orders]

    def test_a_lot_is_refunded_as_far_as_its_units_left(self, paired):
        """
        Of three cups of the older lot two were sent: the third is never refunded.
        """
        paired.stocked(CUP=3)
        paired.stocked(CUP=10)
        order_id = paired.accepted(CUP=5)
        paired.ship(order_id, i1_1=2)

        assert 2 * 450 == grant(paired, dispute(paired, order_id, DAMAGED, i1_1=2))

    def test_units_go_back_to_the_newest_lot_first(self, paired):
        """
        Of three cups of an older lot and two of a newer one three are cancelled, two
        and then one: the newer lot is whole again, and then one of the older is free.
        """
        paired.stocked(CUP=3)
        paired.stocked(CUP=10)
        order_id = paired.accepted(CUP=5)
        free = []
        for units in (2, 1):
            quantities = {"1.1": units}
            paired.app.orders.refund_units("demo", order_id, quantities, by=STAFF)
            free.append([lot.available for lot in paired.app.cloud.lots("demo")])

        assert [[0, 10], [1, 10]] == free

    def test_two_lots_of_one_order_are_one_refund(self, paired):
        """
        A consignment that was counted twice made two lots; its order carries both.
        """
        bulk = paired.bought(CUP=5)
        paired.app.cloud.dispatch("demo", bulk, by=STAFF)
        for units in (3, 2):
            paired.app.cloud.receive("demo", bulk, {"1.1": Count(units)}, by=STAFF)
        order_id = paired.accepted(CUP=5)
        paired.ship(order_id)

        assert 5 * 450 == grant(paired, dispute(paired, order_id, DAMAGED, i1_1=5))
        assert 5 * 450 == paired.app.orders.get("demo", bulk).refunded.minor


class TestDirect:
    def test_units_cancelled_before_are_no_units_sent(self, paired):
        """
        Of two cups bought directly one was cancelled: the other counts, then the three
        from stock.
        """
        paired.stocked(CUP=3)
        order_id = paired.accepted(CUP=5)
        paired.app.orders.refund_units("demo", order_id, {"1.1": 1}, by=STAFF)
        paired.ship(order_id)

        assert 500 + 450 == grant(paired, dispute(paired, order_id, DAMAGED, i1_1=2))
        assert 2 * 450 == grant(paired, dispute(paired, order_id, DAMAGED, i1_1=2))

    def test_units_of_stock_cancelled_before_are_none_either(self, paired):
        """
        Both direct cups and one from stock were cancelled: two from stock are left.
        """
        paired.stocked(CUP=3)
        order_id = paired.accepted(CUP=5)
        paired.app.orders.refund_units("demo", order_id, {"1.1": 3}, by=STAFF)
        paired.ship(order_id)

        assert 450 == grant(paired, dispute(paired, order_id, DAMAGED, i1_1=1))
        assert 450 == grant(paired, dispute(paired, order_id, DAMAGED, i1_1=1))

    def test_units_refunded_before_are_not_refunded_again(self, paired):
        """
        Four cups bought directly: one cancelled, one damaged, and two are left.
        """
        order_id = paired.accepted(CUP=4)
        paired.app.orders.refund_units("demo", order_id, {"1.1": 1}, by=STAFF)
        paired.ship(order_id)

        assert 500 == grant(paired, dispute(paired, order_id, DAMAGED, i1_1=1))
        assert 1000 == grant(paired, dispute(paired, order_id, DAMAGED, i1_1=2))
        order = paired.app.orders.get("demo", order_id)
        assert (4, 2000) == (order.items["1.1"].quantity_refunded, order.refunded.minor)


class TestHolds:
    @pytest.mark.parametrize("end", ["withdraw", "grant"])
    def test_a_dispute_ends_its_own_hold_only(self, paired, end):
        """
        Two cancellations and a hold of staff stop the order: one ends, the others stay.
        """
        order_id = paired.accepted(CUP=3)
        first = dispute(paired, order_id, CANCEL, i1_1=1)
        second = dispute(paired, order_id, CANCEL, i1_1=1)
        paired.app.orders.hold("demo", order_id, detail=first, by=STAFF)
        if end == "grant":
            grant(paired, first)
        else:
            paired.app.disputes.move("demo", first, "withdraw", by=SELLER)

        assert [(HoldReason.DISPUTE, second), (HoldReason.STAFF, first)] == [
            (hold.reason, hold.detail)
            for hold in paired.app.orders.get("demo", order_id).holds
        ]
