"""
The small model beside a run: what people were told, and what must follow from it.

It knows nothing of tables. Whoever does something writes down here what they were told
became of it; what the library stores is held against that.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import attrs

from ...domain.kernel.ids import ParcelId, SellerId
from ...domain.shipments.model import TrackingEvent, TrackingStatus
from ...domain.shipments.tracking import whereabouts


class WrongError(Exception):
    """
    Something that must not be.
    """


@attrs.define
class KnownParcel:
    """
    A parcel that left.

    Attributes:
        number: The right tracking number, as the clerk who sent it knows it.

        facts: What the carrier said of it: number, status and time.
    """

    seller: str
    order_id: str
    parcel_id: str
    number: str
    is_replaced: bool = False
    facts: list[tuple[str, TrackingStatus, datetime]] = attrs.field(factory=list)

    @property
    def status(self) -> TrackingStatus:
        """
        Where it has to be, by what was said of its number.
        """
        return whereabouts(
            _event(self, place, fact)
            for place, fact in enumerate(self.facts)
            if fact[0] == self.number
        ).status


def _event(
    parcel: KnownParcel, place: int, fact: tuple[str, TrackingStatus, datetime]
) -> TrackingEvent:
    number, status, happened_at = fact
    return TrackingEvent(
        seller_id=SellerId(parcel.seller),
        parcel_id=ParcelId(parcel.parcel_id),
        key=str(place),
        status=status.value,
        place="",
        happened_at=happened_at,
        carrier="post",
        tracking_number=number,
    )


@attrs.define
class Truth:
    """
    What must be so.

    Attributes:
        topped_up: Seller -> what was put into the wallet.

        paid: Seller and order -> what was paid for it.

        parcels: Parcel -> what is known of it.

        connected: Sellers and SKUs, small, that are connected.

        cancelled: Sellers and shop orders whose cancellation the shop has told.
    """

    topped_up: Counter[str] = attrs.field(factory=Counter)
    paid: dict[tuple[str, str], int] = attrs.field(factory=dict)
    parcels: dict[str, KnownParcel] = attrs.field(factory=dict)
    connected: set[tuple[str, str]] = attrs.field(factory=set)
    cancelled: dict[tuple[str, str], None] = attrs.field(factory=dict)
    told: Counter[str] = attrs.field(factory=Counter)

    def has_paid(self, seller: str, orders: Iterable[tuple[str, int]]) -> None:
        """
        Keep what was paid for each order.

        Raises:
            WrongError: If one was paid before.
        """
        for order_id, minor in orders:
            if (seller, order_id) in self.paid:
                told = f"order {order_id} was paid twice"
                raise WrongError(told)
            self.paid[seller, order_id] = minor

    def has_cancelled(self, orders: Iterable[tuple[str, str]]) -> None:
        """
        Keep that a shop has told that orders are cancelled.
        """
        self.cancelled.update(dict.fromkeys(orders))

    def has_sent(self, seller: str, order_id: str, parcel_id: str, number: str) -> None:
        """
        Keep that a parcel left.

        Raises:
            WrongError: If there is one of that id.
        """
        if parcel_id in self.parcels:
            told = f"parcel {parcel_id} was sent twice"
            raise WrongError(told)
        self.parcels[parcel_id] = KnownParcel(seller, order_id, parcel_id, number)

    def live_parcels(self) -> list[KnownParcel]:
        """
        List the parcels that nothing was sent in place of.
        """
        return [p for p in self.parcels.values() if not p.is_replaced]
