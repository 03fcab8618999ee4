"""
What a consignment costs by a rate card, and why a method is left out.
"""

from collections.abc import Container, Sequence

from ..kernel.money import Money, divide_half_up, exponent_of
from ..kernel.parcels import PlannedParcel
from ..kernel.values import frozen
from .limits import Load, Reason, grams_of
from .limits import chargeable_grams as chargeable_grams
from .method_checks import check_methods
from .methods import Method, WeightBreak, Zone
from .model import FreightAnswer, FreightOption, FreightRequest, LeftOut
from .places import (
    depends_on_postal_code,
    is_too_short,
    only_zone,
    remote_price,
    zone_of,
    zones_of_country,
)
from .splitting import loads_by, whole_of

_BASIS_POINTS = 10_000


@frozen
class RateCard:
    """
    Shipping methods and their prices, in one currency.

    A card that could not answer clearly is refused where it is made.

    Attributes:
        currency: ISO 4217; every price of the card is in its minor units.
    """

    currency: str
    methods: tuple[Method, ...]

    def __attrs_post_init__(self) -> None:
        exponent_of(self.currency)
        check_methods(self.methods)


def quote(card: RateCard, request: FreightRequest) -> FreightAnswer:
    """
    Price *request* by every method of *card*, or say why not: always one of the two.

    1. The first reason leaves a method out: currency, origin, country, address fields,
       postal code, attributes, weight and size. A postal code counts as required where
       zone or surcharge of the country depend on it: without it the price would be a
       guess.
    2. What is too heavy or too large for one parcel travels in several, each of them
       priced as below; the price is their sum.
    3. Chargeable weight = max(actual, volume / divisor).
    4. Base price = first price + begun further steps, by the first break that covers
       the chargeable weight.
    5. Fuel is a share of the base; remote area and attributes are flat. The sum is
       rounded half up, once, then kept within the method's bounds.

    Options are sorted by price, then by method code; what is left out, as on the card.

    Raises:
        InvalidInputError: If weight or volume is negative, or units make no sense.
    """
    request.check()
    whole = whole_of(request)
    answers = [_answer(card, method, request, whole) for method in card.methods]
    options = [answer for answer in answers if isinstance(answer, FreightOption)]
    left_out = [answer for answer in answers if isinstance(answer, LeftOut)]

    assert len(options) + len(left_out) == len(card.methods)
    options.sort(key=lambda option: (option.price.minor, option.method))
    return FreightAnswer(tuple(options), tuple(left_out))


def base_price(step: WeightBreak, grams: int) -> int:
    """
    Return the price of *grams* within one break, a begun step counted whole.
    """
    above = max(grams - step.first_grams, 0)
    if above == 0 or step.additional_grams == 0:
        return step.first_price
    steps = _divide_up(above, step.additional_grams)
    return step.first_price + steps * step.additional_price


def _zone_or_reason(
    card: RateCard, method: Method, request: FreightRequest
) -> Zone | Reason:
    unserved = _not_served(card, method, request)
    if unserved is not None:
        return unserved
    zone = only_zone(method, request.country)
    zones = (zone,) if zone else zones_of_country(method, request.country)
    if not zones:
        words = f"does not go to {request.country}"
        return Reason("country_not_served", words, {})
    missing = [f for f in method.required_fields if f not in request.fields_given]
    if zone is None:
        missing += _missing_code(method, request, missing)
    if missing:
        return Reason("address_incomplete", f"needs {', '.join(missing)}", {})
    country, code = request.country, request.postal_code
    zone = zone or zone_of(zones, country=country, postal_code=code)
    if zone is None:
        words = "does not go to this postal code"
        return Reason("postal_code_not_served", words, {})
    refused = request.attributes.intersection(method.refused)
    if refused:
        words = f"does not carry {', '.join(sorted(refused))}"
        return Reason("restricted", words, {})
    return zone


def _not_served(
    card: RateCard, method: Method, request: FreightRequest
) -> Reason | None:
    if request.currency != card.currency:
        words = f"priced in {card.currency}, wanted in {request.currency}"
        return Reason("other_currency", words, {})
    if method.origins and request.origin not in method.origins:
        where = request.origin or "a country that is not known"
        return Reason("origin_not_served", f"does not leave from {where}", {})
    return None


def _missing_code(
    method: Method, request: FreightRequest, missing: Container[str]
) -> list[str]:
    country, code = request.country, request.postal_code
    if code and is_too_short(method, country=country, postal_code=code):
        return ["the whole postal_code"]
    is_needed = not code and depends_on_postal_code(method, country)
    return ["postal_code"] if is_needed and "postal_code" not in missing else []


def _answer(
    card: RateCard, method: Method, request: FreightRequest, whole: Load
) -> FreightOption | LeftOut:
    zone = _zone_or_reason(card, method, request)
    if isinstance(zone, Reason):
        return LeftOut(method.code, zone.code, zone.words, facts=zone.facts)
    loads = loads_by(method, zone, request, whole)
    if isinstance(loads, Reason):
        return LeftOut(method.code, loads.code, loads.words, facts=loads.facts)
    grams = [grams_of(load, method) for load in loads]
    prices = [
        _price(method, zone, request, load, grams=heavy)
        for load, heavy in zip(loads, grams, strict=True)
    ]
    return FreightOption(
        method=method.code,
        name=method.name,
        price=Money(sum(prices), card.currency),
        days_min=method.days_min,
        days_max=method.days_max,
        chargeable_grams=sum(grams),
        parcels=_parcels(loads, grams, prices) if len(loads) > 1 else (),
    )


def _parcels(
    loads: Sequence[Load], grams: Sequence[int], prices: Sequence[int]
) -> tuple[PlannedParcel, ...]:
    return tuple(
        [
            PlannedParcel(
                quantities={unit.name: quantity for unit, quantity in load.parts},
                weight_grams=load.weight_grams,
                chargeable_grams=heavy,
                freight_minor=price,
            )
            for load, heavy, price in zip(loads, grams, prices, strict=True)
        ]
    )


def _price(
    method: Method, zone: Zone, request: FreightRequest, load: Load, *, grams: int
) -> int:
    country, postal_code = request.country, request.postal_code
    base = base_price(_break_of(zone, grams), grams)
    fuelled = base * (_BASIS_POINTS + method.fuel_basis_points)
    flat = sum(
        [
            surcharge.price
            for surcharge in method.attribute_surcharges
            if surcharge.attribute in load.attributes
        ]
    )
    if method.remote_areas:
        flat += remote_price(method, country=country, postal_code=postal_code)
    price = divide_half_up(fuelled + flat * _BASIS_POINTS, _BASIS_POINTS)
    price = max(price, method.minimum_price)
    return price if method.maximum_price is None else min(price, method.maximum_price)


def _break_of(zone: Zone, grams: int) -> WeightBreak:
    for step in zone.breaks:
        if step.up_to_grams is None or grams <= step.up_to_grams:
            return step
    raise AssertionError(grams)  # the last break's limit was looked at before


def _divide_up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)
