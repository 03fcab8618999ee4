"""
The contract of gateways, on an adapter that keeps it.
"""

from sourcehere.testing.kit import GatewayServer, PaymentContract, ServerGateway


class TestServerGateway(PaymentContract):
    """
    The adapter of the server in memory.
    """

    def make_lab(self):
        """
        Make a server.
        """
        return GatewayServer(ServerGateway)
