"""
Money that the platform gives a seller of its own accord.
"""

import enum
from datetime import datetime

from ..kernel.actor import Actor
from ..kernel.ids import OrderId, SellerId
from ..kernel.values import frozen


class GoodwillReason(enum.StrEnum):
    """
    Why a seller is given money that no refund gives back.
    """

    LATE = "late"
    LOST = "lost"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    QUALITY = "quality"
    SERVICE = "service"  # something else went wrong
    PROMOTION = "promotion"
    OTHER = "other"


@frozen(kw_only=True)
class Goodwill:
    """
    A credit that staff gave; *reference* is unique, so it counts once.

    Attributes:
        order_id: The order that it makes up for; empty where it is about none.

        note: What the person typed.

        taken_back_at: When staff took it back; None while it stands.
    """

    seller_id: SellerId
    reference: str
    amount_minor: int
    currency: str
    reason: GoodwillReason
    order_id: OrderId
    note: str
    given_by: Actor
    given_at: datetime
    taken_back_at: datetime | None
