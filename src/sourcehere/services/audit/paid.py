"""
Paid orders: what was paid is what was offered, for what is sent.
"""

from collections.abc import Mapping, Sequence

from ...domain.orders.lines import Item
from ...domain.orders.order import Order
from ...domain.wallet.model import OrderPlan
from ...unit.base import Unit
from ...unit.tables.orders import ITEMS, ITEMS_OF, ORDERS
from ...unit.tables.wallet import PLANS_OF
from ...unit.tables.warehouse import ALLOCATIONS_OF
from ..base.batches import batches
from .findings import Findings


def check_paid(unit: Unit, seller_id: str, findings: Findings) -> None:
    """
    Check every order that a checkout paid against the plan that was agreed to.
    """
    paid = (o for o in unit.each_of(ORDERS, seller_id) if o.checkout_id)
    for batch in batches(paid):
        plans = _plans_of(unit, seller_id, batch)
        items = _items_of(unit, seller_id, batch)
        drawn = _drawn_for(unit, seller_id, batch)
        for order in batch:
            plan = plans.get((order.checkout_id, order.order_id))
            own = items.get(order.order_id, [])
            units = [f"{item.variant_id} {item.quantity}" for item in own]
            findings.equal(
                "paid_is_what_was_offered",
                order.order_id,
                stored=(
                    order.goods_minor,
                    order.freight_minor,
                    order.handling_minor,
                    order.method,
                    units,
                ),
                computed=plan
                and (
                    plan.goods_minor,
                    plan.freight_minor,
                    plan.handling_minor,
                    plan.method,
                    # An offer that an older release made does not say.
                    list(plan.contents.units) or units,
                ),
            )
            if plan is None:
                continue
            findings.equal(
                "items_cost_what_was_offered",
                order.order_id,
                stored=[(i.item_id, i.unit_minor, i.quantity_from_lots) for i in own],
                computed=sorted(
                    (i.item_id, i.unit_minor, i.quantity_from_lots) for i in plan.items
                ),
            )
            findings.equal(
                "allocations_are_what_was_offered",
                order.order_id,
                stored=sorted(drawn.get(order.order_id, [])),
                computed=sorted((p.item_id, p.lot_id, p.quantity) for p in plan.picks),
            )


def _plans_of(
    unit: Unit, seller_id: str, orders: Sequence[Order]
) -> Mapping[tuple[str, str], OrderPlan]:
    names = sorted({(seller_id, order.checkout_id) for order in orders})
    return {(p.checkout_id, p.order_id): p for p in unit.find(PLANS_OF, names)}


def _items_of(
    unit: Unit, seller_id: str, orders: Sequence[Order]
) -> Mapping[str, list[Item]]:
    """
    Return each order's items, by their names.
    """
    found: dict[str, list[Item]] = {}
    keys = [(seller_id, order.order_id) for order in orders]
    for row in unit.session.find(ITEMS_OF.index, keys, lock=False):
        found.setdefault(str(row[1]), []).append(ITEMS.from_row(row))
    return found


def _drawn_for(
    unit: Unit, seller_id: str, orders: Sequence[Order]
) -> Mapping[str, list[tuple[str, str, int]]]:
    """
    Return what was bound to each order: item, lot and units.
    """
    found: dict[str, list[tuple[str, str, int]]] = {}
    keys = [(seller_id, order.order_id) for order in orders]
    for one in unit.find(ALLOCATIONS_OF, keys):
        bound = (str(one.item_id), str(one.lot_id), one.quantity)
        found.setdefault(one.order_id, []).append(bound)
    return found
