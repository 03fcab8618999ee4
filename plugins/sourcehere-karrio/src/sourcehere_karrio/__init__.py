"""
Carriers by the karrio SDK, as a plugin of sourcehere.
"""

from sourcehere.plugins import hookimpl
from sourcehere.ports.freight import FreightProvider
from sourcehere.ports.providers import Context, ProviderInfo

from .carrier import KarrioCarrier
from .config import KarrioConfig

__all__ = ["KarrioCarrier", "KarrioConfig"]


@hookimpl
def sourcehere_freight_providers() -> list[ProviderInfo[FreightProvider, KarrioConfig]]:
    """
    Offer every carrier that karrio has a package for.
    """
    summary = "A carrier that the karrio SDK speaks to"
    return [ProviderInfo("karrio", KarrioConfig, _make, summary, makes=KarrioCarrier)]


def _make(config: KarrioConfig, context: Context) -> FreightProvider:
    return KarrioCarrier(config, context)
