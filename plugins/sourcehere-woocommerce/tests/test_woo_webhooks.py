"""
Webhooks: an unsigned ping, signatures, topics, and what was disabled.
"""

import base64
import hashlib
import hmac
import json

import pytest
from woo_lab import WooLab

from sourcehere.ports.errors import DeclinedError, ProtocolError, SignatureError
from sourcehere.ports.webhooks import Topic
from sourcehere_woocommerce.webhooks import TOPICS

SECRET, URL = "hush", "https://host.example/hooks/demo/woo"


@pytest.fixture
def lab():
    """
    Return a shop whose webhooks are signed.
    """
    return WooLab(webhook_secret=SECRET)


@pytest.fixture
def shop(lab):
    """
    Return its adapter.
    """
    return lab.connect()


def posted(body, *, topic="order.updated", secret=SECRET, delivery="d-1"):
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return {
        "x-wc-webhook-topic": topic,
        "x-wc-webhook-signature": base64.b64encode(digest).decode(),
        "x-wc-webhook-delivery-id": delivery,
    }


def test_a_ping_is_answered_without_a_signature(shop):
    assert shop.verify(b"webhook_id=42", {}) == ()


@pytest.mark.parametrize(
    "body",
    [
        b"webhook_id=",
        b"webhook_id=4&id=5",
        b"webhook_id=x",
        b"webhook_no=42",
        b'{"id": 5}',
        b"",
    ],
)
def test_nothing_else_is(shop, body):
    with pytest.raises(SignatureError):
        shop.verify(body, {})


@pytest.mark.parametrize("topic", TOPICS)
def test_an_order_is_named(shop, topic):
    body = json.dumps({"id": 5, "status": "processing"}).encode()
    (event,) = shop.verify(body, posted(body, topic=topic))
    assert (event.topic, event.orders) == (Topic.ORDER_CHANGED, ("5",))


def test_what_is_about_no_order_is_kept(shop):
    body = b'{"id": 7}'
    (event,) = shop.verify(body, posted(body, topic="product.updated"))
    assert (event.topic, event.orders) == (Topic.OTHER, ())


def test_two_orders_of_one_second_are_two_events(shop):
    """
    Their deliveries have the same id.
    """
    names = set()
    for number in (5, 6):
        body = json.dumps({"id": number}).encode()
        (event,) = shop.verify(body, posted(body))
        names.add(event.event_id)
    assert len(names) == 2
    assert shop.verify(body, posted(body))[0].event_id in names


def test_what_is_thrown_away_twice_is_two_events(shop):
    """
    Of a deletion nothing is told but the id: when the order was restored meanwhile, the
    body of the second is that of the first.

    Source: `WC_Webhook::build_payload` (WooCommerce 11).
    """
    body, names = b'{"id":5}', set()
    for delivery in ("d-1", "d-2", "d-2"):
        headers = posted(body, topic="order.deleted", delivery=delivery)
        (event,) = shop.verify(body, headers)
        names.add(event.event_id)
    assert 2 == len(names)


def test_one_state_that_is_delivered_twice_is_one_event(shop):
    body = b'{"id":5,"date_modified_gmt":"2026-03-02T12:00:00"}'
    names = {
        shop.verify(body, posted(body, delivery=delivery))[0].event_id
        for delivery in ("d-1", "d-2")
    }
    assert 1 == len(names)


@pytest.mark.parametrize("secret", ["other", ""])
def test_another_signature_is_refused(shop, secret):
    body = b'{"id": 5}'
    with pytest.raises(SignatureError):
        shop.verify(body, posted(body, secret=secret))


def test_a_changed_body_is_refused(shop):
    with pytest.raises(SignatureError):
        shop.verify(b'{"id": 6}', posted(b'{"id": 5}'))


def test_without_a_secret_nothing_is_trusted():
    body = b'{"id": 5}'
    with pytest.raises(SignatureError, match="webhook_secret"):
        WooLab().connect().verify(body, posted(body, secret=""))


@pytest.mark.parametrize("body", [b"", b"[]", b'{"id": null}', b'{"id": 5, "id": 6}'])
def test_a_body_without_an_order_is_no_sense(shop, body):
    with pytest.raises(ProtocolError):
        shop.verify(body, posted(body))


class TestSubscribing:
    def test_every_topic_once(self, lab, shop):
        shop.subscribe(URL)
        shop.subscribe(URL)
        made = lab.server.webhooks.values()
        assert sorted(one["topic"] for one in made) == sorted(TOPICS)
        assert {one["delivery_url"] for one in made} == {URL}
        assert {one["secret"] for one in made} == {SECRET}

    def test_one_that_was_disabled_is_enabled(self, lab, shop):
        """
        WooCommerce disables it after more than five failures.
        """
        shop.subscribe(URL)
        for one in lab.server.webhooks.values():
            one["status"] = "disabled"
        shop.subscribe(URL)
        assert [one["status"] for one in lab.server.webhooks.values()] == ["active"] * 4

    def test_a_new_secret_is_told(self, lab, shop):
        """
        The connection has another one by now: what is signed with the old one would be
        refused, and WooCommerce never says which it signs with.
        """
        shop.subscribe(URL)
        lab.connect(webhook_secret="newer").subscribe(URL)
        secrets = [one["secret"] for one in lab.server.webhooks.values()]
        assert ["newer"] * 4 == secrets

    def test_another_address_stays(self, lab, shop):
        shop.subscribe("https://old.example/hooks")
        shop.subscribe(URL)
        assert len(lab.server.webhooks) == 8
        shop.unsubscribe("https://old.example/hooks")
        assert {one["delivery_url"] for one in lab.server.webhooks.values()} == {URL}

    def test_without_a_secret_nothing_is_made(self):
        lab = WooLab()
        with pytest.raises(DeclinedError, match="webhook_secret"):
            lab.connect().subscribe(URL)
        assert lab.server.webhooks == {}
