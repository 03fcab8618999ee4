"""
One dispute, from the seller's words to the outcome.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

import attrs

from ..kernel.actor import Actor, Role
from ..kernel.clock import NEVER
from ..kernel.errors import (
    Blocker,
    CommandRefusedError,
    require_known,
    wrong_role,
    wrong_state,
)
from ..kernel.events import Event
from ..kernel.ids import DisputeId, OrderId, SellerId
from .events import (
    DisputedUnits,
    DisputeMoved,
    DisputeOffered,
    DisputeOverdue,
    DisputeResolved,
    DisputeSubmitted,
)
from .machine import ANSWER_BY, OPEN_STATES, REVIEW_BY, DisputeChart
from .policy import DisputeReason, Remedy, remedy_blockers

_SELLER, _STAFF = frozenset({Role.SELLER}), frozenset({Role.STAFF})
ROLES: dict[str, frozenset[Role]] = {
    "submit": _SELLER,
    "take": _STAFF,
    "ask": _STAFF,
    "answer": _SELLER,
    "offer": _STAFF,
    "offer_reship": _STAFF,
    "counter": _SELLER,
    "accept": _SELLER,
    "grant": _STAFF,
    "reject": _STAFF,
    "withdraw": _SELLER,
    "expire": frozenset({Role.SYSTEM}),
}
# Commands of which the chart knows no more than what they have in common.
_EVENTS = {"offer_reship": "offer"}
# With these the seller says something: it is the staff's turn again.
_ANSWERS = frozenset({"answer", "counter"})


@attrs.define(kw_only=True)
class Dispute:
    """
    The seller's after-sales request about units of one order.

    Attributes:
        asked_remedy: How the seller wants it to end: `refund` or `reship`.

        offered_remedy: What staff offered last; empty until they did.

        terms_version: Since which version the offer is what it is.

        reship_order_id: The order that sends its units again; empty unless it ended so.

        promised_by: Until when staff promised to ask, offer or end it; NEVER while it
            is not their turn, or nothing is promised.

        is_overdue: Whether that time is over and it is their turn still.

        ended_with: The message of its conversation that says why it ended; empty where
            nobody said, or it has not.
    """

    seller_id: SellerId
    dispute_id: DisputeId
    state: str = "new"
    version: int = 0
    order_id: OrderId = OrderId("")
    reason: str = ""
    units: tuple[DisputedUnits, ...] = ()
    asked_remedy: str = Remedy.REFUND.value
    asked_minor: int = 0
    offered_remedy: str = ""
    offered_minor: int = 0
    terms_version: int = 0
    granted_minor: int = 0
    reship_order_id: OrderId = OrderId("")
    currency: str = ""
    opened_at: datetime | None = None
    answer_by: datetime | None = None
    promised_by: datetime = NEVER
    is_overdue: bool = False
    ended_with: str = ""
    pending: list[Event] = attrs.field(factory=list, repr=False, eq=False)

    @classmethod
    def replay(
        cls, seller_id: SellerId, dispute_id: DisputeId, events: Iterable[Event]
    ) -> Self:
        """
        Return the dispute that *events* make.
        """
        dispute = cls(seller_id=seller_id, dispute_id=dispute_id)
        for event in events:
            dispute._apply(event)
        return dispute

    @property
    def is_open(self) -> bool:
        """
        Whether it still waits for an end.
        """
        return self.state in OPEN_STATES

    def blockers(self, command: str, *, by: Actor) -> tuple[Blocker, ...]:
        """
        Return every reason why *by* cannot do *command* now; empty if it can.
        """
        require_known(command, ROLES)
        found: list[Blocker] = []
        if by.role not in ROLES[command]:
            found.append(wrong_role(command, by, roles=ROLES[command]))
        states = DisputeChart.states_for(_EVENTS.get(command, command))
        if self.state not in states:
            found.append(wrong_state(command, self.state, needs=states))
        if command == "offer_reship" and self.reason:
            reason = DisputeReason(self.reason)
            found.extend(remedy_blockers(reason, Remedy.RESHIP))
        return tuple(found)

    def allowed(self, *, by: Actor) -> tuple[str, ...]:
        """
        List the commands that *by* can do now.
        """
        return tuple(c for c in ROLES if not self.blockers(c, by=by))

    def remedy_of(self, command: str) -> str:
        """
        Return how it ends by `accept` or `grant`: as was offered, or asked.
        """
        return self.offered_remedy if command == "accept" else self.asked_remedy

    @property
    def deadline(self) -> datetime:
        """
        When it expires unless the seller answers, or is overdue unless staff do; NEVER
        where neither will happen.
        """
        if self.state in ANSWER_BY.states:
            return self.answer_by or NEVER
        return NEVER if self.is_overdue else self.promised_by

    def require(self, command: str, *, by: Actor) -> str:
        """
        Return the state that *command* leads to.

        Raises:
            CommandRefusedError: With every blocker.
        """
        found = self.blockers(command, by=by)
        if found:
            raise CommandRefusedError(
                kind="dispute", id=self.dispute_id, command=command, blockers=found
            )
        return DisputeChart.after(self.state, _EVENTS.get(command, command))

    def submit(self, facts: DisputeSubmitted) -> None:
        """
        Open the dispute.

        Raises:
            CommandRefusedError: If it is open already, or not by the seller.
        """
        state = self.require("submit", by=facts.by)
        self._record(attrs.evolve(facts, state=state))

    def move(
        self,
        command: str,
        *,
        by: Actor,
        at: datetime,
        answer_by: datetime | None = None,
        promised_by: datetime = NEVER,
        message_id: str = "",
    ) -> None:
        """
        Take, ask, answer, counter, reject, withdraw or expire.

        Args:
            answer_by: When it expires if the seller, who is asked, says nothing.

            promised_by: Until when staff, whom the seller answered, do something.

            message_id: The message that says why.

        Raises:
            CommandRefusedError: If *command* cannot be done now by *by*, or it expires
                before its time.
        """
        state = self.require(command, by=by)
        if command == ANSWER_BY.command and not ANSWER_BY.has_passed(self.deadline, at):
            words = f"the seller may answer until {self.deadline.isoformat()}"
            raise CommandRefusedError(
                kind="dispute",
                id=self.dispute_id,
                command=command,
                blockers=[Blocker("not_due", words)],
            )
        self._record(
            DisputeMoved(
                command=command,
                state=state,
                answer_by=answer_by if command == "ask" else None,
                promised_by=promised_by if command in _ANSWERS else NEVER,
                message_id=message_id,
                by=by,
                occurred_at=at,
            )
        )

    def offer(
        self, amount_minor: int, *, by: Actor, at: datetime, answer_by: datetime
    ) -> None:
        """
        Offer a refund of *amount_minor*.

        Raises:
            CommandRefusedError: If it is not under review, or *by* is not staff.
        """
        state = self.require("offer", by=by)
        self._record(
            DisputeOffered(
                state=state,
                amount_minor=amount_minor,
                answer_by=answer_by,
                by=by,
                occurred_at=at,
            )
        )

    def offer_reship(self, *, by: Actor, at: datetime, answer_by: datetime) -> None:
        """
        Offer to send its units again, free of charge.

        Raises:
            CommandRefusedError: If it is not under review, *by* is not staff, or the
                policy does not have it for its reason.
        """
        state = self.require("offer_reship", by=by)
        self._record(
            DisputeOffered(
                state=state,
                amount_minor=0,
                answer_by=answer_by,
                remedy=Remedy.RESHIP.value,
                by=by,
                occurred_at=at,
            )
        )

    def reship(
        self, command: str, order_id: OrderId, *, by: Actor, at: datetime
    ) -> None:
        """
        Accept that its units are sent again, or grant that they are, by *order_id*.

        Raises:
            CommandRefusedError: If there is no such end from here.
        """
        self._record(
            DisputeResolved(
                state=self.require(command, by=by),
                amount_minor=0,
                reship_order_id=order_id,
                by=by,
                occurred_at=at,
            )
        )

    def resolve(
        self,
        command: str,
        *,
        by: Actor,
        at: datetime,
        most: int | None = None,
        asks_most: bool = False,
    ) -> int:
        """
        Accept the offer, or grant what was asked.

        Args:
            most: What the policy gives by now; None for whatever was agreed.

            asks_most: Whether a grant gives that much, as the seller asked.

        Returns:
            The refund, in minor units.

        Raises:
            CommandRefusedError: If there is no such end from here.
        """
        state = self.require(command, by=by)
        amount = self.offered_minor if command == "accept" else self.asked_minor
        if most is not None:
            is_whole = asks_most and command == "grant"
            amount = most if is_whole else min(amount, most)
        self._record(
            DisputeResolved(state=state, amount_minor=amount, by=by, occurred_at=at)
        )
        return amount

    def mark_overdue(self, *, by: Actor, at: datetime) -> None:
        """
        Record that staff did nothing until when they promised to; nothing is decided.

        Raises:
            CommandRefusedError: If it is not due, or not the staff's turn.
        """
        is_theirs = self.state in REVIEW_BY.states
        if not is_theirs or not REVIEW_BY.has_passed(self.deadline, at):
            raise CommandRefusedError(
                kind="dispute",
                id=self.dispute_id,
                command=REVIEW_BY.command,
                blockers=[Blocker("not_due", "nothing that was promised is overdue")],
            )
        self._record(DisputeOverdue(by=by, occurred_at=at))

    def _record(self, event: Event) -> None:
        self._apply(event)
        self.pending.append(event)

    def _apply(self, event: Event) -> None:
        match event:
            case DisputeSubmitted():
                self.order_id, self.reason = event.order_id, event.reason
                self.units, self.asked_minor = event.units, event.asked_minor
                self.asked_remedy = event.remedy
                self.currency, self.opened_at = event.currency, event.occurred_at
                self._promise(event.promised_by)
            case DisputeMoved():
                self.answer_by = event.answer_by
                if event.command != "take":  # which answers nothing yet
                    self._promise(event.promised_by)
                if event.state not in OPEN_STATES:
                    self.ended_with = event.message_id
            case DisputeOffered():
                self.offered_minor = event.amount_minor
                self.offered_remedy = event.remedy
                self.terms_version = self.version + 1
                self.answer_by = event.answer_by
                self._promise(NEVER)
            case DisputeResolved():
                self.granted_minor = event.amount_minor
                self.reship_order_id = event.reship_order_id
                self._promise(NEVER)
            case DisputeOverdue():
                self.is_overdue = True
        self.state = getattr(event, "state", self.state)
        self.version += 1

    def _promise(self, until: datetime) -> None:
        self.promised_by, self.is_overdue = until, False
