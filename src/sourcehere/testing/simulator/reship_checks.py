"""
What must be so of orders that send units of another one again.
"""

from collections import Counter
from collections.abc import Iterator

from ...domain.disputes.model import Dispute
from ...unit.tables.disputes import DISPUTES
from ...unit.tables.orders import LINES, ORDERS
from ...unit.tables.wallet import REFUNDS
from ..rows import dump
from .world import World


def check_reships(world: World) -> Iterator[str]:
    """
    Every reship is the end of one dispute, as somebody was told, about its units; and
    none moved money.
    """
    rows = dump(
        world.storage, [DISPUTES.table, ORDERS.table, LINES.table, REFUNDS.table]
    )
    told = {
        known.again: known.dispute_id
        for known in world.truth.claims.known.values()
        if known.again
    }
    units: dict[str, Counter[str]] = {}
    for row in rows[LINES.table.name]:
        line, there = LINES.from_row(row), units.setdefault(str(row[1]), Counter())
        there[line.external_line_id] += line.quantity
    disputes: dict[str, Dispute] = {
        str(dispute.dispute_id): dispute
        for dispute in map(DISPUTES.from_row, rows[DISPUTES.table.name])
    }
    money = Counter[str]()
    for refund in map(REFUNDS.from_row, rows[REFUNDS.table.name]):
        money[refund.order_id] += refund.amount_minor
        for part in refund.items:
            money[part.captured_by] += part.amount_minor
    for order in map(ORDERS.from_row, rows[ORDERS.table.name]):
        if not order.origin_order_id:
            continue
        name = told.pop(str(order.order_id), "")
        if not name:
            yield f"reship {order.order_id} is not what anybody was told"
            continue
        dispute = disputes[name]
        wanted = Counter({one.item_id: one.quantity for one in dispute.units})
        if (dispute.order_id, dispute.reship_order_id) != (
            order.origin_order_id,
            order.order_id,
        ) or wanted != units[order.order_id]:
            yield f"reship {order.order_id} does not send what {dispute} is about"
        if order.captured_minor or order.refunded_minor or money[order.order_id]:
            yield f"reship {order.order_id} moved money"
    if told:
        yield f"reships that were told are not there: {sorted(told)[:3]}"
