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
    PICKED_UP = "picked_up"  # the carrier has it
    IN_TRANSIT = "in_transit"
    DELAYED = "delayed"  # later than the carrier said
    CUSTOMS = "customs"  # customs keep it until somebody does something
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERY_FAILED = "delivery_failed"  # tried at the door, in vain
    READY_FOR_PICKUP = "ready_for_pickup"  # kept for the customer to fetch
    DELIVERED = "delivered"  # to the customer
    RETURN_TO_SENDER = "return_to_sender"  # goes back, or is back
    LOST = "lost"
    CANCELLED = "cancelled"  # the carrier does not carry it


class IncidentReason(enum.StrEnum):
    """
    Why a parcel does not go on as it should, where the carrier says so.
    """

    DAMAGED = "damaged"
    MISROUTED = "misrouted"
    CARRIER_DELAY = "carrier_delay"  # too little time, room, or a broken vehicle
    SEARCHED_FOR = "searched_for"
    SENDER_CANCELLED = "sender_cancelled"
    SENDER_DATA = "sender_data"  # weight, size or goods are not as they were announced
    SENDER_PACKAGING = "sender_packaging"
    RECIPIENT_ABSENT = "recipient_absent"
    RECIPIENT_REFUSED = "recipient_refused"
    RECIPIENT_UNVERIFIED = "recipient_unverified"  # could not show who they are
    ADDRESS = "address"  # wrong, incomplete, or not found
    NO_ACCESS = "no_access"
    CUSTOMS_DELAY = "customs_delay"
    CUSTOMS_PAPERS = "customs_papers"
    CUSTOMS_DUTIES = "customs_duties"  # nobody has paid them
    CUSTOMS_PROHIBITED = "customs_prohibited"
    WEATHER = "weather"
    FORCE_MAJEURE = "force_majeure"
    SECURITY = "security"
    OTHER = "other"


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

        incident: Why it does not go on, an `IncidentReason`; empty where nothing is the
            matter, or nobody says what.

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
    incident: str = ""


@frozen
class TrackingEvent:
    """
    One thing a carrier said; unique by parcel and *key*, so it counts once.

    Attributes:
        carrier, tracking_number: What it was said of: the parcel may have had another
            number then.

        incident: An `IncidentReason`, or empty.
    """

    seller_id: SellerId
    parcel_id: ParcelId
    key: str
    status: str
    place: str
    happened_at: datetime
    carrier: str = ""
    tracking_number: str = ""
    incident: str = ""
