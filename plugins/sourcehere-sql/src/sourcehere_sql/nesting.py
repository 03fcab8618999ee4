"""
One transaction at a time in each thread: the work of one opens no other.
"""

import threading
import weakref

from sourcehere.domain.kernel.errors import ConflictError


class Call:
    """
    A call that a thread is in, as long as somebody has this.
    """

    __slots__ = ("__weakref__",)


class Calls:
    """
    The calls of all threads. Each is over with its end, and with whoever interrupts it
    in the middle of that.
    """

    def __init__(self) -> None:
        self._here = threading.local()

    def begin(self) -> Call:
        """
        Begin a call of this thread.

        Raises:
            ConflictError: If it is in one.
        """
        known: weakref.ref[Call] | None = getattr(self._here, "call", None)
        if known is not None and known() is not None:
            raise ConflictError(kind="transaction", key="(nested)")
        call = Call()
        self._here.call = weakref.ref(call)
        return call

    def end(self, call: Call) -> None:
        """
        End a call of this thread.
        """
        del call  # it may live on in a traceback
        self._here.call = None
