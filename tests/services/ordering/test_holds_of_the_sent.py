"""
What kept an order from leaving asks nobody for anything once nothing is left to leave.
"""

from datetime import timedelta

import pytest

from sourcehere import (
    CommandRefusedError,
    DisputeReason,
    HoldReason,
    Role,
    Tab,
    TrackingFact,
    TrackingStatus,
)
from sourcehere.testing.factories import STAFF, nothing_moves, snapshot


def asked(bench):
    """
    Return who is asked to act on a hold.
    """
    queues = bench.sh.staff("ann").queues
    return [who for who in (Role.SELLER, Role.STAFF) if queues.orders_held(who).items]


def part_sent(bench, **more):
    """
    Make an order of three cups of which two left, and let the shop say something.
    """
    order_id = bench.accepted(CUP=3)
    bench.ship(order_id, i1_1=2)
    if more:
        bench.sync(snapshot("1", CUP=3, **more))
    return order_id


def close_short(bench, order_id, how):
    """
    Send no more of it, as staff.
    """
    ann = bench.sh.staff("ann").seller("demo")
    if how == "short":
        ann.shipping.short_ship_rest(order_id)
        return
    if how == "units":
        ann.refunds.refund_units(order_id, {"1.1": 1})
        return
    shop = bench.sh.seller("demo")
    reason = DisputeReason.CANCEL
    opened = shop.disputes.open(order_id, reason=reason, quantities={"1.1": 1})
    ann.disputes.take(opened.dispute_id)
    ann.disputes.grant(opened.dispute_id)


@pytest.mark.parametrize("how", ["short", "units", "dispute"])
@pytest.mark.parametrize("said", [{"cancelled": True}, {"paid_at_store": False}])
def test_what_the_shop_took_back_is_refunded(paired, said, how):
    """
    The hold asks for that; it ends with it, and so does a second one.
    """
    order_id = part_sent(paired, **said)
    ann = paired.sh.staff("ann").seller("demo")
    ann.orders.hold(order_id, detail="which street?", reason=HoldReason.ADDRESS)
    shop = paired.sh.seller("demo").orders
    assert (1, 0) == (shop.counts()[Tab.ABNORMAL], shop.counts()[Tab.SHIPPED])
    close_short(paired, order_id, how)

    order = shop.get(order_id)
    assert ("shipped", "Shipped", ()) == (order.state, order.status, order.holds)
    assert (0, 1) == (shop.counts()[Tab.ABNORMAL], shop.counts()[Tab.SHIPPED])
    assert [] == asked(paired)
    assert "5.00 USD" == str(order.refunded)


def test_what_staff_hold_stays(paired):
    """
    Staff hold for what they know, and let it go themselves.
    """
    order_id = part_sent(paired)
    paired.app.orders.hold("demo", order_id, detail="look", by=STAFF)
    close_short(paired, order_id, "short")

    assert ["staff"] == [
        h.reason for h in paired.app.orders.get("demo", order_id).holds
    ]


def test_what_is_not_closed_stays_held(paired):
    """
    A unit that could leave is stopped by the hold.
    """
    order_id = part_sent(paired, cancelled=True)

    with pytest.raises(CommandRefusedError), nothing_moves(paired):
        paired.ship(order_id)
    assert [Role.STAFF] == asked(paired)


class TestCancelledOnceSent:
    def test_it_is_not_held(self, paired):
        """
        What has left cannot be stopped: it arrives, and can be disputed.
        """
        order_id = paired.accepted(CUP=3)
        parcel_id = paired.ship(order_id)
        paired.sync(snapshot("1", cancelled=True, CUP=3))
        paired.clock.advance(timedelta(days=1))
        fact = TrackingFact(
            parcel_id=parcel_id,
            key="k",
            status=TrackingStatus.DELIVERED,
            happened_at=paired.clock.now(),
        )
        assert [] == asked(paired)
        paired.app.tracking.record("demo", [fact], by=STAFF)

        order = paired.app.orders.get("demo", order_id)
        assert ("Fulfilled", ()) == (order.status, order.holds)

    def test_its_parts_are_each_for_themselves(self, paired):
        """
        The part that waits for payment is cancelled, the one that has left goes on.
        """
        sent = paired.accepted(CUP=1)
        paired.ship(sent)
        paired.sync(snapshot("1", CUP=1, HAT=1))
        paired.sh.seller("demo").orders.take_over(sent)
        (first, second) = paired.app.orders.find_external("demo", "shop", ["1"])["1"]
        paired.sync(snapshot("1", cancelled=True, CUP=1, HAT=1))

        states = [
            paired.app.orders.get("demo", name).status for name in (first, second)
        ]
        assert ["Shipped", "Cancelled"] == states


@pytest.mark.parametrize("kind", ["sent", "cloud"])
def test_what_goes_to_no_address_is_not_held_for_one(paired, kind):
    """
    Nobody could end such a hold with another address.
    """
    order_id = paired.accepted(CUP=1) if kind == "sent" else paired.bought(CUP=3)
    if kind == "sent":
        paired.ship(order_id)
    ann = paired.sh.staff("ann").seller("demo").orders

    with pytest.raises(CommandRefusedError) as ei, nothing_moves(paired):
        ann.hold(order_id, detail="where?", reason=HoldReason.ADDRESS)
    (why,) = ei.value.blockers
    assert ("nothing_to_send", "nothing of it has to be sent to an address") == (
        why.code,
        why.words,
    )
