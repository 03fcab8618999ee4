"""
Parcels, what carriers said of them, and the labels that were bought for them.
"""

from ...domain.effects.labels import Label, LabelStage
from ...domain.shipments.model import Parcel, TrackingEvent
from ...domain.shipments.walks import TrackingHint, TrackingWalk
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

TRACKING_WALKS = Records("tracking_walk", TrackingWalk, key=["connection"])
TRACKING_HINTS = Records(
    "tracking_hint", TrackingHint, key=["connection", "tracking_number"]
)
HINTS_OF = TRACKING_HINTS.way(
    "of_connection", equal=["connection"], order=["told_at", "tracking_number"]
)
LABELS = Records(
    "label", Label, key=["seller_id", "label_id"], derived=[("stage", LabelStage)]
)
LABELS_OF = LABELS.way("of_order", equal=["seller_id", "order_id"], order=["label_id"])
LABELS_OF_PARCEL = LABELS.way(
    "of_parcel", equal=["seller_id", "parcel_id"], order=["label_id"]
)
LABELS_BY_STAGE = LABELS.way(
    "by_stage", equal=["stage"], order=["next_at", "seller_id", "label_id"]
)

RECORDS = (PARCELS, TRACKING_EVENTS, TRACKING_WALKS, TRACKING_HINTS, LABELS)
