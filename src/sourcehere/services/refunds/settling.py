"""
Settling units that were paid and will not be sent: what ends with them, what goes back.
"""

from collections.abc import Sequence

from ...domain.kernel.actor import Actor
from ...domain.orders.lines import ItemQuantity
from ...domain.orders.order import Order
from ...unit.seller_unit import SellerUnit
from .refunding import Reason, book_refund, release_unsent, scaled


def end_and_refund(unit: SellerUnit, order: Order, *, command: str, by: Actor) -> None:
    """
    End a paid order before anything left, and refund everything.
    """
    gone = order.refund_rest(command=command, by=by, at=unit.now)
    parts = release_unsent(unit, order, gone)
    book_refund(
        unit,
        order,
        parts,
        freight_minor=freight_left(order),
        why=Reason("cancelled", by),
    )


def freight_left(order: Order) -> int:
    """
    Return the freight and handling that were paid and not refunded yet.
    """
    return order.freight_minor + order.handling_minor - order.freight_refunded_minor


def settle_unsent(
    unit: SellerUnit,
    order: Order,
    gone: Sequence[ItemQuantity],
    why: Reason,
    *,
    amount: int | None = None,
) -> int:
    """
    Refund units that were taken out before they left; end what has nothing left.

    Args:
        amount: What was agreed for them; None for everything that was paid.

    Returns:
        What was refunded, in minor units.
    """
    parts = release_unsent(unit, order, gone)
    is_over = order.is_everything_sent and not order.parcels
    freight = freight_left(order) if is_over else 0
    if amount is not None:
        parts = scaled(parts, amount)
        rest = amount - sum(part.amount_minor for part in parts)
        freight = min(freight_left(order), rest)
    book_refund(unit, order, parts, freight_minor=freight, why=why)
    if is_over:
        order.end_refunded(by=why.by, at=unit.now)
    elif order.is_everything_sent and order.can("short_ship_rest"):
        order.close_short(by=why.by, at=unit.now)
    return sum(part.amount_minor for part in parts) + freight
