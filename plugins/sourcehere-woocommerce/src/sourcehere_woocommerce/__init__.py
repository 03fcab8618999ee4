"""
Shops on WooCommerce, as a plugin of sourcehere.
"""

from sourcehere.plugins import hookimpl
from sourcehere.ports.platforms import StorePlatform
from sourcehere.ports.providers import Context, ProviderInfo

from .config import WooConfig
from .shop import WooShop

__all__ = ["WooConfig", "WooShop"]


@hookimpl
def sourcehere_store_platforms() -> list[ProviderInfo[StorePlatform, WooConfig]]:
    """
    Offer shops on WooCommerce.
    """
    summary = "Shops on WooCommerce"
    return [ProviderInfo("woocommerce", WooConfig, _make, summary, makes=WooShop)]


def _make(config: WooConfig, context: Context) -> StorePlatform:
    return WooShop(config, context)
