"""
The local stock: it is the sum of its movements, and orders took what they say.
"""

from collections.abc import Sequence
from typing import NamedTuple

from ...domain.kernel.words import counted
from ...domain.local_stock.model import LocalMovementKind
from ...domain.orders.ending import CancelReason
from ...domain.orders.machine import CANCELLED
from ...ports.storage import Key
from ...unit.tables.local_stock import (
    LOCAL_MOVEMENTS,
    LOCAL_MOVEMENTS_OF_ORDER,
    LOCAL_STOCK,
)
from ...unit.tables.orders import ORDERS
from ..base.batches import batches
from .batch import ItemRow, OrderBatch, OrderRow
from .rows import PAGE, by_first, each_row, found_under, missing
from .scope import Scope

_MOVEMENTS = "local_movement"


class StockRow(NamedTuple):
    """
    What is looked at of a variant in the local stock.
    """

    variant_id: str
    on_hand: int


class MovementRow(NamedTuple):
    """
    What is looked at of a movement.
    """

    order_id: str
    item_id: str
    movement_id: str
    variant_id: str
    kind: str
    quantity: int


def check_local_stock(scope: Scope) -> None:
    """
    Add up what is on hand and what was moved, and look for the orders that moved it.
    """
    rows = each_row(scope.unit, LOCAL_STOCK, scope.seller_id, StockRow)
    for page in batches(rows, size=PAGE):
        lost = scope.unknown_variants({row.variant_id for row in page})
        for row in page:
            name = row.variant_id
            scope.tallies.local.store(name, row.on_hand)
            scope.findings.check(
                "local_stock_not_negative",
                name,
                holds=row.on_hand >= 0,
                words=f"{counted(row.on_hand, 'unit')} on hand",
                on_hand=row.on_hand,
            )
            scope.findings.check(
                "its_variant_is_there",
                f"local stock {name}",
                holds=name not in lost,
                words=f"there is no {name}",
                missing=name,
            )
    moves = each_row(scope.unit, LOCAL_MOVEMENTS, scope.seller_id, MovementRow)
    for batch in batches(moves, size=PAGE):
        keys: set[Key] = {(scope.seller_id, m.order_id) for m in batch if m.order_id}
        gone = missing(scope.unit, ORDERS, keys)
        scope.saw(_MOVEMENTS, len(batch))
        for move in batch:
            scope.tallies.local.compute(move.variant_id, move.quantity)
            scope.findings.check(
                "its_order_is_there",
                f"local movement {move.movement_id}",
                holds=(scope.seller_id, move.order_id) not in gone,
                words=f"there is no {move.order_id}",
                order=move.order_id,
            )


def check_local_orders(scope: Scope, batch: OrderBatch) -> None:
    """
    Check that orders served from the local stock took their units, that others did not
    keep any, and that no more was received of an order than has left.
    """
    moves: dict[str, tuple[MovementRow, ...]] = {}
    if scope.seen.get(_MOVEMENTS):  # few sellers have a local stock
        keys: list[Key] = [(scope.seller_id, o.order_id) for o in batch.orders]
        moves = by_first(
            found_under(scope.unit, LOCAL_MOVEMENTS_OF_ORDER, keys, MovementRow)
        )
    for order in batch.orders:
        name = order.order_id
        if name in moves or _is_served(order):
            items = [ItemRow._make(item) for item in batch.items.get(name, ())]
            _check_order(scope, order, items, moves.get(name, ()))


def _is_served(order: OrderRow) -> bool:
    is_it = order.cancel_reason == CancelReason.LOCAL_STOCK
    return is_it and order.state == CANCELLED


def _check_order(
    scope: Scope,
    order: OrderRow,
    items: Sequence[ItemRow],
    moves: Sequence[MovementRow],
) -> None:
    served: dict[tuple[str, str], int] = {}
    received: dict[tuple[str, str], int] = {}
    for move in moves:
        is_in = move.kind == LocalMovementKind.RECEIVED
        sums, sign = (received, 1) if is_in else (served, -1)
        place = (move.item_id, move.variant_id)
        sums[place] = sums.get(place, 0) + sign * move.quantity
    wanted = {(i.item_id, i.variant_id): i.quantity for i in items}
    scope.findings.equal(
        "local_stock_serves_its_orders",
        order.order_id,
        stored={place: units for place, units in sorted(served.items()) if units},
        computed=dict(sorted(wanted.items())) if _is_served(order) else {},
    )
    sent = {(i.item_id, i.variant_id): i.quantity_shipped for i in items}
    above = {p: units for p, units in received.items() if units > sent.get(p, 0)}
    scope.findings.check(
        "local_stock_came_from_its_orders",
        order.order_id,
        holds=not above,
        words=f"{above} received, {sent} sent",
        stored=above,
        computed=sent,
    )
