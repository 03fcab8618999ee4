"""
What Stripe tells of an intent or a refund, as records of ours.
"""

from collections.abc import Mapping

import attrs
import stripe

from sourcehere.domain.kernel.money import Money
from sourcehere.ports.payments import PaymentOutcome, PaymentRecord

from .amounts import from_stripe
from .names import CAPTURE, REFERENCE

_DONE, _PENDING, _NO = (
    PaymentOutcome.SUCCEEDED,
    PaymentOutcome.PENDING,
    PaymentOutcome.DECLINED,
)
# Of an authorization: also behind its capture it is what it was.
_AUTHORIZED: Mapping[str, PaymentOutcome] = {
    "requires_capture": _DONE,
    "succeeded": _DONE,
    "processing": _PENDING,
    "requires_action": _PENDING,
    "requires_confirmation": _PENDING,
    "requires_payment_method": _NO,
    "canceled": _NO,
}
# Of what was captured: the name of a capture is written only where it was taken.
_CAPTURED: Mapping[str, PaymentOutcome] = {
    "succeeded": _DONE,
    "processing": _PENDING,
    "requires_payment_method": _NO,
    "canceled": _NO,
}
_REFUNDED: Mapping[str, PaymentOutcome] = {
    "succeeded": _DONE,
    "pending": _PENDING,
    "requires_action": _PENDING,
    "failed": _NO,
    "canceled": _NO,
}


def named(of: stripe.PaymentIntent | stripe.Refund, name: str) -> str:
    """
    Return a reference of ours that stands beside an object; empty where there is none.
    """
    metadata = of.metadata
    return str(metadata[name]) if metadata and name in metadata else ""


def authorization(intent: stripe.PaymentIntent) -> PaymentRecord:
    """
    Return what an intent says of its authorization: what somebody took in Stripe's
    dashboard is taken, by the name of its charge.
    """
    taken = taken_elsewhere(intent, named(intent, REFERENCE))
    if taken is not None:
        return taken
    outcome = _AUTHORIZED[intent.status]
    return PaymentRecord(
        reference=named(intent, REFERENCE),
        gateway_id=intent.id,
        outcome=outcome,
        amount=_unless_declined(outcome, intent.amount, intent.currency),
        detail=_reason(intent) if outcome is _NO else "",
        redirect_url=_redirect(intent) if outcome is _PENDING else "",
    )


def capture(intent: stripe.PaymentIntent) -> PaymentRecord:
    """
    Return what an intent says of its capture: by its charge, which disputes and payouts
    name.
    """
    outcome, charge = _CAPTURED[intent.status], intent.latest_charge
    if charge is None:
        msg = "captured without a charge"
        raise ValueError(msg)
    return PaymentRecord(
        reference=named(intent, CAPTURE),
        gateway_id=charge if isinstance(charge, str) else charge.id,
        outcome=outcome,
        amount=_unless_declined(outcome, intent.amount_received, intent.currency),
    )


def taken_elsewhere(
    intent: stripe.PaymentIntent, reference: str
) -> PaymentRecord | None:
    """
    Return what was taken of an intent by a call that was none of ours, such as one of
    Stripe's dashboard, as *reference*; None if nothing was.
    """
    if intent.status != "succeeded" or named(intent, CAPTURE):
        return None
    return attrs.evolve(capture(intent), reference=reference, is_taken=True)


def refund(made: stripe.Refund) -> PaymentRecord:
    """
    Return a refund; one that Stripe could not bring to the payer is declined.
    """
    outcome = _REFUNDED[made.status or ""]
    return PaymentRecord(
        reference=named(made, REFERENCE),
        gateway_id=made.id,
        outcome=outcome,
        amount=_unless_declined(outcome, made.amount, made.currency),
        detail=_told(made, "failure_reason") or str(made.status)
        if outcome is _NO
        else "",
    )


def _unless_declined(outcome: PaymentOutcome, told: int, code: str) -> Money:
    amount = from_stripe(told, code)
    return Money.zero(amount.currency) if outcome is _NO else amount


def _reason(intent: stripe.PaymentIntent) -> str:
    """
    Return why it was declined: codes only, since what the error holds beside them is
    the payer's.
    """
    error = getattr(intent, "last_payment_error", None)
    return _told(error, "code") or str(intent.status)


def _redirect(intent: stripe.PaymentIntent) -> str:
    action = getattr(intent, "next_action", None)
    if action is None or action.type != "redirect_to_url":
        return ""
    target = action.redirect_to_url
    return (target.url or "") if target else ""


def _told(of: stripe.StripeObject | None, name: str) -> str:
    """
    Return a text that Stripe leaves out where there is none; empty then.
    """
    return str(getattr(of, name, None) or "")
