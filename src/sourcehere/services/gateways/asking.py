"""
Asking a gateway to move money, once, whatever happens on the way.

What is to be moved is kept with its key before the gateway is asked, which happens with
no transaction open. What it says is kept together with the entries of the ledger. Where
nobody knows what became of a call, the same key is sent again while it is honoured,
else the payment is looked up, else a person has to find out.
"""

from collections.abc import Sequence
from datetime import timedelta

from ...domain.effects.machine import PLANNED
from ...domain.effects.payment_stages import PaymentStage, PaymentStep
from ...domain.effects.payments import PaymentAttempt
from ...domain.kernel.errors import CallerError, ConflictError, StateError
from ...domain.kernel.ids import SellerId
from ...domain.kernel.money import Money
from ...doors.answers import words_of
from ...ports.errors import (
    DeclinedError,
    ProviderError,
    ThrottledError,
    UnauthorizedError,
)
from ...ports.payments import PaymentOutcome, PaymentRecord
from ...unit.seller_unit import SellerUnit
from ...unit.tables.payments import PAYMENTS
from ...unit.tables.wallet import CHECKOUTS
from ..base.ports import Ports
from ..base.service import Service
from ..base.troubles import kept_of_making
from ..paying.checkouts import Checkouts
from .calls import GatewayCalls, KnowsOfNone, NobodyCanTell, NotAsked, Said
from .endings import (
    Pay,
    keep_authorized,
    keep_bounced,
    keep_captured,
    keep_moved,
    keep_returned,
    keep_waiting,
    misfit,
)
from .naming import NamedTwiceError
from .outcomes import Kept, TakenUp
from .taking_back import keep_chargebacks, keep_looked

_LONGEST = timedelta(hours=1)
_RARELY = timedelta(days=1)  # at last, behind the deadline of a payer
_OFTEN = timedelta(minutes=10)
# Nothing happened for sure, and a later call may do better.
_LATER = (ThrottledError, UnauthorizedError)
_REPEATED = (PaymentStage.SENDING, PaymentStage.UNKNOWN, PaymentStage.PENDING)
_ASKED = (PaymentStage.PLANNED, *_REPEATED)
Events = tuple[str, ...]


class GatewayAsking(Service):
    """
    Asks gateways, and keeps what they say.
    """

    def __init__(self, ports: Ports, checkouts: Checkouts) -> None:
        super().__init__(ports)
        self._calls = GatewayCalls(ports)
        self._checkouts = checkouts

    def get(self, seller_id: str, attempt_id: str) -> PaymentAttempt:
        """
        Return one attempt.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return self._read(
            SellerId(seller_id), lambda unit: unit.need(PAYMENTS, attempt_id)
        )

    def take_up(
        self, seller_id: str, attempt_id: str, *, is_asked_for: bool = False
    ) -> PaymentAttempt:
        """
        Ask about an attempt again, if it is due and its gateway does not rest; else
        return it as it is.

        Args:
            is_asked_for: Whether somebody waits for it: it is due at once where asking
                does no harm, and one that has ended is looked up too.
        """
        return self._take_up(seller_id, attempt_id, is_asked_for=is_asked_for).attempt

    def _take_up(
        self, seller_id: str, attempt_id: str, *, is_asked_for: bool
    ) -> TakenUp:
        attempt = self.get(seller_id, attempt_id)
        with self._watch.under(attempt.traceparent):
            return self._go_on_with(attempt, is_asked_for=is_asked_for)

    def _go_on_with(self, attempt: PaymentAttempt, *, is_asked_for: bool) -> TakenUp:
        if self._calls.rests(attempt.connection):
            return TakenUp(attempt, is_heard=False)
        if attempt.stage is PaymentStage.CAPTURED:
            return self._look_for_chargebacks(attempt, is_asked_for=is_asked_for)
        if attempt.stage not in _ASKED:
            return self._look_again(attempt) if is_asked_for else TakenUp(attempt)
        return TakenUp(self._ask_again(attempt, is_asked_for=is_asked_for))

    def _ask_again(
        self, attempt: PaymentAttempt, *, is_asked_for: bool
    ) -> PaymentAttempt:
        is_at_once = is_asked_for and self._may_repeat(attempt)
        found: list[bool] = []

        def work(unit: SellerUnit) -> PaymentAttempt:
            found.clear()
            now = unit.need(PAYMENTS, attempt.attempt_id, lock=True)
            is_repeated = is_at_once and now.stage in _REPEATED
            if now.stage not in _ASKED:
                return now
            if not now.is_due(unit.now) and not is_repeated:
                return now
            found.append(now.state == PLANNED)
            asked = now.asked(now=unit.now, within=self._settings.lease)
            unit.put(PAYMENTS, asked)
            return asked

        now = self._units.seller(attempt.seller_id, work)
        return self._go_on(now, is_first=found[0]) if found else now

    def _go_on(self, asked: PaymentAttempt, *, is_first: bool = True) -> PaymentAttempt:
        """
        Ask the gateway, keep what it says, and go on to the next step.
        """
        while True:
            said = self._calls.moved(asked, is_first=is_first)
            kept = self._keep(asked, said, is_first=is_first)
            now = kept.attempt
            self._watch.count(f"gateways.{now.step}.{now.stage}", 1)
            if not kept.is_begun:
                return now
            asked, is_first = now, True

    def _keep(self, asked: PaymentAttempt, said: Said, *, is_first: bool) -> Kept:
        if isinstance(said, PaymentRecord):
            try:
                return self._told(asked, said)
            except NamedTwiceError as wrong:
                failing = self._failing(asked, wrong, is_first=is_first)
                return Kept(self._moved(asked, *failing))
        events, error = self._ending(asked, said, is_first=is_first)
        return Kept(self._moved(asked, events, error))

    def _told(self, asked: PaymentAttempt, record: PaymentRecord) -> Kept:
        """
        Keep what a gateway says of a payment.

        Raises:
            NamedTwiceError: If it says what it said of another.
        """
        if record.outcome is PaymentOutcome.PENDING:
            return Kept(self._pending(asked, record))
        if record.outcome is PaymentOutcome.DECLINED:
            return Kept(self._moved(asked, ("decline",), record.detail))
        wrong = misfit(asked, record)
        if wrong:
            return Kept(self._moved(asked, ("lose", "hand_over"), wrong))
        return self._succeeded(asked, record)

    def _succeeded(self, asked: PaymentAttempt, record: PaymentRecord) -> Kept:
        seller, settings = asked.seller_id, self._settings
        if record.is_taken and asked.step is PaymentStep.AUTHORIZE:
            return Kept(self._captured(asked, record))
        match asked.step:
            case PaymentStep.AUTHORIZE:
                kept, is_begun = self._units.seller(
                    seller, lambda unit: keep_authorized(unit, asked, record, settings)
                )
                return Kept(kept, is_begun=is_begun)
            case PaymentStep.REFUND:
                return Kept(
                    self._units.seller(
                        seller, lambda unit: keep_returned(unit, asked, record)
                    )
                )
            case PaymentStep.CAPTURE:
                return Kept(self._captured(asked, record))

    def _captured(self, asked: PaymentAttempt, record: PaymentRecord) -> PaymentAttempt:
        """
        Put what was captured into the wallet, and pay by it; where that is not possible
        any more, it stays there, or goes back, unless a debt needs it.
        """
        because = ""
        if asked.pays:
            try:
                return self._credited(asked, record, pay=self._pay)
            except (ConflictError, NamedTwiceError):
                raise
            except (CallerError, StateError, ProviderError) as error:
                because = error.kept_words
                log = self._watch.log(self._room)
                log.warning("it is captured, not paid: attempt=%s", asked.attempt_id)
        return self._credited(asked, record, because=because)

    def _credited(
        self,
        asked: PaymentAttempt,
        record: PaymentRecord,
        *,
        pay: Pay | None = None,
        because: str = "",
    ) -> PaymentAttempt:
        settings = self._settings
        kept, back = self._units.seller(
            asked.seller_id,
            lambda unit: keep_captured(
                unit, asked, record, settings, pay=pay, because=because
            ),
        )
        if back is not None:
            self._go_on(back)
        return kept

    def _pay(self, unit: SellerUnit, attempt: PaymentAttempt) -> None:
        checkout = unit.need(CHECKOUTS, attempt.checkout_id)
        total = Money(checkout.total_minor, checkout.currency)
        self._checkouts.pay_within(
            unit, attempt.checkout_id, expected_total=total, by=attempt.planned_by
        )

    def _pending(self, asked: PaymentAttempt, record: PaymentRecord) -> PaymentAttempt:
        next_at = self._ports.clock.now() + self._rest_while_pending(asked)
        return self._units.seller(
            asked.seller_id,
            lambda unit: keep_waiting(
                unit, asked, record.redirect_url, next_at=next_at
            ),
        )

    def _moved(
        self, asked: PaymentAttempt, events: Events, words: str
    ) -> PaymentAttempt:
        rest = self._rest_while_pending if asked.is_pending else self._rest
        next_at = self._ports.clock.now() + rest(asked)
        return self._units.seller(
            asked.seller_id,
            lambda unit: keep_moved(unit, asked, events, error=words, next_at=next_at),
        )

    def _ending(
        self, asked: PaymentAttempt, said: Said, *, is_first: bool
    ) -> tuple[Events, str]:
        """
        Return what happens to an attempt that did not succeed, and why.
        """
        if asked.is_pending:  # it was accepted: it is waited for, whatever is said now
            if isinstance(said, NotAsked):
                return ("lose",), kept_of_making(said.error)
            return ("lose",), "the gateway does not say what became of it"
        match said:
            case KnowsOfNone():
                return ("lose", "miss"), "the gateway knows of none"
            case NobodyCanTell():
                return ("lose", "hand_over"), "the gateway cannot be asked any more"
            case NotAsked():
                error = kept_of_making(said.error)
                return ("postpone" if is_first else "lose",), error
        assert isinstance(said, ProviderError)
        return self._failing(asked, said, is_first=is_first)

    def _failing(
        self, asked: PaymentAttempt, error: ProviderError, *, is_first: bool
    ) -> tuple[Events, str]:
        if isinstance(error, DeclinedError):
            return ("decline",), error.detail
        if is_first and isinstance(error, _LATER):
            return ("postpone",), words_of(error)
        is_last = asked.sends >= self._settings.deliveries_max
        return (("lose", "hand_over") if is_last else ("lose",)), words_of(error)

    def _look_again(self, ended: PaymentAttempt) -> TakenUp:
        """
        Look up what has ended, or waits for a person: money that moved all the same is
        the seller's, what was returned is gone, and what did not arrive is back.
        """
        said = self._calls.looked_up(ended)
        if isinstance(said, (NotAsked, ProviderError)):
            # Only here is it told: what has ended keeps no error of its looks.
            failed = words_of(said) if isinstance(said, ProviderError) else ""
            return TakenUp(ended, is_heard=False, failed=failed)
        if not isinstance(said, PaymentRecord):
            return TakenUp(ended)
        return TakenUp(self._found(ended, said))

    def _found(self, ended: PaymentAttempt, said: PaymentRecord) -> PaymentAttempt:
        if ended.stage is PaymentStage.RETURNED:
            if said.outcome is not PaymentOutcome.DECLINED:
                return ended
            detail = said.detail
            return self._units.seller(
                ended.seller_id, lambda unit: keep_bounced(unit, ended, detail)
            )
        if said.outcome is not PaymentOutcome.SUCCEEDED or misfit(ended, said):
            return ended
        try:
            return self._follow(ended, said)
        except NamedTwiceError:
            return ended  # it was moved for another

    def _follow(self, attempt: PaymentAttempt, record: PaymentRecord) -> PaymentAttempt:
        """
        Keep that a step succeeded, and go on to the next.
        """
        kept = self._succeeded(attempt, record)
        return self._go_on(kept.attempt) if kept.is_begun else kept.attempt

    def _look_for_chargebacks(
        self, capture: PaymentAttempt, *, is_asked_for: bool
    ) -> TakenUp:
        now, settings = self._ports.clock.now(), self._settings
        if not (capture.is_due(now) or is_asked_for):
            return TakenUp(capture)
        seller = capture.seller_id
        said = self._calls.chargebacks(capture)
        if isinstance(said, tuple):
            kept = self._units.seller(
                seller, lambda unit: keep_chargebacks(unit, capture, said, settings)
            )
            if kept is not None:
                return TakenUp(kept, failed=kept.error)
            # Somebody has kept meanwhile what may be older: it is asked once more.
            newer = self.get(seller, capture.attempt_id)
            return self._look_for_chargebacks(newer, is_asked_for=True)
        is_over = said is None
        looked = self._units.seller(
            seller, lambda unit: keep_looked(unit, capture, settings, is_over=is_over)
        )
        failed = words_of(said) if isinstance(said, ProviderError) else ""
        return TakenUp(looked, is_heard=is_over, failed=failed)

    def _rest(self, asked: PaymentAttempt) -> timedelta:
        """
        Return how long an attempt is left alone: longer each time.

        A gateway that was asked may still be at it, unless it honours the key; to be
        sure that there is nothing, it is looked up only when that is over.
        """
        doubled = self._settings.retry_after * (1 << min(max(asked.sends - 1, 0), 20))
        rest = min(doubled, _LONGEST)
        return rest if self._may_repeat(asked) else max(rest, self._settings.lease)

    def _rest_while_pending(self, asked: PaymentAttempt) -> timedelta:
        now = self._ports.clock.now()
        if now >= asked.deadline:  # after as long again as it has waited
            return min(max(now - asked.planned_at, _OFTEN), _RARELY)
        return min(self._settings.retry_after * (1 << min(asked.looks, 20)), _OFTEN)

    def _may_repeat(self, attempt: PaymentAttempt) -> bool:
        """
        Tell whether the call in hand may be made twice at the same time.
        """
        if attempt.is_pending:
            return True  # it is only looked up
        try:
            gateway = self._calls.gateway(attempt.connection)
            return self._calls.honours(gateway, attempt)
        except (CallerError, StateError, ProviderError):
            return False

    def _go_on_all(self, asked: Sequence[PaymentAttempt]) -> list[PaymentAttempt]:
        return [self._go_on(one) for one in asked]
