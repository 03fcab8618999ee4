"""
From a shop's snapshots to our orders: new ones, edits, cancellations, addresses.
"""

from datetime import timedelta

import attrs
import pytest

from sourcehere import CommandRefusedError, NotFoundError, Tab
from sourcehere.domain.kernel.address import Address
from sourcehere.domain.kernel.errors import Blocker
from sourcehere.domain.orders.holds import HOLDS, HoldReason
from sourcehere.testing.factories import (
    HOME,
    NOON,
    SELLER,
    STAFF,
    dump,
    nothing_moves,
    shop_line,
    snapshot,
)
from sourcehere.unit.tables.stores import STORE_ORDERS

AWAY = Address(
    "GB", name="Ann Lee", street="2 High St", city="Deal", postal_code="CT14"
)
FARTHER = Address("AU", name="Ann Lee", street="3 Bay Rd", city="Perth")


def lines_of(order):
    """
    Return what an order was asked for: SKU and store units per line.
    """
    return [(line.sku, line.quantity) for line in order.lines]


def items_of(order):
    """
    Return what is supplied for an order: item -> units.
    """
    return {name: item.quantity for name, item in order.items.items()}


def reasons(order):
    """
    Return why an order is held.
    """
    return [hold.reason for hold in order.holds]


class TestNewOrders:
    def test_a_paired_order_awaits_payment(self, paired):
        """
        An order whose every line is connected arrives in Awaiting Payment.
        """
        (order_id,) = paired.sync(snapshot(CUP=2, HAT=1))
        order = paired.app.orders.get("demo", order_id)

        assert "awaiting_payment" == order.state
        assert ("store", "shop", "1", 1, "#1", "USD", "US") == (
            order.kind,
            order.store_id,
            order.external_id,
            order.part,
            order.number,
            order.currency,
            order.country,
        )
        assert [("CUP", 2), ("HAT", 1)] == lines_of(order)
        assert {"1.1": 2, "2.1": 1} == items_of(order)
        assert NOON + paired.app.settings.pay_within == order.pay_by
        assert paired.app.orders.address("demo", order_id) == HOME
        assert [999, 999] == [line.sold_price.minor for line in order.lines]
        assert 0 == order.due.minor  # what the shop charged is information only

    def test_an_order_with_a_stranger_waits_unrecognized(self, paired):
        """
        One line nobody connected makes the whole order Unrecognized, without deadline.
        """
        (order_id,) = paired.sync(snapshot(CUP=2, SOCK=1))
        order = paired.app.orders.get("demo", order_id)

        assert "unrecognized" == order.state
        assert order.pay_by is None
        assert [True, False] == [line.is_paired for line in order.lines]
        assert {"1.1": 2} == items_of(order)

    def test_a_sku_is_compared_without_case_and_kept_verbatim(self, paired):
        """
        `cup` is the connected `CUP`, and stays `cup` on the order.
        """
        (order_id,) = paired.sync(snapshot(cup=1))
        order = paired.app.orders.get("demo", order_id)

        assert "awaiting_payment" == order.state
        assert [("cup", 1)] == lines_of(order)

    def test_what_the_shop_sent_or_refunded_itself_is_not_ours(self, paired):
        """
        Units fulfilled or refunded in the shop reduce what we supply; a line of which
        nothing is left is no line.
        """
        order = attrs.evolve(
            snapshot(),
            lines=(
                shop_line("CUP", 5, number=1, fulfilled=2, refunded=1),
                shop_line("HAT", 1, number=2, fulfilled=1),
                shop_line("LAMP", 3, number=3),
            ),
        )
        (order_id,) = paired.sync(order)

        assert [("CUP", 2), ("LAMP", 3)] == lines_of(
            paired.app.orders.get("demo", order_id)
        )

    def test_an_order_with_nothing_to_send_is_only_remembered(self, paired):
        """
        A cancelled order, or one the shop has sent in full, becomes no order of ours.
        """
        sent = attrs.evolve(snapshot("2"), lines=(shop_line("CUP", 1, fulfilled=1),))
        found = paired.sync(snapshot("1", cancelled=True, CUP=1), sent)

        assert [] == found
        assert {"1": (), "2": ()} == paired.app.orders.find_external(
            "demo", "shop", ["1", "2", "3"]
        )
        assert 0 == paired.app.orders.counts("demo")[Tab.ALL]

    def test_what_is_in_doubt_is_not_paid_until_somebody_confirms_it(self, paired):
        """
        Records that could not be read, and what else the shop's adapter doubts. What
        is told again as it was stays confirmed; with more doubts it is held again.
        """
        told = attrs.evolve(snapshot(CUP=1), rows_rejected=2, doubts=("a strange SKU",))
        (order_id,) = paired.sync(told)
        shop = paired.sh.seller("demo")
        order = shop.orders.get(order_id)
        (hold,) = order.holds
        words = "2 records could not be read; a strange SKU"
        assert ("store_data", words, "seller") == (hold.reason, hold.detail, hold.who)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.pay(order_id)
        assert ("on_hold",) == ei.value.codes

        assert "confirm" in shop.orders.allowed(order_id)
        assert [order_id] == list(shop.orders.confirm([order_id]).done)
        paired.sync(attrs.evolve(told, placed_at=told.placed_at + timedelta(days=1)))
        assert () == shop.orders.get(order_id).holds
        paired.sync(attrs.evolve(told, doubts=("a strange SKU", "no customer")))
        assert ["store_data"] == reasons(shop.orders.get(order_id))
        paired.sync(snapshot(CUP=1))

        assert () == shop.orders.get(order_id).holds
        assert {order_id: 900} == paired.pay(order_id).paid
        refused = shop.orders.confirm([order_id]).failed[order_id]
        words = "nothing that the shop told of it is in doubt"
        assert (Blocker("not_in_doubt", words),) == refused.blockers

    def test_an_unknown_country_waits_for_an_address(self, paired):
        """
        From the shop or from the seller; nothing is priced for nowhere.
        """
        nowhere = attrs.evolve(HOME, country="ZZ")
        (first,) = paired.sync(snapshot("1", address=nowhere, CUP=1))
        (second,) = paired.sync(snapshot("2", CUP=1))
        paired.sync(snapshot("2", address=nowhere, CUP=1))
        shop = paired.sh.seller("demo")
        for order_id in (first, second):
            assert ["address"] == reasons(shop.orders.get(order_id))
            with nothing_moves(paired), pytest.raises(CommandRefusedError):
                paired.pay(order_id)
        paired.sync(snapshot("1", CUP=1))
        shop.orders.correct_address(second, HOME)

        assert {first: 900, second: 900} == paired.pay(first, second).paid

    def test_a_price_that_the_shop_does_not_tell_is_unknown(self, paired):
        """
        It is informational: the order is as good as any.
        """
        told = snapshot(CUP=1)
        lines = tuple(attrs.evolve(line, unit_price=None) for line in told.lines)
        (order_id,) = paired.sync(attrs.evolve(told, lines=lines))
        (line,) = paired.sh.seller("demo").orders.get(order_id).lines

        assert line.sold_price is None
        assert {order_id: 900} == paired.pay(order_id).paid
        assert paired.app.audit.run(replay=True).is_clean

    def test_the_report_counts_what_came(self, paired):
        """
        A sync says how many orders, lines and units came, changed, or did not.
        """
        paired.shop.put(snapshot("1", CUP=2))
        paired.shop.put(snapshot("2", HAT=1, SOCK=4))
        first = paired.app.stores.sync("demo", "shop")
        paired.shop.put(snapshot("1", CUP=2))
        paired.shop.put(snapshot("2", HAT=1, SOCK=5))
        second = paired.app.stores.sync("demo", "shop")

        assert (2, 3, 7, 0, 0) == counted(first)
        assert (0, 0, 0, 1, 1) == counted(second)

    def test_a_shop_nobody_connected_is_not_synced(self, paired):
        """
        Syncing a shop the seller does not have is refused.
        """
        with nothing_moves(paired), pytest.raises(NotFoundError) as ei:
            paired.app.stores.sync("demo", "other")

        assert ("store", "other") == (ei.value.kind, ei.value.id)


def counted(report):
    """
    Return the numbers of a sync report.
    """
    return (
        report.orders,
        report.lines,
        report.units,
        report.changed,
        report.unchanged,
    )


class TestSameAgain:
    def test_an_equal_snapshot_changes_nothing_of_the_order(self, paired):
        """
        A snapshot told again, late or twice, leaves the order as it was.
        """
        (order_id,) = paired.sync(snapshot(CUP=2))
        before = paired.app.orders.get("demo", order_id)
        paired.sync(snapshot(CUP=2))

        assert before == paired.app.orders.get("demo", order_id)
        assert 1 == paired.app.orders.counts("demo")[Tab.ALL]

    def test_a_sync_without_news_moves_nothing(self, paired):
        """
        Syncing a shop that changed nothing changes no row.
        """
        paired.sync(snapshot(CUP=2))

        with nothing_moves(paired):
            paired.app.stores.sync("demo", "shop")


class TestEditedUnpaid:
    def test_the_order_follows(self, paired):
        """
        Lines changed in the shop are taken over while nothing is paid.
        """
        (order_id,) = paired.sync(snapshot(CUP=2, HAT=1))
        paired.sync(snapshot(CUP=3, LAMP=1))
        order = paired.app.orders.get("demo", order_id)

        assert "awaiting_payment" == order.state
        assert [("CUP", 3), ("LAMP", 1)] == lines_of(order)
        assert {"1.1": 3, "2.1": 1} == items_of(order)
        assert () == order.holds

    def test_a_stranger_makes_it_wait_again(self, paired):
        """
        A line nobody connected sends an order that awaited payment back.
        """
        (order_id,) = paired.sync(snapshot(CUP=2))
        paired.sync(snapshot(CUP=2, SOCK=1))
        order = paired.app.orders.get("demo", order_id)

        assert "unrecognized" == order.state
        assert order.pay_by is None

    def test_losing_the_stranger_recognizes_it(self, paired):
        """
        An unrecognized order whose last strange line goes awaits payment.
        """
        (order_id,) = paired.sync(snapshot(CUP=2, SOCK=1))
        paired.sync(snapshot(CUP=2))
        order = paired.app.orders.get("demo", order_id)

        assert "awaiting_payment" == order.state
        assert NOON + paired.app.settings.pay_within == order.pay_by

    def test_a_line_paired_for_its_order_alone_stays_paired(self, bench):
        """
        An edit of another line leaves a SKU connection as the seller made it.
        """
        (order_id,) = bench.sync(snapshot(CUP=2, HAT=1))
        lamp = [(bench.variants["LAMP"], 3)]
        bench.app.pairing.connect_sku("demo", order_id, 1, lamp, by=SELLER)
        bench.connect(bench.rule("CUP"))
        bench.connect(bench.rule("HAT"))
        bench.sync(snapshot(CUP=2, HAT=4))
        order = bench.app.orders.get("demo", order_id)

        assert "awaiting_payment" == order.state
        assert [(bench.variants["LAMP"], 3), (bench.variants["HAT"], 4)] == [
            (item.variant_id, item.quantity) for item in order.items.values()
        ]
        assert "" == order.lines[0].connection_id

    def test_another_quantity_of_it_is_paired_anew(self, bench):
        """
        What was paired for two cups says nothing of three: connections decide.
        """
        (order_id,) = bench.sync(snapshot(CUP=2))
        lamp = [(bench.variants["LAMP"], 3)]
        bench.app.pairing.connect_sku("demo", order_id, 1, lamp, by=SELLER)
        bench.sync(snapshot(CUP=3))
        order = bench.app.orders.get("demo", order_id)

        assert ("unrecognized", {}) == (order.state, items_of(order))

    def test_an_ignored_order_follows_and_stays_ignored(self, paired):
        """
        What the seller set aside is kept in step, and comes back as it is now.
        """
        (order_id,) = paired.sync(snapshot(SOCK=1))
        paired.app.orders.ignore("demo", [order_id], by=SELLER)
        paired.sync(snapshot(CUP=2))

        assert "ignored" == paired.app.orders.get("demo", order_id).state
        report = paired.app.orders.restore("demo", [order_id], by=SELLER)
        assert {order_id: "awaiting_payment"} == report.done

    def test_lines_in_another_order_are_no_change_of_a_paid_order(self, paired):
        """
        A shop that lists the same lines in another order has edited nothing.
        """
        order_id = paired.paid(CUP=2, HAT=1)
        again = snapshot(CUP=2, HAT=1)
        paired.sync(attrs.evolve(again, lines=again.lines[::-1]))

        assert () == paired.app.orders.get("demo", order_id).holds


class TestEditedPaid:
    def test_lines_changed_hold_the_order(self, paired):
        """
        A paid order keeps its lines and gets one hold, however often it is edited.
        """
        order_id = paired.paid(CUP=2)
        paired.sync(snapshot(CUP=3))
        paired.sync(snapshot(CUP=4))
        order = paired.app.orders.get("demo", order_id)

        assert [("CUP", 2)] == lines_of(order)
        assert ["store_changed"] == reasons(order)
        assert Tab.ABNORMAL.value == order.tab

    def test_what_we_sent_is_no_change(self, paired):
        """
        The shop telling us that it knows of our own parcels holds nothing.
        """
        order_id = paired.accepted(CUP=3)
        paired.ship(order_id, i1_1=2)
        paired.app.relay.run()
        told = attrs.evolve(snapshot(), lines=(shop_line("CUP", 3, fulfilled=2),))
        paired.sync(told)

        assert () == paired.app.orders.get("demo", order_id).holds
        paired.ship(order_id, "T2")
        told = attrs.evolve(snapshot(), lines=(shop_line("CUP", 3, fulfilled=3),))
        paired.sync(told)
        assert () == paired.app.orders.get("demo", order_id).holds

    def test_a_unit_sent_elsewhere_is_a_change(self, paired):
        """
        The shop saying that more has left than we sent holds the order.
        """
        order_id = paired.accepted(CUP=3)
        paired.ship(order_id, i1_1=1)
        told = attrs.evolve(snapshot(), lines=(shop_line("CUP", 3, fulfilled=2),))
        paired.sync(told)

        assert ["store_changed"] == reasons(paired.app.orders.get("demo", order_id))

    def test_a_unit_refunded_in_the_shop_is_a_change(self, paired):
        """
        The shop refunding its customer a unit that we still owe holds the order.
        """
        order_id = paired.accepted(CUP=3)
        told = attrs.evolve(snapshot(), lines=(shop_line("CUP", 3, refunded=1),))
        paired.sync(told)

        assert ["store_changed"] == reasons(paired.app.orders.get("demo", order_id))

    def test_fewer_units_of_a_paid_order_say_what_to_do(self, paired):
        """
        What is refused for them is not what the hold asks for: staff refund them, which
        lets the rest go.
        """
        order_id = paired.accepted(CUP=3)
        paired.sync(attrs.evolve(snapshot(), lines=(shop_line("CUP", 2),)))
        with pytest.raises(CommandRefusedError):
            paired.app.orders.take_over("demo", order_id, by=SELLER)
        (hold,) = paired.app.orders.get("demo", order_id).holds

        assert "refund what the shop does not want any more" in hold.what_to_do
        assert "which ends the hold" in HOLDS[HoldReason.STORE_CHANGED].then_todo

    def test_a_unit_refunded_on_both_sides_is_no_change(self, paired):
        """
        Once staff took out what the shop refunded, the shop's later news hold nothing.
        """
        order_id = paired.accepted(CUP=3)
        told = attrs.evolve(snapshot(), lines=(shop_line("CUP", 3, refunded=1),))
        paired.sync(told)
        paired.app.orders.refund_units("demo", order_id, {"1.1": 1}, by=STAFF)
        assert () == paired.app.orders.get("demo", order_id).holds
        paired.ship(order_id, i1_1=1)
        line = shop_line("CUP", 3, refunded=1, fulfilled=1)
        paired.sync(attrs.evolve(snapshot(), lines=(line,)))

        assert () == paired.app.orders.get("demo", order_id).holds
        line = shop_line("CUP", 3, refunded=2, fulfilled=1)
        paired.sync(attrs.evolve(snapshot(), lines=(line,)))
        assert ["store_changed"] == reasons(paired.app.orders.get("demo", order_id))


class TestCancelledInTheShop:
    @pytest.mark.parametrize("units", [{"CUP": 1}, {"SOCK": 1}])
    def test_an_unpaid_order_is_cancelled(self, paired, units):
        """
        The shop's cancellation ends what is not paid here, for the reason `store`.
        """
        (order_id,) = paired.sync(snapshot(**units))
        paired.sync(snapshot(cancelled=True, **units))
        order = paired.app.orders.get("demo", order_id)

        assert ("cancelled", "store") == (order.state, order.cancel_reason)

    def test_an_ignored_order_is_cancelled(self, paired):
        """
        What was set aside ends with the shop's order too.
        """
        (order_id,) = paired.sync(snapshot(SOCK=1))
        paired.app.orders.ignore("demo", [order_id], by=SELLER)
        paired.sync(snapshot(cancelled=True, SOCK=1))

        assert "cancelled" == paired.app.orders.get("demo", order_id).state

    def test_a_paid_order_is_held_once(self, paired):
        """
        What is paid here goes on existing, held until staff decide.
        """
        order_id = paired.paid(CUP=2)
        paired.sync(snapshot(cancelled=True, CUP=2))
        paired.sync(snapshot(cancelled=True, CUP=1))
        order = paired.app.orders.get("demo", order_id)

        assert ("awaiting_shipping", ["store_cancelled"]) == (
            order.state,
            reasons(order),
        )
        refused = paired.app.shipping.accept("demo", [order_id], by=STAFF).failed
        assert ("on_hold",) == refused[order_id].codes

    def test_an_order_the_customer_has_is_left_alone(self, paired):
        """
        A cancellation that comes after delivery stops nothing any more.
        """
        order_id = paired.accepted(CUP=1)
        paired.ship(order_id)
        paired.clock.advance(paired.app.settings.deliver_after)
        paired.app.clocks.fire()
        paired.sync(snapshot(cancelled=True, CUP=1))
        order = paired.app.orders.get("demo", order_id)

        assert ("fulfilled", ()) == (order.state, order.holds)

    def test_an_order_edited_to_nothing_is_cancelled(self, paired):
        """
        An unpaid order none of whose units are wanted any more ends.
        """
        (order_id,) = paired.sync(snapshot(CUP=2))
        paired.sync(attrs.evolve(snapshot(), lines=(shop_line("CUP", 2, refunded=2),)))

        assert "cancelled" == paired.app.orders.get("demo", order_id).state

    def test_taking_the_cancellation_back_makes_the_first_order(self, paired):
        """
        An order first seen cancelled is written down once it is wanted, going where
        the shop says now.
        """
        paired.sync(snapshot(cancelled=True, CUP=1))
        (order_id,) = paired.sync(snapshot(address=AWAY, CUP=1))
        order = paired.app.orders.get("demo", order_id)

        assert ("awaiting_payment", "GB") == (order.state, order.country)
        assert paired.app.orders.address("demo", order_id) == AWAY


class TestUnpaidInTheShop:
    def test_it_is_held_until_the_shop_is_paid(self, paired):
        """
        An order its customer has not paid cannot be paid here; paid there, it can.
        """
        (order_id,) = paired.sync(snapshot(paid_at_store=False, CUP=1))

        assert ["store_unpaid"] == reasons(paired.app.orders.get("demo", order_id))
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.pay(order_id)
        assert ("on_hold",) == ei.value.codes
        assert "store_unpaid" == ei.value.blockers[0].facts["reason"]

        paired.sync(snapshot(CUP=1))
        assert () == paired.app.orders.get("demo", order_id).holds
        assert {order_id: 900} == paired.pay(order_id).paid


class TestAddress:
    def test_an_unpaid_order_follows_every_change(self, paired):
        """
        While nothing is paid the order goes where the shop said last.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        paired.sync(snapshot(address=AWAY, CUP=1))
        paired.sync(snapshot(address=FARTHER, CUP=1))
        order = paired.app.orders.get("demo", order_id)

        assert ("AU", 3, ()) == (order.country, order.contact_version, order.holds)
        assert paired.app.orders.address("demo", order_id) == FARTHER

    def test_a_paid_order_is_held_and_keeps_its_address(self, paired):
        """
        A paid order goes where it was paid to go, held; further changes are kept too.
        """
        order_id = paired.paid(CUP=1)
        paired.sync(snapshot(address=AWAY, CUP=1))
        paired.sync(snapshot(address=FARTHER, CUP=1))
        order = paired.app.orders.get("demo", order_id)

        assert ("US", ["store_changed"]) == (order.country, reasons(order))
        assert paired.app.orders.address("demo", order_id) == HOME

    def test_a_correction_after_the_shop_changed_a_paid_order_is_taken(self, paired):
        """
        The seller may still correct the address of a paid order the shop changed.
        """
        order_id = paired.paid(CUP=1)
        paired.sync(snapshot(address=AWAY, CUP=1))
        moved = attrs.evolve(HOME, street="9 Main St")
        paired.app.orders.correct_address("demo", order_id, moved, by=SELLER)

        assert paired.app.orders.address("demo", order_id) == moved

    def test_the_seller_s_correction_outlives_other_edits(self, paired):
        """
        An edit that says nothing new about the address leaves a correction alone.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        moved = attrs.evolve(HOME, street="9 Main St")
        paired.app.orders.correct_address("demo", order_id, moved, by=SELLER)
        paired.sync(snapshot(CUP=2))

        assert paired.app.orders.address("demo", order_id) == moved

    def test_an_ended_order_moves_no_more(self, paired):
        """
        Address changes of a cancelled order are remembered and change nothing.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        paired.app.orders.cancel("demo", [order_id], by=SELLER)
        paired.sync(snapshot(address=AWAY, CUP=1))
        paired.sync(snapshot(address=FARTHER, CUP=1))
        order = paired.app.orders.get("demo", order_id)

        assert ("cancelled", "US", ()) == (order.state, order.country, order.holds)


class TestPages:
    def test_the_cursor_moves_with_each_page(self, paired):
        """
        A shop of many pages is read to its end, each page once.
        """
        for number in range(250):
            paired.shop.put(snapshot(str(number), CUP=1))
        seen = []
        report = paired.app.stores.sync("demo", "shop", progress=seen.append)

        assert 250 == report.orders
        assert [100, 100, 50] == seen
        assert "250" == paired.app.stores.get("demo", "shop").cursor


class TestRouting:
    def test_each_line_of_the_shop_is_found_again(self, paired):
        """
        What we keep of a shop's order says what it wants of each line.
        """
        (order_id,) = paired.sync(snapshot(CUP=2, HAT=1))
        again = snapshot(CUP=2, HAT=1)
        paired.sync(attrs.evolve(again, lines=again.lines[::-1]))

        (row,) = dump(paired.app.storage)["store_order"]
        kept = STORE_ORDERS.from_row(row)
        assert {("L1", "cup"): 2, ("L2", "hat"): 1} == {
            (line.external_line_id, line.sku_key): line.wanted for line in kept.lines
        }
        assert (order_id,) == kept.parts


def test_a_call_for_help_follows_its_line(paired):
    """
    Lines an edit numbers anew keep their calls; a line taken out needs no help.
    """
    (order_id,) = paired.sync(snapshot(CUP=1, SOCK=1, SHOE=1))
    helps = [
        paired.app.pairing.ask_for_help("demo", order_id, line, "no blue", by=SELLER)
        for line in (2, 3)
    ]
    whole = snapshot(CUP=1, SOCK=1, SHOE=1)
    paired.sync(attrs.evolve(whole, lines=(whole.lines[0], whole.lines[2])))

    (wanted,) = paired.app.queues.help_wanted()
    assert (helps[1], 2) == (wanted.help_id, wanted.line)


class TestWantedAgain:
    """
    What the shop took out and wants again is never lost.
    """

    def all_parts(self, bench):
        names = bench.app.orders.find_external("demo", "shop", ["1"])["1"]
        return [
            (o.part, o.state, [(n.sku, n.quantity) for n in o.lines])
            for o in bench.app.orders.get_many("demo", names)
        ]

    def test_a_cancellation_taken_back_is_a_new_part(self, paired):
        """
        An order the shop cancelled and wants after all can be paid.
        """
        paired.sync(snapshot(CUP=2))
        paired.sync(snapshot(cancelled=True, CUP=2))
        paired.sync(snapshot(CUP=2))

        assert [
            (1, "cancelled", [("CUP", 2)]),
            (2, "awaiting_payment", [("CUP", 2)]),
        ] == self.all_parts(paired)
        with nothing_moves(paired, but=("store", "told", "told_name")):
            paired.sync(snapshot(CUP=2))

    def test_an_order_edited_to_nothing_and_back_is_a_new_part(self, paired):
        """
        Lines taken out one and all, and put back, are wanted.
        """
        paired.sync(snapshot(CUP=2))
        paired.sync(attrs.evolve(snapshot(), lines=()))
        paired.sync(snapshot(CUP=2, HAT=1))

        assert [
            (1, "cancelled", [("CUP", 2)]),
            (2, "awaiting_payment", [("CUP", 2), ("HAT", 1)]),
        ] == self.all_parts(paired)

    def test_what_the_seller_cancelled_stays_cancelled(self, paired):
        """
        The seller's word stands, whatever the shop goes on to say of these lines.
        """
        (order_id,) = paired.sync(snapshot(CUP=2))
        paired.app.orders.cancel("demo", [order_id], by=SELLER)
        paired.sync(snapshot(CUP=3))
        assert [(1, "cancelled", [("CUP", 2)])] == self.all_parts(paired)
        paired.sync(snapshot(CUP=3, HAT=1))

        assert (2, "awaiting_payment", [("HAT", 1)]) == self.all_parts(paired)[1]

    @pytest.mark.parametrize("is_paid", [True, False])
    def test_a_part_taken_out_comes_back_to_the_part_that_goes_on(
        self, paired, is_paid
    ):
        """
        Before it is paid the other part takes the line; then it is held for a person.
        """
        both = snapshot(CUP=1, SOCK=1)
        (order_id,) = paired.sync(both)
        paired.app.orders.process_paired_lines("demo", [order_id], by=SELLER)
        if is_paid:
            paired.pay(order_id)
        paired.sync(snapshot(CUP=1))
        assert (2, "cancelled", [("SOCK", 1)]) == self.all_parts(paired)[1]
        paired.sync(both)

        order = paired.app.orders.get("demo", order_id)
        if is_paid:
            assert ["store_changed"] == [hold.reason for hold in order.holds]
        else:
            assert ("unrecognized", ["CUP", "SOCK"]) == (
                order.state,
                [line.sku for line in order.lines],
            )
        assert 2 == len(self.all_parts(paired))
