"""
What became of an attempt, kept in one commit with what follows from it.
"""

from collections.abc import Callable
from datetime import datetime

import attrs

from ...domain.effects.machine import LIVE_STATES
from ...domain.effects.payment_stages import PaymentStage, PaymentStep
from ...domain.effects.payments import PaymentAttempt
from ...domain.kernel.errors import Blocker, CommandRefusedError
from ...domain.wallet.model import GATEWAY, Account, TopUp
from ...domain.wallet.purposes import (
    WITHDRAWAL_BOUNCED,
    WITHDRAWAL_FAILED,
    WITHDRAWN,
    WITHDRAWN_LATE,
)
from ...ports.payments import PaymentRecord
from ...unit.seller_unit import SellerUnit
from ...unit.tables.payments import PAYMENTS
from ...unit.tables.wallet import TOP_UPS
from ..base.settings import Settings
from ..paying.losses import take
from .naming import require_its_own
from .plans import plan_return

Pay = Callable[[SellerUnit, PaymentAttempt], object]
_CLEARING = Account.PROVIDER_CLEARING
_AVAILABLE, _HELD = Account.WALLET_AVAILABLE, Account.WALLET_HELD
_LATE = "it was captured after it had ended"


def keep_waiting(
    unit: SellerUnit, asked: PaymentAttempt, redirect_url: str, *, next_at: datetime
) -> PaymentAttempt:
    """
    Keep that the gateway waits for the payer; nothing where somebody else has taken it
    up since.
    """
    attempt = unit.need(PAYMENTS, asked.attempt_id, lock=True)
    if attempt.epoch != asked.epoch:
        return attempt
    waiting = attempt.waiting(redirect_url, now=unit.now, next_at=next_at)
    unit.put(PAYMENTS, waiting)
    return waiting


def keep_moved(
    unit: SellerUnit,
    asked: PaymentAttempt,
    events: tuple[str, ...],
    *,
    error: str = "",
    decided_by: str = "",
    next_at: datetime,
) -> PaymentAttempt:
    """
    Keep what else became of it; nothing where somebody else has taken it up since.

    What was held to go back to its source is available again once it is known that it
    did not go.
    """
    capture, attempt = _locked(unit, asked)
    if attempt.epoch != asked.epoch:
        return attempt
    moved = attempt.moved(events, now=unit.now, error=error, next_at=next_at)
    moved = attrs.evolve(moved, decided_by=decided_by or moved.decided_by)
    if capture is not None and moved.state not in LIVE_STATES:
        left = capture.returned_minor - attempt.amount_minor
        unit.put(PAYMENTS, attrs.evolve(capture, returned_minor=left))
        minor = attempt.amount_minor
        _post(unit, attempt, WITHDRAWAL_FAILED, [(_HELD, -minor), (_AVAILABLE, minor)])
    unit.put(PAYMENTS, moved)
    return moved


def keep_authorized(
    unit: SellerUnit, asked: PaymentAttempt, record: PaymentRecord, settings: Settings
) -> tuple[PaymentAttempt, bool]:
    """
    Keep what is reserved, with the key under which it is captured next.

    What is found to be reserved after the attempt had ended is not captured, since the
    payer was told so: it lapses.

    Returns:
        The attempt, and whether it is captured next by whoever keeps this.

    Raises:
        NamedTwiceError: If it is another attempt's reservation by its name.
    """
    attempt = unit.need(PAYMENTS, asked.attempt_id, lock=True)
    if attempt.step is not PaymentStep.AUTHORIZE:
        return attempt, False
    if not attempt.is_live:
        error = f"reserved after it had ended as {attempt.stage}; it lapses"
        late = attrs.evolve(attempt.changed(unit.now), error=error)
        unit.put(PAYMENTS, late)
        return late, False
    require_its_own(unit, attempt, record.gateway_id)
    authorized = attempt.authorized(
        record.gateway_id, record.amount.minor, now=unit.now, within=settings.lease
    )
    unit.put(PAYMENTS, authorized)
    return authorized, True


def keep_captured(
    unit: SellerUnit,
    asked: PaymentAttempt,
    record: PaymentRecord,
    settings: Settings,
    *,
    pay: Pay | None = None,
    because: str = "",
) -> tuple[PaymentAttempt, PaymentAttempt | None]:
    """
    Put what was captured into the wallet; counted once, however often it is told. What
    pays nothing goes back to its source where that was asked: all of it, or nothing
    where it settles a debt.

    Args:
        pay: Pays what it is to pay, in the same commit.

        because: Why it does not.

    Returns:
        The attempt, and the one by which it goes back.

    Raises:
        NamedTwiceError: If it is another attempt's capture by its name.

        SourceHereError: If it cannot be paid; without *pay* then.
    """
    # Orders are locked before attempts, and these before the wallet, as everywhere:
    # where it pays, it is written as it was read.
    attempt = unit.need(PAYMENTS, asked.attempt_id, lock=pay is None)
    if attempt.stage is PaymentStage.CAPTURED:
        return attempt, None
    if attempt.step is PaymentStep.AUTHORIZE:
        attempt = attempt.taken(record.gateway_id, record.amount.minor)
    require_its_own(unit, attempt, record.gateway_id)
    pays = pay if attempt.pays else None
    if pays is not None:
        pays(unit, attempt)
    elif attempt.checkout_id:
        because = because or attempt.because or _LATE
    minor = record.amount.minor
    done = attempt.done(
        record.gateway_id,
        minor,
        now=unit.now,
        next_at=unit.now + settings.chargebacks_every,
    )
    done = attrs.evolve(done, because=because)
    unit.insert(
        TOP_UPS,
        TopUp(
            seller_id=unit.seller_id,
            reference=attempt.reference,
            amount_minor=minor,
            currency=attempt.currency,
            recorded_by=f"{GATEWAY}{attempt.connection}",
            received_at=unit.now,
        ),
    )
    amounts = [(_CLEARING, -minor), (_AVAILABLE, minor)]
    _post(unit, attempt, "top_up", amounts, reference=attempt.reference)
    unit.put(PAYMENTS, done)
    is_late = pays is None and attempt.returns and bool(attempt.checkout_id)
    if not is_late or unit.available() < minor:
        return done, None
    back = plan_return(unit, done, minor, settings=settings, by=attempt.planned_by)
    return attrs.evolve(done, returned_minor=minor), back


def keep_returned(
    unit: SellerUnit, asked: PaymentAttempt, record: PaymentRecord
) -> PaymentAttempt:
    """
    Keep that money went back to its source.

    Where nobody thought any more that it did, it was available again meanwhile: then it
    is taken from there, and what is spent of it is owed.

    Raises:
        NamedTwiceError: If it is another attempt's return by its name.

        CommandRefusedError: If the same money is on its way back once more since: that
            has to end first.
    """
    capture, attempt = _locked(unit, asked)
    if attempt.stage is PaymentStage.RETURNED:
        return attempt
    require_its_own(unit, attempt, record.gateway_id)
    minor = record.amount.minor
    if not attempt.is_live:
        _require_returnable(capture, attempt, minor)
    done = attempt.done(record.gateway_id, minor, now=unit.now)
    unit.put(PAYMENTS, done)
    if attempt.is_live:
        amounts = [(_HELD, -minor), (_CLEARING, minor)]
        _post(unit, attempt, WITHDRAWN, amounts)
        return done
    assert capture is not None
    returned = capture.returned_minor + minor
    unit.put(PAYMENTS, attrs.evolve(capture, returned_minor=returned))
    take(unit, minor, purpose=WITHDRAWN_LATE, reference=attempt.attempt_id)
    return done


def _require_returnable(
    capture: PaymentAttempt | None, attempt: PaymentAttempt, minor: int
) -> None:
    """
    Refuse to count a return of what other attempts are still to return.
    """
    assert capture is not None
    if capture.returned_minor + minor <= capture.done_minor:
        return
    words = f"it went, and others of {capture.attempt_id} have to end first"
    facts = {"capture": capture.attempt_id, "state": attempt.stage.value}
    raise CommandRefusedError(
        kind="attempt",
        id=attempt.attempt_id,
        command="return",
        blockers=[Blocker("return_open", words, facts)],
    )


def keep_bounced(unit: SellerUnit, known: PaymentAttempt, error: str) -> PaymentAttempt:
    """
    Keep that money which was on its way back to its source did not arrive: it is
    available again.
    """
    capture, attempt = _locked(unit, known)
    if attempt.stage is not PaymentStage.RETURNED or capture is None:
        return attempt
    minor = attempt.done_minor
    bounced = attempt.bounced(error, now=unit.now)
    left = capture.returned_minor - minor
    unit.put(PAYMENTS, bounced, attrs.evolve(capture, returned_minor=left))
    amounts = [(_CLEARING, -minor), (_AVAILABLE, minor)]
    _post(unit, attempt, WITHDRAWAL_BOUNCED, amounts)
    return bounced


def misfit(asked: PaymentAttempt, record: PaymentRecord) -> str:
    """
    Say what is wrong with an amount that a gateway says it moved; empty where it fits.

    Less than was asked for is what it says where it was reserved or captured; what is
    returned has to be exact, since it is held.
    """
    told, wanted = record.amount, asked.wanted
    is_less = 0 < told.minor < wanted.minor and asked.step is not PaymentStep.REFUND
    if told.currency == wanted.currency and (told == wanted or is_less):
        return ""
    return f"the gateway says {told} ({record.gateway_id}), {wanted} was asked for"


def _locked(
    unit: SellerUnit, asked: PaymentAttempt
) -> tuple[PaymentAttempt | None, PaymentAttempt]:
    """
    Return, locked, the capture whose money an attempt returns, and the attempt.
    """
    names = {(asked.attempt_id,), (asked.capture_of or asked.attempt_id,)}
    found = {one.attempt_id: one for one in unit.many(PAYMENTS, names, lock=True)}
    return found.get(asked.capture_of), found[asked.attempt_id]


def _post(
    unit: SellerUnit,
    attempt: PaymentAttempt,
    purpose: str,
    amounts: list[tuple[Account, int]],
    *,
    reference: str = "",
) -> None:
    unit.book(
        amounts,
        currency=attempt.currency,
        purpose=purpose,
        reference=reference or attempt.attempt_id,
    )
