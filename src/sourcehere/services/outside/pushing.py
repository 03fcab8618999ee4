"""
Pushing a parcel's tracking: what the call says, its attempt, and what the answer means.
"""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import blake2b

import attrs

from ...domain.effects.machine import PLANNED, SAME_KEY_STATES, UNKNOWN, AttemptChart
from ...domain.effects.model import Attempt, MessageKind, OutboxMessage
from ...domain.kernel.ids import OrderId, ParcelId
from ...domain.orders.holds import HoldReason
from ...domain.orders.order import Order
from ...domain.shipments.model import Parcel
from ...domain.stores.errors import StoreRestsError
from ...domain.stores.model import Store
from ...doors.answers import Answerer
from ...doors.stores import checked_outcomes, checked_reference
from ...ports.errors import DeclinedError, ThrottledError, UnauthorizedError
from ...ports.platforms import (
    Fulfilment,
    FulfilmentLine,
    ParcelNotice,
    StorePlatform,
    SupportsBatchPush,
)
from ...unit.base import Unit
from ...unit.tables.effects import ATTEMPTS_OF
from ...unit.tables.orders import ORDERS
from ...unit.tables.shipments import PARCELS
from ...unit.tables.stores import STORES
from .moved_lines import units_told
from .replacing import NOTHING_REPLACED, Replaced, replaced_by

Outcome = str | Exception

# A shop that throttles and says "again at once" is not asked in a tight loop.
LEAST_PAUSE = timedelta(seconds=1)
# A shop that rests is looked at again after so many pauses before a second try.
_WHILE_IT_RESTS = 4


@attrs.frozen
class Push:
    """
    A claimed push, with all that the call needs.

    Attributes:
        is_held: Whether the order is held since the shop was not told of this parcel.
    """

    message: OutboxMessage
    attempt: Attempt
    store: Store
    notice: ParcelNotice
    is_held: bool = False


def prepare_pushes(unit: Unit, messages: Sequence[OutboxMessage]) -> list[Push]:
    """
    Read what the pushes say, and plan an attempt for each, its key stored first.
    """
    parcels = {
        (p.seller_id, p.parcel_id): p
        for p in unit.many(PARCELS, [(m.seller_id, m.subject) for m in messages])
    }
    orders = {
        (o.seller_id, o.order_id): o
        for o in unit.many(ORDERS, [(m.seller_id, m.lane) for m in messages])
    }
    stores = {
        (s.seller_id, s.store_id): s
        for s in unit.many(
            STORES, sorted({(o.seller_id, o.store_id) for o in orders.values()})
        )
    }
    known: dict[tuple[str, str], list[Attempt]] = {}
    # A first claim has epoch 1: nothing was tried before it.
    again = [(m.seller_id, m.message_id) for m in messages if m.epoch > 1]
    for attempt in unit.find(ATTEMPTS_OF, again):
        known.setdefault((attempt.seller_id, attempt.message_id), []).append(attempt)
    replaced = replaced_by(unit, messages, orders)
    moved = units_told(unit, list(orders.values()))
    pushes: list[Push] = []
    for message in messages:
        parcel = parcels[(message.seller_id, ParcelId(message.subject))]
        order = orders[(message.seller_id, OrderId(message.lane))]
        store = stores[(order.seller_id, order.store_id)]
        tried = known.get((message.seller_id, message.message_id), [])
        attempt = _attempt(unit, message, tried)
        before = replaced.get(message.message_id, NOTHING_REPLACED)
        told = moved.get((parcel.seller_id, parcel.parcel_id), parcel.store_units)
        parcel = attrs.evolve(parcel, store_units=told)
        notice = _notice(attempt.key, message, order, parcel, before)
        is_held = any(
            hold.reason == HoldReason.SHOP_NOT_TOLD
            and hold.parcel_id == parcel.parcel_id
            for hold in order.holds
        )
        pushes.append(Push(message, attempt, store, notice, is_held))
    return pushes


def _notice(
    key: str,
    message: OutboxMessage,
    order: Order,
    parcel: Parcel,
    replaced: Replaced,
) -> ParcelNotice:
    facts = {
        "idempotency_key": key,
        "external_id": order.external_id,
        "number": order.number,
        "parcel_id": parcel.parcel_id,
        "carrier": str(message.payload["carrier"]),
        "tracking_number": str(message.payload["tracking_number"]),
        "replaces": replaced.parcel_id,
        "replaces_reference": replaced.reference,
    }
    if not parcel.store_units:
        return ParcelNotice(shipped_at=parcel.shipped_at, **facts)
    lines = tuple(
        FulfilmentLine(u.external_line_id, u.quantity) for u in parcel.store_units
    )
    return Fulfilment(shipped_at=parcel.shipped_at, lines=lines, **facts)


def _attempt(unit: Unit, message: OutboxMessage, tried: Sequence[Attempt]) -> Attempt:
    """
    Go on with the last attempt while its key still stands, else plan a new one.
    """
    if tried and tried[-1].state in SAME_KEY_STATES:
        last = tried[-1]
        event = {PLANNED: "send", UNKNOWN: "resend"}.get(last.state)
        state = last.state if event is None else AttemptChart.after(last.state, event)
        return attrs.evolve(
            last, state=state, sends=last.sends + 1, changed_at=unit.now
        )
    number = len(tried) + 1
    return Attempt(
        seller_id=message.seller_id,
        message_id=message.message_id,
        number=number,
        purpose=MessageKind.PUSH_TRACKING.value,
        key=attempt_key(message.key, number),
        state=AttemptChart.after(PLANNED, "send"),
        sends=1,
        reference="",
        error="",
        planned_at=unit.now,
        changed_at=unit.now,
    )


def attempt_key(key: str, number: int) -> str:
    """
    Return the key of a message's *number*th attempt: a definite no uses a key up.
    """
    return key if number == 1 else f"{key}:{number}"


def push_all(
    platform: StorePlatform, told: Answerer, notices: Sequence[ParcelNotice]
) -> list[Outcome]:
    """
    Push to one shop, fulfilments together where it takes many; per notice its outcome.
    """
    fulfilments = [n for n in notices if isinstance(n, Fulfilment)]
    if isinstance(platform, SupportsBatchPush) and fulfilments:
        answers = platform.push_fulfilments(fulfilments)
        done = iter(checked_outcomes(told, answers, len(fulfilments)))
        return [
            next(done) if isinstance(n, Fulfilment) else _push_one(platform, told, n)
            for n in notices
        ]
    return [_push_one(platform, told, notice) for notice in notices]


def _push_one(platform: StorePlatform, told: Answerer, notice: ParcelNotice) -> Outcome:
    try:
        if isinstance(notice, Fulfilment):
            return checked_reference(told, platform.push_fulfilment(notice))
        return checked_reference(told, platform.push_tracking(notice))
    except Exception as error:  # noqa: BLE001 - recorded as the message's outcome
        return error


def attempt_event(error: Exception) -> str:
    """
    Say what is known: a definite no, certainly nothing, or nothing for certain.
    """
    if isinstance(error, DeclinedError):
        return "decline"
    if isinstance(error, (ThrottledError, UnauthorizedError, StoreRestsError)):
        return "postpone"
    return "lose"


def pause_before(
    error: Exception | None, tries: int, message_id: str, base: timedelta
) -> timedelta:
    """
    Return how long to wait: as told, else doubling, spread by the message's own digest.
    """
    if error is None:
        return timedelta(0)
    if isinstance(error, ThrottledError):
        return max(error.retry_after, LEAST_PAUSE)
    if isinstance(error, StoreRestsError):
        return base * _WHILE_IT_RESTS
    spread = blake2b(f"{message_id}:{tries}".encode(), digest_size=1).digest()[0]
    return base * (1 << max(tries - 1, 0)) * (1 + spread / 512)
