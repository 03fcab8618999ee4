"""
What banks took back of a charge.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sourcehere.domain.kernel.money import Money
from sourcehere.ports.payments import Chargeback

from .amounts import from_stripe
from .client import PAGE_MAX, Client, every
from .names import checked_id

if TYPE_CHECKING:
    import stripe
    from stripe.params import DisputeListParams

# What a dispute ends as where the platform keeps the money.
_OURS = frozenset({"won", "prevented"})
# Asked for before anything is taken; `warning_closed` ends so.
_INQUIRY = "warning_"


def chargebacks(client: Client, capture_id: str) -> list[Chargeback]:
    """
    List the disputes of a charge for which money was taken, oldest first.

    An inquiry takes nothing, and is left out until it becomes a dispute, under the same
    name. What is gone is told in the currency of the charge, as the payer disputes it.
    """
    window: DisputeListParams = {
        "charge": checked_id(capture_id, "ch_", "py_"),
        "limit": PAGE_MAX,
    }
    listed = client.v1.disputes.list
    found = client.read(
        "reading disputes",
        lambda: [
            _chargeback(dispute)
            for dispute in every(listed(window))
            if not dispute.status.startswith(_INQUIRY)
        ],
    )
    return found[::-1]


def _chargeback(dispute: "stripe.Dispute") -> Chargeback:
    amount = from_stripe(dispute.amount, dispute.currency)
    moves = dispute.balance_transactions
    # What left, came back, and may leave again where the payer's bank appeals.
    is_away = sum(move.amount for move in moves) < 0
    is_gone = dispute.status == "lost" or (dispute.status not in _OURS and is_away)
    taken = min((move.created for move in moves), default=dispute.created)
    return Chargeback(
        gateway_id=dispute.id,
        amount=amount if is_gone else Money.zero(amount.currency),
        taken_at=datetime.fromtimestamp(taken, UTC),
    )
