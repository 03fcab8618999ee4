"""
Parcels of all sellers, as staff find, send and correct them.
"""

from collections.abc import Sequence

from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import OrderId, ParcelId
from ...domain.shipments.model import Parcel
from ...services.sending.correcting import TrackingCorrection
from ...services.sending.shipping import NewParcel, require_named_once
from ..results import ParcelSent, Report
from ..scope import STAFF, Desk, command, reading
from .across import across


class AllParcelsDesk(Desk):
    """
    Finds parcels across sellers, and sends and corrects many at a time.

    Each is done or refused by itself; sent again with the same `command_id`, a command
    goes on with what was not done.
    """

    @reading(STAFF)
    def find(self, tracking_number: str) -> tuple[Parcel, ...]:
        """
        Find parcels by tracking number, of all sellers.

        A tracking number is a carrier's, and two carriers may use the same one.
        """
        return self._app.tracking.find(tracking_number)

    @command(STAFF, at_desk=True)
    def ship_many(
        self, parcels: Sequence[NewParcel], *, command_id: str = ""
    ) -> Report[ParcelSent]:
        """
        Send parcels of orders of any sellers, as `shipping.ship_many` does.

        Returns:
            `carrier/tracking number` -> the parcel.

        Raises:
            InvalidInputError: If two have the same carrier and tracking number.
        """
        require_named_once([f"{p.carrier}/{p.tracking_number}" for p in parcels])
        items = {f"{p.carrier}/{p.tracking_number}": (p.order_id, p) for p in parcels}
        return across(
            self._app,
            items,
            lambda seller_id, mine: self._app.shipping.ship_many(
                seller_id, mine, by=self._by, command_id=command_id
            ),
            lambda name, made: ParcelSent(OrderId(items[name][0]), ParcelId(made)),
        )

    @command(STAFF, at_desk=True)
    def correct_tracking_many(
        self, corrections: Sequence[TrackingCorrection], *, command_id: str = ""
    ) -> Report[ParcelSent]:
        """
        Correct tracking numbers of parcels of any sellers, and tell the shops anew.

        Returns:
            Parcel id -> the parcel.

        Raises:
            InvalidInputError: If a parcel is named twice.
        """
        items = {one.parcel_id: (one.order_id, one) for one in corrections}
        if len(items) != len(corrections):
            raise InvalidInputError(
                field="corrections", value=len(corrections), expected="each parcel once"
            )
        return across(
            self._app,
            items,
            lambda seller_id, mine: self._app.shipping.correct_tracking_many(
                seller_id, mine, by=self._by, command_id=command_id
            ),
            lambda name, order_id: ParcelSent(OrderId(order_id), ParcelId(name)),
        )
