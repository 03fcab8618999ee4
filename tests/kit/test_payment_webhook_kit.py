"""
The contract of payments' webhooks, on an adapter that keeps it.
"""

from sourcehere.testing.kit import (
    PaymentWebhookContract,
    PaymentWebhookServer,
    ServerPaymentWebhooks,
)


class TestServerPaymentWebhooks(PaymentWebhookContract):
    """
    The adapter of the server in memory.
    """

    def make_lab(self):
        """
        Make an account.
        """
        return PaymentWebhookServer(ServerPaymentWebhooks)
