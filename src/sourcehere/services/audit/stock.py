"""
Stock: lots are the sum of their movements, allocations belong to orders that may hold.
"""

from ...domain.orders.kinds import KINDS
from ...domain.orders.machine import SENDING_STATES
from ...domain.warehouse.movements import EFFECTS, Movement
from ...unit.base import Unit
from ...unit.tables.orders import ITEMS_OF, ORDERS
from ...unit.tables.warehouse import (
    ALLOCATIONS,
    LOTS,
    MOVEMENTS_OF,
    RECEIPTS_OF,
    STOCK_LEVELS,
)
from ..base.batches import batches
from .findings import Findings, grouped


def check_stock(unit: Unit, seller_id: str, findings: Findings) -> None:
    """
    Check lots, movements, allocations, receipts and stock levels.
    """
    bound, variants = _check_allocations(unit, seller_id, findings)
    good: dict[tuple[str, str], int] = {}
    costs: dict[tuple[str, str], set[tuple[int, str]]] = {}
    for batch in batches(unit.each_of(LOTS, seller_id)):
        movements = grouped(
            unit.find(MOVEMENTS_OF, [(seller_id, lot.lot_id) for lot in batch]),
            "lot_id",
        )
        for lot in batch:
            moves = movements.get(lot.lot_id, [])
            findings.equal(
                "lot_is_its_movements",
                lot.lot_id,
                stored=(lot.quantity_received, lot.on_hand, lot.allocated),
                computed=_sum(moves),
            )
            findings.check(
                "allocated_within_on_hand",
                lot.lot_id,
                holds=0 <= lot.allocated <= lot.on_hand,
                words=f"allocated {lot.allocated} of {lot.on_hand}",
            )
            findings.equal(
                "lot_is_its_allocations",
                lot.lot_id,
                stored=lot.allocated,
                computed=bound.get(lot.lot_id, 0),
            )
            findings.check(
                "stock_keeps_its_variant",
                lot.lot_id,
                holds=variants.get(lot.lot_id, {lot.variant_id}) == {lot.variant_id},
                words=f"{lot.variant_id} serves {variants.get(lot.lot_id)}",
            )
            place = (str(lot.order_id), str(lot.item_id))
            good[place] = good.get(place, 0) + lot.quantity_received
            costs.setdefault(place, set()).add((lot.unit_minor, lot.currency))
    _check_receipts(unit, seller_id, good, costs, findings)


def _sum(moves: list[Movement]) -> tuple[int, int, int]:
    received = on_hand = allocated = 0
    for move in moves:
        effect = EFFECTS[move.kind]
        received += effect.received * move.quantity
        on_hand += effect.on_hand * move.quantity
        allocated += effect.allocated * move.quantity
    return received, on_hand, allocated


def _check_allocations(
    unit: Unit, seller_id: str, findings: Findings
) -> tuple[dict[str, int], dict[str, set[str]]]:
    bound: dict[str, int] = {}
    variants: dict[str, set[str]] = {}
    for batch in batches(unit.each_of(ALLOCATIONS, seller_id)):
        names = sorted({a.order_id for a in batch})
        keys = [(seller_id, name) for name in names]
        orders = {o.order_id: o for o in unit.many(ORDERS, keys)}
        items = {
            (str(row[1]), item.item_id): item
            for row in unit.session.find(ITEMS_OF.index, keys, lock=False)
            for item in [ITEMS_OF.records.from_row(row)]
        }
        for a in batch:
            subject = f"{a.order_id}/{a.item_id}/{a.lot_id}"
            order = orders.get(a.order_id)
            state = "no order" if order is None else order.state
            findings.check(
                "allocation_has_a_holder",
                subject,
                holds=a.quantity_bound == 0 or state in SENDING_STATES,
                words=f"{a.quantity_bound} units bound to an order that is {state}",
            )
            bound[a.lot_id] = bound.get(a.lot_id, 0) + a.quantity_bound
            item = items.get((a.order_id, a.item_id))
            if item is not None:
                variants.setdefault(a.lot_id, set()).add(item.variant_id)
    return bound, variants


def _check_receipts(
    unit: Unit,
    seller_id: str,
    good: dict[tuple[str, str], int],
    costs: dict[tuple[str, str], set[tuple[int, str]]],
    findings: Findings,
) -> None:
    incoming: dict[tuple[str, str], int] = {}
    damaged: dict[tuple[str, str], int] = {}
    cloud = (
        order
        for order in unit.each_of(ORDERS, seller_id)
        if KINDS[order.kind].ends_in_stock
    )
    for batch in batches(cloud):
        keys = [(seller_id, order.order_id) for order in batch]
        receipts = grouped(unit.find(RECEIPTS_OF, keys), "order_id")
        items = unit.session.find(ITEMS_OF.index, keys, lock=False)
        for order in batch:
            counted: dict[str, list[int]] = {}
            for receipt in receipts.get(order.order_id, []):
                for name, ok, broken, missing, _ in receipt.lines:
                    row = counted.setdefault(name, [0, 0, 0])
                    row[0] += ok
                    row[1] += broken
                    row[2] += missing
            for raw in (row for row in items if row[1] == order.order_id):
                item = ITEMS_OF.records.from_row(raw)
                stored = (
                    item.quantity_good,
                    item.quantity_damaged,
                    item.quantity_missing,
                )
                subject = f"{order.order_id}/{item.item_id}"
                findings.equal(
                    "receipts_add_up",
                    subject,
                    stored=stored,
                    computed=tuple(counted.get(item.item_id, [0, 0, 0])),
                )
                findings.equal(
                    "good_units_are_lots",
                    subject,
                    stored=item.quantity_good,
                    computed=good.get((order.order_id, item.item_id), 0),
                )
                # Customers' refunds go by what a lot cost.
                paid = {(item.unit_minor, order.currency)}
                findings.equal(
                    "lot_costs_what_was_paid",
                    subject,
                    stored=costs.get((order.order_id, item.item_id), paid),
                    computed=paid,
                )
                place = (order.warehouse, str(item.variant_id))
                if order.is_expected:
                    incoming[place] = incoming.get(place, 0) + item.quantity_outstanding
                damaged[place] = damaged.get(place, 0) + item.quantity_damaged
    levels = {
        (str(level.warehouse_id), str(level.variant_id)): (
            level.incoming,
            level.damaged,
        )
        for level in unit.each_of(STOCK_LEVELS, seller_id)
    }
    for place in sorted(levels.keys() | incoming.keys() | damaged.keys()):
        findings.equal(
            "stock_level_adds_up",
            "/".join(place),
            stored=levels.get(place, (0, 0)),
            computed=(incoming.get(place, 0), damaged.get(place, 0)),
        )
