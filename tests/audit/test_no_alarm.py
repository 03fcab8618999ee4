"""
What looks odd and is as it should be is not named.
"""

import attrs
import pytest
from planting import World, of

from sourcehere.testing.factories import NOON
from sourcehere.unit.tables.effects import ATTEMPTS, SENDS
from sourcehere.unit.tables.orders import ORDERS


def clean(world):
    """
    Tell whether an audit with a replay finds nothing.
    """
    return world.app.audit.run(replay=True).violations == ()


def test_attempts_of_before_calls_were_kept():
    """
    A database of a release that kept no calls has attempts that succeeded without any.
    """
    world = World()
    for _ in world.all(SENDS):
        world.lose(SENDS, lambda _: True)

    assert clean(world)


def test_an_attempt_that_is_older_than_the_first_call_on_record():
    """
    After an upgrade old attempts have no calls, and new ones have theirs.
    """
    world = World()
    old = world.push("T1")
    world.lose(SENDS, of(message_id=old.message_id))
    last_year = NOON.replace(year=NOON.year - 1)
    world.rewrite(ATTEMPTS, of(message_id=old.message_id), changed_at=last_year)

    assert clean(world)


def test_a_call_of_a_worker_that_slept_past_its_lease():
    """
    It may have heard something else than what became of the message.
    """
    world = World()
    message = world.push("T2")
    sent = next(s for s in world.all(SENDS) if s.message_id == message.message_id)
    world.rewrite(ATTEMPTS, of(message_id=message.message_id), sends=2)
    world.make(SENDS, attrs.evolve(sent, send=2))
    world.rewrite(
        SENDS, of(message_id=message.message_id, send=1), state="declined", answer="no"
    )

    assert clean(world)


def test_a_worker_that_died_in_a_call():
    """
    It left no call on record; the next one did.
    """
    world = World()
    message = world.push("T2")
    sent = next(s for s in world.all(SENDS) if s.message_id == message.message_id)
    world.rewrite(ATTEMPTS, of(message_id=message.message_id), sends=2)
    world.make(SENDS, attrs.evolve(sent, send=2))
    world.lose(SENDS, of(message_id=message.message_id, send=1))

    assert clean(world)


def test_it_says_how_far_it_is():
    """
    Progress counts orders that were looked at, and with a replay what was made anew.
    """
    world, told = World(), []
    orders = len(world.all(ORDERS))
    world.app.audit.run(progress=told.append)
    assert [orders] == told

    told.clear()
    report = world.app.audit.run(replay=True, progress=told.append)
    assert sorted(told) == told
    assert told[-1] == orders + report.checked["replay_is_stored"]


@pytest.mark.parametrize("replay", [False, True])
def test_a_seller_without_anything(replay):
    """
    Of a seller who has just come nothing is wrong.
    """
    world = World()
    world.app.sellers.register("new", name="New", currency="EUR")

    assert world.app.audit.run(seller_id="new", replay=replay).is_clean
