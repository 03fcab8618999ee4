"""
Who sells, and on which terms.
"""

from datetime import datetime

from ..kernel.ids import SellerId
from ..kernel.values import frozen
from .promises import AS_THE_PLATFORM, Promises


@frozen(kw_only=True)
class Seller:
    """
    A seller: the tenant, who owns stores, wallet, cloud stock and connections.

    What the platform agrees with one seller is kept here: the currency, who serves
    them, and what is promised to them.

    Attributes:
        currency: The settlement currency; never changes.

        salesman_id: The member of staff who serves the seller; empty for nobody yet.

        promises: Where the platform promises other times than to everybody.
    """

    seller_id: SellerId
    name: str
    currency: str
    joined_at: datetime
    salesman_id: str = ""
    promises: Promises = AS_THE_PLATFORM


@frozen
class ContactChannel:
    """
    Where somebody is reached.

    Attributes:
        kind: Such as `whatsapp`, `wechat`, `email` or `phone`.

        address: The number, name or address there.
    """

    kind: str
    address: str


@frozen(kw_only=True)
class Salesman:
    """
    A member of staff who serves sellers, and where sellers reach them.
    """

    salesman_id: str
    name: str
    channels: tuple[ContactChannel, ...]
