"""
The line to a gateway or a carrier of a run: calls are not taken in, take long, or get
no answer.
"""

from collections.abc import Callable
from datetime import timedelta

import attrs

from ...ports.errors import (
    ProtocolError,
    ThrottledError,
    TimedOutError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from .books import GATEWAY
from .scheduler import Scheduler

_SLOW_MAX = 600  # steps
_DOWN_MAX = 1_500
_WITHIN = timedelta(seconds=30)


@attrs.define
class GatewayFaults:
    """
    How likely a call fails, and how likely a gateway does something else than it was
    asked for.

    Attributes:
        lost: Nobody knows what became of it; it happened, or happens later, or not.

        nonsense: It happened, and the answer makes no sense.

        wrong: It happened, and the answer tells more money, or another currency.

        declined, throttled, unauthorized: It did not happen.

        down: It answers nothing for a while.

        slow: It takes so long that others do a lot meanwhile.

        hidden: What happened is not found for a while.

        less: It reserves or takes less than it was asked for.

        waits: A bank decides later what is captured or returned; a carrier sells long
            after everybody has given it up.
    """

    lost: float = 0.0
    nonsense: float = 0.0
    wrong: float = 0.0
    declined: float = 0.0
    throttled: float = 0.0
    unauthorized: float = 0.0
    down: float = 0.0
    slow: float = 0.0
    hidden: float = 0.0
    less: float = 0.0
    waits: float = 0.0


@attrs.define(eq=False)
class Line:
    """
    What is between us and a gateway, or a carrier.
    """

    scheduler: Scheduler
    faults: GatewayFaults
    name: str = GATEWAY
    _down_until: int = 0

    def draws(self, likely: float) -> bool:
        """
        Draw whether something that is so *likely* happens.
        """
        return self.scheduler.random.random() < likely

    def number(self, most: int) -> int:
        """
        Draw a number below *most*.
        """
        return int(self.scheduler.random.random() * most)

    def begin(self) -> None:
        """
        Take in a call, unless nobody listens.

        Raises:
            UnknownOutcomeError: If it is down.

            ThrottledError: If it asks for patience.

            UnauthorizedError: If it lets nobody in.
        """
        scheduler, faults = self.scheduler, self.faults
        scheduler.step()
        if self.draws(faults.down):
            self._down_until = scheduler.steps + self.number(_DOWN_MAX)
        if faults.down and scheduler.steps < self._down_until:
            raise UnknownOutcomeError(provider=self.name, detail="no route to host")
        if self.draws(faults.throttled):
            pause = timedelta(seconds=1 + self.number(90))
            raise ThrottledError(provider=self.name, detail="slowly", retry_after=pause)
        if self.draws(faults.unauthorized):
            raise UnauthorizedError(provider=self.name, detail="who")

    def fail(self, happen: Callable[[], None]) -> None:
        """
        Fail as the faults say; where nobody knows, let it *happen*, or not.

        Raises:
            ProviderError: Of which nobody knows what it says of the call.
        """
        if self.draws(self.faults.slow):
            self.scheduler.sleep(_SLOW_MAX)
        self.scheduler.step()
        if self.draws(self.faults.lost):
            if self.draws(1 / 2):
                happen()
                self.scheduler.step()
                raise TimedOutError(provider=self.name, within=_WITHIN)
            raise UnknownOutcomeError(provider=self.name, detail="reset")
        if self.draws(self.faults.nonsense):
            happen()
            raise ProtocolError(provider=self.name, detail="\ud800\0 not JSON")

    def ask(self) -> None:
        """
        Take in a call that changes nothing, or fail.

        Raises:
            ProviderError: If there is no answer.
        """
        self.begin()
        self.fail(_nothing)


def _nothing() -> None:
    """
    Let nothing happen.
    """
