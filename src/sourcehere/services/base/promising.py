"""
Until when the platform promises a seller what waits for it.
"""

from datetime import datetime, timedelta

from ...domain.kernel.clock import NEVER
from ...domain.sellers.promises import Promises
from ...unit.seller_unit import SellerUnit
from .settings import Settings


def promises_to(unit: SellerUnit, settings: Settings) -> Promises:
    """
    Return what the platform promises the seller of *unit*.
    """
    return unit.seller.promises.over(settings.promises)


def promised(unit: SellerUnit, days: int) -> datetime:
    """
    Return the instant that is *days* from now; NEVER for 0, which is no promise.
    """
    return unit.now + timedelta(days=days) if days else NEVER
