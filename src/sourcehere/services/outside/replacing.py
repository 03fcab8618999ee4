"""
What a push takes the place of: the parcel that it replaces, and the shop's name for it.
"""

from collections.abc import Mapping, Sequence

from ...domain.effects.machine import MAY_HAVE_ARRIVED, SUCCEEDED
from ...domain.effects.model import Attempt, Channel, OutboxMessage
from ...domain.kernel.ids import OrderId, SellerId
from ...domain.kernel.values import frozen
from ...domain.orders.order import Order
from ...unit.base import Unit
from ...unit.tables.effects import ATTEMPTS_OF, OUTBOX_LANE

_Key = tuple[str, str]
Orders = Mapping[tuple[SellerId, OrderId], Order]


@frozen
class Replaced:
    """
    What the shop knows already and counts no more.

    Attributes:
        parcels: Those that it may have been told of, newest first; none where the push
            is of a parcel of its own.

        reference: The shop's name for what it was told last in this one's place; empty
            where it gave none.
    """

    parcels: tuple[str, ...] = ()
    reference: str = ""


NOTHING_REPLACED = Replaced()


def replaced_by(
    unit: Unit, messages: Sequence[OutboxMessage], orders: Orders
) -> dict[str, Replaced]:
    """
    Return what each push takes the place of: message -> parcel and reference.

    A parcel that was replaced before the shop was told of it is skipped: the shop knows
    the one that it replaced itself, if any. Where nobody knows whether the shop was
    told, both are named.
    """
    lines = {m.message_id: _line_of(m, orders) for m in messages}
    asked = [m for m in messages if len(lines[m.message_id]) > 1 or _revision(m)]
    lanes = sorted({(m.seller_id, Channel.STORE.value, m.lane) for m in asked})
    told = unit.find(OUTBOX_LANE, lanes)
    attempts: dict[_Key, list[Attempt]] = {}
    for attempt in unit.find(ATTEMPTS_OF, [(m.seller_id, m.message_id) for m in told]):
        attempts.setdefault((attempt.seller_id, attempt.message_id), []).append(attempt)
    arrived: dict[_Key, list[Attempt]] = {}
    for message in told:
        found = attempts.get((message.seller_id, message.message_id), [])
        arrived.setdefault((message.seller_id, message.subject), []).extend(
            a for a in found if a.state in MAY_HAVE_ARRIVED
        )
    return {m.message_id: _replaced(m, lines[m.message_id], arrived) for m in asked}


def _replaced(
    message: OutboxMessage, line: Sequence[str], arrived: Mapping[_Key, list[Attempt]]
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
    return Replaced(tuple(before), next(references, ""))


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
