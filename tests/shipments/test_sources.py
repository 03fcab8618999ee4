"""
Who may say "delivered" is a table, and the desks do what it says.
"""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from sourcehere import Actor, ForbiddenError, Role, TrackingFact, TrackingStatus
from sourcehere.domain.orders.rules import RULES
from sourcehere.domain.shipments.sources import DELIVERED_SOURCES, TELLERS, Word
from sourcehere.testing.factories import NOON, nothing_moves, open_bench

PAGE = Path(__file__).parents[2] / "docs" / "concepts" / "shipments.md"


@pytest.fixture
def bench():
    return open_bench(connected=["CUP"])


def say_delivered(bench, parcel_id, role):
    """
    Let somebody of *role* say at the seller's desk that a parcel was delivered.
    """
    actor = Actor(role, "demo")
    fact = TrackingFact(
        parcel_id=parcel_id,
        key="k",
        status=TrackingStatus.DELIVERED,
        happened_at=NOON,
    )
    return bench.sh.seller("demo", by=actor).parcels.record([fact])


@pytest.mark.parametrize("source", DELIVERED_SOURCES, ids=lambda s: s.name)
def test_each_source_is_heard_as_the_table_says(bench, source):
    """
    A source's word delivers the order, or its timer does, or it is refused.
    """
    order_id = bench.accepted("1", CUP=1)
    parcel_id = bench.ship(order_id)
    if source.word is Word.FACT:
        say_delivered(bench, parcel_id, source.role)
    elif source.word is Word.TIMER:
        assert frozenset({source.role}) == RULES["deliver_by_timer"].roles
        bench.clock.advance(timedelta(days=45))
        bench.app.clocks.fire()
    else:
        with nothing_moves(bench), pytest.raises(ForbiddenError):
            say_delivered(bench, parcel_id, source.role)

    is_heard = source.word is not Word.NONE
    assert is_heard == ("fulfilled" == bench.app.orders.get("demo", order_id).state)


def test_every_role_has_a_row():
    """
    Nobody is forgotten, and who may tell facts is what the table says.
    """
    assert set(Role) == {source.role for source in DELIVERED_SOURCES}
    assert {Role.CARRIER, Role.STAFF, Role.SYSTEM} == TELLERS


def test_the_page_has_the_table():
    """
    The documentation lists each source, its role and how it is heard.
    """
    rows = re.findall(
        r"^\| (\w+) \| `(\w+)` \| (\w+) \| (.+) \|$", PAGE.read_text(), re.MULTILINE
    )

    assert [
        (s.name, s.role.value, s.word.value, s.why) for s in DELIVERED_SOURCES
    ] == rows
