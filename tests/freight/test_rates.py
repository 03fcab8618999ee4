"""
What rate cards charge, leave out, and refuse to be.
"""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere.builtin.rate_cards import RateCardProvider
from sourcehere.domain.freight.methods import (
    AttributeSurcharge,
    Method,
    PostalRange,
    RemoteArea,
    WeightBreak,
    Zone,
)
from sourcehere.domain.freight.model import FreightAnswer, FreightOption, FreightRequest
from sourcehere.domain.freight.rates import (
    RateCard,
    base_price,
    chargeable_grams,
    quote,
)
from sourcehere.domain.kernel.errors import InvalidInputError, UnknownCurrencyError
from sourcehere.domain.kernel.money import Money
from sourcehere.ports.freight import FreightProvider

LIGHT = WeightBreak(
    500, first_grams=50, first_price=300, additional_grams=10, additional_price=7
)
HEAVY = WeightBreak(
    2000, first_grams=500, first_price=900, additional_grams=100, additional_price=55
)
HAWAII = PostalRange("US", "967", "968")
US = Zone(countries=("US",), breaks=(LIGHT, HEAVY))
REST = Zone(countries=("*",), breaks=(WeightBreak(None, 100, 1000, 100, 200),))
YUN = Method(code="yun", name="Yun Ordinary", zones=(US,), days_min=7, days_max=12)


def price_of(method: Method, **changes: object) -> int:
    """
    Return the price of the only option for a request to the US, in cents.
    """
    (option,) = ask(method, **changes).options
    return option.price.minor


def ask(*methods: Method, **changes: object) -> FreightAnswer:
    """
    Quote a request of 120 g to the US, with *changes*.
    """
    request = FreightRequest(country="US", weight_grams=120, currency="USD")
    return quote(RateCard("USD", methods), attrs.evolve(request, **changes))


def why_not(method: Method, **changes: object) -> tuple[str, str]:
    """
    Return code and words of the only method, left out.
    """
    answer = ask(method, **changes)
    assert () == answer.options
    (left_out,) = answer.left_out
    assert method.code == left_out.method
    return left_out.code, left_out.words


class TestPrice:
    @pytest.mark.parametrize(
        ("grams", "price"),
        [
            (0, 300),
            (50, 300),
            (51, 307),
            (60, 307),
            (61, 314),
            (500, 615),
            (501, 955),
            (600, 955),
            (601, 1010),
            (2000, 1725),
        ],
    )
    def test_first_and_additional(self, grams, price):
        """
        The break that covers the weight has a first price and begun further steps.
        """
        assert price == price_of(YUN, weight_grams=grams)

    def test_flat_break(self):
        """
        Without further steps the first price covers the whole break.
        """
        zone = Zone(("US",), (WeightBreak(None, 1, 450),))

        assert 450 == price_of(attrs.evolve(YUN, zones=(zone,)), weight_grams=9999)

    @pytest.mark.parametrize(
        ("volume_mm3", "divisor", "grams"),
        [
            (6_000_000, 6000, 1000),  # 300 x 200 x 100 mm
            (6_000_000, 5000, 1200),
            (6_000_000, 8000, 750),
            (6_000_001, 8000, 751),
            (6_000_000, 0, 120),
            (0, 5000, 120),
            (600_000, 5000, 120),
            (600_001, 5000, 121),
        ],
    )
    def test_chargeable_weight(self, volume_mm3, divisor, grams):
        """
        The greater of actual and volumetric weight counts, a begun gram whole.
        """
        assert grams == chargeable_grams(
            weight_grams=120, volume_mm3=volume_mm3, volume_divisor=divisor
        )
        method = attrs.evolve(YUN, volume_divisor=divisor)
        (option,) = ask(method, volume_mm3=volume_mm3).options
        assert grams == option.chargeable_grams

    @pytest.mark.parametrize(
        ("basis_points", "price"),
        [
            (0, 349),
            (1250, 393),  # 349 * 1.125 = 392.625
            (150, 354),  # 349 * 1.015 = 354.235
            (5000, 524),  # 349 * 1.5 = 523.5, half up
        ],
    )
    def test_fuel_is_a_share_of_the_base(self, basis_points, price):
        """
        Fuel is added to the base price and rounded half up.
        """
        assert price == price_of(attrs.evolve(YUN, fuel_basis_points=basis_points))

    def test_flat_surcharges_carry_no_fuel(self):
        """
        Battery and remote area are added as they stand; the dearest area counts.
        """
        method = attrs.evolve(
            YUN,
            fuel_basis_points=5000,
            attribute_surcharges=(
                AttributeSurcharge("battery", 80),
                AttributeSurcharge("liquid", 1000),
            ),
            remote_areas=(
                RemoteArea(500, (HAWAII,)),
                RemoteArea(700, (PostalRange("US", "96701", "96702"),)),
            ),
        )
        battery = frozenset({"battery", "magnet"})

        assert 524 == price_of(method, postal_code="10001")
        assert 604 == price_of(method, postal_code="10001", attributes=battery)
        assert 1024 == price_of(method, postal_code="96801-1234")
        assert 1224 == price_of(method, postal_code="967 01")

    def test_bounds_include_surcharges(self):
        """
        The price after surcharges is kept within minimum and maximum.
        """
        bounded = attrs.evolve(YUN, minimum_price=400, maximum_price=1000)

        assert 400 == price_of(bounded)
        assert 955 == price_of(bounded, weight_grams=501)
        assert 1000 == price_of(bounded, weight_grams=2000)

    def test_yen_have_no_cents(self):
        """
        Prices are minor units of the card's currency.
        """
        request = FreightRequest(country="US", weight_grams=120, currency="JPY")
        (option,) = quote(RateCard("JPY", (YUN,)), request).options

        assert Money(349, "JPY") == option.price

    def test_sorted_by_price_then_code(self):
        """
        The cheapest comes first, of equal prices the first code.
        """
        dear = attrs.evolve(YUN, code="a", minimum_price=5000)
        answer = ask(dear, attrs.evolve(YUN, code="z"), attrs.evolve(YUN, code="b"))

        assert [
            FreightOption("b", "Yun Ordinary", Money(349, "USD"), 7, 12, 120),
            FreightOption("z", "Yun Ordinary", Money(349, "USD"), 7, 12, 120),
            FreightOption("a", "Yun Ordinary", Money(5000, "USD"), 7, 12, 120),
        ] == list(answer.options)


class TestZones:
    def test_rest_of_world_is_what_no_zone_names(self):
        """
        `*` serves every country that no zone names, the unknown one too.
        """
        method = attrs.evolve(YUN, zones=(REST, US))

        assert 349 == price_of(method)
        assert 1200 == price_of(method, country="FR")
        assert 1200 == price_of(method, country="ZZ")

    def test_unknown_country(self):
        """
        `ZZ` is served where a zone names it, and nowhere else without `*`.
        """
        named = attrs.evolve(US, countries=("US", "ZZ"))

        assert ("country_not_served", "does not go to ZZ") == why_not(YUN, country="ZZ")
        assert 349 == price_of(attrs.evolve(YUN, zones=(named,)), country="ZZ")

    def test_it_leaves_from_its_own_countries(self):
        """
        Those that are named; without any it leaves from everywhere.
        """
        far = attrs.evolve(YUN, origins=("CN", "UK"))

        assert [349, 349] == [price_of(far, origin=name) for name in ("CN", "GB")]
        assert ("origin_not_served", "does not leave from US") == why_not(
            far, origin="US"
        )
        assert (
            "origin_not_served",
            "does not leave from a country that is not known",
        ) == why_not(far)
        with pytest.raises(InvalidInputError) as ei:
            RateCard("USD", (attrs.evolve(YUN, origins=("CN", "China")),))
        assert "methods[0].origins[1]" == ei.value.field
        assert [349, 349] == [price_of(YUN, origin=name) for name in ("US", "")]

    def test_a_range_narrows_its_own_country_only(self):
        """
        Of a country with ranges only these are in the zone, of the others all.
        """
        both = Zone(("US", "CA"), (LIGHT,), (HAWAII,))
        method = attrs.evolve(YUN, zones=(both, REST))

        assert 349 == price_of(method, country="CA")
        assert 349 == price_of(method, postal_code="96799")
        assert "postal_code_not_served" == why_not(method, postal_code="96600")[0]

    def test_first_zone_that_covers_the_place(self):
        """
        Zones of a country are tried in the order of the card.
        """
        far = Zone(("US",), (WeightBreak(None, 1, 9000),), (HAWAII,))
        method = attrs.evolve(YUN, zones=(far, US))

        assert 9000 == price_of(method, postal_code="96801")
        assert 349 == price_of(method, postal_code="10001")

    @pytest.mark.parametrize(
        ("code", "is_inside"),
        [
            ("BT1 1AA", True),
            ("bt48-0aa", True),
            ("B1 1AA", False),
            ("B", False),
            ("BU1", False),
        ],
    )
    def test_letters_are_compared_by_the_bounds_length(self, code, is_inside):
        """
        Spaces, hyphens and case do not matter; a code too short is not inside.
        """
        zone = Zone(("GB",), (LIGHT,), (PostalRange("GB", "BT", "BT"),))
        answer = ask(attrs.evolve(YUN, zones=(zone,)), country="GB", postal_code=code)

        assert is_inside == bool(answer.options)


class TestLeftOut:
    def test_other_currency(self):
        """
        A card never exchanges: every method is left out for another currency.
        """
        assert ("other_currency", "priced in USD, wanted in EUR") == why_not(
            YUN, currency="EUR", country="FR"
        )

    def test_country(self):
        """
        A country in no zone is not served.
        """
        assert "country_not_served" == why_not(YUN, country="FR", weight_grams=9999)[0]

    def test_address_fields(self):
        """
        Required fields that are empty are named.
        """
        method = attrs.evolve(YUN, required_fields=("country", "phone", "city"))

        assert ("address_incomplete", "needs phone, city") == why_not(method)
        given = frozenset({"country", "phone", "city"})
        assert 349 == price_of(method, fields_given=given)

    @pytest.mark.parametrize(
        "changes",
        [
            {"zones": (Zone(("US",), (LIGHT,), (HAWAII,)), US)},
            {"remote_areas": (RemoteArea(500, (HAWAII,)),)},
        ],
    )
    def test_postal_code_where_the_price_depends_on_it(self, changes):
        """
        Without a postal code a zone or surcharge by postal code would be a guess.
        """
        method = attrs.evolve(YUN, **changes)

        assert ("address_incomplete", "needs postal_code") == why_not(method)

    def test_remote_areas_of_other_countries_ask_nothing(self):
        """
        Only the countries that have remote areas need a postal code.
        """
        area = RemoteArea(500, (PostalRange("CA", "X0A", "X0C"),))

        assert 349 == price_of(attrs.evolve(YUN, remote_areas=(area,)))

    def test_restricted(self):
        """
        Goods that the method refuses are named.
        """
        method = attrs.evolve(YUN, refused=("magnet", "battery", "liquid"))
        goods = frozenset({"liquid", "battery", "wood"})

        assert ("restricted", "does not carry battery, liquid") == why_not(
            method, attributes=goods
        )

    def test_weight_limits_are_of_the_chargeable_weight(self):
        """
        Both limits are still carried; bulky parcels weigh by their volume.
        """
        method = attrs.evolve(
            YUN, minimum_grams=100, maximum_grams=1000, volume_divisor=5000
        )

        assert 307 + 28 == price_of(method, weight_grams=100)
        assert 900 + 5 * 55 == price_of(method, weight_grams=1000)
        assert ("too_light", "99 g, carries 100 g or more") == why_not(
            method, weight_grams=99
        )
        assert ("too_heavy", "1001 g, carries up to 1000 g") == why_not(
            method, volume_mm3=5_000_001
        )

    def test_above_the_last_break(self):
        """
        What no break covers is too heavy.
        """
        assert ("too_heavy", "2001 g, carries up to 2000 g") == why_not(
            YUN, weight_grams=2001
        )

    @pytest.mark.parametrize("field", ["weight_grams", "volume_mm3"])
    def test_negative_measures_are_refused(self, field):
        """
        Nothing weighs less than nothing.
        """
        with pytest.raises(InvalidInputError) as ei:
            ask(YUN, **{field: -1})

        assert field == ei.value.field


class TestProvider:
    def test_quotes_its_card(self):
        """
        The provider answers as its card does.
        """
        card = RateCard("USD", (YUN,))
        provider: FreightProvider = RateCardProvider(card)
        request = FreightRequest(country="US", weight_grams=120, currency="USD")

        assert quote(card, request) == provider.quote(request)


def zone(*breaks: WeightBreak, **changes: object) -> dict[str, object]:
    """
    Return the change of a method to one zone with *breaks*.
    """
    return {"zones": (attrs.evolve(US, breaks=breaks, **changes),)}


class TestCard:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"code": ""}, "code"),
            ({"days_min": -1}, "days_min"),
            ({"days_max": 6}, "days_max"),
            ({"volume_divisor": -1}, "volume_divisor"),
            ({"minimum_grams": -1}, "minimum_grams"),
            ({"minimum_grams": 10, "maximum_grams": 9}, "maximum_grams"),
            ({"minimum_price": -1}, "minimum_price"),
            ({"maximum_price": -1}, "maximum_price"),
            ({"fuel_basis_points": -1}, "fuel_basis_points"),
            ({"zones": ()}, "zones"),
            ({"zones": (US, US)}, "zones[1].countries"),
            ({"zones": (REST, REST)}, "zones[1].countries"),
            (zone(LIGHT, countries=()), "zones[0].countries"),
            (zone(LIGHT, countries=("us",)), "zones[0].countries"),
            (zone(), "zones[0].breaks"),
            (zone(HEAVY, LIGHT), "zones[0].breaks[1].up_to_grams"),
            (zone(LIGHT, LIGHT), "zones[0].breaks[1].up_to_grams"),
            (
                zone(WeightBreak(None, 1, 1), LIGHT),
                "zones[0].breaks[1].up_to_grams",
            ),
            (zone(WeightBreak(0, 1, 1)), "zones[0].breaks[0].up_to_grams"),
            (zone(WeightBreak(1, 0, 1)), "zones[0].breaks[0].first_grams"),
            (zone(WeightBreak(1, 1, -1)), "zones[0].breaks[0].first_price"),
            (zone(WeightBreak(1, 1, 1, -1)), "zones[0].breaks[0].additional_grams"),
            (zone(WeightBreak(1, 1, 1, 0, 5)), "zones[0].breaks[0].additional_grams"),
            (zone(WeightBreak(1, 1, 1, 5, -5)), "zones[0].breaks[0].additional_price"),
            (
                zone(LIGHT, postal_ranges=(PostalRange("CA", "A", "B"),)),
                "zones[0].postal_ranges[0].country",
            ),
            (
                zone(LIGHT, postal_ranges=(HAWAII, PostalRange("US", "9-", "99"))),
                "zones[0].postal_ranges[1].first",
            ),
            (
                zone(LIGHT, postal_ranges=(PostalRange("US", "9", "99"),)),
                "zones[0].postal_ranges[0].last",
            ),
            (
                zone(LIGHT, postal_ranges=(PostalRange("US", "99", "98"),)),
                "zones[0].postal_ranges[0].last",
            ),
            ({"remote_areas": (RemoteArea(1, ()),)}, "remote_areas[0].postal_ranges"),
            ({"remote_areas": (RemoteArea(-1, (HAWAII,)),)}, "remote_areas[0].price"),
            (
                {"remote_areas": (RemoteArea(1, (PostalRange("u", "1", "1"),)),)},
                "remote_areas[0].postal_ranges[0].country",
            ),
            (
                {"attribute_surcharges": (AttributeSurcharge("battery", -1),)},
                "attribute_surcharges[0].price",
            ),
            (
                {"attribute_surcharges": (AttributeSurcharge("", 1),)},
                "attribute_surcharges[0].attribute",
            ),
        ],
    )
    def test_a_flaw_is_named_by_its_path(self, changes, field):
        """
        A card that could not answer clearly is refused, naming the place.
        """
        flawed = attrs.evolve(attrs.evolve(YUN, code="other"), **changes)
        with pytest.raises(InvalidInputError) as ei:
            RateCard("USD", (YUN, flawed))

        assert f"methods[1].{field}" == ei.value.field

    def test_codes_are_unique(self):
        """
        A method code twice would make a choice ambiguous.
        """
        with pytest.raises(InvalidInputError) as ei:
            RateCard("USD", (YUN, YUN))
        assert "methods[1].code" == ei.value.field

    def test_needs_methods_and_a_currency(self):
        """
        A card has a method and an ISO 4217 currency.
        """
        with pytest.raises(InvalidInputError) as ei:
            RateCard("USD", ())
        assert "methods" == ei.value.field
        with pytest.raises(UnknownCurrencyError):
            RateCard("USX", (YUN,))


@st.composite
def monotone_breaks(draw: st.DrawFn) -> tuple[WeightBreak, ...]:
    """
    Draw a table in which no break begins below the end of the one before.
    """
    breaks: list[WeightBreak] = []
    limit = price = 0
    for _ in range(draw(st.integers(1, 4))):
        limit += draw(st.integers(1, 500))
        step = WeightBreak(
            up_to_grams=limit,
            first_grams=draw(st.integers(1, 600)),
            first_price=price + draw(st.integers(0, 300)),
            additional_grams=draw(st.integers(1, 100)),
            additional_price=draw(st.integers(0, 50)),
        )
        price = base_price(step, limit)
        breaks.append(step)
    return tuple(breaks)


SHARES = st.integers(0, 3000)


@given(breaks=monotone_breaks(), fuel=SHARES, weights=st.data())
def test_heavier_is_never_cheaper(breaks, fuel, weights):
    """
    By a table that rises, price rises with weight, surcharges included.
    """
    method = attrs.evolve(YUN, fuel_basis_points=fuel, **zone(*breaks))
    grams = st.integers(0, breaks[-1].up_to_grams)
    light, heavy = sorted([weights.draw(grams), weights.draw(grams)])

    assert price_of(method, weight_grams=light) <= price_of(method, weight_grams=heavy)


METHODS = st.builds(
    Method,
    code=st.sampled_from("abcdef"),
    name=st.just("x"),
    zones=st.sampled_from(
        [(US,), (REST,), (US, REST), (Zone(("US",), (LIGHT,), (HAWAII,)),)]
    ),
    days_min=st.just(1),
    days_max=st.just(2),
    volume_divisor=st.sampled_from([0, 5000]),
    refused=st.sampled_from([(), ("battery",)]),
    required_fields=st.sampled_from([(), ("country",), ("phone",)]),
    minimum_grams=st.sampled_from([0, 100]),
    maximum_grams=st.sampled_from([None, 400]),
    fuel_basis_points=SHARES,
)


@given(
    methods=st.lists(METHODS, min_size=1, max_size=6, unique_by=lambda m: m.code),
    request=st.builds(
        FreightRequest,
        country=st.sampled_from(["US", "FR", "ZZ"]),
        postal_code=st.sampled_from(["", "96801", "10001"]),
        weight_grams=st.integers(0, 3000),
        volume_mm3=st.integers(0, 10**7),
        attributes=st.frozensets(st.sampled_from(["battery", "liquid"])),
        currency=st.sampled_from(["USD", "EUR"]),
    ),
)
def test_every_method_is_answered_once(methods, request):
    """
    Each method is an option or left out, never both, never neither, always the same.
    """
    card = RateCard("USD", tuple(methods))
    answer = quote(card, request)

    named = [o.method for o in answer.options] + [x.method for x in answer.left_out]
    assert sorted(method.code for method in methods) == sorted(named)
    assert all(request.currency == o.price.currency for o in answer.options)
    prices = [(o.price.minor, o.method) for o in answer.options]
    assert sorted(prices) == prices
    assert answer == quote(card, request)
