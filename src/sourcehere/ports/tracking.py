"""
What a carrier, or a service that asks many, implements to tell where parcels are.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

import attrs

from ..domain.kernel.checks import PERSONAL
from ..domain.kernel.values import frozen
from ..domain.shipments.model import IncidentReason, TrackingStatus


@frozen(kw_only=True)
class TrackedNumber:
    """
    A number to ask about, as it was told when the parcel was sent.

    Attributes:
        carrier: Who carries it, as staff write it.
    """

    carrier: str
    tracking_number: str
    shipped_at: datetime


@frozen(kw_only=True)
class CarrierFact:
    """
    One thing that a carrier says of a number.

    Attributes:
        key: Of what happened, the same however often it is told, and no other's of the
            same number; 1 to 200 characters. Where the carrier has none, its time,
            status and place together.

        status: One of the twelve. A carrier's word that is none of them is the one that
            says least, such as `IN_TRANSIT`; what says nothing is left out.

        happened_at: With a zone.

        place: Where, for people; no name of a person.

        incident: Why the parcel does not go on, if it says so.
    """

    key: str
    status: TrackingStatus
    happened_at: datetime
    place: str = attrs.field(default="", metadata=PERSONAL)
    incident: IncidentReason | None = None


@runtime_checkable
class SupportsTracking(Protocol):
    """
    A freight provider that can be asked where parcels are.

    It is asked by workers, every `Settings.track_every` for each parcel that has not
    arrived. A call that takes longer than `Settings.track_within` is given up.
    """

    def carriers(self) -> Sequence[str]:
        """
        List the carriers whose parcels it knows, as staff write them, in any case; none
        where it knows those of all. Pure: nobody is asked.
        """
        ...

    def track(
        self, numbers: Sequence[TrackedNumber], /
    ) -> "Sequence[Sequence[CarrierFact] | Exception]":
        """
        Return all that is known of each number, in the order of *numbers*: up to
        forty.

        In place of facts, for a number that the carrier does not know, a
        `DeclinedError`; for one that it cannot tell of now, another `ProviderError`.

        Raises:
            ProviderError: If it answers for none of them.
        """
        ...


@runtime_checkable
class SupportsTrackingWebhooks(Protocol):
    """
    A freight provider that tells by itself that something happened to a parcel.
    """

    def verify_tracking(
        self, body: bytes, headers: Mapping[str, str], /
    ) -> Sequence[str]:
        """
        Check the signature of what was received, and return the tracking numbers that
        it is about: they are asked for at the next round. Pure: asks nobody, keeps
        nothing.

        None for what has no content, such as a ping.

        Args:
            body: Exactly as it came: a signature is of these bytes.

            headers: By their names in lower case.

        Raises:
            SignatureError: If the signature is missing or wrong.

            ProtocolError: If it is right, and the content makes no sense.
        """
        ...
