"""
From payment to the customer's door: pay, accept, ship, deliver.
"""

from collections.abc import Mapping
from datetime import datetime

import attrs

from ..kernel.actor import Actor
from ..kernel.ids import ItemId, ParcelId
from . import events as e
from .guarded import GuardedOrder
from .guards import Ask
from .lines import ItemQuantity, non_zero


class Sending(GuardedOrder):
    """
    Units leave in parcels, and parcels arrive.
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
    ) -> None:
        """
        Send *quantities* in one parcel; whether anything is left decides the state.

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
        self._deliver_when_complete(by=by, at=at)
        return short

    def close_short(self, *, by: Actor, at: datetime) -> None:
        """
        Close an order the last unsent units of which were refunded; never refused.
        """
        assert self.is_everything_sent
        state = self.after("short_ship_rest")
        self.record(e.RestShippedShort(state=state, items=(), by=by, occurred_at=at))
        self._deliver_when_complete(by=by, at=at)

    def what_is_left(self) -> tuple[ItemQuantity, ...]:
        """
        List the units still to be sent.
        """
        return non_zero(self.items.values(), "quantity_left")

    def deliver_parcel(self, parcel_id: ParcelId, *, by: Actor, at: datetime) -> bool:
        """
        Record that a parcel reached the customer; a fact, never refused.

        A parcel that is unknown or delivered already changes nothing.

        Returns:
            Whether anything changed.
        """
        fresh = [p for p in self.parcels if p.parcel_id == parcel_id]
        if not fresh or fresh[0].is_delivered:
            return False
        self.record(e.ParcelDelivered(parcel_id=parcel_id, by=by, occurred_at=at))
        self._deliver_when_complete(by=by, at=at)
        return True

    def _deliver_when_complete(self, *, by: Actor, at: datetime) -> None:
        if self.can("deliver") and self.is_every_parcel_delivered:
            self._deliver("parcels", by=by, at=at)

    def deliver_by_timer(self, *, by: Actor, at: datetime) -> None:
        """
        Count the order as delivered: its time has passed and nobody said otherwise.

        Raises:
            CommandRefusedError: If it is not due, or a dispute is open.
        """
        self.require("deliver_by_timer", by=by, ask=Ask(at=at))
        self._deliver("timer", by=by, at=at)

    def _deliver(self, cause: str, *, by: Actor, at: datetime) -> None:
        self.record(
            e.OrderDelivered(
                state=self.after("deliver"), cause=cause, by=by, occurred_at=at
            )
        )

    def correct_tracking(self, parcel_id: ParcelId, *, by: Actor, at: datetime) -> int:
        """
        Record that a parcel has another tracking number.

        Returns:
            The revision of what the shop is to be told.

        Raises:
            CommandRefusedError: If there is no such live parcel.
        """
        self.require("correct_tracking", by=by, ask=Ask(parcel_id=parcel_id))
        (mark,) = (p for p in self.parcels if p.parcel_id == parcel_id)
        revision = mark.revision + 1
        self.record(
            e.TrackingCorrected(
                parcel_id=parcel_id, revision=revision, by=by, occurred_at=at
            )
        )
        return revision

    def void_parcel(
        self, parcel_id: ParcelId, *, replacement: ParcelId, by: Actor, at: datetime
    ) -> None:
        """
        Replace a parcel by another; its units stay shipped.

        Raises:
            CommandRefusedError: If there is no such live parcel.
        """
        self.require("void_parcel", by=by, ask=Ask(parcel_id=parcel_id))
        self.record(
            e.ParcelVoided(
                parcel_id=parcel_id, replacement=replacement, by=by, occurred_at=at
            )
        )
