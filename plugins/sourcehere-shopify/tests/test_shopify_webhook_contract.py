"""
What every shop's webhooks promise, as Shopify signs them.
"""

import base64
import hashlib
import hmac
import json

from shopify_lab import SHOP, ShopifyLab

from sourcehere.testing.kit import Posted, WebhookContract

SECRET = "hush"


class WebhookLab(ShopifyLab):
    """
    A shop that posts what changes.
    """

    def changed(self, external_id, /, *, units=1):
        """
        Post an order; Shopify counts events.
        """
        told = {"id": int(external_id), "line_items": [{"quantity": units}]}
        posted = self.signed(json.dumps(told).encode())
        name = {"x-shopify-event-id": f"e-{external_id}-{units}"}
        return Posted(posted.body, {**posted.headers, **name})

    def signed(self, body, /, *, secret=""):
        """
        Sign a body.
        """
        digest = hmac.new((secret or SECRET).encode(), body, hashlib.sha256).digest()
        headers = {
            "x-shopify-topic": "orders/updated",
            "x-shopify-hmac-sha256": base64.b64encode(digest).decode(),
            "x-shopify-shop-domain": SHOP,
            "x-shopify-event-id": "e-1",
        }
        return Posted(body, headers)


class TestWebhooks(WebhookContract):
    """
    The contract.
    """

    def make_lab(self):
        """
        Make a shop.
        """
        return WebhookLab(webhook_secret=SECRET)
