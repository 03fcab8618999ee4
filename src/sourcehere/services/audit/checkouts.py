"""
Checkouts: their plans are all there, they are as far as their orders are paid, and what
orders paid for is what was planned.
"""

from collections.abc import Mapping, Sequence

from ...domain.wallet.machine import PAID
from ...domain.wallet.model import Checkout, OrderPlan
from ...unit.base import Unit
from ...unit.tables.orders import ORDERS
from ...unit.tables.wallet import CHECKOUTS, ORDER_PLANS
from ..base.batches import batches
from .findings import Findings
from .joining import aligned

_Pair = tuple[str, list[list[Checkout | OrderPlan]]]


def check_checkouts(unit: Unit, seller_id: str, findings: Findings) -> None:
    """
    Check every checkout against its plans, and these against their orders.
    """
    pairs = aligned(
        (unit.each_of(CHECKOUTS, seller_id), lambda one: one.checkout_id),
        (unit.each_of(ORDER_PLANS, seller_id), lambda one: one.checkout_id),
    )
    for batch in batches(pairs, size=_AT_A_TIME):
        names = sorted({plan.order_id for _, (_, plans) in batch for plan in plans})
        paid_by = _paid_by(unit, seller_id, names)
        for name, (checkouts, plans) in batch:
            _check(name, checkouts, plans, paid_by, findings)


_AT_A_TIME = 10


def _paid_by(unit: Unit, seller_id: str, names: Sequence[str]) -> Mapping[str, str]:
    """
    Return which checkout paid each order; of the rows only that is read.
    """
    table = ORDERS.table
    order, checkout = table.position["order_id"], table.position["checkout_id"]
    rows = unit.session.get(table, [(seller_id, n) for n in names], lock=False)
    return {str(row[order]): str(row[checkout]) for row in rows}


def _check(
    name: str,
    checkouts: Sequence[Checkout],
    plans: Sequence[OrderPlan],
    paid_by: Mapping[str, str],
    findings: Findings,
) -> None:
    findings.check(
        "plan_has_its_checkout",
        name,
        holds=bool(checkouts),
        words=f"{len(plans)} orders were planned for a checkout that is not there",
    )
    for checkout in checkouts:
        findings.equal(
            "checkout_is_its_orders",
            name,
            stored=(checkout.total_minor, checkout.orders),
            computed=(sum(plan.total_minor for plan in plans), len(plans)),
        )
        paid = sum(paid_by.get(plan.order_id) == name for plan in plans)
        findings.check(
            "checkout_is_as_far_as_paid",
            name,
            holds=(checkout.state == PAID) == (0 < len(plans) == paid),
            words=f"{checkout.state}, and {paid} of {len(plans)} orders are paid",
        )
