"""
Snail Post, a small carrier, as a plugin of sourcehere.
"""

import logging

from sourcehere.plugins import hookimpl
from sourcehere.ports.freight import FreightProvider
from sourcehere.ports.hooks import PublishedEvent, Transition, Veto
from sourcehere.ports.providers import Context, ProviderInfo

from .carrier import SnailPost
from .config import SnailConfig

_log = logging.getLogger(__name__)
_SUNDAY = 6


@hookimpl
def sourcehere_freight_providers() -> list[ProviderInfo[FreightProvider, SnailConfig]]:
    """
    Offer the carrier.
    """
    return [ProviderInfo("snail", SnailConfig, _make, "Slow, and by the kilogram")]


def _make(config: SnailConfig, context: Context) -> FreightProvider:
    del context
    return SnailPost(config)


@hookimpl
def sourcehere_check_transition(transition: Transition) -> Veto | None:
    """
    Nothing ships on Sundays: no snail comes to collect it.
    """
    if transition.command == "ship" and transition.at.weekday() == _SUNDAY:
        return Veto("snails_rest", "snails rest on Sundays; ship it tomorrow")
    return None


@hookimpl
def sourcehere_event(event: PublishedEvent) -> None:
    """
    Log what was shipped.
    """
    if event.event.NAME == "order.shipped":
        _log.info("order %s: a parcel is on its way", event.stream_id)
