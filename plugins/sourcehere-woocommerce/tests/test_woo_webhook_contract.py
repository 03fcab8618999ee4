"""
What every shop's webhooks promise, as WooCommerce signs them.
"""

import base64
import hashlib
import hmac
import json

from woo_lab import WooLab

from sourcehere.testing.kit import Posted, WebhookContract

SECRET = "hush"


class WebhookLab(WooLab):
    """
    A shop that posts what changes.
    """

    def changed(self, external_id, /, *, units=1):
        """
        Post an order.
        """
        told = {"id": int(external_id), "line_items": [{"quantity": units}]}
        return self.signed(json.dumps(told).encode())

    def signed(self, body, /, *, secret=""):
        """
        Sign a body.
        """
        digest = hmac.new((secret or SECRET).encode(), body, hashlib.sha256).digest()
        headers = {
            "x-wc-webhook-topic": "order.updated",
            "x-wc-webhook-signature": base64.b64encode(digest).decode(),
            "x-wc-webhook-delivery-id": "d-1",
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
