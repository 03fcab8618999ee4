"""
Shops on Shopify, as a plugin of sourcehere.
"""

from sourcehere.plugins import hookimpl
from sourcehere.ports.platforms import StorePlatform
from sourcehere.ports.providers import Context, ProviderInfo

from .config import ShopifyConfig
from .shop import ShopifyShop

__all__ = ["ShopifyConfig", "ShopifyShop"]


@hookimpl
def sourcehere_store_platforms() -> list[ProviderInfo[StorePlatform, ShopifyConfig]]:
    """
    Offer shops on Shopify.
    """
    summary = "Shops on Shopify"
    return [ProviderInfo("shopify", ShopifyConfig, _make, summary, makes=ShopifyShop)]


def _make(config: ShopifyConfig, context: Context) -> StorePlatform:
    return ShopifyShop(config, context)
