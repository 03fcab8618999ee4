"""
Processing paired lines only: they can be paid, the rest is a second part of the shop's
order, and what the shop says reaches the right one.
"""

from datetime import timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere import CommandRefusedError, ManualClock, Tab
from sourcehere.domain.kernel.errors import IdempotencyConflictError
from sourcehere.domain.orders.order import Order
from sourcehere.domain.orders.views import view_of
from sourcehere.plugins import Registry, hookimpl
from sourcehere.ports.hooks import Veto
from sourcehere.testing.factories import (
    CARRIER,
    HOME,
    NOON,
    SELLER,
    STAFF,
    dump,
    nothing_moves,
    open_bench,
    shop_line,
    snapshot,
)
from sourcehere.unit.tables import TABLES
from sourcehere.unit.tables.pairing import HELP_REQUESTS
from sourcehere.unit.tables.stores import STORE_ORDERS

AWAY = attrs.evolve(HOME, street="2 Side St")


def parts_of(bench, external_id="1"):
    """
    Return our orders of one order of the shop, first part first.
    """
    found = bench.app.orders.find_external("demo", "shop", [external_id])
    return bench.app.orders.get_many("demo", found[external_id])


def told(order):
    """
    Return an order in short: part, state, its lines, its items.
    """
    return (
        order.part,
        order.state,
        [(n.line, n.external_line_id, n.sku, n.quantity) for n in order.lines],
        {name: item.quantity for name, item in order.items.items()},
    )


def process(bench, *order_ids, by=SELLER, command_id=""):
    """
    Process paired lines; give order -> the part that waits.
    """
    report = bench.app.orders.process_paired_lines(
        "demo", order_ids, by=by, command_id=command_id
    )
    for error in report.failed.values():
        raise error
    return report.done


@pytest.fixture
def mixed(bench):
    """
    A bench with an order of a sock, two cups, a scarf and three hats; cups and hats
    are connected.
    """
    bench.connect(bench.rule("CUP"))
    bench.connect(bench.rule("HAT"))
    bench.sync(snapshot(SOCK=1, CUP=2, SCARF=4, HAT=3))
    return bench


class TestWhatBecomesOfAnOrder:
    def test_the_paired_lines_await_payment_and_the_rest_is_a_second_part(self, mixed):
        """
        Lines keep their order and units, are numbered anew, and none is lost.
        """
        (order,) = parts_of(mixed)
        done = process(mixed, order.order_id)
        first, second = parts_of(mixed)

        assert {first.order_id: second.order_id} == done
        assert order.order_id == first.order_id
        assert (
            1,
            "awaiting_payment",
            [(1, "L2", "CUP", 2), (2, "L4", "HAT", 3)],
            {"1.1": 2, "2.1": 3},
        ) == told(first)
        assert (
            2,
            "unrecognized",
            [(1, "L1", "SOCK", 1), (2, "L3", "SCARF", 4)],
            {},
        ) == told(second)
        assert NOON + mixed.app.settings.pay_within == first.pay_by
        assert second.pay_by is None

    def test_both_parts_are_the_same_order_of_the_shop(self, mixed):
        """
        Number, shop, contact, country and chosen method are the first part's.
        """
        (order,) = parts_of(mixed)
        mixed.app.orders.choose_shipping("demo", [order.order_id], "express", by=SELLER)
        mixed.app.orders.correct_address("demo", order.order_id, AWAY, by=SELLER)
        process(mixed, order.order_id)
        shared = (
            "kind",
            "store_id",
            "external_id",
            "number",
            "currency",
            "contact_id",
            "contact_version",
            "country",
            "method",
            "placed_at",
        )
        first, second = parts_of(mixed)

        for name in shared:
            assert getattr(first, name) == getattr(second, name), name
        assert (2, "express") == (second.contact_version, second.method)
        assert AWAY == mixed.app.orders.address("demo", second.order_id)

    def test_each_part_tells_its_own_story(self, mixed):
        """
        One event each, naming the other part; they fold to what is stored.
        """
        (order,) = parts_of(mixed)
        process(mixed, order.order_id)
        first, second = parts_of(mixed)
        *_, parted = mixed.app.orders.events("demo", first.order_id)
        (begun,) = mixed.app.orders.events("demo", second.order_id)

        assert ("order.lines_parted", (1, 3), second.order_id, SELLER) == (
            parted.NAME,
            parted.lines,
            parted.rest_id,
            parted.by,
        )
        assert ("order.parted_off", first.order_id, 2) == (
            begun.NAME,
            begun.origin_id,
            begun.part,
        )
        for one in (first, second):
            events = mixed.app.orders.events("demo", one.order_id)
            assert one == view_of(Order.replay("demo", one.order_id, events))

    def test_tabs_count_both(self, mixed):
        """
        The new part is counted where it waits.
        """
        process(mixed, parts_of(mixed)[0].order_id)
        counts = mixed.app.orders.counts("demo")

        assert (2, 1, 1) == (
            counts[Tab.ALL],
            counts[Tab.UNRECOGNIZED],
            counts[Tab.AWAITING_PAYMENT],
        )

    def test_items_of_a_bundle_keep_their_order(self, bench):
        """
        A line that moves up takes its items along.
        """
        bench.connect(bench.rule("SET", CUP=4, LAMP=1))
        (order_id,) = bench.sync(snapshot(SOCK=1, SET=3))
        process(bench, order_id)
        skus = {name: sku for sku, name in bench.variants.items()}
        first = parts_of(bench)[0]

        assert {"1.1": ("CUP", 12), "1.2": ("LAMP", 3)} == {
            name: (skus[i.variant_id], i.quantity) for name, i in first.items.items()
        }
        assert [1, 1] == [i.line for i in first.items.values()]

    def test_a_part_can_be_parted_again(self, mixed):
        """
        When one more line of the second part is paired, it goes on and leaves a third.
        """
        process(mixed, parts_of(mixed)[0].order_id)
        second = parts_of(mixed)[1].order_id
        mixed.app.pairing.connect_sku(
            "demo", second, 2, [(mixed.variants["LAMP"], 4)], by=SELLER
        )
        process(mixed, second)

        assert [(1, ["CUP", "HAT"]), (2, ["SCARF"]), (3, ["SOCK"])] == [
            (o.part, [n.sku for n in o.lines]) for o in parts_of(mixed)
        ]

    def test_the_rest_is_recognized_when_it_is_connected(self, mixed):
        """
        A part that waits is an order like any other.
        """
        process(mixed, parts_of(mixed)[0].order_id)
        mixed.connect(mixed.rule("SOCK", LAMP=1), mixed.rule("SCARF", LAMP=1))

        assert ["awaiting_payment"] * 2 == [o.state for o in parts_of(mixed)]

    @given(
        st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=9)
    )
    def test_no_line_and_no_unit_is_lost(self, lines):
        """
        Whatever is paired: the parts together have every line once, with its units.
        """
        bench = open_bench(top_up=0)
        bench.connect(bench.rule("CUP"))
        order = attrs.evolve(
            snapshot(),
            lines=tuple(
                shop_line("CUP" if paired else "SOCK", quantity, number=number)
                for number, (quantity, paired) in enumerate(lines, start=1)
            ),
        )
        (order_id,) = bench.sync(order)
        report = bench.app.orders.process_paired_lines("demo", [order_id], by=SELLER)
        parts = parts_of(bench)

        assert (len({paired for _, paired in lines}) == 2) == bool(report.done)
        assert sorted((n.external_line_id, n.quantity) for n in order.lines) == sorted(
            (n.external_line_id, n.quantity) for o in parts for n in o.lines
        )
        assert [q for q, paired in lines if paired] == [
            i.quantity for i in parts[0].items.values()
        ]
        assert () == bench.app.audit.run(replay=True).violations


class TestHolds:
    def test_every_open_hold_stops_both_parts(self, bench):
        """
        An order that is not paid in the shop, or half unreadable, is so in both parts,
        each under a hold of its own.
        """
        bench.connect(bench.rule("CUP"))
        order = attrs.evolve(
            snapshot(CUP=1, SOCK=1), paid_at_store=False, rows_rejected=2
        )
        (order_id,) = bench.sync(order)
        bench.app.orders.hold("demo", order_id, detail="odd", by=STAFF)
        process(bench, order_id)
        first, second = parts_of(bench)

        assert (
            ["store_data", "store_unpaid", "staff"]
            == [h.reason for h in first.holds]
            == [h.reason for h in second.holds]
        )
        assert [h.detail for h in first.holds] == [h.detail for h in second.holds]
        assert not {h.hold_id for h in first.holds} & {h.hold_id for h in second.holds}
        assert {first.tab, second.tab} == {"abnormal"}

    def test_paying_in_the_shop_frees_both(self, bench):
        """
        The shop says once that it was paid; the hold goes from both parts.
        """
        bench.connect(bench.rule("CUP"))
        order = attrs.evolve(snapshot(CUP=1, SOCK=1), paid_at_store=False)
        (order_id,) = bench.sync(order)
        process(bench, order_id)
        bench.sync(attrs.evolve(order, paid_at_store=True))

        assert [(), ()] == [o.holds for o in parts_of(bench)]


class TestHelp:
    def test_calls_for_help_follow_their_lines(self, mixed):
        """
        An open call names the part and line it is about now; a closed one is history.
        """
        (order,) = parts_of(mixed)
        pairing = mixed.app.pairing
        done = pairing.ask_for_help("demo", order.order_id, 1, "no blue", by=SELLER)
        pairing.finish_help("demo", done, by=STAFF)
        scarf = pairing.ask_for_help("demo", order.order_id, 3, "no blue", by=SELLER)
        hat = pairing.ask_for_help("demo", order.order_id, 4, "no blue", by=SELLER)
        process(mixed, order.order_id)
        first, second = parts_of(mixed)
        rows = dump(mixed.app.storage)["help_request"]
        calls = {c.help_id: c for c in map(HELP_REQUESTS.from_row, rows)}

        assert {
            done: (first.order_id, 1),
            scarf: (second.order_id, 2),
            hat: (first.order_id, 2),
        } == {name: (c.order_id, c.line) for name, c in calls.items()}


class TestWhatTheShopSays:
    @pytest.fixture
    def parted(self, mixed):
        """
        The same bench, its order in two parts.
        """
        process(mixed, parts_of(mixed)[0].order_id)
        return mixed

    def edit(self, bench, **changes):
        bench.sync(attrs.evolve(bench.shop.fetch_order("1"), **changes))

    def test_the_same_again_changes_nothing(self, parted):
        """
        A snapshot as it was makes no order and no event, even told as if it were new.
        """
        order = parted.shop.fetch_order("1")
        before = parts_of(parted)
        parted.sync(order)
        parted.sync(attrs.evolve(order, number="#1a"))

        assert before == parts_of(parted)

    def test_a_changed_line_changes_its_own_part_only(self, parted):
        """
        More socks are more socks in the part that waits; the other is not touched.
        """
        sock, *rest = parted.shop.fetch_order("1").lines
        version = parts_of(parted)[0].version
        self.edit(parted, lines=(attrs.evolve(sock, quantity=7), *rest))
        first, second = parts_of(parted)

        assert version == first.version
        assert [("SOCK", 7), ("SCARF", 4)] == [
            (n.sku, n.quantity) for n in second.lines
        ]

    def test_a_line_that_is_gone_is_gone_from_its_part(self, parted):
        """
        Without hats the first part has cups only, and is still to be paid.
        """
        lines = parted.shop.fetch_order("1").lines
        self.edit(parted, lines=lines[:3])

        assert [
            ("awaiting_payment", ["CUP"]),
            ("unrecognized", ["SOCK", "SCARF"]),
        ] == [(o.state, [n.sku for n in o.lines]) for o in parts_of(parted)]

    def test_a_part_of_which_nothing_is_left_is_cancelled(self, parted):
        """
        The other part goes on.
        """
        lines = parted.shop.fetch_order("1").lines
        self.edit(parted, lines=(lines[1], lines[3]))

        assert [("awaiting_payment", ""), ("cancelled", "store")] == [
            (o.state, o.cancel_reason) for o in parts_of(parted)
        ]

    def test_a_new_line_joins_the_part_that_nothing_is_paid_of(self, parted):
        """
        The last unpaid part takes it in; where all is paid, it opens a hold.
        """
        lines = parted.shop.fetch_order("1").lines
        self.edit(parted, lines=(*lines, shop_line("LAMP", 1, number=5)))
        assert [["CUP", "HAT"], ["SOCK", "SCARF", "LAMP"]] == [
            [n.sku for n in o.lines] for o in parts_of(parted)
        ]

        first, second = parts_of(parted)
        parted.pay(first.order_id)
        parted.app.orders.cancel("demo", [second.order_id], by=SELLER)
        lines = parted.shop.fetch_order("1").lines
        self.edit(parted, lines=(*lines, shop_line("LAMP", 2, number=6)))
        assert [["store_changed"], []] == [
            [h.reason for h in o.holds] for o in parts_of(parted)
        ]

    def test_a_cancellation_reaches_every_part(self, parted):
        """
        What is paid is held for a person, what is not ends.
        """
        parted.pay(parts_of(parted)[0].order_id)
        self.edit(parted, cancelled=True)
        first, second = parts_of(parted)

        assert ("awaiting_shipping", ["store_cancelled"]) == (
            first.state,
            [h.reason for h in first.holds],
        )
        assert ("cancelled", "store") == (second.state, second.cancel_reason)

    def test_what_was_sent_elsewhere_counts_in_its_part(self, parted):
        """
        Two of four scarves fulfilled in the shop leave two, in the second part.
        """
        lines = list(parted.shop.fetch_order("1").lines)
        lines[2] = attrs.evolve(lines[2], quantity_fulfilled=2)
        self.edit(parted, lines=tuple(lines))

        assert [[2, 3], [1, 2]] == [
            [n.quantity for n in o.lines] for o in parts_of(parted)
        ]

    def test_a_new_address_reaches_every_unpaid_part(self, parted):
        """
        The contact is one; both parts go where the shop says now.
        """
        self.edit(parted, address=AWAY)

        for order in parts_of(parted):
            assert AWAY == parted.app.orders.address("demo", order.order_id)

    def test_both_parts_tell_the_same_order_of_the_shop(self, parted):
        """
        Tracking of either part is pushed to the shop's one order, with its own lines.
        """
        parted.connect(parted.rule("SOCK", LAMP=1), parted.rule("SCARF", LAMP=1))
        for number, order in enumerate(parts_of(parted), start=1):
            parted.pay(order.order_id)
            parted.app.shipping.accept("demo", [order.order_id], by=STAFF)
            parted.ship(order.order_id, f"T{number}")
        parted.app.relay.run()

        assert [
            ("1", "#1", "T1", [("L2", 2), ("L4", 3)]),
            ("1", "#1", "T2", [("L1", 1), ("L3", 4)]),
        ] == [
            (
                f.external_id,
                f.number,
                f.tracking_number,
                [(n.external_line_id, n.quantity) for n in f.lines],
            )
            for f in parted.shop.fulfilments.values()
        ]


class TestRefusals:
    @pytest.mark.parametrize(
        ("units", "code"),
        [
            ({"SOCK": 1, "SCARF": 1}, "nothing_paired"),
            ({"CUP": 1}, "wrong_state"),
        ],
    )
    def test_it_needs_a_line_of_each_kind(self, paired, units, code):
        """
        Where nothing is paired, or all is, there is nothing to part.
        """
        (order_id,) = paired.sync(snapshot(**units))
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            process(paired, order_id)

        assert (code,) == ei.value.codes
        assert (order_id, "process_paired_lines") == (ei.value.id, ei.value.command)

    def test_it_is_for_seller_and_staff(self, mixed):
        """
        A carrier parts nothing; staff may.
        """
        order_id = parts_of(mixed)[0].order_id
        with nothing_moves(mixed), pytest.raises(CommandRefusedError) as ei:
            process(mixed, order_id, by=CARRIER)
        assert ("role_not_allowed",) == ei.value.codes

        assert [order_id] == list(process(mixed, order_id, by=STAFF))

    def test_it_is_for_orders_of_a_shop(self, bench):
        """
        What a seller writes has no unrecognized lines.
        """
        order_id = bench.app.drafts.create_manual(
            "demo", bench.wanted(CUP=1), HOME, by=SELLER
        )
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            process(bench, order_id)
        assert ("not_for_this_kind",) == ei.value.codes

    def test_twice_is_refused_and_the_same_command_answers_as_before(self, mixed):
        """
        The order waits no more; a repeated command id is the first answer.
        """
        order_id = parts_of(mixed)[0].order_id
        done = process(mixed, order_id, command_id="c")
        with nothing_moves(mixed):
            assert done == process(mixed, order_id, command_id="c")
            with pytest.raises(CommandRefusedError) as ei:
                process(mixed, order_id)

        assert ("wrong_state",) == ei.value.codes
        with nothing_moves(mixed):
            report = mixed.app.orders.ignore(
                "demo", [order_id], by=SELLER, command_id="c"
            )
        assert IdempotencyConflictError is type(report.failed[order_id])

    def test_each_fails_for_itself(self, mixed):
        """
        Of several orders those that can be parted are.
        """
        (other,) = mixed.sync(snapshot("2", SOCK=1))
        order_id = parts_of(mixed)[0].order_id
        report = mixed.app.orders.process_paired_lines(
            "demo", [order_id, other], by=SELLER
        )

        assert [order_id] == list(report.done)
        assert [other] == list(report.failed)

    def test_a_plugin_may_veto_it(self):
        """
        It is a command that changes a state, so plugins are asked.
        """

        class Never:
            @hookimpl
            def sourcehere_check_transition(self, transition):
                if transition.command != "process_paired_lines":
                    return None
                return Veto("whole", f"from {transition.state_before} never")

        bench = open_bench(plugins=[Never()])
        bench.connect(bench.rule("CUP"))
        (order_id,) = bench.sync(snapshot(CUP=1, SOCK=1))
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            process(bench, order_id)

        assert ("vetoed",) == ei.value.codes


class TestOnDatabases:
    def test_the_parts_are_there_after_reopening(self, database_url):
        """
        What was parted in one commit is read back as two orders and one record.
        """
        storage = Registry(clock=ManualClock(NOON)).storage(database_url, TABLES)
        bench = open_bench(storage=storage, connected=["CUP"])
        (order_id,) = bench.sync(snapshot(SOCK=1, CUP=2))
        help_id = bench.app.pairing.ask_for_help(
            "demo", order_id, 1, "no blue", by=SELLER
        )
        process(bench, order_id)
        bench.clock.advance(timedelta(hours=1))
        bench.sync(snapshot(SOCK=3, CUP=2))
        first, second = parts_of(bench)
        (record,) = map(STORE_ORDERS.from_row, dump(storage)["store_order"])
        (call,) = map(HELP_REQUESTS.from_row, dump(storage)["help_request"])

        assert (1, "awaiting_payment", [(1, "L2", "CUP", 2)], {"1.1": 2}) == told(first)
        assert (2, "unrecognized", [(1, "L1", "SOCK", 3)], {}) == told(second)
        assert (first.order_id, second.order_id) == record.parts
        assert {"L1": 3, "L2": 2} == {
            n.external_line_id: n.wanted for n in record.lines
        }
        assert (help_id, second.order_id, 1) == (
            call.help_id,
            call.order_id,
            call.line,
        )
        assert () == bench.app.audit.run(replay=True).violations
        bench.app.close()
