"""
Money back before anything left; after that, disputes decide.
"""

from collections.abc import Mapping

from ...domain.kernel.ids import OrderId
from ..records.money import RefundView, refund_of
from ..results import OrderState
from ..scope import STAFF, Desk, command, reading


class RefundsDesk(Desk):
    """
    Shows the refunds of orders, and refunds what has not left.
    """

    @reading()
    def list(self, order_id: str) -> tuple[RefundView, ...]:
        """
        List every refund that counts for an order, oldest first: those of its units,
        and those of units that it bought and another order was served.
        """
        found = self._app.orders.refunds(self._seller_id, order_id)
        return tuple(refund_of(refund, order_id) for refund in found)

    @command(STAFF)
    def refund_units(
        self, order_id: str, quantities: Mapping[str, int], *, command_id: str = ""
    ) -> OrderState:
        """
        Take units out of a paid order before they leave, and refund them, as staff.

        What its shop does not want any more of it then holds it no longer.

        Args:
            quantities: Item id -> units.

        Raises:
            CommandRefusedError: If units have left, or are refunded or disputed.
        """
        state = self._app.orders.refund_units(
            self._seller_id, order_id, quantities, by=self._by, command_id=command_id
        )
        return OrderState(OrderId(order_id), state)

    @command(STAFF)
    def refund_all(self, order_id: str, *, command_id: str = "") -> OrderState:
        """
        End a paid order before anything left, everything refunded, as staff.

        Raises:
            CommandRefusedError: If something has left.
        """
        state = self._app.orders.refund_all(
            self._seller_id, order_id, by=self._by, command_id=command_id
        )
        return OrderState(OrderId(order_id), state)
