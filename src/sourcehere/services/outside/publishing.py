"""
A stored event, as plugins are told it.
"""

from ...ports.hooks import PublishedEvent
from ...unit.tables.events import StoredEvent
from ...unit.text.codecs import read_event


def published(stored: StoredEvent) -> PublishedEvent:
    """
    Return *stored* with its place in its stream.
    """
    event = read_event(
        stored.name,
        stored.schema,
        stored.data,
        by=stored.actor,
        occurred_at=stored.occurred_at,
    )
    return PublishedEvent(
        seller_id=stored.seller_id,
        stream=stored.stream,
        stream_id=stored.stream_id,
        sequence=stored.sequence,
        event=event,
    )
