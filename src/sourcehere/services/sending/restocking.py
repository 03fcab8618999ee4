"""
Goods that customers or carriers send back: they become the seller's stock again.

The seller paid for them, so each keeps its cost and the order whose capture bears it.
What was refunded is not the seller's any more, and what an open dispute is about is
nobody's until it ends; and of what is sent again the first unit is the platform's.
"""

from collections import Counter
from collections.abc import Mapping

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import Blocker, CommandRefusedError
from ...domain.kernel.ids import ItemId, LotId, OrderId, SellerId, WarehouseId, new_id
from ...domain.kernel.words import counted
from ...domain.local_stock.model import LocalMovementKind
from ...domain.orders.guards import Ask
from ...domain.orders.holds import PARCEL_TROUBLES
from ...domain.orders.order import Order
from ...domain.wallet.model import RefundedItem
from ...domain.warehouse.model import Lot
from ...unit.seller_unit import SellerUnit
from ...unit.tables.local_stock import LOCAL_MOVEMENTS_OF_ORDER
from ...unit.tables.shipments import PARCELS
from ...unit.tables.warehouse import ALLOCATIONS, WAREHOUSES
from ..base.commands import Given
from ..base.service import Service
from ..refunds.reshipping import reships_of, units_again
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
            CommandRefusedError: If they have not left, are refunded, sent again, back
                or in the local stock already, or an open dispute is about them.

            NotFoundError: If there is no such order or warehouse.
        """

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id)
            unit.need(WAREHOUSES, warehouse_id)
            units = {ItemId(name): q for name, q in quantities.items()}
            order.require("restock", by=by, ask=Ask(quantities=units))
            _require_here(unit, order, units)
            for part in value_sent(unit, order, quantities):
                _shelve(unit, order, part, warehouse_id)
            order.restock(units, WarehouseId(warehouse_id), by=by, at=unit.now)
            _end_troubles(unit, order, by=by)
            return order.state

        request = (order_id, warehouse_id, sorted(quantities.items()))
        given = Given(command_id, "restock", request)
        return self._once(SellerId(seller_id), given, work, str)

    def why_not_restocked(self, seller_id: str, order_id: str) -> tuple[Blocker, ...]:
        """
        Return why no unit of an order can be taken back, though some left and are the
        seller's still: they are in the local stock, or sent again.

        Raises:
            NotFoundError: If there is no such order.
        """

        def work(unit: SellerUnit) -> tuple[Blocker, ...]:
            order = unit.orders.one(order_id, lock=False)
            found = [
                _elsewhere(unit, order, {name: 1})
                for name, item in order.items.items()
                if item.quantity_kept > order.quantity_sent_disputed(name)
            ]
            return tuple(b for one in found for b in one) if all(found) else ()

        return self._read(SellerId(seller_id), work)


def _end_troubles(unit: SellerUnit, order: Order, *, by: Actor) -> None:
    """
    Let go of what is the matter with parcels of which no unit is out any more: all that
    left of the same items is back in stock or refunded, so that nobody has to act.
    """
    held = dict.fromkeys(hold.parcel_id for hold in order.holds if hold.parcel_id)
    for parcel_id in held:
        packed = unit.need(PARCELS, parcel_id).items
        if not any(order.items[ItemId(one.item_id)].quantity_kept for one in packed):
            order.release_parcel_holds(
                PARCEL_TROUBLES, by=by, at=unit.now, parcel_id=parcel_id
            )


def _require_here(unit: SellerUnit, order: Order, units: Mapping[ItemId, int]) -> None:
    """
    Refuse units that the seller took into their local stock, or that were sent again.
    """
    if found := _elsewhere(unit, order, units):
        raise CommandRefusedError(
            kind="order", id=order.order_id, command="restock", blockers=found
        )


def _elsewhere(
    unit: SellerUnit, order: Order, units: Mapping[ItemId, int]
) -> list[Blocker]:
    local, again = _in_local_stock(unit, order), _sent_again(unit, order)
    found: list[Blocker] = []
    for name, quantity in units.items():
        kept = order.items[name].quantity_kept
        free = kept - order.quantity_sent_disputed(name)
        left = max(free - local[name] - again[name], 0)
        if quantity <= left:
            continue
        facts: dict[str, str | int] = {"item": name, "asked": quantity, "left": left}
        if local[name]:
            where = f"{local[name]} are in the seller's local stock"
            found.append(Blocker("in_local_stock", _words(facts, where), facts))
        if again[name]:
            where = f"{again[name]} are sent again, and the platform's if they come"
            found.append(Blocker("units_sent_again", _words(facts, where), facts))
    return found


def _words(facts: Mapping[str, str | int], where: str) -> str:
    return (
        f"item {facts['item']}: {counted(int(facts['asked']), 'unit')} came back, but"
        f" {where}; {facts['left']} can be taken back"
    )


def _in_local_stock(unit: SellerUnit, order: Order) -> Counter[str]:
    found: Counter[str] = Counter()
    for moved in unit.find(LOCAL_MOVEMENTS_OF_ORDER, [(order.order_id,)]):
        if moved.kind == LocalMovementKind.RECEIVED:
            found[moved.item_id] += moved.quantity
    return found


def _sent_again(unit: SellerUnit, order: Order) -> Counter[str]:
    found: Counter[str] = Counter()
    for reship in reships_of(unit, order.order_id):
        found += units_again(reship)
    return found


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
