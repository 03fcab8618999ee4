"""
Whether a person may end a payment as they say, and whether it makes sense.
"""

from ...domain.effects.payment_stages import (
    PaymentDecision,
    PaymentStage,
    PaymentStep,
)
from ...domain.effects.payments import PaymentAttempt
from ...domain.kernel.errors import Blocker, CommandRefusedError, InvalidInputError
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen

NEVER_HAPPENED: dict[PaymentStage, tuple[str, ...]] = {
    PaymentStage.PLANNED: ("send", "decline"),
    PaymentStage.UNKNOWN: ("refute",),
    PaymentStage.PENDING: ("refute",),
    PaymentStage.MANUAL: ("dismiss",),
}
_MAY_HAVE_HAPPENED = (
    PaymentStage.UNKNOWN,
    PaymentStage.PENDING,
    PaymentStage.MANUAL,
    PaymentStage.DECLINED,
    PaymentStage.ABSENT,
)


@frozen(kw_only=True)
class Seen:
    """
    What a person saw at the gateway.

    Attributes:
        amount: What was moved.

        gateway_id: What the gateway calls it.
    """

    amount: Money
    gateway_id: str


def require_seen(
    attempt: PaymentAttempt, decision: PaymentDecision, seen: Seen | None
) -> None:
    """
    Refuse what nobody can have seen.

    Raises:
        InvalidInputError: If it is not said what was moved, or where nothing was; or if
            it is not what the attempt may have moved.
    """
    if decision is PaymentDecision.HAPPENED:
        _require_moved(attempt, seen)
    elif seen is not None:
        require_nothing("amount", str(seen.amount))


def require_nothing(field: str, value: str) -> None:
    """
    Refuse what says that something was moved, where it did not happen.

    Raises:
        InvalidInputError: If there is a value.
    """
    if value:
        expected = "left out: with did_not_happen, nothing was moved"
        raise InvalidInputError(field=field, value=value, expected=expected)


def require_open(
    attempt: PaymentAttempt, decision: PaymentDecision, reference: str
) -> None:
    """
    Refuse to end what such a decision does not end, or what has gone on since a person
    looked.

    Raises:
        CommandRefusedError: With each reason.
    """
    step, stage = attempt.step.value, attempt.stage
    blockers = []
    if attempt.reference != reference:
        words = f"its reference is {attempt.reference} now, not {reference}"
        blockers.append(Blocker("wrong_step", words, {"step": step}))
    is_denied = decision is PaymentDecision.DID_NOT_HAPPEN
    stages = (*NEVER_HAPPENED,) if is_denied else _MAY_HAVE_HAPPENED
    if stage not in stages:
        listed = ", ".join(stages)
        words = f"its step {step} is {stage.value}; {decision.value} needs {listed}"
        blockers.append(Blocker("wrong_state", words, {"state": stage.value}))
    if blockers:
        raise CommandRefusedError(
            kind="attempt",
            id=attempt.attempt_id,
            command="resolve_payment",
            blockers=blockers,
        )


def _require_moved(attempt: PaymentAttempt, seen: Seen | None) -> None:
    if seen is None:
        expected = "what was moved, which goes with happened"
        raise InvalidInputError(field="amount", value=None, expected=expected)
    if not seen.gateway_id.strip():
        expected = "the gateway's own name for the payment, which goes with happened"
        raise InvalidInputError(
            field="gateway_id", value=seen.gateway_id, expected=expected
        )
    wanted, minor = attempt.wanted, seen.amount.minor
    match attempt.step:
        case PaymentStep.AUTHORIZE:
            fits, expected = (
                0 < minor <= wanted.minor,
                f"positive, and {wanted} at most",
            )
        case PaymentStep.CAPTURE:
            fits, expected = minor > 0, f"positive, in {wanted.currency}"
        case PaymentStep.REFUND:
            fits, expected = minor == wanted.minor, f"{wanted}, all of it"
    if not fits or seen.amount.currency != wanted.currency:
        raise InvalidInputError(
            field="amount", value=str(seen.amount), expected=expected
        )
