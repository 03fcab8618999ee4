"""
How a call to the outside leaves the circuit of its connection.
"""

from datetime import datetime, timedelta

from ...domain.effects.circuits import Circuit, Trouble
from ...doors.answers import words_of
from ...ports.errors import (
    DeclinedError,
    ProviderError,
    ThrottledError,
    TimedOutError,
    UnauthorizedError,
)


def judged(
    circuit: Circuit, error: Exception | None, *, rest: timedelta, now: datetime
) -> Circuit:
    """
    Return *circuit* after a call that ended with *error*, or well.

    A refusal is an answer; an error of ours is no news of the connection.

    Args:
        rest: How long it rests to begin with.
    """
    if error is None or isinstance(error, DeclinedError):
        return circuit.answered(now)
    if not isinstance(error, ProviderError):
        return circuit
    trouble = Trouble.DOWN
    match error:
        case ThrottledError():
            trouble, rest = Trouble.THROTTLED, error.retry_after
        case UnauthorizedError():
            trouble = Trouble.UNAUTHORIZED
        case TimedOutError():
            trouble = Trouble.SLOW
    return circuit.failed(trouble, error=words_of(error), rest=rest, now=now)
