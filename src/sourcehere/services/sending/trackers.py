"""
The connections that tell where parcels are, and which of them is asked about a parcel.
"""

from collections.abc import Sequence
from functools import partial

from ...domain.kernel.connections import ACTIVE
from ...domain.kernel.errors import SourceHereError
from ...domain.kernel.values import frozen
from ...domain.shipments.model import Parcel, TrackingStatus
from ...doors.answers import Answerer
from ...doors.tracking import carriers_of
from ...ports.hooks import Providers
from ...ports.tracking import SupportsTracking
from ...unit.tables.freight import ProviderConnection
from ..base.asking import ask_here

# Nothing that is said later changes where it is.
_OVER = frozenset({TrackingStatus.DELIVERED, TrackingStatus.RETURN_TO_SENDER})


@frozen(kw_only=True)
class Tracker:
    """
    A connection that tells where parcels are.

    Attributes:
        carriers: Whose parcels it knows, in lower case; none for all.
    """

    name: str
    provider: SupportsTracking
    who: Answerer
    carriers: frozenset[str]


@frozen
class Trackers:
    """
    All of them.

    Attributes:
        failed: Connection -> why it could not be made, or told its carriers.
    """

    all: Sequence[Tracker]
    failed: dict[str, SourceHereError]

    def asked_about(self, parcel: Parcel) -> str:
        """
        Return who is asked about a parcel: who knows its carrier by name, else who
        knows all, the first by name; empty where nobody does.
        """
        carrier = parcel.carrier.strip().casefold()
        for tracker in self.all:
            if carrier in tracker.carriers:
                return tracker.name
        return next((t.name for t in self.all if not t.carriers), "")


def is_under_way(parcel: Parcel) -> bool:
    """
    Tell whether anything that is said of a parcel could move it.
    """
    return not parcel.replaced_by and parcel.status not in _OVER


def trackers_of(
    providers: Providers, connections: Sequence[ProviderConnection]
) -> Trackers:
    """
    Make the providers of active connections that can be asked, by name.
    """
    found: list[Tracker] = []
    failed: dict[str, SourceHereError] = {}
    for connection in connections:
        if connection.state != ACTIVE:
            continue
        name = connection.name
        who = Answerer(connection.provider, name)
        try:
            provider: object = providers.freight_provider(
                connection.provider, connection.config, connection=name
            )
            if isinstance(provider, SupportsTracking):
                known = ask_here(who, partial(carriers_of, provider, who))
                if isinstance(known, Exception):
                    raise known
                found.append(
                    Tracker(name=name, provider=provider, who=who, carriers=known)
                )
        except SourceHereError as error:
            failed[name] = error
    return Trackers(found, failed)
