"""
Which parcels are asked about next: those that a carrier told of, then page by page all
that are on their way.
"""

from collections.abc import Sequence
from datetime import timedelta

import attrs

from ...domain.kernel.values import frozen
from ...domain.orders.tabs import Tab
from ...domain.shipments.model import Parcel
from ...domain.shipments.walks import TrackingHint, TrackingWalk, fresh_walk
from ...unit.platform_unit import PlatformUnit
from ...unit.tables.orders import ORDERS_IN_TAB
from ...unit.tables.shipments import (
    HINTS_OF,
    PARCELS_BY_TRACKING,
    PARCELS_OF,
    TRACKING_HINTS,
    TRACKING_WALKS,
)
from .trackers import Tracker, Trackers, is_under_way

# Where orders with parcels that are on their way are, in the order of the walk: one
# that turns out to be in trouble is not met again.
STAGES = (Tab.ABNORMAL, Tab.SHIPPED, Tab.AWAITING_SHIPPING)


@frozen
class Step:
    """
    A page of a walk.

    Attributes:
        before, after: The walk as it was, and as it is now stored.
    """

    before: TrackingWalk
    after: TrackingWalk
    parcels: Sequence[Parcel]


def step_on(
    tracker: Tracker,
    trackers: Trackers,
    unit: PlatformUnit,
    *,
    orders_max: int,
    every: timedelta,
) -> Step | None:
    """
    Move a connection's walk on by a page; None while it rests.

    Args:
        orders_max: Of a page.

        every: From the beginning of a walk to that of the next one.
    """
    known = unit.get(TRACKING_WALKS, tracker.name, lock=True)
    walk = known or fresh_walk(tracker.name, unit.now)
    if walk.due_at > unit.now:
        return None
    before = walk.begun(unit.now)
    place = (before.order_id, before.seller_id) if before.order_id else None
    tab = STAGES[before.stage].value
    orders = unit.page(ORDERS_IN_TAB, tab, after=place, limit=orders_max)
    named = [(o.seller_id, o.order_id) for o in orders if o.parcels]
    parcels = _own(unit.find(PARCELS_OF, named), tracker, trackers)
    after = before
    if orders:
        after = after.past(orders[-1].order_id, orders[-1].seller_id)
    if len(orders) < orders_max:
        after = after.in_next_stage(of=len(STAGES), every=every)
    after = attrs.evolve(after, asked=before.asked + len(parcels))
    unit.put(TRACKING_WALKS, after)
    return Step(before, after, parcels)


def step_back(step: Step, unit: PlatformUnit) -> None:
    """
    Put a walk back to where it was, unless another worker has moved it on.
    """
    before = step.before
    if unit.get(TRACKING_WALKS, before.connection, lock=True) == step.after:
        unit.put(TRACKING_WALKS, before)


def hinted(
    tracker: Tracker, trackers: Trackers, limit: int, unit: PlatformUnit
) -> tuple[list[TrackingHint], list[Parcel]]:
    """
    Return the numbers that a carrier told of first, and the parcels that have them.
    """
    hints = unit.page(HINTS_OF, tracker.name, limit=limit)
    numbers = [(hint.tracking_number,) for hint in hints]
    named = unit.find(PARCELS_BY_TRACKING, numbers)
    return hints, _own(named, tracker, trackers)


def forget(hints: Sequence[TrackingHint], unit: PlatformUnit) -> None:
    """
    Take away hints, unless they were told again meanwhile.
    """
    keys = [(hint.connection, hint.tracking_number) for hint in hints]
    same = [h for h in unit.many(TRACKING_HINTS, keys, lock=True) if h in hints]
    unit.delete(TRACKING_HINTS, [(h.connection, h.tracking_number) for h in same])


def _own(
    parcels: Sequence[Parcel], tracker: Tracker, trackers: Trackers
) -> list[Parcel]:
    return [
        parcel
        for parcel in parcels
        if is_under_way(parcel) and trackers.asked_about(parcel) == tracker.name
    ]
