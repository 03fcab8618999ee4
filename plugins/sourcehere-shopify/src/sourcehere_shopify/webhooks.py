"""
What Shopify tells by itself: signed with HMAC-SHA256 over the raw body, in base64.

https://shopify.dev/docs/apps/build/webhooks
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from sourcehere.ports.errors import ProtocolError, SignatureError
from sourcehere.ports.webhooks import Topic, WebhookEvent
from sourcehere_http import strict_json

from .client import PROVIDER
from .config import ShopifyConfig

# Topic -> the field that has the order's number.
_ORDERS = {
    "orders/create": "id",
    "orders/updated": "id",
    "orders/edited": "order_id",
    "orders/paid": "id",
    "orders/cancelled": "id",
    "orders/fulfilled": "id",
    "orders/partially_fulfilled": "id",
    "orders/delete": "id",
    "refunds/create": "order_id",
    "fulfillments/create": "order_id",
    "fulfillments/update": "order_id",
}


def verified(
    config: ShopifyConfig, body: bytes, headers: Mapping[str, str]
) -> tuple[WebhookEvent, ...]:
    """
    Return what a webhook tells, if Shopify signed it for this shop.

    An event is known by `X-Shopify-Event-Id` with its topic: one event sent many times
    is one (the webhook's own id is another in each subscription).

    Raises:
        SignatureError: If it is not signed with one of the app's two secrets, or for
            another shop.

        ProtocolError: If the body is no JSON of an order, or says one thing twice.
    """
    _check(config, body, headers)
    topic = headers.get("x-shopify-topic", "")
    event = headers.get("x-shopify-event-id") or headers.get("x-shopify-webhook-id")
    name = f"{topic}:{event or hashlib.sha256(body).hexdigest()}"[:200]
    if topic == "app/uninstalled":
        return (WebhookEvent(name, Topic.APP_REMOVED),)
    if topic not in _ORDERS:
        return (WebhookEvent(name, Topic.OTHER),)
    kind = Topic.ORDER_CANCELLED if topic == "orders/cancelled" else Topic.ORDER_CHANGED
    return (WebhookEvent(name, kind, (_order(topic, body),)),)


def _check(config: ShopifyConfig, body: bytes, headers: Mapping[str, str]) -> None:
    secrets = [s for s in (config.webhook_secret, config.webhook_secret_old) if s]
    if not secrets:
        detail = "the connection has no webhook_secret to check signatures with"
        raise SignatureError(provider=PROVIDER, detail=detail)
    told = headers.get("x-shopify-hmac-sha256", "").encode()
    # Each is compared, so that the time tells nothing.
    right = [hmac.compare_digest(told, _signature(s, body)) for s in secrets]
    if not any(right):
        raise SignatureError(provider=PROVIDER, detail="the signature is wrong")
    shop = headers.get("x-shopify-shop-domain", "").lower()
    if shop != config.shop:
        detail = f"it is signed for {shop[:100]!r}, not for this shop"
        raise SignatureError(provider=PROVIDER, detail=detail)


def _signature(secret: str, body: bytes) -> bytes:
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256"))


def _order(topic: str, body: bytes) -> str:
    told = strict_json(body, provider=PROVIDER)
    try:
        if topic == "orders/edited":
            told = told["order_edit"]
        return str(int(told[_ORDERS[topic]]))
    except (ValueError, LookupError, TypeError) as error:
        detail = f"{topic}: no order: {type(error).__name__}"
        raise ProtocolError(provider=PROVIDER, detail=detail) from error
