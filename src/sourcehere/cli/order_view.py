"""
What is shown of orders; never who they go to.
"""

from collections.abc import Sequence

from ..domain.kernel.actor import Actor, Role
from ..domain.orders.views import OrderHeader, OrderView
from ..domain.shipments.model import Parcel
from ..face.records.disputes import DisputeView
from ..face.records.money import RefundView
from ..face.records.reports import TimelineEntry
from .attempts import payment_of_order
from .context import Context
from .labels import labels_of
from .output import Result, Table, facts, label, table, unless_zero
from .parcel_plans import planned_parcels


def called(order: OrderHeader) -> str:
    """
    Return what people call an order; nothing where that is just its id.

    The second part of a shop's order 1001 is 1001:2.
    """
    if order.number == order.order_id:
        return ""
    return order.number if order.part == 1 else f"{order.number}:{order.part}"


def order_table(orders: Sequence[OrderHeader]) -> Table:
    """
    Show orders, a row each.
    """
    return table(
        orders,
        {
            "order": lambda o: o.order_id,
            "number": called,
            "kind": lambda o: o.kind,
            "store": lambda o: o.store_id,
            "status": lambda o: o.status,
            "to": lambda o: o.country,
            "units": lambda o: o.units,
            "captured": lambda o: o.captured,
            "placed": lambda o: o.placed_at,
        },
    )


def details(ctx: Context, order_id: str) -> Result:
    """
    Show everything about an order but personal data.
    """
    desk = ctx.shop
    found = desk.orders.details(order_id)
    reader = desk.actor.role
    buttons = {
        f"{role} can": (
            found.allowed
            if role == reader
            else ctx.shop_of(Actor(role)).orders.allowed(order_id)
        )
        for role in _PEOPLE
    }
    blocks = [
        _summary(found.order),
        _lines(found.order),
        *([] if found.payment is None else [payment_of_order(found.payment)]),
        _holds(found.order),
        planned_parcels(found.planned_parcels),
        _parcels(found.parcels),
        *([labels_of(ctx, order_id)] if reader == Role.STAFF else []),
        _refunds(found.refunds),
        _disputes(found.disputes),
        facts(buttons),
        _timeline(found.timeline),
    ]
    return Result(found, tuple(block for block in blocks if block.rows))


_PEOPLE = (Role.SELLER, Role.STAFF)


def _summary(order: OrderView) -> Table:
    return facts(
        {
            "order": order.order_id,
            "number": called(order),
            "kind": label(order.kind),
            "store": order.store_id,
            "status": order.status,
            "state": order.state,
            "why cancelled": ": ".join(
                part for part in (order.cancel_reason, order.cancel_detail) if part
            ),
            "to": order.country,
            "sends again": order.origin_order_id,
            "warehouse": order.warehouse,
            "shipping method": order.method,
            "placed": order.placed_at,
            "accepted": order.accepted_at,
            "promised by": order.promised_by,
            "pay by": order.pay_by if order.state == "awaiting_payment" else None,
            "goods": unless_zero(order.goods),
            "freight": unless_zero(order.freight),
            "handling": unless_zero(order.handling),
            "captured": unless_zero(order.captured),
            "refunded": unless_zero(order.refunded),
        }
    )


def _lines(order: OrderView) -> Table:
    rows = [(line, item) for line in order.lines for item in line.items or (None,)]
    return table(
        rows,
        {
            "line": lambda r: r[0].line,
            "sku": lambda r: r[0].sku,
            "title": lambda r: r[0].title,
            "ordered": lambda r: r[0].quantity,
            "item": lambda r: r[1].item_id if r[1] else "not connected",
            "units": lambda r: r[1] and r[1].quantity,
            "of stock": lambda r: r[1] and r[1].quantity_from_lots,
            "unsent": lambda r: r[1] and r[1].quantity_left,
            "shipped": lambda r: r[1] and r[1].quantity_shipped,
            "refunded": lambda r: r[1] and r[1].quantity_refunded,
            "came back": lambda r: r[1] and (r[1].quantity_returned or ""),
            "price": lambda r: r[1] and unless_zero(r[1].unit_price),
        },
        title="Lines",
    )


def _holds(order: OrderView) -> Table:
    return table(
        order.holds,
        {
            "hold": lambda h: h.hold_id,
            "reason": lambda h: h.reason,
            "to act": lambda h: h.who,
            "what to do": lambda h: h.what_to_do,
            "until": lambda h: h.deadline,
            "detail": lambda h: h.detail,
            "since": lambda h: h.placed_at,
        },
        title="Holds",
    )


def _parcels(parcels: Sequence[Parcel]) -> Table:
    return table(
        parcels,
        {
            "parcel": lambda p: p.parcel_id,
            "carrier": lambda p: p.carrier,
            "tracking": lambda p: p.tracking_number,
            "status": lambda p: p.status,
            "delivered": lambda p: p.delivered_at,
            "items": lambda p: [f"{i.item_id}={i.quantity}" for i in p.items],
            "replaced by": lambda p: p.replaced_by,
        },
        title="Parcels",
    )


def _refunds(refunds: Sequence[RefundView]) -> Table:
    return table(
        refunds,
        {
            "refund": lambda r: r.refund_id,
            "amount": lambda r: r.amount,
            "reason": lambda r: r.reason,
            "state": lambda r: r.state,
            "decided": lambda r: r.decided_at,
        },
        title="Refunds",
    )


def _disputes(disputes: Sequence[DisputeView]) -> Table:
    return table(
        disputes,
        {
            "dispute": lambda d: d.dispute_id,
            "state": lambda d: d.state,
            "reason": lambda d: d.reason,
            "asked": lambda d: d.asked,
            "granted": lambda d: d.granted,
            "sent again by": lambda d: d.reship_order_id,
        },
        title="Disputes",
    )


def _timeline(entries: Sequence[TimelineEntry]) -> Table:
    return table(
        entries,
        {
            "at": lambda e: e.at,
            "by": lambda e: e.by,
            "what": lambda e: e.kind,
            "facts": lambda e: e.words,
        },
        title="What happened",
    )
