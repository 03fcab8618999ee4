"""
How payment gateways answered lately, and which of them rest.
"""

from ..base.ports import Ports
from ..base.provider_circuits import ProviderCircuits
from .connections import PAYMENT


class GatewayCircuits(ProviderCircuits):
    """
    The circuits of payment gateways.
    """

    def __init__(self, ports: Ports) -> None:
        super().__init__(ports, PAYMENT)

    def judge(self, connection: str, error: Exception | None) -> None:
        """
        Keep how a gateway answered: with *error*, or well.
        """
        super().judge(connection, error)  # a step of this room, by its name
