"""
An order that is served from one warehouse as a whole, or not.
"""

import attrs
import pytest
from shelves import lot, stock, wanted, warehouse

from sourcehere.domain.warehouse.allocation import (
    AllocationPlan,
    LotPick,
    fill_all,
    fill_or_kill,
)
from sourcehere.domain.warehouse.flaws import flaws_of

US1 = attrs.evolve(warehouse("US1", serves=("US",)), country="US")
CN1, CN2 = warehouse("CN1", priority=2), warehouse("CN2", priority=3)
PLACES = [US1, CN1, CN2]
WHY = "no warehouse that delivers there has all of the order"


@pytest.mark.parametrize("policy", [fill_all, fill_or_kill])
def test_the_one_that_has_all_serves_all(policy):
    """
    Though it is the last by priority, and another one has some.
    """
    shown = stock(
        lot("a", 3, place="US1"),
        lot("b", 2, place="CN2"),
        lot("c", 2, place="CN2"),
        warehouses=PLACES,
    )
    plan = policy(wanted(i1_1=3, i1_2=1), shown, country="US")

    picks = (LotPick("1.1", "b", 2), LotPick("1.1", "c", 1), LotPick("1.2", "c", 1))
    assert AllocationPlan(picks, ("CN2",), {}) == plan


@pytest.mark.parametrize(
    ("there", "country"),
    [
        ({"US1": 3, "CN1": 3}, "US"),  # both together would have it
        ({"US1": 9}, "GB"),  # it does not deliver there
        ({}, "US"),
    ],
)
def test_none_has_all(there, country):
    """
    Nothing is picked, and each item says why; one of them refuses the order.
    """
    lots = [lot(name, units, place=name) for name, units in there.items()]
    shown = stock(*lots, warehouses=PLACES)
    demands = wanted(i1_1=3, i1_2=1)
    nothing = AllocationPlan((), (), {"1.1": WHY, "1.2": WHY})

    assert nothing == fill_all(demands, shown, country=country)
    refused = fill_or_kill(demands, shown, country=country)
    assert attrs.evolve(nothing, is_refused=True) == refused
    assert [] == list(flaws_of(refused, demands, shown, country=country))


def test_who_refuses_picks_nothing():
    """
    Lots would be kept for an order that nobody can pay.
    """
    shown, demands = stock(lot("a", 3)), wanted(i1_1=3)
    plan = attrs.evolve(fill_all(demands, shown, country="US"), is_refused=True)

    assert ["the order is refused, but lots are picked for it"] == list(
        flaws_of(plan, demands, shown, country="US")
    )
