"""
How a delivery ends: done, to be tried again, or dead; pure, and counted in a report.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

import attrs

from ...domain.effects.circuits import LONGEST_REST
from ...domain.effects.machine import (
    DEAD,
    DONE,
    PLANNED,
    WAITING,
    AttemptChart,
    MessageChart,
)
from ...domain.effects.model import Attempt, OutboxMessage
from ...domain.kernel.connections import DISCONNECTED
from ...domain.kernel.values import frozen
from ...domain.stores.errors import StoreRestsError
from ...doors.answers import words_of
from ...ports.errors import DeclinedError, ThrottledError, UnauthorizedError
from ..base.settings import Settings
from .lanes import Told
from .pushing import NotTakenError, Push

# A shop that rests is looked at again after so many pauses before a second try. Who
# takes it up again lets it be asked at once: so what waits longer is looked at rarely.
_WHILE_IT_RESTS = 4


@frozen
class RelayReport:
    """
    What one pass did.

    Attributes:
        delivered: Messages done; our own housekeeping, such as folding counters, is not
            counted.

        postponed: Messages that will be tried again.

        dead: Messages nobody will try again by themselves.
    """

    delivered: int = 0
    postponed: int = 0
    dead: int = 0

    def __add__(self, other: "RelayReport") -> "RelayReport":
        return RelayReport(
            self.delivered + other.delivered,
            self.postponed + other.postponed,
            self.dead + other.dead,
        )


def counted(states: Sequence[str]) -> RelayReport:
    """
    Count messages by the *states* they were left in.
    """
    return RelayReport(states.count(DONE), states.count(WAITING), states.count(DEAD))


def end_push(
    push: Push, told: Told, now: datetime, settings: Settings
) -> tuple[OutboxMessage, Attempt]:
    """
    Return a message and its attempt as what was *told* leaves them.
    """
    outcome = told.outcome
    if isinstance(outcome, str):
        attempt = attrs.evolve(
            push.attempt,
            state=AttemptChart.after(push.attempt.state, "succeed"),
            reference=outcome,
            changed_at=now,
        )
        return _done(push.message), attempt
    if isinstance(outcome, NotTakenError):
        return _told_anew(push, outcome, now)
    is_declined = isinstance(outcome, DeclinedError) and told.took is not None
    attempt = attrs.evolve(
        _attempt_after(push, told, is_declined=is_declined),
        error=words_of(outcome),
        changed_at=now,
    )
    # To be asked to come back later is no try: the shop did not look at it. Nor is what
    # waits for somebody to let us in.
    is_try = not isinstance(
        outcome, (ThrottledError, UnauthorizedError, StoreRestsError)
    )
    # Refused as it was, it is told under the lines that the shop has now.
    is_over = (is_declined and not push.is_outdated) or (
        isinstance(outcome, StoreRestsError) and outcome.state == DISCONNECTED
    )
    message = _tried_again(
        push.message, outcome, now, settings, is_try=is_try, is_over=is_over
    )
    return message, attempt


def _told_anew(
    push: Push, error: NotTakenError, now: datetime
) -> tuple[OutboxMessage, Attempt]:
    """
    Return a message whose attempt the shop has never heard of: the next one says what
    there is to say now, under its own key.
    """
    state = push.attempt.state
    for event in ("lose", "miss"):
        state = AttemptChart.after(state, event)
    words = words_of(error)
    attempt = attrs.evolve(push.attempt, state=state, error=words, changed_at=now)
    return give_back(push.message, now), attempt


def _attempt_after(push: Push, told: Told, *, is_declined: bool) -> Attempt:
    if told.took is None:
        return unsent(push)
    if is_declined:
        event = "decline"
    elif isinstance(told.outcome, (ThrottledError, UnauthorizedError)):
        # Nothing happened now; what an earlier call with this key did is as unknown.
        event = "lose" if push.is_unknown else "postpone"
    else:
        event = "lose"
    state = AttemptChart.after(push.attempt.state, event)
    return attrs.evolve(push.attempt, state=state)


def unsent(push: Push) -> Attempt:
    """
    Return the attempt of a push that was claimed and not sent: as it was before.
    """
    if push.before is not None:
        return push.before
    return attrs.evolve(push.attempt, state=PLANNED, sends=0)


def give_back(message: OutboxMessage, next_at: datetime) -> OutboxMessage:
    """
    Return a message that was claimed and not sent.
    """
    state = MessageChart.after(message.state, "retry")
    return attrs.evolve(message, state=state, next_at=next_at)


def die(message: OutboxMessage, words: str) -> OutboxMessage:
    """
    Return a message that nobody can send, with the reason.
    """
    state = MessageChart.after(message.state, "die")
    return attrs.evolve(message, state=state, error=words)


def end_own(
    message: OutboxMessage, error: Exception | None, now: datetime, settings: Settings
) -> OutboxMessage:
    """
    Return a message of our own, or one that a plugin was told, as *error* or none
    leaves it.
    """
    if error is None:
        return _done(message)
    return _tried_again(message, error, now, settings)


def _done(message: OutboxMessage) -> OutboxMessage:
    state = MessageChart.after(message.state, "finish")
    return attrs.evolve(message, state=state, attempts=message.attempts + 1, error="")


def _tried_again(
    message: OutboxMessage,
    error: Exception,
    now: datetime,
    settings: Settings,
    *,
    is_try: bool = True,
    is_over: bool = False,
) -> OutboxMessage:
    tries = message.attempts + is_try
    is_over = is_over or (is_try and tries >= settings.deliveries_max)
    return attrs.evolve(
        message,
        state=MessageChart.after(message.state, "die" if is_over else "retry"),
        attempts=tries,
        error=words_of(error),
        next_at=now + _pause(error, tries, message, now, settings.retry_after),
    )


def _pause(
    error: Exception,
    tries: int,
    message: OutboxMessage,
    now: datetime,
    base: timedelta,
) -> timedelta:
    """
    Return how long to wait: as told, or as long again as it has waited for a shop that
    rests; else doubling, spread by the message's own digest.
    """
    if isinstance(error, ThrottledError):
        return error.retry_after
    if isinstance(error, StoreRestsError):
        waited = min(now - message.written_at, LONGEST_REST)
        return max(waited, base * _WHILE_IT_RESTS)
    digest = blake2b(f"{message.message_id}:{tries}".encode(), digest_size=1)
    spread = digest.digest()[0]
    return base * (1 << max(tries - 1, 0)) * (1 + spread / 512)
