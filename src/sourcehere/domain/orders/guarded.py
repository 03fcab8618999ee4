"""
How an order changes: a command is refused with every reason, or it becomes an event.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Self

from ..kernel.actor import Actor
from ..kernel.errors import Blocker, CommandRefusedError
from ..kernel.events import Event
from ..kernel.ids import HoldId, OrderId, SellerId
from . import events as e
from . import fold
from .deadlines import OF_REASON
from .desk_queues import late_as
from .guards import NOTHING_ASKED, Ask
from .holds import (
    HOLDS,
    LATE,
    Hold,
    HoldReason,
    ended_by,
    is_about_address,
    is_about_leaving,
)
from .machine import CANCELLED, FULFILLED, SHIPPED, UNRECOGNIZED
from .model import OrderData
from .rules import COMMANDS, UNGUARDED, blockers

_UNITS_GO = (e.OrderShipped, e.UnitsCancelled)
# One of several holds that end with the order, or with its last parcel, is released
# after the other.
_ENDS = (e.OrderCancelled, e.HoldReleased)
_LAST_LEAVES = (e.OrderShipped, e.RestShippedShort, e.HoldReleased)
_SENT_STATES = frozenset({SHIPPED, FULFILLED})


class GuardedOrder(OrderData):
    """
    An order that folds its own events, answers what may be done, and can be held.
    """

    # Fields are OrderData's alone; each chapter of its life adds what can happen.
    __slots__ = ()

    @classmethod
    def replay(
        cls, seller_id: SellerId, order_id: OrderId, events: Iterable[Event]
    ) -> Self:
        """
        Return the order that *events*, from its first one on, make.
        """
        order = cls(seller_id=seller_id, order_id=order_id, kind="")
        for event in events:
            fold.apply(order, event)
        return order

    def record(self, event: Event) -> None:
        """
        Make *event* happen: fold it in, and keep it to be stored.

        A hold for being late ends when the platform has done what it was late with; one
        for units that cannot be bought ends when these have left or never will. What
        kept it from going on ends when it is cancelled, and what kept it from leaving
        when nothing is left that could leave.
        """
        fold.apply(self, event)
        self.pending.append(event)
        for hold in self.holds:
            if self._is_over(hold, event):
                released = e.HoldReleased(
                    hold_id=hold.hold_id, by=event.by, occurred_at=event.occurred_at
                )
                self.record(released)  # which looks at the others, too
                return

    def _is_over(self, hold: Hold, event: Event) -> bool:
        if self.state == CANCELLED and isinstance(event, _ENDS):
            ended = LATE | ended_by(self.cancel_reason)
            return hold.reason in ended or is_about_address(hold)
        has_left = self.state in _SENT_STATES and isinstance(event, _LAST_LEAVES)
        if has_left and is_about_leaving(hold):
            return True
        if hold.reason in LATE:
            return hold.reason != late_as(self)
        if hold.reason != HoldReason.OUT_OF_STOCK or isinstance(event, e.HoldPlaced):
            return False
        # An order may have been read without its items for any other event.
        if hold.detail and isinstance(event, _UNITS_GO):
            return not self.lacks(hold.detail)
        return late_as(self) != HoldReason.SHIP_LATE

    def blockers(
        self, command: str, *, by: Actor, ask: Ask = NOTHING_ASKED
    ) -> tuple[Blocker, ...]:
        """
        Return every reason why *by* cannot do *command* now; empty if it can.
        """
        return blockers(self, command, by=by, ask=ask)

    def require(self, command: str, *, by: Actor, ask: Ask = NOTHING_ASKED) -> None:
        """
        Refuse *command* where anything blocks it.

        Raises:
            CommandRefusedError: With every blocker.
        """
        if not self.holds and (self.kind, command, by.role, self.state) in UNGUARDED:
            return  # most commands, and nothing to look into
        found = blockers(self, command, by=by, ask=ask)
        if found:
            raise CommandRefusedError(
                kind="order", id=self.order_id, command=command, blockers=found
            )

    def allowed(self, *, by: Actor) -> tuple[str, ...]:
        """
        List the commands that *by* can do now.
        """
        return tuple(c for c in COMMANDS if not blockers(self, c, by=by))

    def recognize_if_paired(self, *, by: Actor, at: datetime, pay_by: datetime) -> bool:
        """
        Let an order that waits for pairing be paid once all its lines are paired; a
        consequence, never refused.

        Returns:
            Whether the order is recognized by it.
        """
        if self.state != UNRECOGNIZED or not self.is_fully_paired:
            return False
        state = self.after("recognize")
        self.record(
            e.OrderRecognized(state=state, pay_by=pay_by, by=by, occurred_at=at)
        )
        return True

    def hold(
        self,
        hold_id: HoldId,
        reason: HoldReason,
        *,
        detail: str,
        by: Actor,
        at: datetime,
        deadline: datetime | None = None,
        parcel_id: str = "",
    ) -> None:
        """
        Place a hold because of a fact; it is never refused.

        Args:
            deadline: When what `deadlines.py` says of *reason* happens by itself; after
                the time that `holds.py` gives if not given.

            parcel_id: The parcel that is the matter.
        """
        assert deadline is None or reason in OF_REASON
        within = HOLDS[reason].within
        if deadline is None and within:
            deadline = at + within
        self.record(
            e.HoldPlaced(
                hold_id=hold_id,
                reason=reason.value,
                detail=detail,
                deadline=deadline,
                parcel_id=parcel_id,
                by=by,
                occurred_at=at,
            )
        )

    def release_hold_of_store(
        self, hold_id: HoldId, *, by: Actor, at: datetime
    ) -> None:
        """
        Drop a hold, if it is still open, since the shop wants something else by now; a
        consequence, never refused.
        """
        if any(hold.hold_id == hold_id for hold in self.holds):
            self.record(e.HoldReleased(hold_id=hold_id, by=by, occurred_at=at))

    def release_holds_for(self, reason: HoldReason, *, by: Actor, at: datetime) -> None:
        """
        Drop the holds whose *reason* is gone; a consequence, never refused.
        """
        for hold in self.holds:
            if hold.reason == reason:
                event = e.HoldReleased(hold_id=hold.hold_id, by=by, occurred_at=at)
                self.record(event)

    def hold_parcel(
        self,
        reason: HoldReason,
        parcel_id: str,
        *,
        detail: str,
        by: Actor,
        at: datetime,
        since: datetime | None = None,
    ) -> None:
        """
        Place a hold because of what is the matter with a parcel; never refused.

        Args:
            since: When it became somebody's turn; *at* if not given.
        """
        self.hold(
            HoldId(f"{reason}-{self.version}"),  # an order knows a hold by its own id
            reason,
            detail=detail,
            by=by,
            at=at,
            deadline=(since or at) + HOLDS[reason].within,
            parcel_id=parcel_id,
        )

    def release_parcel_holds(
        self,
        reasons: Collection[str],
        *,
        by: Actor,
        at: datetime,
        parcel_id: str = "",
    ) -> None:
        """
        Drop the holds for *reasons* of one parcel, or of all; a consequence, never
        refused.
        """
        for hold in self.holds:
            is_it = not parcel_id or hold.parcel_id == parcel_id
            if is_it and hold.reason in reasons:
                self.record(e.HoldReleased(hold_id=hold.hold_id, by=by, occurred_at=at))
