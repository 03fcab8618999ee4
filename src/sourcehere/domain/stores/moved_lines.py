"""
Under which of the shop's lines parcels are told where the shop merged or split lines.
"""

from collections.abc import Mapping, Sequence

from .demand import NO_SUPPLY, Supply, ToldLine

Key = tuple[str, str]


def told_under(
    lines: Mapping[Key, ToldLine],
    supplies: Mapping[Key, Supply],
    parcels: Sequence[Mapping[Key, int]],
) -> list[dict[Key, int]]:
    """
    Return the units of each parcel by the shop's lines as they are now.

    1. A line of which the shop wants fewer units than we supply gives them to lines of
       its SKU of which it wants more than we supply.
    2. The units that left first stay with their line as long as it has any; the others
       go to the first line that has room.
    3. What no line has room for stays where it was.

    Args:
        parcels: Line -> units as they left, in that order; all parcels of the order.
    """
    missing = {
        key: line.wanted - _supplied(supplies.get(key, NO_SUPPLY))
        for key, line in lines.items()
    }
    room = {key: units for key, units in missing.items() if units > 0}
    kept = {
        key: _supplied(supply) + min(missing.get(key, 0), 0)
        for key, supply in supplies.items()
    }
    found: list[dict[Key, int]] = []
    for parcel in parcels:
        told: dict[Key, int] = {}
        for key, units in parcel.items():
            stay = min(units, kept.get(key, units))
            kept[key] = kept.get(key, units) - stay
            for place, moved in (
                (key, stay),
                *_moved(key, units - stay, room),
            ):
                told[place] = told.get(place, 0) + moved
        found.append({key: units for key, units in told.items() if units})
    return found


def _supplied(supply: Supply) -> int:
    return supply.taken_on - supply.taken_out


def _moved(key: Key, units: int, room: dict[Key, int]) -> list[tuple[Key, int]]:
    """
    Place *units* of *key* on lines of its SKU; the room they take is gone.
    """
    places: list[tuple[Key, int]] = []
    for other, left in room.items():
        if other[1] == key[1]:
            taken = min(units, left)
            room[other] = left - taken
            units -= taken
            places.append((other, taken))
    return [*places, (key, units)]
