"""
How large a parcel is before anybody packs it: a box that certainly holds its units.
"""

from collections.abc import Iterable

Sides = tuple[int, int, int]
UNKNOWN: Sides = (0, 0, 0)


def box_around(units: Iterable[tuple[Sides, int]]) -> Sides:
    """
    Return length, width and height of a box that holds *units*, the longest side first.

    Every unit lies flat, on its largest side, and all of them are stacked: the box is
    as long and as wide as the largest of them, and as high as all of them together.
    Whoever packs better needs less.

    Args:
        units: The sides of a unit in millimetres, in any order, and how many there are.

    Returns:
        Three zeros where a side of any unit is unknown.
    """
    length = width = height = 0
    for sides, quantity in units:
        shortest, middle, longest = sorted(sides)
        if not shortest:
            return UNKNOWN
        length, width = max(length, longest), max(width, middle)
        height += shortest * quantity
    return _sorted(length, width, height)


def _sorted(*sides: int) -> Sides:
    shortest, middle, longest = sorted(sides)
    return longest, middle, shortest
