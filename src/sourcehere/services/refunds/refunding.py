"""
Giving money back: which units, at what value, against whose capture.

Units sourced directly are refunded at the price paid for them. Units that came from a
lot are refunded at the lot's unit cost, against the capture of the order that bought
the lot; before they leave they are released to the seller's stock again, and what comes
back for them is their share of the handling.
"""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import ItemId, OrderId, RefundId, new_id
from ...domain.kernel.money import divide_half_up
from ...domain.kernel.values import frozen
from ...domain.orders.events import OrderRefunded
from ...domain.orders.lines import ItemQuantity, ItemRefund
from ...domain.orders.order import Order
from ...domain.wallet.machine import DECIDED, RefundChart
from ...domain.wallet.model import Account, Refund, RefundedItem
from ...domain.warehouse.model import Allocation
from ...unit.seller_unit import SellerUnit
from ...unit.tables.wallet import REFUNDS, REFUNDS_OF
from ...unit.tables.warehouse import ALLOCATIONS, ALLOCATIONS_OF

MOVED = "address"  # the order goes to an address that its freight is cheaper to


@frozen
class Reason:
    """
    Why money goes back, who decided, and the dispute it ends.
    """

    reason: str
    by: Actor
    dispute_id: str = ""


def release_unsent(
    unit: SellerUnit, order: Order, gone: Iterable[ItemQuantity]
) -> tuple[RefundedItem, ...]:
    """
    Undo what was paid for units that will not be sent; return what to refund for them.

    Directly sourced units come first; lot units go back to the seller's stock, newest
    allocation first, and bring their share of the handling.
    """
    by_item = allocations_of(unit, order)
    undone = released_in(by_item)
    parts: list[RefundedItem] = []
    for units in gone:
        item = order.items[units.item_id]
        bound = by_item.get(units.item_id, [])
        waiting = sum(a.quantity_bound for a in bound)
        # The units are counted as cancelled already, so they are not "left" any more.
        direct = min(units.quantity, item.quantity_left + units.quantity - waiting)
        if direct:
            parts.append(
                RefundedItem(
                    item.item_id,
                    direct,
                    direct * item.unit_minor,
                    order.order_id,
                    item.item_id,
                )
            )
        for part in _release(unit, order, reversed(bound), units.quantity - direct):
            share = handling_share(order, undone, part.quantity)
            undone += part.quantity
            parts.append(attrs.evolve(part, amount_minor=share))
    return tuple(parts)


def released_in(by_item: Mapping[str, Sequence[Allocation]]) -> int:
    """
    Count the units from stock that went back to it before they left.
    """
    return sum(a.quantity_released for bound in by_item.values() for a in bound)


def handling_share(order: Order, before: int, quantity: int) -> int:
    """
    Return the handling of *quantity* units more, where *before* were released already.

    It is the share of all of them less the share of those before, so that in the end
    exactly what was paid has come back.
    """
    whole = sum(item.quantity_from_lots for item in order.items.values())
    if not whole:
        return 0
    paid = order.handling_minor
    return divide_half_up(paid * (before + quantity), whole) - divide_half_up(
        paid * before, whole
    )


def handling_in(order: Order, parts: Iterable[RefundedItem]) -> int:
    """
    Return how much of *parts* is handling: what units bring that went back to stock.
    """
    return sum(part.amount_minor for part in parts if _is_released(order, part))


def _is_released(order: Order, part: RefundedItem) -> bool:
    return bool(part.lot_id) and part.captured_by == order.order_id


def allocations_of(unit: SellerUnit, order: Order) -> dict[str, list[Allocation]]:
    """
    Return what is bound to *order* of the seller's stock, by item.
    """
    if not any(item.quantity_from_lots for item in order.items.values()):
        return {}
    found: dict[str, list[Allocation]] = {}
    for allocation in unit.find(ALLOCATIONS_OF, [(order.order_id,)], lock=True):
        found.setdefault(allocation.item_id, []).append(allocation)
    return found


def _release(
    unit: SellerUnit, order: Order, bound: Iterable[Allocation], quantity: int
) -> list[RefundedItem]:
    parts: list[RefundedItem] = []
    for allocation in bound:
        free = min(quantity, allocation.quantity_bound)
        if not free:
            continue
        quantity -= free
        unit.stock.release(allocation, free)
        parts.append(
            RefundedItem(
                allocation.item_id,
                free,
                0,
                order.order_id,
                allocation.item_id,
                allocation.lot_id,
            )
        )
    assert quantity == 0
    return parts


def book_refund(
    unit: SellerUnit,
    order: Order,
    parts: Sequence[RefundedItem],
    *,
    freight_minor: int,
    why: Reason,
) -> RefundId:
    """
    Refund *parts* and freight to the wallet: decision, money and events in one commit.

    Lot units that have left are marked refunded; the order that bought the lot carries
    their amount. What units bring that went back to stock is handling, and counts with
    the freight.
    """
    refund_id = RefundId(new_id())
    freight_minor += handling_in(order, parts)
    parts = [
        attrs.evolve(part, amount_minor=0) if _is_released(order, part) else part
        for part in parts
    ]
    goods = sum(part.amount_minor for part in parts)
    _write_refund(unit, order, refund_id, parts, goods, freight_minor, why)
    _post_refund(unit, order, refund_id, goods, freight_minor, why)
    _record_on_orders(unit, order, refund_id, parts, freight_minor, why)
    for part in parts:
        if part.lot_id and part.captured_by != order.order_id:
            unit.add(
                ALLOCATIONS,
                order.order_id,
                part.item_id,
                part.lot_id,
                quantity_refunded=part.quantity,
            )
    return refund_id


def _write_refund(
    unit: SellerUnit,
    order: Order,
    refund_id: RefundId,
    parts: Sequence[RefundedItem],
    goods: int,
    freight_minor: int,
    why: Reason,
) -> None:
    # To the wallet the money arrives in this very commit.
    state = RefundChart.after(RefundChart.after(DECIDED, "send"), "succeed")
    unit.insert(
        REFUNDS,
        Refund(
            seller_id=unit.seller_id,
            refund_id=refund_id,
            order_id=order.order_id,
            dispute_id=why.dispute_id,
            state=state,
            target="wallet",
            reason=why.reason,
            currency=order.currency,
            amount_minor=goods + freight_minor,
            freight_minor=freight_minor,
            items=tuple(parts),
            decided_at=unit.now,
        ),
    )


def _post_refund(
    unit: SellerUnit,
    order: Order,
    refund_id: RefundId,
    goods: int,
    freight_minor: int,
    why: Reason,
) -> None:
    handling = _handling_of(unit, order, freight_minor, why)
    unit.book(
        [
            (Account.GOODS, -goods),
            (Account.FREIGHT, handling - freight_minor),
            (Account.HANDLING, -handling),
            (Account.WALLET_AVAILABLE, goods + freight_minor),
        ],
        currency=order.currency,
        purpose="refund",
        reference=refund_id,
    )


def _handling_of(
    unit: SellerUnit, order: Order, freight_minor: int, why: Reason
) -> int:
    """
    Return how much of a refund of freight and handling is handling: it comes first,
    but none of it for another address.
    """
    before, paid = order.freight_refunded_minor, order.handling_minor
    assert before + freight_minor <= order.freight_minor + paid
    if not paid or why.reason == MOVED:
        return 0
    if before:
        own = unit.find(REFUNDS_OF, [(order.order_id,)])
        before -= sum(one.freight_minor for one in own if one.reason == MOVED)
    return min(before + freight_minor, paid) - min(before, paid)


def _record_on_orders(
    unit: SellerUnit,
    order: Order,
    refund_id: RefundId,
    parts: Sequence[RefundedItem],
    freight_minor: int,
    why: Reason,
) -> None:
    own = _own_items(order, parts)
    amount = sum(item.amount_minor for item in own) + freight_minor
    order.refund(
        OrderRefunded(
            refund_id=refund_id,
            amount_minor=amount,
            freight_minor=freight_minor,
            items=own,
            by=why.by,
            occurred_at=unit.now,
        )
    )
    others = sorted({p.captured_by for p in parts} - {order.order_id})
    for buyer in unit.orders.load(others):
        theirs = _bought_items(buyer.order_id, parts)
        buyer.refund(
            OrderRefunded(
                refund_id=refund_id,
                amount_minor=sum(item.amount_minor for item in theirs),
                freight_minor=0,
                items=theirs,
                by=why.by,
                occurred_at=unit.now,
            )
        )


def _own_items(order: Order, parts: Sequence[RefundedItem]) -> tuple[ItemRefund, ...]:
    """
    Sum *parts* per item of the order; amounts of other captures are not its own.
    """
    sums: dict[str, ItemRefund] = {}
    for part in parts:
        known = order.items[ItemId(part.item_id)]
        before = sums.get(part.item_id, ItemRefund(known.item_id, 0, 0))
        mine = part.captured_by == order.order_id
        sums[part.item_id] = ItemRefund(
            known.item_id,
            before.quantity + part.quantity,
            before.amount_minor + (part.amount_minor if mine else 0),
            before.quantity_from_lots + (part.quantity if part.lot_id else 0),
        )
    return tuple(sums.values())


def _bought_items(
    buyer: OrderId, parts: Sequence[RefundedItem]
) -> tuple[ItemRefund, ...]:
    # The units stay where they are: only the money is the buying order's.
    sums: dict[str, int] = {}
    for part in parts:
        if part.captured_by == buyer:
            name = part.captured_item
            sums[name] = sums.get(name, 0) + part.amount_minor
    return tuple(ItemRefund(ItemId(name), 0, amount) for name, amount in sums.items())
