"""
Payments by Stripe, as a plugin of sourcehere.
"""

from sourcehere.plugins import hookimpl
from sourcehere.ports.payments import PaymentProvider
from sourcehere.ports.providers import Context, ProviderInfo

from .config import StripeConfig
from .gateway import StripeGateway

__all__ = ["StripeConfig", "StripeGateway"]


@hookimpl
def sourcehere_payment_providers() -> list[ProviderInfo[PaymentProvider, StripeConfig]]:
    """
    Offer Stripe.
    """
    summary = "Payments by Stripe"
    return [ProviderInfo("stripe", StripeConfig, _make, summary, makes=StripeGateway)]


def _make(config: StripeConfig, context: Context) -> PaymentProvider:
    return StripeGateway(config, context)
