"""
Cancelling an order in the shop.
"""

from sourcehere.domain.stores.cancelling import ShopCancelReason
from sourcehere_http.cancelling import is_to_cancel

from .client import PROVIDER, Client
from .orders import VendureOrders


def cancel_order(
    client: Client, orders: VendureOrders, external_id: str, reason: ShopCancelReason
) -> None:
    """
    Let an order of which nothing was sent be cancelled; Vendure itself would cancel one
    that was shipped, too.

    Raises:
        DeclinedError: If there is no such order, something of it was sent, or Vendure
            says no.
    """
    if not is_to_cancel(orders.one(external_id), external_id, provider=PROVIDER):
        return
    wanted = {"orderId": external_id, "reason": reason.value}
    client.change("cancel", "cancelOrder", input=wanted)
