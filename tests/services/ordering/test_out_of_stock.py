"""
Units that were paid and cannot be bought: who is told, and when it ends.
"""

from datetime import timedelta

import pytest

from sourcehere import (
    Actor,
    CommandRefusedError,
    Count,
    DisputeReason,
    HoldReason,
    Role,
    VariantChange,
)
from sourcehere.testing.factories import NOON, SELLER, STAFF, nothing_moves, snapshot

DAY = timedelta(days=1)


def order_of(bench, order_id, seller="demo"):
    return bench.app.orders.get(seller, order_id)


def lacked(bench, order_id):
    """
    Return the SKUs that an order is held for because they cannot be bought.
    """
    skus = {variant_id: sku for sku, variant_id in bench.variants.items()}
    return [
        skus[hold.detail]
        for hold in order_of(bench, order_id).holds
        if hold.reason == "out_of_stock"
    ]


def out_of_stock(bench, sku="CUP", *, is_in_stock=False):
    """
    Say that the supplier has none, or has it again, and let the relay follow.
    """
    change = VariantChange(is_in_stock=is_in_stock)
    desk = bench.sh.staff("ann").catalog
    desk.change(bench.variants[sku], change)
    bench.app.relay.run()


class TestCatalogue:
    def test_paid_orders_are_held_until_it_is_back(self, paired):
        """
        The seller sees which units, and what to do; nothing is stopped by it.
        """
        order_id = paired.paid(CUP=1, HAT=1)
        out_of_stock(paired)
        order = order_of(paired, order_id)
        (hold,) = order.holds

        assert ("Abnormal", paired.variants["CUP"], "seller", NOON + 7 * DAY) == (
            order.status,
            hold.detail,
            hold.who,
            hold.deadline,
        )
        assert (
            "wait until it can be bought again, or dispute its units as not wanted"
            == hold.what_to_do
        )
        with nothing_moves(paired):
            assert order.deadline_name in ("ship_by", "restock_by")
        staff = Actor(Role.STAFF, "ann")
        assert "accept" in paired.app.orders.allowed("demo", order_id, by=staff)
        out_of_stock(paired, is_in_stock=True)
        assert ((), "Awaiting Shipping") == (
            order_of(paired, order_id).holds,
            order_of(paired, order_id).status,
        )

    def test_only_those_that_need_it(self, paired):
        """
        Not what was accepted, has left, is not paid or ended, or is of another variant;
        what is in the cloud warehouse need not be bought.
        """
        paired.stocked(CUP=3)
        stock = paired.paid("stock", CUP=3)
        both = paired.paid("both", CUP=1, LAMP=1)
        ended = paired.paid("ended", CUP=1)
        paired.sh.staff("ann").seller("demo").refunds.refund_all(ended)
        accepted, hat = paired.accepted("accepted", CUP=1), paired.paid("hat", HAT=1)
        sent = paired.accepted("sent", CUP=1)
        paired.ship(sent)
        (unpaid,) = paired.sync(snapshot("unpaid", CUP=1))
        bulk, dispatched = paired.bought(CUP=3), paired.bought(CUP=3)
        paired.app.cloud.dispatch("demo", dispatched, by=STAFF)
        out_of_stock(paired)

        held = {
            name: lacked(paired, name)
            for name in (stock, both, ended, accepted, hat, sent, unpaid, bulk)
        }
        assert {both: ["CUP"], bulk: ["CUP"]} == {n: h for n, h in held.items() if h}
        assert [] == lacked(paired, dispatched)

    def test_units_that_stock_covers_partly(self, paired):
        """
        Directly sourced units are taken out first: when none is left, what remains is
        from stock, and the hold ends.
        """
        paired.stocked(CUP=3)
        order_id = paired.paid(CUP=5)
        out_of_stock(paired)
        assert ["CUP"] == lacked(paired, order_id)
        desk = paired.sh.staff("ann").seller("demo").refunds
        desk.refund_units(order_id, {"1.1": 1})
        assert ["CUP"] == lacked(paired, order_id)
        desk.refund_units(order_id, {"1.1": 1})

        assert [] == lacked(paired, order_id)
        assert "awaiting_shipping" == order_of(paired, order_id).state

    def test_it_is_said_once(self, paired):
        """
        A job that is done twice holds once; each variant has a hold of its own.
        """
        order_id = paired.paid(CUP=1, HAT=1)
        out_of_stock(paired)
        out_of_stock(paired, "HAT")
        assert ["CUP", "HAT"] == lacked(paired, order_id)
        follow = paired.app.lacking.follow
        with nothing_moves(paired):
            assert 1 == follow(paired.variants["CUP"], by=STAFF)
            assert 1 == follow(paired.variants["HAT"], by=STAFF)
        out_of_stock(paired, is_in_stock=True)
        assert ["HAT"] == lacked(paired, order_id)

    def test_discontinued_is_out_of_stock_too(self, paired):
        """
        What is not made any more cannot be bought; brought back it can.
        """
        order_id = paired.paid(CUP=1)
        catalog = paired.sh.staff("ann").catalog
        catalog.discontinue(paired.variants["CUP"])
        paired.app.relay.run()
        assert ["CUP"] == lacked(paired, order_id)
        catalog.bring_back(paired.variants["CUP"])
        paired.app.relay.run()

        assert [] == lacked(paired, order_id)

    def test_another_change_follows_nothing(self, paired):
        """
        A title says nothing about what can be bought.
        """
        order_id = paired.paid(CUP=1)
        desk = paired.sh.staff("ann").catalog
        desk.change(paired.variants["CUP"], VariantChange(title="Mug"))
        paired.app.relay.run()

        assert () == order_of(paired, order_id).holds

    def test_every_seller_is_told(self, bench):
        """
        The job goes through the orders of all sellers, however many there are.
        """
        bench.connect(bench.rule("CUP"))
        mine = [bench.paid(str(n), CUP=1) for n in range(3)]
        bench.sh.staff("ann").sellers.register("other", name="Other", currency="USD")
        out_of_stock(bench)

        assert [["CUP"]] * 3 == [lacked(bench, one) for one in mine]


class TestItsEnd:
    def test_the_order_leaves_all_the_same(self, paired):
        """
        What else is in it may leave; with the last of its units the hold ends.
        """
        order_id = paired.paid(CUP=1, HAT=2)
        out_of_stock(paired)
        paired.app.shipping.accept("demo", [order_id], by=STAFF)
        paired.ship(order_id, "T1", i2_1=1)
        assert ["CUP"] == lacked(paired, order_id)
        paired.ship(order_id, "T2", i1_1=1)

        assert ([], "partially_shipped") == (
            lacked(paired, order_id),
            order_of(paired, order_id).state,
        )

    @pytest.mark.parametrize("way", ["refund_units", "refund_all", "request_cancel"])
    def test_what_is_refunded_is_not_wanted_any_more(self, paired, way):
        """
        A refund of its units, or of all, ends it.
        """
        order_id = paired.paid(CUP=1, HAT=1)
        out_of_stock(paired)
        desk = paired.sh.staff("ann").seller("demo").refunds
        if way == "refund_units":
            desk.refund_units(order_id, {"1.1": 1})
        elif way == "refund_all":
            desk.refund_all(order_id)
        else:
            paired.app.disputes.request_cancel("demo", order_id, by=SELLER)

        assert [] == lacked(paired, order_id)

    def test_a_dispute_that_is_granted_ends_it(self, paired):
        """
        The seller does not want to wait: the units are disputed and refunded.
        """
        order_id = paired.paid(CUP=1, HAT=1)
        out_of_stock(paired)
        made = paired.sh.seller("demo").disputes.open(
            order_id, reason=DisputeReason.CANCEL, quantities={"1.1": 1}
        )
        assert ["CUP"] == lacked(paired, order_id)
        ann = paired.sh.staff("ann").seller("demo").disputes
        ann.take(made.dispute_id)
        ann.grant(made.dispute_id)

        assert () == order_of(paired, order_id).holds

    def test_after_a_week_it_is_the_staff_s_turn(self, paired):
        """
        Not a moment earlier; the hold stays, and is theirs to end.
        """
        order_id = paired.paid(CUP=1)
        out_of_stock(paired)
        paired.clock.advance(7 * DAY - timedelta(microseconds=1))
        with nothing_moves(paired):
            assert 0 == paired.app.clocks.fire().fired
        paired.clock.advance(timedelta(microseconds=1))
        paired.sh.worker(name="w1").round()
        with nothing_moves(paired):
            assert 0 == paired.app.clocks.fire().fired

        holds = {hold.reason: hold for hold in order_of(paired, order_id).holds}
        assert (
            "staff",
            None,
            "refund its units, or agree with the seller to wait",
        ) == (
            holds["out_of_stock"].who,
            holds["out_of_stock"].deadline,
            holds["out_of_stock"].what_to_do,
        )
        assert {"ship_late", "out_of_stock"} == set(holds)

    def test_dispatching_ends_it(self, paired):
        """
        Goods for a cloud warehouse that left were bought.
        """
        bulk = paired.bought(CUP=3)
        out_of_stock(paired)
        assert ["CUP"] == lacked(paired, bulk)
        paired.app.cloud.dispatch("demo", bulk, by=STAFF)
        assert [] == lacked(paired, bulk)
        paired.app.cloud.receive("demo", bulk, {"1.1": Count(3)}, by=STAFF)


class TestStaff:
    def test_staff_find_it(self, paired):
        """
        Also of an order that was accepted; it ends when everything has left.
        """
        order_id = paired.accepted(CUP=2)
        desk = paired.sh.staff("ann").seller("demo").orders
        desk.hold(order_id, detail="no cups", reason=HoldReason.OUT_OF_STOCK)
        (hold,) = desk.get(order_id).holds
        assert ("out_of_stock", "seller", "no cups") == (
            hold.reason,
            hold.who,
            hold.detail,
        )
        paired.ship(order_id, "T1", i1_1=1)
        assert 1 == len(desk.get(order_id).holds)
        out_of_stock(paired)
        out_of_stock(paired, is_in_stock=True)
        assert 1 == len(desk.get(order_id).holds)
        paired.ship(order_id, "T2")

        assert () == desk.get(order_id).holds

    def test_staff_release_it(self, paired):
        """
        They found some after all.
        """
        order_id = paired.paid(CUP=1)
        out_of_stock(paired)
        (hold,) = order_of(paired, order_id).holds
        desk = paired.sh.staff("ann").seller("demo").orders
        desk.release_hold(order_id, hold.hold_id)

        assert () == order_of(paired, order_id).holds

    @pytest.mark.parametrize("is_sent", [False, True])
    def test_what_has_not_to_be_sent_lacks_nothing(self, paired, is_sent):
        """
        An order that is not paid, or has left, is refused.
        """
        if is_sent:
            order_id = paired.accepted(CUP=1)
            paired.ship(order_id)
        else:
            (order_id,) = paired.sync(snapshot(CUP=1))
        desk = paired.sh.staff("ann").seller("demo").orders
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            desk.hold(order_id, detail="no", reason=HoldReason.OUT_OF_STOCK)
        assert ("nothing_to_send",) == ei.value.codes
