"""
Which allocation policy serves a seller.
"""

from ...ports.allocation import AllocationPolicy
from ...unit.seller_unit import SellerUnit
from ..base.ports import Ports


def policy_for(unit: SellerUnit, ports: Ports) -> AllocationPolicy:
    """
    Return the policy of the seller of *unit*, else that of the platform.

    Raises:
        UnknownProviderError: If no plugin offers it.
    """
    name = unit.seller.allocation_policy or ports.settings.allocation_policy
    return ports.providers.allocation_policy(name)
