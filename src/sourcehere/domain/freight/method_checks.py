"""
Whether a rate card makes sense: the first thing that does not, with its place.
"""

from collections.abc import Iterator, Sequence

from ..kernel.countries import is_country
from ..kernel.errors import InvalidInputError
from .codes import CODE_MAX, NAME_MAX, flaw_of
from .estimate import DAYS_MAX
from .methods import (
    PARCELS_MAX,
    REST_OF_WORLD,
    SIZE_LIMITS,
    Method,
    PostalRange,
    RemoteArea,
    WeightBreak,
    Zone,
)
from .postal import GREAT_BRITAIN, is_district, is_range_of_districts, normalised


def check_methods(methods: Sequence[Method]) -> None:
    """
    Pass only methods that every request gets one clear answer from.

    Raises:
        InvalidInputError: For the first flaw; its field is the path to it, such as
            `methods[0].zones[2].breaks[1].up_to_grams`.
    """
    _require(bool(methods), "methods", methods, "at least one method")
    codes: set[str] = set()
    for i, method in enumerate(methods):
        path = f"methods[{i}]"
        for field, most in (("code", CODE_MAX), ("name", NAME_MAX)):
            name = getattr(method, field)
            expected = flaw_of(name, most=most)
            _require(not expected, f"{path}.{field}", name, expected)
        _require(
            method.code not in codes, f"{path}.code", method.code, "used only once"
        )
        codes.add(method.code)
        _check_method(path, method)


def _check_method(path: str, method: Method) -> None:
    for field in (
        "days_min",
        "volume_divisor",
        "minimum_grams",
        "minimum_price",
        "fuel_basis_points",
    ):
        _require_not_negative(path, method, field)
    _require_bound(f"{path}.days_max", method.days_max, method.days_min)
    is_within = method.days_max <= DAYS_MAX
    _require(is_within, f"{path}.days_max", method.days_max, f"{DAYS_MAX} or less")
    _require_bound(f"{path}.maximum_grams", method.maximum_grams, method.minimum_grams)
    _check_sizes(path, method)
    _require_bound(f"{path}.maximum_price", method.maximum_price, method.minimum_price)
    for i, origin in enumerate(method.origins):
        _require(is_country(origin), f"{path}.origins[{i}]", origin, "a country")
    _check_zones(f"{path}.zones", method.zones)
    for i, area in enumerate(method.remote_areas):
        _check_remote_area(f"{path}.remote_areas[{i}]", area)
    for i, surcharge in enumerate(method.attribute_surcharges):
        where = f"{path}.attribute_surcharges[{i}]"
        _require(bool(surcharge.attribute), f"{where}.attribute", "", "a name")
        _require_not_negative(where, surcharge, "price")


def _check_sizes(path: str, method: Method) -> None:
    for field in SIZE_LIMITS:
        limit = getattr(method, field)
        _require(limit is None or limit > 0, f"{path}.{field}", limit, "positive")
    longest, second = method.maximum_longest_mm, method.maximum_second_mm
    is_less = longest is None or second is None or second <= longest
    expected = f"{longest} or less, as the longest side"
    _require(is_less, f"{path}.maximum_second_mm", second, expected)
    number = method.maximum_parcels
    is_fine = 1 <= number <= PARCELS_MAX
    _require(is_fine, f"{path}.maximum_parcels", number, f"1 to {PARCELS_MAX}")


def _check_zones(path: str, zones: Sequence[Zone]) -> None:
    _require(bool(zones), path, zones, "at least one zone")
    served: set[str] = set()  # countries that no later zone can be reached for
    for i, zone in enumerate(zones):
        here = f"{path}[{i}]"
        _require(bool(zone.countries), f"{here}.countries", (), "at least one country")
        for country in zone.countries:
            _require(
                country == REST_OF_WORLD or is_country(country),
                f"{here}.countries",
                country,
                "an ISO 3166-1 alpha-2 code or *",
            )
            _require(
                country not in served,
                f"{here}.countries",
                country,
                "a country that no earlier zone serves wholly",
            )
        ranged = {postal.country for postal in zone.postal_ranges}
        served.update(set(zone.countries) - ranged)
        _check_ranges(f"{here}.postal_ranges", zone.postal_ranges, zone.countries)
        _check_breaks(f"{here}.breaks", zone.breaks)


def _check_breaks(path: str, breaks: Sequence[WeightBreak]) -> None:
    _require(bool(breaks), path, breaks, "at least one weight break")
    last: int | None = 0
    for i, step in enumerate(breaks):
        here = f"{path}[{i}]"
        limit = step.up_to_grams
        ascends = last is not None and (limit is None or limit > last)
        _require(ascends, f"{here}.up_to_grams", limit, "more than the break before")
        last = limit
        _require(
            step.first_grams > 0, f"{here}.first_grams", step.first_grams, "positive"
        )
        for field in ("first_price", "additional_grams", "additional_price"):
            _require_not_negative(here, step, field)
        _require(
            step.additional_grams > 0 or step.additional_price == 0,
            f"{here}.additional_grams",
            step.additional_grams,
            "positive, as there is an additional price",
        )


def _check_remote_area(path: str, area: RemoteArea) -> None:
    _require_not_negative(path, area, "price")
    where = f"{path}.postal_ranges"
    _require(bool(area.postal_ranges), where, (), "at least one range")
    countries = tuple(postal.country for postal in area.postal_ranges)
    _check_ranges(where, area.postal_ranges, countries)


def _check_ranges(
    path: str, ranges: Sequence[PostalRange], countries: Sequence[str]
) -> None:
    for i, postal in enumerate(ranges):
        for field, value, is_right, expected in _range_rules(postal, countries):
            _require(is_right, f"{path}[{i}].{field}", value, expected)


def _range_rules(
    postal: PostalRange, countries: Sequence[str]
) -> Iterator[tuple[str, str, bool, str]]:
    country, first, last = postal.country, postal.first, postal.last
    yield "country", country, is_country(country), "an ISO 3166-1 alpha-2 code"
    yield "country", country, country in countries, "one of the zone's countries"
    yield "first", first, bool(first) and normalised(first) == first, "a bare code"
    if country == GREAT_BRITAIN and is_district(first):
        is_right = is_range_of_districts(first, last)
        yield "last", last, is_right, "a district of the same area, not before first"
        return
    same_length = len(first) == len(last)
    yield "last", last, normalised(last) == last and same_length, "as long as first"
    yield "last", last, first <= last, "not before first"


def _require(is_right: bool, field: str, value: object, expected: str) -> None:  # noqa: FBT001 - reads as "require that"
    if not is_right:
        raise InvalidInputError(field=field, value=value, expected=expected)


def _require_not_negative(path: str, thing: object, field: str) -> None:
    value = getattr(thing, field)
    _require(value >= 0, f"{path}.{field}", value, "0 or more")


def _require_bound(field: str, value: int | None, least: int) -> None:
    _require(value is None or value >= least, field, value, "no less than its minimum")
