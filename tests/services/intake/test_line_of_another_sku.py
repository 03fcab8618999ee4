"""
A line that the shop makes one of another SKU, under the id that it had.
"""

from datetime import timedelta

import attrs
import pytest
from moved_world import Moving

from sourcehere.testing.factories import STAFF, shop_line, snapshot
from sourcehere.testing.fake_shop import Fault


class Mixed(Moving):
    """
    An order whose lines say their SKU, how many are wanted, and how many the shop says
    have left.
    """

    def lined(self, **units):
        lines = (
            attrs.evolve(shop_line(sku, q, fulfilled=sum(left)), external_line_id=n)
            for n, (sku, q, *left) in units.items()
        )
        return attrs.evolve(snapshot(), lines=tuple(lines))

    @property
    def changed(self):
        """
        Return what the shop wants otherwise, and nobody decided.
        """
        order = self.bench.app.orders.get("demo", self.order_id)
        return [h.detail for h in order.holds if h.reason == "store_changed"]


class Renamed(Mixed):
    """
    The same, where all lines are of one variant, whatever its SKU is.
    """

    def lined(self, **units):
        told = super().lined(**units)
        lines = [attrs.evolve(n, external_variant_id="7") for n in told.lines]
        return attrs.evolve(told, lines=tuple(lines))


class TestBetweenSendingAndTelling:
    """
    Two cups have left, and the shop was not told yet.
    """

    @pytest.fixture
    def order(self, paired):
        order = Mixed(paired, L1=("CUP", 2))
        paired.ship(order.order_id, "T1")
        return order

    def test_hats_are_not_told_to_have_left(self, paired, order):
        """
        Nobody can tell of the cups under a line of hats: staff are asked, and the hats
        stay wanted.
        """
        order.tell(L1=("HAT", 2))
        paired.sh.relay.run()
        paired.sh.relay.run()

        assert {} == paired.shop.units_sent("1")
        (dead,) = paired.sh.relay.dead()
        assert "line L1 is hat by now, and cup has left" in dead.error
        holds = paired.app.orders.get("demo", order.order_id).holds
        assert ["shop_not_told", "store_changed"] == sorted(h.reason for h in holds)
        order.tell(L1=("HAT", 2))
        assert ["HAT: the shop wants 2 more"] == order.changed
        paired.sh.relay.resend("demo", dead.message_id)
        paired.sh.relay.run()
        assert {} == paired.shop.units_sent("1")

    def test_a_line_that_is_what_it_was_is_told(self, paired, order):
        """
        The shop changes its mind.
        """
        order.tell(L1=("HAT", 2))
        paired.sh.relay.run()
        (dead,) = paired.sh.relay.dead()
        order.tell(L1=("CUP", 2))
        paired.sh.relay.resend("demo", dead.message_id)
        paired.sh.relay.run()
        paired.sh.relay.run()

        assert {"L1": 2} == paired.shop.units_sent("1")
        order.tell(L1=("CUP", 2, 2))
        assert [] == order.holds

    def test_cups_are_told_under_the_line_of_cups_that_there_is(self, paired, order):
        """
        They got another line, and hats have the id that was theirs.
        """
        order.tell(L1=("HAT", 1), L3=("CUP", 2))
        assert ["HAT: the shop wants 1 more"] == order.changed
        paired.sh.relay.run()
        assert {"L3": 2} == paired.shop.units_sent("1")
        order.tell(L1=("HAT", 1), L3=("CUP", 2, 2))
        assert ["HAT: the shop wants 1 more"] == order.changed
        order.tell(L1=("HAT", 1), L3=("CUP", 3, 2))

        words = "HAT: the shop wants 1 more; CUP: the shop wants 1 more"
        assert [words] == order.changed

    def test_lines_that_change_places_are_told_each_under_the_other(self, paired):
        order = Mixed(paired, L1=("CUP", 2), L2=("HAT", 1))
        paired.ship(order.order_id, "T1")
        order.tell(L1=("HAT", 1), L2=("CUP", 2))
        assert [] == order.holds
        paired.sh.relay.run()

        assert {"L1": 1, "L2": 2} == paired.shop.units_sent("1")
        order.tell(L1=("HAT", 1, 1), L2=("CUP", 2, 2))
        assert [] == order.holds

    def test_what_leaves_after_it_is_not_told_either(self, paired):
        """
        Staff let the cups go on although hats are wanted.
        """
        order = Mixed(paired, L1=("CUP", 2))
        order.tell(L1=("HAT", 2))
        (hold,) = paired.app.orders.get("demo", order.order_id).holds
        paired.app.orders.release_hold("demo", order.order_id, hold.hold_id, by=STAFF)
        paired.ship(order.order_id, "T1")
        paired.sh.relay.run()

        assert {} == paired.shop.units_sent("1")
        (dead,) = paired.sh.relay.dead()
        assert "line L1 is hat by now" in dead.error

    @pytest.mark.parametrize(
        ("fault", "told"), [(Fault.LOST_BEFORE, {}), (Fault.LOST_AFTER, {"L1": 2})]
    )
    def test_a_shop_is_asked_first_whether_it_took_them(
        self, paired, order, fault, told
    ):
        """
        It was told when the line was one of cups, or was not.
        """
        taken = paired.shop.fulfilments
        paired.shop.find_push = lambda notice: (
            f"ref:{notice.idempotency_key}" if notice.idempotency_key in taken else None
        )
        paired.shop.faults = [fault]
        paired.sh.relay.run()
        order.tell(L1=("HAT", 2))
        paired.clock.advance(timedelta(hours=1))
        paired.sh.relay.run()

        assert told == paired.shop.units_sent("1")
        assert (not told) == bool(tuple(paired.sh.relay.dead()))

    def test_a_variant_whose_sku_has_changed_is_what_it_was(self, paired):
        """
        The shop has only given it another name: what has left is told.
        """
        order = Renamed(paired, L1=("CUP", 2))
        paired.ship(order.order_id, "T1")
        order.tell(L1=("CUP-1", 2))
        paired.sh.relay.run()

        assert {"L1": 2} == paired.shop.units_sent("1")
        assert () == tuple(paired.sh.relay.dead())


class TestAfterItWasTold:
    """
    A cup of two has left and was told; then the shop makes the line one of hats. What
    it counts there as having left is the cup that it was told of.
    """

    @pytest.fixture
    def order(self, paired):
        order = Mixed(paired, L1=("CUP", 2))
        paired.ship(order.order_id, "T1", i1_1=1)
        paired.sh.relay.run()
        assert {"L1": 1} == paired.shop.units_sent("1")
        return order

    def test_nobody_else_has_sent_a_hat(self, order):
        """
        All the hats are wanted, and a cup is not.
        """
        order.tell(L1=("HAT", 2, 1))
        words = "cup: the shop wants 1 fewer; HAT: the shop wants 2 more"
        assert [words] == order.changed
        order.tell(L1=("HAT", 2, 1))
        assert [words] == order.changed
        order.tell(L1=("HAT", 2, 2))  # now somebody has
        assert [words.replace("2 more", "1 more")] == order.changed

    def test_a_line_that_is_what_it_was_is_no_change(self, paired, order):
        order.tell(L1=("HAT", 2, 1))
        order.tell(L1=("CUP", 2, 1))
        assert [] == order.holds
        paired.ship(order.order_id, "T2")
        paired.sh.relay.run()

        assert {"L1": 2} == paired.shop.units_sent("1")
        order.tell(L1=("CUP", 2, 2))
        assert [] == order.holds

    def test_nobody_else_has_sent_it_while_the_line_is_not_told(self, paired):
        """
        Lines change places, one is told no more and comes back: one of three cups has
        left, and two are wanted.
        """
        order = Mixed(paired, L1=("CUP", 1), L2=("HAT", 1))
        paired.ship(order.order_id, "T1")
        paired.sh.relay.run()
        order.tell(L1=("HAT", 1, 1), L2=("CUP", 1, 1))
        assert [] == order.changed
        order.tell(L1=("HAT", 2, 1))
        order.tell(L1=("HAT", 2, 1), L2=("CUP", 1, 1))
        assert ["HAT: the shop wants 1 more"] == order.changed
        order.tell(L1=("CUP", 2, 1), L2=("CUP", 1, 1))

        one = "CUP: the shop wants 1 more"
        assert [f"{one}; {one}"] == order.changed

    def test_hats_that_are_sent_then_are_told_beside_the_cup(self, paired, order):
        """
        The shop wants three of the line in all, a cup among them.
        """
        paired.app.orders.refund_units("demo", order.order_id, {"1.1": 1}, by=STAFF)
        order.tell(L1=("HAT", 2, 1))
        assert ["HAT: the shop wants 2 more"] == order.changed
        order.take_over()
        (_, name) = paired.app.orders.find_external("demo", "shop", ["1"])["1"]
        paired.pay(name)
        paired.app.shipping.accept("demo", [name], by=STAFF)
        paired.ship(name, "T2")
        paired.sh.relay.run()
        assert {"L1": 3} == paired.shop.units_sent("1")
        order.tell(L1=("HAT", 2, 3))
        order.tell(L1=("HAT", 2, 3))

        assert [("shipped", {"L1": 2})] == order.parts[1:]
        assert [] == order.holds

    def test_cups_move_to_a_line_of_their_own(self, paired, order):
        """
        The cup that was told stays where it was told; the other one moves.
        """
        order.tell(L1=("HAT", 1, 1), L3=("CUP", 1))
        words = "cup: the shop wants 1 fewer; HAT: the shop wants 1 more"
        assert [words] == order.changed
        (hold,) = paired.app.orders.get("demo", order.order_id).holds
        paired.app.orders.release_hold("demo", order.order_id, hold.hold_id, by=STAFF)
        paired.ship(order.order_id, "T2")
        paired.sh.relay.run()

        assert {"L1": 1, "L3": 1} == paired.shop.units_sent("1")
        order.tell(L1=("HAT", 1, 1), L3=("CUP", 1, 1))
        assert [] == order.holds
