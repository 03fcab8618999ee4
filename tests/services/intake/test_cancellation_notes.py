"""
A note of a number of its own that cancels units of an order.
"""

import pytest

from sourcehere.domain.stores.model import Reject, RejectReason
from sourcehere.ports.platforms import OrderPage
from sourcehere.testing.factories import nothing_moves, snapshot

STAFF_DO = "a cancellation note names it"


def note(about, number="C-1"):
    reason = RejectReason.CANCELLATION_NOTE
    return Reject(1, reason, number, "it is a note", about=about)


def sync(bench, *orders, notes=()):
    bench.shop.pages = [OrderPage(orders, tuple(notes), (), "", False)]
    return bench.sh.seller("demo").stores.sync("shop")


def holds(bench, number):
    desk = bench.sh.seller("demo").orders
    (order_id,) = desk.find_number(number)
    order = desk.get(order_id)
    return order.state, [(hold.reason, hold.detail) for hold in order.holds]


@pytest.fixture
def known(paired):
    """
    Two orders, the second of which is paid.
    """
    sync(paired, snapshot("1", CUP=3), snapshot("2", CUP=3))
    desk = paired.sh.seller("demo")
    (order_id,) = desk.orders.find_number("#2")
    desk.checkouts.pay(desk.checkouts.open([order_id]))
    return paired


def test_the_order_that_it_names_is_held(known):
    """
    The seller decides about one that is not paid, staff about one that is: which units
    are meant, nobody can tell.
    """
    report = sync(known, notes=[note("1"), note("2", "C-2")])

    assert {"cancellation_note": 2} == report.rejected
    assert ("awaiting_payment", [("store_data", STAFF_DO)]) == holds(known, "#1")
    assert ("awaiting_shipping", [("store_cancelled", STAFF_DO)]) == holds(known, "#2")


def test_what_was_decided_stands(known):
    """
    The same note in each further telling holds nothing again; another one does.
    """
    sync(known, notes=[note("1")])
    desk = known.sh.seller("demo").orders
    (order_id,) = desk.find_number("#1")
    desk.confirm([order_id])
    sync(known, notes=[note("1")])
    assert ("awaiting_payment", []) == holds(known, "#1")
    sync(known, notes=[note("1"), note("1", "C-9")])

    assert ("awaiting_payment", [("store_data", STAFF_DO)]) == holds(known, "#1")


def test_a_note_of_nothing_that_is_known_is_a_problem_alone(known):
    """
    It is listed; no order is touched, nor one that has ended.
    """
    desk = known.sh.seller("demo").orders
    (order_id,) = desk.find_number("#1")
    desk.cancel([order_id])
    before = holds(known, "#1")
    sync(known, notes=[note("7"), note("1", "C-3")])

    assert before == holds(known, "#1")
    problems = known.sh.seller("demo").stores.problems("shop").items
    assert {"C-1", "C-3"} == {one.external_id for one in problems}
    with nothing_moves(known, but={"store", "told"}):
        sync(known, notes=[note("7"), note("1", "C-3")])
