"""
Paying one order within a unit of work: money captured and stock bound, together.
"""

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import ItemId, LotId, new_id
from ...domain.orders.events import OrderPaid
from ...domain.orders.lines import PaidItem
from ...domain.orders.order import Order
from ...domain.wallet.model import Account, OrderPlan, transaction
from ...domain.warehouse.model import Allocation, Movement, MovementKind
from ...unit.seller_unit import SellerUnit
from ...unit.tables.warehouse import ALLOCATIONS, LOTS, MOVEMENTS


def pay_order(unit: SellerUnit, order: Order, plan: OrderPlan, *, by: Actor) -> None:
    """
    Capture what *plan* says, and bind the lots that it picks.

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
            by=by,
            occurred_at=unit.now,
        ),
        by=by,
    )
    for pick in plan.picks:
        _bind(unit, order, pick.item_id, pick.lot_id, pick.quantity)
    unit.post(
        transaction(
            [
                (Account.WALLET_AVAILABLE, -plan.total_minor),
                (Account.GOODS, plan.goods_minor),
                (Account.FREIGHT, plan.freight_minor),
                (Account.HANDLING, plan.handling_minor),
            ],
            seller_id=unit.seller_id,
            transaction_id=new_id(),
            currency=order.currency,
            purpose="capture",
            reference=order.order_id,
            at=unit.now,
        )
    )


def _bind(
    unit: SellerUnit, order: Order, item_id: str, lot_id: str, quantity: int
) -> None:
    item = ItemId(item_id)
    unit.add(LOTS, lot_id, allocated=quantity)
    unit.insert(
        ALLOCATIONS,
        Allocation(
            seller_id=unit.seller_id,
            order_id=order.order_id,
            item_id=item,
            lot_id=LotId(lot_id),
            quantity=quantity,
            quantity_shipped=0,
            quantity_released=0,
            quantity_refunded=0,
        ),
    )
    unit.insert(
        MOVEMENTS,
        Movement(
            seller_id=unit.seller_id,
            lot_id=LotId(lot_id),
            movement_id=new_id(),
            kind=MovementKind.ALLOCATED.value,
            quantity=quantity,
            order_id=order.order_id,
            item_id=item,
            moved_at=unit.now,
        ),
    )
