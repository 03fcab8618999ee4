"""
Lanes: what is sent to one connection, message by message, in a thread of its own.

No lane waits for another. A lane sends nothing that it has no lease for, waits for no
call longer than the time limit, and stops where its connection is in trouble: what it
did not send goes back. A thread that hangs in a call is left alone with it, and another
goes on with the lane.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from typing import Protocol

from ...domain.effects.circuits import Circuit
from ...domain.effects.model import OutboxMessage
from ...domain.kernel.clock import Clock, stopwatch
from ...domain.kernel.errors import SourceHereError
from ...domain.kernel.values import frozen, light
from ...doors.answers import Answerer
from ...doors.failures import checked_failure
from ...ports.errors import ProviderError, TimedOutError
from ..base.asking import ask_here
from ..base.circuits import judged
from ..base.threads import start_thread
from ..base.tracing import UNTOLD, Doing
from ..base.watching import Watch
from .steps import steps_of

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


@frozen(kw_only=True)
class _Call:
    """
    A call that a lane makes.

    Attributes:
        part: What is sent by it, or all that hangs on it.

        sent_at: None where nothing is sent by it.
    """

    part: Sequence[OutboxMessage]
    began: float
    sent_at: datetime | None
    doing: Doing


class _Lane:
    """
    How far the sending to one connection has come.

    One thread at a time has it: the one that makes the call in hand, until that lasts
    too long.
    """

    def __init__(self, work: Work) -> None:
        self.work = work
        self.circuit = work.circuit
        self.sender: Sender | None = None
        self.parts: Iterator[Sequence[OutboxMessage]] = iter(())
        self.ended: list[Ended] = []  # not told yet
        self._call: _Call | None = None
        self._lock = threading.Lock()

    @property
    def connection(self) -> str:
        return self.work.circuit.connection

    def begin(self, call: _Call) -> None:
        """
        Have a call in hand.
        """
        self._call = call

    def end(self, call: _Call) -> bool:
        """
        Tell whether the caller still has the lane: nobody gave up on the call.
        """
        with self._lock:
            is_own = self._call is call
            if is_own:
                self._call = None
        return is_own

    def take_over(self, *, began_before: float) -> _Call | None:
        """
        Return the call in hand if it lasts too long: the lane is the caller's now.
        """
        with self._lock:
            call = self._call
            if call is None or call.began >= began_before:
                return None
            self._call = None
        return call


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
        # What ended together, and the connection if it is not busy any more: told at
        # once, for whoever waits is woken by each.
        self._queue: SimpleQueue[tuple[list[Ended], str]] = SimpleQueue()
        self._lanes: dict[str, _Lane] = {}
        self._is_stopping = threading.Event()

    @property
    def busy(self) -> frozenset[str]:
        """
        The connections that are being sent to.
        """
        return frozenset(self._lanes)

    def start(self, work: Work) -> None:
        """
        Begin to send to a connection that is not busy.
        """
        lane = _Lane(work)
        assert lane.connection not in self._lanes, lane.connection
        self._lanes[lane.connection] = lane
        self._start(lane)

    def stop(self) -> None:
        """
        Let each lane end after the call in hand; what is not sent goes back.
        """
        self._is_stopping.set()

    def take(self, *, wait: float) -> list[Ended]:
        """
        Return what has ended, as soon as anything has: at most *wait* seconds later.

        Whoever takes gives up on calls that last too long, so that it is to be asked
        again and again.
        """
        ended: list[Ended] = []
        until = stopwatch() + wait
        while self._lanes and (left := until - stopwatch()) > 0:
            try:
                told = self._queue.get(timeout=left)
            except Empty:
                break
            ended += self._heard(told)
            until = min(until, stopwatch() + _GATHER)
        self._give_up_what_lasts()
        while not self._queue.empty():
            ended += self._heard(self._queue.get())
        return ended

    def _heard(self, told: tuple[list[Ended], str]) -> list[Ended]:
        ended, over = told
        if over:
            del self._lanes[over]
        return ended

    def _give_up_what_lasts(self) -> None:
        latest = stopwatch() - self._within.total_seconds()
        for lane in self._lanes.values():
            call = lane.take_over(began_before=latest)
            if call is not None:
                told = lane.work.told
                error = TimedOutError(provider=told.provider, within=self._within)
                self._answered(lane, call, error)
                if call.sent_at is None:  # nothing can be sent
                    self._tell(lane, is_over=True)
                else:
                    self._start(lane)

    def _tell(self, lane: _Lane, *, is_over: bool) -> None:
        ended, lane.ended = lane.ended, []
        if ended or is_over:
            self._queue.put((ended, lane.connection if is_over else ""))

    def _start(self, lane: _Lane) -> None:
        if lane.work.told.is_local:
            return self._run(lane)
        try:
            start_thread(lambda: self._run(lane), name=f"lane {lane.connection}")
        except RuntimeError as error:  # the system has no thread left
            self._watch.log("outside").warning("%s: %s", lane.connection, error)
            parts = (lane.work.messages,) if lane.sender is None else lane.parts
            for part in parts:
                self._give_back(lane, part, rest=self._rest)
            self._tell(lane, is_over=True)

    def _run(self, lane: _Lane) -> None:
        is_own = True
        try:
            is_own = self._send_rest(lane)
        finally:
            if is_own:
                self._tell(lane, is_over=True)

    def _send_rest(self, lane: _Lane) -> bool:
        """
        Send what is left; tell whether this thread still has the lane.
        """
        if lane.sender is None:
            if not self._may_go_on(lane.circuit):
                self._give_back(lane, lane.work.messages)
                return True
            if not self._open(lane):
                return False
        for part in lane.parts:
            self._tell(lane, is_over=False)
            if not self._may_go_on(lane.circuit):
                self._give_back(lane, part)
                continue
            mine = [message for message in part if self._has_lease(message)]
            if mine and not self._send(lane, mine):
                return False
        return True

    def _may_go_on(self, circuit: Circuit) -> bool:
        is_over = self._is_stopping.is_set() or self._stop()
        return not is_over and circuit.next_at <= self._clock.now()

    def _open(self, lane: _Lane) -> bool:
        work = lane.work
        call = _Call(part=work.messages, began=stopwatch(), sent_at=None, doing=UNTOLD)
        lane.begin(call)
        sender = ask_here(work.told, work.opened)
        if not lane.end(call):
            return False
        if isinstance(sender, Exception):
            self._answered(lane, call, sender)
        else:
            lane.sender = sender
            lane.parts = iter(sender.parts(work.messages))
        return True

    def _send(self, lane: _Lane, part: Sequence[OutboxMessage]) -> bool:
        sender = lane.sender
        assert sender is not None
        doing = self._watch.begin(lambda: steps_of(part), beside=self._beside)
        call = _Call(
            part=part, began=stopwatch(), sent_at=self._clock.now(), doing=doing
        )
        lane.begin(call)
        told = ask_here(lane.work.told, lambda: doing.run(lambda: sender.send(part)))
        if not lane.end(call):
            return False
        self._answered(lane, call, told)
        return True

    def _answered(
        self, lane: _Lane, call: _Call, told: Sequence[Outcome] | Exception
    ) -> None:
        """
        Tell how the messages of a call end.
        """
        took = timedelta(seconds=stopwatch() - call.began)
        who, is_sent = lane.work.told, call.sent_at is not None
        outcomes: Sequence[Outcome]
        if isinstance(told, Exception):
            error = checked_failure(who, told) if is_sent else _checked(who, told)
            outcomes = [error] * len(call.part)
        else:
            outcomes = told
        call.doing.end([o if isinstance(o, Exception) else None for o in outcomes])
        now, began = self._clock.now(), lane.circuit
        for message, outcome in zip(call.part, outcomes, strict=True):
            circuit = lane.circuit = self._judged(lane.circuit, outcome, now)
            one = Told(
                message=message,
                outcome=outcome,
                sent_at=now if call.sent_at is None else call.sent_at,
                took=took if is_sent else None,
                circuit=None if circuit is began else circuit,
            )
            lane.ended.append(one)

    def _judged(self, circuit: Circuit, outcome: Outcome, now: datetime) -> Circuit:
        error = None if isinstance(outcome, str) else outcome
        return judged(circuit, error, rest=self._rest, now=now)

    def _give_back(
        self,
        lane: _Lane,
        part: Sequence[OutboxMessage],
        *,
        rest: timedelta = timedelta(),
    ) -> None:
        next_at = max(self._clock.now() + rest, lane.circuit.next_at)
        lane.ended += [Unsent(message=m, next_at=next_at) for m in part]


def _checked(told: Answerer, error: Exception) -> Exception:
    """
    Return why no sender was made: our own reasons as they are, a plugin's checked.
    """
    is_ours = isinstance(error, SourceHereError) and not isinstance(
        error, ProviderError
    )
    return error if is_ours else checked_failure(told, error)
