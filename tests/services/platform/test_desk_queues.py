"""
What waits for staff, across sellers: each order in one queue, the oldest first.
"""

from datetime import timedelta

import pytest

from sourcehere import Actor, Count, HoldReason, InvalidInputError, Money, Role
from sourcehere.testing.factories import NOON, STAFF, nothing_moves, snapshot

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(paired):
    """
    Return the staff's queues.
    """
    return paired.sh.staff("ann").queues


def names(page):
    """
    Return the orders of a page.
    """
    return [order.order_id for order in page]


def everywhere(desk):
    """
    Return queue -> orders.
    """
    found = {
        "accept": names(desk.orders_to_accept()),
        "pick": names(desk.orders_to_pick()),
        "dispatch": names(desk.orders_to_dispatch()),
        "receive": names(desk.receipts_to_expect()),
    }
    return {name: orders for name, orders in found.items() if orders}


class TestOneAfterTheOther:
    def test_a_shops_order(self, paired, desk):
        """
        Paid it is to accept, accepted to pick, and sent in full in no queue.
        """
        (order_id,) = paired.sync(snapshot(CUP=2))
        assert {} == everywhere(desk)
        paired.pay(order_id)
        assert {"accept": [order_id]} == everywhere(desk)
        paired.app.shipping.accept("demo", [order_id], by=STAFF)
        assert {"pick": [order_id]} == everywhere(desk)
        paired.ship(order_id, "T1", i1_1=1)
        assert {"pick": [order_id]} == everywhere(desk)
        paired.ship(order_id, "T2")
        assert {} == everywhere(desk)

    def test_an_order_for_stock(self, paired, desk):
        """
        Paid it is to dispatch, then to receive, and counted in full in no queue.
        """
        order_id = paired.bought(CUP=3)
        assert {"dispatch": [order_id]} == everywhere(desk)
        paired.app.cloud.dispatch("demo", order_id, by=STAFF)
        assert {"receive": [order_id]} == everywhere(desk)
        paired.app.cloud.receive("demo", order_id, {"1.1": Count(2)}, by=STAFF)
        assert {"receive": [order_id]} == everywhere(desk)
        paired.app.cloud.receive("demo", order_id, {"1.1": Count(1)}, by=STAFF)
        assert {} == everywhere(desk)

    def test_what_is_refunded(self, paired, desk):
        """
        What is refunded before it leaves waits for nobody.
        """
        order_id = paired.paid(CUP=1)
        paired.app.orders.refund_all("demo", order_id, by=STAFF)

        assert {} == everywhere(desk)


class TestHeld:
    def test_it_leaves_its_queue(self, paired, desk):
        """
        A hold takes an order out of its queue, into that of whose turn it is, and back.
        """
        order_id = paired.accepted(CUP=1)
        hold_id = paired.app.orders.hold(
            "demo", order_id, reason=HoldReason.STAFF, detail="damp box", by=STAFF
        )
        assert {} == everywhere(desk)
        (held,) = desk.orders_held()
        assert (order_id, ["damp box"]) == (
            held.order_id,
            [hold.detail for hold in held.holds],
        )
        assert [] == names(desk.orders_held(Role.SELLER))

        paired.app.orders.release_hold("demo", order_id, hold_id, by=STAFF)
        assert {"pick": [order_id]} == everywhere(desk)
        assert [] == names(desk.orders_held())

    def test_whose_turn_it_is(self, paired, desk):
        """
        What the seller has to decide is theirs: an order that the shop has not been
        paid for.
        """
        (order_id,) = paired.sync(snapshot(CUP=1, paid_at_store=False))

        assert [order_id] == names(desk.orders_held(Role.SELLER))
        assert [] == names(desk.orders_held(Role.STAFF))

    def test_nobody_else(self, desk):
        """
        Orders wait for sellers, staff and carriers only.
        """
        with pytest.raises(InvalidInputError) as ei:
            desk.orders_held(Role.STORE)

        assert "who" == ei.value.field


class TestOverdue:
    def test_the_oldest_first_and_only_those(self, paired, desk):
        """
        Orders that have waited longest come first; those that have not waited for that
        long are left out, on every page.
        """
        first = paired.paid("1", CUP=1)
        paired.clock.advance(HOUR)
        second = paired.paid("2", CUP=1)
        paired.clock.advance(HOUR)
        third = paired.paid("3", CUP=1)

        assert [first, second, third] == names(desk.orders_to_accept())
        late = timedelta(minutes=90)
        assert [first] == names(desk.orders_to_accept(older_than=late))
        page = desk.orders_to_accept(older_than=timedelta(minutes=30), limit=1)
        assert [first] == names(page)
        page = desk.orders_to_accept(
            older_than=timedelta(minutes=30), limit=1, after=page.next
        )
        assert [second] == names(page)
        assert not page.next or not desk.orders_to_accept(
            older_than=timedelta(minutes=30), limit=1, after=page.next
        )
        assert NOON == desk.orders_to_accept(limit=1).items[0].entered_at

    def test_no_negative_time(self, desk, paired):
        """
        Nothing is younger than now.
        """
        with nothing_moves(paired), pytest.raises(InvalidInputError) as ei:
            desk.orders_to_pick(older_than=-HOUR)

        assert "older_than" == ei.value.field

    def test_nothing_is_older_than_all_time(self, paired, desk):
        """
        A time that is longer than calendars go back lists nothing, and is no mistake.
        """
        paired.paid("1", CUP=1)
        paired.clock.advance(HOUR)

        for ever in (timedelta(days=800_000), timedelta.max):
            assert [] == names(desk.orders_to_accept(older_than=ever))
            assert {0} == {one.overdue for one in desk.summary(overdue_after=ever)}


def test_across_sellers(paired, desk):
    """
    The queues are of all sellers, by who has waited longest.
    """
    mine = paired.paid(CUP=1)
    zoe = Actor(Role.SELLER, "zoe")
    app = paired.app
    app.sellers.register("zoe", name="Zoe", currency="USD")
    app.wallets.top_up("zoe", Money(100_00, "USD"), reference="z", by=STAFF)
    wanted = paired.wanted(CUP=3)
    theirs = app.drafts.create_cloud("zoe", "CN1", wanted, by=zoe)
    app.drafts.place("zoe", theirs, by=zoe)
    offer = app.checkouts.checkout("zoe", [theirs], by=zoe)
    app.checkouts.pay("zoe", offer.checkout_id, expected_total=offer.total, by=zoe)

    assert {"accept": [mine], "dispatch": [theirs]} == everywhere(desk)
    assert ["zoe"] == [o.seller_id for o in desk.orders_to_dispatch()]
