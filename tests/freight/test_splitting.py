"""
An order that is too heavy or too large for one parcel travels in several.
"""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere.domain.freight.methods import (
    AttributeSurcharge,
    Method,
    PostalRange,
    RemoteArea,
    WeightBreak,
    Zone,
)
from sourcehere.domain.freight.model import (
    FreightParcel,
    FreightRequest,
    FreightUnits,
)
from sourcehere.domain.freight.rates import RateCard, quote
from sourcehere.domain.kernel.parcels import PlannedParcel

# The first kilogram 10.00, each further one 4.00.
BY_KILO = WeightBreak(22_000, 1_000, 1_000, 1_000, 400)
POST = Method(
    code="post",
    name="Post",
    zones=(Zone(("*",), (BY_KILO,)),),
    days_min=1,
    days_max=2,
)


def kind(name, quantity, grams, sides=(0, 0, 0), *attributes):
    """
    Make units that weigh something.
    """
    length, width, height = sides
    return FreightUnits(
        name=name,
        quantity=quantity,
        weight_grams=grams,
        volume_mm3=length * width * height,
        length_mm=length,
        width_mm=width,
        height_mm=height,
        attributes=attributes,
    )


def consignment(*units, **changes):
    """
    Ask for everything of *units* together.
    """
    request = FreightRequest(
        country="US",
        weight_grams=sum(u.weight_grams * u.quantity for u in units),
        volume_mm3=sum(u.volume_mm3 * u.quantity for u in units),
        attributes=frozenset(a for u in units for a in u.attributes),
        units=units,
        currency="USD",
    )
    return attrs.evolve(request, **changes)


def asked(method, *units, **changes):
    """
    Quote by one method.
    """
    return quote(RateCard("USD", (method,)), consignment(*units, **changes))


def option_of(method, *units, **changes):
    """
    Return its only option.
    """
    (option,) = asked(method, *units, **changes).options
    return option


def held(method, *units, **changes):
    """
    Return what is in each parcel.
    """
    return [p.quantities for p in option_of(method, *units, **changes).parcels]


def why_not(method, *units, **changes):
    """
    Return why it is left out.
    """
    (out,) = asked(method, *units, **changes).left_out
    return out.code, out.words, out.facts


class TestWeight:
    def test_twice_thirteen_kilograms_against_twenty_two(self):
        """
        Two parcels, each with its price, and the freight is their sum.
        """
        option = option_of(POST, kind("1.1", 2, 13_000))
        one = PlannedParcel(
            quantities={"1.1": 1},
            weight_grams=13_000,
            chargeable_grams=13_000,
            freight_minor=1_000 + 12 * 400,
        )

        assert (one, one) == option.parcels
        assert (11_600, 26_000) == (option.price.minor, option.chargeable_grams)

    @pytest.mark.parametrize("changes", [{}, {"maximum_grams": 22_000}])
    def test_what_fits_is_one_parcel(self, changes):
        """
        To the last gram, and nothing is said of parcels then.
        """
        option = option_of(attrs.evolve(POST, **changes), kind("1.1", 2, 11_000))

        assert ((), 1_000 + 21 * 400) == (option.parcels, option.price.minor)

    def test_a_unit_is_never_divided(self):
        """
        One that is above the limit alone leaves the method out, and is named.
        """
        assert (
            "too_heavy",
            "a unit of 2.1: 22001 g, carries up to 22000 g",
            {"actual_grams": 22_001, "limit_grams": 22_000, "item": "2.1"},
        ) == why_not(POST, kind("1.1", 3, 100), kind("2.1", 1, 22_001))
        assert (
            "22001 g, carries up to 22000 g" == why_not(POST, kind("1.1", 1, 22_001))[1]
        )

    def test_the_heaviest_kind_is_packed_first(self):
        """
        And each unit goes into the first parcel that still holds it, in whichever order
        the kinds are told.
        """
        kinds = [kind("1.1", 3, 4_000), kind("2.1", 2, 15_000), kind("3.1", 4, 3_000)]
        packed = [
            {"2.1": 1, "1.1": 1, "3.1": 1},
            {"2.1": 1, "1.1": 1, "3.1": 1},
            {"1.1": 1, "3.1": 2},
        ]

        assert packed == held(POST, *kinds)
        assert packed == held(POST, *reversed(kinds))

    def test_of_equal_weight_the_larger_kind_and_then_the_name(self):
        """
        So that nothing depends on chance.
        """
        units = [
            kind("b", 1, 12_000),
            kind("a", 1, 12_000),
            kind("c", 1, 12_000, (10, 10, 10)),
        ]

        assert [{"c": 1}, {"a": 1}, {"b": 1}] == held(POST, *units)

    def test_volumetric_weight_counts(self):
        """
        What is light but large is too heavy as well.
        """
        method = attrs.evolve(POST, volume_divisor=5_000)
        option = option_of(method, kind("1.1", 2, 1_000, (500, 500, 400)))

        assert [20_000, 20_000] == [p.chargeable_grams for p in option.parcels]
        assert [1_000, 1_000] == [p.weight_grams for p in option.parcels]

    def test_too_light_a_parcel_is_told(self):
        """
        What is left for the last one may be too little.
        """
        method = attrs.evolve(POST, minimum_grams=500)

        assert ("too_light", "400 g, carries 500 g or more") == why_not(
            method, kind("1.1", 22, 1_000), kind("2.1", 1, 400)
        )[:2]

    @pytest.mark.parametrize(
        ("most", "is_carried"), [(1, False), (2, False), (3, True)]
    )
    def test_there_is_a_most_of_parcels(self, most, is_carried):
        """
        By the card; where it is one, the reason is the weight.
        """
        method = attrs.evolve(POST, maximum_parcels=most)
        answer = asked(method, kind("1.1", 3, 13_000))

        assert is_carried == bool(answer.options)
        if most == 1:
            assert "39000 g, carries up to 22000 g" == answer.left_out[0].words
        if most == 2:
            (out,) = answer.left_out
            words = "more than 2 parcels, carries up to 2 of one order"
            assert ("too_many_parcels", words, {"limit_parcels": 2}) == (
                out.code,
                out.words,
                out.facts,
            )

    def test_a_million_units_are_counted_not_walked(self):
        """
        Twenty parcels hold what they hold.
        """
        method = attrs.evolve(POST, maximum_parcels=100)

        assert [{"1.1": 22_000}] * 45 + [{"1.1": 10_000}] == held(
            method, kind("1.1", 1_000_000, 1)
        )

    def test_without_units_nothing_is_split(self):
        """
        Who does not say what is in it is told that it is too heavy.
        """
        assert ("too_heavy", "26000 g, carries up to 22000 g") == why_not(
            POST, weight_grams=26_000
        )[:2]


class TestSize:
    def test_too_large_is_split_too(self):
        """
        Two boxes that are too large together, each still within the limits.
        """
        method = attrs.evolve(POST, maximum_volume_mm3=30_000_000)
        boxes = kind("1.1", 2, 1_000, (300, 300, 300))

        assert [{"1.1": 1}, {"1.1": 1}] == held(method, boxes)
        assert [{"1.1": 1}, {"1.1": 1}] == held(
            attrs.evolve(POST, maximum_longest_mm=599), boxes
        )
        assert (
            () == option_of(attrs.evolve(POST, maximum_longest_mm=600), boxes).parcels
        )

    def test_one_that_is_too_large_alone_is_named(self):
        """
        With its own measures.
        """
        method = attrs.evolve(POST, maximum_longest_mm=1_000)
        units = [kind("1.1", 2, 10, (10, 10, 10)), kind("2.1", 1, 10, (9, 9, 1_500))]

        assert (
            "too_large",
            "a unit of 2.1: 1500 mm long, carries up to 1000 mm",
            {"actual_mm": 1_500, "limit_mm": 1_000, "item": "2.1"},
        ) == why_not(method, *units)


class TestPrice:
    def test_each_parcel_is_a_consignment_of_its_own(self):
        """
        Bounds and the remote area count for each, an attribute for those that hold it.
        """
        area = RemoteArea(700, (PostalRange("US", "967", "968"),))
        method = attrs.evolve(
            POST,
            remote_areas=(area,),
            attribute_surcharges=(AttributeSurcharge("battery", 90),),
            minimum_price=7_000,
        )
        option = option_of(
            method,
            kind("1.1", 1, 13_000, (0, 0, 0), "battery"),
            kind("2.1", 2, 10_000),
            postal_code="96801",
            fields_given=("country", "postal_code"),
        )

        assert [{"1.1": 1}, {"2.1": 2}] == [p.quantities for p in option.parcels]
        assert [7_000, 1_000 + 19 * 400 + 700] == [
            p.freight_minor for p in option.parcels
        ]
        assert 16_300 == option.price.minor

    def test_boxes_that_are_packed_already_stay(self):
        """
        Each of them is priced, and has to be within the limits itself.
        """
        method = attrs.evolve(POST, maximum_longest_mm=500)
        boxes = (FreightParcel(9_000, 500, 400, 300), FreightParcel(1_000, 90, 90, 90))
        option = option_of(method, weight_grams=10_000, parcels=boxes)

        assert [4_200, 1_000] == [p.freight_minor for p in option.parcels]
        assert [{}, {}] == [p.quantities for p in option.parcels]
        assert 5_200 == option.price.minor
        long = (*boxes, FreightParcel(1, 501, 1, 1))
        assert (
            "501 mm long, carries up to 500 mm"
            == why_not(method, weight_grams=10_001, parcels=long)[1]
        )
        assert (
            "too_many_parcels"
            == why_not(
                attrs.evolve(method, maximum_parcels=1),
                weight_grams=10_000,
                parcels=boxes,
            )[0]
        )


UNITS = st.lists(
    st.builds(
        kind,
        st.sampled_from("abcdef"),
        st.integers(1, 9),
        st.integers(0, 9_000),
        st.tuples(*[st.integers(1, 300)] * 3),
        st.sampled_from(["battery", "liquid", "wood"]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda unit: unit.name,
)


@given(
    units=UNITS,
    grams=st.integers(2_000, 30_000),
    longest=st.sampled_from([None, 300, 500]),
    volume=st.sampled_from([None, 20_000_000]),
    divisor=st.sampled_from([0, 5_000]),
    most=st.integers(1, 12),
)
def test_parcels_are_exactly_what_is_sent(units, grams, longest, volume, divisor, most):
    """
    No unit is lost or doubled, no parcel is above a limit, prices add up, and each is
    what the parcel would cost alone; told in another order it is the same.
    """
    method = attrs.evolve(
        POST,
        maximum_grams=grams,
        maximum_longest_mm=longest,
        maximum_volume_mm3=volume,
        volume_divisor=divisor,
        maximum_parcels=most,
        fuel_basis_points=1_234,
        attribute_surcharges=(AttributeSurcharge("battery", 33),),
    )
    answer = asked(method, *units)
    assert answer == asked(method, *units[::-1])
    if not answer.options:
        return
    (option,) = answer.options
    parcels = option.parcels
    assert len(parcels) != 1
    assert len(parcels) <= most
    if not parcels:
        return
    assert option.price.minor == sum(p.freight_minor for p in parcels)
    assert option.chargeable_grams == sum(p.chargeable_grams for p in parcels)
    by_name = {unit.name: unit for unit in units}
    total = dict.fromkeys(by_name, 0)
    for parcel in parcels:
        alone = [
            attrs.evolve(by_name[name], quantity=quantity)
            for name, quantity in parcel.quantities.items()
        ]
        for unit in alone:
            total[unit.name] += unit.quantity
        weight = sum(unit.weight_grams * unit.quantity for unit in alone)
        assert (weight, True) == (
            parcel.weight_grams,
            parcel.chargeable_grams <= min(grams, 22_000),
        )
        single = option_of(method, *alone)
        assert (parcel.freight_minor, ()) == (single.price.minor, single.parcels)
    assert {unit.name: unit.quantity for unit in units} == total
