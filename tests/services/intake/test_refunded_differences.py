"""
What a shop does not want any more of a paid order, and staff refund, holds it no more.
"""

import attrs
import pytest

from sourcehere import CommandRefusedError
from sourcehere.domain.disputes.policy import DisputeReason
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.testing.factories import SELLER, STAFF, shop_line, snapshot
from sourcehere.unit.tables.stores import STORE_ORDERS


class Changed:
    """
    A paid order, of which the shop wants something else.
    """

    def __init__(self, bench, order_id, *told):
        self.bench, self.order_id = bench, order_id
        self.tell(*told)

    def tell(self, *told, **facts):
        """
        Let the shop say lines of it.
        """
        self.told = told
        self.bench.sync(attrs.evolve(snapshot(), lines=told, **facts))

    def refund(self, **units):
        """
        Refund units as staff: `i1_1=2` two of the item 1.1.
        """
        quantities = {name[1:].replace("_", "."): n for name, n in units.items()}
        self.bench.app.orders.refund_units("demo", self.order_id, quantities, by=STAFF)

    @property
    def order(self):
        """
        The order as it is shown.
        """
        return self.bench.app.orders.get("demo", self.order_id)

    @property
    def holds(self):
        """
        What its holds say.
        """
        return [(hold.reason, hold.detail) for hold in self.order.holds]

    @property
    def record(self):
        """
        What is kept of the shop's order.
        """
        return self.bench.app.units.seller(
            "demo", lambda unit: unit.need(STORE_ORDERS, "shop", "1"), read_only=True
        )

    def is_over(self):
        """
        Tell whether nothing is different, now and when the shop says it again.
        """
        before = (self.order.state, self.holds, self.record.differences)
        self.tell(*self.told, number="again")
        after = (self.order.state, self.holds, self.record.differences)
        assert self.bench.app.audit.run(replay=True).is_clean
        return before == after == (self.order.state, [], ())


def changed(bench, *, ordered, wanted):
    """
    Return a paid order of which the shop wants something else.
    """
    return Changed(bench, bench.accepted(**ordered), *snapshot(**wanted).lines)


def test_all_of_it(paired):
    """
    One fewer is wanted, and one is refunded: the rest can leave.
    """
    order = changed(paired, ordered={"CUP": 3}, wanted={"CUP": 2})
    assert [("store_changed", "CUP: the shop wants 1 fewer")] == order.holds
    order.refund(i1_1=1)

    assert order.is_over()
    paired.ship(order.order_id, i1_1=2)
    assert "shipped" == order.order.state


def test_a_part_of_it(paired):
    """
    The hold says what is left of it, and is the one of which the record knows.
    """
    order = changed(paired, ordered={"CUP": 3}, wanted={"CUP": 1})
    (before,) = order.order.holds
    order.refund(i1_1=1)

    assert [("store_changed", "CUP: the shop wants 1 fewer")] == order.holds
    (hold,) = order.order.holds
    assert hold.hold_id == order.record.hold_id != before.hold_id
    order.refund(i1_1=1)
    assert order.is_over()


def by_units(order):
    """
    Refund all that it is of, item by item.
    """
    order.refund(i1_1=3, i2_1=2)


def at_once(order):
    """
    Refund all of it.
    """
    order.bench.app.orders.refund_all("demo", order.order_id, by=STAFF)


@pytest.mark.parametrize("refund", [by_units, at_once])
def test_all_of_the_order(paired, refund):
    """
    More is wanted of one thing and fewer of another, and the whole order is refunded:
    it ends either way, and what the shop wants yet is its next part.
    """
    ordered, wanted = {"CUP": 3, "HAT": 2}, {"CUP": 4, "HAT": 1}
    order = changed(paired, ordered=ordered, wanted=wanted)
    refund(order)

    assert "cancelled" == order.order.state
    order.tell(*order.told, number="again")
    assert [] == order.holds
    assert () == order.record.differences
    _, part = order.record.parts
    lines = paired.app.orders.get("demo", part).lines
    assert {"CUP": 1} == {line.sku: line.quantity for line in lines}
    assert paired.app.audit.run(replay=True).is_clean


def test_of_another_line(paired):
    """
    Nothing of what is different has changed: the hold stays as it is.
    """
    order = changed(paired, ordered={"CUP": 3, "HAT": 2}, wanted={"CUP": 2, "HAT": 2})
    before = order.order.holds
    order.refund(i2_1=1)

    assert before == order.order.holds


def test_more_than_it(paired):
    """
    Nothing is different: what staff take out, a shop may not have heard of yet.
    """
    order = changed(paired, ordered={"CUP": 3}, wanted={"CUP": 2})
    order.refund(i1_1=2)

    assert order.is_over()


def test_what_is_wanted_more_stays(paired):
    """
    It is taken over as before.
    """
    order = changed(paired, ordered={"CUP": 3, "HAT": 2}, wanted={"CUP": 2, "HAT": 3})
    order.refund(i1_1=1)

    assert [("store_changed", "HAT: the shop wants 1 more")] == order.holds
    desk = paired.sh.seller("demo").orders
    assert () == desk.why_not(order.order_id, "take_over")
    desk.take_over(order.order_id)
    assert order.is_over()


def test_another_variant(paired):
    """
    Its line is of another variant by now, and what was paid of it is refunded.
    """
    cup, hat = snapshot(CUP=2, HAT=1).lines
    first, then = (attrs.evolve(cup, external_variant_id=name) for name in "78")
    (order_id,) = paired.sync(attrs.evolve(snapshot(), lines=(first, hat)))
    paired.pay(order_id)
    order = Changed(paired, order_id, then, hat)
    words = "CUP: the shop wants variant 8, not 7, which was paid"
    assert [("store_changed", words)] == order.holds
    order.refund(i1_1=1)
    assert [("store_changed", words)] == order.holds
    order.refund(i1_1=1)

    assert order.is_over()


@pytest.mark.parametrize("refunded", [1, 3])
def test_a_hold_that_was_released(paired, refunded):
    """
    Somebody decided: a refund opens no hold anew.
    """
    order = changed(paired, ordered={"CUP": 4}, wanted={"CUP": 2})
    (hold,) = order.order.holds
    paired.app.orders.release_hold("demo", order.order_id, hold.hold_id, by=STAFF)
    order.refund(i1_1=refunded)

    assert [] == order.holds
    order.tell(*order.told, number="echo")
    assert order.is_over()


def test_what_has_left_is_not_stopped(paired):
    """
    Three fewer are wanted, and two of these leave in another part: what is left to
    refund is what is left to send.
    """
    order = changed(paired, ordered={"CUP": 2}, wanted={"CUP": 4})
    first = order.order_id
    order.order_id = paired.sh.seller("demo").orders.take_over(first).part_id
    paired.pay(order.order_id)
    order.tell(*snapshot(CUP=1).lines)
    assert [("store_changed", "CUP: the shop wants 3 fewer")] == order.holds
    paired.ship(first)
    order.refund(i1_1=1)

    assert [("store_changed", "CUP: the shop wants 1 fewer")] == order.holds
    order.refund(i1_1=1)
    assert order.is_over()


def test_the_last_units(paired):
    """
    The order ends by it, and is held for nothing.
    """
    order = changed(paired, ordered={"CUP": 2}, wanted={})
    order.refund(i1_1=2)

    assert "cancelled" == order.order.state
    assert [] == order.holds
    assert paired.app.audit.run(replay=True).is_clean


@pytest.mark.parametrize("command", ["grant", "accept"])
def test_by_a_dispute(paired, command):
    """
    The seller asks for the units, and gets them: neither holds it any longer.
    """
    order = changed(paired, ordered={"CUP": 3}, wanted={"CUP": 2})
    disputes = paired.app.disputes
    new = NewDispute(
        order_id=order.order_id, reason=DisputeReason.CANCEL, quantities={"1.1": 1}
    )
    dispute_id = disputes.open("demo", new, by=SELLER)
    assert ["store_changed", "dispute"] == [reason for reason, _ in order.holds]
    disputes.move("demo", dispute_id, "take", by=STAFF)
    if command == "accept":
        disputes.offer("demo", dispute_id, 1, by=STAFF)
        disputes.accept("demo", dispute_id, by=SELLER)
    else:
        disputes.grant("demo", dispute_id, by=STAFF)

    assert order.is_over()


def test_a_refused_refund_changes_nothing(paired):
    """
    More than there is: the hold is as it was.
    """
    order = changed(paired, ordered={"CUP": 3}, wanted={"CUP": 2})
    before = (order.order, order.record)
    with pytest.raises(CommandRefusedError):
        order.refund(i1_1=4)

    assert before == (order.order, order.record)


def test_units_in_two_parts(paired):
    """
    The unit that is not wanted is refunded in the other part: both may go on.
    """
    order = changed(paired, ordered={"CUP": 2}, wanted={"CUP": 4})
    part = paired.sh.seller("demo").orders.take_over(order.order_id).part_id
    paired.pay(part)
    order.tell(*snapshot(CUP=3).lines)
    held = [
        paired.app.orders.get("demo", name).holds for name in (order.order_id, part)
    ]
    assert [0, 1] == list(map(len, held))
    order.refund(i1_1=1)

    assert () == paired.app.orders.get("demo", part).holds
    assert order.is_over()


def cancelled(bench, order_id):
    """
    Let the seller cancel it, which the warehouse has not accepted.
    """
    bench.sh.seller("demo").disputes.request_cancel(order_id)


def refunded(bench, order_id):
    """
    Let staff refund all of it.
    """
    bench.app.orders.refund_all("demo", order_id, by=STAFF)


def rejected(bench, order_id):
    """
    Let staff reject it.
    """
    bench.sh.staff("ann").seller("demo").orders.reject(order_id, reason="sold out")


@pytest.mark.parametrize("end", [cancelled, refunded, rejected])
class TestEnding:
    def test_an_order_of_which_nothing_is_wanted(self, paired, end):
        """
        It is over, however it ended; nobody has to act on it.
        """
        order_id = paired.paid(CUP=3, HAT=1)
        lines = (
            shop_line("CUP", 3, refunded=3),
            shop_line("HAT", 1, number=2, refunded=1),
        )
        order = Changed(paired, order_id, *lines)
        assert ["store_changed"] == [reason for reason, _ in order.holds]
        end(paired, order_id)

        assert ("Cancelled", []) == (order.order.status, order.holds)
        order.tell(*lines, number="again")
        assert ("Cancelled", []) == (order.order.status, order.holds)
        assert paired.app.audit.run(replay=True).is_clean

    def test_the_part_that_is_not_wanted(self, paired, end):
        """
        The hold stands with the other part, which may go on.
        """
        order = Changed(paired, paired.paid(CUP=2), *snapshot(CUP=4).lines)
        first = order.order_id
        part = paired.sh.seller("demo").orders.take_over(first).part_id
        paired.pay(part)
        order.tell(*snapshot(CUP=2).lines)
        held = [paired.app.orders.get("demo", name).holds for name in (first, part)]
        assert [0, 1] == list(map(len, held))
        end(paired, first)

        assert () == paired.app.orders.get("demo", part).holds
        assert order.is_over()


def test_what_is_closed_short(paired):
    """
    What was left was not wanted, and is refunded.
    """
    order_id = paired.accepted(CUP=3, HAT=1)
    paired.ship(order_id, i1_1=2)
    order = Changed(paired, order_id, *snapshot(CUP=2).lines)
    assert ["store_changed"] == [reason for reason, _ in order.holds]
    paired.app.shipping.short_ship_rest("demo", order_id, by=STAFF)

    assert "Shipped" == order.order.status
    assert order.is_over()
