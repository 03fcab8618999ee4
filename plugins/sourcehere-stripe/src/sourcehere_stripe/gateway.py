"""
One account at Stripe: money is reserved, taken, returned and looked up.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import httpx2

from sourcehere.domain.kernel.money import Money
from sourcehere.ports.payments import Chargeback, PaymentRecord, Payout
from sourcehere.ports.providers import Context

from .config import StripeConfig
from .webhooks import references

# Stripe removes keys after 24 hours at the earliest; an hour is for clocks and queues.
_KEPT = timedelta(hours=23)


class StripeGateway:
    """
    Asks one account; safe to share between threads, and keeps nothing between calls.

    Args:
        transport: Instead of the network, for tests.
    """

    key_ttl = _KEPT
    finds_by_reference = False  # see `finding`: it looks back so many days

    def __init__(
        self,
        config: StripeConfig,
        context: Context,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        # The SDK takes half a second, which whoever lists plugins does not wait for.
        from .account import Account  # noqa: PLC0415 - see above

        self._config, self._clock = config, context.clock
        self._account = Account(config, context, transport)

    def check(self) -> None:
        """
        Try the key on everything that is read here; what it may write only a payment
        tells.
        """
        self._account.check()

    def authorize(
        self, amount: Money, source: str, /, *, reference: str, idempotency_key: str
    ) -> PaymentRecord:
        """
        Reserve *amount* at a payment method (`pm_...`) or a token (`tok_...`).
        """
        return self._account.payer.authorize(
            amount, source, reference=reference, key=idempotency_key
        )

    def capture(
        self,
        authorization_id: str,
        amount: Money,
        /,
        *,
        reference: str,
        idempotency_key: str,
    ) -> PaymentRecord:
        """
        Take *amount* of an intent (`pi_...`); the record names the charge.
        """
        return self._account.payer.capture(
            authorization_id, amount, reference=reference, key=idempotency_key
        )

    def refund(
        self, capture_id: str, amount: Money, /, *, reference: str, idempotency_key: str
    ) -> PaymentRecord:
        """
        Return *amount* of a charge (`ch_...`).
        """
        return self._account.payer.refund(
            capture_id, amount, reference=reference, key=idempotency_key
        )

    def find(self, reference: str, /) -> PaymentRecord | None:
        """
        Look a reference up among what was made in the last weeks.
        """
        return self._account.finder.find(reference, now=self._clock.now())

    def verify_payment(
        self, body: bytes, headers: Mapping[str, str], /
    ) -> Sequence[str]:
        """
        Check a webhook's signature, and return what it is about.
        """
        return references(self._config, body, headers, now=self._clock.now())

    def chargebacks(self, capture_id: str, /) -> Sequence[Chargeback]:
        """
        List what was taken back of a charge.
        """
        return self._account.chargebacks(capture_id)

    def payouts(self, since: datetime, /) -> Sequence[Payout]:
        """
        List the payouts that arrived at or after *since*.
        """
        return self._account.payouts(since)

    def close(self) -> None:
        """
        Close the connections.
        """
        self._account.close()
