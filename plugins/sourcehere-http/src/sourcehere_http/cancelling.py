"""
Whether an order is still to be cancelled in its shop.
"""

from sourcehere.domain.stores.model import StoreOrderSnapshot
from sourcehere.ports.errors import DeclinedError


def is_to_cancel(
    order: StoreOrderSnapshot | None, external_id: str, *, provider: str
) -> bool:
    """
    Look at an order as the shop tells it: False if it is cancelled already.

    Raises:
        DeclinedError: If there is none, or something of it was sent.
    """
    if order is None:
        detail = f"there is no order {external_id}"
        raise DeclinedError(provider=provider, detail=detail)
    if order.cancelled:
        return False
    if any(line.quantity_fulfilled for line in order.lines):
        detail = f"something of order {external_id} was sent"
        raise DeclinedError(provider=provider, detail=detail)
    return True
