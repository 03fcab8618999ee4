"""
What carriers say: tracking facts, and delivery that follows from them.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import datetime
from itertools import chain

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.checks import PERSONAL, require_trimmed
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import OrderId, SellerId
from ...domain.kernel.values import frozen
from ...domain.shipments.model import (
    IncidentReason,
    Parcel,
    TrackingEvent,
    TrackingStatus,
)
from ...domain.shipments.tracking import span_of
from ...ports.storage import Get
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
from ..base.forgetting_places import without_place
from ..base.forgotten import of_forgotten
from ..base.service import Service
from .following import facts_of, follow


@frozen(kw_only=True)
class TrackingFact:
    """
    One thing a carrier said about a parcel.

    Attributes:
        key: The carrier's own key of it, unique per number: said again, it counts once.

        carrier, tracking_number: Which number it was said of; the one that the parcel
            has now, if not given. What was said of another number is kept, and does not
            count for the parcel.

        incident: Why the parcel does not go on, where the carrier says so.
    """

    parcel_id: str
    key: str
    status: TrackingStatus
    happened_at: datetime
    place: str = attrs.field(default="", metadata=PERSONAL)
    carrier: str = ""
    tracking_number: str = ""
    incident: IncidentReason | None = None


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
        Record what carriers said. A fact is refused only for its time: at that nothing
        can have happened to the parcel. Then nothing of that parcel's is recorded.

        A fact known already changes nothing. Where a parcel is follows from when things
        happened, not from when they were told (`domain/shipments/tracking.py`). When
        every parcel of an order is delivered and nothing is left to send, the order is
        fulfilled. While something is the matter with a parcel, its order is held.

        Returns:
            Parcel -> how many of its facts were new. Unknown parcels are `failed`, and
            those of which one fact is from more than 30 days before the parcel left, or
            from more than two days ahead.

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
            keys = [(name,) for name, _ in items]
            # Orders are locked before parcels, as shipping does; a number may have been
            # corrected until then.
            own = [(unit.seller_id, name) for name, _ in items]
            unit.orders.ask_for_headers_named(Get(PARCELS.table, own))
            locked = unit.ask_for(PARCELS, keys, lock=True)
            told = unit.ask_by(TRACKING_OF, keys)
            found = locked.all()
            headers = unit.orders.headers(sorted({p.order_id for p in found}))
            parcels = {str(p.parcel_id): p for p in found}
            for name, _ in items:
                if name not in parcels:
                    unit.need(PARCELS, name)
            known = facts_of(found, told.all())
            forgotten = of_forgotten(unit, headers)
            fresh = _new_events(unit, parcels, known, items, forgotten)
            heard_of = [parcels[name] for name in fresh]
            patience = self._settings.stalled_after
            facts = {name: (*known[name], *news) for name, news in fresh.items()}
            moved = follow(unit, heard_of, by=by, patience=patience, facts=facts)
            changed = [m for p, m in zip(heard_of, moved, strict=True) if m != p]
            unit.put(PARCELS, *changed)
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
    unit: SellerUnit,
    parcels: Mapping[str, Parcel],
    told: Mapping[str, Sequence[TrackingEvent]],
    items: Sequence[tuple[str, list[TrackingFact]]],
    forgotten: Container[OrderId],
) -> dict[str, list[TrackingEvent]]:
    """
    Store what was not known; return it by parcel.
    """
    known = {(name, f.key): f for name, facts in told.items() for f in facts}
    fresh: dict[str, list[TrackingEvent]] = {}
    for name, facts in items:
        parcel = parcels[name]
        kept = without_place if parcel.order_id in forgotten else _as_it_is
        for fact in facts:
            event = _apart(_event(unit, parcel, fact), known, kept)
            if (name, event.key) not in known:
                known[name, event.key] = event
                fresh.setdefault(name, []).append(event)
    # Nobody else has kept one meanwhile: their parcels are locked.
    unit.insert(TRACKING_EVENTS, *chain.from_iterable(fresh.values()))
    return fresh


def _event(unit: SellerUnit, parcel: Parcel, fact: TrackingFact) -> TrackingEvent:
    earliest, latest = span_of(parcel.shipped_at, now=unit.now)
    if not earliest <= fact.happened_at <= latest:
        raise InvalidInputError(
            field="happened_at",
            value=fact.happened_at.isoformat(),
            expected=f"between {earliest:%Y-%m-%d} and {latest:%Y-%m-%d}, when"
            " something can have happened to the parcel",
        )
    _require_its_name("carrier", fact.carrier, parcel.carrier)
    _require_its_name("tracking_number", fact.tracking_number, parcel.tracking_number)
    return TrackingEvent(
        seller_id=unit.seller_id,
        parcel_id=parcel.parcel_id,
        key=fact.key,
        status=fact.status.value,
        place=fact.place,
        happened_at=fact.happened_at,
        carrier=fact.carrier or parcel.carrier,
        tracking_number=fact.tracking_number or parcel.tracking_number,
        incident=fact.incident.value if fact.incident else "",
    )


def _require_its_name(field: str, said: str, known: str) -> None:
    """
    Refuse a carrier or a number with blanks around it that the parcel's own has not:
    the fact would be kept as another number's, and never count.
    """
    if said != known:
        require_trimmed(field, said)


def _apart(
    event: TrackingEvent,
    known: Mapping[tuple[str, str], TrackingEvent],
    kept: Callable[[TrackingEvent], TrackingEvent],
) -> TrackingEvent:
    """
    Return *event* as it is kept, under a key of its own where its key is another
    number's already: carriers count each number's facts from one.
    """
    found = kept(event)
    other = known.get((found.parcel_id, found.key))
    if other is None or not other.tracking_number or _number(other) == _number(event):
        return found
    return kept(attrs.evolve(event, key="/".join((*_number(event), event.key))))


def _as_it_is(event: TrackingEvent) -> TrackingEvent:
    return event


def _number(event: TrackingEvent) -> tuple[str, str]:
    return event.carrier, event.tracking_number
