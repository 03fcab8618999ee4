"""
What every gateway promises, on a server in memory that behaves as Stripe does.
"""

from stripe_lab import StripeLab
from stripe_webhook_lab import StripeWebhookLab

from sourcehere.testing.kit import (
    PaymentContract,
    PaymentWebhookContract,
    PendingContract,
)


class TestStripe(PaymentContract):
    """
    The contract.
    """

    def make_lab(self):
        """
        Make an account without payments.
        """
        return StripeLab()


class TestStripePending(PendingContract):
    """
    The contract of payments that wait for their payers.
    """

    def make_lab(self):
        """
        Make an account whose payers have a page to come back to.
        """
        return StripeLab(return_url="https://shop.example/paid")


class TestStripeWebhooks(PaymentWebhookContract):
    """
    The contract of what Stripe tells by itself.
    """

    def make_lab(self):
        """
        Make an account with an endpoint.
        """
        return StripeWebhookLab()
