"""
Payments by gateways: what was moved is booked, once; what may be moved is held; and no
token is kept for longer than it is needed.
"""

from collections.abc import Callable, Mapping, Sequence

from ...domain.effects.machine import SUCCEEDED
from ...domain.effects.payment_stages import PaymentStage, PaymentStep
from ...domain.effects.payments import PaymentAttempt
from ...domain.wallet.machine import PAID
from ...domain.wallet.model import Checkout, TopUp
from ...unit.records import Way
from ...unit.tables.payments import (
    CHARGEBACKS,
    PAYMENTS,
    PAYMENTS_BY_AUTHORIZATION,
    PAYMENTS_BY_GATEWAY_ID,
)
from ...unit.tables.wallet import CHECKOUTS, TOP_UPS
from ..base.batches import batches
from .scope import Scope

_KEEPS_SOURCE = (PaymentStage.PLANNED, PaymentStage.SENDING, PaymentStage.UNKNOWN)


def check_payments(scope: Scope) -> None:
    """
    Check that attempts say what was moved, and that it is booked.
    """
    paying: dict[str, list[str]] = {}  # those that are open, which are few
    for attempts in batches(scope.unit.each_of(PAYMENTS, scope.seller_id)):
        top_ups, checkouts = _top_ups(scope, attempts), _checkouts(scope, attempts)
        _check_names(scope, attempts)
        for attempt in attempts:
            scope.check_currency(f"payment {attempt.attempt_id}", [attempt.currency])
            _check_moved(scope, attempt)
            _check_source(scope, attempt)
            if attempt.stage is PaymentStage.CAPTURED:
                _check_capture(scope, attempt, top_ups.get(attempt.reference))
            if attempt.checkout_id:
                checkout = checkouts.get(attempt.checkout_id)
                _check_checkout(scope, attempt, checkout)
            if attempt.pays:
                paying.setdefault(attempt.checkout_id, []).append(attempt.attempt_id)
            _add(scope, attempt)
    _check_alone(scope, paying)


def check_chargebacks(scope: Scope) -> None:
    """
    Check that what banks took back was booked.
    """
    tallies = scope.tallies
    for one in scope.unit.each_of(CHARGEBACKS, scope.seller_id):
        scope.check_currency(f"chargeback {one.chargeback_id}", [one.currency])
        tallies.chargebacks.store(one.chargeback_id, one.amount_minor)
        tallies.taken_back.compute(one.attempt_id, one.amount_minor)


def _add(scope: Scope, attempt: PaymentAttempt) -> None:
    name, tallies = attempt.attempt_id, scope.tallies
    if attempt.step is not PaymentStep.REFUND:
        tallies.returned.store(name, attempt.returned_minor)
        tallies.taken_back.store(name, attempt.taken_back_minor)
        return
    held = attempt.amount_minor if attempt.is_live else 0
    tallies.withdrawals.store(name, held, attempt.done_minor)
    tallies.returned.compute(attempt.capture_of, held + attempt.done_minor)


def _check_moved(scope: Scope, attempt: PaymentAttempt) -> None:
    said = bool(attempt.gateway_id), attempt.done_minor > 0
    is_done = attempt.state == SUCCEEDED
    scope.findings.check(
        "payment_says_what_was_moved",
        attempt.attempt_id,
        holds=said == (is_done, is_done)
        and 0 <= attempt.returned_minor <= attempt.done_minor
        and attempt.step in (PaymentStep.CAPTURE, PaymentStep.REFUND)
        if is_done
        else said == (False, False) and not attempt.returned_minor,
        words=f"it is {attempt.state} at {attempt.step}, and says {attempt.done_minor}"
        f" as {attempt.gateway_id!r}, {attempt.returned_minor} returned",
        done=attempt.done_minor,
        returned=attempt.returned_minor,
    )


def _check_names(scope: Scope, attempts: Sequence[PaymentAttempt]) -> None:
    """
    Check that what a gateway moved once is booked once, and that what it reserved once
    is of one attempt; whosever they are.
    """
    _check_once(
        scope,
        "payment_is_booked_once",
        attempts,
        (PAYMENTS_BY_GATEWAY_ID, lambda one: one.gateway_id),
        ("calls", "booked for"),
    )
    # A return names its capture there.
    _check_once(
        scope,
        "reservation_is_of_one_payment",
        [one for one in attempts if one.step is not PaymentStep.REFUND],
        (PAYMENTS_BY_AUTHORIZATION, lambda one: one.authorization_id),
        ("reserved as", "that of"),
    )


def _check_once(
    scope: Scope,
    invariant: str,
    attempts: Sequence[PaymentAttempt],
    by: tuple[Way[PaymentAttempt], Callable[[PaymentAttempt], str]],
    words: tuple[str, str],
) -> None:
    """
    Check that no other attempt in the same direction has the name of one.
    """
    (way, name_of), (says, whose) = by, words
    named = [one for one in attempts if name_of(one)]
    keys = sorted({(one.connection, name_of(one)) for one in named})
    same: dict[tuple[str, str, bool], list[str]] = {}

    def key_of(one: PaymentAttempt) -> tuple[str, str, bool]:
        return one.connection, name_of(one), one.step is PaymentStep.REFUND

    for found in scope.unit.find(way, keys):
        same.setdefault(key_of(found), []).append(found.attempt_id)
    for attempt in named:
        others = [one for one in same[key_of(attempt)] if one != attempt.attempt_id]
        scope.findings.check(
            invariant,
            attempt.attempt_id,
            holds=not others,
            words=f"what {attempt.connection} {says} {name_of(attempt)!r} is {whose}"
            f" {', '.join(others)}, too",
            others=others,
        )


def _check_source(scope: Scope, attempt: PaymentAttempt) -> None:
    is_needed = (
        attempt.step is PaymentStep.AUTHORIZE
        and attempt.stage in _KEEPS_SOURCE
        and not attempt.is_pending
    )
    scope.findings.check(
        "token_is_forgotten",
        attempt.attempt_id,
        holds=is_needed or not attempt.source,
        words=f"it is {attempt.stage}, and the token of its source is still there",
    )


def _check_capture(scope: Scope, attempt: PaymentAttempt, top_up: TopUp | None) -> None:
    scope.findings.check(
        "capture_is_in_the_wallet",
        attempt.attempt_id,
        holds=top_up is not None and top_up.amount_minor == attempt.done_minor,
        words=f"{attempt.done_minor} was captured, and no top-up says so",
        reference=attempt.reference,
    )


def _check_checkout(
    scope: Scope, attempt: PaymentAttempt, checkout: Checkout | None
) -> None:
    is_fit = checkout is not None and not (attempt.pays and not attempt.is_live)
    if attempt.has_paid:
        is_fit = checkout is not None and checkout.state == PAID
    scope.findings.check(
        "payment_has_its_checkout",
        attempt.attempt_id,
        holds=is_fit,
        words=f"it is {attempt.stage} for checkout {attempt.checkout_id}, which is"
        f" {'not there' if checkout is None else checkout.state}",
        checkout=attempt.checkout_id,
    )


def _check_alone(scope: Scope, paying: Mapping[str, Sequence[str]]) -> None:
    """
    Check that one attempt at a time is to pay a checkout.
    """
    for checkout_id, attempt_ids in paying.items():
        scope.findings.check(
            "one_attempt_pays_a_checkout",
            checkout_id,
            holds=len(attempt_ids) == 1,
            words=f"attempts {', '.join(attempt_ids)} are to pay it",
            attempts=attempt_ids,
        )


def _top_ups(scope: Scope, attempts: Sequence[PaymentAttempt]) -> dict[str, TopUp]:
    keys = [
        (scope.seller_id, one.reference)
        for one in attempts
        if one.stage is PaymentStage.CAPTURED
    ]
    found = scope.unit.many(TOP_UPS, keys)
    return {t.reference: t for t in found if t.is_of_gateway}


def _checkouts(scope: Scope, attempts: Sequence[PaymentAttempt]) -> dict[str, Checkout]:
    names = sorted({one.checkout_id for one in attempts if one.checkout_id})
    keys = [(scope.seller_id, name) for name in names]
    return {one.checkout_id: one for one in scope.unit.many(CHECKOUTS, keys)}
