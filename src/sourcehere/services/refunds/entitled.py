"""
What the policy gives for units of a dispute, given what others were given before.

Every share is the share of the total so far, less the share of the total before. So
units bring the same money in one claim as in many, whatever is settled first.
"""

from collections.abc import Mapping, Sequence

from ...domain.disputes.machine import RESOLVED
from ...domain.disputes.model import Dispute
from ...domain.disputes.policy import ALL, POLICY, DisputeReason
from ...domain.kernel.ids import ItemId
from ...domain.kernel.money import divide_half_up
from ...domain.orders.order import Order
from ...domain.wallet.model import RefundedItem
from ...unit.seller_unit import SellerUnit
from ...unit.tables.disputes import DISPUTES_OF
from ...unit.tables.wallet import REFUNDS_OF
from ...unit.tables.warehouse import LOTS
from .refunding import allocations_of, handling_share, released_in


def freight_left(order: Order) -> int:
    """
    Return the freight and handling that were paid and not refunded yet.
    """
    return order.freight_minor + order.handling_minor - order.freight_refunded_minor


def freight_alone_left(unit: SellerUnit, order: Order) -> int:
    """
    Return the freight that was paid and not refunded yet, without the handling: that is
    for the units from stock, and comes back with these.
    """
    released = released_in(allocations_of(unit, order))
    back = handling_share(order, 0, released)
    return max(order.freight_minor - (order.freight_refunded_minor - back), 0)


def freight_due(
    unit: SellerUnit,
    order: Order,
    quantities: Mapping[str, int],
    *,
    beside: int,
    reason: DisputeReason | None = None,
) -> int:
    """
    Return the freight and handling that come back when *quantities* are refunded.

    They come back with the last units: once every unit is refunded. Where units were
    refunded for a reason that brings no freight, such as damage, the parcel did its
    work, and none comes back, whichever of the units are refunded last. A dispute that
    ended with a reship refunded none.

    Args:
        quantities: Item -> units that are about to be refunded.

        beside: Handling that comes back for these very units.

        reason: Of the dispute that refunds them; None where it is no dispute.
    """
    is_everything = all(
        quantities.get(item.item_id, 0) + item.quantity_refunded >= item.quantity
        for item in order.items.values()
    )
    if not is_everything:
        return 0
    resolved = _resolved(unit, order)
    reasons = [d.reason for d in resolved if not d.reship_order_id]
    reasons += [reason] if reason else []
    points = min([POLICY[DisputeReason(r)].freight_points for r in reasons] or [ALL])
    return divide_half_up((freight_left(order) - beside) * points, ALL)


def goods_due(
    unit: SellerUnit, order: Order, value_minor: int, reason: DisputeReason
) -> int:
    """
    Return the share that *reason* gives of units that cost *value_minor* in full.

    It is rounded half up on the total of all units that were refunded at the same
    share, less what these give: ten claims about half a cent give five cents.
    """
    points = POLICY[reason].goods_points
    if points == ALL:
        return value_minor
    before = sum(_full_values(unit, order, points))
    return divide_half_up((before + value_minor) * points, ALL) - divide_half_up(
        before * points, ALL
    )


def _resolved(unit: SellerUnit, order: Order) -> Sequence[Dispute]:
    found = unit.find(DISPUTES_OF, [(order.order_id,)])
    return [dispute for dispute in found if dispute.state == RESOLVED]


def _full_values(unit: SellerUnit, order: Order, points: int) -> list[int]:
    """
    List what units cost in full that disputes refunded at *points* of it.
    """
    at_points = {
        dispute.dispute_id
        for dispute in _resolved(unit, order)
        if POLICY[DisputeReason(dispute.reason)].goods_points == points
    }
    if not at_points:
        return []
    parts = [
        part
        for refund in unit.find(REFUNDS_OF, [(order.order_id,)])
        if refund.dispute_id in at_points
        for part in refund.items
    ]
    keys = sorted({(p.lot_id,) for p in parts if p.lot_id})
    costs = {str(lot.lot_id): lot.unit_minor for lot in unit.many(LOTS, keys)}
    return [_full_value(order, part, costs) for part in parts]


def _full_value(order: Order, part: RefundedItem, costs: Mapping[str, int]) -> int:
    if not part.lot_id:
        return part.quantity * order.items[ItemId(part.item_id)].unit_minor
    return part.quantity * costs[part.lot_id]
