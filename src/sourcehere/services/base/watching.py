"""
What an operator sees of the work: a line in a log for each command, counters, and
spans where somebody traces.

A line names the command, the seller, and the type of an error: ids and nothing that
people wrote, so that no personal data gets into a log.
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

from ...domain.kernel.errors import CounterpartyError, SourceHereError
from ...ports.context import Logger, NoLogger
from .tracing import UNTOLD, Doing, Spans, Step


class Watch:
    """
    Counts what is done, and tells it to loggers, one for each room of services.

    Safe to use from several threads. Counters are of this process, and only grow.

    Attributes:
        spans: Who is told of spans; None for nobody.
    """

    def __init__(self, logger_of: Callable[[str], Logger]) -> None:
        self._logger_of = logger_of
        self._loggers: dict[str, Logger] = {}
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.spans: Spans | None = None

    def done(
        self,
        room: str,
        command: str,
        seller_id: str,
        count: int = 1,
        *,
        is_news: bool = True,
    ) -> None:
        """
        Tell that a command was done, for *count* items of a bulk command.

        Args:
            is_news: Whether anything came of it; if not, it is told at DEBUG.
        """
        self.count(f"{room}.{command}.done", count)
        log = self.log(room)
        tell = log.info if is_news else log.debug
        tell("%s done: seller=%s items=%d", command, seller_id, count)

    def failed(
        self, room: str, command: str, seller_id: str, error: SourceHereError
    ) -> None:
        """
        Tell that a command was refused, or failed since somebody outside did.
        """
        name = type(error).__name__
        self.count(f"{room}.{command}.failed", 1)
        is_outside = isinstance(error, CounterpartyError)
        log = self.log(room)
        tell = log.warning if is_outside else log.info
        tell("%s failed: seller=%s error=%s", command, seller_id, name)

    def count(self, name: str, count: int) -> None:
        """
        Add to a counter.
        """
        if count:
            with self._lock:
                self._counts[name] += count

    def traceparent(self) -> str:
        """
        Return what is being done here and now, as W3C Trace Context writes it; empty
        where nobody traces.
        """
        return "" if self.spans is None else self.spans.traceparent()

    def under(self, traceparent: str) -> AbstractContextManager[None]:
        """
        Let what is done within the block be told as caused by what *traceparent* was
        kept of.
        """
        return nullcontext() if self.spans is None else self.spans.under(traceparent)

    def begin(self, steps: Callable[[], Sequence[Step]], *, beside: str = "") -> Doing:
        """
        Tell that *steps* begin; they are asked for only where somebody traces.

        Args:
            beside: The `traceparent` of whom does them, where that is another thread's.
        """
        spans = self.spans
        return UNTOLD if spans is None else spans.begin(steps(), beside=beside)

    def log(self, room: str) -> Logger:
        """
        Return the logger of a room.
        """
        known = self._loggers.get(room)
        if known is None:
            known = self._loggers[room] = self._logger_of(room)
        return known

    def counts(self) -> Mapping[str, int]:
        """
        Return every counter, by name.
        """
        with self._lock:
            return dict(sorted(self._counts.items()))


def unwatched() -> Watch:
    """
    Return a watch that counts and tells nobody.
    """
    return Watch(lambda _: NoLogger())
