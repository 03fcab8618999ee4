"""
From payment to the customer's door: pay, accept, ship, deliver.
"""

from collections.abc import Mapping
from datetime import datetime

import attrs

from ..kernel.actor import Actor
from ..kernel.ids import ItemId, ParcelId
from . import events as e
from .guards import Ask
from .lines import ItemQuantity, non_zero
from .parcels import Parcels


class Sending(Parcels):
    """
    Units leave in parcels, until none is left.
    """

    __slots__ = ()

    def pay(self, facts: e.OrderPaid, *, by: Actor) -> None:
        """
        Record that the order is paid, at the prices and from the stock in *facts*.

        The caller captures the money and allocates the lots in the same commit.

        Raises:
            CommandRefusedError: If it does not await payment, or is held.
        """
        self.require("pay", by=by)
        assert {paid.item_id for paid in facts.items} == set(self.items)
        self.record(attrs.evolve(facts, state=self.after("pay")))

    def accept(self, *, by: Actor, at: datetime) -> None:
        """
        Accept the order in the warehouse: it enters the pick queue.

        Raises:
            CommandRefusedError: If it is not paid, accepted already, or held.
        """
        self.require("accept", by=by)
        self.record(e.OrderAccepted(by=by, occurred_at=at))

    def ship(
        self,
        parcel_id: ParcelId,
        quantities: Mapping[ItemId, int],
        *,
        by: Actor,
        at: datetime,
        deliver_by: datetime,
        stall_by: datetime | None = None,
    ) -> None:
        """
        Send *quantities* in one parcel; whether anything is left decides the state.

        Args:
            deliver_by: When the order counts as delivered if nobody says otherwise.

            stall_by: When the parcel counts as stalled if nothing is heard of it.

        Raises:
            CommandRefusedError: If it cannot leave now, or more than is left is named.
        """
        self.require("ship", by=by, ask=Ask(quantities=quantities))
        left = sum(item.quantity_left for item in self.items.values())
        is_rest = left == sum(quantities.values())
        sent = tuple(ItemQuantity(name, q) for name, q in quantities.items())
        self.record(
            e.OrderShipped(
                state=self.after("ship_rest" if is_rest else "ship_some"),
                parcel_id=parcel_id,
                items=sent,
                deliver_by=deliver_by,
                stall_by=stall_by,
                by=by,
                occurred_at=at,
            )
        )

    def short_ship_rest(self, *, by: Actor, at: datetime) -> tuple[ItemQuantity, ...]:
        """
        Close the order without what is left; the caller refunds it in the same commit.

        Returns:
            The units that will not be sent.

        Raises:
            CommandRefusedError: If nothing has left yet, or nothing is left.
        """
        self.require("short_ship_rest", by=by)
        short = self.what_is_left()
        state = self.after("short_ship_rest")
        self.record(e.RestShippedShort(state=state, items=short, by=by, occurred_at=at))
        self.deliver_when_complete(by=by, at=at)
        return short

    def close_short(self, *, by: Actor, at: datetime) -> None:
        """
        Close an order the last unsent units of which were refunded; never refused.
        """
        assert self.is_everything_sent
        state = self.after("short_ship_rest")
        self.record(e.RestShippedShort(state=state, items=(), by=by, occurred_at=at))
        self.deliver_when_complete(by=by, at=at)

    def what_is_left(self) -> tuple[ItemQuantity, ...]:
        """
        List the units still to be sent.
        """
        return non_zero(self.items.values(), "quantity_left")

    def deliver_by_timer(self, *, by: Actor, at: datetime) -> None:
        """
        Count the order as delivered: its time has passed and nobody said otherwise.

        Raises:
            CommandRefusedError: If it is not due, a dispute is open, or something is
                the matter with a parcel.
        """
        self.require("deliver_by_timer", by=by, ask=Ask(at=at))
        self.deliver("timer", by=by, at=at)
