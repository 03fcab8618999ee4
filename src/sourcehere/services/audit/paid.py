"""
Paid orders: what was paid is what was offered, for what is sent.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from .batch import ItemRow, OrderBatch, OrderRow, PlanRow
from .rows import parsed
from .scope import Scope

_ITEM, _VARIANT, _QUANTITY, _UNIT, _FROM_LOTS = (
    ItemRow._fields.index(name)
    for name in (
        "item_id",
        "variant_id",
        "quantity",
        "unit_minor",
        "quantity_from_lots",
    )
)


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
        items = batch.items.get(order.order_id, ())
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
    scope: Scope, order: OrderRow, items: Sequence[Any], plan: PlanRow
) -> None:
    units = [f"{item[_VARIANT]} {item[_QUANTITY]}" for item in items]
    freight = order.freight_minor - scope.supplements.get(order.order_id, 0)
    stored = (order.goods_minor, freight, order.handling_minor)
    offered = (plan.goods_minor, plan.freight_minor, plan.handling_minor)
    contents = units
    if not _says(plan.contents, units):
        contents = parsed(plan.contents).get("units")
    if stored != offered or order.method != plan.method or units != contents:
        scope.findings.differs(
            "paid_is_what_was_offered",
            order.order_id,
            stored=(*stored, order.method, units),
            computed=(*offered, plan.method, contents),
        )


def _says(contents: str, units: Sequence[str]) -> bool:
    """
    Tell whether *contents* obviously are *units*: they begin with them as they are
    written, and the rest can be read.
    """
    said = ",".join([f'"{unit}"' for unit in units])
    begin = f'{{"units":[{said}],'
    return contents.startswith(begin) and _is_read(contents[len(begin) :])


@lru_cache(maxsize=1024)  # orders that weigh the same are written alike
def _is_read(rest: str) -> bool:
    try:
        parsed("{" + rest)
    except ValueError:
        return False
    return True


def _check_sources(
    scope: Scope,
    batch: OrderBatch,
    order: OrderRow,
    items: Sequence[Any],
    plan: PlanRow,
) -> None:
    if _as_planned(items) != plan.items:
        _check_costs(scope, order, items, plan)
    allocations = batch.allocations.get(order.order_id, ())
    if plan.picks == "[]" and not allocations:
        return
    drawn = sorted((item, lot, units) for _, item, lot, units, *_ in allocations)
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


def _as_planned(items: Sequence[Any]) -> str:
    """
    Write what a plan says that has these items in this order, as most have.
    """
    said = [
        f'{{"item_id":"{item_id}","unit_minor":{unit},"quantity":{quantity},'
        f'"quantity_from_lots":{from_lots}}}'
        for _, item_id, _, _, quantity, unit, from_lots, *_ in items
    ]
    return f"[{','.join(said)}]"


def _check_costs(
    scope: Scope, order: OrderRow, items: Sequence[Any], plan: PlanRow
) -> None:
    planned = [
        (item["item_id"], item["unit_minor"], item["quantity_from_lots"])
        for item in parsed(plan.items)
    ]
    own = [(i[_ITEM], i[_UNIT], i[_FROM_LOTS]) for i in items]
    if own != planned and own != sorted(planned):
        scope.findings.differs(
            "items_cost_what_was_offered",
            order.order_id,
            stored=own,
            computed=sorted(planned),
        )
