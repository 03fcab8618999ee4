"""
What is known of a connection that did not answer well, and when it is asked again.
"""

import enum
from datetime import datetime, timedelta

import attrs

from ..kernel.values import frozen

FAILURES_MAX = 3  # in a row; then the connection is down, and not only unlucky
LONGEST_REST = timedelta(hours=1)


class Trouble(enum.StrEnum):
    """
    How a connection failed to answer.
    """

    SLOW = "slow"  # it did not answer within the time
    THROTTLED = "throttled"  # it asks for patience
    UNAUTHORIZED = "unauthorized"  # it refuses our credentials
    DOWN = "down"  # anything else, three times in a row


WELL = "well"


@frozen(kw_only=True)
class Circuit:
    """
    How a connection answered lately; one that never failed has none.

    Attributes:
        connection: `seller/store`, `plugin:NAME`, `carrier:NAME` or `payment:NAME`.

        state: `well`, or the trouble that it is in.

        failures: Calls in a row that were not answered.

        next_at: Nothing is sent before; then one message is tried first.

        error: What its last failure said.
    """

    connection: str
    state: str
    failures: int
    next_at: datetime
    error: str
    changed_at: datetime

    def answered(self, now: datetime) -> "Circuit":
        """
        Return the circuit after an answer, be it a refusal: it is well.
        """
        if self.state == WELL and not self.failures:
            return self
        return attrs.evolve(
            self, state=WELL, failures=0, next_at=now, error="", changed_at=now
        )

    def failed(
        self, trouble: Trouble, *, error: str, rest: timedelta, now: datetime
    ) -> "Circuit":
        """
        Return the circuit after a call that was not answered.

        Args:
            rest: How long it rests: as told if it is throttled, else to begin with.
                Each further failure doubles that, up to `LONGEST_REST`.
        """
        failures = self.failures + 1
        before = FAILURES_MAX if trouble is Trouble.DOWN else 1
        if trouble is Trouble.THROTTLED:
            pause = rest
        elif failures < before:
            pause = timedelta(0)
        else:
            doubled = rest * (1 << min(failures - before, 20))
            pause = min(doubled, LONGEST_REST)
        return attrs.evolve(
            self,
            state=trouble.value if pause else self.state,
            failures=failures,
            next_at=now + pause,
            error=error,
            changed_at=now,
        )


def fresh_circuit(connection: str, now: datetime) -> Circuit:
    """
    Return the circuit of a connection that never failed.
    """
    return Circuit(
        connection=connection,
        state=WELL,
        failures=0,
        next_at=now,
        error="",
        changed_at=now,
    )
