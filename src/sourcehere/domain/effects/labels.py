"""
Labels that are bought from carriers: each is an attempt, kept before the first byte
leaves.
"""

import enum
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from ..kernel.errors import TransitionRefusedError
from ..kernel.ids import ContactId, LabelId, OrderId, ParcelId, SellerId
from ..kernel.money import Money
from ..kernel.values import frozen
from .machine import LIVE_STATES, PLANNED, SENDING, SUCCEEDED, AttemptChart

DECLINED: str = AttemptChart.declined.value
MANUAL: str = AttemptChart.manual.value
_UNKNOWN: str = AttemptChart.unknown.value
# An attempt is `sending` while somebody asks; after a crash, until another takes it up.
_ASKED = frozenset({PLANNED, _UNKNOWN, SENDING})


class LabelStage(enum.StrEnum):
    """
    What has become of a label.
    """

    PLANNED = "planned"  # nothing happened yet: the carrier asked for patience
    SENDING = "sending"  # the carrier is being asked
    UNKNOWN = "unknown"  # nobody knows whether it was bought; it is asked again
    MANUAL = "manual"  # nobody knows, and only a person can find out
    DECLINED = "declined"  # the carrier did not sell it, or staff say so
    ABSENT = "absent"  # the carrier knows of none
    BOUGHT = "bought"  # and its parcel left
    STRAY = "stray"  # bought, and its order could not leave; it is being voided
    VOIDING = "voiding"  # the carrier is asked to take it back
    STUCK = "stuck"  # bought for nothing, and it cannot be voided without a person
    VOID = "void"  # taken back
    KEPT = "kept"  # bought for nothing, as staff accepted


# Stages in which a worker has something to do.
DUE_STAGES = (
    LabelStage.PLANNED,
    LabelStage.SENDING,
    LabelStage.UNKNOWN,
    LabelStage.STRAY,
    LabelStage.VOIDING,
)
# Those in which only a person has.
PERSONS_STAGES = (LabelStage.MANUAL, LabelStage.STUCK)


class LabelDecision(enum.StrEnum):
    """
    What a person found out about a label.
    """

    BOUGHT = "bought"  # it was bought, and its parcel leaves with it
    NOT_BOUGHT = "not_bought"  # it was not, and never will be
    VOID = "void"  # it was taken back
    KEPT = "kept"  # it cannot be taken back, and costs what it costs


@frozen
class LabelItem:
    """
    Units of an order's item that a label is for.
    """

    item_id: str
    quantity: int


@frozen(kw_only=True)
class Label:
    """
    One attempt to buy a label, and what became of it; never deleted.

    Attributes:
        connection, method: Who sells it, and the carrier's own code of what.

        contact_id, contact_version: Whose address is on it; the address itself is with
            contacts.

        leaves_from: The cloud warehouse; empty for the platform's own, None where the
            units can leave from one place only.

        origin: The country that it leaves from.

        key: Sent with every call: the same key is the same label, never a second one.

        state: Of buying it, in `AttemptChart`.

        sends: Calls with the key.

        epoch: Grows with every call and every decision; whoever slept past it has an
            old one.

        next_at: When it is asked about next; while somebody asks, when another may.

        bought_by: The member of staff for whom the parcel leaves.

        reference: The carrier's own name for it.

        price_minor, currency: What the carrier takes for it: the platform's cost, and
            none of the seller's, who paid the freight that was quoted.

        parcel_id: The parcel that left with it; empty where none did.

        void_key: Sent with every call to void it.

        void_state: Of voiding it, in `AttemptChart`; empty where nobody asked for it.

        void_sends: Calls with `void_key`.

        error: What the last call said; no personal data of ours.

        traceparent: Of the command that asked for it, or for voiding it, as W3C Trace
            Context writes it; empty where nobody traced.
    """

    seller_id: SellerId
    label_id: LabelId
    order_id: OrderId
    connection: str
    method: str
    contact_id: ContactId
    contact_version: int
    leaves_from: str | None
    origin: str
    items: tuple[LabelItem, ...]
    weight_grams: int
    key: str
    state: str
    sends: int
    epoch: int
    next_at: datetime
    bought_by: str
    planned_at: datetime
    changed_at: datetime
    reference: str = ""
    carrier: str = ""
    tracking_number: str = ""
    price_minor: int = 0
    currency: str = ""
    parcel_id: ParcelId = ParcelId("")
    void_key: str = ""
    void_state: str = ""
    void_sends: int = 0
    error: str = ""
    traceparent: str = ""

    @property
    def stage(self) -> LabelStage:
        """
        What has become of it.
        """
        if self.state != SUCCEEDED:
            return LabelStage(self.state)
        if self.void_state == SUCCEEDED:
            return LabelStage.VOID
        if self.void_state == MANUAL:
            return LabelStage.STUCK
        if self.void_state in _ASKED:
            return LabelStage.VOIDING
        if self.parcel_id:
            return LabelStage.BOUGHT
        return LabelStage.KEPT if self.void_state == DECLINED else LabelStage.STRAY

    @property
    def price(self) -> Money | None:
        """
        What the carrier takes for it; None while it is not bought.
        """
        return Money(self.price_minor, self.currency) if self.currency else None

    @property
    def is_live(self) -> bool:
        """
        Whether it may still turn out to be bought: its order marks its units.
        """
        return self.state in LIVE_STATES

    def is_due(self, now: datetime) -> bool:
        """
        Tell whether it is asked about now.
        """
        return self.stage in DUE_STAGES and self.next_at <= now

    def bought_as(self, facts: Mapping[str, Any], *, now: datetime) -> "Label":
        """
        Return it as the carrier sold it.

        Raises:
            TransitionRefusedError: If nothing can become of it any more.
        """
        state = self.state
        event = {SENDING: "succeed", _UNKNOWN: "find", MANUAL: "settle"}.get(state)
        if state == PLANNED:
            state, event = AttemptChart.after(state, "send"), "succeed"
        if event is None:
            raise TransitionRefusedError(
                chart="AttemptChart", state=state, event="succeed"
            )
        state = AttemptChart.after(state, event)
        return attrs.evolve(
            self.changed(now), state=state, error="", next_at=now, **facts
        )

    def asked(self, *, now: datetime, within: timedelta) -> "Label":
        """
        Return it as it is sent, with the same key as before.

        Args:
            within: For how long nobody else asks.
        """
        event = {PLANNED: "send", _UNKNOWN: "resend"}
        state = self.state
        if state == SENDING:  # whoever asked has died
            state = AttemptChart.after(state, "lose")
        return attrs.evolve(
            self.changed(now),
            state=AttemptChart.after(state, event[state]),
            sends=self.sends + 1,
            next_at=now + within,
        )

    def void_asked(self, key: str, *, now: datetime, within: timedelta) -> "Label":
        """
        Return it as it is to be voided, under *key*.
        """
        state = AttemptChart.after(PLANNED, "send")
        return attrs.evolve(
            self.changed(now),
            void_key=key,
            void_state=state,
            void_sends=self.void_sends + 1,
            next_at=now + within,
        )

    def moved(
        self, event: str, *, now: datetime, error: str = "", next_at: datetime
    ) -> "Label":
        """
        Return it after *event* of buying it.
        """
        return attrs.evolve(
            self.changed(now),
            state=AttemptChart.after(self.state, event),
            error=error,
            next_at=next_at,
        )

    def void_moved(
        self, event: str, *, now: datetime, error: str = "", next_at: datetime
    ) -> "Label":
        """
        Return it after *event* of voiding it.
        """
        return attrs.evolve(
            self.changed(now),
            void_state=AttemptChart.after(self.void_state, event),
            error=error,
            next_at=next_at,
        )

    def changed(self, now: datetime) -> "Label":
        """
        Return it in the next epoch.
        """
        return attrs.evolve(self, epoch=self.epoch + 1, changed_at=now)
