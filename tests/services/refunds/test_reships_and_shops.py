"""
What a shop says of an order of which units are to be sent again.
"""

import attrs
import pytest

from sourcehere import CommandRefusedError, DisputeReason, Remedy
from sourcehere.testing.factories import HOME, SELLER, STAFF, nothing_moves, snapshot

MOVED = attrs.evolve(HOME, street="5 New St")


def told(number="1", **facts):
    """
    Make what the shop says of the order.
    """
    return attrs.evolve(snapshot("1", CUP=3, **facts), number=number)


@pytest.fixture
def again(paired):
    """
    Return the order that sends a cup again, of an order that has left.
    """
    order_id = paired.accepted(CUP=3)
    paired.ship(order_id)
    disputes = paired.sh.seller("demo").disputes
    opened = disputes.open(
        order_id,
        reason=DisputeReason.DAMAGED,
        quantities={"1.1": 1},
        evidence={"description": "in pieces", "photo": "p"},
        remedy=Remedy.RESHIP,
    )
    ann = paired.sh.staff("ann").seller("demo").disputes
    ann.take(opened.dispute_id)
    return ann.grant(opened.dispute_id).reship_order_id


def held_as(bench, order_id):
    """
    Return the reasons for which an order is held.
    """
    return [hold.reason for hold in bench.app.orders.get("demo", order_id).holds]


def accept(bench, order_id):
    """
    Let the warehouse accept an order, or raise what refuses it.
    """
    report = bench.app.shipping.accept("demo", [order_id], by=STAFF)
    for error in report.failed.values():
        raise error


class TestCancelled:
    def test_it_does_not_leave(self, paired, again):
        """
        Somebody decides first; what the shop wanted has left, and is not held.
        """
        paired.sync(told(cancelled=True))
        assert ["store_cancelled"] == held_as(paired, again)
        origin = paired.app.orders.get("demo", again).origin_order_id
        assert [] == held_as(paired, origin)

        with pytest.raises(CommandRefusedError), nothing_moves(paired):
            accept(paired, again)

    def test_staff_end_it(self, paired, again):
        """
        By rejecting it, after which its unit is as it was before.
        """
        paired.sync(told(cancelled=True))
        paired.sh.staff("ann").seller("demo").orders.reject(again, reason="cancelled")

        order = paired.app.orders.get("demo", again)
        assert ("cancelled", ()) == (order.state, order.holds)

    def test_staff_let_it_go(self, paired, again):
        """
        The echo of what was decided holds nothing.
        """
        paired.sync(told(cancelled=True))
        (hold,) = paired.app.orders.get("demo", again).holds
        paired.app.orders.release_hold("demo", again, hold.hold_id, by=STAFF)
        paired.sync(told(number="echo", cancelled=True))
        accept(paired, again)
        paired.ship(again, "T2")

        assert "shipped" == paired.app.orders.get("demo", again).state

    def test_what_the_shop_takes_back_ends_it(self, paired, again):
        """
        The order is wanted after all.
        """
        paired.sync(told(cancelled=True))
        paired.sync(told(number="back"))

        assert [] == held_as(paired, again)

    def test_what_has_left_again_is_not_held(self, paired, again):
        """
        There is nothing to stop.
        """
        accept(paired, again)
        paired.ship(again, "T2")
        paired.sync(told(cancelled=True))

        assert [] == held_as(paired, again)


class TestElsewhere:
    def test_it_does_not_leave_for_the_old_address(self, paired, again):
        """
        Until somebody corrects it, or the shop takes it back.
        """
        paired.sync(told(address=MOVED))
        assert ["store_changed"] == held_as(paired, again)
        paired.sync(told(number="back"))
        assert [] == held_as(paired, again)
        paired.sync(told(address=MOVED))
        assert ["store_changed"] == held_as(paired, again)
        paired.app.orders.correct_address("demo", again, MOVED, by=SELLER)

        assert [] == held_as(paired, again)
        accept(paired, again)

    def test_where_it_goes_already_is_no_change(self, paired, again):
        """
        The seller knew before the shop said it.
        """
        paired.app.orders.correct_address("demo", again, MOVED, by=SELLER)
        paired.sync(told(address=MOVED))

        assert [] == held_as(paired, again)
