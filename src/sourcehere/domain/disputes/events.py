"""
What happens to a dispute.
"""

from datetime import datetime

from ..kernel.clock import NEVER
from ..kernel.events import Event, named
from ..kernel.ids import OrderId
from ..kernel.values import frozen
from .policy import Remedy


@frozen
class DisputedUnits:
    """
    Units of one item of the order.
    """

    item_id: str
    quantity: int


@named("dispute.submitted")
@frozen(kw_only=True)
class DisputeSubmitted(Event):
    """
    A seller disputed units of an order.

    Attributes:
        asked_minor: What the seller wants back; the policy caps it. Zero where the
            units are to be sent again.

        asks_most: Whether the seller wants whatever the policy gives when it is
            granted; *asked_minor* is what that was when it was opened.

        promised_by: Until when staff promised to do something; NEVER for no promise.

        remedy: How the seller wants it to end.

        evidence: Kinds of evidence given that a policy asks for; the evidence itself,
            and what else was given, is in messages.
    """

    state: str
    order_id: OrderId
    reason: str
    units: tuple[DisputedUnits, ...]
    asked_minor: int
    currency: str
    evidence: tuple[str, ...]
    asks_most: bool = False
    promised_by: datetime = NEVER
    remedy: str = Remedy.REFUND.value


@named("dispute.moved")
@frozen(kw_only=True)
class DisputeMoved(Event):
    """
    It was taken, asked about, answered, countered, withdrawn, rejected or expired.

    Attributes:
        promised_by: Until when staff promised to do something about what the seller
            answered; NEVER for no promise.

        message_id: The message of its conversation that says why; empty for none.
    """

    command: str
    state: str
    answer_by: datetime | None = None
    promised_by: datetime = NEVER
    message_id: str = ""


@named("dispute.offered")
@frozen(kw_only=True)
class DisputeOffered(Event):
    """
    Staff offered a refund, or to send the units again.
    """

    state: str
    amount_minor: int
    answer_by: datetime | None = None
    remedy: str = Remedy.REFUND.value


@named("dispute.resolved")
@frozen(kw_only=True)
class DisputeResolved(Event):
    """
    It ended with a refund, or with an order that sends the units again.

    Attributes:
        reship_order_id: That order; empty where money was refunded.
    """

    state: str
    amount_minor: int
    reship_order_id: OrderId = OrderId("")


@named("dispute.overdue")
@frozen(kw_only=True)
class DisputeOverdue(Event):
    """
    Staff did nothing about it until when they promised to.
    """
