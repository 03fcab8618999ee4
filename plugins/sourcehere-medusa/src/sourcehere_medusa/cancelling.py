"""
Cancelling an order in the shop.
"""

from sourcehere.ports.errors import DeclinedError

from .client import PROVIDER, Client
from .orders import OrderReader


def cancel_order(client: Client, orders: OrderReader, external_id: str) -> None:
    """
    Let an order of which nothing was sent be cancelled. Medusa takes no reason, and
    gives back by itself what was captured.

    Raises:
        DeclinedError: If there is no such order, something of it was sent, or Medusa
            says no.
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
    path, wanted = f"/orders/{external_id}/cancel", {"fields": "id"}
    client.send(path, {}, "order", wanted, why="cancelling an order")
