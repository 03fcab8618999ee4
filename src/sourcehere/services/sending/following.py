"""
What follows from tracking facts: where parcels are, and what that means for orders.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import attrs

from ...domain.kernel.actor import Actor
from ...domain.orders.holds import HoldReason
from ...domain.orders.parcels import ParcelNews
from ...domain.shipments.model import (
    IncidentReason,
    Parcel,
    TrackingEvent,
    TrackingStatus,
)
from ...domain.shipments.tracking import Whereabouts, is_about, whereabouts
from ...unit.seller_unit import SellerUnit
from ...unit.tables.shipments import TRACKING_OF

# What the carrier says -> what is the matter; nothing is in every other case.
TROUBLE_OF: dict[TrackingStatus, HoldReason] = {
    TrackingStatus.DELIVERY_FAILED: HoldReason.DELIVERY_FAILED,
    TrackingStatus.RETURN_TO_SENDER: HoldReason.PARCEL_RETURNED,
    TrackingStatus.LOST: HoldReason.PARCEL_LOST,
    TrackingStatus.CUSTOMS: HoldReason.CUSTOMS,
    TrackingStatus.READY_FOR_PICKUP: HoldReason.AWAITING_PICKUP,
    TrackingStatus.CANCELLED: HoldReason.NOT_CARRIED,
}
# What is the matter with a parcel that is on its way all the same.
_INCIDENTS: dict[IncidentReason, HoldReason] = {
    IncidentReason.DAMAGED: HoldReason.PARCEL_DAMAGED,
}


def trouble_of(where: Whereabouts) -> HoldReason | None:
    """
    Return what is the matter with a parcel; None if nothing is.
    """
    if where.status is TrackingStatus.DELIVERED:
        return None  # what came damaged is the customer's to say
    found = TROUBLE_OF.get(where.status)
    if found is None and where.incident is not None:
        found = _INCIDENTS.get(where.incident)
    return found


def facts_of(
    parcels: Sequence[Parcel], told: Iterable[TrackingEvent]
) -> dict[str, list[TrackingEvent]]:
    """
    Return by parcel what was ever *told* of *parcels*.
    """
    found: dict[str, list[TrackingEvent]] = {p.parcel_id: [] for p in parcels}
    for fact in told:
        found[fact.parcel_id].append(fact)
    return found


def read_facts(
    unit: SellerUnit, parcels: Sequence[Parcel]
) -> dict[str, list[TrackingEvent]]:
    """
    Read by parcel what was ever told of *parcels*.
    """
    told = unit.find(TRACKING_OF, [(parcel.parcel_id,) for parcel in parcels])
    return facts_of(parcels, told)


def follow(
    unit: SellerUnit,
    parcels: Sequence[Parcel],
    *,
    by: Actor,
    patience: timedelta,
    is_told: bool = False,
    facts: Mapping[str, Sequence[TrackingEvent]] | None = None,
) -> list[Parcel]:
    """
    Return *parcels* as the facts known of their numbers have them, and let their orders
    follow; the caller has loaded the orders, and stores the parcels.

    Args:
        patience: How long may be silence before a parcel counts as stalled.

        is_told: Whether a person just said something of them, such as a better number:
            silence begins anew.

        facts: What `facts_of` gives, in any order, where the caller knows it.
    """
    if facts is None:
        facts = read_facts(unit, parcels)
    moved: list[Parcel] = []
    for parcel in parcels:
        known = [f for f in facts[parcel.parcel_id] if is_about(f, parcel)]
        where = whereabouts(known)
        heard_at = unit.now if is_told else where.heard_at or parcel.shipped_at
        # What is said to happen in the future was heard now.
        heard_at = min(max(heard_at, parcel.shipped_at), unit.now)
        trouble = trouble_of(where)
        incident = where.incident.value if where.incident else ""
        is_same = (where.status, incident) == (parcel.status, parcel.incident)
        news = ParcelNews(
            status=where.status.value,
            incident=incident,
            is_new=not is_same or (is_told and trouble is not None),
            is_delivered=where.status == TrackingStatus.DELIVERED,
            trouble=trouble,
            words=_words(parcel, incident),
            stall_by=heard_at + patience,
        )
        (order,) = unit.orders.headers([parcel.order_id])
        order.track_parcel(parcel.parcel_id, news, by=by, at=unit.now)
        moved.append(
            attrs.evolve(
                parcel,
                status=where.status.value,
                delivered_at=where.delivered_at,
                incident=incident,
            )
        )
    return moved


def _words(parcel: Parcel, incident: str) -> str:
    """
    Say which parcel it is, and what the carrier says is the matter with it.
    """
    called = f"{parcel.carrier} {parcel.tracking_number}"
    return f"{called}: {incident.replace('_', ' ')}" if incident else called
