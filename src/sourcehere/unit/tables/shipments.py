"""
Parcels, and what carriers said of them.
"""

from ...domain.shipments.model import Parcel, TrackingEvent
from ..records import Records

PARCELS = Records("parcel", Parcel, key=["seller_id", "parcel_id"])
PARCELS_OF = PARCELS.way(
    "of_order", equal=["seller_id", "order_id"], order=["parcel_id"]
)
PARCELS_BY_TRACKING = PARCELS.way("by_tracking", equal=["tracking_number"])
TRACKING_EVENTS = Records(
    "tracking_event", TrackingEvent, key=["seller_id", "parcel_id", "key"]
)
TRACKING_OF = TRACKING_EVENTS.way(
    "of_parcel", equal=["seller_id", "parcel_id"], order=["happened_at", "key"]
)

RECORDS = (PARCELS, TRACKING_EVENTS)
