"""
The contract of webhooks, on an adapter that keeps it, and on the shop in memory.
"""

import json

from sourcehere.testing.fake_shop import FakeShop
from sourcehere.testing.kit import (
    FaultLine,
    Posted,
    ServerWebhooks,
    WebhookContract,
    WebhookServer,
)


class TestServerWebhooks(WebhookContract):
    """
    The adapter of the server in memory.
    """

    def make_lab(self):
        """
        Make a server.
        """
        return WebhookServer(ServerWebhooks)


class FakeShopLab:
    """
    The shop in memory, which asks nobody.
    """

    def __init__(self):
        self.line, self.shop = FaultLine(), FakeShop()

    def connect(self):
        """
        Return the shop, which is its own adapter.
        """
        return self.shop

    def changed(self, external_id, /, *, units=1):
        """
        Post a change.
        """
        made = self.shop.webhook(
            "orders/updated", external_id, event_id=f"{external_id}:{units}"
        )
        return self._lowered(made.body, made.headers)

    def signed(self, body, /, *, secret=""):
        """
        Sign a body.
        """
        other = FakeShop()
        other.webhook_secret = secret.encode() or self.shop.webhook_secret
        headers = {**other.webhook("orders/updated", "1").headers}
        headers["X-Fake-Hmac-Sha256"] = other._signature(body)
        return self._lowered(body, headers)

    def _lowered(self, body, headers):
        return Posted(body, {name.lower(): value for name, value in headers.items()})


class TestFakeShop(WebhookContract):
    """
    The shop in memory that tests of services use.
    """

    def make_lab(self):
        """
        Make a shop.
        """
        return FakeShopLab()


def test_a_posted_order_is_json():
    """
    So that a lab can be looked at.
    """
    posted = WebhookServer(ServerWebhooks).changed("1001", units=3)
    assert {"order": "1001", "units": 3} == json.loads(posted.body)
