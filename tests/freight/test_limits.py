"""
How large a parcel may be by a rate card, and what is said of one that is not.
"""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere.domain.freight.methods import Method, WeightBreak, Zone
from sourcehere.domain.freight.model import (
    FreightParcel,
    FreightRequest,
    FreightUnits,
    LeftOut,
)
from sourcehere.domain.freight.packing import box_around, boxes_around
from sourcehere.domain.freight.rates import RateCard, quote
from sourcehere.domain.kernel.errors import InvalidInputError

FLAT = Method(
    code="flat",
    name="Flat",
    zones=(Zone(("*",), (WeightBreak(None, 1, 700),)),),
    days_min=1,
    days_max=2,
    maximum_parcels=1,
)


def ask(sides=None, units=(), volume=None, **limits):
    """
    Quote a box of 1 kg, or units, by a method with *limits*.
    """
    parcels = () if sides is None else (FreightParcel(1_000, *sides),)
    length, width, height = sides or (0, 0, 0)
    request = FreightRequest(
        country="US",
        weight_grams=sum(u.weight_grams * u.quantity for u in units) or 1_000,
        volume_mm3=length * width * height if volume is None else volume,
        parcels=parcels,
        units=tuple(units),
        currency="USD",
    )
    card = RateCard("USD", (attrs.evolve(FLAT, **limits),))
    return quote(card, request)


def why_not(*args, **changes):
    """
    Return code, words and facts of the only method, left out.
    """
    (out,) = ask(*args, **changes).left_out
    return out.code, out.words, out.facts


def kind(name, quantity, sides, grams=10):
    """
    Make units of some sides.
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
    )


class TestSides:
    @pytest.mark.parametrize(
        ("limits", "words", "facts"),
        [
            (
                {"maximum_longest_mm": 1_199},
                "1200 mm long, carries up to 1199 mm",
                {"actual_mm": 1_200, "limit_mm": 1_199},
            ),
            (
                {"maximum_second_mm": 599},
                "600 mm on the second side, carries up to 599 mm",
                {"actual_mm": 600, "limit_mm": 599},
            ),
            (
                {"maximum_girth_mm": 3_199},
                "3200 mm of length and girth, carries up to 3199 mm",
                {"actual_mm": 3_200, "limit_mm": 3_199},
            ),
            (
                {"maximum_volume_mm3": 287_999_999},
                "288000000 mm3, carries up to 287999999 mm3",
                {"actual_mm3": 288_000_000, "limit_mm3": 287_999_999},
            ),
        ],
    )
    def test_each_limit_is_told_with_what_there_is(self, limits, words, facts):
        """
        The limit is still carried, one millimetre more is not, however it is turned.
        """
        (name, limit), *_ = limits.items()
        for sides in ((1_200, 600, 400), (400, 1_200, 600), (600, 400, 1_200)):
            assert ("too_large", words, facts) == why_not(sides, **limits)
            assert ask(sides, **{name: limit + 1}).options

    def test_the_first_limit_is_told(self):
        """
        Longest side, second side, girth; what is too heavy comes first.
        """
        limits = {
            "maximum_longest_mm": 100,
            "maximum_second_mm": 100,
            "maximum_girth_mm": 100,
        }
        assert (
            "400 mm long, carries up to 100 mm" == why_not((400, 300, 200), **limits)[1]
        )
        assert "too_heavy" == why_not((400, 300, 200), maximum_grams=999, **limits)[0]
        assert "too_large" == why_not((400, 300, 200), maximum_grams=1_000, **limits)[0]

    @pytest.mark.parametrize(
        ("sides", "volume", "limits", "words"),
        [
            (None, None, {"maximum_longest_mm": 9}, "carries up to 9 mm"),
            ((5, 5, 0), 0, {"maximum_girth_mm": 9}, "carries up to 9 mm"),
            (None, 5, {"maximum_second_mm": 9}, "carries up to 9 mm"),
            (None, 0, {"maximum_volume_mm3": 9}, "carries up to 9 mm3"),
        ],
    )
    def test_what_is_of_no_known_size_is_not_taken(self, sides, volume, limits, words):
        """
        A desk that cannot say that it fits does not promise it; without a limit it does
        not matter.
        """
        code, told, facts = why_not(sides, volume=volume, **limits)

        assert ("size_unknown", {}) == (code, facts)
        assert f"the size is not known, and it {words}" == told
        assert ask(sides, volume=volume).options

    def test_one_kind_without_a_size_is_enough(self):
        """
        Whatever is said of the others.
        """
        units = [kind("1.1", 1, (10, 10, 10)), kind("2.1", 1, (0, 0, 0))]

        assert (
            "size_unknown"
            == why_not(None, units, volume=1_000, maximum_second_mm=99)[0]
        )
        assert (
            "size_unknown"
            == why_not(None, units, volume=1_000, maximum_volume_mm3=9_999)[0]
        )
        assert ask(None, units[:1], volume=1_000, maximum_volume_mm3=9_999).options

    def test_a_volume_without_sides_is_enough_for_a_limit_of_it(self):
        """
        Variants that were added before sides were kept have a volume only.
        """
        units = [FreightUnits(name="1.1", quantity=2, weight_grams=5, volume_mm3=50)]

        assert ask(None, units, volume=100, maximum_volume_mm3=100).options
        assert "too_large" == why_not(None, units, volume=100, maximum_volume_mm3=99)[0]

    def test_units_are_piled_beside_one_another(self):
        """
        Two hundred pens are no parcel of two metres.
        """
        pens = [kind("1.1", 200, (150, 12, 10))]

        assert ask(None, pens, volume=1, maximum_longest_mm=300).options
        assert ask(
            None, pens, volume=1, maximum_longest_mm=300, maximum_second_mm=170
        ).options
        assert "too_large" == why_not(None, pens, volume=1, maximum_longest_mm=149)[0]
        # At most six piles in a row, so what is told is long all the same.
        assert (
            "too_large"
            == why_not(
                None,
                [kind("1.1", 2_000, (150, 12, 10))],
                volume=1,
                maximum_longest_mm=300,
            )[0]
        )


SIDES = st.tuples(*[st.integers(1, 400)] * 3)


@given(
    units=st.lists(st.tuples(SIDES, st.integers(1, 40)), min_size=1, max_size=5),
    longest=st.sampled_from([0, 300, 1_000]),
)
def test_boxes_hold_what_is_in_them(units, longest):
    """
    Each is as large as its goods and as its largest unit, the longest side first; the
    first is one pile, and no row of piles is longer than it has to be.
    """
    boxes = list(boxes_around(units, longest=longest))
    volume = sum(a * b * c * quantity for (a, b, c), quantity in units)

    assert boxes[0] == box_around(units)
    for length, width, height in boxes:
        assert length >= width >= height
        assert length * width * height >= volume
        for sides, _ in units:
            third, second, first = sorted(sides)
            assert (length, width, height) >= (first, 0, 0)
            assert width >= second
            assert height >= third
    count = sum(quantity for _, quantity in units)
    assert len(boxes) <= min(36, 2 * count * count)


def test_of_no_size_there_is_no_box():
    """
    As soon as one side is unknown.
    """
    assert [] == list(boxes_around([((5, 5, 5), 1), ((5, 0, 5), 1)], longest=0))


class TestCard:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"maximum_longest_mm": 0}, "maximum_longest_mm"),
            ({"maximum_second_mm": -1}, "maximum_second_mm"),
            ({"maximum_girth_mm": 0}, "maximum_girth_mm"),
            ({"maximum_volume_mm3": 0}, "maximum_volume_mm3"),
            (
                {"maximum_longest_mm": 600, "maximum_second_mm": 601},
                "maximum_second_mm",
            ),
            ({"maximum_parcels": 0}, "maximum_parcels"),
            ({"maximum_parcels": 101}, "maximum_parcels"),
        ],
    )
    def test_limits_that_make_no_sense_are_refused(self, changes, field):
        """
        The card is not made, and the place is named.
        """
        with pytest.raises(InvalidInputError) as ei:
            RateCard("USD", (attrs.evolve(FLAT, **changes),))
        assert f"methods[0].{field}" == ei.value.field

    def test_the_least_that_makes_sense(self):
        """
        A side as long as the longest, and a hundred parcels.
        """
        for changes in (
            {"maximum_longest_mm": 600, "maximum_second_mm": 600},
            {"maximum_second_mm": 1, "maximum_girth_mm": 1, "maximum_volume_mm3": 1},
            {"maximum_parcels": 100},
        ):
            assert RateCard("USD", (attrs.evolve(FLAT, **changes),))


class TestRequest:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"parcels": (FreightParcel(-1),)}, "parcels[0].weight_grams"),
            ({"parcels": (FreightParcel(1, 1, -1, 1),)}, "parcels[0].width_mm"),
            ({"units": (kind("a", 0, (1, 1, 1)),)}, "units[0].quantity"),
            ({"units": (kind("a", 1, (1, 1, -1)),)}, "units[0].height_mm"),
            (
                {"units": (kind("a", 1, (1, 1, 1)), kind("a", 1, (1, 1, 1)))},
                "units[1].name",
            ),
            ({"units": (kind("a", 2, (1, 1, 1)),), "weight_grams": 19}, "weight_grams"),
        ],
    )
    def test_units_that_make_no_sense_are_refused(self, changes, field):
        """
        And the place is named.
        """
        request = FreightRequest(country="US", weight_grams=20, currency="USD")
        with pytest.raises(InvalidInputError) as ei:
            quote(RateCard("USD", (FLAT,)), attrs.evolve(request, **changes))
        assert field == ei.value.field


def test_facts_are_no_part_of_what_counts_as_equal_to_a_hash():
    """
    What is left out can be kept in a set, facts and all.
    """
    out = LeftOut("flat", "too_large", "much", facts={"limit_mm": 5})

    assert {out} == {LeftOut("flat", "too_large", "much", facts={"limit_mm": 5})}
    assert out != LeftOut("flat", "too_large", "much")
