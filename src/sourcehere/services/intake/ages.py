"""
Which of two tellings of an order is the older one.
"""

from collections.abc import Sequence
from datetime import datetime

from ...domain.kernel.clock import SHOP_AHEAD_MAX, to_micros
from ...domain.stores.model import StoreOrderSnapshot
from ...domain.stores.record import StoreOrderRecord
from ...doors.stores import version_of


def newest(snapshots: Sequence[StoreOrderSnapshot]) -> dict[str, StoreOrderSnapshot]:
    """
    Return the newest telling of each order; of equals the last.
    """
    found: dict[str, StoreOrderSnapshot] = {}
    for snapshot in snapshots:
        known = found.get(snapshot.external_id)
        if known is None or version_of(snapshot) >= version_of(known):
            found[snapshot.external_id] = snapshot
    return found


def is_older(
    snapshot: StoreOrderSnapshot, record: StoreOrderRecord, *, now: datetime
) -> bool:
    """
    Tell whether a shop said something newer of the order before.

    A change that is told as more than a day from now, as where the shop's clock was
    wrong, proves nothing: else every edit and cancellation would be older until then.
    """
    version = version_of(snapshot)
    if record.version > to_micros(now + SHOP_AHEAD_MAX):
        return False
    return 0 < version < record.version
