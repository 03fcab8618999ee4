"""
Events that plugins subscribed to: one message each, written with the events.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from ...domain.effects.model import Channel, MessageKind, OutboxMessage
from ...domain.kernel.ids import SellerId
from ...ports.storage import Row
from ..messages import new_message


def messages_about(
    subscriber: str,
    stored: Sequence[Row],
    *,
    seller_id: SellerId,
    now: datetime,
    traceparent: str,
) -> Iterator[OutboxMessage]:
    """
    Make what *subscriber* is told about *stored*, rows of the table of events.
    """
    channel = f"{Channel.PLUGIN}:{subscriber}"
    for row in stored:
        _, stream_id, sequence, stream, name = row[:5]
        yield new_message(
            seller_id,
            channel,
            MessageKind.TELL_PLUGIN,
            lane=str(stream_id),
            position=int(str(sequence)),
            subject=subscriber,
            key=f"{stream_id}:{sequence}:{subscriber}",
            payload={"stream": stream, "name": name},
            now=now,
            connection=channel,
            traceparent=traceparent,
        )
