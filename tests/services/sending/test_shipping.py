"""
The warehouse's work: accept, ship in parts, ship short, correct, follow the parcel.
"""

import csv
from datetime import timedelta
from functools import partial

import pytest

from sourcehere import (
    CommandRefusedError,
    NewConnection,
    NewParcel,
    Tab,
    TrackingCorrection,
    TrackingFact,
    TrackingStatus,
)
from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.ports.platforms import Fulfilment
from sourcehere.testing.factories import (
    CARRIER,
    HOME,
    NOON,
    SELLER,
    STAFF,
    Fault,
    nothing_moves,
    snapshot,
)


def parcel(order_id, number="T1", **options):
    """
    Write down a parcel.
    """
    return NewParcel(
        order_id=order_id, carrier="post", tracking_number=number, **options
    )


def told(bench):
    """
    Return what the shop knows: tracking number -> store units per line of the shop.

    None where it was told a number only.
    """
    return {
        f.tracking_number: {line.external_line_id: line.quantity for line in f.lines}
        if isinstance(f, Fulfilment)
        else None
        for f in bench.shop.fulfilments.values()
    }


def say(bench, parcel_id, status, key="k", at=NOON):
    """
    Let the carrier say something.
    """
    fact = TrackingFact(parcel_id=parcel_id, key=key, status=status, happened_at=at)
    return bench.app.tracking.record("demo", [fact], by=CARRIER)


def state(bench, order_id):
    """
    Return the state of an order.
    """
    return bench.app.orders.get("demo", order_id).state


class TestAccept:
    def test_an_accepted_order_is_to_be_picked(self, paired):
        """
        Accepting puts paid orders into the pick queue; what cannot be is reported.
        """
        order_id = paired.paid("1", CUP=1)
        (unpaid,) = paired.sync(snapshot("2", CUP=1))
        report = paired.app.shipping.accept("demo", [order_id, unpaid], by=STAFF)

        assert {order_id: "awaiting_shipping"} == report.done
        assert ("wrong_state",) == report.failed[unpaid].codes
        assert [order_id] == [o.order_id for o in paired.app.queues.orders_to_pick()]

    def test_nothing_ships_unaccepted(self, paired):
        """
        A paid order leaves only once the warehouse took it on.
        """
        order_id = paired.paid(CUP=1)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.ship(order_id)
        assert ("not_accepted",) == ei.value.codes


class TestShip:
    def test_a_part_then_the_rest(self, paired):
        """
        What is left decides the state: partly shipped, then shipped.
        """
        order_id = paired.accepted(CUP=3, HAT=1)
        paired.ship(order_id, "T1", i1_1=2)
        assert "partially_shipped" == state(paired, order_id)
        paired.ship(order_id, "T2")
        order = paired.app.orders.get("demo", order_id)

        assert "shipped" == order.state
        assert {"1.1": 3, "2.1": 1} == {
            n: i.quantity_shipped for n, i in order.items.items()
        }
        assert () == paired.app.queues.orders_to_pick()
        parcels = paired.app.tracking.parcels("demo", order_id)
        assert [{"1.1": 2}, {"1.1": 1, "2.1": 1}] == [
            {i.item_id: i.quantity for i in p.items} for p in parcels
        ]

    @pytest.mark.parametrize(
        ("quantities", "code"),
        [
            ({"1.1": 4}, "too_many_units"),
            ({"1.1": 0}, "quantity_not_positive"),
            ({"1.1": 1.5}, "quantity_not_positive"),
            ({"1.1": -1}, "quantity_not_positive"),
            ({"9.9": 1}, "unknown_item"),
            ({}, "nothing_chosen"),
        ],
    )
    def test_units_there_are_not_are_refused(self, paired, quantities, code):
        """
        A parcel holds positive units of items that are left, or does not leave.
        """
        order_id = paired.accepted(CUP=3)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.shipping.ship(
                "demo", parcel(order_id, quantities=quantities), by=STAFF
            )
        assert code in ei.value.codes

    @pytest.mark.parametrize("number", [" ", "T1 ", "\tT1", "T1\u00a0"])
    def test_a_parcel_needs_carrier_and_number(self, paired, number):
        """
        A parcel nobody can follow does not leave, nor one whose number carriers and
        shops would know without the blanks around it.
        """
        order_id = paired.accepted(CUP=1)

        with nothing_moves(paired), pytest.raises(InvalidInputError) as ei:
            paired.app.shipping.ship("demo", parcel(order_id, number), by=STAFF)
        assert ("tracking_number", number) == (ei.value.field, ei.value.value)

    def test_only_staff_ship(self, paired):
        """
        The seller sends nothing.
        """
        order_id = paired.accepted(CUP=1)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.shipping.ship("demo", parcel(order_id), by=SELLER)
        assert ("role_not_allowed",) == ei.value.codes

    def test_parcels_of_one_order_in_one_call_share_its_lots(self, paired):
        """
        Two parcels of one commit take every lot once, oldest first.
        """
        paired.stocked(CUP=10)
        paired.clock.advance(timedelta(days=1))
        paired.stocked(CUP=4)
        paired.accepted("0", CUP=7)
        order_id = paired.accepted("1", CUP=6)
        report = paired.app.shipping.ship_many(
            "demo",
            [
                parcel(order_id, "T1", quantities={"1.1": 3}),
                parcel(order_id, "T2", quantities={"1.1": 3}),
            ],
            by=STAFF,
        )

        assert {} == report.failed
        assert [7, 1] == [lot.on_hand for lot in paired.app.cloud.lots("demo")]
        assert [7, 0] == [lot.allocated for lot in paired.app.cloud.lots("demo")]

    def test_a_bad_parcel_among_many_is_reported(self, paired):
        """
        One parcel that cannot leave keeps no other.
        """
        first = paired.accepted("1", CUP=1)
        second = paired.paid("2", CUP=1)
        report = paired.app.shipping.ship_many(
            "demo", [parcel(first, "T1"), parcel(second, "T2")], by=STAFF
        )

        assert ["post/T1"] == list(report.done)
        assert ("not_accepted",) == report.failed["post/T2"].codes
        assert ["shipped", "awaiting_shipping"] == [
            state(paired, first),
            state(paired, second),
        ]

    def test_the_same_command_ships_once(self, paired):
        """
        A parcel reported again with its command id is the same parcel.
        """
        order_id = paired.accepted(CUP=2)
        new = parcel(order_id, quantities={"1.1": 1})
        first = paired.app.shipping.ship("demo", new, by=STAFF, command_id="s")
        with nothing_moves(paired):
            again = paired.app.shipping.ship("demo", new, by=STAFF, command_id="s")

        assert first == again


class TestWhatTheShopIsTold:
    def test_complete_store_units_only(self, paired):
        """
        A bundle is told when its last part has left, in the parcel that completes it.
        """
        paired.connect(paired.rule("SET", CUP=2, HAT=1))
        order_id = paired.accepted(SET=2, LAMP=1)
        paired.ship(order_id, "T1", i1_1=3, i2_1=1)
        paired.ship(order_id, "T2", i1_2=1)
        paired.ship(order_id, "T3")
        paired.app.relay.run()

        assert {"T1": {"L2": 1}, "T2": {"L1": 1}, "T3": {"L1": 1}} == told(paired)

    def test_a_parcel_that_completes_nothing_counts_nothing(self, paired):
        """
        Its number is told all the same, and nothing is fulfilled by it.
        """
        paired.connect(paired.rule("SET", CUP=2, HAT=1))
        order_id = paired.accepted(SET=1)
        paired.ship(order_id, "T1", i1_1=2)
        paired.app.shipping.short_ship_rest("demo", order_id, by=STAFF)
        paired.shop.faults.append(Fault.LOST_BEFORE)
        paired.app.relay.run()
        paired.clock.advance(timedelta(days=1))
        paired.app.relay.run()

        assert {"T1": None} == told(paired)
        assert 1 == len(set(paired.shop.keys_pushed))

    def test_numbers_and_fulfilments_go_to_a_file_in_one_pass(self, paired, tmp_path):
        """
        A shop that takes many at a time is told both kinds, each with its own row.
        """
        path = tmp_path / "told.csv"
        config = {
            "path": str(tmp_path / "orders.csv"),
            "fulfilments_path": str(path),
            "currency": "USD",
        }
        (tmp_path / "orders.csv").write_text(
            "order_number,sku,title,quantity,unit_price,placed_at,customer,country\n"
            "1,SET,Set,1,9.99,2026-03-01 10:00,7,US\n"
            "2,CUP,Cup,1,9.99,2026-03-01 10:00,7,US\n"
        )
        app = paired.app
        app.stores.connect("demo", "file", platform="file", name="F", config=config)
        for rule in (paired.rule("SET", CUP=2, HAT=1), paired.rule("CUP")):
            new = NewConnection(store_id="file", listing=rule.sku, rules=(rule,))
            app.pairing.connect("demo", new, by=SELLER)
        app.stores.sync("demo", "file")
        found = app.orders.find_external("demo", "file", ["1", "2"])
        orders = [found[name][0] for name in ("1", "2")]
        for order_id in orders:
            app.orders.correct_address("demo", order_id, HOME, by=SELLER)
        paired.pay(*orders)
        app.shipping.accept("demo", orders, by=STAFF)
        paired.ship(orders[0], "T1", i1_1=2)
        paired.ship(orders[1], "T2")
        assert 4 == app.relay.run().delivered  # and two connections tried

        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = {r["tracking_number"]: r["lines"] for r in csv.DictReader(file)}
        assert {"T1": "[]", "T2": '[["cup",1]]'} == rows

    def test_other_orders_tell_no_shop(self, paired):
        """
        A manual order's parcels are nobody's to push.
        """
        order_id = manual(paired)
        paired.ship(order_id)

        paired.app.relay.run()
        assert [] == paired.shop.keys_pushed


def manual(bench, **units):
    """
    Return a manual order that the warehouse has taken on.
    """
    order_id = bench.app.drafts.create_manual(
        "demo", bench.wanted(**(units or {"CUP": 1})), HOME, by=SELLER
    )
    bench.app.drafts.place("demo", order_id, by=SELLER)
    bench.pay(order_id)
    bench.app.shipping.accept("demo", [order_id], by=STAFF)
    return order_id


class TestShortShip:
    def test_what_cannot_be_sent_is_refunded(self, paired):
        """
        Giving up on the rest refunds its goods, and the order counts as shipped.
        """
        order_id = paired.accepted(CUP=3, HAT=2)
        paired.ship(order_id, i1_1=2)
        before = paired.balance()
        ended = paired.app.shipping.short_ship_rest("demo", order_id, by=STAFF)
        order = paired.app.orders.get("demo", order_id)

        assert "shipped" == ended
        assert before + 500 + 2 * 325 == paired.balance()
        assert {"1.1": (1, 1), "2.1": (2, 2)} == {
            n: (i.quantity_cancelled, i.quantity_refunded)
            for n, i in order.items.items()
        }
        assert (1150, 0) == (order.refunded.minor, order.freight_refunded.minor)

    def test_lot_units_go_back_to_stock(self, paired):
        """
        Units from the seller's stock are released; only their handling is paid back.
        """
        paired.stocked(CUP=3)
        order_id = paired.accepted(CUP=3, HAT=1)
        paired.ship(order_id, i1_1=1, i2_1=1)
        before = paired.balance()
        paired.app.shipping.short_ship_rest("demo", order_id, by=STAFF)
        (view,) = paired.app.cloud.stock("demo")

        assert before + 2 * 20 == paired.balance()
        assert (2, 0, 2) == (view.on_hand, view.allocated, view.available)

    def test_it_is_fulfilled_at_once_when_the_rest_has_arrived(self, paired):
        """
        An order whose parcels were all delivered is fulfilled by giving up the rest.
        """
        order_id = paired.accepted(CUP=2)
        parcel_id = paired.ship(order_id, i1_1=1)
        say(paired, parcel_id, TrackingStatus.DELIVERED)
        assert "partially_shipped" == state(paired, order_id)

        assert "fulfilled" == paired.app.shipping.short_ship_rest(
            "demo", order_id, by=STAFF
        )

    def test_nothing_sent_is_not_short(self, paired):
        """
        An order of which nothing has left cannot be shipped short.
        """
        order_id = paired.accepted(CUP=2)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.shipping.short_ship_rest("demo", order_id, by=STAFF)
        assert ("wrong_state",) == ei.value.codes


def corrections(orders, parcels):
    """
    Return what gives parcels the numbers RIGHT0, RIGHT1 and so on.
    """
    return [
        TrackingCorrection(
            order_id=order_id,
            parcel_id=parcel_id,
            carrier="post",
            tracking_number=f"RIGHT{number}",
        )
        for number, (order_id, parcel_id) in enumerate(
            zip(orders, parcels, strict=True)
        )
    ]


class TestCorrections:
    def test_a_waiting_push_is_superseded(self, paired):
        """
        A number corrected before the shop was told is told once, as it is now.
        """
        order_id = paired.accepted(CUP=1)
        parcel_id = paired.ship(order_id, "WRONG")
        correct(paired, order_id, parcel_id, "RIGHT")
        paired.app.relay.run()

        assert {"RIGHT": {"L1": 1}} == told(paired)
        assert [f"{parcel_id}:{order_id}:1"] == paired.shop.keys_pushed

    def test_many_are_corrected(self, paired):
        """
        Each shop is told once; a replaced parcel is refused, and keeps no other.
        """
        orders = [paired.accepted(str(number), CUP=1) for number in range(3)]
        parcels = [paired.ship(name, f"WRONG{name}") for name in orders]
        paired.app.shipping.void_parcel(
            "demo",
            orders[2],
            parcels[2],
            carrier="post",
            tracking_number="NEW",
            by=STAFF,
        )
        report = paired.app.shipping.correct_tracking_many(
            "demo", corrections(orders, parcels), by=STAFF
        )
        paired.app.relay.run()

        assert dict(zip(parcels[:2], orders[:2], strict=True)) == report.done
        assert ("unknown_parcel",) == report.failed[parcels[2]].codes
        assert {"RIGHT0", "RIGHT1", "NEW"} == set(told(paired))

    def test_one_named_twice_is_refused(self, paired):
        """
        Whichever number were right; nothing is corrected.
        """
        order_id = paired.accepted(CUP=1)
        parcel_id = paired.ship(order_id, "WRONG")
        twice = corrections([order_id, order_id], [parcel_id, parcel_id])
        for act in (
            partial(paired.app.shipping.correct_tracking_many, "demo", by=STAFF),
            paired.sh.staff("ann").parcels.correct_tracking_many,
        ):
            with (
                nothing_moves(paired),
                pytest.raises(InvalidInputError, match="each parcel once"),
            ):
                act(twice)

    def test_a_push_that_was_made_is_made_again(self, paired):
        """
        A number corrected afterwards is pushed anew, under a key of its own.
        """
        order_id = paired.accepted(CUP=1)
        parcel_id = paired.ship(order_id, "WRONG")
        paired.app.relay.run()
        correct(paired, order_id, parcel_id, "RIGHT")
        paired.app.relay.run()

        assert [f"{parcel_id}:{order_id}:{n}" for n in (0, 1)] == (
            paired.shop.keys_pushed
        )

    def test_a_dead_push_is_superseded(self, paired):
        """
        A push the shop declined does not block the corrected one.
        """
        order_id = paired.accepted(CUP=1)
        parcel_id = paired.ship(order_id, "WRONG")
        paired.shop.faults.append(Fault.DECLINED)
        assert 1 == paired.app.relay.run().dead
        correct(paired, order_id, parcel_id, "RIGHT")

        paired.app.relay.run()
        assert () == paired.app.relay.dead()
        assert {"RIGHT": {"L1": 1}} == told(paired)

    def test_a_voided_parcel_is_replaced(self, paired):
        """
        A parcel sent anew keeps its units shipped, and the shop is told of the new one.
        """
        order_id = paired.accepted(CUP=2)
        parcel_id = paired.ship(order_id, "T1")
        newer = paired.app.shipping.void_parcel(
            "demo",
            order_id,
            parcel_id,
            carrier="post",
            tracking_number="T2",
            by=STAFF,
        )
        paired.app.relay.run()
        old, new = paired.app.tracking.parcels("demo", order_id)

        assert {"T2": {"L1": 2}} == told(paired)
        assert (newer, "", newer) == (old.replaced_by, new.replaced_by, new.parcel_id)
        assert (
            2 == paired.app.orders.get("demo", order_id).items["1.1"].quantity_shipped
        )
        say(paired, parcel_id, TrackingStatus.DELIVERED)
        assert "shipped" == state(paired, order_id)
        say(paired, newer, TrackingStatus.DELIVERED)
        assert "fulfilled" == state(paired, order_id)

    @pytest.mark.parametrize("command", ["correct_tracking", "void_parcel"])
    @pytest.mark.parametrize(
        ("carrier", "number", "field"),
        [
            ("post", " ", "tracking_number"),
            ("", "T2", "carrier"),
            ("post", "T2 ", "tracking_number"),
            (" post", "T2", "carrier"),
        ],
    )
    def test_an_empty_number_is_no_correction(
        self, paired, command, carrier, number, field
    ):
        """
        The shop is never told a parcel without carrier or number.
        """
        order_id = paired.accepted(CUP=1)
        parcel_id = paired.ship(order_id)
        change = getattr(paired.app.shipping, command)

        with nothing_moves(paired), pytest.raises(InvalidInputError) as ei:
            change(
                "demo",
                order_id,
                parcel_id,
                carrier=carrier,
                tracking_number=number,
                by=STAFF,
            )
        assert field == ei.value.field

    def test_a_parcel_there_is_not_is_refused(self, paired):
        """
        Only a live parcel of the order can be corrected or voided.
        """
        order_id = paired.accepted(CUP=2)
        parcel_id = paired.ship(order_id, "T1", i1_1=1)
        paired.app.shipping.void_parcel(
            "demo",
            order_id,
            parcel_id,
            carrier="post",
            tracking_number="T2",
            by=STAFF,
        )

        for name in (parcel_id, "no-such-parcel"):
            with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
                correct(paired, order_id, name, "T3")
            assert ("unknown_parcel",) == ei.value.codes


def correct(bench, order_id, parcel_id, number):
    """
    Return a parcel its right number.
    """
    bench.app.shipping.correct_tracking(
        "demo",
        order_id,
        parcel_id,
        carrier="post",
        tracking_number=number,
        by=STAFF,
    )


class TestTracking:
    def test_the_last_delivery_fulfils(self, paired):
        """
        An order is fulfilled when everything left and every parcel arrived.
        """
        order_id = paired.accepted(CUP=2)
        first = paired.ship(order_id, "T1", i1_1=1)
        second = paired.ship(order_id, "T2")
        say(paired, second, TrackingStatus.DELIVERED)
        assert "shipped" == state(paired, order_id)
        say(paired, first, TrackingStatus.DELIVERED)

        assert "fulfilled" == state(paired, order_id)
        assert 1 == paired.app.orders.counts("demo")[Tab.FULFILLED]

    def test_a_fact_repeated_changes_nothing(self, paired):
        """
        The carrier's own key counts once.
        """
        parcel_id = paired.ship(paired.accepted(CUP=1))
        first = say(paired, parcel_id, TrackingStatus.IN_TRANSIT)
        with nothing_moves(paired):
            again = say(paired, parcel_id, TrackingStatus.IN_TRANSIT)

        assert ({parcel_id: 1}, {parcel_id: 0}) == (first.done, again.done)

    def test_facts_merge_forward_only(self, paired):
        """
        What is said late is listed where it happened, and takes nothing back.
        """
        order_id = paired.accepted(CUP=1)
        parcel_id = paired.ship(order_id)
        arrived = NOON + timedelta(days=6)
        paired.clock.at = arrived
        say(paired, parcel_id, TrackingStatus.DELIVERED, "b", arrived)
        say(paired, parcel_id, TrackingStatus.IN_TRANSIT, "a", NOON + timedelta(days=2))
        (box,) = paired.app.tracking.parcels("demo", order_id)

        assert ("delivered", arrived) == (box.status, box.delivered_at)
        assert "fulfilled" == state(paired, order_id)
        events = paired.app.tracking.events("demo", parcel_id)
        assert ["in_transit", "delivered"] == [e.status for e in events]

    def test_a_lost_parcel_may_arrive_after_all(self, paired):
        """
        Delivered is the furthest a parcel can be, whatever was said before.
        """
        order_id = paired.accepted(CUP=1)
        parcel_id = paired.ship(order_id)
        say(paired, parcel_id, TrackingStatus.LOST, "a")
        assert "shipped" == state(paired, order_id)
        say(paired, parcel_id, TrackingStatus.DELIVERED, "b")

        assert "fulfilled" == state(paired, order_id)

    def test_a_time_without_zone_is_refused(self, paired):
        """
        Nobody knows when something happened by an unknown clock.
        """
        parcel_id = paired.ship(paired.accepted(CUP=1))
        naive = NOON.replace(tzinfo=None)

        with nothing_moves(paired), pytest.raises(InvalidInputError) as ei:
            say(paired, parcel_id, TrackingStatus.DELIVERED, at=naive)
        assert ("happened_at", naive.isoformat()) == (ei.value.field, ei.value.value)

    def test_an_unknown_parcel_is_reported(self, paired):
        """
        Facts about a parcel nobody sent fail for themselves.
        """
        parcel_id = paired.ship(paired.accepted(CUP=1))
        facts = [
            TrackingFact(
                parcel_id=name,
                key="k",
                status=TrackingStatus.IN_TRANSIT,
                happened_at=NOON,
            )
            for name in ("nobody", parcel_id)
        ]
        report = paired.app.tracking.record("demo", facts, by=CARRIER)

        assert {parcel_id: 1} == report.done
        assert ("parcel", "nobody") == (
            report.failed["nobody"].kind,
            report.failed["nobody"].id,
        )

    def test_a_number_finds_its_parcel(self, paired):
        """
        A carrier's number leads to parcels across sellers.
        """
        parcel_id = paired.ship(paired.accepted(CUP=1), "T9")

        assert [parcel_id] == [p.parcel_id for p in paired.app.tracking.find("T9")]


class TestDeliveryTimer:
    def test_silence_counts_as_delivery(self, paired):
        """
        So many days after the last parcel left, the order is fulfilled by itself.
        """
        order_id = paired.accepted(CUP=2)
        paired.ship(order_id, "T1", i1_1=1)
        paired.clock.advance(timedelta(days=10))
        paired.ship(order_id, "T2")
        paired.clock.advance(timedelta(days=45, microseconds=-1))
        paired.app.clocks.fire()
        assert ("shipped", ()) == (state(paired, order_id), paired.app.clocks.due())
        paired.clock.advance(timedelta(microseconds=1))

        assert 1 == paired.app.clocks.fire().fired
        assert "fulfilled" == state(paired, order_id)
