"""
Paid orders: what was paid is what was offered, for what is sent.
"""

from .batch import ItemRow, OrderBatch, OrderRow, PlanRow
from .rows import parsed
from .scope import Scope


def check_paid(scope: Scope, batch: OrderBatch) -> None:
    """
    Check every order that a checkout paid against the plan that was agreed to.
    """
    paid = [order for order in batch.orders if order.checkout_id]
    for invariant in (
        "paid_is_what_was_offered",
        "items_cost_what_was_offered",
        "allocations_are_what_was_offered",
    ):
        scope.findings.looked(invariant, len(paid))
    for order in paid:
        plan = batch.plans.get((order.checkout_id, order.order_id))
        items = batch.items.get(order.order_id, [])
        if plan is None:
            scope.findings.found(
                "paid_is_what_was_offered",
                order.order_id,
                f"checkout {order.checkout_id} offered nothing for it",
                checkout=order.checkout_id,
            )
            continue
        _check_amounts(scope, order, items, plan)
        _check_sources(scope, batch, order, items, plan)


def _check_amounts(
    scope: Scope, order: OrderRow, items: list[ItemRow], plan: PlanRow
) -> None:
    units = [f"{item.variant_id} {item.quantity}" for item in items]
    stored = (order.goods_minor, order.freight_minor, order.handling_minor)
    offered = (plan.goods_minor, plan.freight_minor, plan.handling_minor)
    # An offer that an older release made does not say.
    contents = parsed(plan.contents).get("units") or units
    if stored != offered or order.method != plan.method or units != contents:
        scope.findings.differs(
            "paid_is_what_was_offered",
            order.order_id,
            stored=(*stored, order.method, units),
            computed=(*offered, plan.method, contents),
        )


def _check_sources(
    scope: Scope,
    batch: OrderBatch,
    order: OrderRow,
    items: list[ItemRow],
    plan: PlanRow,
) -> None:
    planned = [
        (item["item_id"], item["unit_minor"], item["quantity_from_lots"])
        for item in parsed(plan.items)
    ]
    own = [(i.item_id, i.unit_minor, i.quantity_from_lots) for i in items]
    if own != planned and own != sorted(planned):
        scope.findings.differs(
            "items_cost_what_was_offered",
            order.order_id,
            stored=own,
            computed=sorted(planned),
        )
    allocations = batch.allocations.get(order.order_id, ())
    if plan.picks == "[]" and not allocations:
        return
    drawn = sorted((a.item_id, a.lot_id, a.quantity) for a in allocations)
    picks = sorted(
        (pick["item_id"], pick["lot_id"], pick["quantity"])
        for pick in parsed(plan.picks)
    )
    if drawn != picks:
        scope.findings.differs(
            "allocations_are_what_was_offered",
            order.order_id,
            stored=drawn,
            computed=picks,
        )
