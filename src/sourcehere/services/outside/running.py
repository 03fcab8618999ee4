"""
One run of the relay: claims, lanes side by side, and what became of it, kept at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import attrs

from ...domain.effects.circuits import Circuit, fresh_circuit
from ...domain.effects.model import HOUSEKEEPING, Channel, OutboxMessage
from ...domain.kernel.clock import stopwatch
from ...domain.kernel.errors import CounterpartyError
from ...domain.kernel.values import frozen
from ...ports.errors import UnauthorizedError
from ...ports.storage import Key
from ...unit.base import Unit
from ...unit.tables.effects import ATTEMPTS, OUTBOX
from ..base.ports import Ports
from ..intake.connections_of_stores import StoreConnections
from .claiming import (
    Claimed,
    InHand,
    ask_for_sending,
    claim,
    take_back,
)
from .endings import RelayReport, counted, die, end_own
from .jobs import Jobs
from .lanes import Ended, Lanes, Told, Unsent
from .plugin_sender import plugin_work
from .pushing import Push, prepare_pushes
from .recording import Recorder
from .shop_sender import shop_work
from .steps import steps_of
from .untold import ask_to_follow

_CHANNELS = (Channel.STORE, Channel.JOB)
_TO_PLUGINS = f"{Channel.PLUGIN}:"
# Seconds between two claims while some lanes are busy: what is new for others is due.
_CLAIM_EVERY = 0.5
# Seconds between two looks whether to stop.
_LOOK_EVERY = 0.2
# Lanes of one worker at a time; more would only wait for the database.
_LANES_MAX = 32


class Run:
    """
    Delivers until nothing is due that can be.
    """

    def __init__(
        self,
        ports: Ports,
        stores: StoreConnections,
        jobs: Jobs,
        worker: str,
        limit: int,
        stop: Callable[[], bool],
        only: tuple[str, ...] = (),
    ) -> None:
        settings = ports.settings
        self._ports = ports
        self._stores = stores
        self._jobs = jobs
        self._worker = worker
        self._limit = limit
        self._stop = stop
        self._only = only
        self._units = ports.units
        self._log = ports.watch.log("outside")
        self._hand = InHand(
            self._units.storage,
            ports.clock,
            lease=settings.lease,
            within=settings.push_within,
            log=self._log,
        )
        self._lanes = Lanes(
            clock=ports.clock,
            within=settings.push_within,
            rest=settings.retry_after,
            has_lease=self._hand.has_lease,
            stop=stop,
            watch=ports.watch,
        )
        self._recorder = Recorder(ports, self._hand)
        self._pushes: dict[Key, Push] = {}
        self._last: list[Ended] = []  # delivered, to be kept with the next claim
        self._total = RelayReport()

    def finish(self, progress: Callable[[int], None] | None) -> RelayReport:
        """
        Take back what dead workers left, and deliver everything that is due.

        Stopped or interrupted, it lets the calls in hand end, keeps their answers, and
        gives back what was not sent.
        """
        with self._hand:
            try:
                self._deliver(progress)
            except CounterpartyError:  # the database is away: leases end by themselves
                raise
            except BaseException:
                self._wind_down()
                raise
            finally:
                self._lanes.stop()
                self._tell()
        return self._total

    def _deliver(self, progress: Callable[[int], None] | None) -> None:
        is_first = True
        while not self._stop():
            found = self._next(with_lost=is_first)
            is_first = False
            self._total += RelayReport(dead=found.dead_count)
            self._start(found)
            self._do_jobs(found.messages)
            if progress is not None and found.messages:
                progress(len(found.messages))
            if not found.messages and not self._lanes.busy:
                return
            self._keep_until_claim()
        self._wind_down()

    def _next(self, *, with_lost: bool) -> _Found:
        """
        Claim what is due, in the commit that keeps what was delivered last.
        """
        last, self._last = self._last, []
        found = self._claim_keeping(last) if last else None
        if found is None:
            self._keep(last)
            found = self._claim(with_lost=with_lost)
        self._hand.add(found.messages)
        return found

    def _claim(self, *, with_lost: bool) -> _Found:
        def work(unit: Unit) -> _Found:
            sending = ask_for_sending(unit) if with_lost else None
            claimed = self._claimed(unit, self._limit)
            if sending is not None and take_back(unit, sending):
                left = self._limit - len(claimed.messages)
                claimed += self._claimed(unit, left)
            return self._found(unit, claimed)

        return self._units.outside(work)

    def _claim_keeping(self, last: Sequence[Ended]) -> _Found | None:
        """
        Claim in the commit that keeps *last*; None where that cannot be.
        """

        def work(unit: Unit) -> tuple[RelayReport, _Found]:
            kept = self._recorder.write(unit, last, self._pushes, is_first=True)
            return kept, self._found(unit, self._claimed(unit, self._limit))

        messages = [item.message for item in last]
        try:
            kept, found = self._hand.end(messages, lambda: self._units.outside(work))
        except CounterpartyError:  # the database's: nothing is known to be kept
            raise
        except Exception as error:  # noqa: BLE001 - they are kept apart, and told if they cannot be
            self._log.debug("kept apart: error=%s", type(error).__name__)
            return None
        self._total += kept
        for message in messages:
            self._pushes.pop(OUTBOX.key_of(message), None)
        return found

    def _claimed(self, unit: Unit, limit: int) -> Claimed:
        return claim(
            unit,
            self._worker,
            lease=self._ports.settings.lease,
            limit=limit,
            busy=self._lanes.busy,
            only=self._only,
        )

    def _found(self, unit: Unit, claimed: Claimed) -> _Found:
        to_shops = [m for m in claimed.messages if m.channel == Channel.STORE]
        pushes, broken = prepare_pushes(unit, to_shops)
        broken += [
            (m, f"nobody delivers what is on channel {m.channel!r}")
            for m in claimed.messages
            if not _is_known(m.channel)
        ]
        unit.put(ATTEMPTS, *(push.attempt for push in pushes))
        dead = [die(message, words) for message, words in broken]
        rows = [OUTBOX.to_row(message) for message in dead]
        unit.session.replace(OUTBOX.table, rows, expected=None)  # claimed just now
        ask_to_follow(unit, [(message, False) for message in dead])
        return _Found(claimed, pushes, dead)

    def _start(self, found: _Found) -> None:
        """
        Begin a lane for each connection.
        """
        self._pushes |= {OUTBOX.key_of(push.message): push for push in found.pushes}
        by_shop: dict[str, list[Push]] = {}
        for push in found.pushes:
            by_shop.setdefault(push.message.connection, []).append(push)
        for connection, pushes in by_shop.items():
            circuit = self._circuit(found, connection)
            self._lanes.start(shop_work(self._stores, pushes, circuit))
        by_plugin: dict[str, list[OutboxMessage]] = {}
        for message in found.messages:
            if message.channel.startswith(_TO_PLUGINS):
                by_plugin.setdefault(message.channel, []).append(message)
        for channel, messages in by_plugin.items():
            circuit = self._circuit(found, channel)
            self._lanes.start(plugin_work(self._ports, messages, circuit))

    def _circuit(self, found: _Found, connection: str) -> Circuit:
        fresh = fresh_circuit(connection, self._ports.clock.now())
        return found.circuits.get(connection, fresh)

    def _keep_until_claim(self) -> None:
        """
        Keep what ends until nobody is busy, or what is new should be looked for.

        What ends last, and well, is kept with the next claim.
        """
        until = stopwatch() + _CLAIM_EVERY
        while self._lanes.busy and not self._stop():
            left = until - stopwatch()
            ended = self._lanes.take(wait=min(max(left, 0.01), _LOOK_EVERY))
            if not self._lanes.busy and all(map(_is_delivered, ended)):
                self._last = ended
                break
            self._keep(ended)
            self._hand.keep()
            if left <= 0 and len(self._lanes.busy) < _LANES_MAX:
                break

    def _keep(self, ended: Sequence[Ended]) -> None:
        self._total += self._recorder.record(ended, self._pushes)
        for item in ended:
            push = self._pushes.pop(OUTBOX.key_of(item.message), None)
            if push is None or not isinstance(item, Told):
                continue
            if isinstance(item.outcome, UnauthorizedError) and item.took is not None:
                # Trying again will not help: its seller has to act.
                self._stores.pause_unauthorized(push.store, item.outcome)

    def _do_jobs(self, messages: Sequence[OutboxMessage]) -> None:
        """
        Do our own jobs; those that fail together are done one by one.
        """
        jobs = [message for message in messages if message.channel == Channel.JOB]
        if jobs:
            self._hand.keep()
        for batch in self._jobs.batches(jobs):
            if self._stop():
                now = self._ports.clock.now()
                self._keep([Unsent(message=message, next_at=now) for message in batch])
                continue
            error = self._do(batch)
            if error is None or len(batch) == 1:
                self._end_jobs([(message, error) for message in batch])
            else:
                self._end_jobs([(message, self._do([message])) for message in batch])

    def _do(self, batch: Sequence[OutboxMessage]) -> Exception | None:
        doing, failure = self._ports.watch.begin(lambda: steps_of(batch)), None
        try:
            doing.run(lambda: self._jobs.do(batch))
        except Exception as error:  # noqa: BLE001 - recorded with the messages, and tried again
            failure = error
        doing.end([failure] * len(batch))
        return failure

    def _end_jobs(self, done: Sequence[tuple[OutboxMessage, Exception | None]]) -> None:
        messages = [message for message, _ in done]

        def work(unit: Unit) -> RelayReport:
            ended = [
                end_own(message, error, unit.now, self._ports.settings)
                for message, error in done
            ]
            rows = [OUTBOX.to_row(message) for message in ended]
            epochs = [message.epoch for message in messages]
            unit.session.replace(OUTBOX.table, rows, expected=epochs)
            return counted([message.state for message in ended])

        report = self._hand.end(messages, lambda: self._units.outside(work))
        if messages[0].kind in HOUSEKEEPING:
            report = attrs.evolve(report, delivered=0)
        self._total += report

    def _wind_down(self) -> None:
        """
        Let the calls in hand end, and keep what became of them.
        """
        self._lanes.stop()
        last, self._last = self._last, []
        self._keep(last)
        until = stopwatch() + self._ports.settings.push_within.total_seconds() + 1
        while self._lanes.busy and stopwatch() < until:
            self._keep(self._lanes.take(wait=_LOOK_EVERY))

    def _tell(self) -> None:
        watch, report = self._ports.watch, self._total
        for name, number in attrs.asdict(report).items():
            watch.count(f"outside.messages.{name}", number)
        if report.dead:
            self._log.warning("messages nobody will try again: dead=%d", report.dead)
        if report != RelayReport():
            self._log.info(
                "messages: delivered=%d postponed=%d dead=%d",
                report.delivered,
                report.postponed,
                report.dead,
            )


@frozen
class _Found:
    """
    What was claimed, made ready.

    Attributes:
        dead: Messages that nobody can send.
    """

    claimed: Claimed
    pushes: Sequence[Push]
    dead: Sequence[OutboxMessage]

    @property
    def messages(self) -> list[OutboxMessage]:
        """
        What is in hand now.
        """
        gone = {message.message_id for message in self.dead}
        return [m for m in self.claimed.messages if m.message_id not in gone]

    @property
    def dead_count(self) -> int:
        """
        How many messages ended by being claimed.
        """
        return len(self.dead) + self.claimed.unreadable

    @property
    def circuits(self) -> Mapping[str, Circuit]:
        """
        The circuits that are not well.
        """
        return self.claimed.circuits


def _is_delivered(item: Ended) -> bool:
    """
    Tell whether a message was delivered, which is no news of its connection.
    """
    if not isinstance(item, Told):
        return False
    return isinstance(item.outcome, str) and item.circuit is None


def _is_known(channel: str) -> bool:
    return channel in _CHANNELS or channel.startswith(_TO_PLUGINS)
