"""
What a store platform made of a webhook.
"""

from ..ports.webhooks import WebhookEvent
from .answers import Answerer
from .stores import check_key, items_of

EVENTS_MAX = 100  # of one webhook
ORDERS_MAX = 100  # of one event


def checked_events(told: Answerer, events: object) -> tuple[WebhookEvent, ...]:
    """
    Return what a webhook tells, if all of it can be trusted.

    Raises:
        ProtocolError: If a field is not what its annotation says, an id is empty or too
            long, or there are too many.
    """
    found = items_of(told, "events", events, WebhookEvent)
    if len(found) > EVENTS_MAX:
        told.refuse("events", len(found), f"at most {EVENTS_MAX} events")
    for number, event in enumerate(found):
        told.check(WebhookEvent, f"events[{number}]", event)
        check_key(told, "event_id", event.event_id)
        if len(event.orders) > ORDERS_MAX:
            told.refuse("orders", len(event.orders), f"at most {ORDERS_MAX} orders")
        for name in event.orders:
            check_key(told, "orders", name)
    return tuple(found)
