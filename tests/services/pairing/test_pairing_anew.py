"""
Pairing anew what is paired already: for one order alone, or for all that wait.
"""

from datetime import timedelta

import attrs
import pytest

from sourcehere import (
    CommandRefusedError,
    InvalidInputError,
    MappingRule,
    Money,
    NewProduct,
    NewVariant,
    NotFoundError,
    Price,
    RuleItem,
    SpendGuardError,
    Tab,
    Wanted,
)
from sourcehere.builtin.memory import MemoryStorage
from sourcehere.domain.pairing.supply import QuantityRange
from sourcehere.services.pairing.asking import QuoteWish
from sourcehere.testing.dying import DiedError, DyingStorage
from sourcehere.testing.factories import (
    SELLER,
    STAFF,
    nothing_moves,
    open_bench,
    shop_line,
    snapshot,
)
from sourcehere.unit.tables import TABLES


def items_of(bench, order_id):
    """
    Return what an order's items are: item -> (SKU of the platform, units).
    """
    skus = {variant_id: sku for sku, variant_id in bench.variants.items()}
    order = bench.app.orders.get("demo", order_id)
    return {n: (skus[i.variant_id], i.quantity) for n, i in order.items.items()}


def states(bench, *order_ids):
    return [order.state for order in bench.app.orders.get_many("demo", order_ids)]


def desk(bench):
    return bench.sh.seller("demo").connections


def recognized(bench, *, sku="CUP", units=2, by=None):
    """
    Return the id of an order that an inexact connection recognized.
    """
    bench.connect(by or bench.rule(sku))
    return bench.sync(snapshot("1", **{sku: units}))[0]


def line_of(bench, order_id, number=1):
    return bench.app.orders.get("demo", order_id).lines[number - 1]


def accept_quote(bench, order_id):
    """
    Accept a quote for the first line of an order: cups at 4.00, five at 3.50 each.
    """
    quotes = bench.app.quotes
    wish = QuoteWish(order_id=order_id, line=1)
    request_id = quotes.ask("demo", wish, by=SELLER)
    quotes.answer(
        "demo",
        request_id,
        variant_id=bench.variants["CUP"],
        tiers={1: 400, 5: 350},
        valid_until=bench.clock.now() + timedelta(days=7),
        by=STAFF,
    )
    quotes.accept("demo", request_id, by=SELLER)
    bench.app.relay.run()


class TestForOneOrderAlone:
    def test_what_a_connection_recognized_is_connected_by_sku(self, bench):
        """
        The line is what the seller says, the order can be paid by its time, and the
        next order of the SKU is as it is connected.
        """
        first = recognized(bench)
        pay_by = bench.app.orders.get("demo", first).pay_by
        done = desk(bench).connect_sku(first, 1, bench.wanted(HAT=2))
        (second,) = bench.sync(snapshot("2", CUP=2))

        assert "awaiting_payment" == done.state
        assert {"1.1": ("HAT", 2)} == items_of(bench, first)
        assert {"1.1": ("CUP", 2)} == items_of(bench, second)
        order = bench.app.orders.get("demo", first)
        assert ("", 0) == (
            order.lines[0].connection_id,
            order.lines[0].connection_version,
        )
        assert pay_by == order.pay_by
        # 2 hats and their parcel of 200 g, where 2 cups of 600 g cost 1000 and 550.
        assert {first: 650 + 400} == bench.pay(first).paid
        told = bench.sh.seller("demo").orders.timeline(first)
        assert "connected line 1 for this order alone" in [e.words for e in told]

    def test_a_mistake_is_corrected_again(self, bench):
        """
        What was connected by SKU is connected by SKU otherwise, by staff too.
        """
        order_id = recognized(bench)
        desk(bench).connect_sku(order_id, 1, bench.wanted(HAT=2))
        bench.sh.staff("ann").seller("demo").connections.connect_sku(
            order_id, 1, bench.wanted(LAMP=1, HAT=1)
        )

        assert {"1.1": ("LAMP", 1), "1.2": ("HAT", 1)} == items_of(bench, order_id)

    def test_an_open_checkout_is_refused(self, bench):
        """
        What was offered before the line was paired anew cannot be paid, whether it
        costs something else or only is something else.
        """
        order_id = recognized(bench)
        shop = bench.sh.seller("demo")
        cup = NewVariant(
            sku="BLUE CUP",
            weight_grams=300,
            prices=(Price(Money(500, "USD")), Price(Money(450, "USD"), 10)),
        )
        blue = bench.sh.staff("ann").catalog.add(
            NewProduct(title="Cup", variants=(cup,))
        )
        offer = shop.checkouts.open([order_id])
        blue_cups = [Wanted(blue.variants[0].variant_id, 2)]
        shop.connections.connect_sku(order_id, 1, blue_cups)

        with nothing_moves(bench), pytest.raises(CommandRefusedError) as outdated:
            shop.checkouts.pay(offer)
        assert ("goods_outdated",) == outdated.value.codes
        shop.connections.follow_connection(order_id, 1)
        offer = shop.checkouts.open([order_id])
        shop.connections.connect_sku(order_id, 1, bench.wanted(HAT=2))

        with nothing_moves(bench), pytest.raises(SpendGuardError) as ei:
            shop.checkouts.pay(offer)
        assert {order_id: (1_550, 1_200)} == ei.value.differences

    def test_it_follows_no_connection_any_more(self, bench):
        """
        Changing and ending the connection leave the line alone, and so does a shop that
        edits another line.
        """
        order_id = recognized(bench)
        desk(bench).connect_sku(order_id, 1, bench.wanted(HAT=2))
        (connection,) = desk(bench).list()
        desk(bench).change(connection.connection_id, [bench.rule("CUP", LAMP=1)])
        desk(bench).remove(connection.connection_id)
        bench.sync(snapshot("1", CUP=2, LAMP=1))

        assert {"1.1": ("HAT", 2)} == items_of(bench, order_id)

    def test_a_paid_order_keeps_what_it_has(self, bench):
        """
        Nothing of a paid order is paired anew, and both answers say why.
        """
        bench.connect(bench.rule("CUP"))
        order_id = bench.paid("1", CUP=2)
        hat = bench.wanted(HAT=2)
        orders = bench.sh.seller("demo").orders

        for command, call in {
            "connect_sku": lambda: desk(bench).connect_sku(order_id, 1, hat),
            "disconnect_line": lambda: desk(bench).disconnect_line(order_id, 1),
            "follow_connection": lambda: desk(bench).follow_connection(order_id, 1),
        }.items():
            assert command not in orders.allowed(order_id)
            with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
                call()
            assert orders.why_not(order_id, command) == tuple(ei.value.blockers)
            assert ("wrong_state",) == ei.value.codes
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            desk(bench).correct(order_id, 1, hat)
        assert ("wrong_state",) == ei.value.codes

    def test_what_makes_no_sense_is_refused(self, bench):
        """
        A line, a variant or a quantity that is not there changes nothing.
        """
        order_id = recognized(bench)
        for line, items, field in (
            (2, bench.wanted(HAT=1), "line"),
            (1, bench.wanted(HAT=0), f"items: {bench.variants['HAT']}"),
            (1, bench.wanted(HAT=1_000_001), f"items: {bench.variants['HAT']}"),
            (1, [], "items"),
        ):
            for pair in (
                desk(bench).connect_sku,
                desk(bench).correct,
                desk(bench).preview_sku,
            ):
                with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
                    pair(order_id, line, items)
                assert field == ei.value.field
        bench.app.upkeep.discontinue(bench.variants["LAMP"], by=STAFF)
        with nothing_moves(bench), pytest.raises(NotFoundError) as ei:
            desk(bench).connect_sku(order_id, 1, bench.wanted(LAMP=1))
        assert "variant on sale" == ei.value.kind


class TestDisconnected:
    def test_the_line_waits_for_a_sku_connection(self, bench):
        """
        The order is Unrecognized, and no connection pairs the line again: not one that
        is changed, and not when the order is taken up again.
        """
        order_id = recognized(bench)
        (other,) = bench.sync(snapshot("2", CUP=1))
        done = desk(bench).disconnect_line(order_id, 1)
        (connection,) = desk(bench).list()
        desk(bench).change(connection.connection_id, [bench.rule("CUP", LAMP=1)])
        orders = bench.sh.seller("demo").orders
        orders.ignore([order_id])
        orders.restore([order_id])
        bench.app.relay.run()

        assert "unrecognized" == done.state
        assert ["unrecognized", "awaiting_payment"] == states(bench, order_id, other)
        assert {} == items_of(bench, order_id)
        assert line_of(bench, order_id).is_set_apart
        assert orders.get(order_id).pay_by is None
        assert "disconnected line 1 of this order" in [
            entry.words for entry in orders.timeline(order_id)
        ]

        desk(bench).connect_sku(order_id, 1, bench.wanted(HAT=2))
        assert ["awaiting_payment"] == states(bench, order_id)
        assert not line_of(bench, order_id).is_set_apart

    def test_it_stays_apart_in_a_part_of_its_own_and_when_the_shop_edits(self, bench):
        """
        The line that waits leaves for a part of its own, or is told anew: no connection
        pairs it there either.
        """
        bench.connect(bench.rule("CUP"))
        bench.connect(bench.rule("HAT"))
        (order_id,) = bench.sync(snapshot("1", CUP=2, HAT=1))
        desk(bench).disconnect_line(order_id, 1)
        bench.sync(snapshot("1", CUP=2, HAT=3))
        orders = bench.sh.seller("demo").orders
        (parts,) = orders.process_paired_lines([order_id]).done.values()
        bench.app.relay.run()

        assert {"1.1": ("HAT", 3)} == items_of(bench, order_id)
        assert line_of(bench, parts.waiting_id).is_set_apart
        assert ["awaiting_payment", "unrecognized"] == states(
            bench, order_id, parts.waiting_id
        )
        desk(bench).connect_sku(parts.waiting_id, 1, bench.wanted(LAMP=2))
        assert {"1.1": ("LAMP", 2)} == items_of(bench, parts.waiting_id)

    def test_coverage_counts_the_line_and_not_its_sku(self, bench):
        """
        The SKU is connected; the line is one that is not paired.
        """
        order_id = recognized(bench)
        desk(bench).disconnect_line(order_id, 1)
        found = desk(bench).coverage("shop")

        assert ((), 1, 0) == (found.unpaired, found.skus_paired, found.skus_unpaired)
        assert (1, 0, 1) == (
            found.orders_waiting,
            found.lines_paired,
            found.lines_unpaired,
        )
        assert 1 == bench.app.orders.counts("demo")[Tab.UNRECOGNIZED]

    def test_a_line_of_an_order_that_waits_anyway_is_disconnected_too(self, bench):
        """
        The order stays as it is, and the line waits beside the other one.
        """
        bench.connect(bench.rule("CUP"))
        (order_id,) = bench.sync(snapshot("1", CUP=1, SOCK=1))

        assert "unrecognized" == desk(bench).disconnect_line(order_id, 1).state
        assert {} == items_of(bench, order_id)
        assert line_of(bench, order_id).is_set_apart

    def test_what_is_not_paired_is_not_disconnected(self, bench):
        """
        There has to be something to take away.
        """
        (order_id,) = bench.sync(snapshot("1", SOCK=1))
        bench.connect(bench.rule("CUP"))
        (mixed,) = bench.sync(snapshot("2", SOCK=1, CUP=1))

        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            desk(bench).disconnect_line(order_id, 1)
        assert ("nothing_paired",) == ei.value.codes
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            desk(bench).disconnect_line(mixed, 1)
        assert ("line", 1) == (ei.value.field, ei.value.value)

    def test_no_quote_is_asked_for_it(self, bench):
        """
        A quote connects lastingly, and no connection may pair the line.
        """
        order_id = recognized(bench)
        desk(bench).disconnect_line(order_id, 1)
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            bench.sh.seller("demo").quotes.ask(order_id, 1)
        assert ("line", 1) == (ei.value.field, ei.value.value)


class TestUndone:
    def test_the_line_follows_its_connection_again(self, bench):
        """
        A line that went its own way is as its SKU is connected by now.
        """
        paired, apart = recognized(bench), bench.sync(snapshot("2", CUP=3))[0]
        desk(bench).connect_sku(paired, 1, bench.wanted(HAT=2))
        desk(bench).disconnect_line(apart, 1)
        (connection,) = desk(bench).list()
        desk(bench).change(connection.connection_id, [bench.rule("CUP", LAMP=1)])
        seen = [
            desk(bench).follow_connection(order_id, 1).state
            for order_id in (paired, apart)
        ]

        assert ["awaiting_payment"] * 2 == seen
        assert {"1.1": ("LAMP", 2)} == items_of(bench, paired)
        assert {"1.1": ("LAMP", 3)} == items_of(bench, apart)
        assert (connection.connection_id, 2) == (
            line_of(bench, apart).connection_id,
            line_of(bench, apart).connection_version,
        )

    def test_without_a_connection_it_waits(self, bench):
        """
        What its SKU is not connected to any more it cannot follow.
        """
        paired, apart = recognized(bench), bench.sync(snapshot("2", CUP=3))[0]
        desk(bench).connect_sku(paired, 1, bench.wanted(HAT=2))
        desk(bench).disconnect_line(apart, 1)
        (connection,) = desk(bench).list()
        desk(bench).remove(connection.connection_id)
        for order_id in (paired, apart):
            done = desk(bench).follow_connection(order_id, 1)
            assert "unrecognized" == done.state
            assert {} == items_of(bench, order_id)
        bench.connect(bench.rule("CUP"))

        assert ["awaiting_payment"] * 2 == states(bench, paired, apart)

    def test_what_follows_already_is_refused(self, bench):
        """
        There is nothing to undo.
        """
        bench.connect(bench.rule("CUP"))
        order_id, mixed = bench.sync(snapshot("1", CUP=1), snapshot("2", CUP=1, SOCK=1))
        desk(bench).connect_sku(mixed, 2, bench.wanted(HAT=1))

        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            desk(bench).follow_connection(order_id, 1)
        assert ("nothing_on_its_own",) == ei.value.codes
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            desk(bench).follow_connection(mixed, 1)
        assert ("line", 1) == (ei.value.field, ei.value.value)


class TestForAllWaitingOrders:
    def test_all_unpaid_orders_follow_and_paid_ones_do_not(self, bench):
        """
        The connection has a new version; recognized and waiting orders are as the line
        that was corrected, each for its own quantity.
        """
        connection_id = bench.connect(bench.rule("CUP"))
        paid = bench.paid("0", CUP=1)
        first, second, mixed, alone = bench.sync(
            snapshot("1", CUP=2),
            snapshot("2", CUP=3),
            snapshot("3", CUP=1, SOCK=1),
            snapshot("4", CUP=1),
        )
        desk(bench).connect_sku(alone, 1, bench.wanted(LAMP=1))
        done = desk(bench).correct(first, 1, bench.wanted(HAT=4))

        assert (connection_id, first, "awaiting_payment") == (
            done.connection_id,
            done.order_id,
            done.state,
        )
        assert {"1.1": ("HAT", 4)} == items_of(bench, first)
        assert {"1.1": ("HAT", 6)} == items_of(bench, second)
        assert {"1.1": ("HAT", 2)} == items_of(bench, mixed)
        assert {"1.1": ("LAMP", 1)} == items_of(bench, alone)
        assert {"1.1": ("CUP", 1)} == items_of(bench, paid)
        assert [1, 2, 2] == [
            line_of(bench, name).connection_version for name in (paid, first, second)
        ]
        (later,) = bench.sync(snapshot("5", CUP=1))
        assert {"1.1": ("HAT", 2)} == items_of(bench, later)

    def test_a_sku_that_is_not_connected_is_connected_by_it(self, bench):
        """
        The line that waits shows how, and what waits with it is recognized.
        """
        first, second = bench.sync(snapshot("1", SOCK=2), snapshot("2", SOCK=1))
        done = desk(bench).correct(first, 1, bench.wanted(HAT=2))

        assert ["awaiting_payment"] * 2 == states(bench, first, second)
        made = desk(bench).get(done.connection_id)
        assert ("SOCK", (RuleItem(bench.variants["HAT"]),)) == (
            made.listing,
            made.rules[0].items,
        )

    def test_a_line_that_went_its_own_way_follows_from_then_on(self, bench):
        """
        Who corrects all by the example of a line means that line, too.
        """
        order_id = recognized(bench)
        desk(bench).disconnect_line(order_id, 1)
        done = desk(bench).correct(order_id, 1, bench.wanted(HAT=2))

        assert "awaiting_payment" == done.state
        assert done.connection_id == line_of(bench, order_id).connection_id

    def test_the_range_that_decided_is_corrected(self, bench):
        """
        Other quantities stay as they are, and a quoted price goes with what it was for.
        """
        cup, lamp = bench.variants["CUP"], bench.variants["LAMP"]
        ten = QuantityRange(quantity_from=10, items=(RuleItem(lamp),), per=10)
        rule = MappingRule("CUP", (RuleItem(cup),), ranges=(ten,))
        few = recognized(bench, by=rule, units=3)
        (many,) = bench.sync(snapshot("2", CUP=20))
        desk(bench).correct(many, 1, bench.wanted(HAT=4))

        assert {"1.1": ("HAT", 4)} == items_of(bench, many)
        assert {"1.1": ("CUP", 3)} == items_of(bench, few)
        (made,) = desk(bench).list()
        assert (RuleItem(bench.variants["HAT"], 2),) == made.rules[0].ranges[0].items
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            desk(bench).correct(many, 1, bench.wanted(HAT=3))
        assert (f"items: {bench.variants['HAT']}", 3) == (
            ei.value.field,
            ei.value.value,
        )

    def test_the_other_rules_of_the_connection_stay(self, bench):
        """
        A correction is about one SKU of a listing.
        """
        bench.connect(bench.rule("CUP"), bench.rule("HAT"))
        order_id, other = bench.sync(snapshot("1", CUP=1), snapshot("2", HAT=1))
        desk(bench).correct(order_id, 1, bench.wanted(LAMP=1))
        (made,) = desk(bench).list()

        assert {"CUP": "LAMP", "HAT": "HAT"} == {
            rule.sku: sku
            for rule in made.rules
            for sku, variant in bench.variants.items()
            if variant == rule.items[0].variant_id
        }
        assert {"1.1": ("HAT", 1)} == items_of(bench, other)


class TestPreview:
    def test_one_order_alone(self, bench):
        """
        It says from what to what, and what the goods cost; nothing is written.
        """
        order_id = recognized(bench)
        bench.sync(snapshot("2", CUP=2))
        with nothing_moves(bench):
            (change,) = desk(bench).preview_sku(order_id, 1, bench.wanted(HAT=3))

        assert (order_id, "#1", 1, "CUP", 2) == (
            change.order_id,
            change.number,
            change.line,
            change.sku,
            change.quantity,
        )
        assert [(bench.variants["CUP"], 2)] == [
            (item.variant_id, item.quantity) for item in change.before
        ]
        assert [(bench.variants["HAT"], 3)] == [
            (item.variant_id, item.quantity) for item in change.after
        ]
        assert (Money(1_000, "USD"), Money(975, "USD")) == (
            change.goods_before,
            change.goods_after,
        )
        desk(bench).connect_sku(order_id, 1, bench.wanted(HAT=3))
        assert () == desk(bench).preview_sku(order_id, 1, bench.wanted(HAT=3))

    def test_all_waiting_orders(self, bench):
        """
        It lists what `correct` changes, the named order first: not what is paid, nor
        what was connected for its order alone.
        """
        bench.connect(bench.rule("CUP"))
        bench.paid("0", CUP=1)
        third, first, waiting, alone = bench.sync(
            snapshot("1", CUP=1),
            snapshot("2", CUP=2),
            snapshot("3", SOCK=1, CUP=3),
            snapshot("4", CUP=1),
        )
        desk(bench).connect_sku(alone, 1, bench.wanted(LAMP=1))
        hats = bench.wanted(HAT=4)
        with nothing_moves(bench):
            told = desk(bench).preview_sku(first, 1, hats, for_all_waiting=True)

        assert first == told[0].order_id
        assert {(first, 1): 4, (third, 1): 2, (waiting, 2): 6} == {
            (one.order_id, one.line): one.after[0].quantity for one in told
        }
        desk(bench).correct(first, 1, hats)
        assert {(one.order_id, one.line): one.after for one in told} == {
            (name, line.line): tuple(
                type(told[0].after[0])(i.variant_id, i.quantity) for i in line.items
            )
            for name in (first, third, waiting)
            for line in bench.app.orders.get("demo", name).lines
            if line.items
        }
        assert () == desk(bench).preview_sku(first, 1, hats, for_all_waiting=True)

    def test_a_line_that_waits_has_no_price_yet(self, bench):
        """
        What is not paired costs nothing that anybody knows.
        """
        (order_id,) = bench.sync(snapshot("1", SOCK=1))
        (change,) = desk(bench).preview_sku(
            order_id, 1, bench.wanted(HAT=1), for_all_waiting=True
        )

        assert ((), None, Money(325, "USD")) == (
            change.before,
            change.goods_before,
            change.goods_after,
        )

    def test_lines_of_one_sku_follow_together(self, bench):
        """
        One that would need more units than a line may have waits, and costs nothing
        that anybody knows; a line of another SKU is not told of.
        """
        bench.connect(bench.rule("CUP"))
        lines = (
            shop_line("CUP", 2, number=1),
            shop_line("CUP", 3, number=2),
            shop_line("cup", 600_000, number=3),
            shop_line("SOCK", 1, number=4),
        )
        (order_id,) = bench.sync(attrs.evolve(snapshot("1"), lines=lines))
        told = desk(bench).preview_sku(
            order_id, 1, bench.wanted(HAT=4), for_all_waiting=True
        )

        hat, usd = bench.variants["HAT"], "USD"
        assert [
            (1, 2, ((hat, 4),), Money(900, usd), Money(1_300, usd)),
            (2, 3, ((hat, 6),), Money(1_350, usd), Money(1_950, usd)),
            (3, 600_000, (), Money(270_000_000, usd), None),
        ] == [
            (
                one.line,
                one.quantity,
                tuple((item.variant_id, item.quantity) for item in one.after),
                one.goods_before,
                one.goods_after,
            )
            for one in told
        ]
        desk(bench).correct(order_id, 1, bench.wanted(HAT=4))
        assert {
            "1.1": ("HAT", 4),
            "2.1": ("HAT", 6),
        } == items_of(bench, order_id)

    def test_it_says_which_part_of_an_order_it_is_in(self, bench):
        """
        The part that waits is told of by its place, its state and what the shop calls
        the line.
        """
        bench.connect(bench.rule("CUP"))
        (order_id,) = bench.sync(snapshot("1", CUP=1, SOCK=2))
        orders = bench.sh.seller("demo").orders
        (parts,) = orders.process_paired_lines([order_id]).done.values()
        (change,) = desk(bench).preview_sku(parts.waiting_id, 1, bench.wanted(HAT=2))

        assert (parts.waiting_id, "#1", 2, "unrecognized", 1, "SOCK", "Sock", 2) == (
            change.order_id,
            change.number,
            change.part,
            change.state,
            change.line,
            change.sku,
            change.title,
            change.quantity,
        )

    def test_a_quoted_price_is_for_what_was_quoted(self, bench):
        """
        More of what was quoted costs the quoted price of that quantity; anything else
        what the catalogue says.
        """
        (order_id,) = bench.sync(snapshot("1", SOCK=3))
        accept_quote(bench, order_id)

        for units, costs in (
            ({"HAT": 3}, 3 * 325),
            ({"CUP": 3, "HAT": 3}, 3 * 500 + 3 * 325),
            ({"CUP": 6}, 6 * 350),
        ):
            (change,) = desk(bench).preview_sku(
                order_id, 1, bench.wanted(**units), for_all_waiting=True
            )
            assert (Money(1_200, "USD"), Money(costs, "USD")) == (
                change.goods_before,
                change.goods_after,
            )
        desk(bench).correct(order_id, 1, bench.wanted(CUP=6))
        offer = bench.app.checkouts.checkout("demo", [order_id], by=SELLER)
        assert 6 * 350 == offer.plans[0].goods_minor

    def test_staff_and_seller_look_alike(self, bench):
        """
        Both see what both may do.
        """
        order_id = recognized(bench)
        hats = bench.wanted(HAT=1)
        ann = bench.sh.staff("ann").seller("demo").connections

        assert ann.preview_sku(order_id, 1, hats) == desk(bench).preview_sku(
            order_id, 1, hats
        )


def test_the_same_command_corrects_once(bench):
    """
    Given again it answers as before, whatever the order is by then.
    """
    order_id = recognized(bench)
    pairing = bench.app.pairing
    hat = [(bench.variants["HAT"], 2)]
    first = pairing.correct("demo", order_id, 1, hat, by=SELLER, command_id="c")
    pairing.connect_sku(
        "demo", order_id, 1, [(bench.variants["LAMP"], 1)], by=SELLER, command_id="d"
    )
    with nothing_moves(bench):
        again = pairing.correct("demo", order_id, 1, hat, by=SELLER, command_id="c")

    assert first == again
    assert {"1.1": ("LAMP", 1)} == items_of(bench, order_id)


def test_a_preview_knows_what_has_not_followed_yet():
    """
    A range was added when the process died, and no order followed: the preview says
    what they will be, and that a quoted price is gone with what it was quoted for.
    """
    storage = DyingStorage(MemoryStorage(TABLES))
    bench = open_bench(storage=storage)
    few, many = bench.sync(snapshot("1", SOCK=3), snapshot("2", SOCK=20))
    accept_quote(bench, few)
    (known,) = desk(bench).list()
    cup = bench.variants["CUP"]
    ten = QuantityRange(quantity_from=10, items=(RuleItem(cup, 2),))
    rule = MappingRule("SOCK", (RuleItem(cup),), ranges=(ten,))
    storage.begin(dies_after=1)
    with pytest.raises(DiedError):
        desk(bench).change(known.connection_id, [rule])
    storage.begin()
    hats = bench.wanted(HAT=3)
    told = desk(bench).preview_sku(few, 1, hats, for_all_waiting=True)

    assert [
        (few, Money(3 * 400, "USD"), Money(3 * 325, "USD")),
        (many, Money(20 * 350, "USD"), Money(40 * 450, "USD")),
    ] == [(one.order_id, one.goods_before, one.goods_after) for one in told]
    desk(bench).correct(few, 1, hats)
    offer = bench.app.checkouts.checkout("demo", [few, many], by=SELLER)
    assert [3 * 325, 40 * 450] == [plan.goods_minor for plan in offer.plans]
    bench.app.relay.run()
    assert () == bench.app.audit.run(replay=True).violations
