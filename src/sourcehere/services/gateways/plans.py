"""
What is to be moved, kept before anybody is asked.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta

import attrs

from ...domain.effects.machine import PLANNED
from ...domain.effects.payment_stages import PaymentStep
from ...domain.effects.payments import PaymentAttempt
from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import (
    Blocker,
    CommandRefusedError,
    CurrencyMismatchError,
    InvalidInputError,
)
from ...domain.kernel.ids import CheckoutId, PaymentAttemptId, new_id
from ...domain.kernel.money import Money
from ...domain.wallet.model import Account
from ...domain.wallet.purposes import WITHDRAWAL
from ...unit.seller_unit import SellerUnit
from ...unit.tables.payments import PAYMENTS, PAYMENTS_OF, PAYMENTS_PAYING
from ...unit.tables.wallet import PLANS_OF
from ..base.settings import Settings

_PAGE = 100


def require_amount(amount: Money, currency: str) -> None:
    """
    Refuse what cannot be moved.

    Raises:
        InvalidInputError: If it is not positive.

        CurrencyMismatchError: If it is in another currency than the wallet.
    """
    if amount.minor <= 0:
        raise InvalidInputError(field="amount", value=str(amount), expected="positive")
    if amount.currency != currency:
        raise CurrencyMismatchError(left=currency, right=amount.currency)


def plan_top_up(
    unit: SellerUnit,
    amount: Money,
    *,
    gateway: str,
    source: str,
    settings: Settings,
    by: Actor,
    checkout_id: str = "",
    returns: bool = False,
) -> PaymentAttempt:
    """
    Keep what is to be charged; the gateway is asked afterwards, for as long as
    `Settings.lease` by nobody else.

    Args:
        checkout_id: What it pays; no other attempt pays any of its orders at the same
            time. The orders are locked.

    Raises:
        CommandRefusedError: If another attempt is to pay one of the orders.

        InvalidInputError: If the amount is not positive.

        CurrencyMismatchError: If it is in another currency than the wallet.
    """
    require_amount(amount, unit.seller.currency)
    if checkout_id:
        _require_alone(unit, checkout_id)
    attempt = _attempt(
        unit,
        amount,
        step=PaymentStep.AUTHORIZE,
        gateway=gateway,
        by=by,
        payer_within=settings.payer_within,
    )
    attempt = attrs.evolve(
        attempt,
        source=source,
        checkout_id=CheckoutId(checkout_id),
        pays=bool(checkout_id),
        returns=returns,
    ).asked(now=unit.now, within=settings.lease)
    unit.insert(PAYMENTS, attempt)
    return attempt


def plan_returns(
    unit: SellerUnit,
    amount: Money,
    *,
    attempt_id: str,
    usable: AbstractSet[str],
    settings: Settings,
    by: Actor,
) -> list[PaymentAttempt]:
    """
    Keep what is to go back, of one capture or of the newest ones first, and hold it:
    one attempt for each capture that it is of.

    Args:
        usable: The gateways at which something new can begin; captures of others stay.

    Raises:
        NotFoundError: If there is no such attempt.

        CommandRefusedError: If less was captured there, and is not returned yet.

        InvalidInputError: If the amount is not positive.

        CurrencyMismatchError: If it is in another currency than the wallet.
    """
    require_amount(amount, unit.seller.currency)
    if attempt_id:
        named = [(unit.need(PAYMENTS, attempt_id).attempt_id,)]
    else:
        named = _newest(unit, amount.minor, usable)
    found = unit.many(PAYMENTS, named, lock=True)
    captures = [one for one in found if one.connection in usable]
    captures.sort(key=lambda one: one.attempt_id, reverse=True)
    made, left = [], amount.minor
    for capture in captures:
        minor = min(left, capture.returnable_minor)
        if minor:
            made.append(plan_return(unit, capture, minor, settings=settings, by=by))
            left -= minor
    if left:
        most = Money(amount.minor - left, amount.currency)
        resting = {
            one.connection
            for one in (found if attempt_id else _newest_first(unit))
            if one.returnable_minor and one.connection not in usable
        }
        raise _more_than_there_is(unit, most, attempt_id, sorted(resting))
    return made


def plan_return(
    unit: SellerUnit,
    capture: PaymentAttempt,
    minor: int,
    *,
    settings: Settings,
    by: Actor,
) -> PaymentAttempt:
    """
    Keep what is to go back of a capture that is locked, and hold it.
    """
    amount = Money(minor, capture.currency)
    attempt = _attempt(
        unit,
        amount,
        step=PaymentStep.REFUND,
        gateway=capture.connection,
        by=by,
        payer_within=settings.payer_within,
    )
    attempt = attrs.evolve(
        attempt,
        capture_of=capture.attempt_id,
        authorization_id=capture.gateway_id,
    ).asked(now=unit.now, within=settings.lease)
    returned = capture.returned_minor + minor
    unit.put(PAYMENTS, attrs.evolve(capture, returned_minor=returned))
    unit.insert(PAYMENTS, attempt)
    unit.book(
        [(Account.WALLET_AVAILABLE, -minor), (Account.WALLET_HELD, minor)],
        currency=capture.currency,
        purpose=WITHDRAWAL,
        reference=attempt.attempt_id,
    )
    return attempt


def _attempt(
    unit: SellerUnit,
    amount: Money,
    *,
    step: PaymentStep,
    gateway: str,
    by: Actor,
    payer_within: timedelta,
) -> PaymentAttempt:
    return PaymentAttempt(
        seller_id=unit.seller_id,
        attempt_id=PaymentAttemptId(new_id()),
        connection=gateway,
        step=step,
        state=PLANNED,
        amount_minor=amount.minor,
        currency=amount.currency,
        source="",
        sends=0,
        epoch=0,
        next_at=unit.now,
        planned_by=by,
        planned_at=unit.now,
        step_at=unit.now,
        changed_at=unit.now,
        deadline=unit.now + payer_within,
        traceparent=unit.traceparent,
    )


def _require_alone(unit: SellerUnit, checkout_id: str) -> None:
    """
    Refuse to pay orders that another attempt is to pay; these are locked.
    """
    others = unit.find(PAYMENTS_PAYING, [(1,)])
    if not others:
        return
    names = [(one.checkout_id,) for one in others]
    plans = unit.find(PLANS_OF, [(checkout_id,), *names])
    wanted = {plan.order_id for plan in plans if plan.checkout_id == checkout_id}
    taken = {plan.checkout_id for plan in plans if plan.order_id in wanted}
    for other in others:
        if other.checkout_id in taken:
            words = f"attempt {other.attempt_id} is paying it, and is {other.stage}"
            facts = {"attempt": other.attempt_id, "state": other.stage.value}
            raise CommandRefusedError(
                kind="checkout",
                id=checkout_id,
                command="pay_by_card",
                blockers=[Blocker("payment_open", words, facts)],
            )


def _newest(
    unit: SellerUnit, minor: int, usable: AbstractSet[str]
) -> list[tuple[PaymentAttemptId]]:
    """
    Return the newest captures of which enough can go back.
    """
    found: list[tuple[PaymentAttemptId]] = []
    for attempt in _newest_first(unit):
        if minor <= 0:
            break
        if attempt.returnable_minor and attempt.connection in usable:
            found.append((attempt.attempt_id,))
            minor -= attempt.returnable_minor
    return found


def _newest_first(unit: SellerUnit) -> Iterator[PaymentAttempt]:
    after, has_more = None, True
    while has_more:
        rows, has_more = unit.slice(
            PAYMENTS_OF, after=after, limit=_PAGE, descending=True
        )
        for key, attempt in rows:
            after = key
            yield attempt


def _more_than_there_is(
    unit: SellerUnit, most: Money, attempt_id: str, resting: Sequence[str]
) -> CommandRefusedError:
    whose = f"attempt {attempt_id}" if attempt_id else "what gateways captured"
    words = f"of {whose} {most} can go back to its source now"
    facts: dict[str, str | int] = {"most": most.minor, "currency": most.currency}
    if resting:
        facts["resting"] = ", ".join(resting)
        words += f"; more was captured at {facts['resting']}, where nothing begins now"
    return CommandRefusedError(
        kind="wallet",
        id=unit.seller_id,
        command="withdraw",
        blockers=[Blocker("not_returnable", words, facts)],
    )


def ids_of(attempts: Sequence[PaymentAttempt]) -> dict[str, int]:
    """
    Return what is kept of a plan: which attempts, and of how much.
    """
    return {str(one.attempt_id): one.amount_minor for one in attempts}
