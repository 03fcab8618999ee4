"""
Goods that customers or carriers send back: they become the seller's stock again.

The seller paid for them, so each keeps its cost and the order whose capture bears it.
What was refunded is not the seller's any more, and what an open dispute is about is
nobody's until it ends.
"""

from collections.abc import Mapping

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import Blocker, CommandRefusedError
from ...domain.kernel.ids import ItemId, LotId, OrderId, SellerId, WarehouseId, new_id
from ...domain.local_stock.model import LocalMovementKind
from ...domain.orders.guards import Ask
from ...domain.orders.order import Order
from ...domain.wallet.model import RefundedItem
from ...domain.warehouse.model import Lot
from ...unit.seller_unit import SellerUnit
from ...unit.tables.local_stock import LOCAL_MOVEMENTS_OF_ORDER
from ...unit.tables.warehouse import ALLOCATIONS, WAREHOUSES
from ..base.commands import Given
from ..base.service import Service
from ..refunds.valuing import value_sent


class Restocking(Service):
    """
    Takes goods back into cloud warehouses.
    """

    def restock(
        self,
        seller_id: str,
        order_id: str,
        warehouse_id: str,
        quantities: Mapping[str, int],
        *,
        by: Actor,
        command_id: str = "",
    ) -> str:
        """
        Take units that came back from a customer, or from a carrier, into the seller's
        stock; broken ones are not.

        Args:
            quantities: Item -> good units.

        Returns:
            The order's state, which stays.

        Raises:
            CommandRefusedError: If they have not left, are refunded, back or in the
                local stock already, or an open dispute is about them.

            NotFoundError: If there is no such order or warehouse.
        """

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id)
            unit.need(WAREHOUSES, warehouse_id)
            units = {ItemId(name): q for name, q in quantities.items()}
            order.require("restock", by=by, ask=Ask(quantities=units))
            _require_not_local(unit, order, units)
            for part in value_sent(unit, order, quantities):
                _shelve(unit, order, part, warehouse_id)
            order.restock(units, WarehouseId(warehouse_id), by=by, at=unit.now)
            return order.state

        request = (order_id, warehouse_id, sorted(quantities.items()))
        given = Given(command_id, "restock", request)
        return self._once(SellerId(seller_id), given, work, str)


def _require_not_local(
    unit: SellerUnit, order: Order, units: Mapping[ItemId, int]
) -> None:
    """
    Refuse units that the seller took into their local stock.
    """
    there: dict[str, int] = {}
    for moved in unit.find(LOCAL_MOVEMENTS_OF_ORDER, [(order.order_id,)]):
        if moved.kind == LocalMovementKind.RECEIVED:
            there[moved.item_id] = there.get(moved.item_id, 0) + moved.quantity
    for name, quantity in units.items():
        left = order.items[name].quantity_kept - there.get(name, 0)
        if quantity <= left:
            continue
        words = (
            f"item {name}: {quantity} units came back, but {there[name]} are in the"
            f" seller's local stock; {max(left, 0)} can be taken back"
        )
        facts: dict[str, str | int] = {"item": name, "asked": quantity, "left": left}
        raise CommandRefusedError(
            kind="order",
            id=order.order_id,
            command="restock",
            blockers=[Blocker("in_local_stock", words, facts)],
        )


def _shelve(
    unit: SellerUnit, order: Order, part: RefundedItem, warehouse_id: str
) -> None:
    """
    Make a lot of units that came back, which cost what they cost before.
    """
    item = order.items[ItemId(part.item_id)]
    lot = Lot(
        seller_id=unit.seller_id,
        lot_id=LotId(new_id()),
        warehouse_id=WarehouseId(warehouse_id),
        variant_id=item.variant_id,
        order_id=OrderId(part.captured_by),
        item_id=ItemId(part.captured_item),
        quantity_received=part.quantity,
        on_hand=part.quantity,
        allocated=0,
        unit_minor=part.amount_minor // part.quantity,
        currency=order.currency,
        arrived_at=unit.now,
        returned_order_id=order.order_id,
        returned_item_id=item.item_id,
        returned_lot_id=LotId(part.lot_id),
    )
    unit.stock.receive(lot)
    if part.lot_id:
        unit.add(
            ALLOCATIONS,
            order.order_id,
            item.item_id,
            part.lot_id,
            quantity_returned=part.quantity,
        )
