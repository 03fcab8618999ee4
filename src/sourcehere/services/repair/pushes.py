"""
What shops are told: lost messages are written anew, under the key that they had.

A push that may have arrived never gets a second key. So where attempts or calls are
left of a message that is gone, it is written anew under its own id, and they belong to
it again.
"""

from collections.abc import Iterable, Sequence

import attrs

from ...domain.effects.machine import (
    DONE,
    SENDING,
    SUCCEEDED,
    WAITING,
    AttemptChart,
    MessageChart,
)
from ...domain.effects.model import (
    Attempt,
    Channel,
    OutboxMessage,
    Send,
)
from ...domain.kernel.clock import from_micros, to_micros
from ...domain.kernel.ids import MessageId, OrderId, ParcelId
from ...domain.kernel.values import frozen
from ...domain.shipments.model import Parcel
from ...unit.base import Unit
from ...unit.messages import push_message
from ...unit.tables.effects import (
    ATTEMPTS,
    ATTEMPTS_OF,
    OUTBOX,
    OUTBOX_LANE,
    SENDS,
    SENDS_OF,
)
from ...unit.tables.orders import ORDERS
from ...unit.tables.shipments import PARCELS
from ..audit.findings import Violation
from ..outside.pushing import attempt_key
from .draft import Draft

_SUPERSEDED = MessageChart.superseded.value
_ENDED = frozenset({SUCCEEDED, AttemptChart.declined.value})


def write_push(draft: Draft, violation: Violation) -> None:
    """
    Write the message anew that a shop has to be told a parcel by.
    """
    key = str(violation.facts["key"])
    parcel = draft.mine(PARCELS, ParcelId(violation.subject))
    order = draft.mine(ORDERS, OrderId(str(violation.facts["order"])))
    if parcel is None or order is None or _is_there(draft, key, parcel):
        return
    draft.rely(PARCELS, parcel.parcel_id)
    draft.rely(ORDERS, order.order_id)
    push = push_message(draft.seller_id, order, parcel, now=draft.unit.now)
    made = attrs.evolve(push, key=key)
    left = _left_of(draft, key)
    if left:
        tried = draft.all_of(ATTEMPTS_OF, left)
        arrived = any(attempt.state == SUCCEEDED for attempt in tried)
        made = attrs.evolve(
            made,
            message_id=left,
            # A claim makes it 2: then the worker looks at what was tried before.
            epoch=1,
            attempts=len(tried),
            state=DONE if arrived else WAITING,
            position=0 if arrived else made.position,
        )
    draft.put(OUTBOX, made)


def _is_there(draft: Draft, key: str, parcel: Parcel) -> bool:
    """
    Tell whether a message has the key already, in whatever lane, or was about the
    parcel when it was another order's.
    """
    lanes = draft.once("lanes", lambda unit: _lanes(unit, draft.seller_id))
    others = lanes.of_subject.get(parcel.parcel_id, set()) - {parcel.order_id}
    return key in lanes.keys or bool(others)


@frozen
class _Lanes:
    """
    Where messages to shops are.

    Attributes:
        of_subject: Parcel -> the lanes in which there are messages about it.
    """

    keys: set[str]
    of_subject: dict[str, set[str]]


def _lanes(unit: Unit, seller_id: str) -> _Lanes:
    found = _Lanes(set(), {})
    for message in unit.each_of(OUTBOX, seller_id):
        if message.channel == Channel.STORE.value:
            found.keys.add(message.key)
            found.of_subject.setdefault(message.subject, set()).add(message.lane)
    return found


def _left_of(draft: Draft, key: str) -> MessageId | None:
    """
    Return the id of the message that was sent under *key* and is gone.
    """
    tried = draft.once("tried", lambda unit: _tried(unit, draft.seller_id))
    return tried.get(key)


def _tried(unit: Unit, seller_id: str) -> dict[str, MessageId]:
    """
    Return what was sent under which key: key -> message.
    """
    sent: dict[str, MessageId] = {}
    kept: Iterable[Attempt | Send]
    for kept in (unit.each_of(SENDS, seller_id), unit.each_of(ATTEMPTS, seller_id)):
        for one in kept:
            first = one.key.removesuffix(f":{one.number}")
            sent[one.key if one.number == 1 else first] = one.message_id
    return sent


def right_the_push(draft: Draft, violation: Violation) -> None:
    """
    Put a message back into the lane of the order that its key names, to its shop.
    """
    message = draft.mine(OUTBOX, violation.subject)
    if message is None:
        return
    parcel_id, order_id, revision = _parts(message.key)
    parcel, order = draft.mine(PARCELS, parcel_id), draft.mine(ORDERS, order_id)
    if parcel is None or order is None or parcel.order_id != order_id:
        return
    said = message.payload
    if message.state == SENDING or not revision.isdigit():
        return
    draft.put(
        OUTBOX,
        attrs.evolve(
            message,
            lane=order.order_id,
            subject=parcel.parcel_id,
            connection=f"{draft.seller_id}/{order.store_id}",
            payload={**said, "store_id": order.store_id, "revision": int(revision)},
        ),
    )


def _parts(key: str) -> tuple[str, str, str]:
    parcel_id, _, rest = key.partition(":")
    order_id, _, revision = rest.partition(":")
    return parcel_id, order_id, revision


def tell_anew(draft: Draft, violation: Violation) -> None:
    """
    Let a push wait again that was dropped with nothing newer; its key stays.
    """
    message = draft.mine(OUTBOX, violation.subject)
    if message is None or message.state != _SUPERSEDED:
        return
    parcel = draft.mine(PARCELS, message.subject)
    order = draft.mine(ORDERS, message.lane)
    if parcel is None or order is None or parcel.replaced_by:
        return
    draft.rely(PARCELS, parcel.parcel_id)
    draft.rely(ORDERS, message.lane)
    draft.put(OUTBOX, _waiting(draft, message))


def end_delivered(draft: Draft, violation: Violation) -> None:
    """
    End a message that an attempt delivered.
    """
    message = draft.mine(OUTBOX, violation.subject)
    tried = draft.all_of(ATTEMPTS_OF, violation.subject)
    if message is not None and [a for a in tried if a.state == SUCCEEDED]:
        draft.change(
            OUTBOX,
            (message.message_id,),
            state=DONE,
            worker="",
            lease_until=0,
        )


def write_attempt(draft: Draft, violation: Violation) -> None:
    """
    Write an attempt anew that is gone, of all its calls.
    """
    name, number = str(violation.facts["message"]), int(str(violation.facts["number"]))
    message = draft.mine(OUTBOX, name)
    if message is None or draft.mine(ATTEMPTS, name, number) is not None:
        return
    calls = [c for c in draft.all_of(SENDS_OF, name) if c.number == number]
    if not _are_whole(message, number, calls):
        return
    first, last = calls[0], calls[-1]
    ended_at = from_micros(to_micros(last.sent_at) + last.took)
    has_reference = last.state == SUCCEEDED
    draft.put(
        ATTEMPTS,
        Attempt(
            seller_id=draft.seller_id,
            message_id=message.message_id,
            number=number,
            purpose=message.kind,
            key=last.key,
            state=last.state,
            sends=last.send,
            reference=last.answer if has_reference else "",
            error="",  # its calls have what was said
            planned_at=first.sent_at,
            changed_at=ended_at,
            lines="",  # which they were nobody knows any more
        ),
    )


def _are_whole(message: OutboxMessage, number: int, calls: Sequence[Send]) -> bool:
    key = attempt_key(message.key, number)
    return (
        bool(calls)
        and calls[-1].state in _ENDED
        and [call.send for call in calls] == list(range(1, len(calls) + 1))
        and {call.key for call in calls} == {key}
    )


def end_lease(draft: Draft, violation: Violation) -> None:
    """
    Let a lease end now: the next round of any worker takes the message back.
    """
    draft.change(OUTBOX, (violation.subject,), lease_until=draft.now)


def be_due(draft: Draft, violation: Violation) -> None:
    """
    Let a message be due now.
    """
    draft.change(OUTBOX, (violation.subject,), next_at=draft.now)


def know_state(draft: Draft, violation: Violation) -> None:
    """
    Set a message to a state that there is: delivered, dropped for a newer one, or
    waiting with the key that it has.
    """
    message = draft.mine(OUTBOX, violation.subject)
    if message is None or message.state in MessageChart.state_names():
        return
    tried = draft.all_of(ATTEMPTS_OF, message.message_id)
    if any(attempt.state == SUCCEEDED for attempt in tried):
        end_delivered(draft, violation)
        return
    lane = draft.all_of(OUTBOX_LANE, message.channel, message.lane)
    newer = [
        m
        for m in lane
        if m.subject == message.subject and m.position > message.position
    ]
    if message.channel == Channel.STORE.value and newer:
        draft.change(OUTBOX, (message.message_id,), state=_SUPERSEDED)
        return
    draft.put(OUTBOX, _waiting(draft, message))


def _waiting(draft: Draft, message: OutboxMessage) -> OutboxMessage:
    return attrs.evolve(
        message,
        state=WAITING,
        next_at=draft.unit.now,
        worker="",
        lease_until=from_micros(0),
        epoch=max(message.epoch, 1),
    )
