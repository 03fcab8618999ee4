"""
Goodwill as sellers see it.
"""

from datetime import datetime

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import OrderId
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...domain.wallet.goodwill import Goodwill, GoodwillReason


@frozen(kw_only=True)
class GoodwillView:
    """
    A credit that staff gave.

    Attributes:
        order_id: The order that it makes up for; empty where it is about none.

        note: What was typed beside it.

        taken_back_at: When it was taken back; None while it stands.
    """

    reference: str
    amount: Money
    reason: GoodwillReason
    order_id: OrderId
    note: str
    given_by: Actor
    given_at: datetime
    taken_back_at: datetime | None


def goodwill_of(given: Goodwill) -> GoodwillView:
    """
    Return *given* with its amount as money.
    """
    return GoodwillView(
        reference=given.reference,
        amount=Money(given.amount_minor, given.currency),
        reason=given.reason,
        order_id=given.order_id,
        note=given.note,
        given_by=given.given_by,
        given_at=given.given_at,
        taken_back_at=given.taken_back_at,
    )
