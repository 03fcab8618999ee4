"""
What leaves: accepting paid orders, sending parcels, correcting what was said of them.
"""

from collections.abc import Mapping, Sequence

from ...domain.kernel.ids import OrderId, ParcelId
from ...services.sending.correcting import TrackingCorrection
from ...services.sending.shipping import NewParcel
from ..results import OrderState, ParcelSent, Report
from ..scope import STAFF, Desk, command


class ShippingDesk(Desk):
    """
    Sends what is paid, as staff.
    """

    @command(STAFF)
    def accept(
        self, order_ids: Sequence[str], *, command_id: str = ""
    ) -> Report[OrderState]:
        """
        Accept paid orders in the warehouse: they enter the pick queue.

        A refused order is reported, and the rest go on.
        """
        report = self._app.shipping.accept(
            self._seller_id, order_ids, by=self._by, command_id=command_id
        )
        done = {n: OrderState(OrderId(n), state) for n, state in report.done.items()}
        return Report(done, report.failed)

    @command(STAFF)
    def ship(
        self,
        order_id: str,
        *,
        carrier: str,
        tracking_number: str,
        quantities: Mapping[str, int] | None = None,
        leaves_from: str | None = None,
        command_id: str = "",
    ) -> ParcelSent:
        """
        Send one parcel; a store order's shop is told its tracking number.

        Args:
            quantities: Item id -> units in the parcel; everything that is left if not
                given, or is left to leave from there.

            leaves_from: The cloud warehouse that it leaves from; empty for the
                platform's own, where goods are brought that are sourced directly. To be
                said where an order was split and these units are in several places.

        Raises:
            CommandRefusedError: If the order cannot leave now, more than is left is
                named, or its units are in several warehouses and nobody says which.

            NotFoundError: If there is no such warehouse.
        """
        parcel = NewParcel(
            order_id=order_id,
            carrier=carrier,
            tracking_number=tracking_number,
            quantities=quantities,
            leaves_from=leaves_from,
        )
        made = self._app.shipping.ship(
            self._seller_id, parcel, by=self._by, command_id=command_id
        )
        return ParcelSent(OrderId(order_id), ParcelId(made))

    @command(STAFF)
    def ship_many(
        self, parcels: Sequence[NewParcel], *, command_id: str = ""
    ) -> Report[ParcelSent]:
        """
        Send parcels, a hundred a commit; a refused one is reported, the rest go on.

        Returns:
            `carrier/tracking number` -> the parcel.

        Raises:
            InvalidInputError: If two have the same carrier and tracking number. One
                that is empty, or has blanks around it, is refused alone.
        """
        report = self._app.shipping.ship_many(
            self._seller_id, parcels, by=self._by, command_id=command_id
        )
        orders = {f"{p.carrier}/{p.tracking_number}": p.order_id for p in parcels}
        done = {
            name: ParcelSent(OrderId(orders[name]), ParcelId(made))
            for name, made in report.done.items()
        }
        return Report(done, report.failed)

    @command(STAFF)
    def short_ship_rest(self, order_id: str, *, command_id: str = "") -> OrderState:
        """
        Refund what is left of a partly shipped order, and send no more of it. Its
        freight comes back too where everything that was sent is refunded.

        Raises:
            CommandRefusedError: If nothing has left yet, or nothing is left.
        """
        state = self._app.shipping.short_ship_rest(
            self._seller_id, order_id, by=self._by, command_id=command_id
        )
        return OrderState(OrderId(order_id), state)

    @command(STAFF)
    def correct_tracking(
        self,
        order_id: str,
        parcel_id: str,
        *,
        carrier: str,
        tracking_number: str,
        command_id: str = "",
    ) -> None:
        """
        Correct a parcel's tracking number, and tell the shop anew.

        Raises:
            CommandRefusedError: If the order has no such live parcel.

            InvalidInputError: If the carrier or the number is empty, or has blanks
                around it.
        """
        self._app.shipping.correct_tracking(
            self._seller_id,
            order_id,
            parcel_id,
            carrier=carrier,
            tracking_number=tracking_number,
            by=self._by,
            command_id=command_id,
        )

    @command(STAFF)
    def correct_tracking_many(
        self, corrections: Sequence[TrackingCorrection], *, command_id: str = ""
    ) -> Report[ParcelSent]:
        """
        Correct tracking numbers, a hundred a commit, and tell the shops anew; a refused
        one is reported, the rest go on.

        Returns:
            Parcel id -> the parcel.

        Raises:
            InvalidInputError: If a parcel is named twice.
        """
        report = self._app.shipping.correct_tracking_many(
            self._seller_id, corrections, by=self._by, command_id=command_id
        )
        done = {
            name: ParcelSent(OrderId(order_id), ParcelId(name))
            for name, order_id in report.done.items()
        }
        return Report(done, report.failed)

    @command(STAFF)
    def void_parcel(
        self,
        order_id: str,
        parcel_id: str,
        *,
        carrier: str,
        tracking_number: str,
        command_id: str = "",
    ) -> ParcelSent:
        """
        Replace a parcel by another one; its units stay shipped, the shop is told anew.

        Raises:
            CommandRefusedError: If the order has no such live parcel, or its units are
                back in stock.

            InvalidInputError: If the carrier or the number is empty, or has blanks
                around it.
        """
        made = self._app.shipping.void_parcel(
            self._seller_id,
            order_id,
            parcel_id,
            carrier=carrier,
            tracking_number=tracking_number,
            by=self._by,
            command_id=command_id,
        )
        return ParcelSent(OrderId(order_id), ParcelId(made))
