"""
What shops tell by themselves: kept in the commit that answers them, then followed.
"""

from datetime import datetime

from ..kernel.ids import SellerId, StoreId
from ..kernel.values import frozen


@frozen(kw_only=True)
class InboxEvent:
    """
    Something that a shop told by a webhook; told again, it is the same.

    Attributes:
        event_id: The platform's; unique within the shop.

        topic: What it is about, such as `order_changed`.

        orders: The shop's keys of the orders that it is about.

        state: `waiting`, `done` or `dead`.

        attempts: How often it was begun, but for what was no try.

        next_at: When it is begun next; while somebody is at it, when another may.
            Whoever began it writes nothing once this or the count has changed.

        error: Why it is not done yet, or dead.

        traceparent: Of the request that told it, as W3C Trace Context writes it; empty
            where nobody traced.
    """

    seller_id: SellerId
    store_id: StoreId
    event_id: str
    topic: str
    orders: tuple[str, ...]
    state: str
    attempts: int
    next_at: datetime
    received_at: datetime
    changed_at: datetime
    error: str = ""
    traceparent: str = ""
