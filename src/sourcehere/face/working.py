"""
A worker: does all that waits, round after round, until it is stopped.
"""

import enum
import threading
from collections.abc import Callable
from datetime import timedelta

import attrs

from ..app import App
from ..domain.effects.model import WorkerBeat
from ..domain.kernel.clock import stopwatch
from ..domain.kernel.errors import InvalidInputError
from ..domain.kernel.ids import check_name
from ..domain.kernel.values import frozen
from ..ports.storage import (
    BusyError,
    CommitUnknownError,
    HostsTransactionError,
    StorageUnavailableError,
)
from ..services.base.places import place_of
from ..services.outside.endings import RelayReport

_SHOPS = 10  # read before it looks whether it is to stop
# Seconds of a round for one step: what is not done by then, since others are slow or
# there is much of it, waits for the next one, so that the other steps have their turn.
_STEP_FOR = 20.0
# How much later than a round is due it gives a sign of life between two steps.
_SILENT_FOR = timedelta(seconds=20)
_LONGEST_REST = timedelta(minutes=1)
_AHEAD = (
    "set the clocks of all machines alike: worker=%s is %d s ahead of worker=%s; they"
    " may send the same at the same time"
)
_SET_BACK = "the clock of worker=%s was set back by %d s: what waits is due now"
_AWAY = (StorageUnavailableError, CommitUnknownError, BusyError)


class WorkerStep(enum.StrEnum):
    """
    What a worker does in a round; one step of it can be done alone.
    """

    PULL = "pull"  # read the shops that are due
    INBOX = "inbox"  # follow what shops told by webhook
    ATTEMPTS = "attempts"  # ask gateways what became of payments
    LABELS = "labels"  # ask carriers what became of labels
    DELIVER = "deliver"  # deliver what is owed, and do waiting jobs
    TRACK = "track"  # ask carriers where parcels are
    FIRE = "fire"  # fire deadlines
    FORGET = "forget"  # delete what was kept for long enough


_ABOUT_ONE = (WorkerStep.PULL, WorkerStep.DELIVER)


@frozen
class _Turn:
    """
    One turn of a step.

    Attributes:
        stop: Whether to end it early.

        only: The shop or the connection that it is about; empty for all.

        claimant: In whose name messages are claimed.
    """

    stop: Callable[[], bool]
    only: str = ""
    claimant: str = ""

    def within(self, seconds: float) -> Callable[[], bool]:
        """
        Return what tells when a step has to end: told to stop, or after some time.
        """
        until = stopwatch() + seconds
        return lambda: self.stop() or stopwatch() > until


class Worker:
    """
    Reads shops that are due, follows what shops told by themselves, takes back what
    dead workers left, delivers messages, does waiting jobs, asks gateways what became
    of payments, and carriers where parcels are and what became of labels, fires
    deadlines, and forgets what was kept for long enough.

    Any number of workers may run on one database. A step that fails is told in the log
    `sourcehere.outside`, and the others go on; while the database is away, the worker
    waits for it.

    A host that has a scheduler of its own lets it `do` one step at a time instead.
    """

    def __init__(self, app: App, *, name: str, every: timedelta) -> None:
        """
        Begin nothing yet.

        Args:
            name: Unique among workers that live at the same time. What a worker of this
                name left when it died is taken back at once.

            every: From the end of a round to the beginning of the next.

        Raises:
            InvalidInputError: If *name* cannot be a name, or *every* is not positive.

            HostsTransactionError: Over a host's open transaction.
        """
        check_name("name", name)
        if every <= timedelta(0):
            raise InvalidInputError(
                field="every", value=str(every), expected="a positive time"
            )
        if app.joins_host:
            raise HostsTransactionError(action="worker")
        self._app = app
        self._every = every
        self._log = app.watch.log("outside")
        self._is_stopping = threading.Event()
        self._has_recovered = False
        self._lock = threading.Lock()  # over what it says of itself
        self._ahead: set[str] = set()  # workers whose clocks were told to be so
        self._turn = _Turn(self._is_stopping.is_set, claimant=name)
        now = app.clock.now()
        self._beat = WorkerBeat(worker=name, started_at=now, seen_at=now)

    @property
    def beat(self) -> WorkerBeat:
        """
        What it did so far.
        """
        return self._beat

    def stop(self) -> None:
        """
        Let it end after the calls in hand: what was not sent goes back, to be sent by
        another, and a shop that is being read is read on from its next page. May be
        called from a signal handler, and from any thread.
        """
        self._is_stopping.set()

    def run(self) -> WorkerBeat:
        """
        Do rounds until it is stopped; return what it did.
        """
        name, rests = self._beat.worker, 0
        self._log.info("worker started: worker=%s", name)
        while not self._is_stopping.is_set():
            is_away = self._round_or_away()
            if rests and not is_away:
                self._log.info("the database answers again: worker=%s", name)
            rests = rests + 1 if is_away else 0
            longest = max(_LONGEST_REST, self._every)
            rest = min(self._every * (1 << min(rests, 16)), longest)
            self._is_stopping.wait(rest.total_seconds())
        self.end()
        self._log.info("worker stopped: worker=%s rounds=%d", name, self._beat.rounds)
        return self._beat

    def end(self) -> None:
        """
        Write that it was stopped in good order, for who looks after workers; `run`
        does it by itself.
        """
        self._is_stopping.set()
        self._beat = attrs.evolve(self._beat, stopped_at=self._app.clock.now())
        self._guarded("beat", self._keep_beat)

    def _keep_beat(self, _: _Turn) -> None:
        self._app.workers.beat(self._beat)

    def do(
        self,
        step: str,
        *,
        only: str = "",
        claimant: str = "",
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        """
        Do one step of a round once, from any thread, beside other steps.

        Then it gives a sign of life, as after a round, unless it did so less than
        *every* ago.

        Args:
            step: One of `WorkerStep`, or its value.

            only: For `pull` the one shop that is read if it is due, as
                `SourceHere.pulls.due` names it; for `deliver` the connection that alone
                is served, as `SourceHere.relay.load` names it. All if not given.

            claimant: In whose name messages are claimed, unique among those that
                deliver at the same time; the worker's if not given. When it has died,
                `SourceHere.relay.recover` takes back what it had.

            stop: Asked again and again: whether to end here.

        Raises:
            InvalidInputError: If there is no such step, or *only* is given to one that
                is about everything.

            SourceHereError: If the step fails, or the shop that is asked for cannot be
                read.
        """
        steps = [one.value for one in WorkerStep]
        if step not in steps:
            expected = f"one of {', '.join(steps)}"
            raise InvalidInputError(field="step", value=step, expected=expected)
        if only and step not in _ABOUT_ONE:
            raise InvalidInputError(field="only", value=only, expected="nothing")
        turn = _Turn(
            lambda: self._is_stopping.is_set() or stop(),
            only=only,
            claimant=claimant or self._beat.worker,
        )
        try:
            self._watched(step, dict(self._steps())[step], turn)
        finally:
            self._show_life()

    def round(self) -> WorkerBeat:
        """
        Do each step once; return what it did so far.

        Raises:
            SourceHereError: If a step fails.
        """
        for name, step in self._steps():
            if not self._is_stopping.is_set():
                self._watched(name, step, self._turn)
        self._end_round(self._turn)
        return self._beat

    def _show_life_late(self) -> None:
        """
        Say within a round that it lives, where a step took long.
        """
        now = self._app.clock.now()
        if now - self._beat.seen_at < self._every + _SILENT_FOR:
            return
        self._beat = attrs.evolve(self._beat, seen_at=now)
        self._guarded("beat", lambda _: self._tell_life(self._beat))

    def _show_life(self) -> None:
        with self._lock:
            now = self._app.clock.now()
            since = now - self._beat.seen_at
            if self._beat.rounds and timedelta(0) <= since < self._every:
                return
            self._beat = attrs.evolve(
                self._beat, rounds=self._beat.rounds + 1, seen_at=now
            )
            told = self._beat
        self._guarded("beat", lambda _: self._tell_life(told))

    def _round_or_away(self) -> bool:
        """
        Do a round, and tell whether the database was away.
        """
        for name, step in self._steps():
            if self._is_stopping.is_set():
                break
            if self._guarded(name, step) == "away":
                return True
            self._show_life_late()
        return self._guarded("beat", self._end_round) == "away"

    def _steps(self) -> list[tuple[str, Callable[[_Turn], None]]]:
        return [
            ("recover", self._recover),
            ("pull", self._pull),
            ("inbox", self._follow),
            ("attempts", self._attempts),
            ("labels", self._labels),
            ("deliver", self._deliver),
            ("track", self._track),
            ("fire", self._fire),
            # What a clock fired may owe the outside something, too.
            ("deliver", self._deliver),
            ("forget", self._forget),
        ]

    def _guarded(self, name: str, step: Callable[[_Turn], None]) -> str:
        """
        Do a step; tell what is wrong in the log, and return `away` if it is the
        database that does not answer.
        """
        try:
            self._watched(name, step, self._turn)
        except _AWAY as error:
            kind = type(error).__name__
            # Its words are the database's own, and have nothing that people wrote.
            words = "waiting for the database: step=%s error=%s: %s"
            self._log.warning(words, name, kind, error)
            return "away"
        except Exception as error:  # noqa: BLE001 - a worker outlives what one step meets
            words = "a step failed: step=%s error=%s at=%s"
            self._log.error(words, name, type(error).__name__, place_of(error))
        return ""

    def _watched(self, name: str, step: Callable[[_Turn], None], turn: _Turn) -> None:
        try:
            step(turn)
        except Exception as error:
            self._app.watch.count(f"outside.worker.{name}.failed", 1)
            self._add(failed=1, error=type(error).__name__)
            raise
        self._app.watch.count(f"outside.worker.{name}.done", 1)

    def _recover(self, turn: _Turn) -> None:
        if not self._has_recovered:
            self._app.relay.recover(worker=turn.claimant)
            self._has_recovered = True
            self._tell_life(self._beat)  # its first round may last

    def _pull(self, turn: _Turn) -> None:
        is_enough = turn.within(_STEP_FOR)
        while not is_enough():
            pulled = self._app.pulling.pull(
                limit=_SHOPS, stop=turn.stop, enough=is_enough, only=turn.only
            )
            self._add(read=len(pulled.done), unread=len(pulled.failed))
            if turn.only:
                for error in pulled.failed.values():
                    raise error
            # What somebody holds is due still: the next round asks it again.
            is_held = any(isinstance(e, BusyError) for e in pulled.failed.values())
            if is_held or len(pulled.done) + len(pulled.failed) < _SHOPS:
                return

    def _follow(self, turn: _Turn) -> None:
        report = self._app.inbox.run(stop=turn.within(_STEP_FOR))
        self._add(followed=report.done)

    def _track(self, turn: _Turn) -> None:
        report = self._app.tracking.run(stop=turn.within(_STEP_FOR))
        self._add(tracked=report.asked)

    def _attempts(self, turn: _Turn) -> None:
        report = self._app.payments.run(stop=turn.within(_STEP_FOR))
        self._add(payments=report.asked, failed=len(report.failed))

    def _labels(self, turn: _Turn) -> None:
        report = self._app.labels.run(stop=turn.within(_STEP_FOR))
        self._add(labels=report.asked)

    def _deliver(self, turn: _Turn) -> None:
        report: RelayReport = self._app.relay.run(
            worker=turn.claimant,
            stop=turn.within(_STEP_FOR),
            connection=turn.only,
        )
        self._add(
            delivered=report.delivered, postponed=report.postponed, dead=report.dead
        )

    def _fire(self, _: _Turn) -> None:
        self._add(fired=self._app.clocks.fire().fired)

    def _forget(self, turn: _Turn) -> None:
        self._app.forgetting.forget(stop=turn.within(_STEP_FOR))

    def _end_round(self, _: _Turn) -> None:
        self._beat = attrs.evolve(
            self._beat, rounds=self._beat.rounds + 1, seen_at=self._app.clock.now()
        )
        self._tell_life(self._beat)

    def _tell_life(self, told: WorkerBeat) -> None:
        """
        Keep a sign of life; warn once of each worker whose clock is ahead, and each
        time its own was set back. Either way nobody waits for times of that clock.
        """
        for name, by in self._app.workers.beat(told).items():
            if name in self._ahead:
                continue
            if name == told.worker:
                self._log.warning(_SET_BACK, name, by.total_seconds())
            else:
                self._ahead.add(name)
                self._log.warning(_AHEAD, name, by.total_seconds(), told.worker)
            self._app.workers.make_due()

    def _add(self, *, error: str = "", **counts: int) -> None:
        with self._lock:
            sums = {name: getattr(self._beat, name) + n for name, n in counts.items()}
            self._beat = attrs.evolve(
                self._beat, **sums, error=error or self._beat.error
            )
