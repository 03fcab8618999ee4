"""
How units are taken out of an order, and money given back.
"""

from collections.abc import Mapping
from datetime import datetime

from ..kernel.actor import Actor
from ..kernel.ids import ItemId
from . import events as e
from .ending import CancelReason, Ending
from .guards import Ask
from .lines import ItemQuantity
from .machine import (
    SENDING_STATES,
)


class Refunding(Ending):
    """
    Units are taken out, and refunded.
    """

    __slots__ = ()

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
        Record money given back, never more than was captured.

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
        End the order before anything left; the caller refunds what the seller paid.

        Args:
            command: `refund_all` or `reject` by staff, or `request_cancel` by the
                seller.

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
        is_rejected = command == "reject"
        reason = CancelReason.REJECTED if is_rejected else CancelReason.REFUNDED
        self.end_refunded(by=by, at=at, reason=reason)
        return tuple(ItemQuantity(name, q) for name, q in units.items())
