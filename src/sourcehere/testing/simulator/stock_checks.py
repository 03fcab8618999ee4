"""
What must be so of stock: what came, what left, and what counts found.
"""

from collections import Counter
from collections.abc import Iterator

from ...domain.warehouse.movements import MovementKind
from ...unit.tables.orders import ITEMS
from ...unit.tables.warehouse import (
    ALLOCATIONS,
    LOTS,
    MOVEMENTS,
    RECEIPTS,
    STOCK_COUNTS,
)
from ..rows import dump
from .world import World

# A seller and a variant.
Goods = tuple[str, str]


def check_lots(world: World) -> Iterator[str]:
    """
    Nothing is promised that is not on the shelf.
    """
    rows = dump(world.storage, [LOTS.table])
    for lot in map(LOTS.from_row, rows[LOTS.table.name]):
        if not 0 <= lot.allocated <= lot.on_hand:
            yield f"lot {lot.lot_id}: {lot.allocated} promised of {lot.on_hand}"


def check_counts(world: World) -> Iterator[str]:
    """
    Every count is kept as it was told, and nothing else lost or found a unit.
    """
    rows = dump(world.storage, [STOCK_COUNTS.table, LOTS.table, MOVEMENTS.table])
    kept = {
        c.count_id: c for c in map(STOCK_COUNTS.from_row, rows[STOCK_COUNTS.table.name])
    }
    told = world.truth.shelves.looked
    if kept != told:
        names = sorted(kept.keys() ^ told.keys())[:3]
        yield f"counts are not as they were told: {names}"
    goods = {
        lot.lot_id: (str(lot.seller_id), str(lot.variant_id))
        for lot in map(LOTS.from_row, rows[LOTS.table.name])
    }
    lost: Counter[Goods] = Counter()
    signs = {MovementKind.LOST.value: 1, MovementKind.FOUND.value: -1}
    for moved in map(MOVEMENTS.from_row, rows[MOVEMENTS.table.name]):
        lost[goods[moved.lot_id]] += signs.get(moved.kind, 0) * moved.quantity
    for count in told.values():
        lost[count.seller_id, count.variant_id] -= count.lost
    wrong = {place: units for place, units in lost.items() if units}
    if wrong:
        yield f"lost otherwise than it was counted: {wrong}"


def check_back(world: World) -> Iterator[str]:
    """
    What was told to be back in stock is, once, in lots of its own.
    """
    rows = dump(world.storage, [ITEMS.table, LOTS.table])
    told, lots = world.truth.shelves.back, Counter[tuple[str, str]]()
    for lot in map(LOTS.from_row, rows[LOTS.table.name]):
        if lot.returned_order_id:
            place = str(lot.returned_order_id), str(lot.returned_item_id)
            lots[place] += lot.quantity_received
    if +lots != +told:
        yield f"back in lots: {+(lots - told)} too many, {+(told - lots)} too few"
    for row in rows[ITEMS.table.name]:
        item, order_id = ITEMS.from_row(row), str(row[1])
        back = told[order_id, str(item.item_id)]
        if item.quantity_returned != back:
            yield f"order {order_id}: {item} has {back} units back"


def check_on_hand(world: World) -> Iterator[str]:
    """
    What lies on shelves is what came whole and what came back, less what left, what
    counts missed, and what disputes took away.
    """
    tables = [LOTS.table, RECEIPTS.table, ITEMS.table, ALLOCATIONS.table]
    rows = dump(world.storage, [*tables, MOVEMENTS.table])
    variants = {
        (str(row[1]), str(item.item_id)): (str(row[0]), str(item.variant_id))
        for row in rows[ITEMS.table.name]
        for item in [ITEMS.from_row(row)]
    }
    due: Counter[Goods] = Counter()
    for receipt in map(RECEIPTS.from_row, rows[RECEIPTS.table.name]):
        for name, good, *_ in receipt.lines:
            due[variants[str(receipt.order_id), name]] += good
    for place, units in world.truth.shelves.back.items():
        due[variants[place]] += units
    for bound in map(ALLOCATIONS.from_row, rows[ALLOCATIONS.table.name]):
        due[variants[str(bound.order_id), str(bound.item_id)]] -= bound.quantity_shipped
    lots = {lot.lot_id: lot for lot in map(LOTS.from_row, rows[LOTS.table.name])}
    for moved in map(MOVEMENTS.from_row, rows[MOVEMENTS.table.name]):
        if moved.kind == MovementKind.REMOVED:
            due[variants[str(moved.order_id), str(moved.item_id)]] -= moved.quantity
    for count in world.truth.shelves.looked.values():
        due[count.seller_id, count.variant_id] -= count.lost
    for lot in lots.values():
        due[lot.seller_id, lot.variant_id] -= lot.on_hand
    wrong = {place: units for place, units in due.items() if units}
    if wrong:
        yield f"units are missing on shelves, or too many: {wrong}"
