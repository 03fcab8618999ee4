"""
Parcels whose units came back into stock: nothing is the matter with them any more, and
nothing of them is sent a second time.
"""

import pytest

from sourcehere import CommandRefusedError, TrackingFact, TrackingStatus
from sourcehere.testing.factories import nothing_moves


@pytest.fixture
def ann(paired):
    """
    What staff do for the seller.
    """
    return paired.sh.staff("ann").seller("demo")


def returned(bench, ann, parcel_id):
    """
    Let the carrier bring a parcel back to the sender.
    """
    fact = TrackingFact(
        parcel_id=parcel_id,
        key=f"back-{parcel_id}",
        status=TrackingStatus.RETURN_TO_SENDER,
        happened_at=bench.clock.now(),
    )
    ann.parcels.record([fact])


def reasons(ann, order_id):
    """
    Return what an order is held for.
    """
    return [hold.reason for hold in ann.orders.get(order_id).holds]


def replaced(ann, order_id, parcel_id):
    """
    Replace a parcel by another one.
    """
    return ann.shipping.void_parcel(
        order_id, parcel_id, carrier="post", tracking_number="T9"
    )


def test_what_is_in_stock_is_the_matter_with_no_parcel(paired, ann):
    """
    The hold, which asked where the parcel shall go now, ends with its last unit.
    """
    order_id = paired.accepted(CUP=2, HAT=1)
    parcel_id = paired.ship(order_id)
    returned(paired, ann, parcel_id)
    ann.cloud.restock(order_id, "CN1", {"1.1": 2})
    assert ["parcel_returned"] == reasons(ann, order_id)

    ann.cloud.restock(order_id, "CN1", {"2.1": 1})
    assert [] == reasons(ann, order_id)
    assert "Shipped" == ann.orders.get(order_id).status


def test_another_parcel_of_the_item_may_be_the_one(paired, ann):
    """
    As long as units of the item are out, nobody knows which came back: it stays.
    """
    order_id = paired.accepted(CUP=3)
    first = paired.ship(order_id, "T1", i1_1=1)
    paired.ship(order_id, "T2")
    returned(paired, ann, first)
    ann.cloud.restock(order_id, "CN1", {"1.1": 1})

    assert ["parcel_returned"] == reasons(ann, order_id)


def test_what_came_back_is_not_sent_by_its_parcel(paired, ann):
    """
    Its units would be in stock and on their way at once; the refusal says how many.
    """
    order_id = paired.accepted(CUP=3, HAT=1)
    parcel_id = paired.ship(order_id)
    ann.cloud.restock(order_id, "CN1", {"1.1": 1})

    with nothing_moves(paired), pytest.raises(CommandRefusedError) as refused:
        replaced(ann, order_id, parcel_id)
    (why,) = refused.value.blockers
    assert ("units_back", {"item": "1.1", "packed": 3, "left": 2}) == (
        why.code,
        dict(why.facts),
    )
    assert (
        "item 1.1: the parcel has 3 units, but of those that left only 2 are not back"
        " in stock; send what is by a manual order that draws on it"
    ) == why.words
    assert "void_parcel" in ann.orders.allowed(order_id)


def test_once_all_is_back_no_parcel_is_to_be_replaced(paired, ann):
    """
    Then the command is not offered, and says why.
    """
    order_id = paired.accepted(CUP=3)
    parcel_id = paired.ship(order_id)
    ann.cloud.restock(order_id, "CN1", {"1.1": 3})

    assert "void_parcel" not in ann.orders.allowed(order_id)
    (why,) = ann.orders.why_not(order_id, "void_parcel")
    assert ("units_back", "every unit that left is back in stock") == (
        why.code,
        why.words,
    )
    with nothing_moves(paired), pytest.raises(CommandRefusedError):
        replaced(ann, order_id, parcel_id)
    ann.shipping.correct_tracking(
        order_id, parcel_id, carrier="post", tracking_number="T1B"
    )


def test_the_other_parcel_is_replaced_as_ever(paired, ann):
    """
    Of two parcels that hold as much, the one that is out can be replaced.
    """
    order_id = paired.accepted(CUP=2)
    paired.ship(order_id, "T1", i1_1=1)
    second = paired.ship(order_id, "T2")
    ann.cloud.restock(order_id, "CN1", {"1.1": 1})

    assert replaced(ann, order_id, second).parcel_id
