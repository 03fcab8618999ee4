"""
The orders' own life: paid, shipped, delivered, disputed.
"""

from collections.abc import Iterator, Mapping

from ..domain.disputes.policy import DisputeReason
from ..domain.orders.views import OrderView
from ..domain.shipments.model import TrackingStatus
from ..services.refunds.dispute_refunds import NewDispute
from ..services.sending.shipping import NewParcel
from ..services.sending.tracking import TrackingFact
from .plan import parts_of
from .stage import (
    CARRIER,
    DISPUTE_EVERY,
    SELLER,
    SELLER_ID,
    SPLIT_EVERY,
    STAFF,
    WORKER,
    Stage,
    all_done,
)


class Selling(Stage):
    """
    Takes orders through their life.
    """

    def _pay(
        self, numbers: Mapping[str, int], orders: list[OrderView], first: int
    ) -> None:
        # In one commit. An order of which the shop told no country that there is waits
        # for the seller, who would have to ask the buyer.
        names = [
            order.order_id
            for order in orders
            if order.state == "awaiting_payment" and not order.holds
        ]
        if names:
            self._pay_list(sorted(names, key=numbers.__getitem__), str(first))

    def _ship(
        self, numbers: Mapping[str, int], orders: list[OrderView], first: int
    ) -> None:
        del first
        fresh = [
            order.order_id
            for order in orders
            if order.state == "awaiting_shipping" and order.accepted_at is None
        ]
        all_done(self._sh.shipping.accept(SELLER_ID, fresh, by=STAFF))
        parcels = [p for o in orders for p in _parcels(o, numbers[o.order_id])]
        all_done(self._sh.shipping.ship_many(SELLER_ID, parcels, by=STAFF))
        self._sh.relay.run(worker=WORKER, limit=self._options.chunk)

    def _deliver(
        self, numbers: Mapping[str, int], orders: list[OrderView], first: int
    ) -> None:
        del numbers, first
        facts = [
            TrackingFact(
                parcel_id=mark.parcel_id,
                key="delivered",
                status=TrackingStatus.DELIVERED,
                happened_at=self._clock.now(),
            )
            for order in orders
            for mark in order.parcels
            if not mark.is_delivered
        ]
        all_done(self._sh.tracking.record(SELLER_ID, facts, by=CARRIER))

    def _dispute(
        self, numbers: Mapping[str, int], orders: list[OrderView], first: int
    ) -> None:
        del first
        for order in orders:
            if numbers[order.order_id] % DISPUTE_EVERY == 0 and order.parcels:
                self._dispute_one(order)

    def _dispute_one(self, order: OrderView) -> None:
        disputes, name = self._sh.disputes, order.order_id
        dispute_id = disputes.open(
            SELLER_ID,
            NewDispute(
                order_id=name,
                reason=DisputeReason.DAMAGED,
                quantities={i.item_id: i.quantity for i in order.lines[0].items},
                evidence={"description": "arrived broken", "photo": "demo:photo"},
            ),
            by=SELLER,
            command_id=f"dispute:{name}",
        )
        if disputes.get(SELLER_ID, dispute_id).state == "open":
            disputes.move(SELLER_ID, dispute_id, "take", by=STAFF)
        disputes.grant(SELLER_ID, dispute_id, by=STAFF, command_id=f"grant:{name}")


def _parcels(order: OrderView, number: int) -> Iterator[NewParcel]:
    """
    Return the parcels that are still to leave: one, or two for every fiftieth order.
    """
    if order.state not in ("awaiting_shipping", "partially_shipped"):
        return
    items = [(i.item_id, i.quantity) for i in order.items.values()]
    first, second = parts_of(sorted(items))
    is_split = number % SPLIT_EVERY == 0 and bool(first)
    if is_split and order.state == "awaiting_shipping":
        yield _parcel(order, number, "A", first)
    if is_split:
        yield _parcel(order, number, "B", second)
    else:
        yield _parcel(order, number, "A", dict(items))


def _parcel(
    order: OrderView, number: int, letter: str, quantities: Mapping[str, int]
) -> NewParcel:
    return NewParcel(
        order_id=order.order_id,
        carrier="Demo Line",
        tracking_number=f"DL{number:07d}{letter}",
        quantities=quantities,
    )
