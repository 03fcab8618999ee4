"""
The platform's connections to payment gateways.
"""

from collections.abc import Mapping
from datetime import timedelta

from ...doors.answers import Answerer
from ...doors.payments import finds_by_reference, key_ttl_of
from ...ports.payments import PaymentProvider
from ..base.provider_connections import ProviderConnections

PAYMENT = "payment"


class GatewayConnections(ProviderConnections):
    """
    Configures payment gateways.
    """

    _kind = PAYMENT
    _called = "gateway"

    def _made(self, name: str, provider: str, config: Mapping[str, object]) -> object:
        made: PaymentProvider = self._ports.providers.payment_provider(
            provider, config, connection=name
        )
        who = Answerer(provider, name)
        if not key_ttl_of(made, who) and not finds_by_reference(made, who):
            expected = "one that honours keys, or finds by reference"
            who.refuse("key_ttl", "none", expected)
        return made

    @property
    def _within(self) -> timedelta:
        return self._settings.payment_within
