"""
Webhooks: signed, deduplicated, understood, subscribed to.
"""

import base64
import hashlib
import hmac
import json

import pytest
from shopify_lab import SHOP, ShopifyLab

from sourcehere.ports.errors import ProtocolError, SignatureError
from sourcehere.ports.webhooks import Topic, WebhookEvent
from sourcehere_shopify.access import TOPICS

SECRET = "hush"


@pytest.fixture
def shop():
    """
    Return an adapter whose app has two secrets.
    """
    return ShopifyLab(webhook_secret=SECRET, webhook_secret_old="older").connect()


def posted(body, *, topic="orders/updated", secret=SECRET, **headers):
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return {
        "x-shopify-topic": topic,
        "x-shopify-hmac-sha256": base64.b64encode(digest).decode(),
        "x-shopify-shop-domain": SHOP,
        "x-shopify-event-id": "e-1",
        "x-shopify-webhook-id": "w-1",
    } | {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.mark.parametrize(
    ("topic", "told", "kind"),
    [
        ("orders/create", {"id": 5}, Topic.ORDER_CHANGED),
        ("orders/updated", {"id": 5, "customer": {"id": 9}}, Topic.ORDER_CHANGED),
        (
            "orders/edited",
            {"order_edit": {"id": 1, "order_id": 5}},
            Topic.ORDER_CHANGED,
        ),
        ("orders/cancelled", {"id": 5}, Topic.ORDER_CANCELLED),
        ("orders/delete", {"id": 5}, Topic.ORDER_CHANGED),
        ("refunds/create", {"id": 7, "order_id": 5}, Topic.ORDER_CHANGED),
        ("fulfillments/update", {"id": 7, "order_id": 5}, Topic.ORDER_CHANGED),
    ],
)
def test_an_order_is_named(shop, topic, told, kind):
    body = json.dumps(told).encode()
    (event,) = shop.verify(body, posted(body, topic=topic))
    assert event == WebhookEvent(f"{topic}:e-1", kind, ("5",))


@pytest.mark.parametrize(
    ("topic", "kind"),
    [
        ("app/uninstalled", Topic.APP_REMOVED),
        ("customers/redact", Topic.OTHER),
        ("customers/data_request", Topic.OTHER),
        ("shop/redact", Topic.OTHER),
        ("products/update", Topic.OTHER),
    ],
)
def test_what_is_about_no_order_is_kept(shop, topic, kind):
    body = b'{"id": 1}'
    (event,) = shop.verify(body, posted(body, topic=topic))
    assert event == WebhookEvent(f"{topic}:e-1", kind)


def test_the_secret_before_is_taken_too(shop):
    body = b'{"id": 5}'
    assert shop.verify(body, posted(body, secret="older"))


@pytest.mark.parametrize("secret", ["other", ""])
def test_another_signature_is_refused(shop, secret):
    body = b'{"id": 5}'
    with pytest.raises(SignatureError, match="wrong"):
        shop.verify(body, posted(body, secret=secret))


def test_a_changed_body_is_refused(shop):
    headers = posted(b'{"id": 5}')
    with pytest.raises(SignatureError):
        shop.verify(b'{"id": 6}', headers)


def test_a_missing_signature_is_refused(shop):
    body = b'{"id": 5}'
    headers = posted(body)
    del headers["x-shopify-hmac-sha256"]
    with pytest.raises(SignatureError):
        shop.verify(body, headers)


def test_another_shop_of_the_same_app_is_refused(shop):
    """
    Every shop's webhooks have the app's secret.
    """
    body = b'{"id": 5}'
    headers = posted(body, x_shopify_shop_domain="other.myshopify.com")
    with pytest.raises(SignatureError, match=r"other\.myshopify\.com"):
        shop.verify(body, headers)


def test_without_a_secret_nothing_is_trusted():
    body = b'{"id": 5}'
    shop = ShopifyLab().connect()
    with pytest.raises(SignatureError, match="webhook_secret"):
        shop.verify(body, posted(body, secret=""))


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'{"id": null}', b'{"id": "x"}', b"\xff", b'{"id": 5, "id": 6}'],
)
def test_a_body_without_an_order_is_no_sense(shop, body):
    with pytest.raises(ProtocolError):
        shop.verify(body, posted(body))


def test_one_event_in_two_subscriptions_is_one(shop):
    """
    Each has a webhook id of its own; the event's is the same.
    """
    body = b'{"id": 5}'
    first = shop.verify(body, posted(body))
    second = shop.verify(body, posted(body, x_shopify_webhook_id="w-2"))
    assert first == second


class TestSubscribing:
    URL = "https://host.example/hooks/demo/site"

    def test_every_topic_once(self):
        """
        With no more scopes than are asked for: the schema says which a topic wants.
        """
        lab = ShopifyLab()
        shop = lab.connect()
        shop.subscribe(self.URL)
        shop.subscribe(self.URL)
        assert sorted(lab.server.subscriptions.values()) == sorted(
            (topic, self.URL) for topic in TOPICS
        )

    def test_one_that_shopify_took_away_is_made_anew(self):
        lab = ShopifyLab()
        shop = lab.connect()
        shop.subscribe(self.URL)
        lab.server.subscriptions.popitem()
        shop.subscribe(self.URL)
        assert len(lab.server.subscriptions) == len(TOPICS)

    def test_another_address_stays(self):
        """
        It may be another installation's.
        """
        lab = ShopifyLab()
        shop = lab.connect()
        shop.subscribe("https://old.example/hooks")
        shop.subscribe(self.URL)
        assert len(lab.server.subscriptions) == 2 * len(TOPICS)
        shop.unsubscribe("https://old.example/hooks")
        assert {uri for _, uri in lab.server.subscriptions.values()} == {self.URL}
