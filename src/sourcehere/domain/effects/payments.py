"""
Money that a gateway moves: each top-up and each return is an attempt, kept before the
first byte leaves.
"""

from datetime import datetime, timedelta

import attrs

from ..kernel.actor import Actor
from ..kernel.clock import NEVER
from ..kernel.errors import TransitionRefusedError
from ..kernel.ids import CheckoutId, PaymentAttemptId, SellerId
from ..kernel.money import Money
from ..kernel.values import frozen
from .machine import LIVE_STATES, PLANNED, SENDING, SUCCEEDED, AttemptChart
from .payment_stages import DUE_STAGES, PaymentStage, PaymentStep

_UNKNOWN: str = AttemptChart.unknown.value
_MANUAL: str = AttemptChart.manual.value
_BY_ANSWER = {SENDING: "succeed", _UNKNOWN: "find", _MANUAL: "settle"}
_TOKEN_LEAST = 4  # characters of one that tell nothing
_JOINT = "-"  # between the id of an attempt and its step


_DONE = {
    PaymentStep.CAPTURE: PaymentStage.CAPTURED,
    PaymentStep.REFUND: PaymentStage.RETURNED,
}


@frozen(kw_only=True)
class PaymentAttempt:
    """
    One attempt to move money by a gateway, and what became of it; never deleted.

    Attributes:
        connection: Which gateway.

        step: What it is asked for now; an attempt to top up has two.

        state: Of this step, in `AttemptChart`.

        amount_minor, currency: What is to be moved.

        source: The gateway's token of what is charged; empty as soon as it is not
            needed to send the same key again.

        sends: Calls about this step.

        looks: Calls about it since the payer is waited for.

        epoch: Grows with every call and every decision; whoever slept past it has an
            old one.

        next_at: When it is asked about next; while somebody asks, when another may.

        step_at: When the key of this step was kept, or is first taken for sure.

        deadline: Until when the payer is waited for; then it is asked about rarely.

        checkout_id: What it is to pay; empty for a mere top-up.

        pays: Whether it is still to pay that: no other attempt may then.

        returns: Whether the money goes back to its source if it cannot pay.

        because: Why it did not pay.

        capture_of: Of a return: the attempt whose money goes back.

        is_pending: Whether the gateway waits for the payer, or the bank.

        authorization_id, authorized_minor: The gateway's name of the reservation, and
            what it is of.

        gateway_id: The gateway's name of the capture, or of the refund.

        done_minor: What was captured, or returned.

        returned_minor: Of a capture: what went back to its source, or may have.

        taken_back_minor: Of a capture: what the payer's bank took back.

        decided_by: Who found out what the gateway could not say; empty for nobody.

        error: What the last call said; no token, and no personal data of ours.

        traceparent: Of the command that asked for it, as W3C Trace Context writes it;
            empty where nobody traced.
    """

    seller_id: SellerId
    attempt_id: PaymentAttemptId
    connection: str
    step: PaymentStep
    state: str
    amount_minor: int
    currency: str
    source: str = attrs.field(repr=False)
    sends: int
    epoch: int
    next_at: datetime
    planned_by: Actor
    planned_at: datetime
    step_at: datetime
    changed_at: datetime
    deadline: datetime
    looks: int = 0
    checkout_id: CheckoutId = CheckoutId("")
    pays: bool = False
    returns: bool = False
    because: str = ""
    capture_of: PaymentAttemptId = PaymentAttemptId("")
    is_pending: bool = False
    redirect_url: str = ""
    authorization_id: str = ""
    authorized_minor: int = 0
    gateway_id: str = ""
    done_minor: int = 0
    returned_minor: int = 0
    taken_back_minor: int = 0
    decided_by: str = ""
    error: str = ""
    traceparent: str = ""

    @property
    def stage(self) -> PaymentStage:
        """
        What has become of it.
        """
        if self.state == SUCCEEDED:
            return _DONE[self.step]
        if self.state == _UNKNOWN and self.is_pending:
            return PaymentStage.PENDING
        return PaymentStage(self.state)

    @property
    def reference(self) -> str:
        """
        What the gateway knows this step by, and can be searched for.
        """
        return f"{self.attempt_id}{_JOINT}{self.step}"

    @property
    def key(self) -> str:
        """
        Sent with every call of this step: the same key is the same payment.
        """
        return f"{self.reference}{_JOINT}key"

    @property
    def amount(self) -> Money:
        """
        What is to be moved.
        """
        return Money(self.amount_minor, self.currency)

    @property
    def wanted(self) -> Money:
        """
        What this step asks for: no more is captured than was authorized.
        """
        if self.step is PaymentStep.CAPTURE:
            return Money(self.authorized_minor, self.currency)
        return self.amount

    @property
    def has_paid(self) -> bool:
        """
        Whether it paid what it was to pay.
        """
        is_there = self.stage is PaymentStage.CAPTURED and self.checkout_id
        return bool(is_there) and not self.because

    @property
    def is_live(self) -> bool:
        """
        Whether it may still turn out to have happened.
        """
        return self.state in LIVE_STATES

    @property
    def returnable_minor(self) -> int:
        """
        How much of a capture can still go back to its source.
        """
        if self.stage is not PaymentStage.CAPTURED:
            return 0
        gone = self.returned_minor + self.taken_back_minor
        return max(self.done_minor - gone, 0)

    def is_due(self, now: datetime) -> bool:
        """
        Tell whether it is asked about now.
        """
        return self.stage in DUE_STAGES and self.next_at <= now

    def asked(self, *, now: datetime, within: timedelta) -> "PaymentAttempt":
        """
        Return it as it is sent, with the same key as before.

        Args:
            within: For how long nobody else asks.
        """
        event = {PLANNED: "send", _UNKNOWN: "resend"}
        state = self.state
        # A key that the gateway never took begins to be honoured now.
        step_at = now if state == PLANNED else self.step_at
        if state == SENDING:  # whoever asked has died
            state = AttemptChart.after(state, "lose")
        return attrs.evolve(
            self.changed(now),
            state=AttemptChart.after(state, event[state]),
            sends=self.sends + 1,
            step_at=step_at,
            next_at=now + within,
        )

    def authorized(
        self, authorization_id: str, minor: int, *, now: datetime, within: timedelta
    ) -> "PaymentAttempt":
        """
        Return it with what is reserved, as the capture is asked for, under a key of its
        own.
        """
        self._event()
        return attrs.evolve(
            self.changed(now),
            step=PaymentStep.CAPTURE,
            state=AttemptChart.after(PLANNED, "send"),
            source="",
            sends=1,
            looks=0,
            step_at=now,
            next_at=now + within,
            authorization_id=authorization_id,
            authorized_minor=minor,
            is_pending=False,
            redirect_url="",
            error="",
        )

    def taken(self, authorization_id: str, minor: int) -> "PaymentAttempt":
        """
        Return it with what was taken as it was authorized: nothing is left to capture.
        """
        return attrs.evolve(
            self,
            step=PaymentStep.CAPTURE,
            authorization_id=authorization_id,
            authorized_minor=minor,
        )

    def done(
        self, gateway_id: str, minor: int, *, now: datetime, next_at: datetime = NEVER
    ) -> "PaymentAttempt":
        """
        Return it with what was captured, or returned.

        What a gateway says that it moved is the truth, however late it says so: also
        where nobody thought any more that it happened.
        """
        state = SUCCEEDED
        if self.is_live:
            state = AttemptChart.after(*self._event())
        elif self.state == SUCCEEDED:
            raise TransitionRefusedError(
                chart="AttemptChart", state=self.state, event="succeed"
            )
        late = "" if self.is_live else f"found after it had ended as {self.stage}"
        return attrs.evolve(
            self.changed(now),
            state=state,
            source="",
            gateway_id=gateway_id,
            done_minor=minor,
            is_pending=False,
            redirect_url="",
            pays=False,
            next_at=next_at,
            error=late,
        )

    def bounced(self, error: str, *, now: datetime) -> "PaymentAttempt":
        """
        Return a return that did not arrive after all: the gateway has the money again.
        """
        return attrs.evolve(
            self.changed(now),
            state=AttemptChart.declined.value,
            gateway_id="",
            done_minor=0,
            error=error or "it did not arrive",
        )

    def waiting(
        self, redirect_url: str, *, now: datetime, next_at: datetime
    ) -> "PaymentAttempt":
        """
        Return it while the gateway waits for the payer; after its deadline another
        attempt may pay what it was to pay.
        """
        state = self.state
        if state == SENDING:
            state = AttemptChart.after(state, "lose")
        waiting = attrs.evolve(
            self.changed(now),
            state=state,
            source="",
            is_pending=True,
            redirect_url=redirect_url or self.redirect_url,
            looks=self.looks + 1,
            next_at=next_at,
            error="",
        )
        return _freed(waiting, now)

    def moved(
        self,
        events: tuple[str, ...],
        *,
        now: datetime,
        error: str = "",
        next_at: datetime,
    ) -> "PaymentAttempt":
        """
        Return it after *events* of its step. The token of the source is kept while the
        same key may be sent again, and no longer.
        """
        state = self.state
        for event in events:
            state = AttemptChart.after(state, event)
        is_live = state in LIVE_STATES
        is_over = not is_live or state == _MANUAL
        moved = attrs.evolve(
            self.changed(now),
            state=state,
            source="" if is_over else self.source,
            pays=self.pays and is_live,
            is_pending=self.is_pending and is_live,
            redirect_url=self.redirect_url if is_live else "",
            error=self.without_source(error),
            next_at=next_at,
        )
        return _freed(moved, now) if moved.is_pending else moved

    def without_source(self, words: str) -> str:
        """
        Return words of a gateway without the token of the source, also where they are
        cut within it.
        """
        if not self.source:
            return words
        told = words.replace(self.source, "***")
        for length in range(len(self.source) - 1, _TOKEN_LEAST, -1):
            if told.endswith(f"{self.source[:length]}…"):
                return f"{told[: -length - 1]}***"
        return told

    def changed(self, now: datetime) -> "PaymentAttempt":
        """
        Return it in the next epoch.
        """
        return attrs.evolve(self, epoch=self.epoch + 1, changed_at=now)

    def _event(self) -> tuple[str, str]:
        """
        Return the state and the event of an answer that says that it happened.
        """
        state = self.state
        if state == PLANNED:
            state = AttemptChart.after(state, "send")
        event = _BY_ANSWER.get(state)
        if event is None:
            raise TransitionRefusedError(
                chart="AttemptChart", state=state, event="succeed"
            )
        return state, event


def attempt_of(reference: str) -> str:
    """
    Return which attempt a reference of ours names; empty if it is none of ours.
    """
    attempt_id, joint, step = reference.rpartition(_JOINT)
    return attempt_id if joint and step in {*PaymentStep} else ""


def _freed(attempt: PaymentAttempt, now: datetime) -> PaymentAttempt:
    """
    Return an attempt that waits for its payer; behind its deadline it pays nothing.
    """
    if not attempt.pays or now < attempt.deadline:
        return attempt
    because = "the payer did not decide in time"
    return attrs.evolve(attempt, pays=False, because=because)
