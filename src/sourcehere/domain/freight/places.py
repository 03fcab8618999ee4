"""
Which zone of a method an address is in, and whether it is remote.
"""

from collections.abc import Iterable
from functools import lru_cache

from .methods import REST_OF_WORLD, Method, PostalRange, Zone
from .postal import Covered, covers

# Methods times countries: asked again for every order that goes there.
_REMEMBERED = 4096


@lru_cache(maxsize=_REMEMBERED)
def zones_of_country(method: Method, country: str) -> tuple[Zone, ...]:
    """
    List the zones for *country*: those that name it, else the rest of the world.

    An unknown country (`ZZ`) is a country like any other: it is served where a zone
    names it, or where there is a zone for the rest of the world.
    """
    naming = tuple(zone for zone in method.zones if country in zone.countries)
    return naming or tuple(z for z in method.zones if REST_OF_WORLD in z.countries)


@lru_cache(maxsize=_REMEMBERED)
def only_zone(method: Method, country: str) -> Zone | None:
    """
    Return the zone of *country* if it is the same all over it, and nowhere remote: then
    no postal code has to be looked at. None where one has to, or there is no zone.
    """
    zones = zones_of_country(method, country)
    return zones[0] if zones and not depends_on_postal_code(method, country) else None


def zone_of(zones: Iterable[Zone], *, country: str, postal_code: str) -> Zone | None:
    """
    Return the first of *zones* that covers the place; None where none does.

    Ask `is_too_short` first: a code that is too short is in no zone.
    """
    for zone in zones:
        ranges = _ranges_of(zone.postal_ranges, country)
        if not ranges or _covers(ranges, postal_code) is Covered.YES:
            return zone
    return None


def is_too_short(method: Method, *, country: str, postal_code: str) -> bool:
    """
    Tell whether a zone, or a surcharge, may or may not be meant by a code that is not
    whole: the rest of the country would be a guess.
    """
    for zone in zones_of_country(method, country):
        ranges = _ranges_of(zone.postal_ranges, country)
        covered = _covers(ranges, postal_code) if ranges else Covered.YES
        if covered is Covered.UNKNOWN:
            return True
        if covered is Covered.YES:
            break
    return any(
        _covers(_ranges_of(area.postal_ranges, country), postal_code) is Covered.UNKNOWN
        for area in method.remote_areas
    )


@lru_cache(maxsize=_REMEMBERED)
def depends_on_postal_code(method: Method, country: str) -> bool:
    """
    Tell whether zone or surcharges of *country* cannot be told without a postal code.
    """
    zones = zones_of_country(method, country)
    return any(_ranges_of(zone.postal_ranges, country) for zone in zones) or any(
        _ranges_of(area.postal_ranges, country) for area in method.remote_areas
    )


def remote_price(method: Method, *, country: str, postal_code: str) -> int:
    """
    Return the dearest surcharge of the remote areas that cover the place, or 0.
    """
    return max(
        (
            area.price
            for area in method.remote_areas
            if _covers(_ranges_of(area.postal_ranges, country), postal_code)
            is Covered.YES
        ),
        default=0,
    )


def _ranges_of(ranges: Iterable[PostalRange], country: str) -> list[PostalRange]:
    return [postal for postal in ranges if postal.country == country]


def _covers(ranges: Iterable[PostalRange], postal_code: str) -> Covered:
    found = {covers(postal, postal_code) for postal in ranges}
    if Covered.YES in found:
        return Covered.YES
    return Covered.UNKNOWN if Covered.UNKNOWN in found else Covered.NO
