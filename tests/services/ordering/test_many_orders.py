"""
Staff move many orders of several sellers at a time, each by itself.
"""

from datetime import timedelta

import pytest
from search_world import a_world

from sourcehere import (
    CommandRefusedError,
    HoldReason,
    IdempotencyConflictError,
    InvalidInputError,
    NewParcel,
    NotFoundError,
    OrderSearch,
    Tab,
    TrackingCorrection,
)
from sourcehere.testing.factories import NOON, nothing_moves


@pytest.fixture
def world(storage):
    """
    Two sellers with orders of all kinds.
    """
    return a_world(storage)


def to_accept(world):
    """
    Return the ids of the orders of both sellers that wait to be accepted.
    """
    found = world.sh.staff("ann").queues.orders_to_accept()
    assert {"demo", "twin"} == {order.seller_id for order in found}
    return [order.order_id for order in found]


def test_accepting_across_sellers(world):
    """
    What can be done is done, in the order asked; the rest is reported.
    """
    orders = world.sh.staff("ann").orders
    names = to_accept(world)
    (done, *_) = orders.search(OrderSearch(states=["cancelled"]))
    report = orders.accept_many([*names[::-1], done.order_id, "nobody's", names[0]])

    assert names[::-1] == list(report.done)
    assert [done.order_id, "nobody's"] == list(report.failed)
    assert isinstance(report.failed[done.order_id], CommandRefusedError)
    assert isinstance(report.failed["nobody's"], NotFoundError)
    assert [] == list(world.sh.staff("ann").queues.orders_to_accept())


def test_the_same_command_goes_on(world):
    """
    Sent again with more orders it does these, and answers the same for the others.
    """
    orders = world.sh.staff("ann").orders
    first, *rest = to_accept(world)
    orders.accept_many([first], command_id="c")
    report = orders.accept_many([first, *rest], command_id="c")
    assert [first, *rest] == list(report.done)
    with nothing_moves(world):
        again = orders.accept_many([first, *rest], command_id="c")

    assert report == again


def test_rejecting_across_sellers(world):
    """
    Each seller gets their money back, and reads why.
    """
    names = to_accept(world)
    report = world.sh.staff("ann").orders.reject_many(
        names, reason="no", command_id="r"
    )
    found = world.sh.staff("ann").orders.search(OrderSearch(tab=Tab.CANCELLED))
    rejected = {o.order_id: o for o in found if o.cancel_reason == "rejected"}

    assert set(names) == set(report.done) == set(rejected)
    assert {"no"} == {order.cancel_detail for order in rejected.values()}
    for order in rejected.values():
        assert order.captured == order.refunded
    with pytest.raises(InvalidInputError), nothing_moves(world):
        world.sh.staff("ann").orders.reject_many(names, reason=" ")
    other = world.sh.staff("ann").orders.reject_many(
        names, reason="other words", command_id="r"
    )
    assert {IdempotencyConflictError} == {type(e) for e in other.failed.values()}


def test_holding_and_releasing(world):
    """
    Holds are placed and released, those of one reason only; an order without one is
    refused.
    """
    orders, names = world.sh.staff("ann").orders, to_accept(world)
    held = orders.hold_many(names, detail="recall", until=world.clock.now().date())
    assert set(names) == set(held.done)
    assert {"recall"} == {
        hold.detail
        for order in world.sh.staff("ann").queues.orders_held(limit=500)
        if order.order_id in held.done
        for hold in order.holds
    }
    refused = orders.release_many(names[:1], reason=HoldReason.ADDRESS)
    assert [CommandRefusedError] == [type(e) for e in refused.failed.values()]
    released = orders.release_many(names)

    assert set(names) == set(released.done)
    assert names == to_accept(world)


def test_a_hold_that_is_over_before_it_begins(world):
    """
    It is refused for each order, and nothing moves.
    """
    names = to_accept(world)
    with nothing_moves(world):
        report = world.sh.staff("ann").orders.hold_many(
            names, detail="late", until=NOON - timedelta(days=9)
        )
    assert {InvalidInputError} == {type(error) for error in report.failed.values()}


def test_parcels_across_sellers(world):
    """
    Parcels of orders of both sellers leave in one call, and their numbers are put right
    in another; what is nobody's is reported.
    """
    desk = world.sh.staff("ann")
    names = to_accept(world)
    desk.orders.accept_many(names)
    orders = [*names, "nobody's"]
    sent = desk.parcels.ship_many(
        [
            NewParcel(order_id=name, carrier="post", tracking_number=f"T{number}")
            for number, name in enumerate(orders)
        ]
    )
    made = [sent.done[f"post/T{number}"] for number in range(len(names))]
    assert names == [parcel.order_id for parcel in made]
    last = f"post/T{len(names)}"
    assert [last] == list(sent.failed)
    assert isinstance(sent.failed[last], NotFoundError)

    report = desk.parcels.correct_tracking_many(
        [
            TrackingCorrection(
                order_id=parcel.order_id,
                parcel_id=parcel.parcel_id,
                carrier="courier",
                tracking_number=f"R{number}",
            )
            for number, parcel in enumerate(made)
        ]
    )
    assert {parcel.parcel_id: parcel for parcel in made} == report.done
    for number, parcel in enumerate(made):
        (found,) = desk.parcels.find(f"R{number}")
        assert (parcel.parcel_id, "courier") == (found.parcel_id, found.carrier)


def test_parcels_named_twice_are_refused(world):
    """
    Two parcels with one number and carrier; nothing leaves.
    """
    desk = world.sh.staff("ann")
    names = to_accept(world)
    desk.orders.accept_many(names)
    twice = [
        NewParcel(order_id=name, carrier="post", tracking_number="T") for name in names
    ]
    with (
        nothing_moves(world),
        pytest.raises(
            InvalidInputError, match="'post/T' is not one parcel per carrier"
        ),
    ):
        desk.parcels.ship_many(twice)
