"""
Contracts for whoever connects something: subclass one, fill in one method, and run it.
"""

from .faults import WireFault
from .freight_contract import FreightContract
from .freight_lab import FreightLab
from .store_contract import StoreContract
from .store_lab import ShopLine, ShopOrder, StoreLab, ToldParcel

__all__ = [
    "FreightContract",
    "FreightLab",
    "ShopLine",
    "ShopOrder",
    "StoreContract",
    "StoreLab",
    "ToldParcel",
    "WireFault",
]
