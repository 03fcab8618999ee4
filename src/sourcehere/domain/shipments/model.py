"""
Parcels: one tracking number each, and what carriers said about it.
"""

import enum
from datetime import datetime

import attrs

from ..kernel.ids import OrderId, ParcelId, SellerId


class TrackingStatus(enum.StrEnum):
    """
    What a carrier says, in the unified words.
    """

    PENDING = "pending"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    DELIVERY_FAILED = "delivery_failed"
    RETURN_TO_SENDER = "return_to_sender"
    LOST = "lost"


@attrs.frozen
class ParcelItem:
    """
    Units of an order's item in a parcel.
    """

    item_id: str
    quantity: int


@attrs.frozen
class StoreUnits:
    """
    Complete store units of a shop's line that a parcel brings.
    """

    external_line_id: str
    quantity: int


@attrs.frozen(kw_only=True)
class Parcel:
    """
    What left in one box.

    Attributes:
        revision: Counts corrections; the newest one is what the shop should know.

        status: The furthest thing a carrier said.

        replaced_by: The parcel that counts instead; empty while this one counts.

        store_units: What the shop is told that it contains.
    """

    seller_id: SellerId
    parcel_id: ParcelId
    order_id: OrderId
    carrier: str
    tracking_number: str
    revision: int
    status: str
    replaced_by: str
    items: tuple[ParcelItem, ...]
    store_units: tuple[StoreUnits, ...]
    shipped_at: datetime
    delivered_at: datetime | None


@attrs.frozen(kw_only=True)
class TrackingEvent:
    """
    One thing a carrier said; unique by parcel and *key*, so it counts once.
    """

    seller_id: SellerId
    parcel_id: ParcelId
    key: str
    status: str
    place: str
    happened_at: datetime


_FORWARD = (
    TrackingStatus.PENDING,
    TrackingStatus.IN_TRANSIT,
    TrackingStatus.OUT_FOR_DELIVERY,
    TrackingStatus.DELIVERY_FAILED,
    TrackingStatus.RETURN_TO_SENDER,
    TrackingStatus.LOST,
    TrackingStatus.DELIVERED,
)


def further(known: str, said: str) -> str:
    """
    Return the further of two statuses: facts merge forward only.
    """
    return max(known, said, key=lambda status: _FORWARD.index(TrackingStatus(status)))
