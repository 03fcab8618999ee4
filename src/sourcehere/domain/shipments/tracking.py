"""
Where a parcel is: what follows from everything that was said of its number.

Carriers tell late, twice and out of order. So nothing is decided when a fact arrives:
the facts are put into the order in which they happened, and two tables say what follows
from each of them. The order in which they arrived never changes the answer.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from ..kernel.clock import AHEAD_MAX
from ..kernel.values import frozen
from .model import IncidentReason, Parcel, TrackingEvent, TrackingStatus

_S = TrackingStatus
_ANYTHING = frozenset(_S)
# A label is printed once; printed again, it says nothing of where the parcel is.
_NEWS = _ANYTHING - {_S.PENDING}

# Carriers use numbers again: what happened so long before it left is another parcel's.
_BEFORE = timedelta(days=30)

# Status -> what, said of a later time, moves a parcel on from it.
MOVED_BY: dict[TrackingStatus, frozenset[TrackingStatus]] = {
    _S.PENDING: _NEWS,
    _S.PICKED_UP: _NEWS,
    _S.IN_TRANSIT: _NEWS,
    _S.DELAYED: _NEWS,
    _S.OUT_FOR_DELIVERY: _NEWS,
    # Fetched, or kept for too long and sent back.
    _S.READY_FOR_PICKUP: _NEWS,
    # Its label is worth nothing any more; scanned all the same, it goes on.
    _S.CANCELLED: _NEWS,
    # The carrier tries again, gives up, or sends it back.
    _S.DELIVERY_FAILED: _NEWS,
    # Let go by customs; or not.
    _S.CUSTOMS: _NEWS,
    # Lost, then scanned: found.
    _S.LOST: _NEWS,
    # The customer has it: depots upload their scans late, and that is no way back. Only
    # a carrier that takes it back itself says otherwise.
    _S.DELIVERED: frozenset({_S.RETURN_TO_SENDER}),
    # On its way back: the scans of that way are not the customer's, and what is
    # delivered at its end is delivered to the sender. It goes out again as another
    # parcel, or under another number.
    _S.RETURN_TO_SENDER: frozenset(),
}

# Which of two facts of one instant counts as the later one: carriers that know only the
# day tell several of it. What says more of how the journey ends is the later one; a
# return is the last, since a person has to look at it.
RANK: dict[TrackingStatus, int] = {
    status: place
    for place, status in enumerate(
        (
            _S.PENDING,
            _S.PICKED_UP,
            _S.IN_TRANSIT,
            _S.DELAYED,
            _S.CUSTOMS,
            _S.OUT_FOR_DELIVERY,
            _S.DELIVERY_FAILED,
            _S.READY_FOR_PICKUP,
            _S.CANCELLED,
            _S.LOST,
            _S.DELIVERED,
            _S.RETURN_TO_SENDER,
        )
    )
}


@frozen(kw_only=True)
class Whereabouts:
    """
    Where a parcel is.

    Attributes:
        delivered_at: When the customer first had it; only while it is delivered.

        heard_at: When the newest thing said of it happened; None if nothing was said.

        incident: Why it does not go on; None where nobody says, or where it goes on.
    """

    status: TrackingStatus
    delivered_at: datetime | None
    heard_at: datetime | None
    incident: IncidentReason | None


def whereabouts(facts: Iterable[TrackingEvent]) -> Whereabouts:
    """
    Return what follows from *facts*, in whatever order they are given.
    """
    status, since, heard_at = _S.PENDING, None, None
    incident: str = ""
    told = [(fact.happened_at, _S(fact.status), fact.incident) for fact in facts]
    told.sort(key=lambda one: (one[0], RANK[one[1]], one[2]))
    for happened_at, said, why in told:
        heard_at = happened_at
        if said in MOVED_BY[status]:
            status, since, incident = said, happened_at, why
    return Whereabouts(
        status=status,
        delivered_at=since if status is _S.DELIVERED else None,
        heard_at=heard_at,
        incident=IncidentReason(incident) if incident else None,
    )


def span_of(shipped_at: datetime, *, now: datetime) -> tuple[datetime, datetime]:
    """
    Return between which instants something can have happened to a parcel that left at
    *shipped_at*; any other is another parcel's, or told by a clock that is wrong.
    """
    return shipped_at - _BEFORE, now + AHEAD_MAX


def is_about(fact: TrackingEvent, parcel: Parcel) -> bool:
    """
    Tell whether *fact* was said of the number that *parcel* has now.

    What was said of a number that turned out wrong is about somebody else's parcel.
    """
    if not fact.tracking_number:
        return True  # written by a release that did not know of which number it was
    said_of = (fact.carrier, fact.tracking_number)
    return said_of == (parcel.carrier, parcel.tracking_number)
