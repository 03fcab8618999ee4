"""
How a delivery ends: done, to be tried again, or dead; pure, and counted in a report.
"""

from collections.abc import Sequence
from datetime import datetime

import attrs

from ...domain.effects.machine import (
    DEAD,
    DONE,
    WAITING,
    AttemptChart,
    MessageChart,
)
from ...domain.effects.model import Attempt, OutboxMessage
from ...domain.kernel.connections import DISCONNECTED
from ...domain.kernel.values import frozen
from ...domain.stores.errors import StoreRestsError
from ...ports.errors import ThrottledError, UnauthorizedError
from ..base.settings import Settings
from .pushing import (
    Outcome,
    Push,
    attempt_event,
    pause_before,
)


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
    push: Push, outcome: Outcome, now: datetime, settings: Settings
) -> tuple[OutboxMessage, Attempt]:
    """
    Return a message and its attempt as *outcome* leaves them.
    """
    message, attempt = push.message, push.attempt
    # To be asked to come back later is no try: the shop did not look at it. Nor is what
    # waits for somebody to let us in.
    is_try = not isinstance(
        outcome, (ThrottledError, UnauthorizedError, StoreRestsError)
    )
    tries = message.attempts + is_try
    if isinstance(outcome, str):
        state = MessageChart.after(message.state, "finish")
        return (
            attrs.evolve(message, state=state, attempts=tries, error=""),
            attrs.evolve(
                attempt,
                state=AttemptChart.after(attempt.state, "succeed"),
                reference=outcome,
                changed_at=now,
            ),
        )
    event = attempt_event(outcome)
    error = f"{type(outcome).__name__}: {outcome}"
    attempt = attrs.evolve(
        attempt,
        state=AttemptChart.after(attempt.state, event),
        error=error,
        changed_at=now,
    )
    is_over = (
        event == "decline"
        or (is_try and tries >= settings.deliveries_max)
        or (isinstance(outcome, StoreRestsError) and outcome.state == DISCONNECTED)
    )
    state = MessageChart.after(message.state, "die" if is_over else "retry")
    pause = pause_before(outcome, tries, message.message_id, settings.retry_after)
    message = attrs.evolve(
        message, state=state, attempts=tries, error=error, next_at=now + pause
    )
    return message, attempt


def end_job(
    message: OutboxMessage, error: Exception | None, now: datetime, settings: Settings
) -> OutboxMessage:
    """
    Return a message of our own as doing it, with *error* or none, leaves it.
    """
    tries = message.attempts + 1
    is_over = tries >= settings.deliveries_max
    event = "finish" if error is None else "die" if is_over else "retry"
    pause = pause_before(error, tries, message.message_id, settings.retry_after)
    return attrs.evolve(
        message,
        state=MessageChart.after(message.state, event),
        attempts=tries,
        error="" if error is None else f"{type(error).__name__}: {error}",
        next_at=now + pause,
    )
