"""
Contracts for whoever connects something: subclass one, fill in one method, and run it.
"""

from .carrier_server import CarrierServer, ServerCarrier
from .fake_store import ServerShop
from .faults import FaultLine, WireFault
from .freight_contract import FreightContract
from .freight_lab import FreightLab
from .policy_contract import PolicyContract
from .server import ServerLab, ShopServer
from .store_contract import StoreContract
from .store_lab import ShopLine, ShopOrder, StoreLab, ToldParcel

__all__ = [
    "CarrierServer",
    "FaultLine",
    "FreightContract",
    "FreightLab",
    "PolicyContract",
    "ServerCarrier",
    "ServerLab",
    "ServerShop",
    "ShopLine",
    "ShopOrder",
    "ShopServer",
    "StoreContract",
    "StoreLab",
    "ToldParcel",
    "WireFault",
]
