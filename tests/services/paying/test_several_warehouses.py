"""
Which of several warehouses an order is served from, and that nobody pays twice.
"""

import pytest

from sourcehere import Money
from sourcehere.testing.factories import SELLER, STAFF, snapshot


@pytest.fixture
def places(paired):
    """
    A bench with a preferred warehouse, and three others: one behind it, one that is
    asked first of all but sends to Great Britain only, and one of the last priority.
    """
    for name, priority, serves in (
        ("NEAR", 1, ("*",)),
        ("FULL", 2, ("*",)),
        ("GB1", 0, ("GB",)),
        ("LAST", 3, ("*",)),
    ):
        paired.app.cloud.add_warehouse(
            name, name=name, country="CN", serves=serves, priority=priority, by=STAFF
        )
    return paired


def allocated(bench):
    """
    Return what is bound, by warehouse.
    """
    found = {}
    for view in bench.app.cloud.stock("demo"):
        if view.allocated:
            known = found.get(view.warehouse_id, 0)
            found[view.warehouse_id] = known + view.allocated
    return found


def test_nobody_pays_again_for_what_lies_in_one_warehouse(places):
    """
    Five owned in one warehouse, one in a preferred one, nine where nothing is sent to
    the US from: an order of five is served from the five, and no goods are paid.
    """
    places.stocked("NEAR", CUP=3)
    places.paid("another", CUP=2)
    places.stocked("FULL", CUP=5)
    places.stocked("GB1", CUP=9)
    assert {"NEAR": 2} == allocated(places)
    (order_id,) = places.sync(snapshot(CUP=5))
    shop = places.sh.seller("demo")
    found = shop.checkouts.modes(order_id)
    offer = shop.checkouts.open([order_id])
    before = places.balance()
    payment = shop.checkouts.pay(offer)

    assert ("0.00 USD", "0.00 USD") == (str(found.goods), str(offer.orders[0].goods))
    assert {} == offer.orders[0].reasons
    assert [5] == [item.quantity_from_lots for item in offer.orders[0].items]
    assert "cloud" == offer.orders[0].arrival.source
    assert Money(before - places.balance(), "USD") == offer.orders[0].freight
    assert payment.total == offer.total
    assert {"NEAR": 2, "FULL": 5} == allocated(places)


def test_the_rest_is_bought_once(places):
    """
    More than any warehouse has: that which has most serves, and the order says so.
    """
    places.stocked("NEAR", CUP=3)
    places.stocked("FULL", CUP=5)
    places.stocked("GB1", CUP=9)
    (order_id,) = places.sync(snapshot(CUP=7))
    (plan,) = places.app.checkouts.checkout("demo", [order_id], by=SELLER).plans

    assert (5, {"1.1": "2 units not in FULL"}) == (
        plan.items[0].quantity_from_lots,
        plan.reasons,
    )


def test_of_as_many_the_preferred_one_serves(places):
    """
    Priority decides between warehouses that serve as many units, whatever else they
    have; then each next order of the list sees what is left.
    """
    places.stocked("LAST", CUP=9, HAT=3)
    places.stocked("NEAR", CUP=3)
    orders = places.sync(*[snapshot(str(n), CUP=2) for n in range(1, 4)])
    both = places.sync(snapshot("4", CUP=2, HAT=1))
    plans = places.app.checkouts.checkout("demo", [*orders, *both], by=SELLER).plans
    lots = {lot.lot_id: lot.warehouse_id for lot in places.app.cloud.lots("demo")}

    assert [["NEAR"], ["LAST"], ["LAST"], ["LAST", "LAST"]] == [
        [lots[pick.lot_id] for pick in plan.picks] for plan in plans
    ]
    places.pay(*orders, *both)
    assert {"NEAR": 2, "LAST": 7} == allocated(places)
