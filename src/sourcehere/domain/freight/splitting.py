"""
In how many parcels a consignment travels by a method of a rate card, and in which.
"""

from collections.abc import Callable, Sequence

from .limits import (
    TOO_HEAVY,
    TOO_LARGE,
    Load,
    Reason,
    load_of,
    reason_too_light,
    reason_too_much,
)
from .methods import Method, Zone
from .model import FreightRequest, FreightUnits
from .packing import UNKNOWN

_Parts = list[tuple[FreightUnits, int]]


def loads_by(
    method: Method, zone: Zone, request: FreightRequest, whole: Load
) -> tuple[Load, ...] | Reason:
    """
    Return the parcels in which *request* travels by *method*, or why it cannot.

    Args:
        whole: All of *request* in one parcel, which is the same for every method.

    1. Boxes that somebody packed already stay as they are.
    2. Everything travels in one parcel if that is within the limits.
    3. Else units are packed first-fit decreasing: the heaviest kind first, each unit
       into the first parcel that still holds it. No unit is divided, so one that is
       above a limit alone leaves the method out.

    The same request is always packed the same way.
    """
    is_packed = len(request.parcels) > 1
    if is_packed:
        found: Sequence[Load] | Reason = _as_packed(request)
    else:
        found = _whole_or_split(method, zone, request, whole)
    if isinstance(found, Reason):
        return found
    if len(found) > method.maximum_parcels:
        return _too_many(method)
    for load in found:
        # What we packed ourselves was packed within the limits.
        too_much = reason_too_much(load, method, zone) if is_packed else None
        reason = too_much or reason_too_light(load, method)
        if reason is not None:
            return reason
    return tuple(found)


def whole_of(request: FreightRequest) -> Load:
    """
    Return all of *request* in one parcel.
    """
    return Load(
        weight_grams=request.weight_grams,
        volume_mm3=request.volume_mm3,
        attributes=request.attributes,
        sides=request.parcels[0].sides_mm if request.parcels else UNKNOWN,
        parts=tuple([(unit, unit.quantity) for unit in request.units]),
    )


def _as_packed(request: FreightRequest) -> list[Load]:
    return [
        Load(
            weight_grams=parcel.weight_grams,
            volume_mm3=parcel.length_mm * parcel.width_mm * parcel.height_mm,
            attributes=request.attributes,
            sides=parcel.sides_mm,
        )
        for parcel in request.parcels
    ]


def _whole_or_split(
    method: Method, zone: Zone, request: FreightRequest, whole: Load
) -> Sequence[Load] | Reason:
    reason = reason_too_much(whole, method, zone)
    if reason is None:
        return [whole]
    if reason.code not in (TOO_HEAVY, TOO_LARGE) or method.maximum_parcels == 1:
        return reason
    is_divisible = sum(unit.quantity for unit in request.units) > 1
    if not is_divisible:
        return reason
    units = sorted(request.units, key=_heaviest_first)
    for unit in units:
        alone = reason_too_much(load_of([(unit, 1)]), method, zone)
        if alone is not None:
            words = f"a unit of {unit.name}: {alone.words}"
            return Reason(alone.code, words, {**alone.facts, "item": unit.name})

    def holds(parts: _Parts) -> bool:
        return reason_too_much(load_of(parts), method, zone) is None

    packed = _first_fit(units, holds, most=method.maximum_parcels)
    return _too_many(method) if packed is None else [load_of(p) for p in packed]


def _too_many(method: Method) -> Reason:
    most = method.maximum_parcels
    words = f"more than {most} parcels, carries up to {most} of one order"
    return Reason("too_many_parcels", words, {"limit_parcels": most})


def _first_fit(
    units: Sequence[FreightUnits], holds: Callable[[_Parts], bool], *, most: int
) -> list[_Parts] | None:
    """
    Pack *units*, the heaviest first; None where that takes more than *most* parcels.
    """
    parcels: list[_Parts] = []
    for unit in units:
        left = unit.quantity
        for parcel in parcels:
            number = _how_many(parcel, unit, left, holds)
            if number:
                parcel.append((unit, number))
                left -= number
        while left:
            if len(parcels) == most:
                return None
            number = _how_many([], unit, left, holds)
            parcels.append([(unit, number)])
            left -= number
    return parcels


def _how_many(
    parcel: _Parts, unit: FreightUnits, left: int, holds: Callable[[_Parts], bool]
) -> int:
    """
    Return how many of *left* units a parcel holds beside what is in it.
    """
    if not left or holds([*parcel, (unit, left)]):
        return left
    fits, too_many = 0, left
    while too_many - fits > 1:
        number = (fits + too_many) // 2
        if holds([*parcel, (unit, number)]):
            fits = number
        else:
            too_many = number
    return fits


def _heaviest_first(unit: FreightUnits) -> tuple[int, int, str]:
    return -unit.weight_grams, -unit.volume_mm3, unit.name
