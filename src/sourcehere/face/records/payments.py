"""
Money that gateways move, as sellers and staff see it.
"""

import enum
from collections.abc import Mapping
from datetime import datetime

from ...domain.effects.payment_stages import OPEN_STAGES, PaymentStage, PaymentStep
from ...domain.effects.payments import PaymentAttempt
from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.ids import CheckoutId, PaymentAttemptId, SellerId
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...services.base.troubles import kept_for_sellers
from ...services.gateways.payments import CardPaid
from ...services.gateways.reconciling import PaidOut as PaidOut
from ...services.gateways.reconciling import PayoutReport as PayoutReport
from .money import Payment, payment_of

# What was said of these is the bank's, or ours.
_OVER = frozenset({PaymentStage.DECLINED, PaymentStage.ABSENT, PaymentStage.RETURNED})


@frozen(kw_only=True)
class PaymentAttemptView:
    """
    An attempt to move money by a gateway, and what became of it.

    Attributes:
        state: What became of it.

        gateway: The connection.

        step: What the gateway is asked for now: `authorize`, `capture`, `refund`.

        amount: What was to be moved.

        done: What was captured, or returned; nothing while neither is known.

        returned: Of a capture: what went back to its source, or is on its way.

        taken_back: Of a capture: what the payer's bank took back.

        redirect_url: Where the payer has to go, while it is pending; empty where
            nothing but time is needed.

        payable_until: Until when the payer is waited for.

        checkout_id: What it is to pay; empty for a mere top-up.

        has_paid: Whether it has.

        because: Why it has not, where its money is in the wallet.

        capture_of: Of a return: the attempt whose money goes back.

        reference, key, gateway_id: What the gateway knows its last step by, for its
            support.

        sends: Calls about its last step.

        decided_by: Who found out what the gateway could not say.

        error: What the last call said, if it did not do what was wanted; sellers are
            not told what a gateway says of its own trouble.

        is_asked_again: Whether workers ask about it, at `next_at`.
    """

    seller_id: SellerId
    attempt_id: PaymentAttemptId
    state: PaymentStage
    gateway: str
    step: PaymentStep
    amount: Money
    done: Money
    returned: Money
    taken_back: Money
    redirect_url: str
    payable_until: datetime
    checkout_id: CheckoutId
    has_paid: bool
    because: str
    capture_of: PaymentAttemptId
    reference: str
    key: str
    gateway_id: str
    sends: int
    decided_by: str
    error: str
    is_asked_again: bool
    planned_at: datetime
    changed_at: datetime
    next_at: datetime


def view_of_attempt(attempt: PaymentAttempt, by: Actor) -> PaymentAttemptView:
    """
    Return *attempt* as it is shown to *by*: without the token of its source.
    """

    def money(minor: int) -> Money:
        return Money(minor, attempt.currency)

    stage = attempt.stage
    return PaymentAttemptView(
        seller_id=attempt.seller_id,
        attempt_id=attempt.attempt_id,
        state=stage,
        gateway=attempt.connection,
        step=attempt.step,
        amount=attempt.amount,
        done=money(attempt.done_minor),
        returned=money(attempt.returned_minor),
        taken_back=money(attempt.taken_back_minor),
        redirect_url=attempt.redirect_url,
        payable_until=attempt.deadline,
        checkout_id=attempt.checkout_id,
        has_paid=attempt.has_paid,
        because=attempt.because,
        capture_of=attempt.capture_of,
        reference=attempt.reference,
        key=attempt.key,
        gateway_id=attempt.gateway_id,
        sends=attempt.sends,
        decided_by=attempt.decided_by,
        error=_shown_error(attempt, by),
        is_asked_again=stage in OPEN_STAGES and stage is not PaymentStage.MANUAL,
        planned_at=attempt.planned_at,
        changed_at=attempt.changed_at,
        next_at=attempt.next_at,
    )


def _shown_error(attempt: PaymentAttempt, by: Actor) -> str:
    """
    Return what the last call said. What a gateway in trouble says may speak of how the
    platform is set up, which is not told to sellers.
    """
    if by.role is not Role.SELLER or attempt.stage in _OVER:
        return attempt.error
    return kept_for_sellers(attempt.error)


@frozen(kw_only=True)
class GatewayConnection:
    """
    A payment gateway of the platform.

    Attributes:
        state: `active`, `paused` or `disconnected`.

        why: Why it rests.

        is_installed: Whether a plugin offers its provider, as far as this process
            knows; while none does, nothing begins there, and what it was asked for
            waits.
    """

    name: str
    provider: str
    state: str
    why: str
    is_installed: bool


class CardPaymentState(enum.StrEnum):
    """
    What became of paying a checkout by card.
    """

    PAID = "paid"  # its orders are paid
    IN_WALLET = "in_wallet"  # the money is there, and could not pay: `because` says why
    RETURNING = "returning"  # the same, and the money goes back to its source
    PENDING = "pending"  # the payer has to decide, at `redirect_url` if there is one
    UNKNOWN = "unknown"  # nobody knows yet; it is asked about again
    DECLINED = "declined"  # nothing was charged


@frozen(kw_only=True)
class CardPayment:
    """
    What became of paying a checkout by card.

    Attributes:
        attempt: How its money is moved; None where the wallet held enough.

        payment: What was paid; None where nothing is.

        because: Why not, where the money is there.
    """

    state: CardPaymentState
    attempt: PaymentAttemptView | None
    payment: Payment | None
    redirect_url: str
    because: str


_ENDS: Mapping[PaymentStage, CardPaymentState] = {
    PaymentStage.PENDING: CardPaymentState.PENDING,
    PaymentStage.DECLINED: CardPaymentState.DECLINED,
    PaymentStage.ABSENT: CardPaymentState.DECLINED,
}


def card_payment_of(
    paid: CardPaid, checkout_id: CheckoutId, currency: str, by: Actor
) -> CardPayment:
    """
    Return *paid* with its amounts as money, as it is shown to *by*.
    """
    attempt = paid.attempt
    view = None if attempt is None else view_of_attempt(attempt, by)
    payment = None
    if paid.payment is not None:
        payment = payment_of(paid.payment, checkout_id, currency)
    return CardPayment(
        state=_state_of(paid),
        attempt=view,
        payment=payment,
        redirect_url="" if view is None else view.redirect_url,
        because="" if view is None else view.because or view.error,
    )


def _state_of(paid: CardPaid) -> CardPaymentState:
    attempt = paid.attempt
    if attempt is None or paid.payment is not None:
        return CardPaymentState.PAID
    if attempt.stage is PaymentStage.CAPTURED:
        is_returned = attempt.returned_minor > 0
        return CardPaymentState.RETURNING if is_returned else CardPaymentState.IN_WALLET
    return _ENDS.get(attempt.stage, CardPaymentState.UNKNOWN)
