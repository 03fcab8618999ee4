"""
Orders that sellers write themselves.
"""

from collections.abc import Sequence

from ...domain.kernel.address import Address
from ...domain.kernel.ids import OrderId
from ...services.ordering.drafts import Wanted
from ..results import OrderState
from ..scope import SELLER, Desk, command


class DraftsDesk(Desk):
    """
    Drafts manual and cloud-warehouse orders, and places them.
    """

    @command(SELLER)
    def manual(
        self,
        wanted: Sequence[Wanted],
        address: Address,
        *,
        number: str = "",
        draws_on_stock: bool = False,
        command_id: str = "",
    ) -> OrderState:
        """
        Draft a manual order: samples, bulk for a physical shop, local stock.

        Args:
            number: What people call it; its id if not given.

            draws_on_stock: Take the seller's cloud stock first.

        Raises:
            NotFoundError: If a variant is not on sale.

            InvalidInputError: If nothing is wanted, or a quantity is not positive.
        """
        made = self._app.drafts.create_manual(
            self._seller_id,
            wanted,
            address,
            by=self._by,
            number=number,
            draws_on_stock=draws_on_stock,
            command_id=command_id,
        )
        return OrderState(OrderId(made), "draft")

    @command(SELLER)
    def cloud(
        self,
        warehouse_id: str,
        wanted: Sequence[Wanted],
        *,
        number: str = "",
        command_id: str = "",
    ) -> OrderState:
        """
        Draft an order of stock for a cloud warehouse.

        Raises:
            NotFoundError: If there is no such warehouse, or a variant is not on sale.

            InvalidInputError: If nothing is wanted, or a quantity is not positive.
        """
        made = self._app.drafts.create_cloud(
            self._seller_id,
            warehouse_id,
            wanted,
            by=self._by,
            number=number,
            command_id=command_id,
        )
        return OrderState(OrderId(made), "draft")

    @command(SELLER)
    def place(self, order_id: str, *, command_id: str = "") -> OrderState:
        """
        Place a draft: from now on it waits for payment.

        Raises:
            CommandRefusedError: If it is no draft, or a cloud-warehouse order has fewer
                units of a variant than its minimum.
        """
        state = self._app.drafts.place(
            self._seller_id, order_id, by=self._by, command_id=command_id
        )
        return OrderState(OrderId(order_id), state)
