"""
What one call has spent on waiting for others: locks, races and reconnecting.

A command may take many commits, each of which may have to wait. Whoever runs them opens
a budget with `one_call`; a storage asks `waited` how much of it is gone.
"""

from contextvars import ContextVar, Token
from weakref import ref

import attrs

_LEAST = 0.01  # seconds for a row that is free in a moment, when nothing is left


@attrs.define
class Waited:
    """
    What a call has spent on waiting in vain.

    What was waited for and had is not counted: that is progress.
    """

    seconds: float = 0.0

    def left_of(self, budget: float) -> float:
        """
        Return the seconds that may still be waited, of *budget* in all.
        """
        return max(budget - self.seconds, min(_LEAST, budget))

    def spend(self, seconds: float) -> None:
        """
        Count what was waited in vain.
        """
        self.seconds += seconds

    def is_over(self, budget: float) -> bool:
        """
        Tell whether all of *budget* is spent.
        """
        return self.seconds >= budget


# Who has it is in the call: one that was interrupted while it began, or ended, is over
# all the same.
_call: ContextVar[ref[Waited] | None] = ContextVar("waited_in_this_call", default=None)


class one_call:  # noqa: N801 - read as a verb: with one_call()
    """
    Let all that is done inside share one budget; a call within a call shares its own.
    """

    __slots__ = ("_token", "_waited")

    def __enter__(self) -> Waited:
        """
        Return what the call has spent.
        """
        found = _call.get()
        known = None if found is None else found()
        self._token: Token[ref[Waited] | None] | None = None
        self._waited = Waited() if known is None else known
        if known is None:
            self._token = _call.set(ref(self._waited))
        return self._waited

    def __exit__(self, *_: object) -> None:
        """
        End the budget where it began.
        """
        if self._token is not None:
            _call.reset(self._token)
