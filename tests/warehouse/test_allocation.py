"""
Which lots serve which items, and what is wrong with a plan that makes no sense.
"""

import pytest

from sourcehere.domain.warehouse.allocation import (
    NOTHING,
    AllocationPlan,
    Demand,
    LotLevel,
    LotPick,
    StockSnapshot,
    fill_available,
    flaws_of,
)
from sourcehere.domain.warehouse.model import Lot, Warehouse
from sourcehere.testing.factories import NOON


def warehouse(name, *, priority=1, serves=("*",)):
    """
    Make a warehouse in China.
    """
    return Warehouse(
        warehouse_id=name,
        name=name.title(),
        country="CN",
        serves=serves,
        priority=priority,
        handling_minor={},
    )


def lot(name, units, *, variant_id="cup", place="CN1", allocated=0):
    """
    Make a lot of which *units* are available.
    """
    return Lot(
        seller_id="s",
        lot_id=name,
        variant_id=variant_id,
        warehouse_id=place,
        quantity_received=units + allocated,
        on_hand=units + allocated,
        allocated=allocated,
        unit_minor=450,
        currency="USD",
        arrived_at=NOON,
        order_id="o",
        item_id="1.1",
    )


def stock(*lots, warehouses=()):
    """
    Make a snapshot; one warehouse if nothing is said.
    """
    return StockSnapshot(lots, warehouses or [warehouse("CN1")])


def wanted(**units):
    """
    Demand units of a cup for items as `i1_1=2`.
    """
    return [Demand(name[1:].replace("_", "."), "cup", q) for name, q in units.items()]


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
            LotLevel("a", "cup", "CN1", 2, 450),
            LotLevel("c", "cup", "CN1", 1, 450),
        ] == list(shown.shelf("CN1", "cup"))
        assert ["e"] == [one.lot_id for one in shown.shelf("CN2", "cup")]
        assert (None, None, ()) == (
            shown.lot("b"),
            shown.lot("x"),
            shown.shelf("CN9", "cup"),
        )
        assert LotLevel("d", "hat", "CN1", 1, 450) == shown.lot("d")

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
                "CN1",
                {"2.1": "3 units are not in CN1"},
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

        assert AllocationPlan((LotPick("1.1", "a", 2),), "CN1", {}) == plan

    def test_what_plans_before_took_is_passed_over(self):
        """
        A lot that is used up serves nobody.
        """
        shown = stock(lot("a", 2), lot("b", 1))
        shown.take([LotPick("9.9", "a", 2)])

        assert AllocationPlan(
            (LotPick("1.1", "b", 1),), "CN1", {"1.1": "1 units are not in CN1"}
        ) == fill_available(wanted(i1_1=2), shown, country="US")

    def test_one_warehouse_serves(self):
        """
        The first, by priority, that delivers there and has any unit asked for.
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
            ).warehouse_id

        assert ("CN1", "CN3") == (served("GB", *lots), served("US", *lots))
        assert "CN2" == served("FR", lot("b", 1, place="CN2"))
        assert "" == served("FR", *lots)

    @pytest.mark.parametrize(
        "lots", [(), (lot("a", 1, variant_id="hat"),), (lot("a", 0, allocated=1),)]
    )
    def test_without_stock_there_is_no_plan(self, lots):
        """
        Nothing is picked, and there is no reason to tell.
        """
        assert NOTHING == fill_available(wanted(i1_1=1), stock(*lots), country="US")


class TestFlaws:
    def flaws(self, *picks, place="CN1"):
        """
        Say what is wrong with a plan for three cups and two.
        """
        shown = stock(
            lot("a", 3),
            lot("b", 9),
            lot("hat", 9, variant_id="hat"),
            lot("far", 9, place="CN2"),
        )
        plan = AllocationPlan(tuple(LotPick(*p) for p in picks), place, {})
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
            ([("1.1", "a", 0)], ["0 units of lot a are picked"]),
            ([("1.1", "a", -1)], ["-1 units of lot a are picked"]),
            ([("9.9", "a", 1)], ["the order has no item 9.9"]),
            ([("1.1", "x", 1)], ["there is no lot x in stock"]),
            ([("1.1", "hat", 1)], ["lot hat is of another variant than item 1.1"]),
            (
                [("1.1", "far", 1)],
                ["lot far is in CN2, the plan's warehouse is 'CN1'"],
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
                    "0 units of lot x are picked",
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
        An empty name is none.
        """
        assert ["lot a is in CN1, the plan's warehouse is ''"] == self.flaws(
            ("1.1", "a", 1), place=""
        )
