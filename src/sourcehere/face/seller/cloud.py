"""
The seller's stock in the cloud warehouse ("Yuncang" in the product).
"""

from collections.abc import Mapping

from ...domain.kernel.checks import Prose
from ...domain.kernel.ids import OrderId
from ...domain.warehouse.model import StockView
from ...services.sending.cloud import Count
from ...unit.tables.warehouse import LOTS_OF, MOVEMENTS_OF, STOCK_COUNTS_OF
from ..lists import Page
from ..records.goods import (
    LotView,
    StockCountView,
    StockMovement,
    count_of,
    lot_of,
    movement_of,
)
from ..results import OrderState
from ..scope import STAFF, Desk, command, reading


class CloudDesk(Desk):
    """
    Shows the stock, and records what is sent to a warehouse and counted there.

    What a receipt counts of an order is `receive`; what lies there later is `count`.
    """

    @reading()
    def stock(self) -> tuple[StockView, ...]:
        """
        Return what is incoming, on hand, allocated and available, per warehouse and
        variant.
        """
        return self._app.cloud.stock(self._seller_id)

    @reading()
    def lots(self, *, after: str = "", limit: int = 50) -> Page[LotView]:
        """
        List the lots, oldest first.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._mine(LOTS_OF, convert=lot_of, after=after, limit=limit)

    @reading()
    def movements(
        self, lot_id: str, *, after: str = "", limit: int = 50
    ) -> Page[StockMovement]:
        """
        List every change of a lot, oldest first; what is on hand is their sum.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._mine(
            MOVEMENTS_OF, lot_id, convert=movement_of, after=after, limit=limit
        )

    @reading()
    def counts(self, *, after: str = "", limit: int = 50) -> Page[StockCountView]:
        """
        List what was counted, newest first.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._mine(
            STOCK_COUNTS_OF,
            convert=count_of,
            after=after,
            limit=limit,
            descending=True,
        )

    @command(STAFF)
    def count(
        self,
        warehouse_id: str,
        variant_id: str,
        on_hand: int,
        *,
        refunds: bool = False,
        note: Prose = "",
        command_id: str = "",
    ) -> StockCountView:
        """
        Set the units of a variant in a warehouse to what was counted, as staff.

        Args:
            refunds: Give the seller back what missing units cost.

            note: Why there are more or fewer; the seller sees it.

        Raises:
            CommandRefusedError: If fewer are counted than are bound to paid orders, or
                more than came and did not leave.

            NotFoundError: If there is no such warehouse or variant.

            InvalidInputError: If *on_hand* is below zero or too large.
        """
        made = self._app.cloud.count(
            self._seller_id,
            warehouse_id,
            variant_id,
            on_hand,
            by=self._by,
            refunds=refunds,
            note=note,
            command_id=command_id,
        )
        return count_of(made)

    @command(STAFF)
    def dispatch(self, order_id: str, *, command_id: str = "") -> OrderState:
        """
        Send a paid cloud-warehouse order's goods to the warehouse, as staff.

        Raises:
            CommandRefusedError: If it is not paid, or of another kind.
        """
        state = self._app.cloud.dispatch(
            self._seller_id, order_id, by=self._by, command_id=command_id
        )
        return OrderState(OrderId(order_id), state)

    @command(STAFF)
    def consign(
        self, order_id: str, carrier: str, tracking_number: str, *, command_id: str = ""
    ) -> OrderState:
        """
        Record that goods of a cloud-warehouse order left for the warehouse by a
        carrier, as staff: its timeline tells it to the seller. An order may have
        several; a carrier's number counts once.

        Raises:
            CommandRefusedError: If it was never sent, or is of another kind.

            InvalidInputError: If there is no carrier or number, or it has blanks around
                it, or a spreadsheet has rounded it.
        """
        state = self._app.cloud.consign(
            self._seller_id,
            order_id,
            carrier,
            tracking_number,
            by=self._by,
            command_id=command_id,
        )
        return OrderState(OrderId(order_id), state)

    @command(STAFF)
    def receive(
        self, order_id: str, counts: Mapping[str, Count], *, command_id: str = ""
    ) -> OrderState:
        """
        Record what a warehouse counted, as staff; good units become lots.

        Units beyond what was sent, or that turn up once everything is settled, are
        never a lot: they open a hold for staff.

        Args:
            counts: Item id -> what was counted of it.

        Raises:
            CommandRefusedError: If nothing was ever on its way.

            InvalidInputError: If a count is negative, or an item unknown.
        """
        state = self._app.cloud.receive(
            self._seller_id, order_id, counts, by=self._by, command_id=command_id
        )
        return OrderState(OrderId(order_id), state)

    @command(STAFF)
    def restock(
        self,
        order_id: str,
        warehouse_id: str,
        quantities: Mapping[str, int],
        *,
        command_id: str = "",
    ) -> OrderState:
        """
        Take units that a customer or carrier sent back into the seller's stock, as
        staff; broken ones are not.

        They cost what they cost before, and cannot be disputed any more. The order
        stays as it is; once no unit of a parcel is out any more, what was the matter
        with it is none.

        Args:
            quantities: Item id -> good units.

        Raises:
            CommandRefusedError: If they have not left, are refunded, back or in the
                local stock already, or an open dispute is about them.

            NotFoundError: If there is no such order or warehouse.
        """
        state = self._app.cloud.restock(
            self._seller_id,
            order_id,
            warehouse_id,
            quantities,
            by=self._by,
            command_id=command_id,
        )
        return OrderState(OrderId(order_id), state)

    @command(STAFF)
    def write_off_rest(self, order_id: str, *, command_id: str = "") -> OrderState:
        """
        Settle what never came, and refund it, as staff.

        Raises:
            CommandRefusedError: If nothing is outstanding, or it is held.
        """
        state = self._app.cloud.write_off_rest(
            self._seller_id, order_id, by=self._by, command_id=command_id
        )
        return OrderState(OrderId(order_id), state)
