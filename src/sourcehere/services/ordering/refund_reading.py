"""
Which refunds an order has to do with: those of its units, and those of units that it
bought and another order was served.
"""

from collections.abc import Iterable, Mapping

from ...domain.kernel.events import Event
from ...domain.kernel.ids import OrderId, RefundId
from ...domain.kernel.money import Money
from ...domain.orders.events import OrderRefunded
from ...domain.orders.model import OrderData
from ...domain.wallet.model import Refund
from ...unit.seller_unit import SellerUnit
from ...unit.tables.orders import ORDERS
from ...unit.tables.wallet import REFUNDS, REFUNDS_OF
from ..refunds.refunding import MOVED


def refunds_of(
    unit: SellerUnit, order_id: str, events: Iterable[Event]
) -> tuple[Refund, ...]:
    """
    Return every refund that counts for an order, oldest first.

    Args:
        events: All that happened to it. Those of units that it bought for another order
            are found by them: the refund itself is that order's.
    """
    own = {refund.refund_id: refund for refund in unit.find(REFUNDS_OF, [(order_id,)])}
    told = {event.refund_id for event in events if isinstance(event, OrderRefunded)}
    others = unit.many(REFUNDS, [(name,) for name in sorted(told - own.keys())])
    return tuple(sorted([*own.values(), *others], key=lambda one: one.refund_id))


def handling_of(
    order: OrderData, events: Iterable[Event], refunds: Iterable[Refund]
) -> Mapping[RefundId, int]:
    """
    Return how much of the freight of each refund of an order is handling, in minor
    units, as it was booked: what comes back is handling first, but for an address that
    the way is cheaper to.
    """
    moved = {refund.refund_id for refund in refunds if refund.reason == MOVED}
    found: dict[RefundId, int] = {}
    left = order.handling_minor
    for event in events:
        if isinstance(event, OrderRefunded) and event.refund_id not in moved:
            found[event.refund_id] = min(event.freight_minor, left)
            left -= found[event.refund_id]
    return found


def said_of_others(
    unit: SellerUnit, order_id: str, refunds: Iterable[Refund]
) -> Mapping[RefundId, str]:
    """
    Say of each refund what other orders have to do with it; nothing of one with which
    none has. Orders are named by their numbers, one that is gone by its id.
    """
    paid_by = {refund.refund_id: _paid_by(refund) for refund in refunds}
    whose = {refund.refund_id: refund.order_id for refund in refunds}
    names = {name for paid in paid_by.values() for name in paid} | {*whose.values()}
    others = unit.many(ORDERS, [(name,) for name in sorted(names - {order_id})])
    # Without their lines: stock may have served thousands of them.
    numbers = {name: name for name in names} | {o.order_id: o.number for o in others}
    said: dict[RefundId, str] = {}
    for name, paid in paid_by.items():
        if whose[name] != order_id:
            said[name] = f", for units that order {numbers[whose[name]]} was served"
        else:
            said[name] = "".join(
                f", and {amount} of what order {numbers[buyer]} paid for its stock"
                for buyer, amount in paid.items()
                if buyer != order_id
            )
    return said


def _paid_by(refund: Refund) -> dict[OrderId, Money]:
    """
    Sum what each order's payment gives back of the units.
    """
    sums: dict[OrderId, Money] = {}
    for part in refund.items:
        before = sums.get(part.captured_by, Money.zero(refund.currency))
        sums[part.captured_by] = before + Money(part.amount_minor, refund.currency)
    return sums
