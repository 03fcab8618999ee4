"""
What every gateway promises, on a server in memory that behaves as Stripe does.
"""

from stripe_lab import StripeLab

from sourcehere.testing.kit import PaymentContract


class TestStripe(PaymentContract):
    """
    The contract.
    """

    def make_lab(self):
        """
        Make an account without payments.
        """
        return StripeLab()
