"""
How a connection fails, as an adapter meets it.
"""

import enum
import threading
from collections.abc import Mapping

import attrs


class WireFault(enum.Enum):
    """
    What happens to one request, on its way or in the shop.

    `AFTER` is the one that costs money: the request had its effect and its answer was
    lost, so that it must be told as unknown and never as refused.
    """

    BEFORE = "before"  # the line broke before the request had an effect
    AFTER = "after"  # it had its effect, and the line broke before the answer
    DOWN = "down"  # an answer such as 503, without effect
    THROTTLED = "throttled"  # an answer such as 429, without effect: come back later
    UNAUTHORIZED = "unauthorized"  # an answer such as 401, without effect
    GARBAGE = "garbage"  # it had its effect, and the answer makes no sense
    TRUNCATED = "truncated"  # it had its effect, and half of the answer came
    # It had its effect, and the answer is JSON that is none of what was asked for:
    NULL = "null"  # null
    EMPTY = "empty"  # an object without anything in it
    LIST = "list"  # a list of nothing but null
    TEXT = "text"  # a text


# The answers that are JSON of another shape.
SHAPES: Mapping[WireFault, str] = {
    WireFault.NULL: "null",
    WireFault.EMPTY: "{}",
    WireFault.LIST: "[null]",
    WireFault.TEXT: '"Please try again later"',
}
# What had its effect although the caller learned nothing of it.
WITH_EFFECT = frozenset(
    {WireFault.AFTER, WireFault.GARBAGE, WireFault.TRUNCATED, *SHAPES}
)


@attrs.define
class FaultLine:
    """
    The line between an adapter and its lab: it breaks when a test says so.

    Whatever carries the adapter's requests asks `meet` for each of them.
    """

    _fault: WireFault | None = None
    _after: int = 0
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False, repr=False)

    def fail(self, fault: WireFault, /, *, after: int = 0) -> None:
        """
        Let one request meet *fault*, once *after* others have passed.
        """
        with self._lock:
            self._fault, self._after = fault, after

    def heal(self) -> bool:
        """
        Let every request pass; return whether the last fault was met by one.
        """
        with self._lock:
            fault, self._fault = self._fault, None
            return fault is None

    def meet(self) -> WireFault | None:
        """
        Return what the request that begins now meets; mostly nothing.
        """
        with self._lock:
            if self._fault is None:
                return None
            if self._after:
                self._after -= 1
                return None
            fault, self._fault = self._fault, None
            return fault
