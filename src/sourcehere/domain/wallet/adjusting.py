"""
Answers to transactions that nothing explains: they take them back, and stay.
"""

from collections.abc import Sequence
from datetime import datetime

import attrs

from .model import LedgerEntry

ADJUSTMENT = "adjustment"


def adjustment_of(
    entries: Sequence[LedgerEntry], *, at: datetime
) -> tuple[LedgerEntry, ...]:
    """
    Return the transaction that takes *entries* of one transaction back; its reference
    names that transaction.
    """
    return tuple(
        attrs.evolve(
            entry,
            transaction_id=f"{ADJUSTMENT}:{entry.transaction_id}",
            amount_minor=-entry.amount_minor,
            purpose=ADJUSTMENT,
            reference=entry.transaction_id,
            booked_at=at,
        )
        for entry in entries
    )
