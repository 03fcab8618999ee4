"""
What must be so of what warehouses counted, and of orders that staff hold.
"""

from collections import Counter
from collections.abc import Iterator

from ...domain.orders.machine import ENDED_STATES
from ...unit.tables.orders import ITEMS, ORDERS
from ...unit.tables.warehouse import LOTS, RECEIPTS
from ..rows import dump
from .world import World


def check_receipts(world: World) -> Iterator[str]:
    """
    What was counted is kept once, and what came whole and was sent there is on a shelf;
    of what was written off nothing is to come.
    """
    shelves = world.truth.shelves
    rows = dump(world.storage, [RECEIPTS.table, LOTS.table, ITEMS.table])
    came: Counter[str] = Counter()
    good: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for receipt in map(RECEIPTS.from_row, rows[RECEIPTS.table.name]):
        times[receipt.order_id] += 1
        for _, whole, damaged, _, excess in receipt.lines:
            came[receipt.order_id] += whole + damaged + excess
            good[receipt.order_id] += whole
    for order_id in sorted(came.keys() | shelves.counted.keys()):
        found = came[order_id], times[order_id]
        told = shelves.counted[order_id], shelves.receipts[order_id]
        if found != told:
            yield f"order {order_id}: {found} units and counts kept, {told} told"
    for lot in map(LOTS.from_row, rows[LOTS.table.name]):
        if not lot.returned_order_id:
            good[lot.order_id] -= lot.quantity_received
    wrong = {order_id: units for order_id, units in good.items() if units}
    if wrong:
        yield f"units are counted and in no lot, or the reverse: {wrong}"
    for row in rows[ITEMS.table.name]:
        item = ITEMS.from_row(row)
        if row[1] in shelves.written_off and item.quantity_outstanding:
            yield f"order {row[1]} is written off, and {item.item_id} is to come"


def check_holds(world: World) -> Iterator[str]:
    """
    What staff stopped stands still until somebody releases it, or it ends.
    """
    rows = dump(world.storage, [ORDERS.table])[ORDERS.table.name]
    orders = {str(o.order_id): o for o in map(ORDERS.from_row, rows)}
    shelves = world.truth.shelves
    for hold_id, known in shelves.holds.items():
        order = orders[known.order_id]
        is_there = hold_id in {hold.hold_id for hold in order.holds}
        is_over = known.ends or order.state in ENDED_STATES
        if not is_there and not is_over and hold_id not in shelves.releasing:
            yield f"order {known.order_id} was held by {hold_id}, and is not"
        if is_there and hold_id in shelves.released:
            yield f"hold {hold_id} of {known.order_id} was released, and is there"
