"""
An account that tells of payments by itself, signed as Stripe documents it.
"""

import hashlib
import hmac
import json
from datetime import timedelta

from stripe_lab import StripeLab
from stripe_server import REFERENCE

from sourcehere.ports.payments import PaymentOutcome
from sourcehere.testing.kit import Posted

_KINDS = {
    PaymentOutcome.SUCCEEDED: ("amount_capturable_updated", "requires_capture"),
    PaymentOutcome.DECLINED: ("payment_failed", "requires_payment_method"),
    PaymentOutcome.PENDING: ("processing", "processing"),
}


class StripeWebhookLab(StripeLab):
    """
    An endpoint whose secret can be rolled: until the old one is gone Stripe signs with
    both.
    """

    def __init__(self):
        super().__init__()
        self._secrets = ["whsec_0"]
        self._rolls = 0

    def connect(self):
        """
        Make a new adapter.
        """
        names = ("webhook_secret", "webhook_secret_old")
        self._config |= dict.fromkeys(names, "")
        self._config |= dict(zip(names, reversed(self._secrets), strict=False))
        return super().connect()

    def told(self, reference, /, *, outcome=PaymentOutcome.SUCCEEDED):
        """
        Return an event of an intent.
        """
        kind, status = _KINDS[outcome]
        return self._event(f"payment_intent.{kind}", {REFERENCE: reference}, status)

    def not_ours(self):
        """
        Return an event of an intent that was made in Stripe's dashboard.
        """
        return self._event("payment_intent.succeeded", {}, "succeeded")

    def unknown(self):
        """
        Return an event of a kind that is none of payments.
        """
        return self._event("reporting.report_run.succeeded", {REFERENCE: "A"}, "done")

    def signed(self, body, /, *, secret=""):
        """
        Sign as Stripe does.
        """
        at = str(int(self.clock.now().timestamp()))
        secrets = [secret] if secret else self._secrets
        made = [
            hmac.new(one.encode(), at.encode() + b"." + body, hashlib.sha256)
            for one in secrets
        ]
        parts = [f"t={at}", *(f"v1={one.hexdigest()}" for one in made)]
        headers = {"stripe-signature": ",".join(parts)}
        return Posted(body, {**headers, "content-type": "application/json"})

    def rotate(self):
        """
        Roll the secret.
        """
        self._rolls += 1
        self._secrets = [self._secrets[-1], f"whsec_{self._rolls}"]

    def retire(self):
        """
        Let the old secret's time be over.
        """
        self._secrets = self._secrets[-1:]

    def wait(self, time: timedelta, /):
        """
        Let time pass.
        """
        self.clock.advance(time)

    def _event(self, kind, metadata, status):
        intent = {
            "id": "pi_1",
            "object": "payment_intent",
            "status": status,
            "metadata": metadata,
        }
        told = {
            "id": "evt_1",
            "object": "event",
            "created": int(self.clock.now().timestamp()),
            "livemode": False,
            "type": kind,
            "data": {"object": intent},
        }
        return self.signed(json.dumps(told).encode())
