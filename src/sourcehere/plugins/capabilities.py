"""
What a provider can do beside what its kind has to.
"""

from ..ports.cancelling import SupportsCancel
from ..ports.freight import SupportsMethods
from ..ports.labels import SupportsFindLabel, SupportsForgetLabel, SupportsLabels
from ..ports.payments import (
    SupportsChargebacks,
    SupportsPaymentWebhooks,
    SupportsPayouts,
)
from ..ports.platforms import (
    SupportsBatchPush,
    SupportsContentMark,
    SupportsFindPush,
    SupportsOrderNames,
    SupportsPreview,
    SupportsProducts,
)
from ..ports.providers import SupportsCheck
from ..ports.stock import SupportsStockPush
from ..ports.tracking import SupportsTracking, SupportsTrackingWebhooks
from ..ports.webhooks import SupportsSubscriptions, SupportsWebhooks

# In words -> the protocol that says it.
CAPABILITIES: dict[str, type] = {
    "tries credentials": SupportsCheck,
    "previews": SupportsPreview,
    "lists products": SupportsProducts,
    "lists order names": SupportsOrderNames,
    "names its content": SupportsContentMark,
    "takes webhooks": SupportsWebhooks,
    "takes subscriptions": SupportsSubscriptions,
    "finds pushes": SupportsFindPush,
    "takes pushes in batches": SupportsBatchPush,
    "takes stock": SupportsStockPush,
    "cancels orders": SupportsCancel,
    "lists methods": SupportsMethods,
    "sells labels": SupportsLabels,
    "finds labels": SupportsFindLabel,
    "forgets labels": SupportsForgetLabel,
    "tracks parcels": SupportsTracking,
    "takes tracking webhooks": SupportsTrackingWebhooks,
    "takes payment webhooks": SupportsPaymentWebhooks,
    "tells chargebacks": SupportsChargebacks,
    "lists payouts": SupportsPayouts,
}


def capabilities_of(makes: type | None) -> tuple[str, ...]:
    """
    Return what a provider of a class can do, in words; nothing where the class is not
    known.
    """
    if makes is None:
        return ()
    return tuple(
        words for words, protocol in CAPABILITIES.items() if issubclass(makes, protocol)
    )
