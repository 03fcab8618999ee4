"""
Labels of one seller's parcels: bought, voided, printed.
"""

from collections.abc import Mapping

from ...ports.labels import LabelFile
from ...services.sending.label_plans import NewLabel
from ..records.labels import LabelView, view_of_label
from ..scope import STAFF, Desk, command, reading


class LabelsDesk(Desk):
    """
    Buys labels from carriers, as staff. What they cost is the platform's: sellers paid
    the freight that was quoted, and see no label.
    """

    @command(STAFF, at_desk=True, outside=True)
    def buy(
        self,
        order_id: str,
        *,
        method: str,
        quantities: Mapping[str, int] | None = None,
        leaves_from: str | None = None,
        command_id: str = "",
    ) -> LabelView:
        """
        Buy a label for a parcel, and send it with the number that the carrier says; a
        store order's shop is told it, as `shipping.ship` does.

        What is bought is kept with its key before the carrier is asked. Its units can
        leave, and be refunded, no other way until it is known what became of it. Where
        nobody knows yet, the answer's `state` is `unknown` and workers ask again with
        the same key; so does the same command. It is never bought twice.

        Args:
            method: What the carrier is to sell, such as `card:std`; a short code where
                one connection only has it.

            quantities: Item id -> units in the parcel; everything that is left if not
                given, or is left to leave from there.

            leaves_from: The cloud warehouse that it leaves from, as `shipping.ship` has
                it.

        Raises:
            CommandRefusedError: If the order cannot leave now, more than is left is
                named, or a label is being bought for its units: `label_open` names it.

            LabelsUnsupportedError: If no connection, or not the one named, sells any.

            UnknownMethodError: If none of them has such a method.

            AmbiguousMethodError: If several have it.

            DeclinedError: If the carrier does not sell it, or its connection rests;
                nothing was bought, and the units are free.
        """
        new = NewLabel(
            order_id=order_id,
            method=method,
            quantities=quantities,
            leaves_from=leaves_from,
        )
        label = self._app.labels.buy(
            self._seller_id, new, by=self._by, command_id=command_id
        )
        return view_of_label(label)

    @command(STAFF, at_desk=True, outside=True)
    def void(self, parcel_id: str, *, command_id: str = "") -> LabelView:
        """
        Have the carrier take back the label that a parcel left with.

        The parcel is then not carried (`TrackingStatus.CANCELLED`), and its order is
        held until staff replace it with `shipping.void_parcel`, or refund it.

        Raises:
            NotFoundError: If no label was bought for such a parcel.

            CommandRefusedError: If it is void, or being voided.

            DeclinedError: If the carrier does not take it back, or its connection
                rests; nothing changed.
        """
        label = self._app.labels.void(self._seller_id, parcel_id, command_id=command_id)
        return view_of_label(label)

    @reading(STAFF)
    def file(self, parcel_id: str) -> LabelFile:
        """
        Return what is printed on a parcel: a PDF, a PNG or ZPL, as the carrier has it.
        The carrier is asked each time; nothing of it is kept.

        Raises:
            NotFoundError: If no label was bought for such a parcel.

            CommandRefusedError: If it is void.

            ProviderError: If the carrier has none, or does not answer.
        """
        return self._app.labels.file(self._seller_id, parcel_id)

    @reading(STAFF)
    def list(self, order_id: str) -> tuple[LabelView, ...]:
        """
        List the labels of an order, oldest first, with what each cost; those that were
        not bought, too.
        """
        found = self._app.labels.of_order(self._seller_id, order_id)
        return tuple(view_of_label(label) for label in found)

    @reading(STAFF)
    def get(self, label_id: str) -> LabelView:
        """
        Return one label.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return view_of_label(self._app.labels.get(self._seller_id, label_id))
