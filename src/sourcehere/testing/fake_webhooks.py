"""
Webhooks as a fake shop sends them: signed as Shopify signs them.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping

from ..domain.kernel.ids import new_id
from ..domain.kernel.values import frozen
from ..ports.errors import ProtocolError, SignatureError
from ..ports.webhooks import Topic, WebhookEvent

_TOPICS = {
    "orders/create": Topic.ORDER_CHANGED,
    "orders/updated": Topic.ORDER_CHANGED,
    "orders/cancelled": Topic.ORDER_CANCELLED,
    "app/uninstalled": Topic.APP_REMOVED,
}


@frozen
class FakeWebhook:
    """
    What a shop posts to the host.
    """

    headers: Mapping[str, str]
    body: bytes


class FakeWebhooks:
    """
    A shop that tells of changes by itself: HMAC-SHA256 over the raw body, in base64.

    Attributes:
        webhook_secret: What it signs with.

        subscribers: Addresses that it was asked to tell of changes.
    """

    webhook_secret: bytes = b"fake-webhook-secret"
    subscribers: frozenset[str] = frozenset()

    def subscribe(self, url: str, /) -> None:
        """
        Note that *url* wants to be told; nothing is sent anywhere.
        """
        self.subscribers |= {url}

    def unsubscribe(self, url: str, /) -> None:
        """
        Note that *url* wants to be told no more.
        """
        self.subscribers -= {url}

    def webhook(
        self, topic: str = "orders/updated", *orders: str, event_id: str = ""
    ) -> FakeWebhook:
        """
        Return what the shop posts about *orders*; it is not sent anywhere.

        Args:
            topic: `orders/create`, `orders/updated`, `orders/cancelled` or
                `app/uninstalled`; any other is nothing that is followed.

            event_id: The same for what is told again; made up if not given.
        """
        told = {"orders": [{"id": name, "customer": "Ann Lee"} for name in orders]}
        body = json.dumps(told).encode()
        headers = {
            "Content-Type": "application/json",
            "X-Fake-Topic": topic,
            "X-Fake-Event-Id": event_id or new_id(),
            "X-Fake-Hmac-Sha256": self._signature(body),
        }
        return FakeWebhook(headers, body)

    def verify(
        self, body: bytes, headers: Mapping[str, str], /
    ) -> tuple[WebhookEvent, ...]:
        """
        Check the signature, and return what is told.

        Raises:
            SignatureError: If it is missing or wrong.

            ProtocolError: If the body is no JSON as this shop has it.
        """
        told = headers.get("x-fake-hmac-sha256", "").encode()
        if not hmac.compare_digest(told, self._signature(body).encode()):
            raise SignatureError(provider="fake", detail="the signature is wrong")
        try:
            read = json.loads(body, object_pairs_hook=_said_once)
            orders = tuple(str(order["id"]) for order in read["orders"])
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            detail = f"no JSON with orders: {type(error).__name__}"
            raise ProtocolError(provider="fake", detail=detail) from error
        topic = _TOPICS.get(headers.get("x-fake-topic", ""), Topic.OTHER)
        return (WebhookEvent(headers.get("x-fake-event-id", ""), topic, orders),)

    def _signature(self, body: bytes) -> str:
        made = hmac.new(self.webhook_secret, body, hashlib.sha256).digest()
        return base64.b64encode(made).decode()


def _said_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    told = dict(pairs)
    if len(told) != len(pairs):
        msg = "a name is there twice"
        raise ValueError(msg)
    return told
