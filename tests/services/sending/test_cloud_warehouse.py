"""
Cloud-warehouse orders: bought in bulk, dispatched, counted in parts, then stock.
"""

from datetime import timedelta

import pytest

from sourcehere import (
    CommandRefusedError,
    Count,
    DisputeReason,
    Tab,
    Wanted,
)
from sourcehere.domain.kernel.errors import InvalidInputError, NotFoundError
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.testing.factories import (
    HOME,
    SELLER,
    STAFF,
    nothing_moves,
    snapshot,
)


def draft(bench, **units):
    """
    Write a cloud-warehouse order down.
    """
    return bench.app.drafts.create_cloud(
        "demo", "CN1", bench.wanted(**units), by=SELLER
    )


def receive(bench, order_id, **options):
    """
    Let the warehouse count items as `i1_1=Count(...)`.
    """
    counts = {name[1:].replace("_", "."): count for name, count in options.items()}
    return bench.app.cloud.receive("demo", order_id, counts, by=STAFF)


def sent(bench, **units):
    """
    Return a cloud-warehouse order on its way.
    """
    order_id = bench.bought(**units)
    bench.app.cloud.dispatch("demo", order_id, by=STAFF)
    return order_id


def stock(bench):
    """
    Return the stock view: SKU -> (incoming, on hand, allocated, available, damaged).
    """
    skus = {variant_id: sku for sku, variant_id in bench.variants.items()}
    return {
        skus[v.variant_id]: (
            v.incoming,
            v.on_hand,
            v.allocated,
            v.available,
            v.damaged,
        )
        for v in bench.app.cloud.stock("demo")
    }


class TestPlacing:
    def test_the_concession_is_taken_off_the_tier(self, bench):
        """
        Ten cups cost ten percent less than the price of ten, and no freight.
        """
        order_id = draft(bench, CUP=10, LAMP=5)
        assert "draft" == bench.app.orders.get("demo", order_id).state
        assert "awaiting_payment" == bench.app.drafts.place("demo", order_id, by=SELLER)
        (plan,) = bench.app.checkouts.checkout("demo", [order_id], by=SELLER).plans

        assert [405, 1799] == [item.unit_minor for item in plan.items]
        assert (13_045, 0, 0) == (
            plan.goods_minor,
            plan.freight_minor,
            plan.handling_minor,
        )

    def test_the_concession_is_rounded_half_up(self, bench):
        """
        Five percent off 3.25 is 3.0875, so 3.09.
        """
        order_id = draft(bench, HAT=1)
        bench.app.drafts.place("demo", order_id, by=SELLER)
        (plan,) = bench.app.checkouts.checkout("demo", [order_id], by=SELLER).plans

        assert 309 == plan.goods_minor

    def test_fewer_than_the_minimum_are_refused(self, bench):
        """
        A variant's minimum holds for the whole order, however it is split into lines.
        """
        order_id = draft(bench, CUP=2, HAT=1)

        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.drafts.place("demo", order_id, by=SELLER)
        (blocker,) = ei.value.blockers
        assert ("below_minimum", {"sku": "CUP", "ordered": 2, "minimum": 3}) == (
            blocker.code,
            blocker.facts,
        )
        cup = bench.variants["CUP"]
        split = bench.app.drafts.create_cloud(
            "demo", "CN1", [Wanted(cup, 2), Wanted(cup, 1)], by=SELLER
        )
        assert "awaiting_payment" == bench.app.drafts.place("demo", split, by=SELLER)

    def test_a_warehouse_or_quantity_there_is_not_is_refused(self, bench):
        """
        Stock is ordered for a warehouse, in positive quantities.
        """
        with nothing_moves(bench), pytest.raises(NotFoundError) as ei:
            bench.app.drafts.create_cloud("demo", "XX", bench.wanted(CUP=3), by=SELLER)
        assert ("warehouse", "XX") == (ei.value.kind, ei.value.id)
        for wanted in ([], bench.wanted(CUP=0), bench.wanted(CUP=-1)):
            with nothing_moves(bench), pytest.raises(InvalidInputError):
                bench.app.drafts.create_cloud("demo", "CN1", wanted, by=SELLER)

    def test_a_draft_can_be_cancelled(self, bench):
        """
        A draft the seller does not want ends without a trace of money.
        """
        order_id = draft(bench, CUP=3)
        report = bench.app.orders.cancel("demo", [order_id], by=SELLER)

        assert {order_id: "cancelled"} == report.done


class TestReceiving:
    def test_dispatched_goods_are_incoming(self, bench):
        """
        What is on its way is shown, and expected by the warehouse.
        """
        order_id = sent(bench, CUP=5)

        assert {"CUP": (5, 0, 0, 0, 0)} == stock(bench)
        assert [order_id] == [o.order_id for o in bench.app.queues.receipts_to_expect()]
        assert 1 == bench.app.orders.counts("demo")[Tab.SHIPPED]

    def test_receipts_come_in_parts(self, bench):
        """
        Each receipt makes a lot of its good units; the last one fulfils the order.
        """
        order_id = sent(bench, CUP=5, HAT=2)
        assert "receiving" == receive(bench, order_id, i1_1=Count(2, damaged=1))
        assert {"CUP": (2, 2, 0, 2, 1), "HAT": (2, 0, 0, 0, 0)} == stock(bench)
        assert "fulfilled" == receive(
            bench, order_id, i1_1=Count(1, missing=1), i2_1=Count(2)
        )

        assert {"CUP": (0, 3, 0, 3, 1), "HAT": (0, 2, 0, 2, 0)} == stock(bench)
        assert [(2, 450), (1, 450), (2, 309)] == [
            (lot.quantity_received, lot.unit_minor)
            for lot in bench.app.cloud.lots("demo")
        ]
        assert () == bench.app.queues.receipts_to_expect()

    def test_more_than_was_sent_is_held_and_no_lot(self, bench):
        """
        Units nobody bought open a hold for staff and never become stock.
        """
        order_id = sent(bench, CUP=5, HAT=1)
        assert "receiving" == receive(bench, order_id, i1_1=Count(7, damaged=1))
        order = bench.app.orders.get("demo", order_id)

        assert {"CUP": (0, 5, 0, 5, 0), "HAT": (1, 0, 0, 0, 0)} == stock(bench)
        (hold,) = order.holds
        assert ("over_receipt", "item 1.1: 3 more") == (hold.reason, hold.detail)
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.cloud.write_off_rest("demo", order_id, by=STAFF)
        assert ("on_hold",) == ei.value.codes
        bench.app.orders.release_hold("demo", order_id, hold.hold_id, by=STAFF)
        assert "fulfilled" == bench.app.cloud.write_off_rest("demo", order_id, by=STAFF)

    @pytest.mark.parametrize(
        ("name", "count"), [("1.1", Count()), ("1.1", Count(-1)), ("2.1", Count(1))]
    )
    def test_a_count_of_nothing_is_refused(self, bench, name, count):
        """
        A receipt counts units of items of the order.
        """
        order_id = sent(bench, CUP=5)

        with nothing_moves(bench), pytest.raises(InvalidInputError):
            bench.app.cloud.receive("demo", order_id, {name: count}, by=STAFF)

    def test_nothing_is_received_before_it_is_sent(self, bench):
        """
        A receipt for goods that are not on their way is refused.
        """
        order_id = bench.bought(CUP=5)

        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            receive(bench, order_id, i1_1=Count(1))
        assert ("wrong_state",) == ei.value.codes

    def test_the_same_receipt_counts_once(self, bench):
        """
        A receipt told again with its command id changes nothing.
        """
        order_id = sent(bench, CUP=5)
        count = {"1.1": Count(2)}
        bench.app.cloud.receive("demo", order_id, count, by=STAFF, command_id="r")

        with nothing_moves(bench):
            bench.app.cloud.receive("demo", order_id, count, by=STAFF, command_id="r")


class TestWriteOff:
    def test_what_never_came_is_refunded(self, bench):
        """
        Writing off the rest refunds its price and leaves nothing incoming.
        """
        order_id = sent(bench, CUP=5)
        receive(bench, order_id, i1_1=Count(2, damaged=1))
        before = bench.balance()
        assert "fulfilled" == bench.app.cloud.write_off_rest("demo", order_id, by=STAFF)
        order = bench.app.orders.get("demo", order_id)

        assert before + 2 * 450 == bench.balance()
        assert {"CUP": (0, 2, 0, 2, 1)} == stock(bench)
        assert (2, 900) == (
            order.items["1.1"].quantity_written_off,
            order.refunded.minor,
        )

    def test_nothing_outstanding_is_refused(self, bench):
        """
        An order that arrived in full has nothing to write off.
        """
        order_id = bench.stocked(CUP=5)

        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.cloud.write_off_rest("demo", order_id, by=STAFF)
        assert ("wrong_state",) == ei.value.codes


def lost(bench, order_id, **units):
    """
    Dispute units that never came, and grant it; gives what came back.
    """
    new = NewDispute(
        order_id=order_id,
        reason=DisputeReason.NOT_RECEIVED,
        quantities={n[1:].replace("_", "."): q for n, q in units.items()},
        evidence={"description": "the lorry burnt"},
    )
    dispute_id = bench.app.disputes.open("demo", new, by=SELLER)
    bench.app.disputes.move("demo", dispute_id, "take", by=STAFF)
    return bench.app.disputes.grant("demo", dispute_id, by=STAFF).refunded_minor


class TestLost:
    """
    Five cups bought for 450 each are on their way.
    """

    def test_a_consignment_that_is_lost_altogether_is_given_up(self, bench):
        """
        Everything is disputed, refunded and given up; nothing is incoming any more.
        """
        order_id = sent(bench, CUP=5)
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.orders.give_up("demo", order_id, by=STAFF)
        assert ("not_refunded",) == ei.value.codes
        before = bench.balance()

        assert 2250 == lost(bench, order_id, i1_1=5)
        assert before + 2250 == bench.balance()
        assert {"CUP": (0, 0, 0, 0, 0)} == stock(bench)
        assert "shipped" == bench.app.orders.get("demo", order_id).state
        assert "cancelled" == bench.app.orders.give_up("demo", order_id, by=STAFF)
        assert "lost" == bench.app.orders.get("demo", order_id).cancel_reason

    def test_what_was_lost_is_not_waited_for(self, bench):
        """
        Two are lost; the three that come are the rest, and end the order.
        """
        order_id = sent(bench, CUP=5)
        assert 900 == lost(bench, order_id, i1_1=2)
        assert {"CUP": (3, 0, 0, 0, 0)} == stock(bench)
        receive(bench, order_id, i1_1=Count(3))

        assert "fulfilled" == bench.app.orders.get("demo", order_id).state
        assert {"CUP": (0, 3, 0, 3, 0)} == stock(bench)

    def test_the_last_units_lost_end_an_order_of_which_some_came(self, bench):
        """
        Three came; refunding the two that did not leaves nothing to wait for.
        """
        order_id = sent(bench, CUP=5)
        receive(bench, order_id, i1_1=Count(3))
        assert 900 == lost(bench, order_id, i1_1=2)

        order = bench.app.orders.get("demo", order_id)
        assert ("fulfilled", 2) == (
            order.state,
            order.items["1.1"].quantity_written_off,
        )
        assert {"CUP": (0, 3, 0, 3, 0)} == stock(bench)

    def test_what_arrives_after_all_leaves_the_stock_with_the_refund(self, bench):
        """
        All five are disputed, four arrive, all are granted: the seller keeps none.
        """
        order_id = sent(bench, CUP=5)
        new = NewDispute(
            order_id=order_id,
            reason=DisputeReason.NOT_RECEIVED,
            quantities={"1.1": 5},
            evidence={"description": "nothing yet"},
        )
        dispute_id = bench.app.disputes.open("demo", new, by=SELLER)
        receive(bench, order_id, i1_1=Count(4))
        bench.app.disputes.move("demo", dispute_id, "take", by=STAFF)

        assert (
            2250
            == bench.app.disputes.grant("demo", dispute_id, by=STAFF).refunded_minor
        )
        assert {"CUP": (0, 0, 0, 0, 0)} == stock(bench)
        assert "fulfilled" == bench.app.orders.get("demo", order_id).state

    def test_what_turns_up_after_all_is_a_person_s_to_decide(self, bench):
        """
        Units counted missing that come later are a fact: recorded, held, never a lot.
        """
        order_id = sent(bench, CUP=5)
        receive(bench, order_id, i1_1=Count(3, missing=2))
        assert "fulfilled" == receive(bench, order_id, i1_1=Count(2))

        order = bench.app.orders.get("demo", order_id)
        assert [("over_receipt", "item 1.1: 2 more")] == [
            (hold.reason, hold.detail) for hold in order.holds
        ]
        assert {"CUP": (0, 3, 0, 3, 0)} == stock(bench)
        name = order.holds[0].hold_id
        bench.app.orders.release_hold("demo", order_id, name, by=STAFF)

    def test_what_was_refunded_as_lost_and_turns_up_is_not_given_up(self, bench):
        """
        A consignment that comes after its refund stops giving up until staff decided.
        """
        order_id = sent(bench, CUP=5)
        lost(bench, order_id, i1_1=5)
        receive(bench, order_id, i1_1=Count(5))
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.orders.give_up("demo", order_id, by=STAFF)
        assert ("on_hold",) == ei.value.codes
        assert {"CUP": (0, 0, 0, 0, 0)} == stock(bench)

    def test_what_was_never_sent_does_not_arrive(self, bench):
        """
        An order cancelled before anything left expects nothing.
        """
        order_id = draft(bench, CUP=5)
        bench.app.orders.cancel("demo", [order_id], by=SELLER)
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            receive(bench, order_id, i1_1=Count(1))
        assert ("never_sent",) == ei.value.codes

    def test_a_cancellation_overtaken_by_the_lorry_is_granted(self, bench):
        """
        What was to be cancelled and was dispatched all the same is written off.
        """
        order_id = bench.bought(CUP=5)
        new = NewDispute(
            order_id=order_id, reason=DisputeReason.CANCEL, quantities={"1.1": 5}
        )
        dispute_id = bench.app.disputes.open("demo", new, by=SELLER)
        (hold,) = bench.app.orders.get("demo", order_id).holds
        bench.app.orders.release_hold("demo", order_id, hold.hold_id, by=STAFF)
        bench.app.cloud.dispatch("demo", order_id, by=STAFF)
        bench.app.disputes.move("demo", dispute_id, "take", by=STAFF)

        assert (
            2250
            == bench.app.disputes.grant("demo", dispute_id, by=STAFF).refunded_minor
        )
        assert {"CUP": (0, 0, 0, 0, 0)} == stock(bench)

    @pytest.mark.parametrize("arrived", [0, 2])
    def test_what_is_disputed_is_not_written_off_too(self, bench, arrived):
        """
        Units that may be refunded by a dispute are not refunded beside it.
        """
        order_id = sent(bench, CUP=5)
        if arrived:
            receive(bench, order_id, i1_1=Count(arrived))
        new = NewDispute(
            order_id=order_id,
            reason=DisputeReason.NOT_RECEIVED,
            quantities={"1.1": 3},
            evidence={"description": "nothing yet"},
        )
        bench.app.disputes.open("demo", new, by=SELLER)

        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.cloud.write_off_rest("demo", order_id, by=STAFF)
        assert ("units_disputed",) == ei.value.codes

    def test_what_is_on_its_way_is_not_damaged_yet(self, bench):
        """
        Before a receipt only the loss can be disputed.
        """
        order_id = sent(bench, CUP=5)
        new = NewDispute(
            order_id=order_id,
            reason=DisputeReason.SHORT,
            quantities={"1.1": 1},
            evidence={"description": "too few"},
        )
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.disputes.open("demo", new, by=SELLER)
        assert ("units_allocated",) == ei.value.codes


class TestServing:
    def test_the_oldest_lot_goes_first(self, bench):
        """
        Orders draw on lots in the order they arrived.
        """
        bench.connect(bench.rule("CUP"))
        bench.stocked(CUP=3)
        bench.clock.advance(timedelta(days=1))
        bench.stocked(CUP=10)
        order_id = bench.accepted(CUP=5)

        assert [3, 2] == [lot.allocated for lot in bench.app.cloud.lots("demo")]
        bench.ship(order_id, i1_1=4)
        assert [(0, 0), (9, 1)] == [
            (lot.on_hand, lot.allocated) for lot in bench.app.cloud.lots("demo")
        ]

    def test_cancelling_releases_the_lots(self, bench):
        """
        Units of an order that is cancelled before shipping are available again.
        """
        bench.connect(bench.rule("CUP"))
        bench.stocked(CUP=3)
        order_id = bench.paid(CUP=3)
        assert {"CUP": (0, 3, 3, 0, 0)} == stock(bench)
        bench.app.disputes.request_cancel("demo", order_id, by=SELLER)

        assert {"CUP": (0, 3, 0, 3, 0)} == stock(bench)

    def test_a_manual_order_draws_only_when_asked(self, bench):
        """
        A manual order leaves cloud stock alone unless the seller says otherwise.
        """
        bench.stocked(CUP=3)
        for draws, expected in ((False, 0), (True, 2)):
            order_id = bench.app.drafts.create_manual(
                "demo", bench.wanted(CUP=2), HOME, by=SELLER, draws_on_stock=draws
            )
            bench.app.drafts.place("demo", order_id, by=SELLER)
            bench.pay(order_id)
            item = bench.app.orders.get("demo", order_id).items["1.1"]
            assert expected == item.quantity_from_lots

    def test_a_warehouse_that_does_not_deliver_there_serves_nobody(self, bench):
        """
        Lots in a warehouse that does not send to the country are left where they are.
        """
        bench.connect(bench.rule("CUP"))
        bench.stocked(CUP=3)
        bench.app.cloud.add_warehouse(
            "CN1", name="Yiwu", country="CN", by=STAFF, serves=["GB"]
        )
        (order_id,) = bench.sync(snapshot(CUP=1))
        (plan,) = bench.app.checkouts.checkout("demo", [order_id], by=SELLER).plans

        assert (0, 500) == (plan.items[0].quantity_from_lots, plan.goods_minor)

    def test_the_warehouse_of_priority_serves_first(self, bench):
        """
        Where two warehouses have it, the one asked first serves.
        """
        bench.connect(bench.rule("CUP"))
        bench.stocked(CUP=3)
        bench.app.cloud.add_warehouse(
            "US1", name="Reno", country="US", by=STAFF, priority=0
        )
        other = bench.app.drafts.create_cloud(
            "demo", "US1", bench.wanted(CUP=3), by=SELLER
        )
        bench.app.drafts.place("demo", other, by=SELLER)
        bench.pay(other)
        bench.app.cloud.dispatch("demo", other, by=STAFF)
        receive(bench, other, i1_1=Count(3))
        bench.paid(CUP=1)

        assert {"CN1": 0, "US1": 1} == {
            v.warehouse_id: v.allocated for v in bench.app.cloud.stock("demo")
        }


class TestConsigned:
    def told(self, bench, order_id):
        """
        Return what the timeline says of what left.
        """
        entries = bench.app.orders.timeline("demo", order_id, by=SELLER)
        return [one.words for one in entries if one.kind == "order.consignment_sent"]

    def consign(self, bench, order_id, number, carrier="dhl", by=STAFF):
        return bench.app.cloud.consign("demo", order_id, carrier, number, by=by)

    def test_by_several_carriers(self, bench):
        """
        Each is told to the seller once, whatever was counted by then.
        """
        order_id = sent(bench, CUP=5)
        assert "shipped" == self.consign(bench, order_id, "JD1")
        with nothing_moves(bench):
            self.consign(bench, order_id, "JD1")
        receive(bench, order_id, i1_1=Count(3))
        assert "receiving" == self.consign(bench, order_id, "JD1", carrier="ups")
        receive(bench, order_id, i1_1=Count(2))
        assert "fulfilled" == self.consign(bench, order_id, "JD2")

        assert [
            "goods left for the warehouse by dhl, JD1",
            "goods left for the warehouse by ups, JD1",
            "goods left for the warehouse by dhl, JD2",
        ] == self.told(bench, order_id)
        assert bench.app.audit.run(replay=True).is_clean

    def test_what_is_refused(self, bench):
        """
        What never left, a shop's order, a number that was rounded, a seller.
        """
        (order,) = bench.sync(snapshot(CUP=1))
        waits, left = bench.bought(CUP=5), sent(bench, CUP=5)
        for name, number, by, refusal in (
            (waits, "JD1", STAFF, CommandRefusedError),
            (order, "JD1", STAFF, CommandRefusedError),
            (left, "JD1", SELLER, CommandRefusedError),
            (left, "9.40011E+21", STAFF, InvalidInputError),
            (left, " ", STAFF, InvalidInputError),
        ):
            with nothing_moves(bench), pytest.raises(refusal):
                self.consign(bench, name, number, by=by)
