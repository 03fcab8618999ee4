"""
What carriers say: tracking facts, and delivery that follows from them.
"""

from collections.abc import Sequence
from datetime import datetime

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import ParcelId, SellerId
from ...domain.shipments.model import Parcel, TrackingEvent, TrackingStatus, further
from ...unit.seller_unit import SellerUnit
from ...unit.tables.shipments import (
    PARCELS,
    PARCELS_BY_TRACKING,
    PARCELS_OF,
    TRACKING_EVENTS,
    TRACKING_OF,
)
from ..base.bulk import BulkReport
from ..base.checks import require_zone
from ..base.commands import Given
from ..base.service import Service


@attrs.frozen(kw_only=True)
class TrackingFact:
    """
    One thing a carrier said about a parcel.

    Attributes:
        key: The carrier's own key of it, unique per parcel: said again, it counts once.
    """

    parcel_id: str
    key: str
    status: TrackingStatus
    happened_at: datetime
    place: str = ""


class Tracking(Service):
    """
    Records tracking facts.
    """

    def record(
        self,
        seller_id: str,
        facts: Sequence[TrackingFact],
        *,
        by: Actor,
        command_id: str = "",
    ) -> BulkReport[int]:
        """
        Record what carriers said; facts are never refused, and merge forward.

        A fact known already changes nothing. When every parcel of an order is delivered
        and nothing is left to send, the order is fulfilled.

        Returns:
            Parcel -> how many of its facts were new; unknown parcels are `failed`.

        Raises:
            InvalidInputError: If a time has no zone.
        """
        by_parcel: dict[str, list[TrackingFact]] = {}
        for fact in facts:
            require_zone("happened_at", fact.happened_at)
            by_parcel.setdefault(fact.parcel_id, []).append(fact)

        def work(
            unit: SellerUnit, items: Sequence[tuple[str, list[TrackingFact]]]
        ) -> dict[str, int]:
            found = unit.many(PARCELS, [(name,) for name, _ in items])
            parcels = {str(p.parcel_id): p for p in found}
            for name, _ in items:
                if name not in parcels:
                    unit.need(PARCELS, name)
            # Orders are locked before parcels, as shipping does.
            unit.orders.headers(sorted({p.order_id for p in parcels.values()}))
            fresh = _new_events(unit, items)
            merged = [
                _merge(unit, parcels[name], events, by=by)
                for name, events in fresh.items()
            ]
            unit.put(PARCELS, *(parcel for parcel in merged if parcel is not None))
            return {name: len(fresh.get(name, ())) for name, _ in items}

        return self._each(
            SellerId(seller_id),
            Given(command_id, "track", ()),
            list(by_parcel.items()),
            work,
            int,
        )

    def parcels(self, seller_id: str, order_id: str) -> tuple[Parcel, ...]:
        """
        List the parcels of an order, oldest first.
        """
        return self._read(
            SellerId(seller_id),
            lambda unit: tuple(unit.find(PARCELS_OF, [(order_id,)])),
        )

    def parcel(self, seller_id: str, parcel_id: str) -> Parcel:
        """
        Return one parcel.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return self._read(
            SellerId(seller_id), lambda unit: unit.need(PARCELS, parcel_id)
        )

    def find(self, tracking_number: str) -> tuple[Parcel, ...]:
        """
        Find parcels by tracking number, across sellers.
        """
        return self._units.platform(
            lambda unit: tuple(unit.find(PARCELS_BY_TRACKING, [(tracking_number,)])),
            read_only=True,
        )

    def events(self, seller_id: str, parcel_id: str) -> tuple[TrackingEvent, ...]:
        """
        List what carriers said about a parcel, in the order it happened.
        """
        return self._read(
            SellerId(seller_id),
            lambda unit: tuple(unit.find(TRACKING_OF, [(parcel_id,)])),
        )


def _new_events(
    unit: SellerUnit, items: Sequence[tuple[str, list[TrackingFact]]]
) -> dict[str, list[TrackingEvent]]:
    said = [
        TrackingEvent(
            seller_id=unit.seller_id,
            parcel_id=ParcelId(fact.parcel_id),
            key=fact.key,
            status=fact.status.value,
            place=fact.place,
            happened_at=fact.happened_at,
        )
        for _, facts in items
        for fact in facts
    ]
    fresh: dict[str, list[TrackingEvent]] = {}
    for event in unit.insert_new(TRACKING_EVENTS, said):
        fresh.setdefault(event.parcel_id, []).append(event)
    return fresh


def _merge(
    unit: SellerUnit, parcel: Parcel, events: Sequence[TrackingEvent], *, by: Actor
) -> Parcel | None:
    """
    Move a parcel forward; return it as it is now, or None where nothing is further.
    """
    status = parcel.status
    for event in events:
        status = further(status, event.status)
    if status == parcel.status:
        return None
    arrived = [e.happened_at for e in events if e.status == TrackingStatus.DELIVERED]
    if not arrived:
        return attrs.evolve(parcel, status=status)
    order = unit.orders.headers([parcel.order_id])[0]
    order.deliver_parcel(parcel.parcel_id, by=by, at=unit.now)
    return attrs.evolve(parcel, status=status, delivered_at=min(arrived))
