"""
Waiting within one attempt of a call: for a turn, for a connection, for locks.
"""

import time
from queue import Empty, SimpleQueue

from sourcehere.ports.storage import BusyError

_LEAST = 0.01  # seconds for what is free in a moment, when nothing is left


class Patience:
    """
    How long one attempt may still wait; all that it waits for is taken off.

    Attributes:
        seconds: What is left. Never nothing: what is free is always had.
    """

    def __init__(self, seconds: float) -> None:
        self._least = min(_LEAST, seconds)
        self.seconds = seconds

    def spend(self, seconds: float) -> None:
        """
        Take off what was waited.
        """
        self.seconds = max(self.seconds - seconds, self._least)


class Turns:
    """
    Lets so many threads in at a time; the others wait outside.
    """

    def __init__(self, count: int, *, url: str, seconds: float, cause: str) -> None:
        """
        Let *count* in.

        Args:
            seconds: How long a call waits in all, to be told.

            cause: What to say when that is over.
        """
        # A semaphore in C: whoever has taken something out has a turn.
        self._free: SimpleQueue[None] = SimpleQueue()
        for _ in range(count):
            self._free.put(None)
        self._url = url
        self._seconds = seconds
        self._cause = cause

    def within(self, patience: Patience) -> "Turn":
        """
        Have a turn, which is waited for as long as there is *patience*.

        Raises:
            BusyError: On entering, if nobody comes out by then.
        """
        return Turn(self, patience)

    def enter(self, patience: Patience) -> None:
        """
        Take a turn; `within` gives it back.
        """
        began = time.monotonic()
        try:
            self._free.get(timeout=patience.seconds)
        except Empty:
            raise BusyError(
                url=self._url, seconds=self._seconds, cause=self._cause
            ) from None
        finally:
            patience.spend(time.monotonic() - began)

    def leave(self) -> None:
        """
        Let the next one in.
        """
        self._free.put(None)


class Turn:
    """
    One turn, had while it is entered.
    """

    __slots__ = ("_patience", "_turns")

    def __init__(self, turns: Turns, patience: Patience) -> None:
        self._turns = turns
        self._patience = patience

    def __enter__(self) -> None:
        self._turns.enter(self._patience)

    def __exit__(self, *_: object) -> None:
        self._turns.leave()
