"""
A carrier that knows where parcels are, with a back door that the adapter knows nothing
of.
"""

from datetime import datetime
from typing import Protocol

from ...domain.kernel.values import frozen
from ...domain.shipments.model import IncidentReason, TrackingStatus
from ...ports.tracking import SupportsTracking, TrackedNumber
from .faults import FaultLine


@frozen(kw_only=True)
class Scan:
    """
    What happened to a parcel, as the carrier has it.
    """

    status: TrackingStatus
    happened_at: datetime
    place: str = ""
    incident: IncidentReason | None = None


class TrackingLab(Protocol):
    """
    A carrier, from behind: nothing here goes through the adapter.

    Attributes:
        line: Every request of the adapter asks it (`meet`) what it meets.
    """

    line: FaultLine

    def connect(self) -> SupportsTracking:
        """
        Make a new adapter for the carrier.
        """
        ...

    def announced(self) -> TrackedNumber:
        """
        Announce another parcel, and return its number; nothing has happened to it.
        """
        ...

    def unknown(self) -> TrackedNumber:
        """
        Return a number that the carrier does not know.
        """
        ...

    def happens(self, number: TrackedNumber, scan: Scan, /) -> None:
        """
        Let something happen to a parcel; scans may come late, in any order.
        """
        ...


class HintingLab(Protocol):
    """
    A tracking lab whose carrier tells by itself that something happened.
    """

    def webhook(self, number: TrackedNumber, /) -> tuple[dict[str, str], bytes]:
        """
        Return the headers and the body that the carrier would post of a number.
        """
        ...
