"""
Looks an operation up by the reference that we gave it.

Stripe can search metadata, but what was just made is not found there for a minute, at
times an hour, and refunds are not found at all. Its lists show what was made at once:
so the intents and the refunds of some weeks are read, newest first, and compared. What
is older is not looked at, and None is therefore no proof.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sourcehere.ports.payments import PaymentOutcome, PaymentRecord

from . import records
from .client import PAGE_MAX, Client, every
from .names import CAPTURE, REFERENCE

if TYPE_CHECKING:
    from stripe.params import PaymentIntentListParams, RefundListParams


class Finder:
    """
    Reads lists of one account.
    """

    def __init__(self, client: Client, looks_back: timedelta) -> None:
        self._client, self._looks_back = client, looks_back

    def find(self, reference: str, *, now: datetime) -> PaymentRecord | None:
        """
        Return what is called *reference*: of several tries the one that was not
        declined.
        """
        if not reference:
            return None
        since = int((now - self._looks_back).timestamp())
        return self._client.read(
            "looking up a reference", lambda: _best(self._all(reference, since))
        )

    def _all(self, reference: str, since: int) -> Iterator[PaymentRecord]:
        v1 = self._client.v1
        window: PaymentIntentListParams = {"limit": PAGE_MAX, "created": {"gte": since}}
        for intent in every(v1.payment_intents.list(window)):
            if records.named(intent, REFERENCE) == reference:
                yield records.authorization(intent)
            if records.named(intent, CAPTURE) == reference:
                yield records.capture(intent)
        range_: RefundListParams = {"limit": PAGE_MAX, "created": {"gte": since}}
        for made in every(v1.refunds.list(range_)):
            if records.named(made, REFERENCE) == reference:
                yield records.refund(made)


def _best(found: Iterator[PaymentRecord]) -> PaymentRecord | None:
    declined = None
    for record in found:
        if record.outcome is not PaymentOutcome.DECLINED:
            return record
        declined = declined or record
    return declined
