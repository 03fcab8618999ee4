"""
What happens to parcels on their way, as their carrier scans it, and who asks for it.
"""

import json
from collections.abc import Sequence
from datetime import timedelta

from ...domain.shipments.model import TrackingStatus
from .people import Act, Person
from .trackers import SCANS
from .truth import KnownParcel
from .world import World

_S = TrackingStatus
_STATUSES = (*_S, *3 * (_S.PICKED_UP, _S.IN_TRANSIT, _S.OUT_FOR_DELIVERY))


class Scanner(Person):
    """
    Scans parcels for a carrier that is asked, and lets it tell that something happened.
    """

    likely = 0.4

    def __init__(self, world: World) -> None:
        super().__init__(world, "scanner")

    def acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do.
        """
        return (
            (4, self._wait),
            (6, self._scan),
            (3, self._hint),
            (2, self._ask_now),
        )

    def _wait(self) -> None:
        self.world.scheduler.step()

    def _some_parcel(self) -> KnownParcel | None:
        live = self.world.truth.live_parcels()
        found: KnownParcel | None = self.one(live[-25:])
        return found

    def _scan(self) -> None:
        parcel = self._some_parcel()
        if parcel is not None:
            ago = timedelta(minutes=self.number(0, 600))
            happened_at = self.world.clock.now() - ago
            status = self.one(_STATUSES)
            self.world.scans.tracker.scan(parcel.number, status, happened_at)

    def _hint(self) -> None:
        parcel = self._some_parcel()
        if parcel is not None:
            body = json.dumps([parcel.number, "of-somebody-else"]).encode()
            self.app.tracking.receive(SCANS, headers={}, body=body)

    def _ask_now(self) -> None:
        parcel = self._some_parcel()
        if parcel is not None:
            self.app.tracking.ask([parcel.number])
