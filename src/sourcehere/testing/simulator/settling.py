"""
The end of a run: nothing fails any more, and everybody is told everything.
"""

from collections.abc import Sequence
from datetime import timedelta

from ...app import App
from ...domain.effects.inbox import InboxEvent
from ...domain.effects.machine import DEAD, WAITING
from ...face.opening import SourceHere
from .people import Person
from .truth import WrongError
from .world import STAFF, STORE, World

_ROUNDS = 80


def settle(world: World, people: Sequence[Person]) -> None:
    """
    Let everything fail no more, and go on until nothing is owed to anybody.

    Raises:
        WrongError: If it never comes to an end.
    """
    world.fail_no_more()
    with world.determined():
        app = world.process()
        for person in people:
            _finish(person, app)
        for _ in range(_ROUNDS):
            world.clock.advance(timedelta(hours=2))
            _round(world, app)
            if not _is_anything_owed(app):
                return
        left = [m.message_id for m in (*app.relay.waiting(), *app.relay.dead())]
        told = f"messages are never delivered, or webhooks never followed: {left[:5]}"
        raise WrongError(told)


def _is_anything_owed(app: App) -> bool:
    waiting = SourceHere(app).inbox.list(state=WAITING).items
    return bool(app.relay.waiting() or app.relay.dead() or waiting or _unfollowed(app))


def _unfollowed(app: App) -> Sequence[InboxEvent]:
    return SourceHere(app).inbox.list(state=DEAD).items


def _finish(person: Person, app: App) -> None:
    for _ in range(_ROUNDS):
        if person.pending is None:
            return
        person.finish(app)
    assert person.pending is not None
    told = f"{person.name} is never told what became of {person.pending.name}"
    raise WrongError(told)


def _round(world: World, app: App) -> None:
    for seller in world.sellers:
        world.let_in(app, seller)
        app.stores.sync(seller, STORE)
    for event in _unfollowed(app):
        app.inbox.resend(event.seller_id, event.store_id, event.event_id)
    app.inbox.run()
    app.relay.run(worker="last")
    for message in app.relay.dead():
        app.relay.resend(message.seller_id, message.message_id, by=STAFF)
