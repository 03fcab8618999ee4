"""
The stock book: each change of a lot, booked with the movement that explains it.
"""

import weakref

from ...domain.kernel.ids import ItemId, LotId, OrderId, SellerId, new_id
from ...domain.warehouse.model import Allocation, Lot
from ...domain.warehouse.movements import EFFECTS, Movement, MovementKind
from ..base import Unit
from ..tables.warehouse import ALLOCATIONS, LOTS, MOVEMENTS


class StockBook:
    """
    The stock that a unit of work moves; checks refuse what a lot does not have.
    """

    def __init__(self, unit: Unit, seller_id: SellerId) -> None:
        # The unit has this book: with a circle, what it read would wait for the
        # collector of garbage.
        self._unit: Unit = weakref.proxy(unit)
        self._seller_id = seller_id

    def receive(self, lot: Lot) -> None:
        """
        Put a new lot on the shelf, with what a receipt counted, or what came back.
        """
        self._unit.insert(LOTS, lot)
        kind, order_id, item_id = MovementKind.RECEIVED, lot.order_id, lot.item_id
        if lot.returned_order_id:
            kind = MovementKind.RETURNED
            order_id, item_id = lot.returned_order_id, lot.returned_item_id
        self._write(kind, lot.quantity_received, lot.lot_id, order_id, item_id)

    def bind(
        self, lot_id: LotId, quantity: int, *, order_id: OrderId, item_id: ItemId
    ) -> None:
        """
        Bind units of a lot to an item of an order that is paid in this commit.
        """
        self._unit.insert(
            ALLOCATIONS,
            Allocation(
                seller_id=self._seller_id,
                order_id=order_id,
                item_id=item_id,
                lot_id=lot_id,
                quantity=quantity,
                quantity_shipped=0,
                quantity_released=0,
                quantity_refunded=0,
            ),
        )
        self._move(MovementKind.ALLOCATED, quantity, lot_id, order_id, item_id)

    def release(self, bound: Allocation, quantity: int) -> None:
        """
        Return bound units to the seller's stock.
        """
        self._settle(MovementKind.RELEASED, bound, quantity, "quantity_released")

    def ship(self, bound: Allocation, quantity: int) -> None:
        """
        Let bound units leave the warehouse.
        """
        self._settle(MovementKind.SHIPPED, bound, quantity, "quantity_shipped")

    def remove(
        self, lot_id: LotId, quantity: int, *, order_id: OrderId, item_id: ItemId
    ) -> None:
        """
        Take free units out of a lot: they are refunded to the seller.
        """
        self._move(MovementKind.REMOVED, quantity, lot_id, order_id, item_id)

    def lose(
        self, lot_id: LotId, quantity: int, *, order_id: OrderId, item_id: ItemId
    ) -> None:
        """
        Take free units out of a lot that a count did not find.
        """
        self._move(MovementKind.LOST, quantity, lot_id, order_id, item_id)

    def find(
        self, lot_id: LotId, quantity: int, *, order_id: OrderId, item_id: ItemId
    ) -> None:
        """
        Put units back into a lot that a count found again.
        """
        self._move(MovementKind.FOUND, quantity, lot_id, order_id, item_id)

    def _settle(
        self, kind: MovementKind, bound: Allocation, quantity: int, column: str
    ) -> None:
        place = (bound.order_id, bound.item_id, bound.lot_id)
        self._unit.add(ALLOCATIONS, *place, **{column: quantity})
        self._move(kind, quantity, bound.lot_id, bound.order_id, bound.item_id)

    def _move(
        self,
        kind: MovementKind,
        quantity: int,
        lot_id: LotId,
        order_id: OrderId,
        item_id: ItemId,
    ) -> None:
        effect = EFFECTS[kind]
        self._unit.add(
            LOTS,
            lot_id,
            on_hand=effect.on_hand * quantity,
            allocated=effect.allocated * quantity,
        )
        self._write(kind, quantity, lot_id, order_id, item_id)

    def _write(
        self,
        kind: MovementKind,
        quantity: int,
        lot_id: LotId,
        order_id: OrderId,
        item_id: ItemId,
    ) -> None:
        self._unit.insert(
            MOVEMENTS,
            Movement(
                seller_id=self._seller_id,
                lot_id=lot_id,
                movement_id=new_id(),
                kind=kind.value,
                quantity=quantity,
                order_id=order_id,
                item_id=item_id,
                moved_at=self._unit.now,
            ),
        )
