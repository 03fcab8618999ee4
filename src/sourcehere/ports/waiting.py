"""
What one call has spent on waiting for others: locks, races and reconnecting.

A command may take many commits, each of which may have to wait. Whoever runs them opens
a budget with `one_call`; a storage asks `waited` how much of it is gone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import attrs

from ..domain.kernel.clock import stopwatch

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

    def is_over(self, budget: float) -> bool:
        """
        Tell whether all of *budget* is spent.
        """
        return self.seconds >= budget

    @contextmanager
    def counted(self, counts: Callable[[BaseException], bool]) -> Iterator[None]:
        """
        Count the time of what is done inside, if it fails so that it *counts*.
        """
        began = stopwatch()
        try:
            yield
        except BaseException as error:
            if counts(error):
                self.seconds += stopwatch() - began
            raise


_call: ContextVar[Waited | None] = ContextVar("waited_in_this_call", default=None)


@contextmanager
def one_call() -> Iterator[Waited]:
    """
    Let all that is done inside share one budget; a call within a call shares its own.
    """
    known = _call.get()
    if known is not None:
        yield known
        return
    token = _call.set(Waited())
    try:
        made = _call.get()
        assert made is not None
        yield made
    finally:
        _call.reset(token)
