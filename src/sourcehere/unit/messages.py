"""
A message we owe the outside, as it is first written.
"""

from datetime import datetime

from ..domain.effects.machine import WAITING
from ..domain.effects.model import NO_LEASE, MessageKind, OutboxMessage
from ..domain.kernel.clock import from_micros
from ..domain.kernel.ids import MessageId, SellerId, new_id


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
    )
