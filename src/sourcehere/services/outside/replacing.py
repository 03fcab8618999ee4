"""
What a push takes the place of: the parcel that it replaces, and the shop's name for it;
and what the shop calls the others, of which it is none.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from ...domain.effects.machine import SUCCEEDED
from ...domain.effects.model import Attempt, Channel, OutboxMessage
from ...domain.kernel.ids import OrderId, SellerId
from ...domain.kernel.values import frozen
from ...domain.orders.order import Order
from ...ports.storage import Row
from ...unit.base import Unit
from ...unit.tables.effects import ATTEMPTS_OF, OUTBOX_LANE

_Key = tuple[str, str]
Orders = Mapping[tuple[SellerId, OrderId], Order]
Parts = Mapping[_Key, Sequence[str]]


@frozen
class Replaced:
    """
    What the shop knows already and counts no more.

    Attributes:
        parcels: Those that it may have been told of, newest first; none where the push
            is of a parcel of its own.

        reference: The shop's name for what it was told last in this one's place; empty
            where it gave none.

        beside: The shop's names for other parcels of its order.
    """

    parcels: tuple[str, ...] = ()
    reference: str = ""
    beside: tuple[str, ...] = ()


NOTHING_REPLACED = Replaced()


def parts_in(rows: Iterable[Row]) -> Parts:
    """
    Return the parts of the shop's orders that have several, from rows of `LINES_TOLD`.
    """
    found: dict[_Key, Sequence[str]] = {}
    for _, parts, seller_id, *_ in rows:
        if "," in str(parts):
            names: list[str] = json.loads(str(parts))
            found.update(((str(seller_id), name), names) for name in names)
    return found


def replaced_by(
    unit: Unit, messages: Sequence[OutboxMessage], orders: Orders, parts: Parts
) -> dict[str, Replaced]:
    """
    Return what each push takes the place of, and what it is none of: message -> parcel
    and references.

    A parcel that was replaced before the shop was told of it is skipped: the shop knows
    the one that it replaced itself, if any. Where nobody knows whether the shop was
    told, both are named.

    Args:
        parts: Of an order -> those of the shop's order, where there are several.
    """
    lines = {m.message_id: _line_of(m, orders) for m in messages}
    lanes = {m.message_id: parts.get((m.seller_id, m.lane), [m.lane]) for m in messages}
    asked = [
        m
        for m in messages
        if _revision(m)
        or len(lanes[m.message_id]) > 1
        or len(orders[(m.seller_id, OrderId(m.lane))].parcels) > 1
    ]
    wanted = {(m.seller_id, lane) for m in asked for lane in lanes[m.message_id]}
    subjects, arrived = _told_in(unit, sorted(wanted))

    def subjects_of(message: OutboxMessage) -> list[str]:
        keys = [(message.seller_id, lane) for lane in lanes[message.message_id]]
        return [subject for key in keys for subject in subjects.get(key, ())]

    return {
        m.message_id: _replaced(m, lines[m.message_id], subjects_of(m), arrived)
        for m in asked
    }


def _told_in(
    unit: Unit, lanes: Iterable[_Key]
) -> tuple[Mapping[_Key, Iterable[str]], Mapping[_Key, list[Attempt]]]:
    """
    Return the parcels that are told in each lane, and of each the attempts that may
    have arrived.
    """
    told = unit.find(OUTBOX_LANE, [(s, Channel.STORE.value, lane) for s, lane in lanes])
    attempts: dict[_Key, list[Attempt]] = {}
    for attempt in unit.find(ATTEMPTS_OF, [(m.seller_id, m.message_id) for m in told]):
        if attempt.may_have_arrived:
            key = (attempt.seller_id, attempt.message_id)
            attempts.setdefault(key, []).append(attempt)
    subjects: dict[_Key, dict[str, None]] = {}
    arrived: dict[_Key, list[Attempt]] = {}
    for message in told:
        seller_id, subject = message.seller_id, message.subject
        subjects.setdefault((seller_id, message.lane), {})[subject] = None
        found = attempts.get((seller_id, message.message_id), ())
        arrived.setdefault((seller_id, subject), []).extend(found)
    return subjects, arrived


def _replaced(
    message: OutboxMessage,
    line: Sequence[str],
    told: Iterable[str],
    arrived: Mapping[_Key, list[Attempt]],
) -> Replaced:
    # Its own attempts under this very key are no earlier word.
    known = {
        parcel_id: [
            attempt
            for attempt in arrived.get((message.seller_id, parcel_id), [])
            if attempt.message_id != message.message_id
        ]
        for parcel_id in line
    }
    before: list[str] = []
    for name in line[1:]:
        if known[name]:
            before.append(name)
        if any(attempt.state == SUCCEEDED for attempt in known[name]):
            break  # in its place the shop counts no earlier one
    references = (
        attempt.reference
        for parcel_id in line
        for attempt in reversed(known[parcel_id])
        if attempt.state == SUCCEEDED
    )
    beside = dict.fromkeys(
        attempt.reference
        for parcel_id in told
        if parcel_id not in line
        for attempt in arrived[(message.seller_id, parcel_id)]
        if attempt.state == SUCCEEDED and attempt.reference
    )
    return Replaced(tuple(before), next(references, ""), tuple(beside))


def _line_of(message: OutboxMessage, orders: Orders) -> list[str]:
    """
    List the parcel of a push, the one that it replaced, the one which that replaced ...
    """
    marks = orders[(message.seller_id, OrderId(message.lane))].parcels
    before = {mark.replaced_by: mark.parcel_id for mark in marks if mark.replaced_by}
    line = [message.subject]
    while line[-1] in before:
        line.append(before[line[-1]])
    return line


def _revision(message: OutboxMessage) -> int:
    revision = message.payload["revision"]
    assert isinstance(revision, int)
    return revision
