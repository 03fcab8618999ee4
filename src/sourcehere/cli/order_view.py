"""
What is shown of orders; never who they go to.
"""

from collections.abc import Sequence

from ..domain.disputes.model import Dispute
from ..domain.kernel.actor import Actor, Role
from ..domain.orders.order import Order
from ..domain.shipments.model import Parcel
from ..domain.wallet.model import Refund
from ..services.ordering.reading import TimelineEntry
from .context import Context
from .output import Result, Table, facts, label, money, plain, table


def order_data(order: Order) -> dict[str, object]:
    """
    Give an order for `--json`: what is stored, and where a person finds it.
    """
    told = plain(order)
    assert isinstance(told, dict)
    return {**told, "status": status(order), "tab": order.tab}


def called(order: Order) -> str:
    """
    Give what people call an order; nothing where that is just its id.

    The second part of a shop's order 1001 is 1001:2.
    """
    if order.number == order.order_id:
        return ""
    return order.number if order.part == 1 else f"{order.number}:{order.part}"


def status(order: Order) -> str:
    """
    Give what a person sees: Abnormal while a blocking hold is open, else the state.
    """
    return label("abnormal" if order.is_abnormal else order.state)


def order_table(orders: Sequence[Order]) -> Table:
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
            "status": status,
            "to": lambda o: o.country,
            "units": lambda o: sum(line.quantity for line in o.lines),
            "captured": lambda o: money(o.captured_minor, o.currency),
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
    allowed = {role.value: order.allowed(by=Actor(role)) for role in _PEOPLE}
    data = {
        **order_data(order),
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


def _summary(order: Order) -> Table:
    return facts(
        {
            "order": order.order_id,
            "number": called(order),
            "kind": label(order.kind),
            "store": order.store_id,
            "status": status(order),
            "state": order.state,
            "why cancelled": order.cancel_reason,
            "to": order.country,
            "warehouse": order.warehouse,
            "shipping method": order.method,
            "placed": order.placed_at,
            "accepted": order.accepted_at,
            "pay by": order.pay_by if order.state == "awaiting_payment" else None,
            "goods": _paid(order, order.goods_minor),
            "freight": _paid(order, order.freight_minor),
            "handling": _paid(order, order.handling_minor),
            "captured": _paid(order, order.captured_minor),
            "refunded": _paid(order, order.refunded_minor),
        }
    )


def _paid(order: Order, minor: int) -> str:
    return money(minor, order.currency) if minor else ""


def _lines(order: Order) -> Table:
    rows = [
        (line, item) for line in order.lines for item in order.items_of(line.line)
    ] + [(line, None) for line in order.lines if not order.items_of(line.line)]
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
            "price": lambda r: r[1] and _paid(order, r[1].unit_minor),
        },
        title="Lines",
    )


def _holds(order: Order) -> Table:
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
