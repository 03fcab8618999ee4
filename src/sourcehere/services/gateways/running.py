"""
Payments of all sellers: what workers take up, and what only a person can decide.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import attrs

from ...domain.effects.payment_facts import PaymentHint
from ...domain.effects.payment_stages import (
    DUE_STAGES,
    OPEN_STAGES,
    PaymentDecision,
    PaymentStage,
)
from ...domain.effects.payments import PaymentAttempt, attempt_of
from ...domain.kernel.actor import Actor
from ...domain.kernel.clock import to_micros
from ...domain.kernel.errors import (
    InvalidInputError,
    SourceHereError,
)
from ...domain.kernel.ids import SellerId
from ...domain.kernel.values import frozen
from ...doors.answers import words_of
from ...ports.payments import PaymentOutcome, PaymentRecord
from ...ports.storage import Key
from ...unit.platform_unit import PlatformUnit
from ...unit.seller_unit import SellerUnit
from ...unit.tables.freight import PROVIDERS_OF
from ...unit.tables.payments import (
    PAYMENT_HINTS,
    PAYMENT_HINTS_OF,
    PAYMENTS,
    PAYMENTS_BY_ID,
    PAYMENTS_BY_STAGE,
)
from ..base.commands import SAID_OUTSIDE, Given
from .connections import PAYMENT
from .deciding import NEVER_HAPPENED, Seen, require_open, require_seen
from .endings import keep_moved
from .hints import PaymentHints
from .naming import namesake
from .payments import CardPayments

_HINTS = 100  # of each gateway, in a round
_AT_ONCE = 100  # attempts that are read together
_LATER = timedelta(minutes=10)  # when a gateway is asked again about a hint


@frozen(kw_only=True)
class AttemptsReport:
    """
    What a round over payments did.

    Attributes:
        asked: Attempts that were asked about.

        ended: Those of which it is known by now what became of them.

        failed: Attempt -> why it could not be asked about, or what its gateway said
            that does not count; it is asked again later.
    """

    asked: int = 0
    ended: int = 0
    failed: dict[str, str] = attrs.field(factory=dict, metadata=SAID_OUTSIDE)


class Payments(PaymentHints, CardPayments):
    """
    Moves money by gateways, hears what they tell, takes up what is not ended, and keeps
    what people decide.
    """

    def run(
        self, *, stop: Callable[[], bool] | None = None, command_id: str = ""
    ) -> AttemptsReport:
        """
        Ask about every attempt that is due: first those of which gateways told by
        themselves.

        Args:
            stop: Asked between two attempts: whether to end here.
        """
        is_over = stop or (lambda: False)
        return self._once_over_for_platform(
            Given(command_id, "run_payments", ()),
            lambda: self._run(is_over),
            AttemptsReport,
            is_whole=lambda _: not is_over(),
        )

    def open(self) -> tuple[PaymentAttempt, ...]:
        """
        List the attempts of which it is not known yet what became of them; those first
        that only a person can end.
        """

        def work(unit: PlatformUnit) -> tuple[PaymentAttempt, ...]:
            return tuple(
                attempt
                for stage in OPEN_STAGES
                for attempt in unit.each(PAYMENTS_BY_STAGE, stage.value)
            )

        return self._units.platform(work, read_only=True)

    def named(self, attempt_id: str) -> PaymentAttempt | None:
        """
        Return an attempt, whoever's it is; None where there is none.
        """

        def work(unit: PlatformUnit) -> PaymentAttempt | None:
            return next(iter(unit.find(PAYMENTS_BY_ID, [(attempt_id,)])), None)

        return self._units.platform(work, read_only=True)

    def ask_now(
        self, seller_id: str, attempt_id: str, *, command_id: str = ""
    ) -> PaymentAttempt:
        """
        Ask about an attempt, also about one that has ended; the same command does not
        ask again.

        Raises:
            NotFoundError: If the seller has no such attempt.
        """

        def work() -> str:
            self.take_up(seller_id, attempt_id, is_asked_for=True)
            return attempt_id

        given = Given(command_id, "ask_about_payment", attempt_id)
        self._once_over(SellerId(seller_id), given, work, str)
        return self.get(seller_id, attempt_id)

    def resolve(
        self,
        seller_id: str,
        attempt_id: str,
        decision: PaymentDecision,
        *,
        seen: Seen | None,
        reference: str,
        by: Actor,
        command_id: str = "",
    ) -> PaymentAttempt:
        """
        Keep what a person found out about an attempt.

        Args:
            seen: What was moved; given with `PaymentDecision.HAPPENED` and never else.

            reference: What was looked up at the gateway: one step of the attempt.

        Raises:
            NotFoundError: If the seller has no such attempt.

            CommandRefusedError: If it is in no stage that such a decision ends, or has
                come to another step than *reference* names.

            InvalidInputError: If it is not said what was moved, or makes no sense; or
                another attempt has what is named.
        """
        seller = SellerId(seller_id)
        attempt = self.get(seller_id, attempt_id)
        require_seen(attempt, decision, seen)
        if seen is not None:
            self._require_its_own(attempt, seen)
        request = (attempt_id, decision, seen, reference)
        given = Given(command_id, "resolve_payment", request)

        def end(unit: SellerUnit) -> str:
            now = unit.need(PAYMENTS, attempt_id, lock=seen is None)
            require_open(now, decision, reference)
            if seen is None:
                events = NEVER_HAPPENED[now.stage]
                keep_moved(unit, now, events, decided_by=str(by), next_at=unit.now)
            else:
                unit.put(PAYMENTS, attrs.evolve(now, decided_by=str(by)))
            return now.step.value

        step = self._once(seller, given, end, str)
        attempt = self.get(seller_id, attempt_id)
        if seen is None or attempt.step != step:
            return attempt  # what was reserved is not what is captured next
        return self._seen(attempt, seen)

    def _require_its_own(self, attempt: PaymentAttempt, seen: Seen) -> None:
        """
        Refuse what was counted for another attempt: it was moved once.
        """
        other = self._units.platform(
            lambda unit: namesake(unit, attempt, seen.gateway_id), read_only=True
        )
        if other is not None:
            expected = f"none that is attempt {other.attempt_id}'s"
            raise InvalidInputError(
                field="gateway_id", value=seen.gateway_id, expected=expected
            )

    def _seen(self, attempt: PaymentAttempt, seen: Seen) -> PaymentAttempt:
        record = PaymentRecord(
            reference=attempt.reference,
            gateway_id=seen.gateway_id,
            outcome=PaymentOutcome.SUCCEEDED,
            amount=seen.amount,
        )
        return self._follow(attempt, record)

    def _run(self, is_over: Callable[[], bool]) -> AttemptsReport:
        asked = ended = 0
        failed: dict[str, str] = {}
        unmade: dict[str, str] = {}  # why a gateway cannot be asked; empty where it can
        for attempt, hint in self._hinted_and_due():
            if is_over():
                break
            if attempt.connection not in unmade:
                unmade[attempt.connection] = self._why_unmade(attempt.connection)
            try:
                taken = self._take_up(
                    attempt.seller_id,
                    attempt.attempt_id,
                    is_asked_for=hint is not None,
                )
            except SourceHereError as error:  # its rows are in use
                failed[attempt.attempt_id] = words_of(error)
            else:
                now = taken.attempt
                why = unmade[attempt.connection] or taken.failed
                if why:
                    failed[attempt.attempt_id] = why
                asked += not why and now.epoch != attempt.epoch
                is_ended = now.stage not in OPEN_STAGES
                ended += is_ended and attempt.stage in OPEN_STAGES
                if hint is not None:
                    self._heard(hint, is_whole=taken.is_heard)
        return AttemptsReport(asked=asked, ended=ended, failed=failed)

    def _why_unmade(self, gateway: str) -> str:
        """
        Return why a gateway cannot be asked at all: what was asked of it waits.
        """
        error = self._calls.why_not(gateway)
        if error is None:
            return ""
        words, kind = "a gateway cannot be asked: gateway=%s error=%s", type(error)
        self._watch.log(self._room).warning(words, gateway, kind.__name__)
        return words_of(error)

    def _hinted_and_due(
        self,
    ) -> Iterator[tuple[PaymentAttempt, PaymentHint | None]]:
        yield from self._hinted()
        for attempt in self._due():
            yield attempt, None

    def _hinted(self) -> list[tuple[PaymentAttempt, PaymentHint]]:
        """
        Return the attempts of which gateways told by themselves, but for gateways that
        rest; what is told of none of ours is forgotten.
        """

        def named(unit: PlatformUnit) -> list[str]:
            return [gateway.name for gateway in unit.each(PROVIDERS_OF, PAYMENT)]

        def work(
            unit: PlatformUnit,
        ) -> tuple[list[tuple[PaymentAttempt, PaymentHint]], list[PaymentHint]]:
            hints = [hint for name in awake for hint in _told_by(unit, name)]
            names = sorted({(attempt_of(hint.reference),) for hint in hints})
            found = {a.attempt_id: a for a in unit.find(PAYMENTS_BY_ID, names)}
            pairs, strange = [], []
            for hint in hints:
                attempt = found.get(attempt_of(hint.reference))  # type: ignore[call-overload]  # a text
                if attempt is None or attempt.connection != hint.connection:
                    strange.append(hint)
                else:
                    pairs.append((attempt, hint))
            return pairs, strange

        gateways = self._units.platform(named, read_only=True)
        awake = [name for name in gateways if not self._calls.rests(name)]
        pairs, strange = self._units.platform(work, read_only=True)
        for hint in strange:
            self._heard(hint)
        return pairs

    def _heard(self, hint: PaymentHint, *, is_whole: bool = True) -> None:
        """
        Take a hint away, unless it was told again meanwhile; where the gateway did not
        say what there is, it is asked again a little later.
        """

        def work(unit: PlatformUnit) -> None:
            key = (hint.connection, hint.reference)
            if unit.many(PAYMENT_HINTS, [key], lock=True) != [hint]:
                return
            if is_whole:
                unit.delete(PAYMENT_HINTS, [key])
            else:
                later = attrs.evolve(hint, told_at=unit.now + _LATER)
                unit.put(PAYMENT_HINTS, later)

        self._units.platform(work)

    def _due(self) -> Iterator[PaymentAttempt]:
        """
        Read what is due page by page, as it is asked about: there may be every payment
        of half a year, each of which a bank may take back.
        """
        until = to_micros(self._ports.clock.now())
        for stage in DUE_STAGES:  # in each the first is asked about first
            after: Key | None = None
            more = True
            while more:
                found = self._units.platform(
                    partial(_due_in, stage, until, after), read_only=True
                )
                yield from found
                more = len(found) == _AT_ONCE
                after = _place_of(found[-1]) if found else None


def _due_in(
    stage: PaymentStage, until: int, after: Key | None, unit: PlatformUnit
) -> list[PaymentAttempt]:
    return unit.page(
        PAYMENTS_BY_STAGE, stage.value, after=after, until=until, limit=_AT_ONCE
    )


def _place_of(attempt: PaymentAttempt) -> Key:
    return to_micros(attempt.next_at), attempt.seller_id, attempt.attempt_id


def _told_by(unit: PlatformUnit, gateway: str) -> list[PaymentHint]:
    until = to_micros(unit.now)
    return unit.page(PAYMENT_HINTS_OF, gateway, until=until, limit=_HINTS)
