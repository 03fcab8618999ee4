"""
What is shown of orders; never who they go to.
"""

from collections.abc import Sequence

from ..domain.disputes.model import Dispute
from ..domain.kernel.actor import Actor, Role
from ..domain.kernel.money import Money
from ..domain.orders.views import OrderHeader, OrderView
from ..domain.shipments.model import Parcel
from ..domain.wallet.model import Refund
from ..face.plain import to_dict
from ..services.ordering.reading import TimelineEntry
from .context import Context
from .output import Result, Table, facts, label, money, table


def called(order: OrderHeader) -> str:
    """
    Give what people call an order; nothing where that is just its id.

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
    sh, seller_id = ctx.sh, ctx.seller_id
    order = sh.orders.get(seller_id, order_id)
    reader = ctx.by(Role.SELLER)
    parcels = sh.tracking.parcels(seller_id, order_id)
    refunds = sh.orders.refunds(seller_id, order_id)
    disputes = sh.disputes.of_order(seller_id, order_id)
    timeline = sh.orders.timeline(seller_id, order_id, by=reader)
    allowed = {
        role.value: sh.orders.allowed(seller_id, order_id, by=Actor(role))
        for role in _PEOPLE
    }
    data = {
        **_fields(order),
        "parcels": parcels,
        "refunds": refunds,
        "disputes": disputes,
        "allowed": allowed,
        "timeline": timeline,
    }
    blocks = [
        _summary(order),
        _lines(order),
        _holds(order),
        _parcels(parcels),
        _refunds(refunds),
        _disputes(disputes),
        facts({f"{role} can": names for role, names in allowed.items()}),
        _timeline(timeline),
    ]
    return Result(data, tuple(block for block in blocks if block.rows))


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
            "why cancelled": order.cancel_reason,
            "to": order.country,
            "warehouse": order.warehouse,
            "shipping method": order.method,
            "placed": order.placed_at,
            "accepted": order.accepted_at,
            "pay by": order.pay_by if order.state == "awaiting_payment" else None,
            "goods": _amount(order.goods),
            "freight": _amount(order.freight),
            "handling": _amount(order.handling),
            "captured": _amount(order.captured),
            "refunded": _amount(order.refunded),
        }
    )


def _amount(amount: Money) -> str:
    return str(amount) if amount else ""


def _fields(order: OrderView) -> dict[str, object]:
    told = to_dict(order)
    assert isinstance(told, dict)
    return told


def _lines(order: OrderView) -> Table:
    rows = [(line, item) for line in order.lines for item in line.items] + [
        (line, None) for line in order.lines if not line.items
    ]
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
            "left": lambda r: r[1] and r[1].quantity_left,
            "shipped": lambda r: r[1] and r[1].quantity_shipped,
            "refunded": lambda r: r[1] and r[1].quantity_refunded,
            "price": lambda r: r[1] and _amount(r[1].unit_price),
        },
        title="Lines",
    )


def _holds(order: OrderView) -> Table:
    return table(
        order.holds,
        {
            "hold": lambda h: h.hold_id,
            "reason": lambda h: h.reason,
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
            "items": lambda p: [f"{i.item_id}={i.quantity}" for i in p.items],
            "replaced by": lambda p: p.replaced_by,
        },
        title="Parcels",
    )


def _refunds(refunds: Sequence[Refund]) -> Table:
    return table(
        refunds,
        {
            "refund": lambda r: r.refund_id,
            "amount": lambda r: money(r.amount_minor, r.currency),
            "reason": lambda r: r.reason,
            "state": lambda r: r.state,
            "decided": lambda r: r.decided_at,
        },
        title="Refunds",
    )


def _disputes(disputes: Sequence[Dispute]) -> Table:
    return table(
        disputes,
        {
            "dispute": lambda d: d.dispute_id,
            "state": lambda d: d.state,
            "reason": lambda d: d.reason,
            "asked": lambda d: money(d.asked_minor, d.currency),
            "granted": lambda d: money(d.granted_minor, d.currency),
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
