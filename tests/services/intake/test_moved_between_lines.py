"""
Units that a shop moves from line to line of one SKU, and then wants more or fewer of.
"""

from datetime import timedelta

import attrs
import pytest
from moved_world import Moving, Told, Varied

from sourcehere.testing.factories import STAFF
from sourcehere.testing.fake_shop import Fault
from sourcehere.testing.rows import dump
from sourcehere.unit.tables.stores import STORE_ORDERS


class TestWantedMore:
    def test_a_line_that_gave_units_and_wants_more_takes_them_back_first(self, paired):
        """
        Two of each left; one moved to the first line; then five and four are wanted:
        three and two more, so that no line gets more than it wants.
        """
        order = Moving(paired, L1=2, L2=2)
        paired.ship(order.order_id)
        order.tell(L1=3, L2=1)
        assert [] == order.holds
        order.tell(L1=5, L2=1)
        assert ["CUP: the shop wants 2 more"] == order.holds
        order.tell(L1=5, L2=4)
        assert ["CUP: the shop wants 3 more; CUP: the shop wants 2 more"] == order.holds
        order.take_over()

        assert ("awaiting_payment", {"L1": 3, "L2": 2}) == order.parts[1]
        order.tell(L1=5, L2=4)
        assert [] == order.holds

    def test_what_came_back_to_its_line_is_no_more(self, paired):
        """
        Split, and merged again.
        """
        order = Moving(paired, L1=4)
        order.tell(L1=2, L2=2)
        order.tell(L1=4)
        assert [] == order.holds
        order.tell(L1=5)

        assert ["CUP: the shop wants 1 more"] == order.holds

    def test_of_three_lines_those_give_back_that_had_got(self, paired):
        """
        The third line gave to both others; it wants more than it ever had.
        """
        order = Moving(paired, L1=1, L2=1, L3=3)
        order.tell(L1=2, L2=2, L3=1)
        assert [] == order.holds
        order.tell(L1=2, L2=2, L3=4)
        order.take_over()

        assert ("awaiting_payment", {"L1": 1, "L2": 1, "L3": 1}) == order.parts[1]


class TestWantedLess:
    def test_a_line_that_is_no_more_gives_back_what_it_got(self, paired):
        """
        Split, and then the new line is deleted: its units are stopped where they are.
        """
        order = Moving(paired, L1=4)
        order.tell(L1=2, L2=2)
        order.tell(L1=2)
        assert ["CUP: the shop wants 2 fewer"] == order.holds
        app = paired.app
        app.orders.refund_units("demo", order.order_id, {"1.1": 2}, by=STAFF)
        order.tell(L1=2)

        assert [] == order.holds

    def test_a_line_that_got_its_own_back_knows_what_was_taken_out(self, paired):
        """
        A unit of it was refunded while others were elsewhere; once the shop has told
        that it wants as much less, a unit more is one more.
        """
        order = Moving(paired, L1=1, L2=3)
        order.tell(L1=3, L2=1)
        paired.app.orders.refund_units("demo", order.order_id, {"2.1": 1}, by=STAFF)
        order.tell(L2=1)
        order.tell(L2=3)

        assert [] == order.holds

    def test_what_left_of_it_stands(self, paired):
        """
        All has left: there is nothing to stop, and nothing more to send.
        """
        order = Moving(paired, L1=4)
        order.tell(L1=2, L2=2)
        paired.ship(order.order_id)
        order.tell(L1=2)
        assert [] == order.holds
        order.tell(L1=4)
        assert [] == order.holds
        order.tell(L1=5)

        assert ["CUP: the shop wants 1 more"] == order.holds

    def test_its_own_units_are_stopped_first(self, paired):
        """
        Of two lines of two, one has left, and one unit of it moved to the other.
        """
        order = Moving(paired, L1=2, L2=2)
        paired.ship(order.order_id, i1_1=2)
        order.tell(L1=1, L2=3)
        order.tell(L1=1, L2=1)
        assert ["CUP: the shop wants 2 fewer"] == order.holds
        order.tell(L1=1, L2=0)

        assert ["CUP: the shop wants 2 fewer"] == order.holds


class TestWhileAPartIsUnpaid:
    def test_what_another_line_gives_is_not_bought_again(self, paired):
        """
        Two of each arrived and one more is to be paid, when one moves to its line.
        """
        order = Moving(paired, L1=2, L2=2)
        order.end()
        order.tell(L1=3, L2=2)
        assert ("awaiting_payment", {"L1": 1}) == order.parts[1]
        order.tell(L1=4, L2=1)

        assert ("awaiting_payment", {"L1": 1}) == order.parts[1]
        order.tell(L1=5, L2=1)
        assert ("awaiting_payment", {"L1": 2}) == order.parts[1]
        order.tell(L1=5, L2=3)
        assert ("awaiting_payment", {"L1": 3, "L2": 1}) == order.parts[1]
        order.tell(L1=2, L2=2)
        assert ("cancelled", {"L1": 3, "L2": 1}) == order.parts[1]

    def test_what_moves_within_the_part_follows(self, paired):
        """
        Its own units move as the shop moves them.
        """
        order = Moving(paired, L1=2, L2=2)
        order.end()
        order.tell(L1=3, L2=3)
        order.tell(L1=4, L2=2)

        assert ("awaiting_payment", {"L1": 2}) == order.parts[1]

    @pytest.mark.parametrize(
        ("wanted", "units"),
        [
            # The shop edited the line that expired: all of it comes back, six in all.
            ({"L1": 5, "L2": 1}, {"L1": 2}),
            # It edited the other: that takes back what it had given, and no more.
            ({"L1": 4, "L2": 2}, {"L1": 1}),
        ],
    )
    def test_what_expired_comes_back_without_what_was_moved(
        self, paired, wanted, units
    ):
        """
        One of two had moved before the part that expired was made.
        """
        order = Moving(paired, L1=2, L2=2)
        order.end()
        order.tell(L1=3, L2=1)
        order.tell(L1=4, L2=1)
        assert ("awaiting_payment", {"L1": 1}) == order.parts[1]
        paired.clock.advance(timedelta(days=15))
        paired.app.clocks.fire()
        order.tell(**wanted)

        assert ["fulfilled", "cancelled", "awaiting_payment"] == [
            state for state, _ in order.parts
        ]
        assert units == order.parts[2][1]


class TestWhatTheShopWasTold:
    @pytest.fixture
    def merged(self, paired):
        """
        Two lines in one parcel, merged before the shop was told of it.
        """
        paired.shop.refuses_lines = True
        order = Moving(paired, L1=2, L2=3)
        paired.ship(order.order_id)
        order.tell(L2=5)
        return order

    def test_units_told_under_another_line_were_not_sent_by_somebody_else(
        self, paired, merged
    ):
        """
        The shop says that five left of the line, of which we sent three and moved two.
        """
        paired.sh.relay.run()
        assert {"L2": 5} == paired.shop.units_sent("1")
        merged.tell(L2=(5, 5))
        assert [] == merged.holds
        merged.tell(L2=(6, 5))

        assert ["CUP: the shop wants 1 more"] == merged.holds

    def test_units_that_were_told_do_not_move_back(self, paired, merged):
        """
        The old line wants one again: one more for each line, whatever the shop says of
        what has left.
        """
        paired.sh.relay.run()
        merged.tell(L1=1, L2=6)
        merged.take_over()
        (_, (_, second)) = merged.parts
        assert {"L1": 1, "L2": 1} == second
        (_, name) = paired.app.orders.find_external("demo", "shop", ["1"])["1"]
        paired.pay(name)
        paired.app.shipping.accept("demo", [name], by=STAFF)
        paired.ship(name, "T2")
        paired.sh.relay.run()

        assert {"L1": 1, "L2": 6} == paired.shop.units_sent("1")

    def test_other_units_that_move_back_do_not_change_what_was_told(self, paired):
        """
        The first line gets another unit for the one that was told under the second:
        nobody else sent that one.
        """
        order = Moving(paired, L1=1, L2=2)
        order.tell(L2=3)
        paired.ship(order.order_id, "T1", i1_1=1)
        paired.sh.relay.run()
        assert {"L2": 1} == paired.shop.units_sent("1")
        order.tell(L1=1, L2=(2, 1))
        order.tell(L1=1, L2=(2, 1))
        assert [] == order.holds
        paired.ship(order.order_id, "T2")
        paired.sh.relay.run()

        assert {"L1": 1, "L2": 2} == paired.shop.units_sent("1")

    def test_a_replacement_stands_for_what_was_told_of_the_replaced(
        self, paired, merged
    ):
        """
        Until the shop hears of the new parcel, it counts the units of the old one.
        """
        paired.sh.relay.run()
        (parcel,) = paired.app.tracking.parcels("demo", merged.order_id)
        for old, number in ((parcel.parcel_id, "T2"), (None, "T3")):
            parcels = paired.app.tracking.parcels("demo", merged.order_id)
            name = old or next(p.parcel_id for p in parcels if not p.replaced_by)
            paired.app.shipping.void_parcel(
                "demo",
                merged.order_id,
                name,
                carrier="post",
                tracking_number=number,
                by=STAFF,
            )
        merged.tell(L2=(6, 5))
        assert ["CUP: the shop wants 1 more"] == merged.holds
        paired.sh.relay.run()
        merged.tell(L2=(6, 5))

        assert ["CUP: the shop wants 1 more"] == merged.holds

    def test_units_that_were_not_told_do(self, paired, merged):
        """
        Nobody had told the shop yet: each line gets its own, and what it lacks.
        """
        merged.tell(L1=1, L2=6)
        merged.take_over()
        assert {"L2": 2} == merged.parts[1][1]
        paired.sh.relay.run()

        assert {"L1": 1, "L2": 4} == paired.shop.units_sent("1")

    @pytest.mark.parametrize(
        ("before", "after", "said"),
        [
            ({"L1": 2, "L2": 3}, {"L2": 5}, {"L1": 2, "L2": 3}),
            ({"L2": 5}, {"L1": 2, "L2": 3}, {"L2": 5}),  # and back again
        ],
    )
    def test_a_key_says_the_same_when_it_is_sent_again(
        self, paired, before, after, said
    ):
        """
        Nobody knows whether the first call arrived, and the shop changes its lines
        meanwhile; it takes no other words under one key.
        """
        order = Moving(paired, L1=2, L2=3)
        paired.ship(order.order_id)
        order.tell(**before)
        paired.shop.faults = [Fault.LOST_BEFORE]
        told = []
        paired.shop.when_pushed = told.append
        paired.sh.relay.run()
        order.tell(**after)
        paired.clock.advance(timedelta(hours=1))
        paired.sh.relay.run()

        first, second = told
        assert first == second
        assert said == {n.external_line_id: n.quantity for n in first.lines}


class TestToldAgain:
    """
    A parcel of two lines is told, nobody knows whether the shop took it, and then the
    shop merges the lines, or splits them.
    """

    @pytest.fixture(params=[({"L1": 2, "L2": 3}, {"L2": 5}), ({"L2": 5}, {"L1": 5})])
    def lines(self, request):
        """
        Return the lines before and after.
        """
        return request.param

    @staticmethod
    def told(bench, lines, fault):
        """
        Return the order, of which the first call met a *fault*.
        """
        before, after = lines
        bench.shop.refuses_lines = True
        order = Moving(bench, L1=2, L2=3)
        bench.ship(order.order_id)
        order.tell(**before)
        (push,) = [m for m in bench.sh.relay.waiting() if m.channel == "store"]
        order.message_id = push.message_id
        bench.shop.faults = [fault]
        bench.sh.relay.run()
        order.tell(**after)
        bench.clock.advance(timedelta(hours=1))
        return order

    @staticmethod
    def attempts(bench, order):
        """
        Return the state and the key of each attempt.
        """
        tried = bench.sh.relay.attempts("demo", order.message_id)
        return [(attempt.state, attempt.key) for attempt in tried]

    @staticmethod
    def finds(bench):
        """
        Let the shop say what was taken under which key.
        """
        taken = bench.shop.fulfilments

        def find(notice):
            key = notice.idempotency_key
            return f"ref:{key}" if key in taken else None

        bench.shop.find_push = find

    def test_what_was_not_taken_is_told_under_the_lines_there_are(self, paired, lines):
        """
        The shop says so: under another key, as the first one stands for other words.
        """
        self.finds(paired)
        order = self.told(paired, lines, Fault.LOST_BEFORE)
        paired.sh.relay.run()

        (first, _), (second, _) = self.attempts(paired, order)
        assert ("absent", "succeeded") == (first, second)
        assert lines[1] == paired.shop.units_sent("1")
        assert 2 == len(set(paired.shop.keys_pushed))
        ((name, units),) = lines[1].items()
        order.tell(**{name: (units, units)})
        order.tell(**{name: (units + 1, units)})
        assert ["CUP: the shop wants 1 more"] == order.holds

    @pytest.mark.parametrize("can_find", [True, False])
    def test_what_was_taken_stays_as_it_was_told(self, paired, lines, can_find):
        """
        Whether the shop is asked, or takes the same key twice for one.
        """
        if can_find:
            self.finds(paired)
        order = self.told(paired, lines, Fault.LOST_AFTER)
        paired.sh.relay.run()

        ((state, _),) = self.attempts(paired, order)
        assert "succeeded" == state
        assert lines[0] == paired.shop.units_sent("1")
        assert () == tuple(paired.sh.relay.dead())

    def test_what_is_refused_is_told_under_the_lines_there_are(self, paired, lines):
        """
        A shop that cannot be asked, and has no such line, took the first call neither.
        """
        order = self.told(paired, lines, Fault.LOST_BEFORE)
        paired.sh.relay.run()
        paired.clock.advance(timedelta(hours=1))
        paired.sh.relay.run()

        (first, _), (second, _) = self.attempts(paired, order)
        assert ("declined", "succeeded") == (first, second)
        assert lines[1] == paired.shop.units_sent("1")
        assert () == tuple(paired.sh.relay.dead())

    def test_what_was_refused_at_once_waits_for_a_person(self, paired, lines):
        """
        Sent again, it is told under the lines that there are by then.
        """
        order = self.told(paired, lines, Fault.DECLINED)
        paired.sh.relay.run()
        (dead,) = paired.sh.relay.dead()
        assert {} == paired.shop.units_sent("1")
        paired.sh.relay.resend("demo", dead.message_id)
        paired.sh.relay.run()

        assert ["declined", "succeeded"] == [s for s, _ in self.attempts(paired, order)]
        assert lines[1] == paired.shop.units_sent("1")

    @pytest.mark.parametrize("fault", [None, Fault.LOST_BEFORE, Fault.LOST_AFTER])
    @pytest.mark.parametrize("between", [{}, {"L1": 3, "L2": 4}])
    def test_what_is_taken_back_step_by_step_is_not_sent_once_more(
        self, paired, between, fault
    ):
        """
        As many arrived as the shop wants again, with one fewer in between: whatever it
        was told, the buyer gets no unit on top.
        """
        self.finds(paired)
        paired.shop.refuses_lines = True
        order = Moving(paired, L1=3, L2=5)
        order.end()
        order.tell(L1=4, L2=4)
        paired.shop.faults = [fault] if fault else []
        paired.sh.relay.run()
        if between:
            order.tell(**between)
        order.tell(L1=3, L2=5)
        assert [("fulfilled", {"L1": 3, "L2": 5})] == order.parts
        paired.clock.advance(timedelta(hours=1))
        paired.sh.relay.run()

        was_absent = fault is Fault.LOST_BEFORE
        said = {"L1": 3, "L2": 5} if was_absent else {"L1": 4, "L2": 4}
        assert said == paired.shop.units_sent("1")
        order.tell(L1=(3, said["L1"]), L2=(5, said["L2"]))
        order.tell(L1=(3, said["L1"]), L2=(6, said["L2"]))
        assert ("awaiting_payment", {"L2": 1}) == order.parts[1]

    def test_what_is_told_as_before_keeps_its_key(self, paired):
        """
        Nothing changed meanwhile.
        """
        self.finds(paired)
        order = self.told(paired, ({"L2": 5}, {"L2": 5}), Fault.LOST_BEFORE)
        paired.sh.relay.run()

        ((state, _),) = self.attempts(paired, order)
        assert "succeeded" == state
        assert 1 == len(set(paired.shop.keys_pushed))


class TestServedFromLocalStock:
    """
    The seller serves the order, and tells the shop under the lines that it has then.
    """

    @pytest.fixture
    def order(self, paired):
        """
        Return an order of two lines that the seller serves; then the shop merges them.
        """
        desk = paired.sh.seller("demo")
        desk.local_stock.count(paired.variants["CUP"], 5)
        order = Told(paired, L1=2, L2=1)
        desk.orders.serve_from_local_stock([order.order_id])
        order.tell(L2=3)
        return order

    def test_what_left_of_the_line_it_moved_to_was_not_sent_by_somebody_else(
        self, order
    ):
        """
        A unit that the shop wants more then is one more.
        """
        order.tell(L2=(3, 3))
        assert [("cancelled", {"L1": 2, "L2": 1})] == order.parts
        order.tell(L2=(4, 3))

        assert [
            ("cancelled", {"L1": 2, "L2": 1}),
            ("awaiting_payment", {"L2": 1}),
        ] == order.parts

    def test_the_line_they_came_from_does_not_take_them_back(self, order):
        """
        They left of the other line; the shop wants two more of the first.
        """
        order.tell(L2=(3, 3))
        order.tell(L1=2, L2=(3, 3))
        order.tell(L1=2, L2=(3, 3))

        assert [
            ("cancelled", {"L1": 2, "L2": 1}),
            ("awaiting_payment", {"L1": 2}),
        ] == order.parts

    def test_other_units_that_move_back_do_not_change_what_they_left_of(
        self, paired, order
    ):
        """
        They left of the second line; of what is sent then, the first gets what it
        lacks.
        """
        order.tell(L2=(3, 3))
        order.tell(L2=(5, 3))
        (_, name) = paired.app.orders.find_external("demo", "shop", ["1"])["1"]
        paired.pay(name)
        paired.app.shipping.accept("demo", [name], by=STAFF)
        order.tell(L1=2, L2=(3, 3))
        order.tell(L1=2, L2=(3, 3))
        assert () == paired.app.orders.get("demo", name).holds
        paired.ship(name)
        paired.sh.relay.run()

        assert {"L1": 2} == paired.shop.units_sent("1")

    def test_a_line_of_which_the_seller_sent_some_is_told_the_others(self, paired):
        """
        Units of a part that is paid moved away: the line is not told more than it
        wants.
        """
        desk = paired.sh.seller("demo")
        desk.local_stock.count(paired.variants["CUP"], 5)
        order = Told(paired, L1=1, L2=1)
        desk.orders.serve_from_local_stock([order.order_id])
        order.tell(L1=(1, 1), L2=(3, 1))
        (_, name) = paired.app.orders.find_external("demo", "shop", ["1"])["1"]
        paired.pay(name)
        paired.app.shipping.accept("demo", [name], by=STAFF)
        order.tell(L1=(2, 1), L2=(2, 1))
        paired.ship(name)
        paired.sh.relay.run()

        assert {"L1": 1, "L2": 1} == paired.shop.units_sent("1")

    def test_what_somebody_else_sent_beside_it_is_not_sent(self, order):
        """
        Of four units one left by somebody else.
        """
        order.tell(L2=(4, 4))

        assert [("cancelled", {"L1": 2, "L2": 1})] == order.parts


class TestOneSkuOfSeveralVariants:
    """
    The shop has one SKU for several variants, of which each is connected by its id.
    """

    @pytest.fixture
    def order(self, bench):
        """
        Two lines of two variants, in an order that is paid.
        """
        bench.shop.refuses_lines = True
        rules = (
            attrs.evolve(bench.rule(sku), sku="", external_variant_id=name)
            for sku, name in (("CUP", "red"), ("HAT", "blue"))
        )
        bench.connect(*rules)
        return Varied(bench, L1=("red", 2), L2=("blue", 2))

    def test_units_of_another_variant_are_something_else(self, order):
        """
        A unit of one variant is not sent for one of the other.
        """
        order.tell(L1=("red", 1), L2=("blue", 3))

        assert [
            "TEE: the shop wants 1 fewer; TEE: the shop wants 1 more"
        ] == order.holds

    def test_units_move_between_lines_of_their_variant(self, bench, order):
        """
        Both lines are split and merged again under other ids; each parcel is told under
        the line of what is in it, also where the shop does not sell it any more.
        """
        order.tell(L3=("blue", 2), L4=("red", 2))
        assert [] == order.holds
        order.tell(L3=("blue", 2), L4=("red", 1), L5=("", 1))
        assert [] == order.holds
        bench.ship(order.order_id, "T1", i1_1=2)
        bench.sh.relay.run()
        assert {"L4": 1, "L5": 1} == bench.shop.units_sent("1")
        bench.ship(order.order_id, "T2", i2_1=2)
        bench.sh.relay.run()

        assert {"L3": 2, "L4": 1, "L5": 1} == bench.shop.units_sent("1")

    def test_a_line_that_is_no_more_gives_its_variant_back(self, order):
        """
        A line that was split off is deleted: its own variant is wanted less.
        """
        order.tell(L1=("red", 1), L2=("blue", 1), L3=("blue", 1), L4=("red", 1))
        assert [] == order.holds
        order.tell(L1=("red", 1), L2=("blue", 1), L4=("red", 1))
        assert ["TEE: the shop wants 1 fewer"] == order.holds
        order.tell(L1=("red", 1), L2=("blue", 2), L4=("red", 1))

        assert [] == order.holds


def test_a_line_that_units_were_told_under_is_known_when_it_is_gone(paired):
    """
    One unit left; then the line became another one and got one beside it, under which
    the others were told; then the shop has none of them.
    """
    order = Moving(paired, L1=3)
    paired.ship(order.order_id, "T1", i1_1=1)
    paired.sh.relay.run()
    order.tell(L3=2, L2=3)
    (hold,) = paired.app.orders.get("demo", order.order_id).holds
    paired.app.orders.release_hold("demo", order.order_id, hold.hold_id, by=STAFF)
    paired.ship(order.order_id, "T2", i1_1=2)
    paired.sh.relay.run()
    assert {"L1": 1, "L3": 2} == paired.shop.units_sent("1")
    order.tell(L1=0)

    assert [] == order.holds


class TestAnotherVariantInPlace:
    @pytest.mark.parametrize("alone", [False, True])
    def test_what_is_not_paid_follows(self, bench, alone):
        """
        The shop changes of which variant a line is, and neither its id nor its SKU: the
        line is paired anew, what a person chose for this order alone included.
        """
        rules = (
            attrs.evolve(bench.rule(sku), sku="", external_variant_id=name)
            for sku, name in (("CUP", "red"), ("HAT", "blue"))
        )
        bench.connect(*rules)
        cup, hat = (
            bench.app.catalog.find_by_sku([sku])[sku.lower()].variant_id
            for sku in ("CUP", "HAT")
        )
        (order_id,) = bench.sync(Varied.lined(L1=("red", 2), L2=("red", 1)))
        if alone:
            desk = bench.sh.seller("demo").connections
            desk.connect_sku(order_id, 1, bench.wanted(CUP=6))
        bench.sync(Varied.lined(L1=("blue", 2), L2=("red", 1)))

        order = bench.app.orders.get("demo", order_id)
        assert [("blue", 2), ("red", 1)] == [
            (line.external_variant_id, line.quantity) for line in order.lines
        ]
        assert [(hat, 2), (cup, 1)] == [
            (item.variant_id, item.quantity) for item in order.items.values()
        ]
        assert "awaiting_payment" == order.state
        assert () == bench.app.audit.run(replay=True).violations

    @pytest.fixture
    def paid(self, bench):
        """
        Return an order of two red ones, paid.
        """
        rules = (
            attrs.evolve(bench.rule(sku), sku="", external_variant_id=name)
            for sku, name in (("CUP", "red"), ("HAT", "blue"))
        )
        bench.connect(*rules)
        return Varied(bench, L1=("red", 2))

    def test_what_is_paid_is_held(self, paid):
        """
        The wrong variant does not leave unseen; when the shop wants the first one
        again, nothing is different.
        """
        paid.tell(L1=("blue", 2))
        assert [
            "TEE: the shop wants variant blue, not red, which was paid"
        ] == paid.holds
        paid.tell(L1=("", 2))
        assert [
            "TEE: the shop wants variant blue, not red, which was paid"
        ] == paid.holds
        paid.tell(L1=("red", 2))

        assert [] == paid.holds

    def test_what_a_person_let_stand_is_not_asked_again(self, bench, paid):
        """
        Released, it is sent; a third variant is asked about anew.
        """
        paid.tell(L1=("blue", 2))
        (hold,) = bench.app.orders.get("demo", paid.order_id).holds
        bench.app.orders.release_hold("demo", paid.order_id, hold.hold_id, by=STAFF)
        paid.tell(L1=("blue", 2), L2=("blue", 1))
        assert ["TEE: the shop wants 1 more"] == paid.holds
        paid.tell(L1=("blue", 2))
        assert [] == paid.holds
        paid.tell(L1=("green", 2))

        assert [
            "TEE: the shop wants variant green, not red, which was paid"
        ] == paid.holds

    def test_what_was_let_stand_stays_so_when_units_are_decided_later(
        self, bench, paid
    ):
        """
        A person released it for its variant, and later for a unit more.
        """
        for units in (2, 3):
            paid.tell(L1=("blue", units))
            (hold,) = bench.app.orders.get("demo", paid.order_id).holds
            bench.app.orders.release_hold("demo", paid.order_id, hold.hold_id, by=STAFF)
        paid.tell(L1=("blue", 3))

        assert [] == paid.holds

    def test_units_that_were_added_are_taken_over_and_the_rest_stays_held(
        self, bench, paid
    ):
        paid.tell(L1=("blue", 3))
        assert [
            "TEE: the shop wants 1 more and variant blue, not red, which was paid"
        ] == paid.holds
        paid.take_over()
        (_, more) = bench.app.orders.find_external("demo", "shop", ["1"])["1"]

        line = bench.app.orders.get("demo", more).lines[0]
        assert ("blue", 1) == (line.external_variant_id, line.quantity)
        assert 1 == len(paid.holds)

    @pytest.mark.usefixtures("paid")
    def test_the_audit_names_what_is_neither_held_nor_decided(self, bench):
        """
        The record says another variant than is paid, and nobody was asked.
        """
        storage, table = bench.app.storage, STORE_ORDERS.table
        (row,) = dump(storage, [table])[table.name]
        record = STORE_ORDERS.from_row(row)
        (line,) = record.lines
        lines = (attrs.evolve(line, external_variant_id="blue"),)
        changed = STORE_ORDERS.to_row(attrs.evolve(record, lines=lines))

        def plant(what):
            storage.transact(
                lambda session: session.replace(table, [what], expected=None),
                read_only=False,
            )

        plant(changed)
        (found,) = bench.app.audit.run(replay=True).violations
        plant(row)
        assert "shop_gets_what_it_wants" == found.invariant
        assert "line L1 (tee): another variant, not red" in found.words

    def test_what_has_left_is_not_held(self, bench, paid):
        """
        Nothing of it can be stopped any more.
        """
        bench.ship(paid.order_id, "T1", i1_1=2)
        paid.tell(L1=("blue", 2))

        assert [] == paid.holds
