"""
What a shop was not told: the order is held while nobody will tell it by themselves.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

import attrs

from ...domain.effects.machine import DEAD, DONE, FINISHED_STATES, MessageChart
from ...domain.effects.model import Channel, MessageKind, OutboxMessage
from ...domain.kernel.actor import SYSTEM, Actor
from ...domain.orders.holds import HoldReason
from ...domain.orders.order import Order
from ...unit.base import Unit
from ...unit.messages import new_message
from ...unit.seller_unit import SellerUnit
from ...unit.tables.effects import OUTBOX, OUTBOX_LANE
from ...unit.tables.orders import ORDERS

_REASON = HoldReason.SHOP_NOT_TOLD


def ask_to_follow(unit: Unit, ended: Sequence[tuple[OutboxMessage, bool]]) -> None:
    """
    Queue a job for the orders that a push's end may hold, or let go.

    In the commit of that end, so that a crash between the two loses nothing.

    Args:
        ended: Each message as it ended, and whether its order is held for it.
    """
    jobs = [
        new_message(
            message.seller_id,
            Channel.JOB.value,
            MessageKind.FOLLOW_PUSH,
            lane=message.lane,
            position=message.epoch,
            subject=message.subject,
            key=f"{message.message_id}:{message.epoch}",
            payload={},
            now=unit.now,
            traceparent=message.traceparent,
        )
        for message, is_held in ended
        if message.state == DEAD or (message.state == DONE and is_held)
    ]
    unit.insert_new(OUTBOX, jobs)


def follow_pushes(unit: SellerUnit, order_ids: Collection[str]) -> None:
    """
    Hold each order for its dead pushes, and let it go for those that were delivered;
    drop the dead ones that nobody wants any more. Safe to repeat.
    """
    orders = orders_there(unit, order_ids)
    lanes = [(Channel.STORE.value, order.order_id) for order in orders]
    # Locked, so that a dead one is not sent again before its hold is there.
    messages = unit.find(OUTBOX_LANE, lanes, lock=True)
    for order in orders:
        mine = [m for m in messages if m.lane == order.order_id]
        _follow(order, mine, unit)


def orders_there(unit: SellerUnit, order_ids: Collection[str]) -> Sequence[Order]:
    """
    Return the orders of these that are there, locked; one that is gone, as only damage
    can do it, has nothing to hold.
    """
    found = unit.peek(ORDERS, [(name,) for name in sorted(set(order_ids))])
    return unit.orders.headers([order.order_id for order in found])


def end_hold(order: Order, parcel_id: str, *, by: Actor, at: datetime) -> None:
    """
    Let an order go that is held for a parcel of which its shop was not told.
    """
    order.release_parcel_holds({_REASON}, parcel_id=parcel_id, by=by, at=at)


def _follow(order: Order, messages: Sequence[OutboxMessage], unit: SellerUnit) -> None:
    newest = {m.subject: m for m in messages}
    dead = [m for m in messages if m.state == DEAD]
    # A number that was corrected, or a parcel replaced, while it was being sent: the
    # newer push says all that this one would, and must not wait for it.
    unwanted = [
        m
        for m in dead
        if m is not newest[m.subject] or m.subject not in order.parcel_ids
    ]
    gone = MessageChart.after(DEAD, "supersede")
    unit.put(OUTBOX, *(attrs.evolve(m, state=gone) for m in unwanted))
    owed = {
        m.subject
        for m in messages
        if m.state not in FINISHED_STATES and m not in unwanted
    }
    at, held = unit.now, _held(order)
    for parcel_id in sorted(held - owed):
        end_hold(order, parcel_id, by=SYSTEM, at=at)
    for message in dead:
        if message in unwanted or message.subject in held:
            continue
        words = _number(message)
        order.hold_parcel(_REASON, message.subject, detail=words, by=SYSTEM, at=at)


def _number(message: OutboxMessage) -> str:
    """
    Return the carrier and number that a push says; as far as it does, if nobody can
    read it.
    """
    told = (message.payload.get(name, "") for name in ("carrier", "tracking_number"))
    return " ".join(str(one) for one in told if one)


def _held(order: Order) -> set[str]:
    return {hold.parcel_id for hold in order.holds if hold.reason == _REASON}
