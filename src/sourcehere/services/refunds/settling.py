"""
Settling units that were paid and will not be sent: what ends with them, what goes back.
"""

from collections.abc import Sequence

from ...domain.kernel.actor import Actor
from ...domain.orders.lines import ItemQuantity
from ...domain.orders.order import Order
from ...unit.seller_unit import SellerUnit
from .entitled import freight_due, freight_left
from .refunding import Reason, book_refund, handling_in, release_unsent
from .valuing import scaled


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
        freight_minor=freight_left(order) - handling_in(order, parts),
        why=Reason("rejected", by) if command == "reject" else Reason("cancelled", by),
    )


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

    Units from stock bring their share of the handling along, and the last units of an
    order its freight.

    Args:
        amount: What was agreed for them; None for everything that was paid.

    Returns:
        What was refunded, in minor units.
    """
    parts = release_unsent(unit, order, gone)
    if amount is None:
        units = {str(one.item_id): one.quantity for one in gone}
        beside = handling_in(order, parts)
        freight = freight_due(unit, order, units, beside=beside)
    else:
        # What the policy gives beyond the units, handling among it, is freight that is
        # left: no amount that was agreed is more.
        parts = scaled(parts, amount)
        freight = amount - sum(part.amount_minor for part in parts)
    book_refund(unit, order, parts, freight_minor=freight, why=why)
    if order.is_everything_sent and not order.parcels:
        order.end_refunded(by=why.by, at=unit.now)
    elif order.is_everything_sent and order.can("short_ship_rest"):
        order.close_short(by=why.by, at=unit.now)
    return sum(part.amount_minor for part in parts) + freight
