"""
karrio's words for where a parcel is, and why it does not go on: one table each.

Source: `TrackingStatus` and `TrackingIncidentReason` of `karrio.core.units`, 2026.1.
"""

from sourcehere import IncidentReason, TrackingStatus

# `on_hold` is many things: it is said as what it is at least. `unknown` says nothing.
STATUSES: dict[str, TrackingStatus | None] = {
    "pending": TrackingStatus.PENDING,
    "picked_up": TrackingStatus.PICKED_UP,
    "in_transit": TrackingStatus.IN_TRANSIT,
    "on_hold": TrackingStatus.IN_TRANSIT,
    "delivery_delayed": TrackingStatus.DELAYED,
    "out_for_delivery": TrackingStatus.OUT_FOR_DELIVERY,
    "delivery_failed": TrackingStatus.DELIVERY_FAILED,
    "ready_for_pickup": TrackingStatus.READY_FOR_PICKUP,
    "delivered": TrackingStatus.DELIVERED,
    "return_to_sender": TrackingStatus.RETURN_TO_SENDER,
    "cancelled": TrackingStatus.CANCELLED,
    "unknown": None,
}
REASONS: dict[str, IncidentReason] = {
    "carrier_damaged_parcel": IncidentReason.DAMAGED,
    "carrier_sorting_error": IncidentReason.MISROUTED,
    "carrier_address_not_found": IncidentReason.ADDRESS,
    "carrier_parcel_lost": IncidentReason.SEARCHED_FOR,
    "carrier_not_enough_time": IncidentReason.CARRIER_DELAY,
    "carrier_vehicle_issue": IncidentReason.CARRIER_DELAY,
    "carrier_capacity_exceeded": IncidentReason.CARRIER_DELAY,
    "carrier_mechanical_delay": IncidentReason.CARRIER_DELAY,
    "retailer_cancelled": IncidentReason.SENDER_CANCELLED,
    "retailer_incorrect_data": IncidentReason.SENDER_DATA,
    "retailer_not_ready": IncidentReason.SENDER_DATA,
    "retailer_incorrect_parcel": IncidentReason.SENDER_DATA,
    "retailer_incorrect_dimensions": IncidentReason.SENDER_DATA,
    "retailer_packaging_issue": IncidentReason.SENDER_PACKAGING,
    "consignee_refused": IncidentReason.RECIPIENT_REFUSED,
    "consignee_business_closed": IncidentReason.RECIPIENT_ABSENT,
    "consignee_not_available": IncidentReason.RECIPIENT_ABSENT,
    "consignee_not_home": IncidentReason.RECIPIENT_ABSENT,
    "consignee_cancelled": IncidentReason.RECIPIENT_REFUSED,
    "consignee_verification_failed": IncidentReason.RECIPIENT_UNVERIFIED,
    "consignee_incorrect_address": IncidentReason.ADDRESS,
    "consignee_access_restricted": IncidentReason.NO_ACCESS,
    "consignee_safe_place_unavailable": IncidentReason.NO_ACCESS,
    "customs_delay": IncidentReason.CUSTOMS_DELAY,
    "customs_documentation": IncidentReason.CUSTOMS_PAPERS,
    "customs_duties_unpaid": IncidentReason.CUSTOMS_DUTIES,
    "customs_prohibited": IncidentReason.CUSTOMS_PROHIBITED,
    "customs_inspection": IncidentReason.CUSTOMS_DELAY,
    "weather_delay": IncidentReason.WEATHER,
    "natural_disaster": IncidentReason.FORCE_MAJEURE,
    "force_majeure": IncidentReason.FORCE_MAJEURE,
    "parcel_being_researched": IncidentReason.SEARCHED_FOR,
    "security_issue": IncidentReason.SECURITY,
    "regulatory_hold": IncidentReason.CUSTOMS_DELAY,
    "unknown": IncidentReason.OTHER,
}
