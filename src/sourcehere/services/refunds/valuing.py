"""
What units are worth: those that have not left, and those that have.
"""

from collections.abc import Mapping, Sequence

import attrs

from ...domain.kernel.ids import ItemId
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...domain.orders.order import Order
from ...domain.wallet.model import RefundedItem
from ...domain.warehouse.model import Allocation
from ...unit.seller_unit import SellerUnit
from ...unit.tables.warehouse import LOTS
from .refunding import allocations_of, handling_share, released_in


@frozen
class Unsent:
    """
    What units that have not left are worth, and how much of that is handling.
    """

    amount_minor: int
    handling_minor: int


def value_unsent(
    unit: SellerUnit, order: Order, quantities: Mapping[str, int]
) -> Unsent:
    """
    Return what `release_unsent` would refund for units that have not left.
    """
    by_item = allocations_of(unit, order)
    total = from_lots = 0
    for name, quantity in quantities.items():
        item = order.items[ItemId(name)]
        waiting = sum(a.quantity_bound for a in by_item.get(name, []))
        direct = min(quantity, item.quantity_left - waiting)
        total += item.unit_minor * direct
        from_lots += quantity - direct
    handling = handling_share(order, released_in(by_item), from_lots)
    return Unsent(total + handling, handling)


def value_sent(
    unit: SellerUnit, order: Order, quantities: Mapping[str, int]
) -> tuple[RefundedItem, ...]:
    """
    Return what units that have left and did not come back are worth in full; directly
    sourced ones first.
    """
    by_item = allocations_of(unit, order)
    parts: list[RefundedItem] = []
    for name, quantity in quantities.items():
        item = order.items[ItemId(name)]
        bound = by_item.get(name, [])
        undone = sum(a.quantity_released + a.quantity_refunded for a in bound)
        shipped_lots = sum(a.quantity_shipped for a in bound)
        direct_refunded = item.quantity_refunded - undone
        direct_cancelled = item.quantity_cancelled - sum(
            a.quantity_released for a in bound
        )
        direct_sent = item.quantity_shipped - shipped_lots
        direct_back = item.quantity_returned - sum(a.quantity_returned for a in bound)
        gone = direct_refunded - direct_cancelled + direct_back
        direct = min(quantity, direct_sent - gone)
        if direct > 0:
            parts.append(
                RefundedItem(
                    name, direct, direct * item.unit_minor, order.order_id, name
                )
            )
        rest = quantity - max(direct, 0)
        parts.extend(_value_of_lots(unit, name, bound, rest))
    return tuple(parts)


def _value_of_lots(
    unit: SellerUnit, name: str, bound: Sequence[Allocation], quantity: int
) -> list[RefundedItem]:
    lots = {lot.lot_id: lot for lot in unit.many(LOTS, [(a.lot_id,) for a in bound])}
    parts: list[RefundedItem] = []
    for allocation in bound:
        gone = allocation.quantity_refunded + allocation.quantity_returned
        units = min(quantity, allocation.quantity_shipped - gone)
        if units:
            quantity -= units
            lot = lots[allocation.lot_id]
            parts.append(
                RefundedItem(
                    name,
                    units,
                    units * lot.unit_minor,
                    lot.order_id,
                    lot.item_id,
                    lot.lot_id,
                )
            )
    assert quantity == 0
    return parts


def scaled(parts: Sequence[RefundedItem], amount: int) -> tuple[RefundedItem, ...]:
    """
    Return *parts* with *amount* in all, split by their full value; nothing is lost.
    """
    full = sum(part.amount_minor for part in parts)
    if amount >= full:
        return tuple(parts)
    # The currency does not matter: XXX is ISO 4217's code for none.
    shares = Money(amount, "XXX").split([part.amount_minor for part in parts])
    return tuple(
        attrs.evolve(part, amount_minor=share.minor)
        for part, share in zip(parts, shares, strict=True)
    )
