"""
What is shown of disputes.
"""

from datetime import datetime

from ...domain.disputes.events import DisputedUnits
from ...domain.disputes.model import Dispute
from ...domain.disputes.policy import DisputeReason
from ...domain.kernel.clock import NEVER
from ...domain.kernel.ids import DisputeId, OrderId, SellerId
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen


@frozen(kw_only=True)
class DisputeView:
    """
    A seller's after-sales request about units of one order.

    Attributes:
        asked: What the seller wants back.

        offered, granted: Zero until staff offered, and until it ended with a refund.

        answer_by: Until when the seller may answer.

        promised_by: Until when staff promised to ask, offer or end it; None while it is
            not their turn, and for no promise.

        is_overdue: Whether that time is over and it is their turn still.

        ended_with: The message of its conversation that says why it ended; empty where
            nobody said, or it has not.
    """

    seller_id: SellerId
    dispute_id: DisputeId
    order_id: OrderId
    state: str
    is_open: bool
    reason: DisputeReason
    units: tuple[DisputedUnits, ...]
    asked: Money
    offered: Money
    granted: Money
    opened_at: datetime | None
    answer_by: datetime | None
    promised_by: datetime | None
    is_overdue: bool
    ended_with: str


def dispute_of(dispute: Dispute) -> DisputeView:
    """
    Return what may be shown of *dispute*.
    """
    currency = dispute.currency
    return DisputeView(
        seller_id=dispute.seller_id,
        dispute_id=dispute.dispute_id,
        order_id=dispute.order_id,
        state=dispute.state,
        is_open=dispute.is_open,
        reason=DisputeReason(dispute.reason),
        units=dispute.units,
        asked=Money(dispute.asked_minor, currency),
        offered=Money(dispute.offered_minor, currency),
        granted=Money(dispute.granted_minor, currency),
        opened_at=dispute.opened_at,
        answer_by=dispute.answer_by,
        promised_by=None if dispute.promised_by == NEVER else dispute.promised_by,
        is_overdue=dispute.is_overdue,
        ended_with=dispute.ended_with,
    )
