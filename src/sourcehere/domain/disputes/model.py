"""
One dispute, from the seller's words to the outcome.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

import attrs

from ..kernel.actor import Actor, Role
from ..kernel.clock import NEVER
from ..kernel.errors import Blocker, CommandRefusedError, require_known
from ..kernel.events import Event, named
from ..kernel.ids import DisputeId, OrderId, SellerId
from ..kernel.values import frozen
from .machine import ANSWER_BY, OPEN_STATES, DisputeChart


@frozen
class DisputedUnits:
    """
    Units of one item of the order.
    """

    item_id: str
    quantity: int


@named("dispute.submitted")
@frozen(kw_only=True)
class DisputeSubmitted(Event):
    """
    A seller disputed units of an order.

    Attributes:
        asked_minor: What the seller wants back; the policy caps it.

        asks_most: Whether the seller wants whatever the policy gives when it is
            granted; *asked_minor* is what that was when it was opened.

        evidence: Kinds of evidence given that a policy asks for; the evidence itself,
            and what else was given, is in messages.
    """

    state: str
    order_id: OrderId
    reason: str
    units: tuple[DisputedUnits, ...]
    asked_minor: int
    currency: str
    evidence: tuple[str, ...]
    asks_most: bool = False


@named("dispute.moved")
@frozen(kw_only=True)
class DisputeMoved(Event):
    """
    It was taken, asked about, answered, countered, withdrawn, rejected or expired.

    Attributes:
        message_id: The message of its conversation that says why; empty for none.
    """

    command: str
    state: str
    answer_by: datetime | None = None
    message_id: str = ""


@named("dispute.offered")
@frozen(kw_only=True)
class DisputeOffered(Event):
    """
    Staff offered a refund.
    """

    state: str
    amount_minor: int
    answer_by: datetime | None = None


@named("dispute.resolved")
@frozen(kw_only=True)
class DisputeResolved(Event):
    """
    It ended with a refund.
    """

    state: str
    amount_minor: int


_SELLER, _STAFF = frozenset({Role.SELLER}), frozenset({Role.STAFF})
ROLES: dict[str, frozenset[Role]] = {
    "submit": _SELLER,
    "take": _STAFF,
    "ask": _STAFF,
    "answer": _SELLER,
    "offer": _STAFF,
    "counter": _SELLER,
    "accept": _SELLER,
    "grant": _STAFF,
    "reject": _STAFF,
    "withdraw": _SELLER,
    "expire": frozenset({Role.SYSTEM}),
}


@attrs.define(kw_only=True)
class Dispute:
    """
    The seller's after-sales request about units of one order.

    Attributes:
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
    asked_minor: int = 0
    offered_minor: int = 0
    granted_minor: int = 0
    currency: str = ""
    opened_at: datetime | None = None
    answer_by: datetime | None = None
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
            roles = ", ".join(sorted(ROLES[command]))
            words = f"{command} is for {roles}, not for {by.role}"
            found.append(Blocker("role_not_allowed", words, {"role": by.role}))
        if not DisputeChart.allows(self.state, command):
            words = f"it is {self.state}"
            found.append(Blocker("wrong_state", words, {"state": self.state}))
        return tuple(found)

    def allowed(self, *, by: Actor) -> tuple[str, ...]:
        """
        List the commands that *by* can do now.
        """
        return tuple(c for c in ROLES if not self.blockers(c, by=by))

    @property
    def deadline(self) -> datetime:
        """
        When it expires unless the seller answers; NEVER while it waits for staff.
        """
        if self.state not in ANSWER_BY.states or self.answer_by is None:
            return NEVER
        return self.answer_by

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
        return DisputeChart.after(self.state, command)

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
        message_id: str = "",
    ) -> None:
        """
        Take, ask, answer, counter, reject, withdraw or expire.

        Args:
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

    def _record(self, event: Event) -> None:
        self._apply(event)
        self.pending.append(event)

    def _apply(self, event: Event) -> None:
        match event:
            case DisputeSubmitted():
                self.order_id, self.reason = event.order_id, event.reason
                self.units, self.asked_minor = event.units, event.asked_minor
                self.currency, self.opened_at = event.currency, event.occurred_at
            case DisputeMoved():
                self.answer_by = event.answer_by
                if event.state not in OPEN_STATES:
                    self.ended_with = event.message_id
            case DisputeOffered():
                self.offered_minor = event.amount_minor
                self.answer_by = event.answer_by
            case DisputeResolved():
                self.granted_minor = event.amount_minor
        self.state = getattr(event, "state", self.state)
        self.version += 1
