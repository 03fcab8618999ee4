"""
What a push says, and its attempt: read and planned before anything is sent.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

import attrs

from ...domain.effects.machine import (
    MAY_HAVE_ARRIVED,
    PLANNED,
    SAME_KEY_STATES,
    UNKNOWN,
    AttemptChart,
)
from ...domain.effects.model import Attempt, MessageKind, OutboxMessage
from ...domain.kernel.errors import CounterpartyError
from ...domain.kernel.ids import OrderId, ParcelId
from ...domain.kernel.values import light
from ...domain.orders.holds import HoldReason
from ...domain.orders.order import Order
from ...domain.shipments.model import Parcel, StoreUnits
from ...domain.stores.model import Store
from ...doors.answers import words_of
from ...ports.errors import DeclinedError
from ...ports.platforms import Fulfilment, FulfilmentLine, ParcelNotice
from ...unit.base import Unit
from ...unit.reading import named_by
from ...unit.tables.effects import ATTEMPTS_OF
from ...unit.tables.orders import ORDERS
from ...unit.tables.shipments import PARCELS
from ...unit.tables.stores import STORES
from ..intake.told_units import read_lines, written_lines
from .moved_lines import (
    AS_IT_SAYS,
    LINES_TOLD,
    Telling,
    Told,
    units_told,
)
from .replacing import NOTHING_REPLACED, Replaced, parts_in, replaced_by


class NotTakenError(DeclinedError):
    """
    The shop was asked for a push and knows of none: it is told under another key, since
    it would say something else now.
    """


@light
class Push:
    """
    A claimed push, with all that the call needs.

    Attributes:
        before: The attempt as it was, if this is not its first call.

        is_held: Whether the order is held since the shop was not told of this parcel.

        is_outdated: Whether the shop has merged or split lines since it was first sent
            with this key, so that it would say something else now.
    """

    message: OutboxMessage
    attempt: Attempt
    before: Attempt | None
    store: Store
    notice: ParcelNotice
    is_held: bool = False
    is_outdated: bool = False

    @property
    def is_unknown(self) -> bool:
        """
        Whether nobody knows if an earlier call with this key arrived.
        """
        return self.before is not None and self.before.state == UNKNOWN


def prepare_pushes(
    unit: Unit, messages: Sequence[OutboxMessage]
) -> tuple[list[Push], list[tuple[OutboxMessage, str]]]:
    """
    Read what the pushes say, and plan an attempt for each, its key stored first.

    Returns:
        The pushes, and the messages that cannot be sent at all, with the reason: a row
        is gone, or cannot be read. They hold up nobody.
    """
    if not messages:
        return [], []
    try:
        return _prepared(unit, messages)
    except CounterpartyError:  # the database's
        raise
    except Exception as error:  # noqa: BLE001 - a row that makes no sense is told, and stops nobody
        if len(messages) == 1:
            return [], [(messages[0], f"cannot be read: {words_of(error)}")]
    pushes: list[Push] = []
    broken: list[tuple[OutboxMessage, str]] = []
    for message in messages:
        good, bad = prepare_pushes(unit, [message])
        pushes += good
        broken += bad
    return pushes, broken


def _prepared(
    unit: Unit, messages: Sequence[OutboxMessage]
) -> tuple[list[Push], list[tuple[OutboxMessage, str]]]:
    asked = unit.ask_for(PARCELS, [(m.seller_id, m.subject) for m in messages])
    of_orders = unit.ask_for(ORDERS, [(m.seller_id, m.lane) for m in messages])
    of_shops = unit.ask_for_named(STORES, of_orders)
    told_lines = unit.session.ask(named_by(LINES_TOLD, of_orders))
    # A first claim has epoch 1: nothing was tried before it.
    again = [(m.seller_id, m.message_id) for m in messages if m.epoch > 1]
    tried = unit.ask_by(ATTEMPTS_OF, again)
    parcels = {(p.seller_id, p.parcel_id): p for p in asked.all()}
    orders = {(o.seller_id, o.order_id): o for o in of_orders.all()}
    stores = {(s.seller_id, s.store_id): s for s in of_shops.all()}
    broken: list[tuple[OutboxMessage, str]] = []
    whole: list[tuple[OutboxMessage, Parcel, Order, Store]] = []
    for message in messages:
        seller_id = message.seller_id
        parcel = parcels.get((seller_id, ParcelId(message.subject)))
        order = orders.get((seller_id, OrderId(message.lane)))
        store = order and stores.get((seller_id, order.store_id))
        if parcel is not None and order is not None and store:
            whole.append((message, parcel, order, store))
            continue
        gone = ("parcel", "order", "store")
        found = (parcel, order, store)
        names = [name for name, row in zip(gone, found, strict=True) if not row]
        broken.append((message, f"there is no such {' and no such '.join(names)}"))
    known: dict[tuple[str, str], list[Attempt]] = {}
    for attempt in tried.all():
        known.setdefault((attempt.seller_id, attempt.message_id), []).append(attempt)
    rows = told_lines()
    pushed = [message for message, *_ in whole]
    replaced = replaced_by(unit, pushed, orders, parts_in(rows))
    unsure: dict[str, str] = {
        message.message_id: message.subject
        for message, *_ in whole
        if _is_unsure(known.get((message.seller_id, message.message_id), []))
    }
    moved = units_told(unit, rows, unsure)
    broken += _untellable(pushed, moved, unsure)
    untold = {message.message_id for message, _ in broken}
    pushes = [
        _push(
            unit,
            message,
            parcel,
            moved.get((message.seller_id, parcel.parcel_id), AS_IT_SAYS),
            order,
            store,
            known.get((message.seller_id, message.message_id), []),
            replaced.get(message.message_id, NOTHING_REPLACED),
        )
        for message, parcel, order, store in whole
        if message.message_id not in untold
    ]
    return pushes, broken


def _untellable(
    messages: Iterable[OutboxMessage], moved: Told, unsure: Container[str]
) -> list[tuple[OutboxMessage, str]]:
    """
    List the messages of which nobody can tell the shop by its lines, with the reason.
    What it may have been told already is not among them: it is asked, or told the same.
    """
    found = [
        (m, moved.get((m.seller_id, m.subject), AS_IT_SAYS).why_not)
        for m in messages
        if m.message_id not in unsure
    ]
    return [(message, why_not) for message, why_not in found if why_not]


def as_told(parcel: Parcel, moved: Told) -> Parcel:
    """
    Return a parcel with the units that the shop is told of: under the lines it has now.
    """
    telling = moved.get((parcel.seller_id, parcel.parcel_id), AS_IT_SAYS)
    return _with_units(parcel, telling.lines)


def _with_units(parcel: Parcel, lines: Mapping[str, int]) -> Parcel:
    if not lines:
        return parcel
    units = tuple(StoreUnits(name, quantity) for name, quantity in lines.items())
    return attrs.evolve(parcel, store_units=units)


def _push(
    unit: Unit,
    message: OutboxMessage,
    parcel: Parcel,
    telling: Telling,
    order: Order,
    store: Store,
    tried: Sequence[Attempt],
    replaced: Replaced,
) -> Push:
    before, attempt = _attempt(unit, message, tried, written_lines(telling.lines))
    says = read_lines(attempt)
    parcel = _with_units(parcel, says)
    is_held = any(
        hold.reason == HoldReason.SHOP_NOT_TOLD and hold.parcel_id == parcel.parcel_id
        for hold in order.holds
    )
    notice = notice_of(attempt.key, message, order, parcel, replaced)
    is_outdated = says != telling.lines or bool(telling.why_not)
    return Push(message, attempt, before, store, notice, is_held, is_outdated)


def _is_unsure(tried: Sequence[Attempt]) -> bool:
    """
    Tell whether nobody knows if the shop took the last of these attempts.
    """
    return bool(tried) and tried[-1].state == UNKNOWN


def notice_of(
    key: str,
    message: OutboxMessage,
    order: Order,
    parcel: Parcel,
    replaced: Replaced,
) -> ParcelNotice:
    """
    Return what the shop is told of *parcel* by *message*, under *key*.
    """
    facts: dict[str, Any] = {
        "idempotency_key": key,
        "external_id": order.external_id,
        "number": order.number,
        "parcel_id": parcel.parcel_id,
        "carrier": str(message.payload["carrier"]),
        "tracking_number": str(message.payload["tracking_number"]),
        "replaces": replaced.parcels,
        "replaces_reference": replaced.reference,
        "beside": replaced.beside,
    }
    if not parcel.store_units:
        return ParcelNotice(shipped_at=parcel.shipped_at, **facts)
    lines = tuple(
        FulfilmentLine(u.external_line_id, u.quantity) for u in parcel.store_units
    )
    return Fulfilment(shipped_at=parcel.shipped_at, lines=lines, **facts)


def _attempt(
    unit: Unit,
    message: OutboxMessage,
    tried: Sequence[Attempt],
    lines: str,
) -> tuple[Attempt | None, Attempt]:
    """
    Go on with the last attempt while its key still stands, else plan a new one. What
    may have arrived says the same again under its key, whatever it would say now.

    Args:
        lines: What it would say of the shop's lines now, if other than the parcel.

    Returns:
        The attempt as it was, if it is an old one, and as it is now sent.
    """
    if tried and tried[-1].state in SAME_KEY_STATES:
        last = tried[-1]
        event = {PLANNED: "send", UNKNOWN: "resend"}.get(last.state)
        state = last.state if event is None else AttemptChart.after(last.state, event)
        sent = attrs.evolve(
            last,
            state=state,
            sends=last.sends + 1,
            changed_at=unit.now,
            lines=last.lines if last.state in MAY_HAVE_ARRIVED else lines,
        )
        return last, sent
    number = len(tried) + 1
    planned = Attempt(
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
        lines=lines,
    )
    return None, planned


def attempt_key(key: str, number: int) -> str:
    """
    Return the key of a message's *number*th attempt: a definite no uses a key up.
    """
    return key if number == 1 else f"{key}:{number}"
