"""
A dispute with its order, to change both; and what its seller asked for.
"""

from ...domain.disputes.events import DisputeSubmitted
from ...domain.disputes.model import Dispute
from ...domain.disputes.policy import DisputeReason
from ...domain.kernel.ids import OrderId
from ...domain.orders.order import Order
from ...unit.seller_unit import SellerUnit
from ...unit.streams import events_of
from ...unit.tables.disputes import DISPUTES_OF
from .dispute_refunds import NewDispute, most_refundable


def load_dispute(unit: SellerUnit, dispute_id: str) -> tuple[Order, Dispute]:
    """
    Return a dispute and its order, which is locked first, as everywhere.

    Raises:
        NotFoundError: If the seller has none of that id.
    """
    order = unit.orders.one(order_of_dispute(unit, dispute_id))
    return order, unit.disputes.one(dispute_id)


def order_of_dispute(unit: SellerUnit, dispute_id: str) -> OrderId:
    """
    Return the order that a dispute is about.

    Raises:
        NotFoundError: If the seller has none of that id.
    """
    return unit.need(DISPUTES_OF.records, dispute_id).order_id


def most_of(unit: SellerUnit, order: Order, dispute: Dispute) -> int:
    """
    Return the most that the policy gives for the units of *dispute* now.
    """
    new = NewDispute(
        order_id=dispute.order_id,
        reason=DisputeReason(dispute.reason),
        quantities={units.item_id: units.quantity for units in dispute.units},
    )
    return most_refundable(unit, order, new)


def asks_most(unit: SellerUnit, dispute: Dispute) -> bool:
    """
    Tell whether the seller asked for whatever the policy gives; its first event says.
    """
    events = events_of(unit.session, unit.seller_id, dispute.dispute_id)
    return any(isinstance(e, DisputeSubmitted) and e.asks_most for e in events)
