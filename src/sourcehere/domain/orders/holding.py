"""
How people stop an order and let it go on, and what they note.
"""

from datetime import datetime

from ..kernel.actor import Actor
from ..kernel.errors import Blocker, CommandRefusedError, InvalidInputError
from ..kernel.ids import HoldId
from . import events as e
from .deadlines import OF_REASON, instant_of
from .desk_queues import late_as
from .guarded import GuardedOrder
from .guards import Ask, not_due
from .holds import FOUND_BY_STAFF, HOLDS, Hold, HoldReason
from .kinds import KINDS
from .machine import SHIPPED


class Holding(GuardedOrder):
    """
    Staff hold it and release it; people note what they know.
    """

    __slots__ = ()

    def place_hold(
        self,
        hold_id: HoldId,
        *,
        reason: HoldReason,
        by: Actor,
        at: datetime,
        deadline: datetime | None = None,
    ) -> None:
        """
        Place a hold, as staff, for a reason that a person found.

        Args:
            deadline: When what `deadlines.py` says of *reason* happens by itself.

        Raises:
            CommandRefusedError: If it has ended, *by* is not staff, or what is out of
                stock, or cannot be addressed, has not to be sent.

            InvalidInputError: If *reason* is one that only facts give.
        """
        self.require("place_hold", by=by)
        if reason not in FOUND_BY_STAFF:
            expected = " or ".join(sorted(FOUND_BY_STAFF))
            raise InvalidInputError(field="reason", value=reason, expected=expected)
        if reason == HoldReason.OUT_OF_STOCK and late_as(self) != HoldReason.SHIP_LATE:
            self._refuse_hold("it has nothing that has to be bought and sent")
        goes_nowhere = self.state == SHIPPED or not KINDS[self.kind].goes_to_customer
        if reason == HoldReason.ADDRESS and goes_nowhere:
            self._refuse_hold("nothing of it has to be sent to an address")
        self.hold(hold_id, reason, detail="", by=by, at=at, deadline=deadline)

    def _refuse_hold(self, words: str) -> None:
        raise CommandRefusedError(
            kind="order",
            id=self.order_id,
            command="place_hold",
            blockers=[Blocker("nothing_to_send", words)],
        )

    def lift_holds_by_timer(self, *, by: Actor, at: datetime) -> None:
        """
        Release the holds whose time is over, as the rows of their reasons say.

        Raises:
            CommandRefusedError: If no such hold is due.
        """
        for hold in self._due_holds("lift_holds_by_timer", at):
            event = e.HoldReleased(hold_id=hold.hold_id, by=by, occurred_at=at)
            self.record(event)

    def escalate_holds_by_timer(self, *, by: Actor, at: datetime) -> None:
        """
        Make the holds whose time is over somebody else's turn, as `holds.py` says.

        Raises:
            CommandRefusedError: If no such hold is due.
        """
        for hold in self._due_holds("escalate_holds_by_timer", at):
            who = HOLDS[HoldReason(hold.reason)].then
            assert who is not None
            self.record(
                e.HoldEscalated(
                    hold_id=hold.hold_id, who=who.value, by=by, occurred_at=at
                )
            )

    def hold_late_by_timer(self, *, by: Actor, at: datetime) -> None:
        """
        Hold the order, which did not leave or was not counted when that was promised;
        the hold stops nothing, and ends when the rest leaves or is counted or refunded.

        Raises:
            CommandRefusedError: If it is not late, or is held for that already.
        """
        running = [instant_of(self, name) for name in ("ship_by", "receive_by")]
        due = next((instant for instant in running if instant is not None), None)
        reason = late_as(self)
        if due is None or due > at or reason is None:
            raise CommandRefusedError(
                kind="order",
                id=self.order_id,
                command="hold_late_by_timer",
                blockers=[not_due(due)],
            )
        name = HoldId(f"{reason}-{self.version}")
        self.hold(name, reason, detail="", by=by, at=at)

    def lack(self, variant_id: str, *, by: Actor, at: datetime) -> None:
        """
        Hold the order because units of a variant that have to be bought for it cannot
        be, unless a warehouse has accepted it, which then has them; a consequence,
        never refused. The hold ends when they left, or never will.
        """
        is_known = any(_is_lack(hold, variant_id) for hold in self.holds)
        if is_known or self.accepted_at is not None or not self.lacks(variant_id):
            return
        name = HoldId(f"{HoldReason.OUT_OF_STOCK}-{self.version}")
        self.hold(name, HoldReason.OUT_OF_STOCK, detail=variant_id, by=by, at=at)

    def end_lack(self, variant_id: str, *, by: Actor, at: datetime) -> None:
        """
        Let the order go that was held because units of a variant could not be bought; a
        consequence, never refused.
        """
        gone = [hold for hold in self.holds if _is_lack(hold, variant_id)]
        for hold in gone:
            self.record(e.HoldReleased(hold_id=hold.hold_id, by=by, occurred_at=at))

    def _due_holds(self, command: str, at: datetime) -> list[Hold]:
        timed = [
            (hold.deadline, hold)
            for hold in self.holds
            if hold.deadline is not None and OF_REASON[hold.reason].command == command
        ]
        due = [hold for deadline, hold in timed if deadline <= at]
        if not due:
            first = min((deadline for deadline, _ in timed), default=None)
            raise CommandRefusedError(
                kind="order",
                id=self.order_id,
                command=command,
                blockers=[not_due(first)],
            )
        return due

    def release_hold(self, hold_id: HoldId, *, by: Actor, at: datetime) -> None:
        """
        Release a hold, as staff.

        Raises:
            CommandRefusedError: If no such hold is open, or *by* is not staff.
        """
        self.require("release_hold", by=by, ask=Ask(hold_id=hold_id))
        self.record(e.HoldReleased(hold_id=hold_id, by=by, occurred_at=at))

    def release_every(self, reason: HoldReason, *, by: Actor, at: datetime) -> None:
        """
        Release every hold for *reason*, as staff.

        Raises:
            CommandRefusedError: If it is not held for that, or *by* is not staff.
        """
        self.require("release_hold", by=by, ask=Ask(hold_reason=reason.value))
        self.release_holds_for(reason, by=by, at=at)

    def confirm(self, *, by: Actor, at: datetime) -> None:
        """
        Take the order as the shop told it, whatever was in doubt.

        Raises:
            CommandRefusedError: If nothing is in doubt.
        """
        self.require("confirm", by=by)
        self.release_holds_for(HoldReason.STORE_DATA, by=by, at=at)

    def add_note(self, note_id: str, *, by: Actor, at: datetime) -> None:
        """
        Record that somebody wrote a note.

        Raises:
            CommandRefusedError: If *by* is neither the seller nor staff.
        """
        self.require("note", by=by)
        self.record(e.NoteAdded(note_id=note_id, by=by, occurred_at=at))


def _is_lack(hold: Hold, variant_id: str) -> bool:
    return hold.reason == HoldReason.OUT_OF_STOCK and hold.detail == variant_id
