"""
Delivering what we owe the outside: claim, call, record; and our own waiting jobs.

No provider is called while a transaction is open. What was intended is stored with its
key before the first byte leaves; whatever is not known afterwards is called unknown and
sent again with the same key.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import attrs

from ...domain.effects.machine import (
    DEAD,
    SENDING,
    WAITING,
    AttemptChart,
    MessageChart,
)
from ...domain.effects.model import (
    HOUSEKEEPING,
    Attempt,
    Channel,
    MessageKind,
    OutboxMessage,
)
from ...domain.kernel.actor import Actor
from ...domain.kernel.clock import to_micros
from ...domain.kernel.connections import ACTIVE
from ...domain.kernel.errors import InvalidInputError, NotFoundError
from ...domain.kernel.ids import SellerId
from ...domain.stores.errors import StoreRestsError
from ...doors.answers import Answerer
from ...ports.errors import UnauthorizedError
from ...ports.hooks import PublishedEvent
from ...ports.storage import Claim, Key, Session
from ...unit.base import Unit
from ...unit.seller_unit import SellerUnit
from ...unit.tables.effects import ATTEMPTS, ATTEMPTS_OF, OUTBOX, OUTBOX_BY_STATE
from ...unit.tables.events import EVENTS
from ..base.commands import Given
from ..base.ports import Ports
from ..base.service import Service
from ..intake.connections_of_stores import StoreConnections
from .endings import RelayReport, counted, end_job, end_push
from .jobs import Jobs
from .publishing import published
from .pushing import (
    Outcome,
    Push,
    prepare_pushes,
    push_all,
)
from .untold import ask_to_follow


class Relay(Service):
    """
    Delivers outbox messages, any number of workers on one database.
    """

    def __init__(self, ports: Ports, jobs: Jobs) -> None:
        super().__init__(ports)
        self._jobs = jobs
        self._stores = StoreConnections(ports)

    def run(
        self,
        *,
        worker: str = "relay",
        limit: int = 100,
        progress: Callable[[int], None] | None = None,
        command_id: str = "",
    ) -> RelayReport:
        """
        Pass over what is due until a pass claims nothing; *limit* is what one claims,
        and *worker* is whom its leases name.
        """

        def work() -> RelayReport:
            total = RelayReport()
            while True:
                report, count = self._pass(worker, limit)
                total += report
                if not count:
                    return total
                if progress is not None:
                    progress(count)

        given = Given(command_id, "run_relay", (worker, limit))
        return self._once_over_for_platform(given, work, RelayReport)

    def recover(self, *, worker: str = "", command_id: str = "") -> int:
        """
        Take back what dead workers were sending: their attempts become unknown.

        Takes what has an expired lease, and everything of *worker*: a worker that
        starts again calls this with its own name. Safe to repeat and to kill.

        Returns:
            How many messages wait again.
        """

        def work(session: Session) -> int:
            unit = _RelayUnit(session, self._ports.clock.now())
            lost = [
                message
                for message in unit.each(OUTBOX_BY_STATE, SENDING)
                if message.lease_until <= unit.now
                or (worker and message.worker == worker)
            ]
            for message in lost:
                # Whoever was sending it has no say in it any more.
                epoch = message.epoch + 1
                state = MessageChart.after(message.state, "retry")
                waiting = attrs.evolve(message, state=state, worker="", epoch=epoch)
                unit.put(OUTBOX, waiting)
                for attempt in unit.find(
                    ATTEMPTS_OF, [(message.seller_id, message.message_id)]
                ):
                    if AttemptChart.allows(attempt.state, "lose"):
                        state = AttemptChart.after(attempt.state, "lose")
                        words = "the worker died while sending"
                        unit.put(
                            ATTEMPTS,
                            attrs.evolve(
                                attempt, state=state, error=words, changed_at=unit.now
                            ),
                        )
            return len(lost)

        return self._once_over_for_platform(
            Given(command_id, "recover", worker),
            lambda: self._units.storage.transact(work, read_only=False),
            int,
        )

    def dead(self) -> tuple[OutboxMessage, ...]:
        """
        List the messages nobody will try again by themselves.
        """
        return self._units.platform(
            lambda unit: tuple(unit.each(OUTBOX_BY_STATE, DEAD)), read_only=True
        )

    def waiting(self) -> tuple[OutboxMessage, ...]:
        """
        List the messages still to be delivered, due first.
        """
        return self._units.platform(
            lambda unit: tuple(unit.each(OUTBOX_BY_STATE, WAITING)), read_only=True
        )

    def attempts(self, seller_id: str, message_id: str) -> tuple[Attempt, ...]:
        """
        List the attempts to deliver a message, oldest first.
        """
        return self._read(
            SellerId(seller_id),
            lambda unit: tuple(unit.find(ATTEMPTS_OF, [(message_id,)])),
        )

    def resend(
        self, seller_id: str, message_id: str, *, by: Actor, command_id: str = ""
    ) -> None:
        """
        Try a dead message again: with the same key where nobody knows what became of
        the last attempt, with a new one after a definite no.

        Raises:
            NotFoundError: If there is no such message.

            InvalidInputError: If it is not dead.
        """
        del by  # any actor may ask; who asked is the host's log

        def work(unit: SellerUnit) -> None:
            message = unit.need(OUTBOX, message_id, lock=True)
            if not MessageChart.allows(message.state, "resend"):
                raise InvalidInputError(
                    field="message", value=message.state, expected="a dead message"
                )
            state = MessageChart.after(message.state, "resend")
            unit.put(
                OUTBOX,
                attrs.evolve(message, state=state, attempts=0, next_at=unit.now),
            )

        given = Given(command_id, "resend", message_id)
        self._once(SellerId(seller_id), given, work, type(None))

    # One batch.

    def _pass(self, worker: str, limit: int) -> tuple[RelayReport, int]:
        messages, pushes = self._claim(worker, limit)
        report = RelayReport()
        for batch in self._jobs.batches(
            [m for m in messages if m.channel == Channel.JOB]
        ):
            report += self._run_jobs(batch)
        report += self._tell_plugins(
            [m for m in messages if m.channel.startswith(f"{Channel.PLUGIN}:")]
        )
        outcomes = self._call(pushes)
        if pushes:
            report += self._finish(pushes, outcomes)
            self._pause_unauthorized(pushes, outcomes)
        self._tell(report)
        return report, len(messages)

    def _claim(self, worker: str, limit: int) -> tuple[list[OutboxMessage], list[Push]]:
        def work(session: Session) -> tuple[list[OutboxMessage], list[Push]]:
            unit = _RelayUnit(session, self._ports.clock.now())
            lease = unit.now + self._settings.lease
            claim = Claim(worker, to_micros(unit.now), to_micros(lease), limit)
            rows = session.claim(OUTBOX.table, claim)
            messages = [OUTBOX.from_row(row) for row in rows]
            pushes = prepare_pushes(
                unit, [m for m in messages if m.channel == Channel.STORE]
            )
            unit.put(ATTEMPTS, *(push.attempt for push in pushes))
            return messages, pushes

        return self._units.storage.transact(work, read_only=False)

    def _call(self, pushes: Sequence[Push]) -> list[Outcome]:
        by_store: dict[tuple[str, str], list[int]] = {}
        for place, push in enumerate(pushes):
            store = (push.store.seller_id, push.store.store_id)
            by_store.setdefault(store, []).append(place)
        outcomes: list[Outcome] = [NotFoundError(kind="outcome", id="")] * len(pushes)
        for places in by_store.values():
            part = [pushes[place] for place in places]
            for place, outcome in zip(places, self._push(part), strict=True):
                outcomes[place] = outcome
        return outcomes

    def _push(self, part: Sequence[Push]) -> list[Outcome]:
        store = part[0].store
        if store.state != ACTIVE:
            # What becomes of a message is kept: no words that somebody typed.
            rests = StoreRestsError(store_id=store.store_id, state=store.state, why="")
            return [rests] * len(part)
        try:
            platform = self._stores.platform_of(store)
            told = Answerer(store.platform, store.store_id)
            return push_all(platform, told, [push.notice for push in part])
        except Exception as error:  # noqa: BLE001 - recorded per message as its outcome
            return [error] * len(part)

    def _pause_unauthorized(
        self, pushes: Sequence[Push], outcomes: Sequence[Outcome]
    ) -> None:
        """
        Let the shops rest that refuse our credentials: trying again will not help.
        """
        refused = {
            (push.store.seller_id, push.store.store_id): (push.store, outcome)
            for push, outcome in zip(pushes, outcomes, strict=True)
            if isinstance(outcome, UnauthorizedError)
        }
        for store, error in refused.values():
            self._stores.pause_unauthorized(store, error)

    def _tell(self, report: RelayReport) -> None:
        for name, number in attrs.asdict(report).items():
            self._watch.count(f"outside.messages.{name}", number)
        log = self._watch.log("outside")
        if report.dead:
            log.warning("messages nobody will try again: dead=%d", report.dead)
        if report != RelayReport():
            log.info(
                "messages: delivered=%d postponed=%d dead=%d",
                report.delivered,
                report.postponed,
                report.dead,
            )

    def _finish(
        self, pushes: Sequence[Push], outcomes: Sequence[Outcome]
    ) -> RelayReport:
        def work(session: Session) -> RelayReport:
            unit = _RelayUnit(session, self._ports.clock.now())
            ends = [
                end_push(push, outcome, unit.now, self._settings)
                for push, outcome in zip(pushes, outcomes, strict=True)
            ]
            rows = [OUTBOX.to_row(message) for message, _ in ends]
            epochs = [push.message.epoch for push in pushes]
            # A worker that slept past its lease has an old epoch: it writes nothing.
            stale = set(session.replace(OUTBOX.table, rows, expected=epochs))
            mine = [
                (push, *end)
                for push, end in zip(pushes, ends, strict=True)
                if OUTBOX.key_of(end[0]) not in stale
            ]
            unit.put(ATTEMPTS, *(attempt for _, _, attempt in mine))
            ask_to_follow(unit, [(push, message) for push, message, _ in mine])
            return counted([message.state for _, message, _ in mine])

        return self._units.storage.transact(work, read_only=False)

    def _run_jobs(self, batch: Sequence[OutboxMessage]) -> RelayReport:
        error: Exception | None = None
        try:
            self._jobs.do(batch)
        except Exception as raised:  # noqa: BLE001 - recorded with the messages, and tried again
            error = raised
        report = self._finish_own([(message, error) for message in batch])
        if batch[0].kind in HOUSEKEEPING:
            return attrs.evolve(report, delivered=0)
        return report

    def _tell_plugins(self, batch: Sequence[OutboxMessage]) -> RelayReport:
        if not batch:
            return RelayReport()
        events = self._events_of(
            [m for m in batch if m.kind == MessageKind.TELL_PLUGIN]
        )
        told: list[tuple[OutboxMessage, Exception | None]] = []
        for message in batch:
            error: Exception | None = None
            try:
                self._tell_plugin(message, events)
            except Exception as raised:  # noqa: BLE001 - a fault of the plugin's, recorded
                error = raised
            told.append((message, error))
        return self._finish_own(told)

    def _tell_plugin(
        self, message: OutboxMessage, events: Mapping[Key, PublishedEvent]
    ) -> None:
        match message.kind:
            case MessageKind.TELL_PLUGIN:
                event = events.get(_event_key(message))
                if event is None:
                    raise NotFoundError(kind="event", id=message.key)
                self._ports.hooks.publish(message.subject, event)
            case _:
                msg = f"plugins are not told {message.kind!r}"
                raise AssertionError(msg)

    def _events_of(
        self, batch: Sequence[OutboxMessage]
    ) -> Mapping[Key, PublishedEvent]:
        def work(session: Session) -> Mapping[Key, PublishedEvent]:
            unit = _RelayUnit(session, self._ports.clock.now())
            stored = unit.many(EVENTS, [_event_key(message) for message in batch])
            return {
                (s.seller_id, s.stream_id, s.sequence): published(s) for s in stored
            }

        return self._units.storage.transact(work, read_only=True)

    def _finish_own(
        self, done: Sequence[tuple[OutboxMessage, Exception | None]]
    ) -> RelayReport:
        def work(session: Session) -> RelayReport:
            now = self._ports.clock.now()
            ended = [
                end_job(message, error, now, self._settings) for message, error in done
            ]
            rows = [OUTBOX.to_row(message) for message in ended]
            epochs = [message.epoch for message, _ in done]
            session.replace(OUTBOX.table, rows, expected=epochs)
            states = [message.state for message in ended]
            return counted(states)

        return self._units.storage.transact(work, read_only=False)


class _RelayUnit(Unit):
    """
    The relay writes messages and attempts of all sellers: their infrastructure.
    """

    def __init__(self, session: Session, now: datetime) -> None:
        super().__init__(session, owner=(), now=now)


def _event_key(message: OutboxMessage) -> Key:
    return (message.seller_id, message.lane, message.position)
