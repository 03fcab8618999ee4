"""
An order that is served from as many warehouses as it takes, and what leaves from each.
"""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shelves import demanded, lot, shelved_in, stock, wanted, warehouse

from sourcehere.domain.warehouse.allocation import (
    NOTHING,
    AllocationPlan,
    LotPick,
    fill_available,
    split_available,
)
from sourcehere.domain.warehouse.consignments import Consignment, consignments_of
from sourcehere.domain.warehouse.flaws import flaws_of

US1 = attrs.evolve(warehouse("US1", serves=("US",)), country="US")
CN1, CN2 = warehouse("CN1", priority=2), warehouse("CN2", priority=3)
PLACES = [US1, CN1, CN2]


def test_what_the_fullest_lacks_comes_from_the_next():
    """
    Item by item, and only what no warehouse has is left.
    """
    shown = stock(
        lot("a", 2, place="CN1"),
        lot("b", 3, place="US1"),
        lot("c", 1, place="CN2", variant_id="hat"),
        warehouses=PLACES,
    )
    plan = split_available(wanted(i1_1=4, i1_2=2, i2_1=2), shown, country="US")

    assert (
        AllocationPlan(
            (
                LotPick("1.1", "b", 3),
                LotPick("1.1", "a", 1),
                LotPick("1.2", "a", 1),
            ),
            ("US1", "CN1"),
            {
                "1.2": "1 unit not in US1, CN1",
                "2.1": "2 units not in US1, CN1",
            },
            is_split=True,
        )
        == plan
    )


def test_one_that_has_all_serves_alone():
    """
    As it would if nothing were split; then there is one parcel.
    """
    shown = stock(lot("a", 1), lot("b", 5, place="CN2"), warehouses=PLACES)
    demands = wanted(i1_1=5)
    plan = split_available(demands, shown, country="US")
    alone = fill_available(demands, shown, country="US")

    assert attrs.evolve(alone, is_split=True) == plan
    assert () == consignments_of(plan, demands, shown, origin="CN")


def test_without_stock_nothing_is_split():
    """
    Nor where no warehouse with stock delivers there.
    """
    far = [attrs.evolve(CN1, serves=("GB",))]
    assert NOTHING == split_available(wanted(i1_1=1), stock(), country="US")
    assert NOTHING == split_available(
        wanted(i1_1=1), stock(lot("a", 1), warehouses=far), country="US"
    )


class TestConsignments:
    def divided(self, *lots, origin="CN"):
        """
        Divide an order of six cups.
        """
        shown, demands = stock(*lots, warehouses=PLACES), wanted(i1_1=6)
        plan = split_available(demands, shown, country="US")
        return consignments_of(plan, demands, shown, origin=origin)

    def test_what_is_bought_is_packed_where_it_is_bought(self):
        """
        In the first warehouse there by priority, whichever has most.
        """
        lots = [lot("a", 3, place="US1"), lot("c", 2, place="CN2")]
        assert (
            Consignment("US1", "US", {"1.1": 3}, {}),
            Consignment("CN2", "CN", {"1.1": 2}, {"1.1": 1}),
        ) == self.divided(*lots)
        more = self.divided(
            lot("a", 3, place="US1"), lot("c", 2, place="CN2"), lot("d", 1)
        )
        assert [("US1", {"1.1": 3}), ("CN2", {"1.1": 2}), ("CN1", {"1.1": 1})] == [
            (one.leaves_from, one.quantities) for one in more
        ]
        short = self.divided(
            lot("a", 2, place="US1"), lot("c", 2, place="CN2"), lot("d", 1)
        )
        assert [{}, {}, {"1.1": 1}] == [one.direct for one in short]
        assert "CN1" == short[2].leaves_from

    def test_it_crosses_no_border_to_be_packed(self):
        """
        It leaves from the platform's own warehouse where none serves in that country.
        """
        assert (
            Consignment("US1", "US", {"1.1": 3}, {}),
            Consignment("", "CN", {}, {"1.1": 3}),
        ) == self.divided(lot("a", 3, place="US1"))

    def test_one_parcel_is_no_split(self):
        """
        Where what is bought is packed with all that is in stock.
        """
        assert () == self.divided(lot("a", 3, place="US1"), origin="US")


@pytest.mark.parametrize(
    ("plan", "flaw"),
    [
        (
            AllocationPlan((LotPick("1.1", "a", 1),), ("CN1", "CN2"), {}),
            "not split, but served from CN1, CN2",
        ),
        (
            AllocationPlan(
                (LotPick("1.1", "a", 1),), ("CN1", "CN1"), {}, is_split=True
            ),
            "a warehouse is named twice: CN1, CN1",
        ),
    ],
)
def test_a_plan_says_that_it_is_split(plan, flaw):
    """
    Nobody is surprised by a second parcel.
    """
    shown = stock(lot("a", 3), warehouses=PLACES)
    assert [flaw] == list(flaws_of(plan, wanted(i1_1=3), shown, country="US"))


@given(
    shelved_in("US1", "CN1", "CN2", "OUT"),
    demanded(),
    st.sampled_from(["CN", "US", "VN"]),
)
def test_nothing_owned_is_bought_again(lots, demands, origin):
    """
    All that lies in warehouses that deliver there is taken before anything is bought;
    the parcels hold exactly the order, and each what its warehouse has.
    """
    places = [*PLACES, warehouse("OUT", serves=("GB",))]
    shown = stock(*lots, warehouses=places)
    plan = split_available(demands, shown, country="US")
    owned = dict.fromkeys(("cup", "hat", "pin"), 0)
    for one in lots:
        owned[one.variant_id] += one.available if one.warehouse_id != "OUT" else 0
    asked = dict.fromkeys(owned, 0)
    for demand in demands:
        asked[demand.variant_id] += demand.quantity

    assert [] == list(flaws_of(plan, demands, shown, country="US"))
    taken = sum(pick.quantity for pick in plan.picks)
    assert sum(min(owned[v], asked[v]) for v in owned) == taken
    parcels = consignments_of(plan, demands, shown, origin=origin)
    if not parcels:
        assert len(plan.warehouses) < 2
        return
    assert len(parcels) == len({one.leaves_from for one in parcels}) >= 2
    assert all(one.quantities for one in parcels)
    assert {d.item_id: d.quantity for d in demands} == {
        d.item_id: sum(one.quantities.get(d.item_id, 0) for one in parcels)
        for d in demands
    }
    buying = [one for one in parcels if one.direct]
    assert sum(asked.values()) - taken == sum(
        sum(one.direct.values()) for one in buying
    )
    assert all(one.country == origin for one in buying)
    assert len(buying) <= 1
