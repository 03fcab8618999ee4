"""
What a shop sells that the platform does not supply: tips, protection, downloads.
"""

from datetime import datetime

from ..kernel.ids import SellerId, StoreId
from ..kernel.values import frozen


@frozen(kw_only=True)
class NotOurs:
    """
    A name of a shop's of which no unit is ever supplied.

    Attributes:
        sku_key: As it is compared, like the key of a rule.

        name: As people write it: a SKU, `variant:ID` or `product:ID`.
    """

    seller_id: SellerId
    store_id: StoreId
    sku_key: str
    name: str
    marked_at: datetime
