"""
Who sells, and on which terms.
"""

from datetime import datetime

from ..kernel.ids import SellerId
from ..kernel.values import frozen


@frozen(kw_only=True)
class Seller:
    """
    A seller: the tenant, who owns stores, wallet, cloud stock and connections.

    What the platform agrees with one seller is kept here: today the currency.

    Attributes:
        currency: The settlement currency; never changes.
    """

    seller_id: SellerId
    name: str
    currency: str
    joined_at: datetime
