"""
Goods that are sent back: they are the seller's stock again, once, at what they cost.
"""

import pytest

from sourcehere import CommandRefusedError, DisputeReason, NotFoundError, Wanted
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.testing.factories import HOME, SELLER, STAFF, nothing_moves

EVIDENCE = {"description": "see the photo", "photo": "photo-1"}
DAMAGED = DisputeReason.DAMAGED


def restock(bench, order_id, units, item="1.1", place="CN1", **options):
    """
    Take units back into stock, as staff.
    """
    return bench.app.cloud.restock(
        "demo", order_id, place, {item: units}, by=STAFF, **options
    )


def sent(bench, name="1", **units):
    """
    Make an order that has left.
    """
    order_id = bench.accepted(name, **units)
    bench.ship(order_id, f"T-{name}")
    return order_id


def claim(order_id, units, reason=DAMAGED):
    """
    Say what is disputed.
    """
    return NewDispute(
        order_id=order_id, reason=reason, quantities={"1.1": units}, evidence=EVIDENCE
    )


def opened(bench, order_id, units, reason=DAMAGED):
    """
    Open a dispute, and let staff take it up.
    """
    new = claim(order_id, units, reason)
    dispute_id = bench.app.disputes.open("demo", new, by=SELLER)
    bench.app.disputes.move("demo", dispute_id, "take", by=STAFF)
    return dispute_id


def refunded(bench, order_id, units, reason=DAMAGED):
    """
    Dispute units, and have it granted; return what comes back.
    """
    dispute_id = opened(bench, order_id, units, reason)
    return bench.app.disputes.grant("demo", dispute_id, by=STAFF).refunded_minor


def reshipped(bench, order_id, units):
    """
    Dispute units, and have them sent again; return the order that does.
    """
    dispute_id = opened(bench, order_id, units)
    bench.app.disputes.offer_reship("demo", dispute_id, by=STAFF)
    settled = bench.app.disputes.accept("demo", dispute_id, by=SELLER)
    return settled.reship_order_id


def why_not(bench, order_id, units):
    """
    Return the facts why so many units cannot be restocked: what is left.
    """
    with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
        restock(bench, order_id, units)
    return ei.value.codes, ei.value.blockers[0].facts.get("left")


class TestStock:
    def test_units_sourced_directly(self, paired):
        """
        Two of three cups come back: a lot of two, at what was paid, that the next order
        draws on.
        """
        order_id = sent(paired, CUP=3)
        before = paired.balance()
        assert "shipped" == restock(paired, order_id, 2)

        (lot,) = paired.app.cloud.lots("demo")
        assert (2, 2, 500, order_id, "1.1", order_id) == (
            lot.quantity_received,
            lot.on_hand,
            lot.unit_minor,
            lot.order_id,
            lot.item_id,
            lot.returned_order_id,
        )
        item = paired.app.orders.get("demo", order_id).items["1.1"]
        assert (3, 2, 0) == (
            item.quantity_shipped,
            item.quantity_returned,
            item.quantity_refunded,
        )
        assert before == paired.balance()
        story = paired.app.orders.timeline("demo", order_id, by=SELLER)
        assert "2 units came back, to the stock in CN1" == story[-1].words
        (moved,) = paired.sh.seller("demo").cloud.movements(lot.lot_id)
        assert ("returned", 2, order_id) == (moved.kind, moved.quantity, moved.order_id)

        again = paired.paid("2", CUP=3)
        assert 2 == paired.app.orders.get("demo", again).items["1.1"].quantity_from_lots

    def test_units_from_stock_keep_their_cost(self, paired):
        """
        What had left a lot is a lot of its own, bought by the same order, also in
        another warehouse.
        """
        paired.app.cloud.add_warehouse("US1", name="Newark", country="US", by=STAFF)
        bulk = paired.stocked(CUP=5)
        cost = paired.app.orders.get("demo", bulk).items["1.1"].unit_price.minor
        order_id = sent(paired, CUP=2)
        restock(paired, order_id, 1, place="US1")

        first, second = paired.app.cloud.lots("demo")
        assert (3, 1) == (first.on_hand, second.on_hand)
        assert ("US1", cost, bulk, order_id, first.lot_id) == (
            second.warehouse_id,
            second.unit_minor,
            second.order_id,
            second.returned_order_id,
            second.returned_lot_id,
        )

    def test_direct_ones_come_back_first(self, paired):
        """
        Of three units of a lot and two direct ones, three come back: the two direct
        ones and one of the lot; then the last two.
        """
        bulk = paired.stocked(CUP=3)
        order_id = sent(paired, CUP=5)
        restock(paired, order_id, 3)
        restock(paired, order_id, 2)

        assert [(2, order_id), (1, bulk), (2, bulk)] == [
            (lot.on_hand, lot.order_id) for lot in paired.app.cloud.lots("demo")[1:]
        ]
        assert (("units_not_kept",), 0) == why_not(paired, order_id, 1)


class TestOnce:
    def test_no_more_than_left(self, paired):
        """
        What waits still cannot come back, and nothing comes back twice.
        """
        order_id = paired.accepted(CUP=3)
        assert (("wrong_state",), None) == why_not(paired, order_id, 1)
        paired.ship(order_id, "T1", i1_1=2)
        assert (("units_not_kept",), 2) == why_not(paired, order_id, 3)
        restock(paired, order_id, 1)
        assert (("units_not_kept",), 1) == why_not(paired, order_id, 2)

    def test_what_is_refunded_is_not_the_seller_s(self, paired):
        """
        Money or goods, and never both.
        """
        order_id = sent(paired, CUP=3)
        assert 1000 == refunded(paired, order_id, 2)
        assert (("units_not_kept",), 1) == why_not(paired, order_id, 2)
        restock(paired, order_id, 1)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.disputes.open("demo", claim(order_id, 1), by=SELLER)
        assert ("units_taken", "units_not_sent") >= ei.value.codes
        assert 0 == ei.value.blockers[0].facts["left"]

    def test_what_is_disputed_waits(self, paired):
        """
        While a dispute is open nobody knows whose the units are; once it is rejected
        they are the seller's.
        """
        order_id = sent(paired, CUP=3)
        dispute_id = opened(paired, order_id, 2)
        assert (("units_not_kept",), 1) == why_not(paired, order_id, 2)
        paired.app.disputes.move(
            "demo", dispute_id, "reject", by=STAFF, text="it was opened and kept"
        )
        restock(paired, order_id, 3)
        (view,) = paired.app.cloud.stock("demo")
        assert 3 == view.available

    def test_what_left_in_spite_of_a_dispute_waits_too(self, paired):
        """
        Two of three cups were to be cancelled and left all the same: one can be taken
        back, and the dispute brings what the other two cost.
        """
        order_id = paired.accepted(CUP=3)
        dispute_id = opened(paired, order_id, 2, DisputeReason.CANCEL)
        (hold,) = paired.app.orders.get("demo", order_id).holds
        paired.app.orders.release_hold("demo", order_id, hold.hold_id, by=STAFF)
        paired.ship(order_id, "T1")

        assert (("units_not_kept",), 1) == why_not(paired, order_id, 3)
        restock(paired, order_id, 1)
        settled = paired.app.disputes.grant("demo", dispute_id, by=STAFF)
        assert 1000 == settled.refunded_minor
        assert (("units_not_kept",), 0) == why_not(paired, order_id, 1)

    def test_the_others_bring_their_full_worth(self, paired):
        """
        Of two direct units and two of a lot, three come back; the last one is refunded
        at the cost of its lot.
        """
        bulk = paired.stocked(CUP=3)
        restock(paired, sent(paired, "0", CUP=1), 1)
        cost = paired.app.orders.get("demo", bulk).items["1.1"].unit_price.minor
        order_id = sent(paired, CUP=5)
        restock(paired, order_id, 4)

        assert cost == refunded(paired, order_id, 1)
        assert (("units_not_kept",), 0) == why_not(paired, order_id, 1)

    def test_what_came_back_of_a_lot_is_not_what_is_refunded(self, paired):
        """
        Of a lot at 5.00 and one at 4.50 a unit each left: the first one comes back, and
        the other one is refunded.
        """
        first = sent(paired, "0", CUP=1)
        restock(paired, first, 1)
        bulk = paired.stocked(CUP=3)
        order_id = sent(paired, CUP=2)
        restock(paired, order_id, 1)
        assert [500, 450, 500] == [
            lot.unit_minor for lot in paired.app.cloud.lots("demo")
        ]

        assert 450 == refunded(paired, order_id, 1)
        assert 450 == paired.app.orders.get("demo", bulk).refunded.minor
        assert 0 == paired.app.orders.get("demo", first).refunded.minor

    def test_what_is_in_the_local_stock(self, paired):
        """
        Units that the seller keeps at their own place are not in a warehouse as well.
        """
        wanted = [Wanted(paired.variants["CUP"], 3)]
        order_id = paired.app.drafts.create_manual("demo", wanted, HOME, by=SELLER)
        paired.app.drafts.place("demo", order_id, by=SELLER)
        paired.pay(order_id)
        paired.app.shipping.accept("demo", [order_id], by=STAFF)
        paired.ship(order_id, "T1")
        restock(paired, order_id, 1)
        assert 2 == paired.app.local_stock.receive("demo", order_id, by=SELLER)
        assert (("in_local_stock",), 0) == why_not(paired, order_id, 1)

    def test_why_not_knows_what_is_in_the_local_stock(self, paired):
        """
        Where no unit could be taken back, and not before.
        """
        wanted = paired.wanted(CUP=3, HAT=1)
        order_id = paired.app.drafts.create_manual("demo", wanted, HOME, by=SELLER)
        paired.app.drafts.place("demo", order_id, by=SELLER)
        paired.pay(order_id)
        paired.app.shipping.accept("demo", [order_id], by=STAFF)
        paired.ship(order_id, "T1", i1_1=3)
        paired.app.local_stock.receive("demo", order_id, by=SELLER)
        orders = paired.sh.staff("ann").seller("demo").orders
        (why,) = orders.why_not(order_id, "restock")
        assert ("in_local_stock", {"item": "1.1", "asked": 1, "left": 0}) == (
            why.code,
            dict(why.facts),
        )

        paired.ship(order_id, "T2")
        assert () == orders.why_not(order_id, "restock")
        restock(paired, order_id, 1, item="2.1")
        (why,) = orders.why_not(order_id, "restock")
        assert "in_local_stock" == why.code


class TestAfterwards:
    def test_sold_again_and_lost_it_is_refunded_once(self, paired):
        """
        The first order bears the money of a unit that came back and was sold again.
        """
        first = sent(paired, CUP=2)
        restock(paired, first, 2)
        second = sent(paired, "2", CUP=2)
        before = paired.balance()
        assert 1000 == refunded(paired, second, 2)

        assert before + 1000 == paired.balance()
        assert 1000 == paired.app.orders.get("demo", first).refunded.minor
        assert (("units_not_kept",), 0) == why_not(paired, first, 1)
        assert (("units_not_kept",), 0) == why_not(paired, second, 1)

    @pytest.mark.parametrize("refunds", [False, True])
    def test_lost_in_the_warehouse(self, paired, refunds):
        """
        A count finds one of two units that came back; the third one, which is with the
        customer, can be disputed all the same.
        """
        order_id = sent(paired, CUP=3)
        restock(paired, order_id, 2)
        made = paired.app.cloud.count(
            "demo", "CN1", paired.variants["CUP"], 1, by=STAFF, refunds=refunds
        )
        assert (refunds, 500 * refunds) == (made.units_refunded, made.refunded_minor)
        item = paired.app.orders.get("demo", order_id).items["1.1"]
        assert (2, 0) == (item.quantity_returned, item.quantity_refunded)

        assert 500 == refunded(paired, order_id, 1)
        total = paired.app.orders.get("demo", order_id).refunded.minor
        assert 500 + 500 * refunds == total

    def test_twice_back_and_lost_it_is_refunded_once(self, paired):
        """
        Units that came back, were sold again and came back again are missing: the first
        order bears their money, and its units are back, not refunded as well.
        """
        first = sent(paired, CUP=2)
        restock(paired, first, 2)
        second = sent(paired, "2", CUP=2)
        restock(paired, second, 2)
        before = paired.balance()
        made = paired.app.cloud.count(
            "demo", "CN1", paired.variants["CUP"], 0, by=STAFF, refunds=True
        )

        assert (2, 1000) == (made.units_refunded, made.refunded_minor)
        assert before + 1000 == paired.balance()
        order = paired.app.orders.get("demo", first)
        item = order.items["1.1"]
        assert (1000, 2, 0) == (
            order.refunded.minor,
            item.quantity_returned,
            item.quantity_refunded,
        )

    def test_what_is_sent_again_is_the_platform_s(self, paired):
        """
        Of three cups one is sent again: two can be taken back, before the reship has
        left as well as after; were it cancelled, all three.
        """
        order_id = sent(paired, CUP=3)
        again = reshipped(paired, order_id, 1)
        assert (("units_sent_again",), 2) == why_not(paired, order_id, 3)
        other = sent(paired, "2", CUP=3)
        cancelled = reshipped(paired, other, 1)
        paired.app.disputes.request_cancel("demo", cancelled, by=SELLER)
        restock(paired, other, 3)

        paired.app.shipping.accept("demo", [again], by=STAFF)
        paired.ship(again, "R1")
        assert (("units_sent_again",), 2) == why_not(paired, order_id, 3)
        restock(paired, order_id, 2)
        assert (("units_sent_again",), 0) == why_not(paired, order_id, 1)

    def test_a_reship_is_named_by_its_origin(self, paired):
        """
        The seller paid for the first order's units.
        """
        order_id = sent(paired, CUP=2)
        again = reshipped(paired, order_id, 1)
        paired.app.shipping.accept("demo", [again], by=STAFF)
        paired.ship(again, "R1")

        assert (("is_reship",), None) == why_not(paired, again, 1)

    def test_a_window_does_not_open_by_it(self, paired):
        """
        Units of two parcels: what came back is taken off the oldest.
        """
        order_id = paired.accepted(CUP=2)
        paired.ship(order_id, "T1", i1_1=1)
        paired.ship(order_id, "T2", i1_1=1)
        restock(paired, order_id, 1)
        found = paired.app.disputes.why_not_open
        assert () == found("demo", claim(order_id, 1), by=SELLER)
        assert ("units_taken",) == tuple(
            blocker.code for blocker in found("demo", claim(order_id, 2), by=SELLER)
        )


class TestRefused:
    def test_who_and_what(self, paired):
        """
        Staff only; places and items have to be there, and quantities positive.
        """
        order_id = sent(paired, CUP=2)
        with nothing_moves(paired):
            with pytest.raises(CommandRefusedError):
                paired.app.cloud.restock("demo", order_id, "CN1", {"1.1": 1}, by=SELLER)
            with pytest.raises(NotFoundError):
                restock(paired, order_id, 1, place="XX9")
            for units in ({"9.9": 1}, {"1.1": 0}, {}):
                with pytest.raises(CommandRefusedError):
                    paired.app.cloud.restock("demo", order_id, "CN1", units, by=STAFF)

    def test_done_again_it_is_done_once(self, paired):
        """
        The same command id restocks nothing twice.
        """
        order_id = sent(paired, CUP=2)
        restock(paired, order_id, 1, command_id="c1")
        with nothing_moves(paired):
            assert "shipped" == restock(paired, order_id, 1, command_id="c1")
