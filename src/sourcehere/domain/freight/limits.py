"""
What one parcel may weigh and measure by a method, and what is against it.
"""

from collections.abc import Iterator, Mapping, Sequence

from ..kernel.values import frozen
from .methods import Method, Zone
from .model import FreightUnits
from .packing import UNKNOWN, Sides, boxes_around

_GRAMS, _MM, _MM3 = "g", "mm", "mm3"
_FACTS = {_GRAMS: "grams", _MM: "mm", _MM3: "mm3"}
TOO_HEAVY, TOO_LARGE, TOO_LIGHT = "too_heavy", "too_large", "too_light"


@frozen
class Reason:
    """
    Why a method is left out.

    Attributes:
        code, words, facts: As `LeftOut` has them.
    """

    code: str
    words: str
    facts: Mapping[str, str | int]


@frozen(kw_only=True)
class Load:
    """
    What is in one parcel.

    Attributes:
        volume_mm3: Of the goods; 0 where it is not known of all of them.

        sides: Of the box it is in, where somebody said so.

        parts: Its units, and how many of each; empty where nobody said.
    """

    weight_grams: int
    volume_mm3: int
    attributes: frozenset[str]
    sides: Sides = UNKNOWN
    parts: tuple[tuple[FreightUnits, int], ...] = ()

    @property
    def is_volume_known(self) -> bool:
        """
        Whether the size of everything in it is known.
        """
        return bool(self.volume_mm3) and all(u.volume_mm3 for u, _ in self.parts)

    def boxes(self, longest: int) -> Iterator[Sides]:
        """
        Yield boxes that hold it, none of them with piles longer than *longest*; none
        where the sides of something in it are not known.
        """
        if self.sides != UNKNOWN:
            yield self.sides
        if self.parts:
            sides = [(unit.sides_mm, quantity) for unit, quantity in self.parts]
            yield from boxes_around(sides, longest=longest)


def load_of(parts: Sequence[tuple[FreightUnits, int]]) -> Load:
    """
    Return what *parts* are together.
    """
    return Load(
        weight_grams=sum([unit.weight_grams * n for unit, n in parts]),
        volume_mm3=sum([unit.volume_mm3 * n for unit, n in parts]),
        attributes=frozenset([a for unit, _ in parts for a in unit.attributes]),
        parts=tuple(parts),
    )


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
    return max(weight_grams, -(-volume_mm3 // volume_divisor))


def grams_of(load: Load, method: Method) -> int:
    """
    Return what is charged for a parcel by *method*.
    """
    return chargeable_grams(
        weight_grams=load.weight_grams,
        volume_mm3=load.volume_mm3,
        volume_divisor=method.volume_divisor,
    )


def reason_too_much(load: Load, method: Method, zone: Zone) -> Reason | None:
    """
    Return what is too heavy or too large of a parcel, or of what its size is not known
    though it matters; None if nothing is.
    """
    grams = grams_of(load, method)
    limits = [
        limit
        for limit in (method.maximum_grams, zone.breaks[-1].up_to_grams)
        if limit is not None
    ]
    if limits and grams > min(limits):
        return _too_much(TOO_HEAVY, "", grams, min(limits), _GRAMS)
    return _too_large(load, method) if method.has_size_limits else None


def reason_too_light(load: Load, method: Method) -> Reason | None:
    """
    Return why a parcel weighs too little; None if it does not.
    """
    least = method.minimum_grams
    if least <= 0:
        return None  # of most methods
    grams = grams_of(load, method)
    if grams >= least:
        return None
    words = f"{grams} g, carries {least} g or more"
    return Reason(TOO_LIGHT, words, {"actual_grams": grams, "limit_grams": least})


def _too_large(load: Load, method: Method) -> Reason | None:
    most = method.maximum_volume_mm3
    if most is not None:
        if not load.is_volume_known:
            return _unknown(f"carries up to {most} mm3")
        if load.volume_mm3 > most:
            return _too_much(TOO_LARGE, "", load.volume_mm3, most, _MM3)
    sides = (method.maximum_longest_mm, method.maximum_second_mm)
    limits = [limit for limit in (*sides, method.maximum_girth_mm) if limit is not None]
    if not limits:
        return None
    smallest: Sides | None = None
    for box in boxes_within(load, method):
        if _reason_of_sides(box, method) is None:
            return None
        if smallest is None or box < smallest:
            smallest = box
    if smallest is None:
        return _unknown(f"carries up to {min(limits)} mm")
    return _reason_of_sides(smallest, method)


def boxes_within(load: Load, method: Method) -> Iterator[Sides]:
    """
    Yield boxes that hold a parcel, of which one may be within the limits of *method*.
    """
    limits = (method.maximum_longest_mm, method.maximum_girth_mm)
    known = [limit for limit in limits if limit is not None]
    return load.boxes(min(known, default=0))


def _reason_of_sides(box: Sides, method: Method) -> Reason | None:
    longest, second, third = box
    measures = (
        ("long", longest, method.maximum_longest_mm),
        ("on the second side", second, method.maximum_second_mm),
        (
            "of length and girth",
            longest + 2 * (second + third),
            method.maximum_girth_mm,
        ),
    )
    for name, actual, limit in measures:
        if limit is not None and actual > limit:
            return _too_much(TOO_LARGE, f" {name}", actual, limit, _MM)
    return None


def _too_much(code: str, name: str, actual: int, limit: int, unit: str) -> Reason:
    words = f"{actual} {unit}{name}, carries up to {limit} {unit}"
    kind = _FACTS[unit]
    return Reason(code, words, {f"actual_{kind}": actual, f"limit_{kind}": limit})


def _unknown(limit: str) -> Reason:
    return Reason("size_unknown", f"the size is not known, and it {limit}", {})
