"""
Where parcels are, by 17TRACK's API, as a plugin of sourcehere.
"""

from sourcehere.plugins import hookimpl
from sourcehere.ports.freight import FreightProvider
from sourcehere.ports.providers import Context, ProviderInfo

from .config import Track17Config
from .tracker import Track17

__all__ = ["Track17", "Track17Config"]


@hookimpl
def sourcehere_freight_providers() -> list[
    ProviderInfo[FreightProvider, Track17Config]
]:
    """
    Offer one account, which knows the parcels of some two thousand carriers.
    """
    summary = "Tracks parcels of any carrier by 17TRACK; quotes no freight"
    return [ProviderInfo("17track", Track17Config, _make, summary, makes=Track17)]


def _make(config: Track17Config, context: Context) -> FreightProvider:
    return Track17(config, context)
