"""
Shops on Vendure, as a plugin of sourcehere.
"""

from sourcehere.plugins import hookimpl
from sourcehere.ports.platforms import StorePlatform
from sourcehere.ports.providers import Context, ProviderInfo

from .config import VendureConfig
from .shop import VendureShop

__all__ = ["VendureConfig", "VendureShop"]


@hookimpl
def sourcehere_store_platforms() -> list[ProviderInfo[StorePlatform, VendureConfig]]:
    """
    Offer shops on Vendure.
    """
    summary = "Shops on Vendure"
    return [ProviderInfo("vendure", VendureConfig, _make, summary, makes=VendureShop)]


def _make(config: VendureConfig, context: Context) -> StorePlatform:
    return VendureShop(config, context)
