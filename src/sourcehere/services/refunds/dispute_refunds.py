"""
What a dispute is about, the most it can bring, and paying it.
"""

from collections.abc import Mapping, Sequence

import attrs

from ...domain.disputes.model import (
    Dispute,
)
from ...domain.disputes.policy import POLICY, DisputeReason, Remedy
from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import DisputeId, ItemId
from ...domain.kernel.values import frozen
from ...domain.orders.kinds import KINDS
from ...domain.orders.lines import ItemQuantity
from ...domain.orders.machine import AWAITING_SHIPPING, SENDING_STATES
from ...domain.orders.order import Order
from ...domain.wallet.model import RefundedItem
from ...unit.seller_unit import SellerUnit
from .cloud_refunds import settle_cloud_units, value_of_cloud_units
from .entitled import freight_due, goods_due
from .refunding import Reason, book_refund
from .settling import settle_unsent
from .valuing import scaled, value_sent, value_unsent


@frozen(kw_only=True)
class NewDispute:
    """
    What a seller disputes.

    Attributes:
        quantities: Item -> units.

        asked_minor: What the seller wants back; None for the most the policy gives.

        remedy: How the seller wants it to end; to be sent again costs nothing, and
            nothing is given back.

        evidence: Kind of evidence (`description`, `photo`) -> text or reference.
    """

    order_id: str
    reason: DisputeReason
    quantities: Mapping[str, int]
    evidence: Mapping[str, str] = attrs.field(factory=dict)
    asked_minor: int | None = None
    remedy: Remedy = Remedy.REFUND


@frozen
class CancelAnswer:
    """
    What a request to cancel came to.

    Attributes:
        state: The order's.

        dispute_id: The dispute that stops it; None where it was cancelled at once.
    """

    state: str
    dispute_id: DisputeId | None


@frozen
class Settled:
    """
    How a dispute ended, and what was refunded.

    Attributes:
        reship_order_id: The order that sends its units again; empty for none.
    """

    state: str
    refunded_minor: int
    currency: str
    reship_order_id: str = ""


def is_received(order: Order) -> bool:
    """
    Tell whether units are counted by a cloud warehouse instead of sent to a customer.
    """
    return KINDS[order.kind].ends_in_stock and order.state != AWAITING_SHIPPING


def _split(
    order: Order, reason: DisputeReason, quantities: Mapping[str, int]
) -> tuple[dict[str, int], dict[str, int]]:
    """
    Split *quantities* into units that have not left and units that have.

    A dispute about unsent units may end after some of them were sent all the same.
    """
    before = POLICY[reason].is_about_unsent and order.state in SENDING_STATES
    unsent = {
        name: min(q, order.items[ItemId(name)].quantity_left) if before else 0
        for name, q in quantities.items()
    }
    sent = {name: q - unsent[name] for name, q in quantities.items()}
    return (
        {name: q for name, q in unsent.items() if q},
        {name: q for name, q in sent.items() if q},
    )


def most_refundable(unit: SellerUnit, order: Order, new: NewDispute) -> int:
    """
    Return the most that the policy refunds for the units, as things are now.

    Shares are rounded half up on the total so far, and the last units of an order bring
    its freight along.
    """
    if is_received(order):
        parts: Sequence[RefundedItem] = value_of_cloud_units(order, new.quantities)
        goods = sum(p.amount_minor for p in parts)
        return goods_due(unit, order, goods, new.reason)
    unsent, sent = _split(order, new.reason, new.quantities)
    value = sum(p.amount_minor for p in value_sent(unit, order, sent))
    waiting = value_unsent(unit, order, unsent)
    goods = goods_due(unit, order, value + waiting.amount_minor, new.reason)
    beside = waiting.handling_minor
    return goods + freight_due(
        unit, order, new.quantities, beside=beside, reason=new.reason
    )


def may_be_on_its_way(reason: DisputeReason) -> bool:
    """
    Tell whether a dispute about a cloud-warehouse order may be about units that no
    warehouse has counted: one about unsent ones may end after they were sent.
    """
    return reason in (DisputeReason.NOT_RECEIVED, DisputeReason.CANCEL)


def pay_dispute(
    unit: SellerUnit, order: Order, dispute: Dispute, amount: int, *, by: Actor
) -> int:
    """
    Refund *amount* for the disputed units: unsent ones are taken out, sent ones paid.
    """
    why = Reason("dispute", by, dispute.dispute_id)
    reason = DisputeReason(dispute.reason)
    quantities = {units.item_id: units.quantity for units in dispute.units}
    if is_received(order):
        is_lost = may_be_on_its_way(reason)
        settle_cloud_units(unit, order, quantities, is_lost=is_lost, by=by)
        parts = scaled(value_of_cloud_units(order, quantities), amount)
        book_refund(unit, order, parts, freight_minor=0, why=why)
        order.close_when_settled(by=by, at=unit.now)
        return sum(part.amount_minor for part in parts)
    unsent, sent = _split(order, reason, quantities)
    paid = 0
    if sent:
        parts = scaled(value_sent(unit, order, sent), amount)
        paid = sum(part.amount_minor for part in parts)
        freight = 0 if unsent else amount - paid
        book_refund(unit, order, parts, freight_minor=freight, why=why)
        paid += freight
    if unsent:
        taken = order.take_out_unsent(
            {ItemId(n): q for n, q in unsent.items()}, by=by, at=unit.now
        )
        gone = [ItemQuantity(n, q) for n, q in taken.items()]
        paid += settle_unsent(unit, order, gone, why, amount=amount - paid)
    return paid
