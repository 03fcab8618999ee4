"""
How freight connections answered lately, and which of them rest.
"""

from ..base.ports import Ports
from ..base.provider_circuits import ProviderCircuits

CARRIER = "carrier"


class CarrierCircuits(ProviderCircuits):
    """
    The circuits of freight connections.
    """

    def __init__(self, ports: Ports) -> None:
        super().__init__(ports, CARRIER)

    def judge(self, connection: str, error: Exception | None) -> None:
        """
        Keep how a carrier answered: with *error*, or well.
        """
        super().judge(connection, error)  # a step of this room, by its name
