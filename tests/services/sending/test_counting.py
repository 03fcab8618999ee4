"""
Counting the stock of a cloud warehouse: what is lost, refunded, found again.
"""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sourcehere import (
    CommandRefusedError,
    DisputeReason,
    InvalidInputError,
    NotFoundError,
)
from sourcehere.testing.factories import SELLER, STAFF, nothing_moves, open_bench


def count(bench, on_hand, sku="CUP", place="CN1", **options):
    """
    Count a variant, as staff.
    """
    return bench.app.cloud.count(
        "demo", place, bench.variants[sku], on_hand, by=STAFF, **options
    )


def stock(bench):
    """
    Return what is on hand and available in every place.
    """
    return [(view.on_hand, view.available) for view in bench.app.cloud.stock("demo")]


def lots(bench):
    """
    Return what is on hand of every lot, oldest first.
    """
    return [lot.on_hand for lot in bench.app.cloud.lots("demo")]


class TestFewer:
    def test_the_newest_lot_has_fewer(self, paired):
        """
        Of lots of 5 and 4, 7 are counted: the second one lost two, and nobody got
        money.
        """
        paired.stocked(CUP=5)
        paired.stocked(CUP=4)
        before = paired.balance()
        made = count(paired, 7, note="two were wet")

        assert (9, 7, 0, 0, "two were wet", STAFF) == (
            made.expected,
            made.counted,
            made.units_refunded,
            made.refunded_minor,
            made.note,
            made.by,
        )
        assert [5, 2] == lots(paired)
        assert [(7, 7)] == stock(paired)
        assert before == paired.balance()

    def test_the_seller_is_paid_for_them(self, paired):
        """
        Six of 5 and 4 units are missing: each lot's cost comes back, from the order
        that bought it.
        """
        first, second = paired.stocked(CUP=5), paired.stocked(CUP=4)
        cost = {
            name: paired.app.orders.get("demo", name).items["1.1"].unit_price.minor
            for name in (first, second)
        }
        before = paired.balance()
        made = count(paired, 3, refunds=True)

        money = 4 * cost[second] + 2 * cost[first]
        assert (6, money) == (made.units_refunded, made.refunded_minor)
        assert before + money == paired.balance()
        assert [3, 0] == lots(paired)
        for name, units in ((first, 2), (second, 4)):
            order = paired.app.orders.get("demo", name)
            assert units * cost[name] == order.refunded.minor
            assert units == order.items["1.1"].quantity_refunded

    def test_what_is_bound_stays(self, paired):
        """
        Three of five are bound to a paid order: fewer than three are refused.
        """
        paired.stocked(CUP=5)
        paired.paid(CUP=3)
        for refunds in (False, True):
            with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
                count(paired, 2, refunds=refunds)
            assert ("units_allocated",) == ei.value.codes
            assert {"counted": 2, "bound": 3} == ei.value.blockers[0].facts
        count(paired, 3)

        assert [(3, 0)] == stock(paired)

    def test_what_is_lost_cannot_be_disputed(self, paired):
        """
        Units that were refunded, or are lost, are not the seller's to claim.
        """
        bulk = paired.stocked(CUP=5)
        count(paired, 3, refunds=True)
        count(paired, 2)
        order = paired.app.orders.get("demo", bulk)
        assert 2 == order.items["1.1"].quantity_refunded
        why_not = paired.sh.seller("demo").disputes.why_not_open
        evidence = {"description": "broken", "photo": "p"}

        for units, codes in ((2, []), (3, ["units_allocated"])):
            found = why_not(
                bulk,
                reason=DisputeReason.DAMAGED,
                quantities={"1.1": units},
                evidence=evidence,
            )
            assert codes == [blocker.code for blocker in found]

    def test_what_is_disputed_is_not_refunded_as_well(self, paired):
        """
        A dispute is about three of five: two that are missing are refunded, and no
        third one, until it has ended.
        """
        bulk = paired.stocked(CUP=5)
        disputes = paired.sh.seller("demo").disputes
        opened = disputes.open(
            bulk,
            reason=DisputeReason.DAMAGED,
            quantities={"1.1": 3},
            evidence={"description": "broken", "photo": "p"},
        )
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            count(paired, 2, refunds=True)
        assert ("units_disputed",) == ei.value.codes
        facts = {"order": bulk, "item": "1.1", "missing": 3, "left": 2}
        assert facts == ei.value.blockers[0].facts
        count(paired, 3, refunds=True)
        paired.app.disputes.move("demo", opened.dispute_id, "take", by=STAFF)
        paired.app.disputes.grant("demo", opened.dispute_id, by=STAFF)

        order = paired.app.orders.get("demo", bulk)
        assert 5 == order.items["1.1"].quantity_refunded
        assert [0] == lots(paired)

    def test_what_is_lost_meanwhile_is_not_refunded(self, paired):
        """
        A dispute is about four of five, of which a count finds three: it cannot be
        granted, which says why, until the fourth one turns up.
        """
        bulk = paired.stocked(CUP=5)
        opened = paired.sh.seller("demo").disputes.open(
            bulk,
            reason=DisputeReason.DAMAGED,
            quantities={"1.1": 4},
            evidence={"description": "broken", "photo": "p"},
        )
        disputes = paired.app.disputes
        disputes.move("demo", opened.dispute_id, "take", by=STAFF)
        count(paired, 3)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            disputes.grant("demo", opened.dispute_id, by=STAFF)
        assert "or not found by a count" in ei.value.blockers[0].words
        count(paired, 4)
        disputes.grant("demo", opened.dispute_id, by=STAFF)

        assert [0] == lots(paired)


class TestMore:
    def test_what_was_lost_is_found(self, paired):
        """
        Three were lost, and two turn up: they are in the lot that lost them.
        """
        paired.stocked(CUP=5)
        paired.stocked(CUP=4)
        count(paired, 6)
        made = count(paired, 8)

        assert (6, 8) == (made.expected, made.counted)
        assert [5, 3] == lots(paired)

    @pytest.mark.parametrize("refunds", [False, True])
    def test_no_more_than_came(self, paired, refunds):
        """
        What was refunded is not the seller's any more, and nothing comes from nowhere.
        """
        paired.stocked(CUP=5)
        count(paired, 3, refunds=refunds)
        most = 3 if refunds else 5
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            count(paired, most + 1)
        assert ("more_than_came",) == ei.value.codes
        assert {"counted": most + 1, "most": most} == ei.value.blockers[0].facts

    def test_where_there_never_was_any(self, paired):
        """
        Nothing is counted where nothing came: none is right, one is refused.
        """
        assert (0, 0) == (count(paired, 0).expected, count(paired, 0).counted)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            count(paired, 1)
        assert {"counted": 1, "most": 0} == ei.value.blockers[0].facts


class TestRefused:
    def test_who_and_what(self, paired):
        """
        Sellers do not count; places, variants and numbers have to be possible.
        """
        paired.stocked(CUP=5)
        cup = paired.variants["CUP"]
        with nothing_moves(paired):
            with pytest.raises(CommandRefusedError):
                paired.app.cloud.count("demo", "CN1", cup, 5, by=SELLER)
            for place, name in (("XX9", cup), ("CN1", "gone")):
                with pytest.raises(NotFoundError):
                    paired.app.cloud.count("demo", place, name, 5, by=STAFF)
            for number in (-1, 10**9 + 1, 2.5, "3"):
                with pytest.raises(InvalidInputError):
                    count(paired, number)

    def test_a_shelf_has_more_than_a_line(self):
        """
        Two orders of a million cups each are on one shelf: one cup fewer is counted.
        """
        bench = open_bench(connected=("CUP",), top_up=10**10)
        bench.stocked(CUP=10**6)
        bench.stocked(CUP=10**6)
        made = count(bench, 2 * 10**6 - 1)

        assert (2 * 10**6, 1) == (made.expected, made.lost)
        assert () == bench.app.audit.run(replay=True).violations


class TestShown:
    def test_counts_and_movements(self, paired):
        """
        The seller sees who counted what, newest first, and every change of a lot.
        """
        paired.stocked(CUP=5)
        count(paired, 4, note="one gone")
        count(paired, 5, note="here it is")
        desk = paired.sh.seller("demo").cloud

        assert [(4, 5, "here it is"), (5, 4, "one gone")] == [
            (one.expected, one.counted, one.note) for one in desk.counts()
        ]
        (lot,) = desk.lots()
        assert [("received", 5), ("lost", 1), ("found", 1)] == [
            (one.kind, one.quantity) for one in desk.movements(lot.lot_id)
        ]

    def test_done_again_it_is_the_same_count(self, paired):
        """
        A count with the same command id is counted once.
        """
        paired.stocked(CUP=5)
        first = count(paired, 3, refunds=True, command_id="c1")
        with nothing_moves(paired):
            assert first == count(paired, 3, refunds=True, command_id="c1")


class Shelf(RuleBasedStateMachine):
    """
    Stock that is bought, sold, sent and counted: what is on hand is what a plain number
    says.
    """

    @initialize()
    def begins(self):
        """
        A lot of five.
        """
        self.bench = open_bench(connected=("CUP",))
        self.on_hand = self.bound = self.lost = 0
        self.number = 0
        self.comes(5)

    @rule(units=st.integers(3, 6))
    def comes(self, units):
        """
        A cloud-warehouse order arrives.
        """
        self.bench.stocked(CUP=units)
        self.on_hand += units

    @rule(units=st.integers(1, 4))
    def is_sold(self, units):
        """
        A customer's order takes what is free, and leaves at once or later.
        """
        self.number += 1
        order_id = self.bench.accepted(str(self.number), CUP=units)
        taken = min(units, self.on_hand - self.bound)
        if self.number % 2:
            self.bench.ship(order_id, f"T{self.number}")
            self.on_hand -= taken
        else:
            self.bound += taken

    @rule(counted=st.integers(0, 20), refunds=st.booleans())
    def is_counted(self, counted, refunds):
        """
        Somebody counts; what cannot be is refused, and changes nothing.
        """
        if self.bound <= counted <= self.on_hand + self.lost:
            made = count(self.bench, counted, refunds=refunds)
            fewer = self.on_hand - counted
            back = fewer if refunds and fewer > 0 else 0
            assert (self.on_hand, back) == (made.expected, made.units_refunded)
            self.lost += fewer - back
            self.on_hand = counted
        else:
            with nothing_moves(self.bench), pytest.raises(CommandRefusedError):
                count(self.bench, counted, refunds=refunds)

    @invariant()
    def it_adds_up(self):
        """
        Lots and movements say the same as the plain numbers, and the audit is clean.
        """
        if not hasattr(self, "bench"):
            return
        assert [(self.on_hand, self.on_hand - self.bound)] == stock(self.bench)
        assert () == self.bench.app.audit.run().violations


Shelf.TestCase.settings = settings(max_examples=6, stateful_step_count=12)
TestShelf = Shelf.TestCase
