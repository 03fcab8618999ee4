"""
A shop to try an adapter on, with a back door that the adapter knows nothing of.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...ports.platforms import StorePlatform
from .faults import FaultLine

PLACED = datetime(2026, 3, 2, 11, 59, 30, tzinfo=UTC)


@frozen(kw_only=True)
class ShopLine:
    """
    What a customer puts into the basket.

    Attributes:
        quantity: Units; 0 for a line that was taken out of an order.
    """

    sku: str
    quantity: int
    price: Money


@frozen(kw_only=True)
class ShopOrder:
    """
    An order as it is in the shop.
    """

    lines: tuple[ShopLine, ...]
    country: str = "GB"
    placed_at: datetime = PLACED
    is_paid: bool = True
    is_cancelled: bool = False


@frozen(kw_only=True)
class ToldParcel:
    """
    A parcel as the shop's customers see it.

    Attributes:
        units: SKU -> units that it says are sent; empty for a number only.

        carrier: In the words in which it was told. Where the shop has no place for it,
            leave the tests of carriers out, and say so.
    """

    tracking_number: str
    units: Mapping[str, int]
    carrier: str = ""


class StoreLab(Protocol):
    """
    A shop, from behind: nothing here goes through the adapter.

    Attributes:
        line: Every request of the adapter asks it (`meet`) what it meets.
    """

    line: FaultLine

    def connect(self) -> StorePlatform:
        """
        Make a new adapter for the shop, as another process would.
        """
        ...

    def place(self, order: ShopOrder, /) -> str:
        """
        Let a customer order.

        Returns:
            The id by which the adapter knows the order.
        """
        ...

    def change(self, external_id: str, order: ShopOrder, /) -> None:
        """
        Let an order be as *order* says from now on; its lines keep their places.

        Where the shop's change times are whole seconds, let some changes that are made
        one after another share a second, as customers' do.
        """
        ...

    def parcels(self, external_id: str, /) -> Sequence[ToldParcel]:
        """
        Return the parcels of an order that count: none that another one replaced.

        A number alone is one without units, if the customer sees it. Whatever the
        customer sees twice is there twice.
        """
        ...
