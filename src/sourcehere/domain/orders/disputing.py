"""
What an order remembers of disputes about it, and of goods that came back.
"""

from collections.abc import Mapping
from datetime import datetime

from ..kernel.actor import Actor
from ..kernel.ids import DisputeId, HoldId, ItemId, WarehouseId
from . import events as e
from .guarded import GuardedOrder
from .guards import Ask
from .holds import HoldReason
from .lines import ItemQuantity


class Disputing(GuardedOrder):
    """
    Disputes open and close; goods come back.
    """

    __slots__ = ()

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
        Record that the seller disputes units; those that have not left stay here.

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

    def restock(
        self,
        quantities: Mapping[ItemId, int],
        warehouse_id: WarehouseId,
        *,
        by: Actor,
        at: datetime,
    ) -> None:
        """
        Record that units came back to a warehouse; the caller makes them lots.

        Raises:
            CommandRefusedError: If they have not left, are refunded or back already, or
                an open dispute is about them.
        """
        self.require("restock", by=by, ask=Ask(quantities=quantities))
        units = tuple(ItemQuantity(name, q) for name, q in quantities.items())
        self.record(
            e.UnitsRestocked(
                warehouse_id=warehouse_id, items=units, by=by, occurred_at=at
            )
        )

    def close_dispute(
        self, dispute_id: DisputeId, outcome: str, *, by: Actor, at: datetime
    ) -> None:
        """
        Record that a dispute ended, and drop the hold it put.
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
