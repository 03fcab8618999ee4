"""
What must be so of disputes, and of what was refunded.
"""

from collections import Counter
from collections.abc import Iterator

from ...domain.disputes.machine import RESOLVED
from ...domain.disputes.model import Dispute
from ...domain.disputes.policy import Remedy
from ...unit.tables.disputes import DISPUTES
from ...unit.tables.orders import ITEMS, ORDERS
from ...unit.tables.wallet import REFUNDS
from ..rows import dump
from .claims import KnownDispute
from .world import World


def check_disputes(world: World) -> Iterator[str]:
    """
    Every dispute was opened by somebody, and ended as they were told; only what ended
    in the seller's favour was paid, and as much as they were told.
    """
    rows = dump(world.storage, [DISPUTES.table, REFUNDS.table])
    paid: Counter[str] = Counter()
    for refund in map(REFUNDS.from_row, rows[REFUNDS.table.name]):
        paid[refund.dispute_id] += refund.amount_minor
    known = dict(world.truth.claims.known)
    for dispute in map(DISPUTES.from_row, rows[DISPUTES.table.name]):
        name = dispute.dispute_id
        told = known.pop(name, KnownDispute(dispute.seller_id, name))
        if told.order_id != dispute.order_id:
            yield f"dispute {name} of {dispute.order_id} was opened by nobody"
        if told.end and told.end != dispute.state:
            yield f"dispute {name} is {dispute.state}, and was told to be {told.end}"
        if told.end and told.again != dispute.reship_order_id:
            yield f"dispute {name}: reship {told.again!r} was told, not {dispute}"
        if told.end and told.refunded != paid[name]:
            yield f"dispute {name}: {paid[name]} refunded, {told.refunded} told"
        if paid[name] and dispute.state != RESOLVED:
            yield f"dispute {name} is {dispute.state}, and {paid[name]} was refunded"
        if dispute.state == "offered" and not _is_meant(dispute, told):
            yield f"dispute {name}: nobody offered what {dispute} says"
    if known:
        yield f"disputes that were opened are not there: {sorted(known)[:3]}"


def _is_meant(dispute: Dispute, told: KnownDispute) -> bool:
    if dispute.offered_remedy == Remedy.RESHIP:
        return told.may_reship
    return dispute.offered_minor in told.offers


def check_disputed_units(world: World) -> Iterator[str]:
    """
    No unit is refunded, back in stock, or in an open dispute, more than once; and of
    what left no more than left.
    """
    rows = dump(world.storage, [DISPUTES.table, ITEMS.table])
    units: Counter[tuple[str, str]] = Counter()
    for dispute in map(DISPUTES.from_row, rows[DISPUTES.table.name]):
        for one in dispute.units if dispute.is_open else ():
            units[dispute.order_id, one.item_id] += one.quantity
    for row in rows[ITEMS.table.name]:
        item, order_id = ITEMS.from_row(row), str(row[1])
        ended = item.quantity_refunded + item.quantity_returned
        claimed = ended + units[order_id, item.item_id]
        if claimed > item.quantity:
            yield f"order {order_id}: {claimed} of {item} are refunded or disputed"
        left = item.quantity_shipped + item.quantity_cancelled
        if item.quantity_returned and ended > left:
            yield f"order {order_id}: {ended} of {item} are refunded or back"


def check_refunds(world: World) -> Iterator[str]:
    """
    No more goes back of what an order took than it took.
    """
    rows = dump(world.storage, [REFUNDS.table, ORDERS.table])
    back: Counter[str] = Counter()
    for refund in map(REFUNDS.from_row, rows[REFUNDS.table.name]):
        back[refund.order_id] += refund.freight_minor
        for part in refund.items:
            back[part.captured_by] += part.amount_minor
    for order in map(ORDERS.from_row, rows[ORDERS.table.name]):
        if back[order.order_id] > order.captured_minor:
            took = f"{order.captured_minor} taken, {back[order.order_id]} refunded"
            yield f"order {order.order_id}: {took}"
