"""
Tracking: a parcel is where what was said of its number leaves it.
"""

from collections.abc import Sequence
from typing import Any

from ...domain.kernel.clock import to_micros
from ...domain.kernel.ids import ParcelId
from ...domain.shipments.model import TrackingStatus
from ...domain.shipments.tracking import is_about, whereabouts
from ...ports.storage import Key
from ...unit.tables.shipments import PARCELS, TRACKING_OF
from .batch import OrderBatch, ParcelRow
from .findings import grouped
from .scope import Scope

_PENDING = TrackingStatus.PENDING.value
_DELIVERED = TrackingStatus.DELIVERED.value


def check_tracking(scope: Scope, batch: OrderBatch) -> None:
    """
    Check where parcels are against what carriers said.
    """
    doubtful: list[ParcelRow] = []
    count = 0
    for order in batch.orders:
        for parcel in batch.parcels.get(order.order_id, ()):
            count += 1
            if not is_plain(parcel, batch.tracking.get(parcel[1], ())):
                doubtful.append(ParcelRow._make(parcel))
    scope.findings.looked("parcel_is_where_its_tracking_says", count)
    if doubtful:
        _look_closely(scope, doubtful)


def is_plain(parcel: Sequence[Any], said: Sequence[Any]) -> bool:
    """
    Tell whether a parcel obviously is where it should be: nothing was said of it, or
    one thing about the number that it has.

    Args:
        parcel: A row of `ParcelRow`.

        said: Rows of `TrackingRow`.
    """
    _, _, carrier, number, _, status, _, _, delivered_at, _, incident, _ = parcel
    if not said:
        return (status, delivered_at, incident) == (_PENDING, None, "")
    if len(said) > 1:
        return False
    _, told, happened_at, by, about, _, _, why = said[0]
    if incident or why:
        return False  # seldom so
    if by != carrier or about != number or told != status:
        return False
    return bool(delivered_at == (happened_at if told == _DELIVERED else None))


def _look_closely(scope: Scope, doubtful: Sequence[ParcelRow]) -> None:
    unit = scope.unit
    keys: list[Key] = [(scope.seller_id, row.parcel_id) for row in doubtful]
    parcels = {p.parcel_id: p for p in unit.many(PARCELS, keys)}
    facts = grouped(unit.find(TRACKING_OF, keys), "parcel_id")
    for row in doubtful:
        parcel = parcels[ParcelId(row.parcel_id)]
        own = [f for f in facts.get(row.parcel_id, []) if is_about(f, parcel)]
        where = whereabouts(own)
        at = where.delivered_at
        why = where.incident.value if where.incident else ""
        computed = (where.status.value, None if at is None else to_micros(at), why)
        stored = (row.status, row.delivered_at, row.incident)
        if stored != computed:
            scope.findings.found(
                "parcel_is_where_its_tracking_says",
                row.parcel_id,
                f"it is {row.status}{_why(row.incident)}, delivered at"
                f" {parcel.delivered_at}; of {row.carrier} {row.tracking_number} was"
                f" said {where.status.value}{_why(why)}, delivered at {at}",
                order=row.order_id,
                stored=stored,
                computed=computed,
            )


def _why(incident: str) -> str:
    return f" ({incident})" if incident else ""
