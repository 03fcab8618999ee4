"""
What an order that sends units of another one again cannot do.
"""

from ..kernel.errors import Blocker
from .guards import Ask, not_accepted
from .model import OrderData


def is_no_reship(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse a reship where its units count with the order that they were paid with.
    """
    if not order.is_reship:
        return None
    words = f"it sends units of order {order.origin_order_id} again: name that one"
    return Blocker("is_reship", words, {"order": order.origin_order_id})


def reship_not_accepted(order: OrderData, ask: Ask) -> Blocker | None:
    """
    Refuse a reship that the warehouse has accepted: nothing of it can be disputed.
    """
    return not_accepted(order, ask) if order.is_reship else None
