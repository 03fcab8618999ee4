"""
Where a shop sends what is paid here already.
"""

import attrs
import pytest

from sourcehere import CommandRefusedError
from sourcehere.testing.factories import HOME, SELLER, STAFF, nothing_moves, snapshot

NEW = attrs.evolve(HOME, street="5 New St")
OTHER = attrs.evolve(HOME, street="7 Other St")
ELSEWHERE = "address changed in the shop"


def held_for(bench, order_id):
    """
    Return why an order is held, in words.
    """
    return [hold.detail for hold in bench.app.orders.get("demo", order_id).holds]


def street(bench, order_id):
    """
    Return where an order goes.
    """
    return bench.app.orders.address("demo", order_id).street


def moved(number="", address=NEW, **units):
    """
    Make what the shop says of an order that it sends elsewhere.
    """
    order = snapshot("1", address=address, **units)
    return attrs.evolve(order, number=number or order.number)


class TestBesideOtherChanges:
    def test_an_address_is_no_less_held_where_lines_changed_before(self, paired):
        """
        The order does not leave for the old address once its lines are decided about.
        """
        order_id = paired.accepted(CUP=3)
        paired.sync(snapshot("1", CUP=2))
        paired.sync(moved(CUP=2))
        assert ["CUP: the shop wants 1 fewer", ELSEWHERE] == held_for(paired, order_id)
        paired.app.orders.refund_units("demo", order_id, {"1.1": 1}, by=STAFF)

        assert [ELSEWHERE] == held_for(paired, order_id)
        with pytest.raises(CommandRefusedError) as ei, nothing_moves(paired):
            paired.ship(order_id)
        assert ["on_hold"] == [blocker.code for blocker in ei.value.blockers]

    def test_further_addresses_hold_it_once(self, paired):
        """
        One hold, however often the shop changes its mind.
        """
        order_id = paired.paid(CUP=1)
        paired.sync(moved(CUP=1))
        paired.sync(moved(address=OTHER, CUP=1))

        assert [ELSEWHERE] == held_for(paired, order_id)

    def test_there_is_nothing_to_take_over(self, paired):
        """
        An address is no unit: the command is not offered, and says what to do instead.
        """
        order_id = paired.paid(CUP=1)
        paired.sync(moved(CUP=1))
        desk = paired.sh.seller("demo").orders

        assert "take_over" not in desk.allowed(order_id)
        (why,) = desk.why_not(order_id, "take_over")
        assert (
            "address_changed",
            "the shop only sends it elsewhere: correct the address",
        ) == (why.code, why.words)
        (hold,) = desk.get(order_id).holds
        assert "correct the address to where the shop sends it now" in hold.what_to_do


class TestEnding:
    def test_a_corrected_address_ends_it(self, paired):
        """
        The order goes where the shop wants it; the echo of that holds nothing.
        """
        order_id = paired.paid(CUP=1)
        paired.sync(moved(CUP=1))
        paired.app.orders.correct_address("demo", order_id, NEW, by=SELLER)
        paired.sync(moved(number="echo", CUP=1))

        assert [] == held_for(paired, order_id)
        assert "5 New St" == street(paired, order_id)

    def test_it_leaves_what_lines_it_is_held_for(self, paired):
        """
        An address says nothing about units.
        """
        order_id = paired.paid(CUP=1)
        paired.sync(moved(CUP=2))
        paired.app.orders.correct_address("demo", order_id, NEW, by=SELLER)

        assert ["CUP: the shop wants 1 more"] == held_for(paired, order_id)

    def test_an_address_that_the_shop_takes_back_ends_it(self, paired):
        """
        The order goes where it was paid to go, and the shop wants it there again.
        """
        order_id = paired.paid(CUP=1)
        paired.sync(moved(CUP=1))
        paired.sync(moved(number="back", address=HOME, CUP=1))

        assert [] == held_for(paired, order_id)
        assert "1 Main St" == street(paired, order_id)
        paired.sync(moved(number="again", CUP=1))
        assert [ELSEWHERE] == held_for(paired, order_id)

    def test_the_shop_comes_to_where_the_seller_sends_it(self, paired):
        """
        What the seller corrected first is no change when the shop says it, too.
        """
        order_id = paired.paid(CUP=1)
        paired.app.orders.correct_address("demo", order_id, NEW, by=SELLER)
        paired.sync(moved(address=OTHER, CUP=1))
        assert [ELSEWHERE] == held_for(paired, order_id)
        paired.sync(moved(CUP=1))

        assert [] == held_for(paired, order_id)

    def test_an_order_that_is_refunded_goes_nowhere(self, paired):
        """
        Nobody has to say where to any more.
        """
        order_id = paired.accepted(CUP=1)
        paired.sync(moved(CUP=1))
        paired.app.orders.refund_all("demo", order_id, by=STAFF)

        order = paired.app.orders.get("demo", order_id)
        assert ("Cancelled", ()) == (order.status, order.holds)

    def test_what_is_left_is_refunded(self, paired):
        """
        The rest has left, for the address that it was paid to.
        """
        order_id = paired.accepted(CUP=3)
        paired.ship(order_id, i1_1=2)
        paired.sync(moved(CUP=3))
        assert [ELSEWHERE] == held_for(paired, order_id)
        paired.app.shipping.short_ship_rest("demo", order_id, by=STAFF)

        order = paired.app.orders.get("demo", order_id)
        assert ("Shipped", ()) == (order.status, order.holds)

    def test_what_staff_let_go_is_not_held_by_the_echo(self, paired):
        """
        It goes to the old address, as was decided.
        """
        order_id = paired.accepted(CUP=1)
        paired.sync(moved(CUP=1))
        (hold,) = paired.app.orders.get("demo", order_id).holds
        paired.app.orders.release_hold("demo", order_id, hold.hold_id, by=STAFF)
        paired.sync(moved(number="echo", CUP=1))

        assert [] == held_for(paired, order_id)
        paired.ship(order_id)


@pytest.mark.parametrize("sent", [1, 3])
def test_only_what_has_to_leave_is_held(paired, sent):
    """
    What has left cannot be stopped.
    """
    order_id = paired.accepted(CUP=3)
    paired.ship(order_id, i1_1=sent)
    paired.sync(moved(CUP=3))

    assert ([ELSEWHERE] if sent < 3 else []) == held_for(paired, order_id)
