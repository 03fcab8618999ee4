"""
How people stop an order and let it go on, and what they note.
"""

from datetime import datetime

from ..kernel.actor import Actor
from ..kernel.errors import CommandRefusedError, InvalidInputError
from ..kernel.ids import HoldId
from . import events as e
from .deadlines import OF_REASON
from .guarded import GuardedOrder
from .guards import Ask, not_due
from .holds import FOUND_BY_STAFF, HoldReason


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
        detail: str,
        by: Actor,
        at: datetime,
        deadline: datetime | None = None,
    ) -> None:
        """
        Stop it, as staff, for one of the reasons that people find.

        Args:
            deadline: When what `deadlines.py` says of *reason* happens by itself.

        Raises:
            CommandRefusedError: If it has ended, or *by* is not staff.

            InvalidInputError: If *reason* is one that only facts give, or has no
                deadline.
        """
        self.require("place_hold", by=by)
        if reason not in FOUND_BY_STAFF:
            expected = " or ".join(sorted(FOUND_BY_STAFF))
            raise InvalidInputError(field="reason", value=reason, expected=expected)
        if deadline is not None and reason not in OF_REASON:
            expected = "no deadline for this reason"
            raise InvalidInputError(field="deadline", value=deadline, expected=expected)
        self.hold(hold_id, reason, detail=detail, by=by, at=at, deadline=deadline)

    def lift_holds_by_timer(self, *, by: Actor, at: datetime) -> None:
        """
        Release the holds whose time is over, as the rows of their reasons say.

        Raises:
            CommandRefusedError: If no such hold is due.
        """
        command = "lift_holds_by_timer"
        timed = {
            hold.hold_id: hold.deadline
            for hold in self.holds
            if hold.deadline is not None and OF_REASON[hold.reason].command == command
        }
        due = [name for name, deadline in timed.items() if deadline <= at]
        if not due:
            first = min(timed.values(), default=None)
            raise CommandRefusedError(
                kind="order",
                id=self.order_id,
                command=command,
                blockers=[not_due(first)],
            )
        for name in due:
            self.record(e.HoldReleased(hold_id=name, by=by, occurred_at=at))

    def release_hold(self, hold_id: HoldId, *, by: Actor, at: datetime) -> None:
        """
        Let it go on, as staff.

        Raises:
            CommandRefusedError: If no such hold is open, or *by* is not staff.
        """
        self.require("release_hold", by=by, ask=Ask(hold_id=hold_id))
        self.record(e.HoldReleased(hold_id=hold_id, by=by, occurred_at=at))

    def add_note(self, note_id: str, *, by: Actor, at: datetime) -> None:
        """
        Take note that somebody wrote something.

        Raises:
            CommandRefusedError: If *by* is neither the seller nor staff.
        """
        self.require("note", by=by)
        self.record(e.NoteAdded(note_id=note_id, by=by, occurred_at=at))
