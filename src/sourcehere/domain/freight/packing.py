"""
How large a parcel is before anybody packs it: a box that certainly holds its units.
"""

from collections.abc import Iterable, Iterator, Sequence

Sides = tuple[int, int, int]
UNKNOWN: Sides = (0, 0, 0)
_PILES_MAX = 6  # in a row


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


def boxes_around(
    units: Sequence[tuple[Sides, int]], *, longest: int
) -> Iterator[Sides]:
    """
    Yield boxes that hold *units*: in one pile, as `box_around` says, then in several
    piles beside one another.

    Args:
        units: As those of `box_around`.

        longest: What no row of piles has to be longer than; 0 for any length.

    Returns:
        None where a side of any unit is unknown.
    """
    whole = box_around(units)
    if whole == UNKNOWN:
        return
    yield whole
    flat = [(sorted(sides), quantity) for sides, quantity in units]
    length = max(sides[2] for sides, _ in flat)
    width = max(sides[1] for sides, _ in flat)
    heights = {sides[0] for sides, _ in flat}
    count = sum(quantity for _, quantity in flat)
    total = sum(sides[0] * quantity for sides, quantity in flat)
    highest = max(heights)
    for row in range(1, _PILES_MAX + 1):
        for column in range(1, _PILES_MAX + 1):
            piles = row * column
            is_long = longest and max(row * length, column * width) > longest
            if piles == 1 or piles > count or is_long:
                continue
            # Each unit onto the lowest pile: none gets higher than this.
            height = (total + (piles - 1) * highest) // piles
            if len(heights) == 1:
                height = -(-count // piles) * highest
            yield _sorted(row * length, column * width, height)


def _sorted(*sides: int) -> Sides:
    shortest, middle, longest = sorted(sides)
    return longest, middle, shortest
