"""
Shops on Corner, as a plugin of sourcehere.
"""

from sourcehere.plugins import hookimpl
from sourcehere.ports.platforms import StorePlatform
from sourcehere.ports.providers import Context, ProviderInfo

from .config import CornerConfig
from .shop import Corner


@hookimpl
def sourcehere_store_platforms() -> list[ProviderInfo[StorePlatform, CornerConfig]]:
    """
    Offer shops on Corner.
    """
    return [
        ProviderInfo("corner", CornerConfig, _make, "Shops on Corner", makes=Corner)
    ]


def _make(config: CornerConfig, context: Context) -> StorePlatform:
    return Corner(config, context)
