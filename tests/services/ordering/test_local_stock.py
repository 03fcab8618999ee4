"""
The local stock: goods that lie at the seller's own place.
"""

import attrs
import pytest

from sourcehere import (
    CommandRefusedError,
    DisputeReason,
    InvalidInputError,
    NotFoundError,
    TooLittleLocalStockError,
)
from sourcehere.domain.kernel.errors import Blocker
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.testing.factories import HOME, SELLER, STAFF, nothing_moves, snapshot


@pytest.fixture
def shop(paired):
    """
    The seller's desk; cups, hats and lamps of the shop are connected.
    """
    return paired.sh.seller("demo")


def kept(bench, *, ship=True, **units):
    """
    Buy units by a manual order, let them leave, and return the order's id.
    """
    shop = bench.sh.seller("demo")
    order_id = shop.drafts.manual(bench.wanted(**units), HOME).order_id
    shop.drafts.place(order_id)
    bench.pay(order_id)
    bench.app.shipping.accept("demo", [order_id], by=STAFF)
    if ship:
        bench.ship(order_id, f"T{order_id}")
    return order_id


def granted(bench, order_id, units):
    """
    Dispute units of the first item as damaged, and grant what was asked.
    """
    dispute_id = bench.app.disputes.open(
        "demo",
        NewDispute(
            order_id=order_id,
            reason=DisputeReason.DAMAGED,
            quantities={"1.1": units},
            evidence={"description": "see the photo", "photo": "photo-1"},
        ),
        by=SELLER,
    )
    bench.app.disputes.move("demo", dispute_id, "take", by=STAFF)
    bench.app.disputes.grant("demo", dispute_id, by=STAFF)


def moves(bench):
    """
    Return what came and went, oldest first: kind, units.
    """
    found = bench.sh.seller("demo").local_stock.movements()
    return [(str(one.kind), one.quantity) for one in reversed(found.items)]


def on_hand(bench, sku="CUP"):
    variant = bench.variants[sku]
    return bench.sh.seller("demo").local_stock.get(variant).on_hand


def put_in(bench, **units):
    desk = bench.sh.seller("demo").local_stock
    for sku, count in units.items():
        desk.count(bench.variants[sku], count)


class TestReceive:
    def test_what_left_and_is_not_refunded_comes_in_once(self, paired, shop):
        """
        Done again it adds nothing; the movement names the order and who asked.
        """
        order_id = kept(paired, CUP=5)
        assert 5 == shop.local_stock.receive(order_id).units
        assert 0 == shop.local_stock.receive(order_id).units

        assert 5 == on_hand(paired)
        (move,) = shop.local_stock.movements(variant_id=paired.variants["CUP"])
        assert (order_id, "1.1", "received", 5, "seller:demo") == (
            move.order_id,
            move.item_id,
            move.kind,
            move.quantity,
            str(move.by),
        )

    def test_what_leaves_later_comes_in_later(self, paired, shop):
        """
        The first parcel has two cups, the next one three.
        """
        order_id = kept(paired, ship=False, CUP=5)
        paired.ship(order_id, "T1", i1_1=2)
        assert 2 == shop.local_stock.receive(order_id).units
        paired.ship(order_id, "T2")
        assert 3 == shop.local_stock.receive(order_id).units

        assert [("received", 2), ("received", 3)] == moves(paired)

    def test_units_that_were_cancelled_do_not_come(self, paired, shop):
        """
        Two of five are refunded before they leave.
        """
        order_id = kept(paired, ship=False, CUP=5)
        paired.app.orders.refund_units("demo", order_id, {"1.1": 2}, by=STAFF)
        paired.ship(order_id, "T1")

        assert 3 == shop.local_stock.receive(order_id).units

    def test_refunded_units_do_not_come(self, paired, shop):
        """
        Two of five are granted back as damaged, then the other three: nothing is kept,
        and the order says so.
        """
        order_id = kept(paired, CUP=5)
        granted(paired, order_id, 2)
        assert 3 == shop.local_stock.receive(order_id).units
        granted(paired, order_id, 3)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            shop.local_stock.receive(order_id)

        nothing = Blocker("nothing_kept", "every unit that left is refunded")
        assert [nothing] == list(ei.value.blockers)
        assert [("received", 3)] == moves(paired)

    def test_other_orders_are_refused(self, paired, shop):
        """
        What has not left, a shop's order and one for the cloud warehouse.
        """
        orders = {
            kept(paired, ship=False, CUP=1): ("wrong_state",),
            paired.accepted("1", CUP=1): ("not_for_this_kind",),
            paired.bought(CUP=3): ("not_for_this_kind",),
        }
        with nothing_moves(paired):
            for order_id, codes in orders.items():
                with pytest.raises(CommandRefusedError) as ei:
                    shop.local_stock.receive(order_id)
                assert codes == ei.value.codes


class TestByHand:
    def test_counting_sets_the_number(self, paired, shop):
        """
        The movement is the difference, also where there is none, with the note.
        """
        cup = paired.variants["CUP"]
        assert 4 == shop.local_stock.count(cup, 4).on_hand
        assert 3 == shop.local_stock.count(cup, 3, note="one broke").on_hand
        assert 3 == shop.local_stock.count(cup, 3).on_hand

        assert [("counted", 4), ("counted", -1), ("counted", 0)] == moves(paired)
        notes = [m.note for m in shop.local_stock.movements()]
        assert ["", "one broke", ""] == notes
        assert [(cup, 3)] == [
            (s.variant_id, s.on_hand) for s in shop.local_stock.list()
        ]

    def test_selling_counts_down(self, paired, shop):
        """
        Until nothing is left, and no further.
        """
        cup = paired.variants["CUP"]
        shop.local_stock.count(cup, 3)
        assert 1 == shop.local_stock.sell(cup, 2, note="at the market").on_hand
        with (
            nothing_moves(paired),
            pytest.raises(TooLittleLocalStockError) as ei,
        ):
            shop.local_stock.sell(cup, 2)

        facts = (ei.value.variant_id, ei.value.on_hand, ei.value.asked)
        assert (cup, 1, 2) == facts
        assert 0 == shop.local_stock.sell(cup, 1).on_hand

    def test_nonsense_is_refused(self, paired, shop):
        """
        Fewer than none, no unit, and what the platform does not have.
        """
        cup = paired.variants["CUP"]
        with nothing_moves(paired):
            with pytest.raises(InvalidInputError):
                shop.local_stock.count(cup, -1)
            with pytest.raises(InvalidInputError):
                shop.local_stock.sell(cup, 0)
            with pytest.raises(NotFoundError):
                shop.local_stock.count("nothing", 1)
            with pytest.raises(NotFoundError):
                shop.local_stock.sell("nothing", 1)
            with pytest.raises(NotFoundError):
                shop.local_stock.get(cup)

    def test_staff_may_do_it_for_the_seller(self, paired):
        """
        The movement says who.
        """
        desk = paired.sh.staff("ann").seller("demo").local_stock
        desk.count(paired.variants["CUP"], 2)

        assert ["staff:ann"] == [str(m.by) for m in desk.movements()]


class TestServe:
    def test_an_order_takes_its_units_and_ends(self, paired, shop):
        """
        Nothing is charged, and the clock has nothing to do.
        """
        put_in(paired, CUP=5)
        (order_id,) = paired.sync(snapshot("1", CUP=2))
        balance = paired.balance()
        done = shop.orders.serve_from_local_stock([order_id])

        assert {order_id: "cancelled"} == {n: s.state for n, s in done.done.items()}
        order = shop.orders.get(order_id)
        assert ("local_stock", "") == (order.cancel_reason, order.deadline_name)
        assert 3 == on_hand(paired)
        assert balance == paired.balance()
        told = shop.orders.details(order_id).timeline[-1].words
        assert "served from the seller's local stock" == told

    def test_one_of_which_not_all_is_there_is_refused(self, paired, shop):
        """
        With what is asked and there of each variant; the others go on.
        """
        put_in(paired, CUP=3, HAT=1)
        first, second = paired.sync(snapshot("1", CUP=2), snapshot("2", CUP=2, HAT=1))
        done = shop.orders.serve_from_local_stock([first, second])

        assert [first] == list(done.done)
        (blocker,) = done.failed[second].blockers
        facts = {"variant": paired.variants["CUP"], "asked": 2, "on_hand": 1}
        assert ("too_little_local_stock", facts) == (blocker.code, blocker.facts)
        assert (blocker,) == shop.orders.why_not(second, "serve_from_local_stock")
        put_in(paired, CUP=2)
        assert () == shop.orders.why_not(second, "serve_from_local_stock")
        assert (2, 1) == (on_hand(paired), on_hand(paired, "HAT"))
        assert "awaiting_payment" == shop.orders.get(second).state

    def test_an_order_that_is_not_paired_is_refused(self, paired, shop):
        """
        Nobody knows which units it needs; ignored or not.
        """
        waiting, ignored = paired.sync(snapshot("1", SOCK=1), snapshot("2", SOCK=1))
        shop.orders.ignore([ignored])
        with nothing_moves(paired):
            done = shop.orders.serve_from_local_stock([waiting, ignored])

        for order_id in (waiting, ignored):
            assert ("line_unpaired",) == done.failed[order_id].codes
            why = shop.orders.why_not(order_id, "serve_from_local_stock")
            words = "line 1 is not paired; pair every line first"
            assert [Blocker("line_unpaired", words, {"line": 1})] == list(why)
            assert "serve_from_local_stock" not in shop.orders.allowed(order_id)

    def test_paid_and_manual_orders_are_refused(self, paired, shop):
        """
        Only what waits for payment can be served.
        """
        put_in(paired, CUP=9)
        manual = shop.drafts.manual(paired.wanted(CUP=1), HOME).order_id
        paid = paired.paid("1", CUP=1)
        with nothing_moves(paired):
            done = shop.orders.serve_from_local_stock([paid, manual])

        codes = {name: error.codes for name, error in done.failed.items()}
        assert {paid: ("wrong_state",), manual: ("not_for_this_kind",)} == codes

    def test_what_the_customer_has_not_paid_is_refused(self, paired, shop):
        """
        The hold says so.
        """
        put_in(paired, CUP=9)
        unpaid = attrs.evolve(snapshot("1", CUP=1), paid_at_store=False)
        (order_id,) = paired.sync(unpaid)
        done = shop.orders.serve_from_local_stock([order_id])

        assert ("on_hold",) == done.failed[order_id].codes


class TestTheShop:
    @pytest.mark.parametrize(
        "change",
        [
            lambda line: attrs.evolve(line, quantity_fulfilled=2),
            lambda line: attrs.evolve(line, quantity_refunded=1),
            lambda line: attrs.evolve(line, quantity=1),
        ],
    )
    @pytest.mark.parametrize("back", [False, True])
    def test_facts_open_nothing(self, paired, shop, change, back):
        """
        Sent, refunded or fewer: the order stays as it is, nothing is held, and no part
        is made; the same where the shop takes it back, and after units are put back.
        """
        put_in(paired, CUP=5)
        told = snapshot("1", CUP=2)
        (order_id,) = paired.sync(told)
        shop.orders.serve_from_local_stock([order_id])
        if back:
            shop.local_stock.put_back(order_id)
        lines = tuple(change(line) for line in told.lines)
        for newer in (attrs.evolve(told, lines=lines), told):
            paired.sync(newer)
            order = shop.orders.get(order_id)

            assert ("cancelled", ()) == (order.state, order.holds)
            assert (order_id,) == shop.orders.find_external("shop", ["1"])["1"]
            assert paired.app.audit.run(replay=True).is_clean

    def test_its_cancellation_changes_nothing(self, paired, shop):
        """
        Nor does it where it takes that back.
        """
        put_in(paired, CUP=5)
        told = snapshot("1", CUP=2)
        (order_id,) = paired.sync(told)
        shop.orders.serve_from_local_stock([order_id])
        for newer in (attrs.evolve(told, cancelled=True), told):
            paired.sync(newer)

            assert "local_stock" == shop.orders.get(order_id).cancel_reason
            assert (order_id,) == shop.orders.find_external("shop", ["1"])["1"]
        assert 3 == on_hand(paired)

    def test_what_it_adds_is_a_part_of_its_own(self, paired, shop):
        """
        It can be paid, or served, by itself.
        """
        put_in(paired, CUP=5)
        (order_id,) = paired.sync(snapshot("1", CUP=2))
        shop.orders.serve_from_local_stock([order_id])
        paired.sync(snapshot("1", CUP=3))
        first, second = shop.orders.find_external("shop", ["1"])["1"]
        part = shop.orders.get(second)

        assert (order_id, "awaiting_payment", 1) == (first, part.state, part.units)
        shop.orders.serve_from_local_stock([second])
        assert 2 == on_hand(paired)

    @pytest.mark.parametrize(
        ("wants", "sent", "refunded", "more"),
        [(4, 3, 0, 1), (5, 2, 1, 1), (6, 5, 0, 1)],
    )
    def test_what_the_seller_told_the_shop_is_counted_once(
        self, paired, shop, wants, sent, refunded, more
    ):
        """
        Three were served, and the shop calls units sent: they are of those three as
        far as they go, and only what is wanted beyond is a part of its own.
        """
        put_in(paired, CUP=5)
        (order_id,) = paired.sync(snapshot("1", CUP=3))
        shop.orders.serve_from_local_stock([order_id])
        told = snapshot("1", CUP=wants)
        (line,) = told.lines
        line = attrs.evolve(line, quantity_fulfilled=sent, quantity_refunded=refunded)
        paired.sync(attrs.evolve(told, lines=(line,)))

        _first, second = shop.orders.find_external("shop", ["1"])["1"]
        assert more == shop.orders.get(second).units


class TestPutBack:
    def test_units_come_back_once(self, paired, shop):
        """
        The order stays cancelled, by the seller.
        """
        put_in(paired, CUP=5)
        (order_id,) = paired.sync(snapshot("1", CUP=2))
        shop.orders.serve_from_local_stock([order_id])
        assert "put_back" in shop.orders.allowed(order_id)
        assert "cancelled" == shop.local_stock.put_back(order_id).state
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            shop.local_stock.put_back(order_id)

        words = "it is not served from the local stock, or is put back already"
        assert [Blocker("not_served_locally", words)] == list(ei.value.blockers)
        assert "seller" == shop.orders.get(order_id).cancel_reason
        assert [("counted", 5), ("served", -2), ("put_back", 2)] == moves(paired)
        assert 5 == on_hand(paired)
