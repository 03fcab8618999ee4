"""
Which zone of a method an address is in, and whether it is remote.
"""

from collections.abc import Iterable
from functools import lru_cache

from .methods import REST_OF_WORLD, Method, PostalRange, Zone

# Methods times countries: asked again for every order that goes there.
_REMEMBERED = 4096


def normalised(postal_code: str) -> str:
    """
    Return a postal code as it is compared: capitals, without spaces and hyphens.
    """
    return "".join(postal_code.split()).replace("-", "").upper()


@lru_cache(maxsize=_REMEMBERED)
def zones_of_country(method: Method, country: str) -> tuple[Zone, ...]:
    """
    List the zones for *country*: those that name it, else the rest of the world.

    An unknown country (`ZZ`) is a country like any other: it is served where a zone
    names it, or where there is a zone for the rest of the world.
    """
    naming = tuple(zone for zone in method.zones if country in zone.countries)
    return naming or tuple(z for z in method.zones if REST_OF_WORLD in z.countries)


def zone_of(zones: Iterable[Zone], *, country: str, postal_code: str) -> Zone | None:
    """
    Return the first of *zones* that covers the place; None where none does.
    """
    for zone in zones:
        ranges = _ranges_of(zone.postal_ranges, country)
        if not ranges or _covers(ranges, postal_code):
            return zone
    return None


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
        ),
        default=0,
    )


def _ranges_of(ranges: Iterable[PostalRange], country: str) -> list[PostalRange]:
    return [postal for postal in ranges if postal.country == country]


def _covers(ranges: Iterable[PostalRange], postal_code: str) -> bool:
    code = normalised(postal_code)
    # A code shorter than the bounds is not known well enough to be inside.
    return any(
        len(code) >= len(postal.first)
        and postal.first <= code[: len(postal.first)] <= postal.last
        for postal in ranges
    )
