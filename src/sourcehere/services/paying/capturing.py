"""
Paying one order within a unit of work: money captured and stock bound, together.
"""

from datetime import datetime

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import ItemId, LotId
from ...domain.orders.events import OrderPaid
from ...domain.orders.lines import PaidItem
from ...domain.orders.order import Order
from ...domain.wallet.model import Account, OrderPlan
from ...unit.seller_unit import SellerUnit


def pay_order(
    unit: SellerUnit,
    order: Order,
    plan: OrderPlan,
    *,
    promised_by: datetime,
    by: Actor,
) -> None:
    """
    Capture what *plan* says, and bind the lots that it picks.

    Args:
        promised_by: Until when the order has to leave.

    Raises:
        CommandRefusedError: If the order does not await payment, or is held.
    """
    order.pay(
        OrderPaid(
            state="",
            checkout_id=plan.checkout_id,
            method=plan.method,
            goods_minor=plan.goods_minor,
            freight_minor=plan.freight_minor,
            handling_minor=plan.handling_minor,
            items=tuple(
                PaidItem(
                    ItemId(i.item_id),
                    i.unit_minor,
                    i.quantity_from_lots,
                )
                for i in plan.items
            ),
            parcels=plan.contents.parcels,
            promised_by=promised_by,
            by=by,
            occurred_at=unit.now,
        ),
        by=by,
    )
    for pick in plan.picks:
        unit.stock.bind(
            LotId(pick.lot_id),
            pick.quantity,
            order_id=order.order_id,
            item_id=ItemId(pick.item_id),
        )
    unit.book(
        [
            (Account.WALLET_AVAILABLE, -plan.total_minor),
            (Account.GOODS, plan.goods_minor),
            (Account.FREIGHT, plan.freight_minor),
            (Account.HANDLING, plan.handling_minor),
        ],
        currency=order.currency,
        purpose="capture",
        reference=order.order_id,
    )
