"""
What came as a webhook, and what a store platform made of it.
"""

from collections.abc import Mapping

from ..domain.kernel.errors import InvalidInputError
from ..domain.stores.errors import WebhookTooLargeError
from ..ports.webhooks import WebhookEvent
from .answers import Answerer
from .items import items_of
from .stores import check_key

EVENTS_MAX = 100  # of one webhook
ORDERS_MAX = 100  # of one event


def check_webhook_size(
    headers: Mapping[str, str], body: bytes, *, bytes_max: int, headers_max: int
) -> None:
    """
    Refuse a webhook that is too large to be looked at.

    Raises:
        WebhookTooLargeError: If it is.

        InvalidInputError: If the body is no bytes.
    """
    if not isinstance(body, bytes):
        shown, expected = type(body).__name__, "the bytes of the body, as they came"
        raise InvalidInputError(field="body", value=shown, expected=expected)
    if len(body) > bytes_max:
        raise WebhookTooLargeError(part="body", size=len(body), most=bytes_max)
    if len(headers) > headers_max:
        raise WebhookTooLargeError(part="headers", size=len(headers), most=headers_max)


def by_lower_names(headers: Mapping[str, str]) -> dict[str, str]:
    """
    Return headers by their names in lower case.

    Raises:
        InvalidInputError: If one is there twice, with different values.
    """
    named: dict[str, str] = {}
    for name, value in headers.items():
        if named.setdefault(name.lower(), value) != value:
            raise InvalidInputError(
                field="headers", value=name, expected="a header that is there once"
            )
    return named


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
