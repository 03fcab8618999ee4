"""
One piece of work at a time on a host's connection, whichever threads share it.

Savepoints are a stack: who takes one back takes back all that was done since, and with
it what another thread did there and was told to be done.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import attrs


@attrs.define
class _Use:
    """
    The lock of a connection, and how many want it.
    """

    lock: threading.RLock = attrs.field(factory=threading.RLock)
    count: int = 0


class _Uses:
    """
    The connections that are in use now, by what Python calls them meanwhile.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._known: dict[int, _Use] = {}

    def forget(self) -> None:
        """
        Begin anew in a child, in which the parent's other threads are not.
        """
        self._guard, self._known = threading.Lock(), {}

    def begin(self, connection: object) -> _Use:
        """
        Count one more.
        """
        with self._guard:
            use = self._known.setdefault(id(connection), _Use())
            use.count += 1
        return use

    def end(self, connection: object, use: _Use) -> None:
        """
        Forget the connection with the last one.
        """
        with self._guard:
            use.count -= 1
            if not use.count:  # whoever was forked within it has none to forget
                self._known.pop(id(connection), None)


_uses = _Uses()


@contextmanager
def alone_on(connection: object) -> Iterator[None]:
    """
    Wait until no other thread works on *connection*, and keep it from others.

    Work within work is the same thread's.
    """
    use = _uses.begin(connection)
    try:
        with use.lock:
            yield
    finally:
        _uses.end(connection, use)


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_uses.forget)
