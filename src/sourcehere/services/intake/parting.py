"""
One order of a shop in several parts: how paired lines go on while the rest waits.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import HoldId, OrderId, new_id
from ...domain.orders.holds import HoldReason
from ...domain.orders.kinds import OrderKind
from ...domain.orders.lines import Line
from ...domain.orders.order import Order
from ...domain.pairing.model import HelpOutcome, HelpState
from ...domain.stores.demand import is_same_thing
from ...domain.stores.record import StoreOrderRecord
from ...unit.commit.helping import ended
from ...unit.seller_unit import SellerUnit
from ...unit.tables.orders import ORDERS
from ...unit.tables.pairing import HELP_OF, HELP_REQUESTS
from ...unit.tables.stores import STORE_ORDERS, STORES
from ...unit.words import words_of, write_words


def lock_stores(unit: SellerUnit, order_ids: Sequence[str]) -> None:
    """
    Lock the shops of *order_ids*, where lines of them are to be paired anew: before
    what is kept of their orders, as an import does.

    A connection that is made meanwhile waits, and then finds what was paired as before.
    """
    orders = unit.peek(ORDERS, [(name,) for name in sorted(set(order_ids))])
    names = sorted({order.store_id for order in orders if order.store_id})
    unit.many(STORES, [(name,) for name in names], lock=True)


def lock_records(
    unit: SellerUnit, order_ids: Sequence[str]
) -> dict[tuple[str, str], StoreOrderRecord]:
    """
    Lock what is kept of the shop's orders that *order_ids* are parts of.

    Before the orders themselves, as an import does: so no two wait for each other.
    """
    orders = unit.peek(ORDERS, [(name,) for name in sorted(set(order_ids))])
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
    typed = words_of(unit, [(order.seller_id, order.order_id)]) if order.holds else {}
    for hold in order.holds:
        reason, hold_id = HoldReason(hold.reason), HoldId(new_id())
        words = typed.get((order.order_id, hold.hold_id), "")
        write_words(unit, rest_id, hold_id, words, by=by)
        rest.hold(
            hold_id,
            reason,
            detail=hold.detail,
            by=by,
            at=now,
            deadline=hold.deadline,
        )
    unit.orders.add(rest_id, rest)
    _move_help(unit, order, rest, left)
    parts = (*record.parts, rest_id)
    changed = attrs.evolve(record, parts=parts)
    unit.put(STORE_ORDERS, changed)
    return changed


def lines_of(order: Order) -> dict[int, Line]:
    """
    Return the lines of *order* by number, as they are now whatever becomes of them.
    """
    return {line.line: attrs.evolve(line) for line in order.lines}


def follow_help(unit: SellerUnit, order: Order, before: Mapping[int, Line]) -> None:
    """
    Let open calls for help follow lines that an edit numbered anew.

    A call about a line the shop took out, or made one of something else, is done, and
    one about a line that the edit paired: there is nothing left to pair.

    Args:
        before: As `lines_of` returned them before the edit.
    """
    now = {line.external_line_id: line for line in order.lines}
    for call in unit.find(HELP_OF, [(order.order_id,)]):
        if call.state != HelpState.OPEN:
            continue
        past = before.get(call.line)
        line = past and now.get(past.external_line_id)
        if not past or not line:
            unit.put(HELP_REQUESTS, ended(call, HelpOutcome.ORDER, unit))
        elif line.is_paired and not past.is_paired:
            unit.put(HELP_REQUESTS, ended(call, HelpOutcome.PAIRED, unit))
        elif not is_same_thing(past, line):
            unit.put(HELP_REQUESTS, ended(call, HelpOutcome.ORDER, unit))
        elif line.line != call.line:
            unit.put(HELP_REQUESTS, attrs.evolve(call, line=line.line))


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
