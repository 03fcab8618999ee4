"""
17TRACK's words for where a parcel is: one table.

Source: the sub-statuses and stages of its API v2.2.
"""

from sourcehere import IncidentReason, TrackingStatus

_Meaning = tuple[TrackingStatus, IncidentReason | None]


def _is(status: TrackingStatus, incident: IncidentReason | None = None) -> _Meaning:
    return status, incident


# What is None says nothing of where the parcel is.
MEANINGS: dict[str, _Meaning | None] = {
    "NotFound": None,
    "Expired": None,
    "InfoReceived": _is(TrackingStatus.PENDING),
    "InTransit": _is(TrackingStatus.IN_TRANSIT),
    "InTransit_PickedUp": _is(TrackingStatus.PICKED_UP),
    "InTransit_CustomsProcessing": _is(TrackingStatus.CUSTOMS),
    "InTransit_CustomsRequiringInformation": _is(
        TrackingStatus.CUSTOMS, IncidentReason.CUSTOMS_PAPERS
    ),
    "PickedUp": _is(TrackingStatus.PICKED_UP),
    "Departure": _is(TrackingStatus.IN_TRANSIT),
    "Arrival": _is(TrackingStatus.IN_TRANSIT),
    "OutForDelivery": _is(TrackingStatus.OUT_FOR_DELIVERY),
    "AvailableForPickup": _is(TrackingStatus.READY_FOR_PICKUP),
    "DeliveryFailure": _is(TrackingStatus.DELIVERY_FAILED),
    "DeliveryFailure_NoBody": _is(
        TrackingStatus.DELIVERY_FAILED, IncidentReason.RECIPIENT_ABSENT
    ),
    "DeliveryFailure_Security": _is(
        TrackingStatus.DELIVERY_FAILED, IncidentReason.SECURITY
    ),
    "DeliveryFailure_Rejected": _is(
        TrackingStatus.DELIVERY_FAILED, IncidentReason.RECIPIENT_REFUSED
    ),
    "DeliveryFailure_InvalidAddress": _is(
        TrackingStatus.DELIVERY_FAILED, IncidentReason.ADDRESS
    ),
    "Delivered": _is(TrackingStatus.DELIVERED),
    "Returning": _is(TrackingStatus.RETURN_TO_SENDER),
    "Returned": _is(TrackingStatus.RETURN_TO_SENDER),
    "Exception": _is(TrackingStatus.IN_TRANSIT, IncidentReason.OTHER),
    "Exception_Returning": _is(TrackingStatus.RETURN_TO_SENDER),
    "Exception_Returned": _is(TrackingStatus.RETURN_TO_SENDER),
    "Exception_NoBody": _is(
        TrackingStatus.DELIVERY_FAILED, IncidentReason.RECIPIENT_ABSENT
    ),
    "Exception_Security": _is(TrackingStatus.IN_TRANSIT, IncidentReason.SECURITY),
    "Exception_Damage": _is(TrackingStatus.IN_TRANSIT, IncidentReason.DAMAGED),
    "Exception_Damaged": _is(TrackingStatus.IN_TRANSIT, IncidentReason.DAMAGED),
    "Exception_Rejected": _is(
        TrackingStatus.DELIVERY_FAILED, IncidentReason.RECIPIENT_REFUSED
    ),
    "Exception_Delayed": _is(TrackingStatus.DELAYED),
    "Exception_Lost": _is(TrackingStatus.LOST),
    "Exception_Destroyed": _is(TrackingStatus.LOST, IncidentReason.DAMAGED),
    "Exception_Cancel": _is(TrackingStatus.CANCELLED),
}


def meaning_of(word: str) -> _Meaning | None:
    """
    Return what a word means; one that is not in the table means what is before its
    underline, and an event without one says that the parcel is on its way.
    """
    if word in MEANINGS:
        return MEANINGS[word]
    whole, _, _ = word.partition("_")
    return MEANINGS.get(whole, _is(TrackingStatus.IN_TRANSIT))
