"""
What a shop tells by itself: signed with HMAC-SHA256 over the raw body, in base64.

WooCommerce first sends a ping that is not signed, and wants a 200 for it. It tries each
delivery once, and disables a webhook after more than five failures: subscribing again
enables it, and reading by interval finds what was lost.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from sourcehere.ports.errors import DeclinedError, ProtocolError, SignatureError
from sourcehere.ports.webhooks import Topic, WebhookEvent
from sourcehere_http import strict_json

from .client import PROVIDER, Client
from .config import WooConfig

_DELETED = "order.deleted"
TOPICS = ("order.created", "order.updated", _DELETED, "order.restored")
_PING = b"webhook_id="


def verified(
    config: WooConfig, body: bytes, headers: Mapping[str, str]
) -> tuple[WebhookEvent, ...]:
    """
    Return what a webhook tells, if the shop signed it; nothing for a ping.

    A delivery's id is a hash of the webhook and the second, so that two orders of one
    second have the same: an event is known by its topic and its body, which is the
    order's newest state. Of a deletion that is the order's id alone, and an order may
    be thrown away again: there the delivery's id counts as well.

    Raises:
        SignatureError: If it is not signed with the shop's secret.

        ProtocolError: If the body is no JSON of an order.
    """
    topic = headers.get("x-wc-webhook-topic", "")
    if not topic and body.startswith(_PING) and body[len(_PING) :].isdigit():
        return ()
    if not config.webhook_secret:
        detail = "the connection has no webhook_secret to check signatures with"
        raise SignatureError(provider=PROVIDER, detail=detail)
    told = headers.get("x-wc-webhook-signature", "").encode()
    digest = hmac.digest(config.webhook_secret.encode(), body, "sha256")
    if not hmac.compare_digest(told, base64.b64encode(digest)):
        raise SignatureError(provider=PROVIDER, detail="the signature is wrong")
    delivery = headers.get("x-wc-webhook-delivery-id", "") if topic == _DELETED else ""
    known_by = delivery.encode() + body
    name = f"{topic}:{hashlib.sha256(known_by).hexdigest()}"[:200]
    if topic not in TOPICS:
        return (WebhookEvent(name, Topic.OTHER),)
    return (WebhookEvent(name, Topic.ORDER_CHANGED, (_order(topic, body),)),)


def _order(topic: str, body: bytes) -> str:
    told = strict_json(body, provider=PROVIDER)
    try:
        return str(int(told["id"]))
    except (ValueError, LookupError, TypeError) as error:
        detail = f"{topic}: no order: {type(error).__name__}"
        raise ProtocolError(provider=PROVIDER, detail=detail) from error


def subscribe(client: Client, config: WooConfig, url: str) -> None:
    """
    Let the shop tell *url* of its orders, and enable what it disabled. What it signs
    with it does not say: it is told the secret anew, which may be another one by now.

    Raises:
        DeclinedError: If there is no secret to sign with.
    """
    if not config.webhook_secret:
        detail = "the connection has no webhook_secret: put one into its configuration"
        raise DeclinedError(provider=PROVIDER, detail=detail)
    known = {
        one["topic"]: one
        for one in client.all("/webhooks", why="reading webhooks")
        if one["delivery_url"] == url
    }
    for topic in TOPICS:
        had = known.get(topic)
        if had is None:
            made = {
                "name": f"SourceHere {topic}",
                "topic": topic,
                "delivery_url": url,
                "secret": config.webhook_secret,
                "status": "active",
            }
            client.send("POST", "/webhooks", made, why="making a webhook")
        else:
            change = {"status": "active", "secret": config.webhook_secret}
            path = f"/webhooks/{had['id']}"
            client.send("PUT", path, change, why="enabling a webhook")


def unsubscribe(client: Client, url: str) -> None:
    """
    Let the shop tell *url* nothing any more.
    """
    for one in list(client.all("/webhooks", why="reading webhooks")):
        if one["delivery_url"] == url:
            path = f"/webhooks/{one['id']}"
            client.send("DELETE", path, {"force": True}, why="ending a webhook")
