"""
Taking back what dead workers were sending: it waits again, its attempts unknown.
"""

import attrs

from ...domain.effects.machine import SENDING, AttemptChart, MessageChart
from ...domain.effects.model import OutboxMessage
from ...unit.base import Unit
from ...unit.tables.effects import ATTEMPTS, ATTEMPTS_OF, OUTBOX, OUTBOX_BY_STATE


def take_back(unit: Unit, worker: str) -> int:
    """
    Let wait again what has an expired lease, and everything that *worker* was sending.

    Returns:
        How many messages.
    """
    lost = _lost(unit, worker)
    # Whoever was sending it has no say in it any more: its epoch is over.
    waiting = [
        attrs.evolve(
            message,
            state=MessageChart.after(message.state, "retry"),
            worker="",
            epoch=message.epoch + 1,
        )
        for message in lost
    ]
    unit.put(OUTBOX, *waiting)
    places = [(message.seller_id, message.message_id) for message in lost]
    unknown = [
        attrs.evolve(
            attempt,
            state=AttemptChart.after(attempt.state, "lose"),
            error="the worker died while sending",
            changed_at=unit.now,
        )
        for attempt in unit.find(ATTEMPTS_OF, places)
        if AttemptChart.allows(attempt.state, "lose")
    ]
    unit.put(ATTEMPTS, *unknown)
    return len(lost)


def _lost(unit: Unit, worker: str) -> list[OutboxMessage]:
    def is_lost(message: OutboxMessage) -> bool:
        is_over = message.lease_until <= unit.now
        is_own = worker != "" and message.worker == worker
        return message.state == SENDING and (is_over or is_own)

    # Locked and looked at again: meanwhile a worker may have finished one, and another
    # claimed it anew.
    seen = [
        (message.seller_id, message.message_id)
        for message in unit.each(OUTBOX_BY_STATE, SENDING)
        if is_lost(message)
    ]
    return [m for m in unit.many(OUTBOX, seen, lock=True) if is_lost(m)]
