"""
Cancelling an order in the shop: its status, and beside it why.
"""

from sourcehere.domain.stores.cancelling import ShopCancelReason
from sourcehere.ports.errors import DeclinedError

from .client import PROVIDER, Client
from .orders import OrderReader

REASON = "sourcehere_cancelled"


def cancel_order(
    client: Client, orders: OrderReader, external_id: str, reason: ShopCancelReason
) -> None:
    """
    Let an order of which nothing was sent be cancelled; its units are put back.

    Raises:
        DeclinedError: If there is no such order, or something of it was sent.
    """
    order = orders.one(external_id)
    if order is None:
        detail = f"there is no order {external_id}"
        raise DeclinedError(provider=PROVIDER, detail=detail)
    if order.cancelled:
        return
    if any(line.quantity_fulfilled for line in order.lines):
        detail = f"something of order {external_id} was sent"
        raise DeclinedError(provider=PROVIDER, detail=detail)
    meta = [{"key": REASON, "value": reason.value}]
    body = {"status": "cancelled", "meta_data": meta}
    client.send("PUT", f"/orders/{external_id}", body, why="cancelling an order")
