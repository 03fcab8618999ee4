"""
What a payment gateway implements: it tops up wallets, and returns money to its source.

Every call has two names of ours. The *reference* names what we want, and is what `find`
looks for. The *idempotency key* names this try of it; it was stored before the call.
The same key again is the same payment, never a second one.
"""

import enum
from datetime import timedelta
from typing import Protocol

from ..domain.kernel.money import Money
from ..domain.kernel.values import frozen


class PaymentOutcome(enum.Enum):
    """
    What became of an operation.
    """

    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    PENDING = "pending"  # accepted, not decided: find it again later


@frozen(kw_only=True)
class PaymentRecord:
    """
    One operation as the gateway knows it.

    Attributes:
        reference: Ours.

        gateway_id: The gateway's own, by which the next operation names this one.

        amount: What was authorized, captured or returned; nothing where declined.

        detail: The gateway's words, without personal data.
    """

    reference: str
    gateway_id: str
    outcome: PaymentOutcome
    amount: Money
    detail: str = ""


class PaymentProvider(Protocol):
    """
    One account at a payment gateway.

    Every method raises a `ProviderError` where the gateway gives no answer; which one
    says whether anything happened. A refusal by the payer's bank is `DeclinedError`.
    """

    @property
    def key_ttl(self) -> timedelta:
        """
        How long the gateway honours an idempotency key; zero where it never does.

        After that an unknown outcome is looked up, never sent again.
        """
        ...

    @property
    def finds_by_reference(self) -> bool:
        """
        Whether `find` is reliable: what it does not find did not happen.
        """
        ...

    def authorize(
        self, amount: Money, source: str, /, *, reference: str, idempotency_key: str
    ) -> PaymentRecord:
        """
        Reserve *amount* at *source*, the gateway's token for a card or an account.

        Raises:
            ProviderError: Which kind says whether anything happened.
        """
        ...

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
        Take *amount*, at most what was authorized; the rest is released.

        Raises:
            ProviderError: Which kind says whether anything happened.
        """
        ...

    def refund(
        self,
        capture_id: str,
        amount: Money,
        /,
        *,
        reference: str,
        idempotency_key: str,
    ) -> PaymentRecord:
        """
        Return *amount* of a capture to its source; several refunds never exceed it.

        Raises:
            ProviderError: Which kind says whether anything happened.
        """
        ...

    def find(self, reference: str, /) -> PaymentRecord | None:
        """
        Look up the operation that we named *reference*; None where there is none.

        None proves that it never happened only where `finds_by_reference` is true.

        Raises:
            ProviderError: If the gateway cannot answer.
        """
        ...
