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
