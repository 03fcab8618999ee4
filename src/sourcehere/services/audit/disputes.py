"""
Disputes and the refunds that end them: each names the other, and they say one amount;
and open disputes and their orders know each other.
"""

from collections.abc import Mapping
from typing import NamedTuple

from ...domain.disputes.model import Dispute
from ...domain.wallet.machine import SUCCEEDED
from ...unit.tables.disputes import DISPUTES
from ...unit.tables.orders import ORDERS
from ...unit.tables.wallet import REFUNDS
from ..base.batches import batches
from .rows import got, parsed
from .scope import Scope


class MarksRow(NamedTuple):
    """
    What an order knows of its disputes.
    """

    order_id: str
    disputes: str


def check_disputes(scope: Scope) -> None:
    """
    Check that refunds name disputes about their orders, which granted their amounts.
    """
    unit, seller_id = scope.unit, scope.seller_id
    paid: dict[str, int] = {}
    named = (r for r in unit.each_of(REFUNDS, seller_id) if r.dispute_id)
    for batch in batches(named):
        keys = [(seller_id, name) for name in sorted({r.dispute_id for r in batch})]
        known: dict[str, Dispute] = {d.dispute_id: d for d in unit.many(DISPUTES, keys)}
        for refund in batch:
            dispute = known.get(refund.dispute_id)
            scope.findings.check(
                "refund_has_its_dispute",
                refund.refund_id,
                holds=dispute is not None and dispute.order_id == refund.order_id,
                words=f"no dispute {refund.dispute_id} about its order",
                dispute=refund.dispute_id,
                order=refund.order_id,
            )
            if refund.state == SUCCEEDED:
                before = paid.get(refund.dispute_id, 0)
                paid[refund.dispute_id] = before + refund.amount_minor
    for disputes in batches(unit.each_of(DISPUTES, seller_id)):
        marked = _marked(scope, [d.order_id for d in disputes if d.is_open])
        for dispute in disputes:
            _check(scope, dispute, paid, marked)


def _check(
    scope: Scope,
    dispute: Dispute,
    paid: Mapping[str, int],
    marked: Mapping[str, list[str]],
) -> None:
    scope.findings.equal(
        "dispute_was_paid",
        dispute.dispute_id,
        stored=dispute.granted_minor,
        computed=paid.get(dispute.dispute_id, 0),
    )
    if dispute.reship_order_id:
        scope.tallies.reships.store(
            f"{dispute.reship_order_id}/{dispute.order_id}",
            sum(units.quantity for units in dispute.units),
        )
    if dispute.is_open:
        scope.findings.check(
            "order_marks_its_disputes",
            dispute.dispute_id,
            holds=dispute.dispute_id in marked.get(dispute.order_id, []),
            words=f"order {dispute.order_id} does not know that it is disputed",
            order=dispute.order_id,
        )


def _marked(scope: Scope, names: list[str]) -> dict[str, list[str]]:
    keys = [(scope.seller_id, name) for name in sorted(set(names))]
    return {
        order.order_id: [mark["dispute_id"] for mark in parsed(order.disputes)]
        for order in got(scope.unit, ORDERS, keys, MarksRow)
    }
