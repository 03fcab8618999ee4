"""
What is done, as whoever traces the host's service is told of it: as spans.

Nobody is told unless the host asks for it; then nothing here costs anything.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

import attrs

from ...domain.kernel.values import frozen

T = TypeVar("T")


@frozen(kw_only=True)
class Step:
    """
    One thing that is done, and becomes a span.

    Attributes:
        name: Such as `relay.push_tracking`: of its kind, never of this one.

        parent: The `traceparent` that was kept with what is done; a text that is none
            begins a trace of its own. None for what is done for who asks here and now.

        about: Ids, numbers and words of ours, by name; no personal data.

        is_call: Whether somebody outside is asked.
    """

    name: str
    parent: str | None = None
    about: Mapping[str, str | int] = attrs.field(factory=dict)
    is_call: bool = True


class Doing(Protocol):
    """
    Steps that have begun, which are done together.
    """

    def run(self, work: Callable[[], T], /) -> T:
        """
        Do *work*, in whichever thread: what it begins is a child of the first step.
        """
        ...

    def end(self, errors: Sequence[Exception | None], /) -> None:
        """
        Tell what became of each: why it failed, or None where it did not.
        """
        ...


class Spans(Protocol):
    """
    Whoever is told of what is done.
    """

    def traceparent(self) -> str:
        """
        Return what is being done here and now, to be kept; empty for nothing.
        """
        ...

    def command(
        self, desk: type, name: str, seller_id: str, /
    ) -> AbstractContextManager[None]:
        """
        Tell of a command of a desk, which is done within the block.
        """
        ...

    def under(self, traceparent: str, /) -> AbstractContextManager[None]:
        """
        Let what begins within the block be a child of *traceparent*, which was kept
        with what is taken up; a text that is none begins traces of their own.
        """
        ...

    def begin(self, steps: Sequence[Step], /, *, beside: str) -> Doing:
        """
        Begin *steps*, each under its own parent. They know of each other, and of whom
        does them.

        Args:
            beside: The `traceparent` of whom does them, if that is done in another
                thread; empty for what is done here and now.
        """
        ...


class Untold:
    """
    Steps of which nobody is told.
    """

    def run(self, work: Callable[[], T], /) -> T:
        """
        Do *work*.
        """
        return work()

    def end(self, errors: Sequence[Exception | None], /) -> None:
        """
        Tell nobody.
        """


UNTOLD: Doing = Untold()
