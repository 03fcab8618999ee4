"""
What a consignment costs by a rate card, and why a method is left out.
"""

from ..kernel.money import Money, divide_half_up, exponent_of
from ..kernel.values import frozen
from .method_checks import check_methods
from .methods import Method, WeightBreak, Zone
from .model import FreightAnswer, FreightOption, FreightRequest, LeftOut
from .places import (
    depends_on_postal_code,
    is_too_short,
    remote_price,
    zone_of,
    zones_of_country,
)

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

    1. The first reason of `reason_left_out` leaves a method out.
    2. Chargeable weight = max(actual, volume / divisor).
    3. Base price = first price + begun further steps, by the first break that covers
       the chargeable weight.
    4. Fuel is a share of the base; remote area and attributes are flat. The sum is
       rounded half up, once, then kept within the method's bounds.

    Options are sorted by price, then by method code; what is left out, as on the card.

    Raises:
        InvalidInputError: If weight or volume is negative.
    """
    request.check()
    answers = [_answer(card, method, request) for method in card.methods]
    options = [answer for answer in answers if isinstance(answer, FreightOption)]
    left_out = [answer for answer in answers if isinstance(answer, LeftOut)]

    assert len(options) + len(left_out) == len(card.methods)
    options.sort(key=lambda option: (option.price.minor, option.method))
    return FreightAnswer(tuple(options), tuple(left_out))


def chargeable_grams(*, weight_grams: int, volume_mm3: int, volume_divisor: int) -> int:
    """
    Return the greater of actual and volumetric weight, a begun gram counted whole.

    Carriers divide cubic centimetres by the divisor to get kilograms (IATA: 6000).
    A cubic centimetre is 1000 cubic millimetres and a kilogram 1000 grams, so cubic
    millimetres by the same divisor are grams: 300 x 200 x 100 mm / 6000 = 1000 g.

    Args:
        volume_divisor: Cubic centimetres per kilogram; 0 where volume does not count.
    """
    if volume_divisor == 0:
        return weight_grams
    return max(weight_grams, _divide_up(volume_mm3, volume_divisor))


def base_price(step: WeightBreak, grams: int) -> int:
    """
    Return the price of *grams* within one break, a begun step counted whole.
    """
    above = max(grams - step.first_grams, 0)
    if above == 0 or step.additional_grams == 0:
        return step.first_price
    steps = _divide_up(above, step.additional_grams)
    return step.first_price + steps * step.additional_price


def reason_left_out(
    method: Method, request: FreightRequest, *, card_currency: str, grams: int
) -> tuple[str, str] | None:
    """
    Return the first reason against *method*, as a code and words; None where it serves.

    The order: currency, country, address fields, postal code, attributes, weight. A
    postal code counts as required where zone or surcharge of the country depend on it:
    without it the price would be a guess.
    """
    if request.currency != card_currency:
        words = f"priced in {card_currency}, wanted in {request.currency}"
        return "other_currency", words
    zones = zones_of_country(method, request.country)
    if not zones:
        return "country_not_served", f"does not go to {request.country}"
    missing = _missing_fields(method, request)
    if missing:
        return "address_incomplete", f"needs {', '.join(missing)}"
    zone = zone_of(zones, country=request.country, postal_code=request.postal_code)
    if zone is None:
        return "postal_code_not_served", "does not go to this postal code"
    refused = sorted(request.attributes & set(method.refused))
    if refused:
        return "restricted", f"does not carry {', '.join(refused)}"
    return _reason_of_weight(method, zone, grams)


def _reason_of_weight(method: Method, zone: Zone, grams: int) -> tuple[str, str] | None:
    if grams < method.minimum_grams:
        return "too_light", f"{grams} g, carries {method.minimum_grams} g or more"
    limits = [method.maximum_grams, zone.breaks[-1].up_to_grams]
    maximum = min((limit for limit in limits if limit is not None), default=grams)
    if grams > maximum:
        return "too_heavy", f"{grams} g, carries up to {maximum} g"
    return None


def _missing_fields(method: Method, request: FreightRequest) -> list[str]:
    missing = [
        field for field in method.required_fields if field not in request.fields_given
    ]
    country, code = request.country, request.postal_code
    if code and is_too_short(method, country=country, postal_code=code):
        missing.append("the whole postal_code")
    elif (
        not code
        and "postal_code" not in missing
        and depends_on_postal_code(method, country)
    ):
        missing.append("postal_code")
    return missing


def _answer(
    card: RateCard, method: Method, request: FreightRequest
) -> FreightOption | LeftOut:
    grams = chargeable_grams(
        weight_grams=request.weight_grams,
        volume_mm3=request.volume_mm3,
        volume_divisor=method.volume_divisor,
    )
    reason = reason_left_out(method, request, card_currency=card.currency, grams=grams)
    if reason is not None:
        code, words = reason
        return LeftOut(method.code, code, words)
    return FreightOption(
        method=method.code,
        name=method.name,
        price=Money(_price(method, request, grams=grams), card.currency),
        days_min=method.days_min,
        days_max=method.days_max,
        chargeable_grams=grams,
    )


def _price(method: Method, request: FreightRequest, *, grams: int) -> int:
    country, postal_code = request.country, request.postal_code
    zones = zones_of_country(method, country)
    zone = zone_of(zones, country=country, postal_code=postal_code)
    assert zone is not None
    base = base_price(_break_of(zone, grams), grams)
    fuelled = base * (_BASIS_POINTS + method.fuel_basis_points)
    flat = remote_price(method, country=country, postal_code=postal_code) + sum(
        surcharge.price
        for surcharge in method.attribute_surcharges
        if surcharge.attribute in request.attributes
    )
    price = divide_half_up(fuelled + flat * _BASIS_POINTS, _BASIS_POINTS)
    price = max(price, method.minimum_price)
    return price if method.maximum_price is None else min(price, method.maximum_price)


def _break_of(zone: Zone, grams: int) -> WeightBreak:
    return next(
        step
        for step in zone.breaks
        if step.up_to_grams is None or grams <= step.up_to_grams
    )


def _divide_up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)
