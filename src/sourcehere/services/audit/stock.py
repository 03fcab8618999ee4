"""
Stock: lots are the sum of their movements, allocations belong to orders that may hold.
"""

from collections.abc import Mapping
from typing import NamedTuple

from ...domain.kernel.words import counted
from ...domain.orders.kinds import KINDS
from ...domain.orders.machine import COUNTING_STATES, SENDING_STATES
from ...domain.warehouse.counts import StockCount
from ...domain.warehouse.model import Lot
from ...domain.warehouse.movements import EFFECTS, Movement, MovementKind
from ...ports.storage import Key
from ...unit.tables.orders import ITEMS, ITEMS_OF, ORDERS
from ...unit.tables.warehouse import (
    LOTS,
    MOVEMENTS_OF,
    RECEIPTS_OF,
    STOCK_COUNTS,
    STOCK_LEVELS,
)
from ..base.batches import batches
from .batch import AllocationRow, ItemRow, OrderBatch, OrderRow
from .findings import grouped
from .rows import by_first, found_under, got, parsed
from .scope import Scope


class LotRow(NamedTuple):
    """
    What an allocation has to know of a lot.
    """

    lot_id: str
    variant_id: str


class ReceiptRow(NamedTuple):
    """
    What is looked at of a receipt.
    """

    order_id: str
    receipt_id: str
    warehouse_id: str
    lines: str


class CountedRow(NamedTuple):
    """
    What is looked at of an item that a warehouse counts.
    """

    order_id: str
    item_id: str
    variant_id: str
    quantity: int
    quantity_cancelled: int
    quantity_good: int
    quantity_damaged: int
    quantity_missing: int
    quantity_written_off: int


class BuyerRow(NamedTuple):
    """
    What a lot has to know of the order that bought it.
    """

    order_id: str
    warehouse: str


# As allocations count them: bound in all, let go, gone.
_COUNTED = frozenset({MovementKind.LOST.value, MovementKind.FOUND.value})
_HOLDING = (MovementKind.ALLOCATED, MovementKind.RELEASED, MovementKind.SHIPPED)


def check_allocations(scope: Scope, batch: OrderBatch) -> None:
    """
    Check who holds units of lots, and add up what is bound.
    """
    held: list[tuple[OrderRow, AllocationRow]] = [
        (order, AllocationRow._make(allocation))
        for order in batch.orders
        for allocation in batch.allocations.get(order.order_id, ())
    ]
    if not held:
        return
    scope.findings.looked("allocation_has_a_holder", len(held))
    scope.findings.looked("stock_keeps_its_variant", len(held))
    keys: list[Key] = sorted({(scope.seller_id, a.lot_id) for _, a in held})
    lots = got(scope.unit, LOTS, keys, LotRow)
    variants = {lot.lot_id: lot.variant_id for lot in lots}
    for order, one in held:
        subject = f"{one.order_id}/{one.item_id}/{one.lot_id}"
        bound = one.quantity_bound
        if bound and (bound < 0 or order.state not in SENDING_STATES):
            words = f"{counted(bound, 'unit')} bound to an order that is {order.state}"
            scope.findings.found(
                "allocation_has_a_holder",
                subject,
                words,
                bound=bound,
                state=order.state,
            )
        scope.tallies.bound.compute(one.lot_id, bound)
        scope.tallies.sent_back.store(subject, one.quantity_refunded)
        if one.quantity_returned:
            scope.tallies.back.store(subject, one.quantity_returned)
        numbers = (one.quantity, one.quantity_released, one.quantity_shipped)
        scope.tallies.held.store(subject, *numbers)
        wanted = {
            variant_id
            for _, item_id, _, variant_id, *_ in batch.items.get(one.order_id, ())
            if item_id == one.item_id
        }
        there = variants.get(one.lot_id)
        if wanted != {there}:
            scope.findings.found(
                "stock_keeps_its_variant",
                one.lot_id,
                f"{there or 'no lot'} serves {sorted(wanted)} of {subject}",
                stored=there,
                computed=wanted,
            )


def check_lots(scope: Scope) -> None:
    """
    Check lots against their movements, and against the items that they were bought as.
    """
    for batch in batches(scope.unit.each_of(LOTS, scope.seller_id)):
        keys = [(scope.seller_id, lot.lot_id) for lot in batch]
        found = scope.unit.find(MOVEMENTS_OF, keys)
        scope.saw("stock_movement", len(found))
        movements = grouped(found, "lot_id")
        bought = sorted({(scope.seller_id, o.order_id, o.item_id) for o in batch})
        items = {
            (item.order_id, item.item_id): item
            for item in got(scope.unit, ITEMS, bought, ItemRow)
        }
        owners = sorted({(scope.seller_id, lot.order_id) for lot in batch})
        warehouses = {
            order.order_id: order.warehouse
            for order in got(scope.unit, ORDERS, owners, BuyerRow)
        }
        _check_named(scope, {f"lot {lot.lot_id}": lot for lot in batch})
        for lot in batch:
            _check_lot(scope, lot, movements.get(lot.lot_id, []))
            item = items.get((lot.order_id, lot.item_id))
            _check_bought(scope, lot, item, warehouses.get(lot.order_id, ""))


def _check_named(scope: Scope, named: Mapping[str, Lot | StockCount]) -> None:
    """
    Check that the warehouses and variants of *named*, subject -> row, are there.
    """
    gone = scope.unknown_warehouses({row.warehouse_id for row in named.values()})
    lost = scope.unknown_variants({row.variant_id for row in named.values()})
    for subject, row in named.items():
        for is_gone, invariant, what in (
            (row.warehouse_id in gone, "its_warehouse_is_there", row.warehouse_id),
            (row.variant_id in lost, "its_variant_is_there", row.variant_id),
        ):
            scope.findings.check(
                invariant,
                subject,
                holds=not is_gone,
                words=f"there is no {what}",
                missing=what,
            )


def _check_lot(scope: Scope, lot: Lot, moves: list[Movement]) -> None:
    received = on_hand = allocated = 0
    for move in moves:
        effect = EFFECTS[move.kind]
        received += effect.received * move.quantity
        on_hand += effect.on_hand * move.quantity
        allocated += effect.allocated * move.quantity
        if move.kind in _COUNTED:
            place = f"{lot.warehouse_id}/{lot.variant_id}"
            lost = -effect.on_hand * move.quantity
            scope.tallies.counted.compute(place, lost)
        if effect.allocated:
            subject = f"{move.order_id}/{move.item_id}/{lot.lot_id}"
            numbers = [move.quantity if move.kind == kind else 0 for kind in _HOLDING]
            scope.tallies.held.compute(subject, *numbers)
    scope.findings.equal(
        "lot_is_its_movements",
        lot.lot_id,
        stored=(lot.quantity_received, lot.on_hand, lot.allocated),
        computed=(received, on_hand, allocated),
    )
    scope.findings.check(
        "allocated_within_on_hand",
        lot.lot_id,
        holds=0 <= lot.allocated <= lot.on_hand,
        words=f"allocated {lot.allocated} of {lot.on_hand}",
        allocated=lot.allocated,
        on_hand=lot.on_hand,
    )
    scope.tallies.bound.store(lot.lot_id, lot.allocated)
    if not lot.returned_order_id:
        bought = f"{lot.order_id}/{lot.item_id}"
        scope.tallies.good.compute(bought, lot.quantity_received)
        return
    back = f"{lot.returned_order_id}/{lot.returned_item_id}"
    scope.tallies.back.compute(back, lot.quantity_received)
    if lot.returned_lot_id:
        subject = f"{back}/{lot.returned_lot_id}"
        scope.tallies.back.compute(subject, lot.quantity_received)


def _check_bought(scope: Scope, lot: Lot, item: ItemRow | None, warehouse: str) -> None:
    """
    Check that a lot is what was bought, at that price, and lies where it was counted.
    """
    if item is None:
        return  # it is told as a good unit that no order has
    subject = f"{lot.order_id}/{lot.item_id}"
    # Customers' refunds go by what a lot cost.
    scope.findings.equal(
        "lot_costs_what_was_paid",
        subject,
        stored=(lot.unit_minor, lot.currency),
        computed=(item.unit_minor, scope.currency or lot.currency),
    )
    if not lot.returned_order_id:
        scope.findings.equal(
            "lot_is_where_it_was_counted",
            lot.lot_id,
            stored=lot.warehouse_id,
            computed=warehouse,
        )
    scope.findings.equal(
        "stock_keeps_its_variant",
        lot.lot_id,
        stored=lot.variant_id,
        computed=item.variant_id,
    )


def check_receipts(scope: Scope, batch: OrderBatch) -> None:
    """
    Check what warehouses counted of orders, and add up what is on its way or broken.
    """
    cloud = [
        order
        for order in batch.orders
        if order.kind in KINDS and KINDS[order.kind].ends_in_stock
    ]
    if not cloud:
        return
    keys: list[Key] = [(scope.seller_id, order.order_id) for order in cloud]
    found = found_under(scope.unit, RECEIPTS_OF, keys, ReceiptRow)
    scope.saw("receipt", len(found))
    receipts = grouped(found, "order_id")
    items = by_first(found_under(scope.unit, ITEMS_OF, keys, CountedRow))
    for order in cloud:
        counted: dict[str, list[int]] = {}
        for receipt in receipts.get(order.order_id, ()):
            scope.findings.equal(
                "lot_is_where_it_was_counted",
                f"receipt {receipt.receipt_id}",
                stored=receipt.warehouse_id,
                computed=order.warehouse,
            )
            for name, good, broken, lost, *_ in parsed(receipt.lines):
                row = counted.setdefault(name, [0, 0, 0])
                row[0] += good
                row[1] += broken
                row[2] += lost
        for item in items.get(order.order_id, ()):
            _check_item(scope, order, item, counted.pop(item.item_id, [0, 0, 0]))
        for name, numbers in counted.items():
            scope.findings.differs(
                "receipts_add_up",
                f"{order.order_id}/{name}",
                stored="no such item",
                computed=numbers,
            )


def _check_item(
    scope: Scope, order: OrderRow, item: CountedRow, counted: list[int]
) -> None:
    subject = f"{order.order_id}/{item.item_id}"
    good, broken = item.quantity_good, item.quantity_damaged
    stored = [good, broken, item.quantity_missing]
    scope.findings.equal("receipts_add_up", subject, stored=stored, computed=counted)
    scope.tallies.good.store(subject, good)
    outstanding = (
        item.quantity
        - item.quantity_cancelled
        - sum(stored)
        - item.quantity_written_off
    )
    incoming = outstanding if order.state in COUNTING_STATES else 0
    if incoming or broken:
        place = f"{order.warehouse}/{item.variant_id}"
        scope.tallies.levels.compute(place, incoming, broken)


def check_counts(scope: Scope) -> None:
    """
    Add up what counts lost, and look for where and of what it was.
    """
    for batch in batches(scope.unit.each_of(STOCK_COUNTS, scope.seller_id)):
        _check_named(scope, {f"count {one.count_id}": one for one in batch})
        for one in batch:
            place = f"{one.warehouse_id}/{one.variant_id}"
            scope.tallies.counted.store(place, one.lost)
            scope.check_currency(f"count {one.count_id}", [one.currency])


def check_levels(scope: Scope) -> None:
    """
    Add up what is stored of units on their way and of broken ones.
    """
    for level in scope.unit.each_of(STOCK_LEVELS, scope.seller_id):
        place = f"{level.warehouse_id}/{level.variant_id}"
        scope.tallies.levels.store(place, level.incoming, level.damaged)
