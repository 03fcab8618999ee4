"""
Who sells, and on which terms.
"""

from datetime import datetime

from ..kernel.ids import SellerId
from ..kernel.values import frozen
from .promises import AS_THE_PLATFORM_SAYS, Promises


@frozen(kw_only=True)
class Seller:
    """
    A seller: the tenant, who owns stores, wallet, cloud stock and connections.

    What the platform agrees with one seller is kept here: the currency, who serves
    them, what is promised to them, and how their orders are served from stock.

    Attributes:
        currency: The settlement currency; never changes.

        salesman_id: The member of staff who serves the seller; empty for nobody yet.

        ship_days, receive_days, quote_days, dispute_days: Within how many days the
            platform promises what `Promises` says; -1 as it promises everybody, 0 for
            no promise.

        allocation_policy: Which decides from which stock their orders are served, by
            its name; empty for that of the platform.
    """

    seller_id: SellerId
    name: str
    currency: str
    joined_at: datetime
    salesman_id: str = ""
    ship_days: int = AS_THE_PLATFORM_SAYS
    receive_days: int = AS_THE_PLATFORM_SAYS
    quote_days: int = AS_THE_PLATFORM_SAYS
    dispute_days: int = AS_THE_PLATFORM_SAYS
    allocation_policy: str = ""

    @property
    def promises(self) -> Promises:
        """
        Where the platform promises the seller other times than everybody.
        """
        return Promises(
            ship_days=self.ship_days,
            receive_days=self.receive_days,
            quote_days=self.quote_days,
            dispute_days=self.dispute_days,
        )


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
