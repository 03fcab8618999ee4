"""
Cancelling an order in the shop: its status, and beside it why.
"""

from sourcehere.domain.stores.cancelling import ShopCancelReason
from sourcehere_http.cancelling import is_to_cancel

from .client import PROVIDER, Client
from .orders import WooOrders

REASON = "sourcehere_cancelled"


def cancel_order(
    client: Client, orders: WooOrders, external_id: str, reason: ShopCancelReason
) -> None:
    """
    Let an order of which nothing was sent be cancelled; its units are put back.

    Raises:
        DeclinedError: If there is no such order, or something of it was sent.
    """
    if not is_to_cancel(orders.one(external_id), external_id, provider=PROVIDER):
        return
    meta = [{"key": REASON, "value": reason.value}]
    body = {"status": "cancelled", "meta_data": meta}
    client.send("PUT", f"/orders/{external_id}", body, why="cancelling an order")
