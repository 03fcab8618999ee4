"""
Which lots serve which items, and what is wrong with a plan that makes no sense.
"""

from datetime import timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shelves import demanded, lot, shelved_in, stock, wanted, warehouse

from sourcehere.domain.warehouse.allocation import (
    NOTHING,
    AllocationPlan,
    LotLevel,
    LotPick,
    fill_available,
)
from sourcehere.domain.warehouse.flaws import flaws_of
from sourcehere.testing.factories import NOON


class TestSnapshot:
    def test_lots_stand_on_shelves(self):
        """
        Oldest first, by variant and warehouse; of an empty lot there is nothing.
        """
        shown = stock(
            lot("a", 2, allocated=1),
            lot("b", 0, allocated=3),
            lot("c", 1),
            lot("d", 1, variant_id="hat"),
            lot("e", 1, place="CN2"),
        )

        assert [
            LotLevel("a", "cup", "CN1", 2, 450, NOON),
            LotLevel("c", "cup", "CN1", 1, 450, NOON),
        ] == list(shown.shelf("CN1", "cup"))
        assert ["e"] == [one.lot_id for one in shown.shelf("CN2", "cup")]
        assert (None, None, ()) == (
            shown.lot("b"),
            shown.lot("x"),
            shown.shelf("CN9", "cup"),
        )
        assert LotLevel("d", "hat", "CN1", 1, 450, NOON) == shown.lot("d")

    def test_it_is_empty_where_nothing_is_available(self):
        """
        Lots that are bound to other orders are no stock.
        """
        assert stock(lot("b", 0, allocated=3)).is_empty
        assert not stock(lot("a", 1)).is_empty

    def test_plans_take_from_it(self):
        """
        What one takes the next does not have, to the last unit and no further.
        """
        shown = stock(lot("a", 2))
        shown.take([LotPick("1.1", "a", 1), LotPick("1.1", "a", 1)])

        assert 0 == shown.lot("a").available
        with pytest.raises(AssertionError):
            shown.take([LotPick("1.1", "a", 1)])

    def test_warehouses_are_asked_by_priority(self):
        """
        The smaller number first, then by name.
        """
        places = [
            warehouse("CN3"),
            warehouse("CN9", priority=0),
            warehouse("CN1"),
            warehouse("CN2", priority=2),
        ]

        assert ["CN9", "CN1", "CN3", "CN2"] == [
            one.warehouse_id for one in stock(warehouses=places).warehouses
        ]


class TestFill:
    def test_first_in_first_out_demand_by_demand(self):
        """
        Demands of one variant share the shelf, and what is missing is told.
        """
        shown = stock(lot("a", 2), lot("b", 3))
        plan = fill_available(wanted(i1_1=1, i1_2=3, i2_1=4), shown, country="US")

        assert (
            AllocationPlan(
                (
                    LotPick("1.1", "a", 1),
                    LotPick("1.2", "a", 1),
                    LotPick("1.2", "b", 2),
                    LotPick("2.1", "b", 1),
                ),
                ("CN1",),
                {"2.1": "3 units not in CN1"},
            )
            == plan
        )
        assert [2, 3] == [one.available for one in shown.shelf("CN1", "cup")]

    def test_no_more_is_taken_than_is_wanted(self):
        """
        The rest of a lot stays, and nothing is missing.
        """
        plan = fill_available(
            wanted(i1_1=2), stock(lot("a", 2), lot("b", 3)), country="US"
        )

        assert AllocationPlan((LotPick("1.1", "a", 2),), ("CN1",), {}) == plan

    def test_what_plans_before_took_is_passed_over(self):
        """
        A lot that is used up serves nobody.
        """
        shown = stock(lot("a", 2), lot("b", 1))
        shown.take([LotPick("9.9", "a", 2)])

        assert AllocationPlan(
            (LotPick("1.1", "b", 1),), ("CN1",), {"1.1": "1 unit not in CN1"}
        ) == fill_available(wanted(i1_1=2), shown, country="US")

    def test_one_warehouse_serves(self):
        """
        Of those that deliver there and have as many units, the first by priority.
        """
        places = [
            warehouse("CN1", priority=1, serves=("GB",)),
            warehouse("CN2", priority=2),
            warehouse("CN3", priority=3, serves=("US", "GB")),
        ]
        lots = [lot("a", 1), lot("c", 5, place="CN3")]

        def served(country, *lots):
            return fill_available(
                wanted(i1_1=1), stock(*lots, warehouses=places), country=country
            ).warehouses

        assert (("CN1",), ("CN3",)) == (served("GB", *lots), served("US", *lots))
        assert ("CN2",) == served("FR", lot("b", 1, place="CN2"))
        assert () == served("FR", *lots)

    def test_the_one_that_has_most_serves(self):
        """
        Five owned in one warehouse go before one in a preferred one, but never from
        where nothing is sent there; units beyond what is wanted count for nothing.
        """
        places = [
            warehouse("CN1", priority=1),
            warehouse("CN2", priority=2),
            warehouse("CN3", priority=3, serves=("GB",)),
        ]
        lots = [lot("a", 1), lot("b", 5, place="CN2"), lot("c", 9, place="CN3")]
        shown = stock(*lots, warehouses=places)

        def picked(quantity, country):
            plan = fill_available(wanted(i1_1=quantity), shown, country=country)
            return *plan.warehouses, [(p.lot_id, p.quantity) for p in plan.picks]

        assert ("CN2", [("b", 5)]) == picked(5, "US")
        assert ("CN2", [("b", 5)]) == picked(7, "US")
        assert ("CN3", [("c", 7)]) == picked(7, "GB")
        assert ("CN2", [("b", 5)]) == picked(5, "GB")
        assert ("CN1", [("a", 1)]) == picked(1, "GB")

    def test_of_equals_the_oldest_lot_serves(self):
        """
        Where as many units are in warehouses of one priority; else the names decide
        nothing.
        """
        places = [warehouse("CN1"), warehouse("CN2")]
        later = attrs.evolve(lot("a", 3), arrived_at=NOON + timedelta(days=1))
        shown = stock(later, lot("b", 3, place="CN2"), warehouses=places)

        assert (("CN2",), ("CN1",)) == (
            fill_available(wanted(i1_1=2), shown, country="US").warehouses,
            fill_available(
                wanted(i1_1=2), stock(later, warehouses=places), country="US"
            ).warehouses,
        )
        shown.take([LotPick("9.9", "b", 2)])
        assert ("CN1",) == fill_available(
            wanted(i1_1=2), shown, country="US"
        ).warehouses

    @given(
        shelved_in("W1", "W2", "W3", "W9"),
        demanded(),
        st.lists(
            st.tuples(st.integers(0, 1), st.sampled_from(["*", "US", "GB"])),
            min_size=3,
            max_size=3,
        ),
    )
    def test_nothing_owned_is_bought_again_where_one_warehouse_has_more(
        self, lots, demands, told
    ):
        """
        No warehouse that delivers there could serve more units than the plan does; the
        plan is from one of those that serve as many, the first of them by priority and
        then by its oldest lot. There is no warehouse `W9`, whatever lies in it.
        """
        places = [
            warehouse(f"W{number}", priority=priority, serves=(serves,))
            for number, (priority, serves) in enumerate(told, start=1)
        ]
        shown = stock(*lots, warehouses=places)
        plan = fill_available(demands, shown, country="US")

        def served(place):
            total = 0
            for variant in {d.variant_id for d in demands}:
                wants = sum(d.quantity for d in demands if d.variant_id == variant)
                has = sum(level.available for level in shown.shelf(place, variant))
                total += min(wants, has)
            return total

        def rank(one):
            variants = {d.variant_id for d in demands}
            ages = [
                (level.arrived_at, level.lot_id)
                for variant in variants
                for level in shown.shelf(one.warehouse_id, variant)
            ]
            return -served(one.warehouse_id), one.priority, min(ages)

        able = [w for w in places if w.delivers_to("US") and served(w.warehouse_id)]
        assert [] == list(flaws_of(plan, demands, shown, country="US"))
        if not able:
            assert NOTHING == plan
            return
        best = min(able, key=rank)
        assert (best.warehouse_id,) == plan.warehouses
        assert served(best.warehouse_id) == sum(p.quantity for p in plan.picks)
        taken = dict.fromkeys((d.item_id for d in demands), 0)
        for pick in plan.picks:
            taken[pick.item_id] += pick.quantity
        short = {d.item_id for d in demands if taken[d.item_id] < d.quantity}
        assert short == set(plan.reasons)

    @pytest.mark.parametrize(
        "lots", [(), (lot("a", 1, variant_id="hat"),), (lot("a", 0, allocated=1),)]
    )
    def test_without_stock_there_is_no_plan(self, lots):
        """
        Nothing is picked, and there is no reason to tell.
        """
        assert NOTHING == fill_available(wanted(i1_1=1), stock(*lots), country="US")


class TestFlaws:
    def flaws(self, *picks, places=("CN1",)):
        """
        Say what is wrong with a plan for three cups and two.
        """
        shown = stock(
            lot("a", 3),
            lot("b", 9),
            lot("hat", 9, variant_id="hat"),
            lot("far", 9, place="CN2"),
        )
        plan = AllocationPlan(tuple(LotPick(*p) for p in picks), places, {})
        return list(flaws_of(plan, wanted(i1_1=3, i2_1=2), shown))

    def test_a_plan_that_makes_sense_has_none(self):
        """
        All that is wanted, all that is there, a lot for two items.
        """
        assert [] == self.flaws(("1.1", "a", 1), ("1.1", "b", 2), ("2.1", "a", 2))
        assert [] == self.flaws()

    def test_what_is_no_plan_is_named(self):
        """
        By its class.
        """
        assert ["str is no AllocationPlan"] == list(flaws_of("plan", [], stock()))

    @pytest.mark.parametrize(
        ("picks", "flaws"),
        [
            (
                [("1.1", "a", 1), ("1.1", "a", 1)],
                ["lot a is picked twice for item 1.1"],
            ),
            ([("1.1", "a", 0)], ["0 units picked of lot a"]),
            ([("1.1", "a", -1)], ["-1 units picked of lot a"]),
            ([("9.9", "a", 1)], ["the order has no item 9.9"]),
            ([("1.1", "x", 1)], ["there is no lot x in stock"]),
            ([("1.1", "hat", 1)], ["lot hat is of another variant than item 1.1"]),
            (
                [("1.1", "far", 1)],
                ["lot far is in CN2, the plan's are in CN1"],
            ),
            (
                [("1.1", "b", 2), ("1.1", "a", 2)],
                ["item 1.1 wants 3 units only"],
            ),
            (
                [("1.1", "a", 2), ("2.1", "a", 2)],
                ["lot a has 3 units only"],
            ),
            (
                [("9.9", "x", 0)],
                [
                    "0 units picked of lot x",
                    "the order has no item 9.9",
                    "there is no lot x in stock",
                ],
            ),
        ],
    )
    def test_each_flaw_is_told(self, picks, flaws):
        """
        What is wrong, and with what.
        """
        assert flaws == self.flaws(*picks)

    def test_a_lot_is_in_the_warehouse_of_the_plan(self):
        """
        No name is none; several are listed.
        """
        assert ["lot far is in CN2, the plan's are in CN1, CN3"] == [
            flaw
            for flaw in self.flaws(("1.1", "far", 1), places=("CN1", "CN3"))
            if flaw.startswith("lot")
        ]
        assert ["lot a is in CN1, the plan's are in nowhere"] == self.flaws(
            ("1.1", "a", 1), places=()
        )

    def test_a_plan_is_from_where_it_is_sent_there(self):
        """
        If it is asked where to; a plan that picks nothing is from nowhere.
        """
        places = [warehouse("CN1", serves=("GB",))]
        shown = stock(lot("a", 3), warehouses=places)
        plan = AllocationPlan((LotPick("1.1", "a", 1),), ("CN1",), {})
        nothing = AllocationPlan((), ("CN1",), {})

        def flaws(plan, country):
            return list(flaws_of(plan, wanted(i1_1=3), shown, country=country))

        assert ["warehouse CN1 does not deliver to US"] == flaws(plan, "US")
        assert [[], [], []] == [
            flaws(plan, "GB"),
            flaws(plan, ""),
            flaws(nothing, "US"),
        ]
