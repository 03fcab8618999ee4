"""
The seller's local stock: goods that lie at their own place.
"""

from ...domain.kernel.checks import Prose
from ...domain.kernel.ids import OrderId
from ...domain.local_stock.model import LocalMovement, LocalStock
from ...unit.tables.local_stock import (
    LOCAL_MOVEMENTS_OF_SELLER,
    LOCAL_MOVEMENTS_OF_VARIANT,
    LOCAL_STOCK_OF,
)
from ..lists import Page
from ..results import OrderState, ReceivedLocally
from ..scope import PEOPLE, Desk, command, reading


class LocalStockDesk(Desk):
    """
    Shows the local stock, and records what comes and goes.

    Orders of shops are served from it by `shop.orders.serve_from_local_stock`.
    """

    @reading()
    def list(self, *, after: str = "", limit: int = 50) -> Page[LocalStock]:
        """
        List how many units of each variant there are, by variant; those of which none
        is left, too.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._mine(
            LOCAL_STOCK_OF, convert=lambda row: row, after=after, limit=limit
        )

    @reading()
    def get(self, variant_id: str) -> LocalStock:
        """
        Return how many units of a variant there are.

        Raises:
            NotFoundError: If there never were any.
        """
        return self._app.local_stock.get(self._seller_id, variant_id)

    @reading()
    def movements(
        self, *, variant_id: str = "", after: str = "", limit: int = 50
    ) -> Page[LocalMovement]:
        """
        List what came and went, newest first, of one variant where asked.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        if variant_id:
            return self._mine(
                LOCAL_MOVEMENTS_OF_VARIANT,
                variant_id,
                convert=lambda row: row,
                after=after,
                limit=limit,
                descending=True,
            )
        return self._mine(
            LOCAL_MOVEMENTS_OF_SELLER,
            convert=lambda row: row,
            after=after,
            limit=limit,
            descending=True,
        )

    @command(PEOPLE)
    def receive(self, order_id: str, *, command_id: str = "") -> ReceivedLocally:
        """
        Take what arrived of a manual order into the local stock: units that left in
        parcels, are not refunded, and were not taken in before. Done again, it adds
        only what has left since.

        Raises:
            CommandRefusedError: If it is no manual order, or nothing of it has left.
        """
        units = self._app.local_stock.receive(
            self._seller_id, order_id, by=self._by, command_id=command_id
        )
        return ReceivedLocally(OrderId(order_id), units)

    @command(PEOPLE, at_desk=True)
    def count(
        self,
        variant_id: str,
        on_hand: int,
        *,
        note: Prose = "",
        command_id: str = "",
    ) -> LocalStock:
        """
        Set the units of a variant to what was counted.

        Args:
            note: Why there are more or fewer; shown with the movement, and kept for
                ever: it names nobody.

        Raises:
            NotFoundError: If the platform has no such variant.

            InvalidInputError: If *on_hand* is below zero or too large.
        """
        return self._app.local_stock.count(
            self._seller_id,
            variant_id,
            on_hand,
            by=self._by,
            note=note,
            command_id=command_id,
        )

    @command(PEOPLE, at_desk=True)
    def sell(
        self,
        variant_id: str,
        quantity: int,
        *,
        note: Prose = "",
        command_id: str = "",
    ) -> LocalStock:
        """
        Take units of a variant out that were sold by hand.

        Args:
            note: Why; shown with the movement, and kept for ever: it names nobody.

        Raises:
            NotFoundError: If the platform has no such variant.

            TooLittleLocalStockError: If there are not as many.

            InvalidInputError: If *quantity* is not positive.
        """
        return self._app.local_stock.sell(
            self._seller_id,
            variant_id,
            quantity,
            by=self._by,
            note=note,
            command_id=command_id,
        )

    @command(PEOPLE)
    def put_back(self, order_id: str, *, command_id: str = "") -> OrderState:
        """
        Put the units of an order that was served from the local stock back, once: the
        order stays cancelled, as if the seller had cancelled it.

        Raises:
            CommandRefusedError: If it was not served from there, or is put back
                already.
        """
        state = self._app.local_stock.put_back(
            self._seller_id, order_id, by=self._by, command_id=command_id
        )
        return OrderState(OrderId(order_id), state)
