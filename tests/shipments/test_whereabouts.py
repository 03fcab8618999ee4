"""
Where a parcel is follows from when things happened, whatever order they are told in.
"""

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere import IncidentReason, TrackingStatus
from sourcehere.domain.shipments.model import TrackingEvent
from sourcehere.domain.shipments.tracking import MOVED_BY, RANK, whereabouts
from sourcehere.testing.factories import NOON

S = TrackingStatus


def said(status, hour, key="", incident=""):
    """
    Write down what a carrier said to have happened *hour* hours past noon.
    """
    return TrackingEvent(
        seller_id="demo",
        parcel_id="p",
        key=key or f"{status}:{hour}",
        status=status.value,
        place="",
        happened_at=NOON + timedelta(hours=hour),
        carrier="post",
        tracking_number="T1",
        incident=incident,
    )


def facts_of(*told):
    return [said(status, hour) for status, hour in told]


class TestTables:
    def test_every_status_has_its_row_and_its_rank(self):
        """
        What moves a parcel on is decided for every status, and no two rank alike.
        """
        assert set(TrackingStatus) == set(MOVED_BY) == set(RANK)
        assert len(RANK) == len(set(RANK.values()))

    @pytest.mark.parametrize(
        ("first", "then"), list(itertools.product(TrackingStatus, repeat=2))
    )
    def test_the_table_says_what_follows(self, first, then):
        """
        Of two facts the later one counts if the row of the first one has it.
        """
        known = whereabouts(facts_of((first, 1), (then, 2)))

        assert (then if then in MOVED_BY[first] else first) == known.status


@pytest.mark.parametrize(
    ("told", "status", "delivered_hour"),
    [
        ([], S.PENDING, None),
        ([(S.DELIVERY_FAILED, 12), (S.OUT_FOR_DELIVERY, 34)], S.OUT_FOR_DELIVERY, None),
        ([(S.LOST, 12), (S.IN_TRANSIT, 34)], S.IN_TRANSIT, None),
        ([(S.LOST, 12), (S.DELIVERED, 34)], S.DELIVERED, 34),
        ([(S.CUSTOMS, 12), (S.IN_TRANSIT, 13)], S.IN_TRANSIT, None),
        # A label printed again is no news.
        ([(S.IN_TRANSIT, 1), (S.PENDING, 2)], S.IN_TRANSIT, None),
        # The earliest delivery counts; scans uploaded late are no way back.
        ([(S.DELIVERED, 30), (S.DELIVERED, 20), (S.IN_TRANSIT, 40)], S.DELIVERED, 20),
        # To the sender: no delivery to the customer.
        ([(S.RETURN_TO_SENDER, 10), (S.DELIVERED, 50)], S.RETURN_TO_SENDER, None),
        # Taken back: the customer does not have it.
        ([(S.DELIVERED, 10), (S.RETURN_TO_SENDER, 50)], S.RETURN_TO_SENDER, None),
        # Of the same instant, what says more counts.
        ([(S.DELIVERED, 10), (S.OUT_FOR_DELIVERY, 10)], S.DELIVERED, 10),
        ([(S.DELIVERED, 10), (S.LOST, 10)], S.DELIVERED, 10),
        # In vain at the door, then to a shop where it can be fetched.
        ([(S.DELIVERY_FAILED, 5), (S.READY_FOR_PICKUP, 5)], S.READY_FOR_PICKUP, None),
        ([(S.READY_FOR_PICKUP, 5), (S.DELIVERED, 9)], S.DELIVERED, 9),
        ([(S.CANCELLED, 5), (S.PICKED_UP, 6)], S.PICKED_UP, None),
        ([(S.RETURN_TO_SENDER, 10), (S.DELIVERED, 10)], S.RETURN_TO_SENDER, None),
    ],
)
def test_stories(told, status, delivered_hour):
    """
    Each story ends where a clerk who reads it would say that the parcel is.
    """
    for facts in itertools.permutations(facts_of(*told)):
        known = whereabouts(facts)
        delivered_at = None
        if delivered_hour is not None:
            delivered_at = NOON + timedelta(hours=delivered_hour)

        assert (status, delivered_at) == (known.status, known.delivered_at)


@pytest.mark.parametrize(
    ("told", "incident"),
    [
        ([(S.CUSTOMS, 1, "customs_duties")], "customs_duties"),
        ([(S.CUSTOMS, 1, "customs_duties"), (S.CUSTOMS, 2, "")], None),
        ([(S.CUSTOMS, 1, "customs_duties"), (S.IN_TRANSIT, 2, "")], None),
        # What does not move it does not say why either.
        ([(S.DELIVERED, 1, ""), (S.IN_TRANSIT, 2, "damaged")], None),
        ([(S.IN_TRANSIT, 1, "damaged"), (S.PENDING, 2, "")], "damaged"),
    ],
)
def test_why_it_does_not_go_on(told, incident):
    """
    What was said with the fact that put the parcel where it is.
    """
    facts = [said(status, hour, incident=why) for status, hour, why in told]
    for order in itertools.permutations(facts):
        assert incident == whereabouts(order).incident


FACTS = st.lists(
    st.builds(
        said,
        st.sampled_from(TrackingStatus),
        st.integers(0, 5),
        incident=st.sampled_from(["", *IncidentReason]),
    ),
    max_size=8,
)


@given(FACTS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(facts, random):
    """
    However facts are shuffled or told twice, the parcel is at the same place.
    """
    shuffled = [*facts, *facts[:3]]
    random.shuffle(shuffled)

    assert whereabouts(facts) == whereabouts(shuffled)


@given(FACTS)
def test_delivered_says_when(facts):
    """
    A parcel has a time of delivery while it is delivered, and at no other time.
    """
    known = whereabouts(facts)

    assert (known.status == S.DELIVERED) == (known.delivered_at is not None)
    assert known.delivered_at in {None, *(fact.happened_at for fact in facts)}
    assert (known.heard_at is None) == (not facts)
    assert known.heard_at is None or all(
        fact.happened_at <= known.heard_at for fact in facts
    )
