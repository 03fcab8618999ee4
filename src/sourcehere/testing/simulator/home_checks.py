"""
What must be so of goods at sellers' own places.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from ...domain.local_stock.model import LocalMovement, LocalMovementKind
from ...unit.tables.local_stock import LOCAL_MOVEMENTS, LOCAL_STOCK
from ...unit.tables.orders import ORDERS
from ..rows import dump
from .world import World

_K = LocalMovementKind


def check_homes(world: World) -> Iterator[str]:
    """
    Everything that was told moved the goods, once, and nothing else did.
    """
    homes = world.truth.homes
    moves = _moves(world)
    pairs = (
        ("sold by hand", _units(moves, _K.SOLD), homes.sold),
        ("taken in", _by_order(moves, _K.RECEIVED), homes.came),
        ("counted", Counter(map(_place, _of(moves, _K.COUNTED))), homes.counts),
    )
    for what, kept, told in pairs:
        if +kept != +told:
            yield f"{what}: {+kept} kept, {+told} told"
    on_hand: Counter[tuple[str, str]] = Counter()
    for moved in moves:
        on_hand[_place(moved)] += moved.quantity
    rows = dump(world.storage, [LOCAL_STOCK.table])[LOCAL_STOCK.table.name]
    for stock in map(LOCAL_STOCK.from_row, rows):
        there = on_hand[stock.seller_id, stock.variant_id]
        if there != stock.on_hand:
            yield f"{stock.variant_id}: {stock.on_hand} at home, {there} moved"


def check_served(world: World) -> Iterator[str]:
    """
    Orders that were served from there are over, with the goods that they took, unless
    those were put back.
    """
    moves, told = _moves(world), world.truth.homes.served
    took, back = (_by_order(moves, kind) for kind in (_K.SERVED, _K.PUT_BACK))
    rows = dump(world.storage, [ORDERS.table])[ORDERS.table.name]
    states = {str(o.order_id): o.state for o in map(ORDERS.from_row, rows)}
    known = {order_id: is_back for (_, order_id), is_back in told.items()}
    for order_id in sorted(took.keys() | known.keys()):
        if order_id not in known or not took[order_id]:
            yield f"order {order_id} took {took[order_id]}, told: {order_id in known}"
        elif back[order_id] != (-took[order_id] if known[order_id] else 0):
            yield f"order {order_id} took {took[order_id]}, {back[order_id]} is back"
        elif states[order_id] != "cancelled":
            yield f"order {order_id} was served, and is {states[order_id]}"


def _moves(world: World) -> list[LocalMovement]:
    rows = dump(world.storage, [LOCAL_MOVEMENTS.table])[LOCAL_MOVEMENTS.table.name]
    return [LOCAL_MOVEMENTS.from_row(row) for row in rows]


def _of(moves: Sequence[LocalMovement], kind: _K) -> list[LocalMovement]:
    return [moved for moved in moves if moved.kind == kind]


def _place(moved: LocalMovement) -> tuple[str, str]:
    return str(moved.seller_id), str(moved.variant_id)


def _units(moves: Sequence[LocalMovement], kind: _K) -> Counter[tuple[str, str]]:
    """
    Count the units that went for one reason, by seller and variant.
    """
    found: Counter[tuple[str, str]] = Counter()
    for moved in _of(moves, kind):
        found[_place(moved)] -= moved.quantity
    return found


def _by_order(moves: Sequence[LocalMovement], kind: _K) -> Counter[str]:
    """
    Count the units that were moved for one reason, by order.
    """
    found: Counter[str] = Counter()
    for moved in _of(moves, kind):
        found[str(moved.order_id)] += moved.quantity
    return found
