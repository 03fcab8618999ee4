"""
What a shop sells that is not ours: tips, protection plans, downloads.
"""

import attrs
import pytest
from moved_world import Moving

from sourcehere import (
    AlreadyExistsError,
    CommandRefusedError,
    InvalidInputError,
    NotFoundError,
)
from sourcehere.builtin.memory import MemoryStorage
from sourcehere.domain.effects.model import MessageKind
from sourcehere.testing.dying import DiedError, DyingStorage
from sourcehere.testing.factories import nothing_moves, open_bench, snapshot
from sourcehere.unit.tables import TABLES


class Hats(Moving):
    """
    An order of hats, by the shop's lines.
    """

    sku = "HAT"


def desk(bench):
    return bench.sh.seller("demo").connections


def lines_of(bench, order_id):
    order = bench.app.orders.get("demo", order_id)
    return order.state, [line.sku for line in order.lines]


def found(bench, external_id):
    """
    Return the parts there are of an order of the shop.
    """
    shop = bench.sh.seller("demo")
    return shop.orders.find_external("shop", [external_id])[external_id]


class TestMarked:
    def test_what_comes_later_is_without_it(self, paired):
        """
        The line is in no order, case ignored; an order of nothing else is none.
        """
        desk(paired).mark_not_ours("shop", ["TIP"])
        (order_id,) = paired.sync(snapshot("1", CUP=1, tip=1))
        paired.shop.put(snapshot("2", TIP=1))
        paired.app.stores.sync("demo", "shop")

        assert ("awaiting_payment", ["CUP"]) == lines_of(paired, order_id)
        assert () == found(paired, "2")
        assert {order_id: 500 + 400} == paired.pay(order_id).paid

    def test_it_leaves_orders_that_are_not_paid(self, paired):
        """
        One that waited for it only is recognized, one of nothing else ends, one that is
        ignored stays so; other lines keep their units, and calls for help their line.
        """
        mixed, alone, waiting, ignored = paired.sync(
            snapshot("1", TIP=1, CUP=2),
            snapshot("2", TIP=1),
            snapshot("3", TIP=1, SOCK=1),
            snapshot("4", TIP=1, SOCK=1),
        )
        paired.sh.seller("demo").orders.ignore([ignored])
        desk(paired).ask_for_help(waiting, 2, "no blue")
        done = desk(paired).mark_not_ours("shop", ["tip"])

        assert ("shop", 4) == (done.store_id, done.orders_changed)
        assert ("awaiting_payment", ["CUP"]) == lines_of(paired, mixed)
        assert ("cancelled", ["TIP"]) == lines_of(paired, alone)
        assert ("unrecognized", ["SOCK"]) == lines_of(paired, waiting)
        assert ("ignored", ["SOCK"]) == lines_of(paired, ignored)
        order = paired.app.orders.get("demo", alone)
        assert "not_ours" == order.cancel_reason
        told = paired.sh.seller("demo").orders.timeline(mixed)
        assert "line 1 left out: not ours" in [entry.words for entry in told]
        (call,) = paired.app.queues.help_wanted()
        assert (waiting, 1) == (call.order_id, call.line)
        assert {mixed: 1_000 + 550} == paired.pay(mixed).paid

    def test_the_shop_may_tell_it_again(self, paired):
        """
        An edit of the tip changes nothing, one of another line is followed without it.
        """
        (order_id,) = paired.sync(snapshot("1", CUP=1, TIP=1))
        desk(paired).mark_not_ours("shop", ["TIP"])
        paired.sync(snapshot("1", CUP=1, TIP=2))
        seen = lines_of(paired, order_id)
        paired.sync(snapshot("1", CUP=3, TIP=3))

        assert ("awaiting_payment", ["CUP"]) == seen
        order = paired.app.orders.get("demo", order_id)
        assert [3] == [line.quantity for line in order.lines]

    def test_a_paid_order_keeps_its_line(self, paired):
        """
        What is paid is sent, and an edit of another line holds for that line only.
        """
        order_id = paired.paid("1", CUP=1, HAT=1)
        (hat,) = [c for c in desk(paired).list() if c.listing == "HAT"]
        desk(paired).remove(hat.connection_id)
        done = desk(paired).mark_not_ours("shop", ["HAT"])
        paired.sync(snapshot("1", CUP=2, HAT=1))

        assert 0 == done.orders_changed
        assert ("awaiting_shipping", ["CUP", "HAT"]) == lines_of(paired, order_id)
        (hold,) = paired.app.orders.get("demo", order_id).holds
        assert "CUP: the shop wants 1 more" == hold.detail

    @pytest.mark.parametrize("hats", [0, 1])
    def test_of_a_line_that_is_paid_only_what_is_not_paid_leaves(self, paired, hats):
        """
        A tip was paid once, and two more were taken over with a hat, or by themselves:
        these are not wanted, now and when the shop tells them again.
        """

        def tell(tips, number):
            units = {"TIP": tips, **({"HAT": hats} if tips > 1 and hats else {})}
            order = attrs.evolve(snapshot("1", **units), number=number)
            return paired.sync(order)[0]

        orders = paired.sh.seller("demo").orders
        order_id = tell(1, "#1")
        desk(paired).connect_sku(order_id, 1, paired.wanted(LAMP=1))
        paired.pay(order_id)
        tell(3, "#2")
        added = orders.take_over(order_id).part_id
        desk(paired).mark_not_ours("shop", ["TIP"])
        left = ("awaiting_payment", ["HAT"]) if hats else ("cancelled", ["TIP"])
        assert () == paired.app.audit.run(replay=True).violations
        tell(3, "#3")
        assert [order_id, added] == list(found(paired, "1"))
        assert [("awaiting_shipping", ["TIP"]), left] == [
            lines_of(paired, name) for name in (order_id, added)
        ]
        assert () == paired.app.orders.get("demo", order_id).holds

    def test_a_tip_that_is_added_to_a_paid_order_holds_nothing(self, paired):
        """
        The shop wants no more of us than before.
        """
        desk(paired).mark_not_ours("shop", ["TIP"])
        order_id = paired.paid("1", CUP=1)
        paired.sync(snapshot("1", CUP=1, TIP=1))

        assert () == paired.app.orders.get("demo", order_id).holds

    def test_the_most_exact_name_decides(self, paired):
        """
        A variant is ours though its product is not; an id is marked as a SKU is.
        """
        lines = tuple(
            attrs.evolve(one, external_product_id="7")
            for one in snapshot("1", CUP=1, WRAP=1).lines
        )
        desk(paired).mark_not_ours("shop", [], product_ids=["7"], variant_ids=["9"])
        (order_id,) = paired.sync(attrs.evolve(snapshot("1"), lines=lines))

        assert ("awaiting_payment", ["CUP"]) == lines_of(paired, order_id)
        assert {"product:7", "variant:9"} == {
            one.name for one in desk(paired).not_ours("shop")
        }


class TestUnmarked:
    def test_it_is_wanted_again_where_it_is_told_again(self, paired):
        """
        Orders that come have the line; earlier ones get it back by a rewind: in the
        order that is not paid, else as a new part.
        """
        (before,) = paired.sync(snapshot("0", CUP=1, SOCK=2))
        desk(paired).mark_not_ours("shop", ["SOCK"])
        (first,) = paired.sync(snapshot("1", CUP=1, SOCK=1))
        paired.shop.put(snapshot("2", SOCK=2))
        shop = paired.sh.seller("demo")
        shop.stores.sync("shop")
        desk(paired).unmark_not_ours("shop", ["sock"])
        (later,) = paired.sync(snapshot("3", SOCK=1))
        shop.stores.rewind("shop")
        shop.stores.sync("shop")

        assert () == desk(paired).not_ours("shop")
        assert ("unrecognized", ["SOCK"]) == lines_of(paired, later)
        for order_id in (before, first):
            assert ("unrecognized", ["CUP", "SOCK"]) == lines_of(paired, order_id)
        (part,) = found(paired, "2")
        assert ("unrecognized", ["SOCK"]) == lines_of(paired, part)

    def test_what_is_not_marked_is_refused(self, paired):
        """
        Nothing is unmarked unless all of it was marked.
        """
        desk(paired).mark_not_ours("shop", ["SOCK"])
        with nothing_moves(paired), pytest.raises(NotFoundError) as ei:
            desk(paired).unmark_not_ours("shop", ["SOCK", "TIP"])
        assert ("SKU that is not ours", "TIP") == (ei.value.kind, ei.value.id)


class TestRefused:
    def test_what_is_connected_is_not_marked_and_the_reverse(self, paired):
        """
        One of the two has to end first.
        """
        with nothing_moves(paired), pytest.raises(AlreadyExistsError) as ei:
            desk(paired).mark_not_ours("shop", ["TIP", "cup"])
        assert ("connection of SKU", "CUP") == (ei.value.kind, ei.value.key)
        desk(paired).mark_not_ours("shop", ["Tip"])
        with nothing_moves(paired), pytest.raises(AlreadyExistsError) as ei:
            desk(paired).connect("shop", [paired.rule("TIP", CUP=1)])
        assert ("SKU that is not ours", "Tip") == (ei.value.kind, ei.value.key)

    def test_what_has_no_name_or_no_shop_is_refused(self, paired):
        """
        Nothing is marked by it.
        """
        for skus, variants in (([], []), ([" "], []), (["TIP"], [""])):
            for method in (desk(paired).mark_not_ours, desk(paired).unmark_not_ours):
                with nothing_moves(paired), pytest.raises(InvalidInputError) as ei:
                    method("shop", skus, variant_ids=variants)
                assert "skus" == ei.value.field
        with nothing_moves(paired), pytest.raises(NotFoundError):
            desk(paired).mark_not_ours("nowhere", ["TIP"])
        with pytest.raises(NotFoundError):
            desk(paired).not_ours("nowhere")


def test_a_process_that_dies_behind_its_commit_leaves_it_to_the_relay():
    """
    What was marked leaves the orders all the same.
    """
    storage = DyingStorage(MemoryStorage(TABLES))
    bench = open_bench(storage=storage)
    bench.connect(bench.rule("CUP"))
    (order_id,) = bench.sync(snapshot("1", CUP=1, TIP=1))
    storage.begin(dies_after=1)
    with pytest.raises(DiedError):
        desk(bench).mark_not_ours("shop", ["TIP"])
    storage.begin()
    assert ("unrecognized", ["CUP", "TIP"]) == lines_of(bench, order_id)
    owed = [message.kind for message in bench.sh.relay.waiting()]
    assert MessageKind.LEAVE_OUT in owed
    bench.sh.relay.run()

    assert ("awaiting_payment", ["CUP"]) == lines_of(bench, order_id)
    assert () == bench.app.audit.run(replay=True).violations


class TestTakenOver:
    """
    The shop adds a tip to a paid order, which is held for it; then tips are marked.
    """

    @pytest.fixture
    def order(self, paired):
        """
        Return a paid order of two cups.
        """
        return Moving(paired, L1=2)

    @staticmethod
    def tell(order, cups, tips, number):
        """
        Let the shop tell the order, in which tips are a line of their own.
        """
        units = {"CUP": cups, **({"TIP": tips} if tips else {})}
        order.bench.sync(attrs.evolve(snapshot("1", **units), number=number))
        assert () == order.bench.app.audit.run(replay=True).violations

    def test_what_is_not_ours_is_not_taken_over_beside_what_is(self, paired, order):
        """
        The part has the cup alone, and the tip is wanted no more, whoever asks.
        """
        self.tell(order, 3, 1, "#1")
        assert 1 == len(order.holds)
        desk(paired).mark_not_ours("shop", ["TIP"])
        order.take_over()
        assert () == paired.app.audit.run(replay=True).violations
        taken = [
            ("awaiting_shipping", {"L1": 2}),
            ("awaiting_payment", {"L1": 1}),
        ]
        assert (taken, []) == (order.parts, order.holds)
        paired.sh.relay.run()
        self.tell(order, 3, 1, "#2")

        assert (taken, []) == (order.parts, order.holds)

    def test_nothing_is_taken_over_where_all_of_it_is_not_ours(self, paired, order):
        """
        It says so, and the hold ends when the shop tells the same again.
        """
        self.tell(order, 2, 1, "#1")
        desk(paired).mark_not_ours("shop", ["TIP"])
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            order.take_over()
        assert ("not_ours",) == ei.value.codes
        assert "staff release the hold" in str(ei.value)
        why_not = paired.sh.seller("demo").orders.why_not(order.order_id, "take_over")
        assert ei.value.blockers == why_not
        self.tell(order, 2, 1, "#1")

        assert [("awaiting_shipping", {"L1": 2})] == order.parts
        assert [] == order.holds

    def test_of_a_line_that_is_paid_what_was_added_is_let_stand(self, paired, order):
        """
        One tip was paid as a lamp; of two more the seller says that they are not ours.
        """
        self.tell(order, 2, 1, "#1")
        order.take_over()
        (_, added) = found(paired, "1")
        desk(paired).connect_sku(added, 1, paired.wanted(LAMP=1))
        paired.pay(added)
        self.tell(order, 3, 3, "#2")
        desk(paired).mark_not_ours("shop", ["TIP"])
        (held,) = [
            n for n in found(paired, "1") if paired.app.orders.get("demo", n).holds
        ]
        third = paired.sh.seller("demo").orders.take_over(held).part_id
        assert ("awaiting_payment", ["CUP"]) == lines_of(paired, third)
        self.tell(order, 3, 3, "#3")

        assert ("awaiting_payment", ["CUP"]) == lines_of(paired, third)
        assert {()} == {
            paired.app.orders.get("demo", name).holds for name in found(paired, "1")
        }


class TestPaidUnitsOfAnotherLine:
    """
    Hats were paid, and then hats are called not ours; the shop makes their line anew.
    """

    @pytest.fixture
    def order(self, paired):
        """
        Return a paid order of two hats, of a shop that refuses lines it has not.
        """
        paired.shop.refuses_lines = True
        order = Hats(paired, L1=2)
        (hat,) = [c for c in desk(paired).list() if c.listing == "HAT"]
        desk(paired).remove(hat.connection_id)
        desk(paired).mark_not_ours("shop", ["HAT"])
        return order

    @pytest.mark.parametrize("units", [2, 3])
    @pytest.mark.parametrize("is_sent", [False, True])
    def test_what_is_paid_is_told_under_the_line_there_is(
        self, paired, order, units, is_sent
    ):
        """
        A hat more is not ours: nobody is asked about it.
        """
        if is_sent:
            paired.ship(order.order_id, "T1")
        order.tell(L2=units)
        order.tell(L2=units)
        assert [] == order.holds
        if not is_sent:
            paired.ship(order.order_id, "T1")
        paired.sh.relay.run()

        assert {"L2": 2} == paired.shop.units_sent("1")
        assert () == tuple(paired.sh.relay.dead())
        order.tell(L2=(units, 2))
        assert [("shipped", {"L1": 2})] == order.parts
        assert [] == order.holds

    def test_a_line_that_had_got_them_keeps_them(self, paired):
        """
        They moved before hats were called not ours.
        """
        order = Hats(paired, L1=2)
        order.tell(L2=2)
        (hat,) = [c for c in desk(paired).list() if c.listing == "HAT"]
        desk(paired).remove(hat.connection_id)
        desk(paired).mark_not_ours("shop", ["HAT"])
        order.tell(L2=2)
        assert [] == order.holds
        paired.ship(order.order_id)
        paired.sh.relay.run()

        assert {"L2": 2} == paired.shop.units_sent("1")

    def test_what_was_not_ours_before_takes_no_unit(self, order):
        """
        A hat is taken out of the paid line beside another that never was ours.
        """
        order.tell(L1=2, L2=1)
        assert [] == order.holds
        order.tell(L1=1, L2=1)
        assert ["HAT: the shop wants 1 fewer"] == order.holds
        order.tell(L1=1, L2=2)  # only now it is seen that it moved
        assert [] == order.holds

    def test_the_new_line_is_gone_too(self, order):
        """
        Then nobody wants the hats that are paid; they are, once it is there again.
        """
        order.tell(L2=2)
        order.tell(L3=0)
        assert ["hat: the shop wants 2 fewer"] == order.holds
        order.tell(L1=2)
        assert [] == order.holds

    def test_hats_that_are_ours_again_are_more(self, paired, order):
        """
        Of three, two are paid.
        """
        order.tell(L2=3)
        desk(paired).unmark_not_ours("shop", ["hat"])
        order.tell(L2=3)

        assert ["HAT: the shop wants 1 more"] == order.holds
