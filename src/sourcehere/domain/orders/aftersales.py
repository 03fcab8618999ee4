"""
What goes wrong, and how it is made good: holds, disputes, refunds, giving up.
"""

from collections.abc import Mapping
from datetime import datetime

from ..kernel.actor import Actor
from ..kernel.errors import CommandRefusedError, InvalidInputError
from ..kernel.ids import DisputeId, HoldId, ItemId
from . import events as e
from . import guards
from .deadlines import OF_REASON, ORDER_DEADLINES
from .guards import Ask
from .holds import FOUND_BY_STAFF, HoldReason
from .lines import ItemQuantity
from .machine import SENDING_STATES
from .recorded import RecordedOrder


class CaredForOrder(RecordedOrder):
    """
    What happens to an order when something is not as it should be.
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
        Let it go on, where staff stopped it for a time that is over.

        Raises:
            CommandRefusedError: If no such hold is due.
        """
        found = guards.passed("lift_by")(self, Ask(at=at))
        if found is not None:
            raise CommandRefusedError(
                kind="order",
                id=self.order_id,
                command="lift_holds_by_timer",
                blockers=[found],
            )
        for hold in self.holds:
            is_due = hold.deadline is not None and hold.deadline <= at
            if hold.reason == ORDER_DEADLINES["lift_by"].reason and is_due:
                event = e.HoldReleased(hold_id=hold.hold_id, by=by, occurred_at=at)
                self.record(event)

    def release_hold(self, hold_id: HoldId, *, by: Actor, at: datetime) -> None:
        """
        Let it go on, as staff.

        Raises:
            CommandRefusedError: If no such hold is open, or *by* is not staff.
        """
        self.require("release_hold", by=by, ask=Ask(hold_id=hold_id))
        self.record(e.HoldReleased(hold_id=hold_id, by=by, occurred_at=at))

    def open_dispute(
        self,
        dispute_id: DisputeId,
        quantities: Mapping[ItemId, int],
        *,
        is_about_unsent: bool,
        hold_id: HoldId,
        by: Actor,
        at: datetime,
    ) -> None:
        """
        Take note that the seller disputes units; those that have not left stay here.

        Raises:
            CommandRefusedError: If it is not paid, or units are refunded or disputed
                already, or have left where they should not have, or the reverse.
        """
        ask = Ask(quantities=quantities, unsent=is_about_unsent)
        self.require("open_dispute", by=by, ask=ask)
        units = tuple(ItemQuantity(name, q) for name, q in quantities.items())
        self.record(
            e.DisputeOpened(
                dispute_id=dispute_id,
                items=units,
                is_about_unsent=is_about_unsent,
                by=by,
                occurred_at=at,
            )
        )
        if is_about_unsent:
            self.hold(hold_id, HoldReason.DISPUTE, detail=dispute_id, by=by, at=at)

    def close_dispute(
        self, dispute_id: DisputeId, outcome: str, *, by: Actor, at: datetime
    ) -> None:
        """
        Take note that a dispute ended, and drop the hold it put.
        """
        self.record(
            e.DisputeClosed(
                dispute_id=dispute_id, outcome=outcome, by=by, occurred_at=at
            )
        )
        for hold in self.holds:
            if hold.reason == HoldReason.DISPUTE and hold.detail == dispute_id:
                event = e.HoldReleased(hold_id=hold.hold_id, by=by, occurred_at=at)
                self.record(event)

    def cancel_units(
        self, quantities: Mapping[ItemId, int], *, by: Actor, at: datetime
    ) -> None:
        """
        Take units out before they leave; the caller refunds them in the same commit.

        Raises:
            CommandRefusedError: If they have left, or are refunded or disputed.
        """
        self.require("refund_units", by=by, ask=Ask(quantities=quantities))
        self._cancel_units(quantities, by=by, at=at)

    def _cancel_units(
        self, quantities: Mapping[ItemId, int], *, by: Actor, at: datetime
    ) -> None:
        units = tuple(ItemQuantity(name, q) for name, q in quantities.items())
        self.record(e.UnitsCancelled(items=units, by=by, occurred_at=at))

    def take_out_unsent(
        self, quantities: Mapping[ItemId, int], *, by: Actor, at: datetime
    ) -> dict[ItemId, int]:
        """
        Cancel those of *quantities* that have not left; part of a refund decided.

        Returns:
            The units taken out.
        """
        unsent = {
            name: min(quantity, self.items[name].quantity_left)
            for name, quantity in quantities.items()
        }
        unsent = {name: quantity for name, quantity in unsent.items() if quantity}
        if unsent and self.state in SENDING_STATES:
            self._cancel_units(unsent, by=by, at=at)
            return unsent
        return {}

    def refund(self, facts: e.OrderRefunded) -> None:
        """
        Take note of money given back, never more than was captured.

        Unsent orders whose every unit is refunded end by it, as do shipped ones that
        staff give up.
        """
        assert self.refunded_minor + facts.amount_minor <= self.captured_minor
        for item in facts.items:
            known = self.items[item.item_id]
            assert known.quantity_refunded + item.quantity <= known.quantity
        self.record(facts)

    def refund_rest(
        self, *, command: str, by: Actor, at: datetime
    ) -> tuple[ItemQuantity, ...]:
        """
        End it before anything left; the caller refunds what the seller paid.

        Args:
            command: `refund_all` by staff, or `request_cancel` by the seller.

        Returns:
            The units that will not be sent.

        Raises:
            CommandRefusedError: If something has left, or *command* is not for *by*.
        """
        self.require(command, by=by)
        units = {name: i.quantity_left for name, i in self.items.items()}
        units = {name: quantity for name, quantity in units.items() if quantity}
        if units:
            self._cancel_units(units, by=by, at=at)
        self.end_refunded(by=by, at=at)
        return tuple(ItemQuantity(name, q) for name, q in units.items())

    def end_refunded(self, *, by: Actor, at: datetime) -> None:
        """
        End an order nothing of which is left to send and nothing was sent.
        """
        self.record(
            e.OrderCancelled(
                state=self.after("refund_all"), reason="refunded", by=by, occurred_at=at
            )
        )

    def give_up(self, *, by: Actor, at: datetime) -> None:
        """
        End an order everything of which was lost and refunded.

        Raises:
            CommandRefusedError: If units are not refunded, or a dispute is open.
        """
        self.require("give_up", by=by)
        self.record(
            e.OrderCancelled(
                state=self.after("give_up"), reason="lost", by=by, occurred_at=at
            )
        )

    def add_note(self, note_id: str, *, by: Actor, at: datetime) -> None:
        """
        Take note that somebody wrote something.

        Raises:
            CommandRefusedError: If *by* is neither the seller nor staff.
        """
        self.require("note", by=by)
        self.record(e.NoteAdded(note_id=note_id, by=by, occurred_at=at))
