"""
What a host watches, as OpenTelemetry metrics (extra: `otel`).
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from ..app import App
from ..domain.effects.model import WorkerBeat
from ..domain.kernel.errors import CallerError, InvalidInputError, SourceHereError
from ..domain.kernel.values import frozen
from ..services.outside.status import LaneStatus

if TYPE_CHECKING:  # optional: imported when first asked
    from opentelemetry.metrics import CallbackOptions, Meter, Observation

Told = tuple[float, Mapping[str, str]]  # a number, and what it is about
_observers: "WeakKeyDictionary[Meter, list[Metrics]]" = WeakKeyDictionary()
_GONE = timedelta(days=1)  # nobody waits for a worker that was not seen for so long


class MetricsUnavailableError(CallerError):
    """
    Metrics whose library is not installed.
    """

    def __init__(self, *, package: str) -> None:
        super().__init__(
            f"metrics need the package {package}: pip install 'sourcehere[otel]'"
        )
        self.package = package


@frozen
class Facts:
    """
    What the database said at one moment.
    """

    at: datetime
    lanes: tuple[LaneStatus, ...] = ()
    workers: tuple[WorkerBeat, ...] = ()


class Metrics:
    """
    Instruments that are asked by a host's OpenTelemetry; `SourceHere.observe` makes
    them.

    The database is read when they are asked, but no more often than *every*; what was
    read is told by all of them. While it does not answer, only the counters tell
    something.
    """

    def __init__(self, app: App, meter: "Meter | None", every: timedelta) -> None:
        """
        Create the instruments with *meter*.

        Raises:
            InvalidInputError: If *meter* is none, or *every* no time or negative.

            MetricsUnavailableError: If opentelemetry-api is not installed.
        """
        if not isinstance(every, timedelta) or every < timedelta(0):
            raise InvalidInputError(
                field="every", value=str(every), expected="a time, not negative"
            )
        self._app = app
        self._every = every
        self._lock = threading.Lock()
        self._facts: Facts | None = None
        self._create(meter)

    def stop(self) -> None:
        """
        Tell nothing any more, and leave the database alone.
        """
        if self in self._told_by:
            self._told_by.remove(self)

    def _create(self, meter: "Meter | None") -> None:
        try:
            from opentelemetry import metrics  # noqa: PLC0415 - an extra
        except ModuleNotFoundError:
            raise MetricsUnavailableError(package="opentelemetry-api") from None

        made = metrics.get_meter("sourcehere") if meter is None else meter
        if not isinstance(made, metrics.Meter):
            raise InvalidInputError(
                field="meter",
                value=type(meter).__name__,
                expected="a meter; `provider.get_meter(name)` makes one",
            )
        observers = _observers.get(made)
        if observers is not None:  # a meter makes each instrument once
            observers.append(self)
            self._told_by = observers
            return
        observers = self._told_by = _observers[made] = [self]

        def asked(
            tell: Callable[[Metrics], Iterable[Told]],
        ) -> "list[Callable[[CallbackOptions], Iterable[Observation]]]":
            def answer(_options: object) -> "Iterable[Observation]":
                # Once for each process's face, however often it observes.
                once = {id(one._app): one for one in observers}  # noqa: SLF001 - its own kind
                told = (one for observer in once.values() for one in tell(observer))
                return [metrics.Observation(value, about) for value, about in told]

            return [answer]

        made.create_observable_counter(
            "sourcehere.counters",
            asked(Metrics._counters),
            unit="1",
            description="What this process did: sh.counters, by name",
        )
        gauges = (
            ("messages", "{message}", Metrics._messages, "Owed messages, by state"),
            ("messages.age", "s", Metrics._ages, "How long the oldest message waits"),
            ("connection.state", "1", Metrics._states, "1 for the state that it is in"),
            ("worker.age", "s", Metrics._workers, "Since when a worker was not seen"),
        )
        for name, unit, tell, description in gauges:
            made.create_observable_gauge(
                f"sourcehere.{name}", asked(tell), unit=unit, description=description
            )

    def _counters(self) -> Iterator[Told]:
        for name, count in self._app.watch.counts().items():
            yield count, {"sourcehere.counter": name}

    def _messages(self) -> Iterator[Told]:
        for lane in self._read().lanes:
            about = {"sourcehere.connection": lane.connection}
            for state in ("waiting", "sending", "dead"):
                yield getattr(lane, state), {**about, "sourcehere.state": state}

    def _ages(self) -> Iterator[Told]:
        facts = self._read()
        for lane in facts.lanes:
            if lane.oldest is not None:
                age = (facts.at - lane.oldest).total_seconds()
                yield age, {"sourcehere.connection": lane.connection}

    def _states(self) -> Iterator[Told]:
        for lane in self._read().lanes:
            about = {"sourcehere.connection": lane.connection}
            yield 1, {**about, "sourcehere.state": lane.state}

    def _workers(self) -> Iterator[Told]:
        facts = self._read()
        for beat in facts.workers:
            age = facts.at - beat.seen_at
            if beat.stopped_at is None and age < _GONE:
                yield age.total_seconds(), {"sourcehere.worker": beat.worker}

    def _read(self) -> Facts:
        """
        Read the database, unless it was read a moment ago.
        """
        with self._lock:
            now, known = self._app.clock.now(), self._facts
            if known is None or not timedelta(0) <= now - known.at < self._every:
                self._facts = known = self._read_now(now)
            return known

    def _read_now(self, now: datetime) -> Facts:
        try:
            return Facts(now, self._app.relay.load(), self._app.workers.all())
        except SourceHereError as error:
            watch = self._app.watch
            watch.count("outside.metrics.failed", 1)
            kind = type(error).__name__
            watch.log("outside").warning("metrics not read: error=%s", kind)
            return Facts(now)
