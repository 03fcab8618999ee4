"""
Keeping what became of messages, as soon as it is known, in small commits that fail
apart.
"""

from collections.abc import Container, Mapping, Sequence
from typing import TypeVar

import attrs

from ...domain.contacts.model import ERASED
from ...domain.effects.circuits import WELL, Circuit
from ...domain.effects.model import Attempt, Channel, OutboxMessage, Send
from ...domain.kernel.errors import CounterpartyError
from ...ports.storage import Key
from ...unit.base import Unit
from ...unit.tables.effects import ATTEMPTS, CIRCUITS, OUTBOX, SENDS
from ..base.forgotten import forgotten_among
from ..base.ports import Ports
from .claiming import InHand, lose_attempts
from .endings import (
    RelayReport,
    counted,
    die,
    end_own,
    end_push,
    give_back,
    unsent,
)
from .lanes import Ended, Told, Unsent
from .pushing import Push
from .untold import ask_to_follow

_End = tuple[OutboxMessage, Attempt | None]
_Said = TypeVar("_Said", OutboxMessage, Attempt, Circuit)


class Recorder:
    """
    Keeps how messages end, each at most once: by the worker that has them in hand.
    """

    def __init__(self, ports: Ports, hand: InHand) -> None:
        self._units = ports.units
        self._settings = ports.settings
        self._log = ports.watch.log("outside")
        self._hand = hand

    def record(self, ended: Sequence[Ended], pushes: Mapping[Key, Push]) -> RelayReport:
        """
        Keep how *ended* messages end.

        What cannot be kept together is kept one by one; what cannot be kept at all
        leaves its message dead, with the reason.
        """
        if not ended:
            return RelayReport()
        messages = [item.message for item in ended]
        try:
            return self._hand.end(messages, lambda: self._commit(ended, pushes))
        except CounterpartyError:  # the database's: nothing is known to be kept
            raise
        except Exception as error:  # noqa: BLE001 - one of them, whichever, makes no sense
            name = type(error).__name__
        if len(ended) > 1:
            reports = [self.record([item], pushes) for item in ended]
            return sum(reports, RelayReport())
        (message,) = messages
        self._log.warning(
            "an outcome cannot be kept: message=%s error=%s", message.message_id, name
        )
        words = f"its outcome cannot be kept: {name}"
        return self._hand.end(messages, lambda: self._give_up(message, words))

    def _commit(
        self, ended: Sequence[Ended], pushes: Mapping[Key, Push]
    ) -> RelayReport:
        return self._units.outside(lambda unit: self.write(unit, ended, pushes))

    def write(
        self,
        unit: Unit,
        ended: Sequence[Ended],
        pushes: Mapping[Key, Push],
        *,
        is_first: bool = False,
    ) -> RelayReport:
        """
        Write how *ended* messages end, as part of what *unit* does.

        Args:
            is_first: Whether this is the first try to keep it, so that no call is in
                the journal yet; if one is, all of it is refused.
        """
        found = [pushes.get(OUTBOX.key_of(item.message)) for item in ended]
        ends = [
            self._end(item, push, unit) for item, push in zip(ended, found, strict=True)
        ]
        gone = forgotten_among(unit, [m for m, a in ends if _says_why(m, a)])
        ends = [_without(gone, end) for end in ends]
        rows = [OUTBOX.to_row(message) for message, _ in ends]
        epochs = [message.epoch for message, _ in ends]
        # A worker that slept past its lease has an old epoch: all that it writes
        # is that it called.
        stale = set(unit.session.replace(OUTBOX.table, rows, expected=epochs))
        mine = [
            (message, attempt, push)
            for (message, attempt), push in zip(ends, found, strict=True)
            if OUTBOX.key_of(message) not in stale
        ]
        attempts = [(p.attempt, a) for _, a, p in mine if p and a]
        unit.put_over(ATTEMPTS, attempts)
        sends = [
            _send(item, push, attempt)
            for item, push, (_, attempt) in zip(ended, found, ends, strict=True)
            if isinstance(item, Told) and push and attempt and item.took is not None
        ]
        if is_first:
            unit.insert(SENDS, *sends)
        else:
            unit.insert_new(SENDS, sends)
        _keep_circuits(unit, ended, gone)
        ask_to_follow(unit, [(m, push.is_held) for m, _, push in mine if push])
        return counted([message.state for message, _, _ in mine])

    def _end(
        self, item: Ended, push: Push | None, unit: Unit
    ) -> tuple[OutboxMessage, Attempt | None]:
        if isinstance(item, Unsent):
            attempt = None if push is None else unsent(push)
            return give_back(item.message, item.next_at), attempt
        if push is not None:
            return end_push(push, item, unit.now, self._settings)
        error = item.outcome if isinstance(item.outcome, Exception) else None
        return end_own(item.message, error, unit.now, self._settings), None

    def _give_up(self, message: OutboxMessage, words: str) -> RelayReport:
        def work(unit: Unit) -> RelayReport:
            dead = die(message, words)
            row = OUTBOX.to_row(dead)
            if unit.session.replace(OUTBOX.table, [row], expected=[dead.epoch]):
                return RelayReport()
            lose_attempts(unit, [dead], words)
            ask_to_follow(unit, [(dead, False)])
            return RelayReport(dead=1)

        return self._units.outside(work)


def _says_why(message: OutboxMessage, attempt: Attempt | None) -> bool:
    """
    Tell whether a message or its attempt has words of why it failed, now or before.
    """
    is_said = message.error or (attempt is not None and attempt.error)
    return bool(is_said) and message.channel != Channel.JOB


def _without(gone: Container[Key], end: _End) -> _End:
    """
    Return how a push ends without what its shop said, if its buyer was forgotten.
    """
    message, attempt = end
    if OUTBOX.key_of(message) not in gone:
        return end
    return _silent(message), attempt and _silent(attempt)


def _silent(said: _Said) -> _Said:
    return attrs.evolve(said, error=ERASED) if said.error else said


def _send(told: Told, push: Push, attempt: Attempt) -> Send:
    is_reference = isinstance(told.outcome, str)
    assert told.took is not None
    return Send(
        seller_id=push.attempt.seller_id,
        message_id=push.attempt.message_id,
        number=push.attempt.number,
        send=push.attempt.sends,
        key=push.attempt.key,
        connection=told.message.connection,
        worker=told.message.worker,
        sent_at=told.sent_at,
        took=round(told.took.total_seconds() * 1_000_000),
        state=attempt.state,
        answer=attempt.reference if is_reference else attempt.error,
    )


def _keep_circuits(unit: Unit, ended: Sequence[Ended], gone: Container[Key]) -> None:
    """
    Write how connections answered last, but for what was said of buyers who are *gone*;
    one that is well again needs no row.
    """
    last: dict[str, Circuit] = {}
    for item in ended:
        if isinstance(item, Told) and item.circuit is not None:
            is_gone = OUTBOX.key_of(item.message) in gone
            circuit = _silent(item.circuit) if is_gone else item.circuit
            last[circuit.connection] = circuit
    names = sorted(last)
    known = {
        c.connection for c in unit.many(CIRCUITS, [(n,) for n in names], lock=True)
    }
    ill = [last[n] for n in names if last[n].state != WELL or last[n].failures]
    unit.put(CIRCUITS, *(circuit for circuit in ill if circuit.connection in known))
    unit.insert_new(CIRCUITS, [c for c in ill if c.connection not in known])
    well = known - {circuit.connection for circuit in ill}
    unit.delete(CIRCUITS, [(name,) for name in sorted(well)])
