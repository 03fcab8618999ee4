"""
Stock: movements and receipts are the history. Lots, allocations and levels are set to
what they say.
"""

from collections.abc import Iterable

import attrs

from ...domain.kernel.ids import ItemId, LotId, OrderId, VariantId, WarehouseId
from ...domain.wallet.machine import SUCCEEDED
from ...domain.warehouse.model import Allocation, StockLevel
from ...domain.warehouse.movements import EFFECTS, Movement, MovementKind
from ...unit.base import Unit
from ...unit.tables.orders import ITEMS, ORDERS
from ...unit.tables.wallet import REFUNDS
from ...unit.tables.warehouse import (
    ALLOCATIONS,
    LOTS,
    MOVEMENTS_OF,
    RECEIPTS_OF,
    STOCK_LEVELS,
)
from ..audit.findings import Violation
from .draft import Draft

# Where one of these is named, refunds do not say what came back.
_REFUNDS = (
    "refund_has_its_dispute",
    "refund_booked",
    "refund_is_its_parts",
    "dispute_was_paid",
    "order_refunds_add_up",
)


def add_up_movements(draft: Draft, violation: Violation) -> None:
    """
    Set a lot to the sum of its movements.
    """
    lot_id = LotId(violation.subject)
    received = on_hand = allocated = 0
    for move in draft.all_of(MOVEMENTS_OF, lot_id):
        effect = EFFECTS[move.kind]
        received += effect.received * move.quantity
        on_hand += effect.on_hand * move.quantity
        allocated += effect.allocated * move.quantity
    draft.change(
        LOTS,
        (lot_id,),
        quantity_received=received,
        on_hand=on_hand,
        allocated=allocated,
    )


def follow_movements(draft: Draft, violation: Violation) -> None:
    """
    Set an allocation to what movements bound, let go and sent for it.
    """
    order_id, item_id, lot_id = violation.subject.split("/")
    moves = [
        move
        for move in draft.all_of(MOVEMENTS_OF, lot_id)
        if (move.order_id, move.item_id) == (order_id, item_id)
    ]
    bound, released, shipped = (
        _sum(moves, kind)
        for kind in (
            MovementKind.ALLOCATED,
            MovementKind.RELEASED,
            MovementKind.SHIPPED,
        )
    )
    if not bound:
        return
    draft.rely(LOTS, lot_id)
    found = draft.mine(ALLOCATIONS, order_id, item_id, lot_id)
    if found is None:
        found = Allocation(
            seller_id=draft.seller_id,
            order_id=OrderId(order_id),
            item_id=ItemId(item_id),
            lot_id=LotId(lot_id),
            quantity=0,
            quantity_shipped=0,
            quantity_released=0,
            quantity_refunded=_refunded(draft, violation.subject),
        )
    draft.put(
        ALLOCATIONS,
        attrs.evolve(
            found,
            quantity=bound,
            quantity_released=released,
            quantity_shipped=shipped,
        ),
    )


def _sum(moves: Iterable[Movement], kind: MovementKind) -> int:
    return sum(move.quantity for move in moves if move.kind == kind)


def follow_refunds(draft: Draft, violation: Violation) -> None:
    """
    Set the units of an allocation that came back to those of refunds.
    """
    if draft.names(*_REFUNDS):
        return
    key = tuple(violation.subject.split("/"))
    draft.change(
        ALLOCATIONS, key, quantity_refunded=_refunded(draft, violation.subject)
    )


def _refunded(draft: Draft, subject: str) -> int:
    back = draft.once("refunded", lambda unit: _all_refunded(unit, draft.seller_id))
    return back.get(subject, 0)


def _all_refunded(unit: Unit, seller_id: str) -> dict[str, int]:
    """
    Add up the units of lots that came back: order, item and lot -> units.
    """
    back: dict[str, int] = {}
    for refund in unit.each_of(REFUNDS, seller_id):
        for part in refund.items if refund.state == SUCCEEDED else ():
            if part.lot_id and part.captured_by != refund.order_id:
                subject = f"{refund.order_id}/{part.item_id}/{part.lot_id}"
                back[subject] = back.get(subject, 0) + part.quantity
    return back


def set_level(draft: Draft, violation: Violation) -> None:
    """
    Set what is on its way and broken to what orders say.
    """
    if draft.names("receipts_add_up", "good_units_are_lots"):
        return
    warehouse, _, variant = violation.subject.partition("/")
    incoming, damaged = _pair(violation.facts["computed"])
    draft.put(
        STOCK_LEVELS,
        StockLevel(
            seller_id=draft.seller_id,
            warehouse_id=WarehouseId(warehouse),
            variant_id=VariantId(variant),
            incoming=incoming,
            damaged=damaged,
        ),
    )


def _pair(computed: object) -> tuple[int, int]:
    assert isinstance(computed, list)
    first, second = computed
    return int(first), int(second)


def put_where_counted(draft: Draft, violation: Violation) -> None:
    """
    Put a lot into the warehouse where all receipts of its order counted it.
    """
    lot = draft.mine(LOTS, violation.subject)
    order = None if lot is None else draft.mine(ORDERS, lot.order_id)
    if lot is None or order is None:
        return
    counted = {r.warehouse_id for r in draft.all_of(RECEIPTS_OF, lot.order_id)}
    if counted == {order.warehouse}:
        draft.change(LOTS, (lot.lot_id,), warehouse_id=order.warehouse)


def be_what_was_bought(draft: Draft, violation: Violation) -> None:
    """
    Set a lot to the variant of the item that it was bought as.
    """
    lot = draft.mine(LOTS, violation.subject)
    if lot is None:
        return
    item = draft.mine(ITEMS, lot.order_id, lot.item_id)
    if item is not None:
        draft.change(LOTS, (lot.lot_id,), variant_id=item.variant_id)


def cost_what_was_paid(draft: Draft, violation: Violation) -> None:
    """
    Set lots to the price of the item that they were bought as.
    """
    if draft.names("items_cost_what_was_offered"):
        return
    order_id, _, item_id = violation.subject.partition("/")
    item = draft.mine(ITEMS, order_id, item_id)
    lots = draft.once("lots", lambda unit: _all_lots(unit, draft.seller_id))
    if item is None:
        return
    for lot_id in lots.get(violation.subject, ()):
        draft.change(LOTS, (lot_id,), unit_minor=item.unit_minor)


def _all_lots(unit: Unit, seller_id: str) -> dict[str, list[LotId]]:
    """
    Return the lots of each item that was bought.
    """
    lots: dict[str, list[LotId]] = {}
    for lot in unit.each_of(LOTS, seller_id):
        lots.setdefault(f"{lot.order_id}/{lot.item_id}", []).append(lot.lot_id)
    return lots
