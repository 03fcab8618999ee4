"""
What a worker has in hand: claimed with a lease, renewed while it lives, and taken back
from workers that do not live any more.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Self, TypeVar

import attrs

from ...domain.contacts.model import ERASED
from ...domain.effects.circuits import Circuit
from ...domain.effects.machine import SENDING, AttemptChart, MessageChart
from ...domain.effects.model import Channel, OutboxMessage
from ...domain.kernel.clock import Clock, to_micros
from ...domain.kernel.errors import SourceHereError
from ...domain.kernel.values import frozen
from ...doors.answers import words_of
from ...ports.context import Logger
from ...ports.storage import Claim, Key, Row, Storage
from ...unit.base import Unit
from ...unit.reading import Asked
from ...unit.tables.effects import (
    ATTEMPTS,
    ATTEMPTS_OF,
    CIRCUITS,
    OUTBOX,
    OUTBOX_BY_STATE,
)
from ..base.forgotten import forgotten_among
from ..base.threads import start_keeper

T = TypeVar("T")


@frozen
class Claimed:
    """
    What was claimed, and the circuits that are not well.

    Attributes:
        unreadable: Messages whose rows make no sense: they are dead.
    """

    messages: Sequence[OutboxMessage]
    circuits: dict[str, Circuit]
    unreadable: int

    def __add__(self, other: "Claimed") -> "Claimed":
        return Claimed(
            [*self.messages, *other.messages],
            self.circuits | other.circuits,
            self.unreadable + other.unreadable,
        )


def claim(
    unit: Unit,
    worker: str,
    *,
    lease: timedelta,
    limit: int,
    busy: Iterable[str],
    only: tuple[str, ...] = (),
) -> Claimed:
    """
    Take messages that are due, but none of connections that are *busy* or rest.

    Args:
        only: Connections whose messages alone are taken; empty for those of all.
    """
    request = Claim(
        worker,
        to_micros(unit.now),
        to_micros(unit.now + lease),
        limit,
        tuple(sorted(busy)),
        only,
        CIRCUITS.table,
    )
    not_well = unit.ask_for_each(CIRCUITS.primary)  # they come with the messages
    rows = unit.session.claim(OUTBOX.table, request)
    messages = [message for row in rows if (message := _read(unit, row))]
    circuits = {c.connection: c for c in not_well.all()}
    return Claimed(messages, circuits, len(rows) - len(messages))


def _read(unit: Unit, row: Row) -> OutboxMessage | None:
    """
    Return the message of a claimed row; one that cannot be read is dead at once.
    """
    try:
        return OUTBOX.from_row(row)
    except Exception as error:  # noqa: BLE001 - a row that makes no sense stops nobody
        words = f"cannot be read: {words_of(error)}"
    place, changed = OUTBOX.table.position, list(row)
    changed[place["state"]] = MessageChart.after(SENDING, "die")
    changed[place["error"]] = words
    unit.session.replace(OUTBOX.table, [tuple(changed)], expected=None)
    return None


def ask_for_sending(unit: Unit) -> Asked[OutboxMessage]:
    """
    Begin to read the messages that workers have, or had when they died.
    """
    return unit.ask_to_peek(OUTBOX_BY_STATE, SENDING)


def take_back(unit: Unit, sending: Asked[OutboxMessage], *, worker: str = "") -> int:
    """
    Take back what has an expired lease, and everything of *worker*: it waits again,
    and what became of its attempt is unknown. Why it failed before is said no more of
    a buyer who was forgotten while the worker had it.

    Args:
        sending: What workers have (`ask_for_sending`).
    """
    lost = _lost(unit, sending, worker)
    failed = [one for one in lost if one.error and one.channel != Channel.JOB]
    gone = forgotten_among(unit, failed)
    taken = [
        # Whoever was sending it has no say in it any more: its epoch is over.
        attrs.evolve(
            message,
            state=MessageChart.after(message.state, "retry"),
            worker="",
            epoch=message.epoch + 1,
            error=ERASED if OUTBOX.key_of(message) in gone else message.error,
        )
        for message in lost
    ]
    unit.put(OUTBOX, *taken)
    lose_attempts(unit, taken, "the worker died while sending")
    return len(taken)


def _lost(
    unit: Unit, sending: Asked[OutboxMessage], worker: str
) -> list[OutboxMessage]:
    def is_lost(message: OutboxMessage) -> bool:
        is_over = message.lease_until <= unit.now
        is_own = worker != "" and message.worker == worker
        return message.state == SENDING and (is_over or is_own)

    # Locked and looked at again: a message that is finished keeps its epoch, and
    # meanwhile its worker may have finished it, or another claimed it anew.
    seen = [
        (message.seller_id, message.message_id)
        for message in sending.all()
        if is_lost(message)
    ]
    return [m for m in unit.many(OUTBOX, seen, lock=True) if is_lost(m)]


def lose_attempts(unit: Unit, messages: Sequence[OutboxMessage], words: str) -> None:
    """
    Write that nobody knows what became of the attempts that are being sent.
    """
    prefixes = [(message.seller_id, message.message_id) for message in messages]
    lost = [
        attrs.evolve(
            attempt,
            state=AttemptChart.after(attempt.state, "lose"),
            error=words,
            changed_at=unit.now,
        )
        for attempt in unit.find(ATTEMPTS_OF, prefixes, lock=True)
        if AttemptChart.allows(attempt.state, "lose")
    ]
    unit.put(ATTEMPTS, *lost)


class InHand:
    """
    The messages that one worker has claimed, whose leases it renews until they end.

    Safe to use from several threads.
    """

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        *,
        lease: timedelta,
        within: timedelta,
        log: Logger,
    ) -> None:
        """
        Hold nothing yet.

        Args:
            within: How long a call may take: as long a lease has to last before one.
        """
        self._storage = storage
        self._least = min(within, lease / 2)
        self._clock = clock
        self._lease = lease
        self._log = log
        self._messages: dict[Key, OutboxMessage] = {}
        self._lock = threading.RLock()
        self._is_over = threading.Event()
        self._is_kept = False

    def __enter__(self) -> Self:
        """
        Begin to hold messages.
        """
        return self

    def __exit__(self, *_: object) -> None:
        """
        Renew nothing any more.
        """
        self._is_over.set()

    def add(self, messages: Iterable[OutboxMessage]) -> None:
        """
        Hold *messages* from now on.
        """
        with self._lock:
            self._messages |= {OUTBOX.key_of(message): message for message in messages}

    def keep(self) -> None:
        """
        Renew all leases from now on, each before its half is over: asked for by whoever
        does what may last.
        """
        if self._messages and not self._is_kept:
            self._is_kept = True
            start_keeper(self._keep, name="relay leases")

    def has_lease(self, message: OutboxMessage) -> bool:
        """
        Tell whether a message may be sent: nobody else can have it.
        """
        held = self._messages.get(OUTBOX.key_of(message))
        if held is None:
            return False
        return held.lease_until - self._clock.now() >= self._least

    def end(self, messages: Iterable[OutboxMessage], commit: Callable[[], T]) -> T:
        """
        Commit how *messages* end; they are held no more.

        No lease is renewed meanwhile: it would write what has ended as being sent.
        """
        with self._lock:
            try:
                return commit()
            finally:
                for message in messages:
                    self._messages.pop(OUTBOX.key_of(message), None)

    def _keep(self) -> None:
        every = (self._lease / 3).total_seconds()
        while not self._is_over.wait(every):
            try:
                self.renew()
            except SourceHereError as error:
                # Not renewed in time, a lease ends, and its message is sent by another.
                self._log.warning("leases not renewed: error=%s", type(error).__name__)

    def renew(self) -> None:
        """
        Make all leases last anew; what another worker has taken is held no more.
        """
        with self._lock:
            if not self._messages:
                return
            until = self._clock.now() + self._lease
            longer = {
                key: attrs.evolve(message, lease_until=until)
                for key, message in self._messages.items()
            }
            rows = [OUTBOX.to_row(message) for message in longer.values()]
            epochs = [message.epoch for message in longer.values()]
            gone = self._storage.transact(
                lambda session: session.replace(OUTBOX.table, rows, expected=epochs),
                read_only=False,
            )
            self._messages = longer
            for key in gone:
                del self._messages[key]
