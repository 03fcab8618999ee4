"""
What is planted among webhooks and the journal of what shops said.
"""

from datetime import timedelta

import attrs
import pytest
from planting import World, anything

from sourcehere.testing.factories import NOON
from sourcehere.unit.tables.effects import INBOX
from sourcehere.unit.tables.stores import STORES, TOLD

LATER = NOON + timedelta(days=100_000)


def an_event_in_a_state_nobody_knows(world):
    world.rewrite(INBOX, anything, state="lost")


def an_event_that_waits_until_2299(world):
    world.rewrite(INBOX, anything, next_at=LATER)


def an_event_of_no_shop(world):
    world.make(INBOX, attrs.evolve(world.all(INBOX)[0], store_id="gone"))


def an_event_nobody_can_read(world):
    world.overwrite(INBOX, orders="5")


def a_saying_that_is_kept_until_2299(world):
    world.rewrite(TOLD, anything, forget_at=LATER)


def a_saying_of_no_shop(world):
    world.make(TOLD, attrs.evolve(world.all(TOLD)[0], store_id="gone"))


def a_shop_that_is_due_in_2299(world):
    world.rewrite(STORES, anything, pull_at=LATER)


PLANTED = [
    plant
    for name, plant in list(globals().items())
    if name.startswith(("a_", "an_")) and callable(plant)
]


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_it_is_named(plant):
    """
    What was changed behind the API is found, whatever it is called.
    """
    world = World()
    hook = world.bench.shop.webhook("orders/create", "1")
    world.bench.sh.inbox.receive("demo", "shop", headers=hook.headers, body=hook.body)
    assert world.app.audit.run(replay=True).is_clean
    plant(world)

    assert not world.app.audit.run(replay=True).is_clean
