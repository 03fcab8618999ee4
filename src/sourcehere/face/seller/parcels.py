"""
Parcels on their way, and what carriers say about them.
"""

from collections.abc import Sequence

from ...domain.kernel.ids import ParcelId
from ...domain.shipments.model import Parcel, TrackingEvent
from ...domain.shipments.sources import TELLERS
from ...services.sending.tracking import TrackingFact
from ..results import FactsRecorded, Report
from ..scope import Desk, command, reading


class ParcelsDesk(Desk):
    """
    Shows parcels, and records tracking.
    """

    @reading()
    def get(self, parcel_id: str) -> Parcel:
        """
        Return one parcel.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return self._app.tracking.parcel(self._seller_id, parcel_id)

    @reading()
    def of_order(self, order_id: str) -> tuple[Parcel, ...]:
        """
        List the parcels of an order, oldest first.
        """
        return self._app.tracking.parcels(self._seller_id, order_id)

    @reading()
    def find(self, tracking_number: str) -> tuple[Parcel, ...]:
        """
        Find this seller's parcels by tracking number.
        """
        found = self._app.tracking.find(tracking_number)
        return tuple(p for p in found if p.seller_id == self._seller_id)

    @reading()
    def events(self, parcel_id: str) -> tuple[TrackingEvent, ...]:
        """
        List what carriers said about a parcel, in the order it happened.
        """
        return self._app.tracking.events(self._seller_id, parcel_id)

    @command(TELLERS, at_desk=True)
    def record(
        self, facts: Sequence[TrackingFact], *, command_id: str = ""
    ) -> Report[FactsRecorded]:
        """
        Record what carriers said. A fact is refused only for its time: at that nothing
        can have happened to the parcel. Then nothing of that parcel's is recorded.

        A fact that is known changes nothing. Where a parcel is follows from when things
        happened, not from when they were told. When every parcel of an order is
        delivered and nothing is left to send, the order is fulfilled. While something
        is the matter with a parcel, its order is held.

        Returns:
            Parcel -> how many of its facts were new. Unknown parcels are in `failed`,
            and those of which one fact is from more than 30 days before the parcel
            left, or from more than two days ahead.
        """
        report = self._app.tracking.record(
            self._seller_id, facts, by=self._by, command_id=command_id
        )
        done = {n: FactsRecorded(ParcelId(n), new) for n, new in report.done.items()}
        return Report(done, report.failed)
