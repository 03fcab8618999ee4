"""
What must be so of what a carrier is asked for: nothing is made up, and nothing is
missed while it matters.
"""

from collections.abc import Iterator

from ...domain.orders.tabs import Tab
from ...domain.shipments.model import TrackingStatus
from ...services.sending.trackers import is_under_way
from ...unit.tables.orders import ORDERS
from ...unit.tables.shipments import PARCELS, TRACKING_EVENTS
from ..rows import dump
from .truth import Fact
from .world import World

_ON_THEIR_WAY = (Tab.ABNORMAL, Tab.SHIPPED, Tab.AWAITING_SHIPPING)


def asked_facts(world: World) -> dict[str, list[Fact]]:
    """
    Return by parcel what is kept and nobody told: it was asked for.
    """
    rows = dump(world.storage, [TRACKING_EVENTS.table])[TRACKING_EVENTS.table.name]
    found: dict[str, list[Fact]] = {}
    for fact in map(TRACKING_EVENTS.from_row, rows):
        said = (fact.tracking_number, TrackingStatus(fact.status), fact.happened_at)
        known = world.truth.parcels.get(fact.parcel_id)
        if known is not None and said not in known.facts:
            found.setdefault(fact.parcel_id, []).append(said)
    return found


def check_tracking(world: World) -> Iterator[str]:
    """
    What is kept was scanned, once; and everything is that was scanned of a parcel on
    its way.
    """
    scanned = {
        number: sorted((number, fact.status, fact.happened_at) for fact in facts)
        for number, facts in world.scans.tracker.scanned.items()
    }
    rows = dump(world.storage, [ORDERS.table, PARCELS.table])
    tabs = {o.order_id: o.tab for o in map(ORDERS.from_row, rows[ORDERS.table.name])}
    kept = asked_facts(world)
    for parcel in map(PARCELS.from_row, rows[PARCELS.table.name]):
        mine, number = kept.get(parcel.parcel_id, []), parcel.tracking_number
        for fact in mine:
            if fact not in scanned.get(fact[0], ()) or mine.count(fact) > 1:
                yield f"parcel {parcel.parcel_id}: {fact} was not scanned, or once"
        about = sorted(fact for fact in mine if fact[0] == number)
        is_asked = is_under_way(parcel) and tabs[parcel.order_id] in _ON_THEIR_WAY
        if is_asked and about != scanned.get(number, []):
            missed = len(scanned[number]) - len(about)
            yield f"parcel {parcel.parcel_id}: {missed} scans of {number} are missed"
