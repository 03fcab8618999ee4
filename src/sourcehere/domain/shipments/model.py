"""
Parcels: one tracking number each, and what carriers said about it.
"""

import enum
from datetime import datetime

from ..kernel.ids import OrderId, ParcelId, SellerId
from ..kernel.values import frozen


class TrackingStatus(enum.StrEnum):
    """
    What a carrier says, in the unified words.
    """

    PENDING = "pending"  # announced, not scanned yet
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"  # to the customer
    DELIVERY_FAILED = "delivery_failed"  # tried at the door, in vain
    RETURN_TO_SENDER = "return_to_sender"  # goes back, or is back
    LOST = "lost"
    CUSTOMS = "customs"  # customs keep it until somebody does something


@frozen
class ParcelItem:
    """
    Units of an order's item in a parcel.
    """

    item_id: str
    quantity: int


@frozen
class StoreUnits:
    """
    Complete store units of a shop's line that a parcel brings.
    """

    external_line_id: str
    quantity: int


@frozen
class Parcel:
    """
    What left in one box.

    Attributes:
        revision: Counts corrections; the newest one is what the shop should know.

        status: Where it is, by what was said of its number; `tracking.py` says how.

        delivered_at: When the customer first had it; only while it is delivered.

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


@frozen
class TrackingEvent:
    """
    One thing a carrier said; unique by parcel and *key*, so it counts once.

    Attributes:
        carrier, tracking_number: What it was said of: the parcel may have had another
            number then. Empty in what older releases wrote.
    """

    seller_id: SellerId
    parcel_id: ParcelId
    key: str
    status: str
    place: str
    happened_at: datetime
    carrier: str = ""
    tracking_number: str = ""
