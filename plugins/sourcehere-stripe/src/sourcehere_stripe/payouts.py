"""
What Stripe sent to the platform's bank account, and what each sum is made of.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sourcehere.domain.kernel.money import Money
from sourcehere.ports.payments import Payout, PayoutEntry

from .amounts import from_stripe
from .client import PAGE_MAX, Client, every

if TYPE_CHECKING:
    import stripe
    from stripe.params import BalanceTransactionListParams, PayoutListParams

_ITSELF = "payout"  # the type of the transaction that the payout is
# Types of what Stripe keeps for itself, such as its fee for a month.
_FEES = frozenset({"stripe_fee", "stripe_fx_fee", "tax_fee"})


def payouts(client: Client, since: datetime) -> list[Payout]:
    """
    List the payouts that arrived at or after *since*, oldest first.

    They are read by the day on which they arrive: one that was on its way when others
    had arrived is read later. Of a payout that somebody made by hand Stripe does not
    say what is in it: it has no entries.
    """
    window: PayoutListParams = {
        "arrival_date": {"gte": _first_second(since)},
        "status": "paid",
        "limit": PAGE_MAX,
    }
    listed = client.v1.payouts.list
    found = client.read(
        "reading payouts",
        lambda: [_payout(client, paid) for paid in every(listed(window))],
    )
    return sorted(found, key=lambda payout: (payout.paid_at, payout.gateway_id))


def _first_second(since: datetime) -> int:
    """
    Return the first whole second that is not before *since*.
    """
    return -int(-since.timestamp() // 1)


def _payout(client: Client, paid: "stripe.Payout") -> Payout:
    return Payout(
        gateway_id=paid.id,
        paid_at=datetime.fromtimestamp(paid.arrival_date, UTC),
        amount=from_stripe(paid.amount, paid.currency),
        entries=tuple(_entries(client, paid.id)) if paid.automatic else (),
    )


def _entries(client: Client, payout_id: str) -> list[PayoutEntry]:
    window: BalanceTransactionListParams = {
        "payout": payout_id,
        "limit": PAGE_MAX,
        "expand": ["data.source"],  # for what was paid in another currency
    }
    listed = client.v1.balance_transactions.list
    moved = list(every(listed(window)))
    return [_entry(one) for one in reversed(moved) if one.type != _ITSELF]


def _entry(moved: "stripe.BalanceTransaction") -> PayoutEntry:
    """
    Return what an operation moved: by the name of the charge, the refund or the
    dispute; by its own where it is of none of them.

    What is nothing but a fee moves nothing, whatever it names as its source.
    """
    source, is_fee = moved.source, moved.type in _FEES
    name = source if isinstance(source, str) or source is None else source.id
    amount = 0 if is_fee else moved.amount
    return PayoutEntry(
        gateway_id=moved.id if is_fee or not name else name,
        amount=from_stripe(amount, moved.currency),
        fee=from_stripe(amount - moved.net, moved.currency),
        moved=None if is_fee else _moved(moved),
    )


def _moved(moved: "stripe.BalanceTransaction") -> Money | None:
    """
    Return what an operation moved in its own currency; None where it is the payout's,
    or is not told.
    """
    source: object = moved.source
    code = getattr(source, "currency", None) or moved.currency
    if code == moved.currency:
        return None
    # Of a charge so much was captured; refunds and disputes have one amount.
    told: int = getattr(source, "amount_captured", 0) or getattr(source, "amount", 0)
    return from_stripe(told if moved.amount >= 0 else -told, code)
