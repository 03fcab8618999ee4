"""
Parcels of all sellers, as staff find them.
"""

from ...domain.shipments.model import Parcel
from ..scope import STAFF, Desk, reading


class ParcelsSearchDesk(Desk):
    """
    Finds parcels across sellers.
    """

    @reading(STAFF)
    def find(self, tracking_number: str) -> tuple[Parcel, ...]:
        """
        Find parcels by tracking number, of all sellers.

        A tracking number is a carrier's, and two carriers may use the same one.
        """
        return self._app.tracking.find(tracking_number)
