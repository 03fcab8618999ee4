"""
The plugin that offers gateways in memory.
"""

from ..domain.kernel.values import frozen
from ..plugins import hookimpl
from ..plugins.hookspecs import PaymentProviderInfo
from ..ports.payments import PaymentProvider
from ..ports.providers import Context, ProviderInfo
from .fake_gateway import FakeGateway

_NAME = "fake_gateway"


@frozen
class FakeGatewayConfig:
    """
    What a connection to a fake gateway says.

    Attributes:
        gateway: Which of those that the plugin has.
    """

    gateway: str = "cards"


class FakeGateways:
    """
    The plugin that offers the provider `fake_gateway`: gateways in memory, by name.
    """

    def __init__(self, **gateways: FakeGateway) -> None:
        """
        Offer *gateways*; one called `cards` if none is given.
        """
        self.gateways = gateways or {"cards": FakeGateway()}

    @hookimpl
    def sourcehere_payment_providers(self) -> list[PaymentProviderInfo]:
        """
        Offer them.
        """
        return [ProviderInfo(_NAME, FakeGatewayConfig, self._make)]

    def _make(self, config: FakeGatewayConfig, _context: Context) -> PaymentProvider:
        return self.gateways[config.gateway]
