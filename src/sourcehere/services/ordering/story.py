"""
The story of an order: what happened, in words, and what people wrote about it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import attrs

from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.events import Event
from ...domain.kernel.ids import HoldId, RefundId
from ...domain.kernel.values import frozen
from ...domain.orders.events import (
    HoldEscalated,
    HoldPlaced,
    HoldReleased,
    OrderCancelled,
    OrderRefunded,
)
from ...domain.orders.telling import tell, tell_refund
from ...domain.wallet.model import Refund
from ...unit.seller_unit import SellerUnit
from ...unit.tables.contacts import NOTES_OF
from ...unit.words import joined
from .refund_reading import handling_of, said_of_others


@frozen
class TimelineEntry:
    """
    Something that happened to an order, or that somebody wrote about it.

    Attributes:
        kind: The event's stored name, or `note`.

        words: What happened, or what was written, as a person reads it.
    """

    at: datetime
    by: Actor
    kind: str
    words: str


def story_of(
    unit: SellerUnit,
    order_id: str,
    events: Sequence[Event],
    refunds: Sequence[Refund],
    *,
    by: Actor,
) -> tuple[TimelineEntry, ...]:
    """
    Tell an order's story, oldest first; notes for staff are for staff only.
    """
    order = unit.orders.one(order_id, lock=False)
    handling = handling_of(order, events, refunds)
    notes = unit.find(NOTES_OF, [(order_id,)])
    typed = {note.about: note.text for note in notes if note.about}
    others = said_of_others(unit, order_id, refunds)
    said = [
        tell_refund(
            event, order.currency, handling_minor=handling.get(event.refund_id, 0)
        )
        if isinstance(event, OrderRefunded)
        else tell(_said(event, typed), order.currency)
        for event in events
    ]
    holds = _holds_in(zip(events, said, strict=True))
    told = [
        TimelineEntry(
            event.occurred_at,
            event.by,
            event.NAME,
            words + _of_others(event, others) + _of_hold(event, holds),
        )
        for event, words in zip(events, said, strict=True)
    ]
    written = [
        TimelineEntry(note.written_at, note.by, "note", note.text)
        for note in notes
        if not note.about and (by.role == Role.STAFF or not note.for_staff)
    ]
    return tuple(sorted(told + written, key=lambda entry: entry.at))


def _of_others(event: Event, said: Mapping[RefundId, str]) -> str:
    return said.get(event.refund_id, "") if isinstance(event, OrderRefunded) else ""


def _holds_in(told: Iterable[tuple[Event, str]]) -> Mapping[HoldId, str]:
    return {
        event.hold_id: words.removeprefix("held")
        for event, words in told
        if isinstance(event, HoldPlaced)
    }


def _of_hold(event: Event, placed: Mapping[HoldId, str]) -> str:
    """
    Say which hold it is that ended, or that is somebody else's turn now.
    """
    if not isinstance(event, HoldReleased | HoldEscalated):
        return ""
    return placed.get(event.hold_id, "")


def _said(event: Event, typed: Mapping[str, str]) -> Event:
    """
    Return the event with what people typed into it, to be told.
    """
    if isinstance(event, OrderCancelled) and event.reason in typed:
        return attrs.evolve(event, reason=joined(event.reason, typed[event.reason]))
    if not isinstance(event, HoldPlaced) or event.hold_id not in typed:
        return event
    return attrs.evolve(event, detail=joined(event.detail, typed[event.hold_id]))
