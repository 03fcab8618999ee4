"""
What a gateway paid out, against what is booked: nothing is changed.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import attrs

from ...domain.effects.payment_facts import ChargebackTaken
from ...domain.effects.payment_stages import PaymentStage, PaymentStep
from ...domain.effects.payments import PaymentAttempt
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...ports.payments import Payout, PayoutEntry
from ...unit.platform_unit import PlatformUnit
from ...unit.tables.payments import (
    CHARGEBACKS_BY_GATEWAY_ID,
    CHARGEBACKS_OF,
    PAYMENTS_BY_GATEWAY_ID,
    PAYMENTS_BY_STAGE,
)
from ..base.batches import batches
from ..base.checks import require_zone
from ..base.ports import Ports
from .calls import GatewayCalls
from .connections import GatewayConnections

_USUAL = timedelta(days=7)  # from a payment to the payout that it is in


@frozen(kw_only=True)
class PaidOut:
    """
    An operation in a payout that is not booked as it is there.

    Attributes:
        payout_id, gateway_id: The gateway's names of both; of several payouts the last.

        amount: What it moved in all of them, as the gateway says; below zero where
            money left.

        booked: What is booked of it; None where nothing is.

        attempt_id: Ours; empty where none is known.
    """

    payout_id: str
    gateway_id: str
    amount: Money
    booked: Money | None
    attempt_id: str


@frozen(kw_only=True)
class NotPaidOut:
    """
    What is booked, and is in no payout though it should be by now.

    Attributes:
        booked_at: When it was booked; of a chargeback, when the bank took it.
    """

    attempt_id: str
    seller_id: str
    gateway_id: str
    amount: Money
    booked_at: datetime


@frozen(kw_only=True)
class PayoutReport:
    """
    A gateway's payouts against the ledger.

    Attributes:
        payouts, entries: How many were compared.

        fees: What the gateway kept, in each currency: the platform's cost, and none of
            the sellers'.

        missing_here: In a payout, and not booked.

        missing_there: Booked, and in no payout.

        other_amounts: Booked with another amount.

        unequal: Payouts whose sum is not that of their entries less the fees.
    """

    gateway: str
    since: datetime
    payouts: int
    entries: int
    fees: tuple[Money, ...]
    missing_here: tuple[PaidOut, ...]
    missing_there: tuple[NotPaidOut, ...]
    other_amounts: tuple[PaidOut, ...]
    unequal: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """
        Whether both say the same.
        """
        wrong = (self.missing_here, self.missing_there, self.other_amounts)
        return not any(wrong) and not self.unequal


@attrs.define
class _Found:
    young: datetime  # what a bank took or gave back later may be in no payout yet
    fees: dict[str, Money] = attrs.field(factory=dict)
    missing_here: list[PaidOut] = attrs.field(factory=list)
    other_amounts: list[PaidOut] = attrs.field(factory=list)
    seen: set[str] = attrs.field(factory=set)
    began: dict[str, datetime] = attrs.field(factory=dict)  # before the first payout


class Gateways(GatewayConnections):
    """
    Configures payment gateways, and compares what they paid out with what is booked.
    """

    def __init__(self, ports: Ports) -> None:
        super().__init__(ports)
        self._calls = GatewayCalls(ports)

    def reconcile(
        self, name: str, *, since: datetime, usual: timedelta = _USUAL
    ) -> PayoutReport:
        """
        Compare the payouts of a gateway since some time with the ledger. What began
        before, as a chargeback that is given back now, is compared with the payouts
        since then.

        Args:
            usual: How long a payment, or what a bank gave back, may take to be in a
                payout; what is younger, and in none, is not told of.

        Raises:
            NotFoundError: If there is no such gateway.

            PayoutsUnsupportedError: If it cannot tell.

            ProviderError: If it does not, or what it tells makes no sense.
        """
        require_zone("since", since)
        payouts = self._calls.payouts(name, since)
        found = _Found(young=self._ports.clock.now() - usual)
        for moved in batches(_by_operation(payouts, found)):
            self._compare(name, moved, found, since=since)
        if found.began:
            self._compare_whole(name, found)
        missing = self._units.platform(
            lambda unit: tuple(
                _not_paid_out(unit, name, found.seen, since, found.young)
            ),
            read_only=True,
        )
        return PayoutReport(
            gateway=name,
            since=since,
            payouts=len(payouts),
            entries=sum(len(payout.entries) for payout in payouts),
            fees=tuple(found.fees[name] for name in sorted(found.fees)),
            missing_here=tuple(found.missing_here),
            missing_there=missing,
            other_amounts=tuple(found.other_amounts),
            unequal=tuple(p.gateway_id for p in payouts if not _adds_up(p)),
        )

    def _compare_whole(self, name: str, found: _Found) -> None:
        """
        Compare what began before the payouts that were asked for: a bank took it by an
        earlier one, and gave it back by one of these.
        """
        payouts = self._calls.payouts(name, min(found.began.values()))
        every = _by_operation(payouts, _Found(young=found.young))
        whole = [one for one in every if one[1].gateway_id in found.began]
        for moved in batches(whole):
            self._compare(name, moved, found)

    def _compare(
        self,
        name: str,
        moved: Sequence[tuple[str, PayoutEntry]],
        found: _Found,
        *,
        since: datetime | None = None,
    ) -> None:
        """
        Compare operations with what is booked; one that differs and began before
        *since* is left for `_compare_whole`.
        """
        keys = sorted({(name, entry.gateway_id) for _, entry in moved})

        def work(
            unit: PlatformUnit,
        ) -> tuple[list[PaymentAttempt], list[ChargebackTaken]]:
            return (
                unit.find(PAYMENTS_BY_GATEWAY_ID, keys),
                unit.find(CHARGEBACKS_BY_GATEWAY_ID, keys),
            )

        attempts, chargebacks = self._units.platform(work, read_only=True)
        booked = _booked(attempts, chargebacks)
        for payout_id, entry in moved:
            known = booked.get(entry.gateway_id, [])
            attempt_id, amount = _told(known, entry.amount)
            is_nothing = amount is None and not entry.amount.minor
            if is_nothing or amount == entry.amount:
                continue
            if any(one.changed_at and one.changed_at > found.young for one in known):
                continue  # what a bank gave back may be in the next payout
            first = min((one.began_at for one in known), default=None)
            if first is not None and since is not None and first < since:
                found.began[entry.gateway_id] = first
                continue
            told = PaidOut(
                payout_id=payout_id,
                gateway_id=entry.gateway_id,
                amount=entry.amount,
                booked=amount,
                attempt_id=attempt_id,
            )
            (found.missing_here if amount is None else found.other_amounts).append(told)


@frozen
class _Booked:
    """
    What an attempt or a chargeback moved, and since when it can have been paid out.

    Attributes:
        changed_at: When a bank was last heard to take or to give back; none of an
            attempt, whose amount stays.
    """

    attempt_id: str
    amount: Money
    began_at: datetime
    changed_at: datetime | None = None


def _booked(
    attempts: Sequence[PaymentAttempt], chargebacks: Sequence[ChargebackTaken]
) -> dict[str, list[_Booked]]:
    """
    Return what is booked under each name of the gateway's: also what is booked twice.
    """
    booked: dict[str, list[_Booked]] = {}
    for one in attempts:
        made = _Booked(one.attempt_id, _moved(one), one.planned_at)
        booked.setdefault(one.gateway_id, []).append(made)
    for taken in chargebacks:
        made = _Booked(taken.attempt_id, _lost(taken), taken.taken_at, taken.changed_at)
        booked.setdefault(taken.gateway_id, []).append(made)
    return booked


def _told(booked: Sequence[_Booked], paid: Money) -> tuple[str, Money | None]:
    """
    Return what is booked where *paid* was paid out: all of it together, or what is in
    another currency. None where nothing is.
    """
    for one in booked:
        if one.amount.currency != paid.currency:
            return one.attempt_id, one.amount
    if not booked:
        return "", None
    minor = sum(one.amount.minor for one in booked)
    return booked[-1].attempt_id, Money(minor, paid.currency)


def _by_operation(
    payouts: Sequence[Payout], found: _Found
) -> list[tuple[str, PayoutEntry]]:
    """
    Return what each operation moved in all payouts, with the last that it is in: what a
    bank took back and gave back is nothing, and what is paid out twice is too much.
    """
    sums: dict[tuple[str, str], tuple[str, PayoutEntry]] = {}
    for payout in payouts:
        for entry in payout.entries:
            currency = entry.fee.currency
            before = found.fees.get(currency, Money.zero(currency))
            found.fees[currency] = before + entry.fee
            found.seen.add(entry.gateway_id)
            # As it is booked.
            amount = entry.amount if entry.moved is None else entry.moved
            key = (entry.gateway_id, amount.currency)
            if key in sums:
                amount += sums[key][1].amount
            sums[key] = (payout.gateway_id, attrs.evolve(entry, amount=amount))
    return list(sums.values())


def _moved(attempt: PaymentAttempt) -> Money:
    is_return = attempt.step is PaymentStep.REFUND
    minor = -attempt.done_minor if is_return else attempt.done_minor
    return Money(minor, attempt.currency)


def _lost(taken: ChargebackTaken) -> Money:
    return Money(-taken.amount_minor, taken.currency)


def _not_paid_out(
    unit: PlatformUnit, name: str, seen: set[str], since: datetime, until: datetime
) -> Iterator[NotPaidOut]:
    taken_from: list[tuple[str, str]] = []
    for stage in (PaymentStage.CAPTURED, PaymentStage.RETURNED):
        for attempt in unit.each(PAYMENTS_BY_STAGE, stage.value):
            if attempt.connection == name and attempt.taken_back_minor:
                taken_from.append((attempt.seller_id, attempt.attempt_id))
            is_its = attempt.connection == name and since <= attempt.step_at <= until
            if is_its and attempt.gateway_id not in seen:
                yield NotPaidOut(
                    attempt_id=attempt.attempt_id,
                    seller_id=attempt.seller_id,
                    gateway_id=attempt.gateway_id,
                    amount=_moved(attempt),
                    booked_at=attempt.step_at,
                )
    for keys in batches(taken_from):
        for taken in unit.find(CHARGEBACKS_OF, keys):
            is_gone = taken.amount_minor > 0 and since <= taken.taken_at <= until
            if is_gone and taken.gateway_id not in seen:
                yield NotPaidOut(
                    attempt_id=taken.attempt_id,
                    seller_id=taken.seller_id,
                    gateway_id=taken.gateway_id,
                    amount=_lost(taken),
                    booked_at=taken.taken_at,
                )


def _adds_up(payout: Payout) -> bool:
    currency = payout.amount.currency
    moved = [(e.amount, e.fee) for e in payout.entries]
    if any({a.currency, f.currency} != {currency} for a, f in moved):
        return False  # sums are in one currency
    return payout.amount.minor == sum(a.minor - f.minor for a, f in moved)
