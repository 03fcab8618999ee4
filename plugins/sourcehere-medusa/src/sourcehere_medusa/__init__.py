"""
Shops on Medusa, as a plugin of sourcehere.
"""

from sourcehere.plugins import hookimpl
from sourcehere.ports.platforms import StorePlatform
from sourcehere.ports.providers import Context, ProviderInfo

from .config import MedusaConfig
from .shop import MedusaShop

__all__ = ["MedusaConfig", "MedusaShop"]


@hookimpl
def sourcehere_store_platforms() -> list[ProviderInfo[StorePlatform, MedusaConfig]]:
    """
    Offer shops on Medusa.
    """
    summary = "Shops on Medusa"
    return [ProviderInfo("medusa", MedusaConfig, _make, summary, makes=MedusaShop)]


def _make(config: MedusaConfig, context: Context) -> StorePlatform:
    return MedusaShop(config, context)
