"""
Paid orders: what was paid is what was offered, for what is sent.
"""

from collections.abc import Mapping, Sequence

from ...domain.orders.order import Order
from ...domain.wallet.model import OrderPlan
from ...unit.base import Unit
from ...unit.tables.orders import ITEMS, ITEMS_OF, ORDERS
from ...unit.tables.wallet import PLANS_OF
from ..base.batches import batches
from .findings import Findings


def check_paid(unit: Unit, seller_id: str, findings: Findings) -> None:
    """
    Check every order that a checkout paid against the plan that was agreed to.
    """
    paid = (o for o in unit.each_of(ORDERS, seller_id) if o.checkout_id)
    for batch in batches(paid):
        plans = _plans_of(unit, seller_id, batch)
        units = _units_of(unit, seller_id, batch)
        for order in batch:
            plan = plans.get((order.checkout_id, order.order_id))
            findings.equal(
                "paid_is_what_was_offered",
                order.order_id,
                stored=(
                    order.goods_minor,
                    order.freight_minor,
                    order.handling_minor,
                    order.method,
                    units.get(order.order_id, []),
                ),
                computed=plan
                and (
                    plan.goods_minor,
                    plan.freight_minor,
                    plan.handling_minor,
                    plan.method,
                    # An offer that an older release made does not say.
                    list(plan.contents.units) or units.get(order.order_id, []),
                ),
            )


def _plans_of(
    unit: Unit, seller_id: str, orders: Sequence[Order]
) -> Mapping[tuple[str, str], OrderPlan]:
    names = sorted({(seller_id, order.checkout_id) for order in orders})
    return {(p.checkout_id, p.order_id): p for p in unit.find(PLANS_OF, names)}


def _units_of(
    unit: Unit, seller_id: str, orders: Sequence[Order]
) -> Mapping[str, list[str]]:
    """
    Return each order's variants with their units, as a plan has them.
    """
    found: dict[str, list[str]] = {}
    keys = [(seller_id, order.order_id) for order in orders]
    for row in unit.session.find(ITEMS_OF.index, keys, lock=False):
        item = ITEMS.from_row(row)
        found.setdefault(str(row[1]), []).append(f"{item.variant_id} {item.quantity}")
    return found
