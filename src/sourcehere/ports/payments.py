"""
What a payment gateway implements: it tops up wallets, and returns money to its source.

Every call has two names of ours. The *reference* names what we want, and is what `find`
looks for. The *idempotency key* names this try of it; it was stored before the call.
The same key again is the same payment, never a second one.
"""

import enum
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

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

        gateway_id: The gateway's own, by which the next operation names this one. No
            two captures have the same one, and no two refunds.

        amount: What was authorized, captured or returned; nothing where declined.

        detail: The gateway's words, without personal data.

        redirect_url: Where the payer has to go before it is decided, as 3-D Secure
            asks; only where pending.

        is_taken: Of an authorization: whether its money is taken already, as at a bank
            that reserves nothing. Then it is booked as a capture of this name, however
            late it is told, and no capture is asked for.
    """

    reference: str
    gateway_id: str
    outcome: PaymentOutcome
    amount: Money
    detail: str = ""
    redirect_url: str = ""
    is_taken: bool = False


@frozen(kw_only=True)
class Chargeback:
    """
    Money of a capture that the payer's bank took back.

    Attributes:
        gateway_id: The gateway's name of it: the same however often it is told.

        amount: What is gone. Nothing once the bank has decided for the platform.
    """

    gateway_id: str
    amount: Money
    taken_at: datetime


@frozen(kw_only=True)
class PayoutEntry:
    """
    One operation in a payout.

    Attributes:
        gateway_id: Of the capture, the refund or the chargeback. What is only a fee,
            such as one for a month, has a name of its own, and moves nothing.

        amount: What it moved: below zero where money left.

        fee: What the gateway kept beside it: below zero where it gave a fee back, as
            some do of a chargeback that is won.

        moved: What it moved in the currency of the payment, where the payout is in
            another; that is held against the ledger.
    """

    gateway_id: str
    amount: Money
    fee: Money
    moved: Money | None = None


@frozen(kw_only=True)
class Payout:
    """
    What a gateway sent to the platform's bank account in one sum.
    """

    gateway_id: str
    paid_at: datetime
    amount: Money
    entries: Sequence[PayoutEntry]


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
        Reserve *amount* at *source*: the gateway's token for a card or an account, or
        what else it has to know of the payment, such as where its payer comes back to.

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
        Look up the operation that we named *reference*; None where there is none, such
        as for an empty text.

        None proves that it never happened only where `finds_by_reference` is true.

        Raises:
            ProviderError: If the gateway cannot answer.
        """
        ...


@runtime_checkable
class SupportsPaymentWebhooks(Protocol):
    """
    A gateway that tells by itself that something happened to a payment.
    """

    def verify_payment(
        self, body: bytes, headers: Mapping[str, str], /
    ) -> Sequence[str]:
        """
        Check the signature of what was received, and return our references that it is
        about: they are looked up soon. Pure: asks nobody, keeps nothing.

        None for what concerns no payment of ours, such as a ping.

        Args:
            body: Exactly as it came: a signature is of these bytes.

            headers: By their names in lower case.

        Raises:
            SignatureError: If the signature is missing, wrong, or too old.

            ProtocolError: If it is right, and the content makes no sense.
        """
        ...


@runtime_checkable
class SupportsChargebacks(Protocol):
    """
    A gateway that can be asked what banks took back.
    """

    def chargebacks(self, capture_id: str, /) -> Sequence[Chargeback]:
        """
        List what was taken back of a capture, by the gateway's name of the capture.

        Raises:
            ProviderError: If the gateway cannot answer.
        """
        ...


@runtime_checkable
class SupportsPayouts(Protocol):
    """
    A gateway that lists what it sent to the platform's bank account.
    """

    def payouts(self, since: datetime, /) -> Sequence[Payout]:
        """
        List the payouts made at or after *since*, oldest first, whole.

        Raises:
            ProviderError: If the gateway cannot answer.
        """
        ...
