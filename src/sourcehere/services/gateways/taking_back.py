"""
What payers' banks took back: kept once, taken from the wallet, or owed.
"""

from collections.abc import Sequence
from datetime import timedelta

import attrs

from ...domain.effects.payment_facts import ChargebackTaken
from ...domain.effects.payments import PaymentAttempt
from ...domain.kernel.clock import NEVER
from ...domain.kernel.money import Money
from ...domain.wallet.model import Account
from ...domain.wallet.purposes import CHARGEBACK, CHARGEBACK_WON
from ...ports.payments import Chargeback
from ...unit.seller_unit import SellerUnit
from ...unit.tables.payments import CHARGEBACKS, CHARGEBACKS_OF, PAYMENTS
from ..base.settings import Settings
from ..paying.losses import take


def keep_chargebacks(
    unit: SellerUnit,
    looked: PaymentAttempt,
    told: Sequence[Chargeback],
    settings: Settings,
) -> PaymentAttempt | None:
    """
    Keep what was taken back of a capture: each once, however often it is told; less
    than before is what the bank gave back. What cannot be of the capture is told in its
    error, and not booked.

    Returns:
        The capture; None where somebody else has kept something since it was looked up:
        what is older would undo what is newer.
    """
    capture = unit.need(PAYMENTS, looked.attempt_id, lock=True)
    if capture.epoch != looked.epoch:
        return None
    known = {
        one.chargeback_id: one
        for one in unit.find(CHARGEBACKS_OF, [(capture.attempt_id,)], lock=True)
    }
    error = ""
    named = {
        f"{capture.connection}:{capture.gateway_id}:{c.gateway_id}": c for c in told
    }

    def rise(name: str) -> int:
        minor = named[name].amount.minor
        return minor - known[name].amount_minor if name in known else minor

    # What the bank gave back makes room for what it took instead.
    for name in sorted(named, key=rise):
        one = named[name]
        others = sum(k.amount_minor for n, k in known.items() if n != name)
        if not _is_of(capture, one.amount, others_minor=others):
            captured = Money(capture.done_minor, capture.currency)
            error = f"the gateway says that {one.amount} of {captured} was taken back"
            continue
        before = known.get(name)
        if before is None:
            before = _new(unit, capture, one, name)
            known[name] = before
        known[name] = _follow(unit, before, one.amount.minor)
    return _looked(unit, capture, settings, [*known.values()], error=error)


def _is_of(capture: PaymentAttempt, amount: Money, *, others_minor: int) -> bool:
    """
    Tell whether so much of a capture can be gone, beside what others took: no bank
    takes back more than its payer paid, or other money.
    """
    if not amount.minor:
        return True
    is_ours = amount.currency == capture.currency
    return is_ours and others_minor + amount.minor <= capture.done_minor


def keep_looked(
    unit: SellerUnit, looked: PaymentAttempt, settings: Settings, *, is_over: bool
) -> PaymentAttempt:
    """
    Keep that a gateway was asked for chargebacks, and has not told of any.

    Args:
        is_over: Whether it is asked no more.
    """
    capture = unit.need(PAYMENTS, looked.attempt_id, lock=True)
    known = unit.find(CHARGEBACKS_OF, [(capture.attempt_id,)])
    return _looked(unit, capture, settings, known, is_over=is_over)


def _looked(
    unit: SellerUnit,
    capture: PaymentAttempt,
    settings: Settings,
    known: Sequence[ChargebackTaken],
    *,
    is_over: bool = False,
    error: str | None = None,
) -> PaymentAttempt:
    every: timedelta = settings.chargebacks_every
    next_at = unit.now + every
    # Whoever took late decides late: what the bank gives back is heard of, too.
    newest = max([capture.step_at, *(one.changed_at for one in known)])
    if is_over or next_at > newest + settings.chargebacks_within:
        next_at = NEVER
    kept = attrs.evolve(
        capture.changed(unit.now),
        next_at=next_at,
        taken_back_minor=sum(one.amount_minor for one in known),
        error=capture.error if error is None else error,
    )
    unit.put(PAYMENTS, kept)
    return kept


def _new(
    unit: SellerUnit, capture: PaymentAttempt, told: Chargeback, name: str
) -> ChargebackTaken:
    made = ChargebackTaken(
        seller_id=unit.seller_id,
        chargeback_id=name,
        attempt_id=capture.attempt_id,
        connection=capture.connection,
        gateway_id=told.gateway_id,
        amount_minor=0,
        currency=capture.currency,
        taken_at=told.taken_at,
        told_at=unit.now,
        changed_at=unit.now,
    )
    unit.put(CHARGEBACKS, made)
    return made


def _follow(unit: SellerUnit, before: ChargebackTaken, minor: int) -> ChargebackTaken:
    more = minor - before.amount_minor
    if not more:
        return before
    changed = attrs.evolve(before, amount_minor=minor, changed_at=unit.now)
    unit.put(CHARGEBACKS, changed)
    if more > 0:
        take(unit, more, purpose=CHARGEBACK, reference=before.chargeback_id)
        return changed
    unit.book(
        [(Account.PROVIDER_CLEARING, more), (Account.WALLET_AVAILABLE, -more)],
        currency=before.currency,
        purpose=CHARGEBACK_WON,
        reference=before.chargeback_id,
    )
    return changed
