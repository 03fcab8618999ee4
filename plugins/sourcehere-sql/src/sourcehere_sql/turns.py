"""
Waiting within one attempt of a call: for a turn, for a connection, for locks.
"""

import time
from functools import partial
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
        # A semaphore in C: whoever has taken one out has a turn.
        self._free: SimpleQueue[object] = SimpleQueue()
        self._kind = _kind_of_pass(self._free)
        for _ in range(count):
            self._free.put(self._kind())
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

    def enter(self, patience: Patience) -> object:
        """
        Take a turn, which lasts as long as somebody has what is returned.
        """
        try:
            return self._free.get_nowait()
        except Empty:
            return self._waited_for(patience)

    def _waited_for(self, patience: Patience) -> object:
        began = time.monotonic()
        try:
            return self._free.get(timeout=patience.seconds)
        except Empty:
            raise BusyError(
                url=self._url, seconds=self._seconds, cause=self._cause
            ) from None
        finally:
            patience.spend(time.monotonic() - began)

    def __del__(self) -> None:
        """
        Let those that are free go for good.
        """
        del self._kind.__del__  # type: ignore[attr-defined]  # as it was made


def _kind_of_pass(free: SimpleQueue[object]) -> type:
    """
    Make the kind of what somebody has whose turn it is: once nobody has one any more,
    another is put among those that are *free*.

    Nobody needs to give it back: an interruption may come between having it and
    knowing that. And no line of Python is run for it, only functions in C: what is
    raised while a thing is let go of, as by a handler of a signal, is dropped by
    Python, and the turn would be lost with it.
    """
    kind = type("_Pass", (), {"__slots__": ()})
    another = partial(next, map(free.put, iter(kind, None)))  # makes it and puts it
    kind.__del__ = staticmethod(another)  # type: ignore[attr-defined]  # it has one now
    return kind


class Turn:
    """
    One turn, had while it is entered.
    """

    __slots__ = ("_held", "_patience", "_turns")

    def __init__(self, turns: Turns, patience: Patience) -> None:
        self._turns = turns
        self._patience = patience
        self._held: object = None

    def __enter__(self) -> None:
        try:
            self._held = self._turns.enter(self._patience)
        except BaseException:
            self._held = None  # whoever keeps the traceback keeps no turn
            raise

    def __exit__(self, *_: object) -> None:
        self._held = None
