"""
Lanes: what is sent to one connection, message by message, in a thread of its own.

No lane waits for another. A lane sends nothing that it has no lease for, waits for no
call longer than the time limit, and stops where its connection is in trouble: what it
did not send goes back.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from typing import Protocol, TypeVar

from ...domain.effects.circuits import Circuit
from ...domain.effects.model import OutboxMessage
from ...domain.kernel.clock import Clock, stopwatch
from ...domain.kernel.errors import SourceHereError
from ...domain.kernel.values import frozen, light
from ...doors.answers import Answerer
from ...doors.failures import checked_failure
from ...ports.errors import ProviderError
from ..base.asking import ask_side_by_side
from ..base.circuits import judged
from ..base.threads import start_thread
from ..base.watching import Watch
from .steps import steps_of

T = TypeVar("T")
Outcome = str | Exception

_GATHER = 0.02  # seconds in which answers come that are kept in one commit


@light(kw_only=True)
class Told:
    """
    What became of a message: it was sent, or would have been.

    Attributes:
        outcome: The provider's reference, or why there is none.

        took: How long the call lasted; None where none was made.

        circuit: How the connection answered so far; None where that is no news.
    """

    message: OutboxMessage
    outcome: Outcome
    sent_at: datetime
    took: timedelta | None
    circuit: Circuit | None


@frozen(kw_only=True)
class Unsent:
    """
    A message that goes back since its connection rests, or the worker stops.
    """

    message: OutboxMessage
    next_at: datetime


Ended = Told | Unsent


class Sender(Protocol):
    """
    Whoever makes the calls to one connection.
    """

    def parts(
        self, messages: Sequence[OutboxMessage], /
    ) -> Iterable[Sequence[OutboxMessage]]:
        """
        Put together the messages of one call.
        """
        ...

    def send(self, part: Sequence[OutboxMessage], /) -> Sequence[Outcome]:
        """
        Make the call, and return what became of each; what it raises became of all.
        """
        ...


@frozen(kw_only=True)
class Work:
    """
    What is to be sent to one connection.

    Attributes:
        opened: Makes the sender; what it raises is the outcome of all messages.
    """

    told: Answerer
    circuit: Circuit
    messages: Sequence[OutboxMessage]
    opened: Callable[[], Sender]


class Lanes:
    """
    The lanes of one worker.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        within: timedelta,
        rest: timedelta,
        has_lease: Callable[[OutboxMessage], bool],
        stop: Callable[[], bool],
        watch: Watch,
    ) -> None:
        """
        Begin without any lane.

        Args:
            within: How long one call may take.

            rest: How long a connection in trouble rests, to begin with.

            has_lease: Whether a message is still ours to send.

            stop: Whether nothing is to be sent any more.

            watch: Told of each call.
        """
        self._clock = clock
        self._within = within
        self._rest = rest
        self._has_lease = has_lease
        self._stop = stop
        self._watch = watch
        self._beside = watch.traceparent()  # lanes are threads of their own
        # What ended together, or the name of a connection that is not busy any more.
        self._queue: SimpleQueue[list[Ended] | str] = SimpleQueue()
        self._busy: set[str] = set()
        self._is_stopping = threading.Event()

    @property
    def busy(self) -> frozenset[str]:
        """
        The connections that are being sent to.
        """
        return frozenset(self._busy)

    def start(self, work: Work) -> None:
        """
        Begin to send to a connection that is not busy.
        """
        connection = work.circuit.connection
        assert connection not in self._busy, connection
        self._busy.add(connection)
        start_thread(lambda: self._run(work), name=f"lane {connection}")

    def stop(self) -> None:
        """
        Let each lane end after the call in hand; what is not sent goes back.
        """
        self._is_stopping.set()

    def take(self, *, wait: float) -> list[Ended]:
        """
        Return what has ended, as soon as anything has: at most *wait* seconds later.
        """
        ended: list[Ended] = []
        until = stopwatch() + wait
        while self._busy and (left := until - stopwatch()) > 0:
            try:
                item = self._queue.get(timeout=left)
            except Empty:
                break
            if isinstance(item, str):
                self._busy.discard(item)
                break
            ended += item
            until = min(until, stopwatch() + _GATHER)
        while not self._queue.empty():
            item = self._queue.get()
            if isinstance(item, str):
                self._busy.discard(item)
            else:
                ended += item
        return ended

    def _run(self, work: Work) -> None:
        try:
            self._send_all(work)
        finally:
            self._queue.put(work.circuit.connection)

    def _send_all(self, work: Work) -> None:
        if not self._may_go_on(work.circuit):
            self._give_back(work.messages, work.circuit)
            return
        sender = self._ask(work, work.opened)
        if isinstance(sender, Exception):  # and nothing was sent
            error = _checked(work.told, sender)
            self._end(work.circuit, work.messages, [error] * len(work.messages))
            return
        circuit = work.circuit
        for part in sender.parts(work.messages):
            if not self._may_go_on(circuit):
                self._give_back(part, circuit)
                continue
            mine = [message for message in part if self._has_lease(message)]
            if mine:
                circuit = self._call(work, circuit, sender, mine)

    def _may_go_on(self, circuit: Circuit) -> bool:
        is_over = self._is_stopping.is_set() or self._stop()
        return not is_over and circuit.next_at <= self._clock.now()

    def _ask(self, work: Work, call: Callable[[], T]) -> T | Exception:
        (told,) = ask_side_by_side([(work.told, call)], within=self._within)
        return told

    def _call(
        self,
        work: Work,
        circuit: Circuit,
        sender: Sender,
        part: Sequence[OutboxMessage],
    ) -> Circuit:
        sent_at, began = self._clock.now(), stopwatch()
        doing = self._watch.begin(lambda: steps_of(part), beside=self._beside)
        told = self._ask(work, lambda: doing.run(lambda: sender.send(part)))
        took = timedelta(seconds=stopwatch() - began)
        outcomes: Sequence[Outcome] = (
            [checked_failure(work.told, told)] * len(part)
            if isinstance(told, Exception)
            else told
        )
        doing.end([o if isinstance(o, Exception) else None for o in outcomes])
        return self._end(circuit, part, outcomes, sent_at=sent_at, took=took)

    def _end(
        self,
        circuit: Circuit,
        part: Sequence[OutboxMessage],
        outcomes: Sequence[Outcome],
        *,
        sent_at: datetime | None = None,
        took: timedelta | None = None,
    ) -> Circuit:
        now, began = self._clock.now(), circuit
        ended: list[Ended] = []
        for message, outcome in zip(part, outcomes, strict=True):
            circuit = self._judged(circuit, outcome, now)
            told = Told(
                message=message,
                outcome=outcome,
                sent_at=now if sent_at is None else sent_at,
                took=took,
                circuit=None if circuit is began else circuit,
            )
            ended.append(told)
        self._queue.put(ended)
        return circuit

    def _judged(self, circuit: Circuit, outcome: Outcome, now: datetime) -> Circuit:
        error = None if isinstance(outcome, str) else outcome
        return judged(circuit, error, rest=self._rest, now=now)

    def _give_back(self, part: Sequence[OutboxMessage], circuit: Circuit) -> None:
        next_at = max(self._clock.now(), circuit.next_at)
        self._queue.put([Unsent(message=m, next_at=next_at) for m in part])


def _checked(told: Answerer, error: Exception) -> Exception:
    """
    Return why no sender was made: our own reasons as they are, a plugin's checked.
    """
    is_ours = isinstance(error, SourceHereError) and not isinstance(
        error, ProviderError
    )
    return error if is_ours else checked_failure(told, error)
