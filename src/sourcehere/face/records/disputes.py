"""
What is shown of disputes.
"""

from datetime import datetime

from ...domain.disputes.events import DisputedUnits
from ...domain.disputes.model import Dispute
from ...domain.disputes.policy import DisputeReason, Remedy
from ...domain.kernel.clock import NEVER
from ...domain.kernel.ids import DisputeId, OrderId, SellerId
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen


@frozen(kw_only=True)
class DisputeView:
    """
    A seller's after-sales request about units of one order.

    Attributes:
        version: Counts its changes; `accept` takes the one that the seller saw.

        asked_remedy: How the seller wants it to end.

        asked: What the seller wants back; zero where units are to be sent again.

        offered_remedy: What staff offered last; None until they did.

        offered, granted: Zero until staff offered, and until it ended with a refund.

        reship_order_id: The order that sends its units again; empty unless it ended so.

        answer_by: Until when the seller may answer.

        promised_by: Until when staff promised to ask, offer or end it; None while it is
            not their turn, and for no promise.

        is_overdue: Whether that time is over and it is their turn still.

        ended_with: The message of its conversation that says why it ended; empty where
            nobody said, or it has not.
    """

    seller_id: SellerId
    dispute_id: DisputeId
    version: int
    order_id: OrderId
    state: str
    is_open: bool
    reason: DisputeReason
    units: tuple[DisputedUnits, ...]
    asked_remedy: Remedy
    asked: Money
    offered_remedy: Remedy | None
    offered: Money
    granted: Money
    reship_order_id: OrderId
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
        version=dispute.version,
        order_id=dispute.order_id,
        state=dispute.state,
        is_open=dispute.is_open,
        reason=DisputeReason(dispute.reason),
        units=dispute.units,
        asked_remedy=Remedy(dispute.asked_remedy),
        asked=Money(dispute.asked_minor, currency),
        offered_remedy=(
            Remedy(dispute.offered_remedy) if dispute.offered_remedy else None
        ),
        offered=Money(dispute.offered_minor, currency),
        granted=Money(dispute.granted_minor, currency),
        reship_order_id=dispute.reship_order_id,
        opened_at=dispute.opened_at,
        answer_by=dispute.answer_by,
        promised_by=None if dispute.promised_by == NEVER else dispute.promised_by,
        is_overdue=dispute.is_overdue,
        ended_with=dispute.ended_with,
    )
