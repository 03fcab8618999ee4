"""
Waiting within one attempt of a call: for a turn, for a connection, for locks.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

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

    @contextmanager
    def spent(self) -> Iterator[None]:
        """
        Take off how long it takes what is done inside.
        """
        began = time.monotonic()
        try:
            yield
        finally:
            self.spend(time.monotonic() - began)


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
        self._free = threading.Semaphore(count)
        self._url = url
        self._seconds = seconds
        self._cause = cause

    @contextmanager
    def within(self, patience: Patience) -> Iterator[None]:
        """
        Have a turn, which is waited for as long as there is *patience*.

        Raises:
            BusyError: If nobody comes out by then.
        """
        with patience.spent():
            is_in = self._free.acquire(timeout=patience.seconds)
        if not is_in:
            raise BusyError(url=self._url, seconds=self._seconds, cause=self._cause)
        try:
            yield
        finally:
            self._free.release()
