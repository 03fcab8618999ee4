"""
Under which of the shop's lines parcels are told where the shop merged or split lines.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from ..kernel.values import light
from .demand import Key, Supply, ToldLine


@light
class Sent:
    """
    The units of a parcel.

    Attributes:
        units: By the lines that they were ordered in.

        told: By the lines under which the shop was told of them; None where it was not
            told yet.
    """

    units: Mapping[Key, int]
    told: Mapping[Key, int] | None = None


def told_under(
    lines: Mapping[Key, ToldLine],
    supplies: Mapping[Key, Supply],
    parcels: Sequence[Sent],
) -> list[dict[Key, int]]:
    """
    Return the units of each parcel by the shop's lines as they are now.

    1. What the shop was told stays as it was told.
    2. Of what is left, a line of which the shop wants fewer units than we supply gives
       them to lines like it of which it wants more than we supply.
    3. The units that left first stay with their line as long as it has any; the others
       go to the first line that has room.
    4. What no line has room for stays where it was.

    Args:
        parcels: All parcels of the order, in the order in which they left.
    """
    own = {key: supply.taken_on - supply.taken_out for key, supply in supplies.items()}
    known: Counter[Key] = Counter()
    for parcel in parcels:
        if parcel.told is not None:
            known.update(parcel.told)
            for key, units in parcel.units.items():
                own[key] = own.get(key, 0) - units
    missing = {
        key: line.wanted - known[key] - own.get(key, 0) for key, line in lines.items()
    }
    room = {key: units for key, units in missing.items() if units > 0}
    kept = {key: units + min(missing.get(key, 0), 0) for key, units in own.items()}
    return [
        dict(
            _told(parcel.units, kept, lines, room)
            if parcel.told is None
            else parcel.told
        )
        for parcel in parcels
    ]


def _told(
    units_of: Mapping[Key, int],
    kept: dict[Key, int],
    lines: Mapping[Key, ToldLine],
    room: dict[Key, int],
) -> dict[Key, int]:
    """
    Return the units of a parcel by the lines they are told under; the room is gone.
    """
    told: dict[Key, int] = {}
    for key, units in units_of.items():
        stay = min(units, max(kept.get(key, units), 0))
        kept[key] = kept.get(key, units) - stay
        for place, moved in ((key, stay), *_moved(key, units - stay, lines, room)):
            told[place] = told.get(place, 0) + moved
    return {key: units for key, units in told.items() if units}


def _moved(
    key: Key, units: int, lines: Mapping[Key, ToldLine], room: dict[Key, int]
) -> list[tuple[Key, int]]:
    """
    Place *units* of *key* on lines like it; the room they take is gone.
    """
    places: list[tuple[Key, int]] = []
    for other, left in room.items():
        if key in lines and lines[key].is_like(lines[other]):
            taken = min(units, left)
            room[other] = left - taken
            units -= taken
            places.append((other, taken))
    return [*places, (key, units)]
