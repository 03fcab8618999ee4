"""
A message we owe the outside, as it is first written.
"""

from datetime import datetime

from ..domain.effects.machine import WAITING
from ..domain.effects.model import NO_LEASE, Channel, MessageKind, OutboxMessage
from ..domain.kernel.clock import from_micros
from ..domain.kernel.ids import MessageId, SellerId, new_id
from ..domain.orders.order import Order
from ..domain.shipments.model import Parcel


def new_message(
    seller_id: SellerId,
    channel: str,
    kind: MessageKind,
    *,
    lane: str,
    position: int,
    subject: str,
    key: str,
    payload: dict[str, object],
    now: datetime,
    connection: str = "",
    traceparent: str = "",
) -> OutboxMessage:
    """
    Return a message that is due *now*.
    """
    return OutboxMessage(
        seller_id=seller_id,
        message_id=MessageId(new_id()),
        channel=channel,
        connection=connection,
        lane=lane,
        position=position,
        kind=kind.value,
        subject=subject,
        key=key,
        payload=payload,
        state=WAITING,
        attempts=0,
        next_at=now,
        epoch=0,
        worker="",
        lease_until=from_micros(NO_LEASE),
        error="",
        written_at=now,
        traceparent=traceparent,
    )


def push_key(parcel_id: str, order_id: str, revision: int | str) -> str:
    """
    Return the key of a push: a shop counts it once.
    """
    return f"{parcel_id}:{order_id}:{revision}"


def push_message(
    seller_id: SellerId,
    order: Order,
    parcel: Parcel,
    *,
    now: datetime,
    traceparent: str = "",
) -> OutboxMessage:
    """
    Return the message by which a shop is told a parcel's tracking.
    """
    return new_message(
        seller_id,
        Channel.STORE.value,
        MessageKind.PUSH_TRACKING,
        lane=order.order_id,
        position=order.version,
        subject=parcel.parcel_id,
        key=push_key(parcel.parcel_id, order.order_id, parcel.revision),
        # What a key stands for never changes, whatever is corrected while it is sent.
        payload={
            "store_id": order.store_id,
            "revision": parcel.revision,
            "carrier": parcel.carrier,
            "tracking_number": parcel.tracking_number,
        },
        now=now,
        connection=f"{seller_id}/{order.store_id}",
        traceparent=traceparent,
    )
