"""
The events of every stream.
"""

from datetime import datetime

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import SellerId
from ...domain.kernel.values import frozen
from ..records import Records


@frozen(kw_only=True)
class StoredEvent:
    """
    One event as it is kept.
    """

    seller_id: SellerId
    stream_id: str
    sequence: int
    stream: str
    name: str
    schema: int
    data: str
    occurred_at: datetime
    recorded_at: datetime
    actor: Actor
    command_id: str


EVENTS = Records(
    "event",
    StoredEvent,
    key=["seller_id", "stream_id", "sequence"],
    has_long_texts=True,
)
EVENTS_OF = EVENTS.way(
    "of_stream", equal=["seller_id", "stream_id"], order=["sequence"]
)

RECORDS = (EVENTS,)
