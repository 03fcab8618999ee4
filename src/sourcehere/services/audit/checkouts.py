"""
Checkouts: their plans are all there, they are as far as their orders are paid, and what
orders paid for is what was planned.
"""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from ...domain.kernel.words import counted
from ...domain.wallet.machine import PAID
from ...domain.wallet.model import Checkout
from ...ports.storage import Key
from ...unit.tables.orders import ORDERS
from ...unit.tables.wallet import CHECKOUTS, ORDER_PLANS
from ..base.batches import batches
from .joining import aligned
from .rows import each_plain, got
from .scope import Scope

_PLANNED = (
    "checkout_id",
    "order_id",
    "goods_minor",
    "freight_minor",
    "handling_minor",
)


class PayerRow(NamedTuple):
    """
    Which checkout paid an order.
    """

    order_id: str
    checkout_id: str


_AT_A_TIME = 50


def check_checkouts(scope: Scope) -> None:
    """
    Check every checkout against its plans, and these against their orders.
    """
    pairs = aligned(
        (scope.unit.each_of(CHECKOUTS, scope.seller_id), lambda one: one.checkout_id),
        (
            each_plain(scope.unit, ORDER_PLANS, scope.seller_id, _PLANNED),
            itemgetter(0),
        ),
    )
    for batch in batches(pairs, size=_AT_A_TIME):
        unpaid = [
            plan[1]
            for _, (checkouts, plans) in batch
            if any(checkout.state != PAID for checkout in checkouts)
            for plan in plans
        ]
        paid_by = _paid_by(scope, unpaid)
        for name, (checkouts, plans) in batch:
            _check(scope, name, checkouts, plans, paid_by)


def _paid_by(scope: Scope, names: Sequence[str]) -> dict[str, str]:
    """
    Return which checkout paid each order.
    """
    keys: list[Key] = [(scope.seller_id, name) for name in sorted(set(names))]
    payers = got(scope.unit, ORDERS, keys, PayerRow)
    return {row.order_id: row.checkout_id for row in payers}


def _check(
    scope: Scope,
    name: str,
    checkouts: Sequence[Checkout],
    plans: Sequence[Any],
    paid_by: dict[str, str],
) -> None:
    findings = scope.findings
    findings.check(
        "plan_has_its_checkout",
        name,
        holds=bool(checkouts),
        words=f"{counted(len(plans), 'order')} planned for no checkout that is there",
        orders=[plan[1] for plan in plans] if not checkouts else [],
    )
    if not checkouts:
        return
    (checkout,) = checkouts
    scope.check_currency(f"checkout {name}", [checkout.currency])
    sums = sum(goods + freight + fee for _, _, goods, freight, fee, _, _ in plans)
    findings.equal(
        "checkout_is_its_orders",
        name,
        stored=(checkout.total_minor, checkout.orders),
        computed=(sums, len(plans)),
    )
    if checkout.state == PAID:
        # That all its orders are paid by it is seen when these were read.
        scope.tallies.paid_orders.store(name, len(plans))
        paid = len(plans)
    else:
        paid = sum(paid_by.get(plan[1]) == name for plan in plans)
        scope.tallies.paid_orders.store(name, paid)
    if (checkout.state == PAID) != (0 < len(plans) == paid):
        findings.found(
            "checkout_is_as_far_as_paid",
            name,
            f"{checkout.state}, with {paid} paid of {counted(len(plans), 'order')}",
            state=checkout.state,
            paid=paid,
            orders=len(plans),
        )
