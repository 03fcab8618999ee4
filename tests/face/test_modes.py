"""
Every way to send an order: its price, when it arrives, and why others cannot be used.
"""

from datetime import UTC, date, datetime

import pytest

from sourcehere import CommandRefusedError, Money, NotFoundError
from sourcehere.domain.freight.estimate import DaysSaved
from sourcehere.domain.freight.handling import Source
from sourcehere.testing.factories import nothing_moves, snapshot


def usd(minor):
    """
    Return an amount in the seller's currency.
    """
    return Money(minor, "USD")


def modes(bench, order_id):
    """
    Ask as the seller; nothing is moved by it.
    """
    with nothing_moves(bench):
        return bench.sh.seller("demo").checkouts.modes(order_id)


@pytest.fixture
def monday(bench):
    """
    Return the bench on a Monday in China.
    """
    bench.clock.at = datetime(2026, 3, 2, 1, tzinfo=UTC)
    return bench


def test_each_has_its_price_and_days(monday):
    """
    Modes are cheapest first, with what all of it costs and when it arrives from either
    source; the cheapest is taken if nothing is chosen.
    """
    (order_id,) = monday.sync(snapshot(CUP=2))
    found = modes(monday, order_id)

    assert (usd(1000), usd(0), "") == (found.goods, found.handling, found.wanted)
    assert [
        ("std", usd(550), usd(1550), True),
        ("express", usd(3000), usd(4000), False),
    ] == [(m.method, m.freight, m.total, m.is_chosen) for m in found.modes]
    assert ("std", "express") == (found.cheapest, found.fastest)
    assert ((), ()) == (found.left_out, found.blockers)
    express = found.modes[1]
    assert (Source.DIRECT, Source.CLOUD) == (
        express.arrival.source,
        express.other_arrival.source,
    )
    assert date(2026, 3, 7) == express.arrival.estimate.earliest
    assert DaysSaved(2, 3) == express.days_saved


def test_what_is_chosen_is_marked(monday):
    """
    The order's own method is the one that the next checkout takes, and costs that.
    """
    (order_id,) = monday.sync(snapshot(CUP=2))
    shop = monday.sh.seller("demo")
    shop.orders.choose_shipping([order_id], "express")
    found = modes(monday, order_id)

    assert ("express", [False, True]) == (
        found.wanted,
        [m.is_chosen for m in found.modes],
    )
    (offered,) = shop.checkouts.open([order_id]).orders
    assert offered.total == found.modes[1].total

    shop.orders.choose_shipping([order_id], "")
    assert [True, False] == [m.is_chosen for m in modes(monday, order_id).modes]


def test_why_others_cannot_be_used(monday):
    """
    A method that does not take the order is left out with its reason; if it is the one
    that is chosen, a checkout would be refused, and that is said.
    """
    (order_id,) = monday.sync(snapshot(HAT=60))
    monday.sh.seller("demo").orders.choose_shipping([order_id], "express")
    found = modes(monday, order_id)

    assert ["std"] == [m.method for m in found.modes]
    assert [("express", "too_heavy")] == [(o.method, o.code) for o in found.left_out]
    assert ["no_freight_option"] == [b.code for b in found.blockers]
    assert not found.modes[0].is_chosen


def test_from_the_cloud_warehouse(monday):
    """
    What is all in stock comes from there, with its handling fee.
    """
    monday.stocked(CUP=3)
    (order_id,) = monday.sync(snapshot(CUP=3))
    found = modes(monday, order_id)

    assert (usd(0), usd(60)) == (found.goods, found.handling)
    assert [(Source.CLOUD, "CN")] * 2 == [
        (m.arrival.source, m.arrival.country) for m in found.modes
    ]


def test_what_goes_to_no_customer(monday):
    """
    An order for stock has no ways and no blockers: freight is not what it pays.
    """
    shop = monday.sh.seller("demo")
    bulk = shop.drafts.cloud("CN1", monday.wanted(CUP=3))
    shop.drafts.place(bulk.order_id)
    found = modes(monday, bulk.order_id)

    assert ((), "", "", ()) == (
        found.modes,
        found.cheapest,
        found.fastest,
        found.blockers,
    )


def test_orders_that_cannot_be_priced(monday):
    """
    An order that waits for pairing, and one that is paid, are refused with the reason.
    """
    (strange,) = monday.sync(snapshot("9", SOCK=1))
    paid = monday.paid("8", CUP=1)
    for order_id in (strange, paid):
        with nothing_moves(monday), pytest.raises(CommandRefusedError):
            modes(monday, order_id)
    with pytest.raises(NotFoundError):
        modes(monday, "nix")


def test_staff_may_look(monday):
    """
    Staff who act for a seller see the same.
    """
    (order_id,) = monday.sync(snapshot(CUP=2))
    seen = monday.sh.staff("ann").seller("demo").checkouts.modes(order_id)

    assert seen == modes(monday, order_id)
