"""
What is shown of orders; never who they go to.
"""

from collections.abc import Sequence

from ..domain.kernel.actor import Actor, Role
from ..domain.orders.views import OrderHeader, OrderView
from ..domain.shipments.model import Parcel
from ..face.records.disputes import DisputeView
from ..face.records.goodwill import GoodwillView
from ..face.records.money import RefundView
from ..face.records.reports import TimelineEntry
from .attempts import payment_of_order
from .context import Context
from .held_for import Names, in_words, names_of_parcels
from .labels import labels_of
from .order_lines import line_table
from .output import Result, Table, facts, label, table, unless_zero
from .parcel_plans import planned_parcels
from .references import skus_of


def called(order: OrderHeader) -> str:
    """
    Return what people call an order; nothing where that is just its id.

    The second part of a shop's order 1001 is 1001:2.
    """
    if order.number == order.order_id:
        return ""
    return order.number if order.part == 1 else f"{order.number}:{order.part}"


def numbers_of(ctx: Context, orders: Sequence[tuple[str, str]]) -> dict[str, str]:
    """
    Return what people call orders, by their ids.

    Args:
        orders: Seller and order of each, of any sellers.
    """
    named: dict[str, list[str]] = {}
    for seller_id, order_id in dict.fromkeys(orders):
        named.setdefault(seller_id, []).append(order_id)
    return {
        str(order.order_id): called(order)
        for seller_id, names in named.items()
        for order in ctx.staff.seller(seller_id).orders.get_many(names)
    }


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
    skus = skus_of(ctx, (i.variant_id for i in found.order.items.values()))
    names = skus | names_of_parcels(found.parcels)
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
        line_table(found.order, skus),
        *([] if found.payment is None else [payment_of_order(found.payment)]),
        _holds(found.order, names),
        planned_parcels(found.planned_parcels),
        _parcels(found.parcels),
        *([labels_of(ctx, order_id)] if reader == Role.STAFF else []),
        _refunds(found.refunds),
        goodwill_table(found.goodwill),
        _disputes(found.disputes),
        facts(buttons),
        _timeline(found.timeline, names),
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


def _holds(order: OrderView, names: Names) -> Table:
    return table(
        order.holds,
        {
            "hold": lambda h: h.hold_id,
            "reason": lambda h: h.reason,
            "to act": lambda h: h.who,
            "what to do": lambda h: h.what_to_do,
            "until": lambda h: h.deadline,
            "detail": lambda h: in_words(h.detail, names),
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
            "of this order": lambda r: r.amount_here,
            "reason": lambda r: r.reason,
            "state": lambda r: r.state,
            "decided": lambda r: r.decided_at,
        },
        title="Refunds",
    )


def goodwill_table(given: Sequence[GoodwillView]) -> Table:
    """
    Return a table of credits that staff gave.
    """
    return table(
        given,
        {
            "given": lambda one: one.given_at,
            "reference": lambda one: one.reference,
            "amount": lambda one: one.amount,
            "reason": lambda one: one.reason,
            "order": lambda one: one.order_id,
            "by": lambda one: one.given_by,
            "taken back": lambda one: one.taken_back_at,
            "note": lambda one: one.note,
        },
        title="Goodwill",
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


def _timeline(entries: Sequence[TimelineEntry], names: Names) -> Table:
    return table(
        entries,
        {
            "at": lambda e: e.at,
            "by": lambda e: e.by,
            "what": lambda e: e.kind,
            "facts": lambda e: in_words(e.words, names),
        },
        title="What happened",
    )
