"""
Pairing: connections, SKU connections, suggestions, help, discontinued variants.
"""

from datetime import timedelta
from functools import partial

import pytest

from sourcehere import (
    CommandRefusedError,
    MappingRule,
    NewConnection,
    NotFoundError,
    RuleItem,
    Tab,
)
from sourcehere.builtin.memory import MemoryStorage
from sourcehere.domain.kernel.errors import (
    AlreadyExistsError,
    IdempotencyConflictError,
    InvalidInputError,
)
from sourcehere.testing.factories import (
    CARRIER,
    SELLER,
    STAFF,
    nothing_moves,
    open_bench,
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


def change(bench, connection_id, *rules):
    """
    Change what a connection maps.
    """
    bench.app.pairing.change("demo", connection_id, rules=rules, method="", by=SELLER)


def states(bench, *order_ids):
    """
    Return the states of orders.
    """
    return [order.state for order in bench.app.orders.get_many("demo", order_ids)]


class TestConnect:
    def test_waiting_orders_are_recognized_by_the_relay(self, bench):
        """
        Connecting owes a try of what waits; the relay recognizes it, case ignored.
        """
        first, second, third = bench.sync(
            snapshot("1", CUP=2), snapshot("2", cup=3), snapshot("3", HAT=1)
        )
        new = NewConnection(store_id="shop", listing="CUP", rules=(bench.rule("Cup"),))
        bench.app.pairing.connect("demo", new, by=SELLER)

        assert ["unrecognized"] * 3 == states(bench, first, second, third)
        bench.app.relay.run()
        assert ["awaiting_payment", "awaiting_payment", "unrecognized"] == states(
            bench, first, second, third
        )
        assert {"1.1": ("CUP", 3)} == items_of(bench, second)

    def test_a_bundle_multiplies_its_items(self, bench):
        """
        One store unit may need several units of several variants.
        """
        bench.connect(bench.rule("SET", CUP=4, LAMP=1))
        (order_id,) = bench.sync(snapshot(SET=3))

        assert {"1.1": ("CUP", 12), "1.2": ("LAMP", 3)} == items_of(bench, order_id)

    def test_a_line_keeps_the_connection_that_paired_it(self, bench):
        """
        A line names its connection and the version of it.
        """
        connection_id = bench.connect(bench.rule("CUP"))
        (order_id,) = bench.sync(snapshot(CUP=1))
        (line,) = bench.app.orders.get("demo", order_id).lines

        assert (connection_id, 1) == (line.connection_id, line.connection_version)

    def test_a_connected_sku_is_taken(self, bench):
        """
        A SKU is connected once per store, whatever its case.
        """
        bench.connect(bench.rule("CUP"))
        again = NewConnection(
            store_id="shop", listing="other", rules=(bench.rule("cup"),)
        )

        with nothing_moves(bench), pytest.raises(AlreadyExistsError) as ei:
            bench.app.pairing.connect("demo", again, by=SELLER)
        assert "connection of SKU" == ei.value.kind

    def test_many_connections_fail_one_by_one(self, bench):
        """
        A bad connection among many is reported and the rest are made.
        """
        gone = MappingRule(sku="HAT", items=(RuleItem("no-such-variant"),))
        report = bench.app.pairing.connect_many(
            "demo",
            [
                NewConnection(store_id="shop", listing=r.sku, rules=(r,))
                for r in (bench.rule("CUP"), gone, bench.rule("LAMP"))
            ],
            by=STAFF,
        )

        assert {"shop/CUP", "shop/LAMP"} == report.done.keys()
        assert ["shop/HAT"] == list(report.failed)
        assert "no-such-variant" == report.failed["shop/HAT"].id

    def test_rules_that_map_nothing_or_twice_are_refused(self, bench):
        """
        A connection maps each SKU once, to positive quantities.
        """
        cup = bench.variants["CUP"]
        for rules in (
            (),
            (MappingRule(sku="A", items=()),),
            (MappingRule(sku="A", items=(RuleItem(cup, 0),)),),
            (bench.rule("CUP"), bench.rule("cup")),
        ):
            new = NewConnection(store_id="shop", listing="x", rules=rules)
            with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
                bench.app.pairing.connect("demo", new, by=SELLER)
            assert ei.value.field.startswith("rules")

    def test_only_the_seller_and_staff_connect(self, bench):
        """
        A carrier connects nothing.
        """
        new = NewConnection(store_id="shop", listing="CUP", rules=(bench.rule("CUP"),))
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.pairing.connect("demo", new, by=CARRIER)
        assert ("role_not_allowed",) == ei.value.codes

    def test_the_same_command_connects_once(self, bench):
        """
        A command id given again answers as before; for another request it conflicts.
        """
        new = NewConnection(store_id="shop", listing="CUP", rules=(bench.rule("CUP"),))
        first = bench.app.pairing.connect("demo", new, by=SELLER, command_id="c")
        with nothing_moves(bench):
            again = bench.app.pairing.connect("demo", new, by=SELLER, command_id="c")
        assert first == again

        other = NewConnection(
            store_id="shop", listing="CUP", rules=(bench.rule("CUP", HAT=1),)
        )
        with nothing_moves(bench), pytest.raises(IdempotencyConflictError) as ei:
            bench.app.pairing.connect("demo", other, by=SELLER, command_id="c")
        assert ("c", "shop/CUP") == (ei.value.command_id, ei.value.item)


class TestChange:
    def test_waiting_orders_are_paired_anew_and_paid_ones_keep_theirs(self, bench):
        """
        Unpaid orders go on with what is connected now; paid ones keep their items.
        """
        connection_id = bench.connect(bench.rule("CUP"))
        paid = bench.paid("1", CUP=1)
        (unpaid,) = bench.sync(snapshot("2", CUP=2))
        pay_by = bench.app.orders.get("demo", unpaid).pay_by
        bench.clock.advance(timedelta(days=1))
        change(bench, connection_id, bench.rule("CUP", HAT=2))

        assert ["awaiting_shipping", "awaiting_payment"] == states(bench, paid, unpaid)
        assert {"1.1": ("CUP", 1)} == items_of(bench, paid)
        assert {"1.1": ("HAT", 4)} == items_of(bench, unpaid)
        order = bench.app.orders.get("demo", unpaid)
        assert (2, pay_by) == (order.lines[0].connection_version, order.pay_by)
        with nothing_moves(bench, but=("outbox_message", "tab_delta")):
            bench.app.relay.run()

    def test_an_ignored_order_follows_and_stays_ignored(self, bench):
        """
        What is set aside is in step when it is taken up again.
        """
        connection_id = bench.connect(bench.rule("CUP"))
        (order_id,) = bench.sync(snapshot(CUP=1, SOCK=1))
        bench.app.orders.ignore("demo", [order_id], by=SELLER)
        change(bench, connection_id, bench.rule("CUP", HAT=2))

        assert ["ignored"] == states(bench, order_id)
        assert {"1.1": ("HAT", 2)} == items_of(bench, order_id)

    def test_a_sku_that_is_dropped_pairs_nothing_any_more(self, bench):
        """
        A line whose SKU the connection no longer maps waits for pairing again.
        """
        connection_id = bench.connect(bench.rule("CUP"), bench.rule("HAT"))
        (order_id,) = bench.sync(snapshot(CUP=1, HAT=2))
        change(bench, connection_id, bench.rule("HAT"))

        assert ["unrecognized"] == states(bench, order_id)
        assert {"2.1": ("HAT", 2)} == items_of(bench, order_id)

    def test_a_line_paired_for_its_order_alone_follows_nothing(self, bench):
        """
        A SKU connection goes before whatever its SKU is connected to later.
        """
        (order_id,) = bench.sync(snapshot(CUP=1))
        lamp = bench.variants["LAMP"]
        bench.app.pairing.connect_sku("demo", order_id, 1, [(lamp, 1)], by=SELLER)
        connection_id = bench.connect(bench.rule("CUP"))
        change(bench, connection_id, bench.rule("CUP", HAT=2))
        bench.app.pairing.remove("demo", connection_id, by=SELLER)

        assert ["awaiting_payment"] == states(bench, order_id)
        assert {"1.1": ("LAMP", 1)} == items_of(bench, order_id)

    def test_a_sku_that_is_dropped_is_free_again(self, bench):
        """
        What a changed connection no longer maps can be connected elsewhere.
        """
        connection_id = bench.connect(bench.rule("CUP"), bench.rule("HAT"))
        change(bench, connection_id, bench.rule("CUP"))
        bench.connect(bench.rule("HAT"))

        assert 2 == len(bench.app.pairing.connections("demo"))

    def test_a_line_still_waiting_beside_it_is_paired_anew_too(self, bench):
        """
        A paired line of an order that waits for another line follows the change.
        """
        connection_id = bench.connect(bench.rule("CUP"))
        (order_id,) = bench.sync(snapshot(CUP=1, SOCK=1))
        change(bench, connection_id, bench.rule("CUP", HAT=3))

        assert {"1.1": ("HAT", 3)} == items_of(bench, order_id)


class DiedError(BaseException):
    """
    The process is killed.
    """


class DyingStorage:
    """
    A storage whose process dies right behind its next commit, once it is told to.
    """

    def __init__(self):
        self.inner = MemoryStorage(TABLES)
        self.url = self.inner.url
        self.dies = False

    def close(self):
        self.inner.close()

    def transact(self, work, /, *, read_only):
        result = self.inner.transact(work, read_only=read_only)
        if self.dies and not read_only:
            self.dies = False
            raise DiedError
        return result


class TestKilled:
    """
    A process that dies right behind the commit that changed a connection.
    """

    @pytest.fixture
    def bench(self):
        made = open_bench(storage=DyingStorage())
        yield made
        assert () == made.app.audit.run(replay=True).violations

    @pytest.mark.parametrize("is_changed", [True, False])
    def test_unpaid_orders_follow_all_the_same(self, bench, is_changed):
        """
        Nobody pays what is out of step, and the next relay brings it in step.
        """
        connection_id = bench.connect(bench.rule("CUP"))
        waiting, whole = bench.sync(snapshot("1", CUP=1, SOCK=1), snapshot("2", CUP=2))
        bench.app.storage.dies = True
        rules = [bench.rule("CUP", HAT=2)]
        pairing = bench.app.pairing
        end = partial(pairing.change, rules=rules, method="", by=SELLER)
        with pytest.raises(DiedError):
            (end if is_changed else partial(pairing.remove, by=SELLER))(
                "demo", connection_id
            )

        assert "awaiting_payment" == states(bench, whole)[0]
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.checkouts.checkout("demo", [whole], by=SELLER)
        assert ("pairing_outdated",) == ei.value.codes
        bench.app.relay.run()
        if is_changed:
            assert {"1.1": ("HAT", 2)} == items_of(bench, waiting)
            assert {"1.1": ("HAT", 4)} == items_of(bench, whole)
            assert {whole: 1700} == bench.pay(whole).paid
        else:
            assert ["unrecognized"] * 2 == states(bench, waiting, whole)
            assert {} == items_of(bench, waiting) == items_of(bench, whole)


class TestRemove:
    def test_unpaid_orders_wait_again(self, bench):
        """
        Without its connection an unpaid order is Unrecognized; a paid one goes on.
        """
        connection_id = bench.connect(bench.rule("CUP"))
        paid = bench.paid("1", CUP=1)
        (unpaid,) = bench.sync(snapshot("2", CUP=1))

        assert 1 == bench.app.pairing.remove("demo", connection_id, by=SELLER)
        assert ["awaiting_shipping", "unrecognized"] == states(bench, paid, unpaid)
        assert {} == items_of(bench, unpaid)

    def test_a_paired_line_of_an_order_that_waits_is_let_go(self, bench):
        """
        An order that waits for one line does not keep another whose connection ended.
        """
        connection_id = bench.connect(bench.rule("CUP"))
        (order_id,) = bench.sync(snapshot(CUP=1, HAT=1))
        bench.app.pairing.remove("demo", connection_id, by=SELLER)
        bench.connect(bench.rule("HAT"))

        assert ["unrecognized"] == states(bench, order_id)
        assert {"2.1": ("HAT", 1)} == items_of(bench, order_id)

    def test_what_has_ended_is_neither_removed_nor_changed(self, bench):
        """
        A connection that ended cannot end again, nor start: connect anew.
        """
        connection_id = bench.connect(bench.rule("CUP"))
        bench.app.pairing.remove("demo", connection_id, by=SELLER)

        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.pairing.remove("demo", connection_id, by=SELLER)
        assert ("wrong_state",) == ei.value.codes
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            change(bench, connection_id, bench.rule("CUP"))
        assert "it is ended; connect the product anew" == ei.value.blockers[0].words
        pairing = bench.app.pairing
        assert () == pairing.allowed("demo", connection_id, by=SELLER)
        (why,) = pairing.why_not("demo", connection_id, "remove", by=STAFF)
        assert ("wrong_state", {"state": "ended"}) == (why.code, why.facts)

    def test_what_can_be_done_to_a_connection(self, bench):
        """
        The seller and staff change and remove what pairs; a carrier does neither.
        """
        connection_id = bench.connect(bench.rule("CUP"))
        pairing = bench.app.pairing

        assert ("change", "remove") == pairing.allowed("demo", connection_id, by=SELLER)
        assert () == pairing.allowed("demo", connection_id, by=CARRIER)
        (why,) = pairing.why_not("demo", connection_id, "change", by=CARRIER)
        assert "role_not_allowed" == why.code


class TestSkuConnection:
    def test_it_pairs_one_line_of_one_order(self, bench):
        """
        A SKU connection recognizes its order and touches no other.
        """
        first, second = bench.sync(snapshot("1", SOCK=1), snapshot("2", SOCK=1))
        state = bench.app.pairing.connect_sku(
            "demo", first, 1, [(bench.variants["CUP"], 2)], by=SELLER
        )

        assert "awaiting_payment" == state
        assert ["awaiting_payment", "unrecognized"] == states(bench, first, second)
        assert {"1.1": ("CUP", 2)} == items_of(bench, first)

    def test_it_goes_before_a_connection(self, bench):
        """
        A line paired for its order only keeps that pairing when its SKU is connected.
        """
        (order_id,) = bench.sync(snapshot(CUP=1, HAT=1))
        bench.app.pairing.connect_sku(
            "demo", order_id, 1, [(bench.variants["LAMP"], 1)], by=SELLER
        )
        bench.connect(bench.rule("CUP"))
        bench.connect(bench.rule("HAT"))

        assert {"1.1": ("LAMP", 1), "2.1": ("HAT", 1)} == items_of(bench, order_id)

    def test_it_is_for_orders_that_are_not_paid(self, bench):
        """
        What is paid is not paired by SKU any more.
        """
        bench.connect(bench.rule("CUP"))
        order_id = bench.paid(CUP=1)

        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.pairing.connect_sku(
                "demo", order_id, 1, [(bench.variants["HAT"], 1)], by=SELLER
            )
        assert ("wrong_state",) == ei.value.codes

    @pytest.mark.parametrize(("line", "quantity"), [(0, 1), (2, 1), (1, 0), (1, -1)])
    def test_a_line_or_quantity_there_is_not_is_refused(self, bench, line, quantity):
        """
        Lines count from one, and units are positive.
        """
        (order_id,) = bench.sync(snapshot(SOCK=1))
        with nothing_moves(bench), pytest.raises(InvalidInputError):
            bench.app.pairing.connect_sku(
                "demo", order_id, line, [(bench.variants["CUP"], quantity)], by=SELLER
            )


class TestHelp:
    def test_staff_connect_on_the_seller_s_behalf(self, bench):
        """
        A call for help waits in the queue until staff close it.
        """
        (order_id,) = bench.sync(snapshot(SOCK=1))
        help_id = bench.app.pairing.ask_for_help(
            "demo", order_id, 1, "no blue", by=SELLER
        )
        (wanted,) = bench.app.queues.help_wanted()
        assert (help_id, order_id, 1) == (wanted.help_id, wanted.order_id, wanted.line)

        bench.app.pairing.connect_sku(
            "demo", order_id, 1, [(bench.variants["CUP"], 1)], by=STAFF
        )
        bench.app.pairing.finish_help("demo", help_id, by=STAFF)
        assert () == bench.app.queues.help_wanted()

    def test_a_line_there_is_not_needs_no_help(self, bench):
        """
        Help is asked for a line of an order that waits.
        """
        (order_id,) = bench.sync(snapshot(SOCK=1))
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            bench.app.pairing.ask_for_help("demo", order_id, 2, "no blue", by=SELLER)
        assert ("line", 2) == (ei.value.field, ei.value.value)

    def test_only_staff_close_it(self, bench):
        """
        The seller cannot close a call for help.
        """
        (order_id,) = bench.sync(snapshot(SOCK=1))
        help_id = bench.app.pairing.ask_for_help(
            "demo", order_id, 1, "no blue", by=SELLER
        )

        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.pairing.finish_help("demo", help_id, by=SELLER)
        assert ("role_not_allowed",) == ei.value.codes


class TestDiscontinued:
    def test_connections_end_and_unpaid_orders_wait(self, bench):
        """
        What is not sold any more is connected no longer; paid orders keep it.
        """
        bench.connect(bench.rule("CUP"))
        bench.connect(bench.rule("HAT"))
        paid = bench.paid("1", CUP=1)
        unpaid, other = bench.sync(snapshot("2", CUP=1), snapshot("3", HAT=1))
        bench.app.upkeep.discontinue(bench.variants["CUP"], by=STAFF)

        cup = bench.variants["CUP"]
        assert 1 == bench.app.pairing.drop_variant("demo", cup, by=STAFF)
        assert ["awaiting_shipping", "unrecognized", "awaiting_payment"] == states(
            bench, paid, unpaid, other
        )
        assert ["HAT"] == [
            c.listing for c in bench.app.pairing.connections("demo") if c.is_active
        ]

    def test_it_is_not_connected_any_more(self, bench):
        """
        A variant that is not on sale cannot be connected, by product or by SKU.
        """
        rule = bench.rule("CUP")
        bench.app.upkeep.discontinue(bench.variants["CUP"], by=STAFF)
        (order_id,) = bench.sync(snapshot(CUP=1))
        new = NewConnection(store_id="shop", listing="CUP", rules=(rule,))

        with nothing_moves(bench), pytest.raises(NotFoundError) as ei:
            bench.app.pairing.connect("demo", new, by=SELLER)
        assert ("variant on sale", bench.variants["CUP"]) == (
            ei.value.kind,
            ei.value.id,
        )
        with nothing_moves(bench), pytest.raises(NotFoundError):
            bench.app.pairing.connect_sku(
                "demo", order_id, 1, [(bench.variants["CUP"], 1)], by=SELLER
            )


class TestSuggest:
    def test_the_same_sku_is_suggested_with_its_reason(self, bench):
        """
        A platform SKU that is the store's, case ignored, is suggested and says why.
        """
        (found,) = bench.app.pairing.suggest("demo", "shop", ["cup", "SOCK"])

        assert ("cup", bench.variants["CUP"], "same_sku") == (
            found.sku,
            found.variant_id,
            found.reason,
        )
        assert "the platform's SKU is CUP" == found.words

    def test_what_is_not_sold_is_not_suggested(self, bench):
        """
        A discontinued variant supplies nobody.
        """
        bench.app.upkeep.discontinue(bench.variants["CUP"], by=STAFF)

        assert () == bench.app.pairing.suggest("demo", "shop", ["CUP"])


class TestIgnore:
    def test_an_ignored_order_is_not_recognized_until_restored(self, bench):
        """
        Connections pass an ignored order by; restoring it recognizes it at once.
        """
        (order_id,) = bench.sync(snapshot(CUP=1))
        bench.app.orders.ignore("demo", [order_id], by=SELLER)
        bench.connect(bench.rule("CUP"))

        assert ["ignored"] == states(bench, order_id)
        assert 1 == bench.app.orders.counts("demo")[Tab.OTHER]
        report = bench.app.orders.restore("demo", [order_id], by=SELLER)
        assert {order_id: "awaiting_payment"} == report.done
