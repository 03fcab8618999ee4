"""
What left of an order as a shop sees it, by what it was told.
"""

from collections.abc import Iterable

from ..ports.platforms import Fulfilment, ParcelNotice


def units_sent(notices: Iterable[ParcelNotice], external_id: str) -> dict[str, int]:
    """
    Count the units of an order that left: the shop's line -> units.

    The newest notice of a parcel counts, and none of a parcel that was replaced.

    Args:
        notices: What the shop took, in that order.
    """
    live: dict[str, ParcelNotice] = {}
    for notice in notices:
        if notice.external_id == external_id:
            for replaced in notice.replaces:
                live.pop(replaced, None)
            live[notice.parcel_id] = notice
    counted: dict[str, int] = {}
    for notice in live.values():
        for line in notice.lines if isinstance(notice, Fulfilment) else ():
            name = line.external_line_id
            counted[name] = counted.get(name, 0) + line.quantity
    return counted
