"""
How goods bought for a cloud warehouse get there, and are counted.
"""

from collections.abc import Sequence
from datetime import datetime

from ..kernel.actor import Actor
from ..kernel.clock import NEVER
from . import events as e
from .guarded import GuardedOrder
from .lines import ItemCount, ItemQuantity, non_zero
from .machine import (
    COUNTING_STATES,
)


class Receiving(GuardedOrder):
    """
    Goods are dispatched, counted by the warehouse, or written off.
    """

    __slots__ = ()

    def dispatch(
        self, *, by: Actor, at: datetime, promised_by: datetime = NEVER
    ) -> None:
        """
        Send a cloud-warehouse order's goods to the warehouse: stock is incoming.

        Args:
            promised_by: Until when the warehouse has to have counted them.

        Raises:
            CommandRefusedError: If it is not paid, or of another kind.
        """
        self.require("dispatch", by=by)
        state = self.after("dispatch")
        self.record(
            e.OrderDispatched(
                state=state, promised_by=promised_by, by=by, occurred_at=at
            )
        )

    def consign(
        self, carrier: str, tracking_number: str, *, by: Actor, at: datetime
    ) -> None:
        """
        Record that goods left for the warehouse by a carrier: a fact, at whatever time
        it is told.

        Raises:
            CommandRefusedError: If the order was never sent, or is of another kind.
        """
        self.require("consign", by=by)
        self.record(
            e.ConsignmentSent(
                carrier=carrier,
                tracking_number=tracking_number,
                by=by,
                occurred_at=at,
            )
        )

    def receive(
        self,
        receipt_id: str,
        counts: Sequence[ItemCount],
        *,
        by: Actor,
        at: datetime,
    ) -> None:
        """
        Record what a warehouse counted; the caller makes good units lots.

        *counts* settle at most what is outstanding; the caller holds the excess. Where
        nothing is outstanding any more, that units turned up is all there is to say.

        Raises:
            CommandRefusedError: If nothing was ever on its way.
        """
        self.require("receive", by=by)
        outstanding = sum(i.quantity_outstanding for i in self.items.values())
        if not outstanding or self.state not in COUNTING_STATES:
            late = e.LateUnitsCounted(receipt_id=receipt_id, by=by, occurred_at=at)
            self.record(late)
            return
        settled = sum(count.settled for count in counts)
        assert settled <= outstanding
        event = "receive_rest" if settled == outstanding else "receive_some"
        self.record(
            e.ConsignmentReceived(
                state=self.after(event),
                receipt_id=receipt_id,
                counts=tuple(counts),
                by=by,
                occurred_at=at,
            )
        )

    def write_off_rest(self, *, by: Actor, at: datetime) -> tuple[ItemQuantity, ...]:
        """
        Settle what never came; the caller refunds it in the same commit.

        Returns:
            The units that never came.

        Raises:
            CommandRefusedError: If nothing is outstanding, or it is held.
        """
        self.require("write_off_rest", by=by)
        gone = non_zero(self.items.values(), "quantity_outstanding")
        state = self.after("write_off_rest")
        self.record(e.RestWrittenOff(state=state, items=gone, by=by, occurred_at=at))
        return gone

    def write_off(
        self, lost: Sequence[ItemQuantity], *, by: Actor, at: datetime
    ) -> None:
        """
        Settle units lost on the way that a dispute refunds; part of its end.
        """
        for units in lost:
            assert units.quantity <= self.items[units.item_id].quantity_outstanding
        self.record(e.UnitsWrittenOff(items=tuple(lost), by=by, occurred_at=at))

    def close_when_settled(self, *, by: Actor, at: datetime) -> None:
        """
        End an order that waits for nothing more, of which something came.

        What was lost altogether is for staff to give up.
        """
        outstanding = any(i.quantity_outstanding for i in self.items.values())
        if outstanding or self.state != "receiving":
            return
        state = self.after("write_off_rest")
        self.record(e.RestWrittenOff(state=state, items=(), by=by, occurred_at=at))
