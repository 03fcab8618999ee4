"""
Disputes and the refunds that end them: each names the other, and they say one amount.
"""

from ...domain.disputes.model import Dispute
from ...domain.wallet.machine import SUCCEEDED
from ...unit.base import Unit
from ...unit.tables.disputes import DISPUTES
from ...unit.tables.wallet import REFUNDS
from ..base.batches import batches
from .findings import Findings


def check_disputes(unit: Unit, seller_id: str, findings: Findings) -> None:
    """
    Check that refunds name disputes about their orders, which granted their amounts.
    """
    paid: dict[str, int] = {}
    named = (r for r in unit.each_of(REFUNDS, seller_id) if r.dispute_id)
    for batch in batches(named):
        keys = [(seller_id, name) for name in sorted({r.dispute_id for r in batch})]
        known: dict[str, Dispute] = {d.dispute_id: d for d in unit.many(DISPUTES, keys)}
        for refund in batch:
            dispute = known.get(refund.dispute_id)
            findings.check(
                "refund_has_its_dispute",
                refund.refund_id,
                holds=dispute is not None and dispute.order_id == refund.order_id,
                words=f"no dispute {refund.dispute_id} about its order",
            )
            if refund.state == SUCCEEDED:
                before = paid.get(refund.dispute_id, 0)
                paid[refund.dispute_id] = before + refund.amount_minor
    for dispute in unit.each_of(DISPUTES, seller_id):
        findings.equal(
            "dispute_was_paid",
            dispute.dispute_id,
            stored=dispute.granted_minor,
            computed=paid.get(dispute.dispute_id, 0),
        )
