"""
The end of a run: nothing fails any more, and everybody is told everything.
"""

from collections.abc import Sequence
from datetime import timedelta

from ...app import App
from ...domain.effects.inbox import InboxEvent
from ...domain.effects.labels import PERSONS_STAGES
from ...domain.effects.machine import DEAD, WAITING
from ...domain.effects.payment_stages import PaymentStage
from ...face.core import SourceHere
from .banks import Bank
from .bookkeepers import say_what_was_seen, seen_of, unbooked
from .card_checks import is_known
from .cards import CardHolder
from .packers import Packer, find_out
from .people import Person
from .world import SETTINGS, STAFF, STORE, World
from .wrong import WrongError

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
            if isinstance(person, Bank):
                person.decide_all()
            _finish(world, person, app)
        for _ in range(_ROUNDS):
            world.clock.advance(timedelta(hours=2))
            _round(world, app)
            if not _owed(world, app):
                break
        else:
            told = f"it never comes to an end: {'; '.join(_owed(world, app)[:5])}"
            raise WrongError(told)
        world.clock.advance(SETTINGS.track_every)
        app.tracking.run()
        for person in people:
            if isinstance(person, CardHolder | Packer):
                person.look_at_all(app)


def _owed(world: World, app: App) -> list[str]:
    """
    Say what is not done yet.
    """
    waiting = SourceHere(app).inbox.list(state=WAITING).items
    return [
        *(f"message {m.message_id} is waiting" for m in app.relay.waiting()),
        *(f"message {m.message_id} is dead" for m in app.relay.dead()),
        *(f"webhook {e.event_id} is waiting" for e in waiting),
        *(f"webhook {e.event_id} is dead" for e in _unfollowed(app)),
        *(f"label {one.label_id} is {one.stage}" for one in app.labels.open()),
        *(
            f"{one.reference} is {one.stage}: {one.error}"
            for one in app.payments.open()
            if is_known(world, one)
        ),
        *(
            f"{one.reference} is paid out otherwise"
            for name in world.gateways
            for one in unbooked(world, app, name)
        ),
    ]


def _unfollowed(app: App) -> Sequence[InboxEvent]:
    return SourceHere(app).inbox.list(state=DEAD).items


def _finish(world: World, person: Person, app: App) -> None:
    for _ in range(_ROUNDS):
        if person.pending is None:
            return
        person.finish(app)
        if person.pending is not None:  # such as of a gateway that rests
            world.clock.advance(timedelta(minutes=5))
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
    _settle_cards(world, app)
    _settle_labels(world, app)
    app.relay.run(worker="last")
    for message in app.relay.dead():
        app.relay.resend(message.seller_id, message.message_id, by=STAFF)


def _settle_labels(world: World, app: App) -> None:
    """
    Ask carriers, and find out what they do not say.
    """
    app.labels.run()
    for label in app.labels.open():
        if label.stage in PERSONS_STAGES:
            find_out(world, app, label, by=STAFF)


def _settle_cards(world: World, app: App) -> None:
    """
    Ask gateways, find out what they do not say, and look at what they paid out.
    """
    app.payments.run()
    for attempt in app.payments.open():
        found = seen_of(world, attempt)
        if attempt.stage is PaymentStage.MANUAL and found is not None:
            say_what_was_seen(app, attempt, found, by=STAFF)
    for name, gateway in world.gateways.items():
        gateway.books.pay_out()
        for attempt in unbooked(world, app, name):
            app.payments.ask_now(attempt.seller_id, attempt.attempt_id)
