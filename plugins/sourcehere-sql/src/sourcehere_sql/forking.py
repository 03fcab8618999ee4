"""
What becomes of open storages when their process forks: connections are not shared.

A connection that two processes use breaks both. Before a fork, transactions of other
threads are waited for and idle connections are closed, so that there is nothing to
inherit; afterwards parent and child each connect anew. Closing in the child would not
do: SQLite keeps locks by process, so that a child that inherited an open file believes
to hold locks that only its parent has.
"""

import os
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol
from weakref import WeakSet


class Forks(Protocol):
    """
    Something with connections.
    """

    def before_fork(self) -> None:
        """
        Close what is idle, and open nothing until the fork is over.
        """
        ...

    def after_fork(self, *, is_child: bool) -> None:
        """
        Go on, in the child with nothing of the parent's.
        """
        ...


class Gate(AbstractContextManager[None]):
    """
    Entered by each transaction; while it is closed, nobody enters.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside: set[int] = set()
        self._is_closed = False

    def __enter__(self) -> None:
        # Put down first and looked at then: whoever closes does it the other way round.
        self._inside.add(threading.get_ident())
        if self._is_closed:
            self._wait_outside()

    def __exit__(self, *_: object) -> None:
        self._inside.discard(threading.get_ident())
        if self._is_closed:
            with self._changed:
                self._changed.notify_all()

    def _wait_outside(self) -> None:
        me = threading.get_ident()
        with self._changed:
            while self._is_closed:
                self._inside.discard(me)
                self._changed.notify_all()
                self._changed.wait()
                self._inside.add(me)

    def close(self, *, seconds: float) -> None:
        """
        Let nobody in, and wait for the other threads inside, but no longer than told.
        """
        deadline = time.monotonic() + seconds
        mine = {threading.get_ident()}
        with self._changed:
            self._is_closed = True
            while self._inside - mine and time.monotonic() < deadline:
                self._changed.wait(deadline - time.monotonic())

    def open(self) -> None:
        """
        Let everybody in again.
        """
        with self._changed:
            self._is_closed = False
            self._changed.notify_all()


_open: WeakSet[Forks] = WeakSet()
_inherited: list[object] = []


def follow_forks(storage: Forks) -> None:
    """
    Tell *storage* of every fork while it lives.
    """
    _open.add(storage)


def keep_inherited(thing: object) -> None:
    """
    Never let go of what the parent is still using: letting go would close it.
    """
    _inherited.append(thing)


def _tell(do: Callable[[Forks], None]) -> Callable[[], None]:
    def tell() -> None:
        for storage in list(_open):
            do(storage)

    return tell


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(
        before=_tell(lambda storage: storage.before_fork()),
        after_in_parent=_tell(lambda storage: storage.after_fork(is_child=False)),
        after_in_child=_tell(lambda storage: storage.after_fork(is_child=True)),
    )
