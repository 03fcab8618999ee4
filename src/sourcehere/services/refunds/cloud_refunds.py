"""
Disputes about cloud-warehouse orders: what of a delivery can still be refunded.

Of what was not received, units still on their way come first: they are written off.
Units counted damaged or missing cost the seller money and brought nothing: they come
next. Good units are refunded only while no customer's order has them, and leave the
seller's stock with the refund.
"""

from collections.abc import Mapping, Sequence

from ...domain.disputes.policy import DisputeReason
from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import Blocker, CommandRefusedError
from ...domain.kernel.ids import ItemId
from ...domain.kernel.words import counted
from ...domain.orders.lines import Item, ItemQuantity
from ...domain.orders.order import Order
from ...domain.wallet.model import RefundedItem
from ...domain.warehouse.model import Lot
from ...domain.warehouse.movements import MovementKind
from ...unit.seller_unit import SellerUnit
from ...unit.tables.disputes import DISPUTES_OF
from ...unit.tables.warehouse import (
    LOTS_OF_VARIANT,
    MOVEMENTS_OF,
    STOCK_LEVELS,
)


def _lots_of(
    unit: SellerUnit, order: Order, item: Item, *, lock: bool = True
) -> list[Lot]:
    found = unit.find(LOTS_OF_VARIANT, [(item.variant_id,)], lock=lock)
    mine = (order.order_id, item.item_id)
    return [lot for lot in found if (lot.order_id, lot.item_id) == mine]


def _broken_left(unit: SellerUnit, item: Item, lots: Sequence[Lot]) -> int:
    """
    Count the units that came damaged or not at all and are not refunded.
    """
    # Units cancelled before dispatch or written off were refunded as such, and what
    # was refunded while nothing was broken yet left the lots.
    settled = item.quantity_written_off + item.quantity_cancelled
    removed = sum(
        moved.quantity
        for moved in unit.find(MOVEMENTS_OF, [(lot.lot_id,) for lot in lots])
        if moved.kind == MovementKind.REMOVED
    )
    refunded = item.quantity_refunded - settled - removed
    return max(item.quantity_damaged + item.quantity_missing - refunded, 0)


def disputable(
    unit: SellerUnit, order: Order, item_id: str, *, is_lost: bool, lock: bool
) -> int:
    """
    Count the units of an item that one more dispute may be about.

    Args:
        is_lost: Whether units that no warehouse has counted yet are among them.

        lock: Whether its lots stay as they are until the commit; who only asks locks
            nothing.
    """
    item = order.items[ItemId(item_id)]
    lots = _lots_of(unit, order, item, lock=lock)
    here = _broken_left(unit, item, lots) + sum(lot.available for lot in lots)
    lost, arrived = _disputed(unit, order, item)
    # Units on their way come first where a loss is disputed, then those that came.
    coming = item.quantity_outstanding - lost
    here -= arrived - min(coming, 0)
    return max(here, 0) + (max(coming, 0) if is_lost else 0)


def _disputed(unit: SellerUnit, order: Order, item: Item) -> tuple[int, int]:
    """
    Count the units of an item that open disputes call lost, or otherwise wrong.
    """
    lost = arrived = 0
    for dispute in unit.find(DISPUTES_OF, [(order.order_id,)]):
        units = sum(u.quantity for u in dispute.units if u.item_id == item.item_id)
        if dispute.is_open and dispute.reason == DisputeReason.NOT_RECEIVED:
            lost += units
        elif dispute.is_open:
            arrived += units
    return lost, arrived


def settle_cloud_units(
    unit: SellerUnit,
    order: Order,
    quantities: Mapping[str, int],
    *,
    is_lost: bool,
    by: Actor,
) -> None:
    """
    Take units that a dispute refunds out of what the seller has, or still waits for.

    A unit that was bound to a customer's order since makes the commit fail.
    """
    lost = _lost(order, quantities) if is_lost else {}
    here = {name: q - lost.get(name, 0) for name, q in quantities.items()}
    _take_out_good(unit, order, here)
    units = [ItemQuantity(ItemId(name), q) for name, q in lost.items() if q]
    for one in units:
        variant_id = order.items[one.item_id].variant_id
        unit.add(STOCK_LEVELS, order.warehouse, variant_id, incoming=-one.quantity)
    if units:
        order.write_off(units, by=by, at=unit.now)


def bound_blockers(
    unit: SellerUnit, order: Order, quantities: Mapping[str, int], *, is_lost: bool
) -> tuple[Blocker, ...]:
    """
    Return which units cannot be taken out of what the seller has, as far as can be
    seen without locking; empty if all can.
    """
    lost = _lost(order, quantities) if is_lost else {}
    found: list[Blocker] = []
    for name, quantity in quantities.items():
        item = order.items[ItemId(name)]
        lots = _lots_of(unit, order, item, lock=False)
        here = quantity - lost.get(name, 0)
        good = here - min(here, _broken_left(unit, item, lots))
        short = good - sum(lot.available for lot in lots)
        if short > 0:
            found.append(_bound(name, short))
    return tuple(found)


def _lost(order: Order, quantities: Mapping[str, int]) -> dict[str, int]:
    """
    Return how many of the units are still on their way.
    """
    return {
        name: min(quantity, order.items[ItemId(name)].quantity_outstanding)
        for name, quantity in quantities.items()
    }


def value_of_cloud_units(
    order: Order, quantities: Mapping[str, int]
) -> tuple[RefundedItem, ...]:
    """
    Return what units of a cloud-warehouse order cost.
    """
    return tuple(
        RefundedItem(
            name,
            quantity,
            quantity * order.items[ItemId(name)].unit_minor,
            order.order_id,
            name,
        )
        for name, quantity in quantities.items()
    )


def _take_out_good(
    unit: SellerUnit, order: Order, quantities: Mapping[str, int]
) -> None:
    """
    Take refunded good units out of the seller's stock, newest lot first.
    """
    for name, quantity in quantities.items():
        item = order.items[ItemId(name)]
        lots = _lots_of(unit, order, item)
        good = quantity - min(quantity, _broken_left(unit, item, lots))
        for lot in reversed(lots):
            units = min(good, lot.available)
            if not units:
                continue
            good -= units
            unit.stock.remove(
                lot.lot_id, units, order_id=order.order_id, item_id=item.item_id
            )
        if good:
            _refuse(order, name, good)


def _refuse(order: Order, name: str, short: int) -> None:
    raise CommandRefusedError(
        kind="order",
        id=order.order_id,
        command="resolve_dispute",
        blockers=[_bound(name, short)],
    )


def _bound(name: str, short: int) -> Blocker:
    words = (
        f"item {name}: {counted(short, 'unit')} bound to customers' orders meanwhile,"
        " or not found by a count"
    )
    return Blocker("units_allocated", words, {"item": name, "units": short})
