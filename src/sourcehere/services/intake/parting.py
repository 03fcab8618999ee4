"""
One order of a shop in several parts: which part a line belongs to, and how paired lines
go on while the rest waits.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import HoldId, OrderId, new_id
from ...domain.orders.holds import HoldReason
from ...domain.orders.kinds import OrderKind
from ...domain.orders.machine import CANCELLED, ENDED_STATES, UNPAID_STATES
from ...domain.orders.order import Order
from ...domain.pairing.model import HelpState
from ...domain.stores.model import (
    LinePlace,
    SnapshotLine,
    StoreOrderRecord,
    StoreOrderSnapshot,
)
from ...unit.seller_unit import SellerUnit
from ...unit.tables.orders import ORDERS
from ...unit.tables.pairing import HELP_OF, HELP_REQUESTS
from ...unit.tables.stores import STORE_ORDERS


def places_of(parts: Sequence[Order]) -> tuple[LinePlace, ...]:
    """
    Return which line of which part each line of the shop's order is.

    A line that the shop ended with its part, and wants again, is in the part that goes
    on, or in the newest.
    """
    places = {
        line.external_line_id: LinePlace(
            line.external_line_id, order.order_id, line.line
        )
        for order in by_weight(parts)
        for line in order.lines
    }
    return tuple(places.values())


def by_weight(parts: Sequence[Order]) -> list[Order]:
    """
    Order parts so that of two with one line the later counts.
    """
    return sorted(parts, key=lambda order: not ended_by_store(order))


def ended_by_store(order: Order) -> bool:
    """
    Tell whether the shop took the whole part out before it was paid here.
    """
    return order.state == CANCELLED and order.cancel_reason == "store"


def lines_by_part(
    snapshot: StoreOrderSnapshot, record: StoreOrderRecord, parts: Sequence[Order]
) -> tuple[dict[OrderId, list[SnapshotLine]], list[SnapshotLine]]:
    """
    Route the lines a shop tells of to the parts of its order.

    A line goes to the part it is in. A new one, or one the shop had taken out with its
    whole part, joins the last part of which nothing is paid, else the last that has not
    ended: there it opens a hold.

    Returns:
        What each part is told, and the lines wanted that no part can take: they are for
        a new one.
    """
    home = {place.external_line_id: place.order_id for place in record.places}
    gone = {o.order_id for o in parts if ended_by_store(o)}
    joined = _part_to_join(parts)
    told: dict[OrderId, list[SnapshotLine]] = {o.order_id: [] for o in parts}
    homeless: list[SnapshotLine] = []
    for line in snapshot.lines:
        name = home.get(line.external_line_id)
        if name is None or (name in gone and line.quantity_wanted):
            name = joined
        if name is not None:
            told[name].append(line)
        elif line.quantity_wanted:
            homeless.append(line)
    return told, homeless


def _part_to_join(parts: Sequence[Order]) -> OrderId | None:
    unpaid = [order for order in parts if order.state in UNPAID_STATES]
    going_on = [order for order in parts if order.state not in ENDED_STATES]
    chosen = unpaid or going_on
    return chosen[-1].order_id if chosen else None


def lock_records(
    unit: SellerUnit, order_ids: Sequence[str]
) -> dict[tuple[str, str], StoreOrderRecord]:
    """
    Lock what is kept of the shop's orders that *order_ids* are parts of.

    Before the orders themselves, as an import does: so no two wait for each other.
    """
    orders = unit.many(ORDERS, [(name,) for name in sorted(set(order_ids))])
    keys = sorted({(o.store_id, o.external_id) for o in orders if o.store_id})
    found = unit.many(STORE_ORDERS, keys, lock=True)
    return {(record.store_id, record.external_id): record for record in found}


def part_off(
    unit: SellerUnit,
    order: Order,
    record: StoreOrderRecord,
    *,
    by: Actor,
    pay_within: timedelta,
) -> StoreOrderRecord:
    """
    Let the paired lines of *order* go on; the rest becomes the next part of the shop's
    order, with the same contact and under the same holds.

    Returns:
        The record as it is now; the new part is its last.

    Raises:
        CommandRefusedError: If the order does not wait for pairing, or its lines are
            all paired, or none is.
    """
    now, rest_id = unit.now, OrderId(new_id())
    left = [line.line for line in order.lines if not line.is_paired]
    facts = order.process_paired_lines(
        rest_id,
        part=len(record.parts) + 1,
        by=by,
        at=now,
        pay_by=now + pay_within,
    )
    rest = Order(seller_id=unit.seller_id, order_id=rest_id, kind=OrderKind.STORE.value)
    rest.begin_part(facts)
    for hold in order.holds:
        reason = HoldReason(hold.reason)
        rest.hold(
            HoldId(new_id()),
            reason,
            detail=hold.detail,
            by=by,
            at=now,
            deadline=hold.deadline,
        )
    unit.orders.add(rest_id, rest)
    _move_help(unit, order, rest, left)
    parts = (*record.parts, rest_id)
    changed = attrs.evolve(
        record, parts=parts, places=places_of(unit.orders.load(parts))
    )
    unit.put(STORE_ORDERS, changed)
    return changed


def follow_help(unit: SellerUnit, order: Order, before: Mapping[int, str]) -> None:
    """
    Let open calls for help follow lines that an edit numbered anew.

    A call about a line the shop took out is done: there is nothing left to pair.

    Args:
        before: Former line number -> the shop's id of the line.
    """
    now = {line.external_line_id: line.line for line in order.lines}
    for call in unit.find(HELP_OF, [(order.order_id,)]):
        line = now.get(before.get(call.line, ""))
        if call.state != HelpState.OPEN or line == call.line:
            continue
        if line is None:
            done = attrs.evolve(call, state=HelpState.DONE.value, done_at=unit.now)
            unit.put(HELP_REQUESTS, done)
        else:
            unit.put(HELP_REQUESTS, attrs.evolve(call, line=line))


def _move_help(
    unit: SellerUnit, order: Order, rest: Order, left: Sequence[int]
) -> None:
    """
    Let open calls for help follow the lines they are about; *left* are the former
    numbers of the lines that are in *rest* now.
    """
    stayed = [n for n in range(1, len(order.lines) + len(left) + 1) if n not in left]
    now = {n: (order.order_id, line) for line, n in enumerate(stayed, start=1)}
    now |= {n: (rest.order_id, line) for line, n in enumerate(left, start=1)}
    for call in unit.find(HELP_OF, [(order.order_id,)]):
        if call.state == HelpState.OPEN and call.line in now:
            order_id, line = now[call.line]
            unit.put(HELP_REQUESTS, attrs.evolve(call, order_id=order_id, line=line))
