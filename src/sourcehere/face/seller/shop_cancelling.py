"""
Orders that a seller has cancelled in the shop that they came from.
"""

from collections.abc import Sequence

from ...domain.stores.cancelling import ShopCancelReason
from ..records.reports import ShopCancelReport
from ..scope import PEOPLE, command
from .stock_telling import StockTellingDesk


class ShopCancellingDesk(StockTellingDesk):
    """
    Has orders cancelled in shops.
    """

    @command(PEOPLE, at_desk=True, outside=True)
    def cancel_orders(
        self,
        store_id: str,
        external_ids: Sequence[str],
        *,
        reason: ShopCancelReason = ShopCancelReason.OTHER,
        command_id: str = "",
    ) -> ShopCancelReport:
        """
        Have whole orders cancelled in their shop, and follow what it says then: what is
        not paid here is cancelled, what is paid is held until somebody decides.

        Nothing is given back to the shop's customer by it; do that in the shop. Asked
        again it is the same, also where the shop did not answer the first time.

        Args:
            external_ids: The shop's own ids, up to a hundred. Those of which a parcel
                has left are not asked for.

        Raises:
            InvalidInputError: If there are none, or too many.

            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is paused or disconnected.

            CancelUnsupportedError: If its platform does not cancel orders for others.
        """
        return self._app.reconciling.cancel_at_shop(
            self._seller_id,
            store_id,
            external_ids,
            reason=reason,
            command_id=command_id,
        )
