"""
Units that only moved from line to line like it, since a shop merges and splits lines:
pure arithmetic.
"""

from collections.abc import Mapping, Sequence

from .demand import NO_SUPPLY, Difference, Key, Supply, ToldLine


def moved_between_lines(
    lines: Mapping[Key, ToldLine],
    found: Sequence[Difference],
    added_not_ours: Mapping[Key, int],
) -> dict[Key, int]:
    """
    Return the units that only moved from line to line like it: merged or split.

    A line that wants more than others can spare gets, too, what was sent of those
    beyond what they want, as a line itself would that wants more again.

    Args:
        added_not_ours: Units that were added to lines that are not ours: those that are
            paid may have moved there, once other lines have what they want.

    Returns:
        Line -> units that came to it, or (below zero) left it; they add up to nothing
        for every SKU.
    """
    more = {one.key: one.units for one in found if one.units > 0}
    more.update(added_not_ours)
    fewer = {one.key: -one.units for one in found if one.units < 0}
    moved = _moved(lines, more, fewer)
    lacking = {
        one.key: one.units - moved.get(one.key, 0) for one in found if one.units > 0
    }
    decided = {key: -line.decided for key, line in lines.items() if line.decided < 0}
    return added(moved, _moved(lines, lacking, decided))


def not_ours_added(
    before: Mapping[Key, ToldLine], now: Mapping[Key, ToldLine]
) -> dict[Key, int]:
    """
    Return the units that the shop has added to lines of what is not ours.
    """
    found: dict[Key, int] = {}
    for key, line in now.items():
        known = before.get(key)
        units = line.wanted_at_all - (known.wanted_at_all if known else 0)
        if line.is_not_ours and units > 0:
            found[key] = min(units, line.wanted_at_all - line.wanted)
    return found


def taken_back(
    lines: Mapping[Key, ToldLine],
    supplies: Mapping[Key, Supply],
    shifted: Mapping[Key, int],
) -> dict[Key, int]:
    """
    Return the units that lines take back, as they want more and had given some: what is
    sent beyond that is for the lines that lack it.

    Args:
        shifted: Line -> units that the shop was told of it, beyond those that left of
            it (or, below zero, fewer): these stay where they were told.

    Returns:
        As of `moved_between_lines`.
    """
    back, gave = _with_moved(lines, shifted)
    more = {
        key: min(units, lines[key].difference(supplies.get(key, NO_SUPPLY)))
        for key, units in gave.items()
    }
    return _moved(lines, more, back)


def given_back(
    lines: Mapping[Key, ToldLine],
    supplies: Mapping[Key, Supply],
    shifted: Mapping[Key, int],
) -> dict[Key, int]:
    """
    Return the units that lines give back, as they want fewer and have none of their own
    that could be stopped, to lines that have.

    Args:
        shifted: As of `taken_back`.

    Returns:
        As of `moved_between_lines`.
    """
    came, gave = _with_moved(lines, shifted)
    spare = {
        key: supply.unsent + min(lines[key].difference(supply), 0)
        for key in (*came, *gave)
        for supply in (supplies.get(key, NO_SUPPLY),)
    }
    fewer = {key: min(units, -spare[key]) for key, units in came.items()}
    more = {key: min(units, spare[key]) for key, units in gave.items()}
    return _moved(lines, more, fewer)


def served_here(
    lines: Mapping[Key, ToldLine],
    supplies: Mapping[Key, Supply],
    shifted: Mapping[Key, int],
    served: Mapping[Key, int],
    fulfilled: Mapping[Key, int],
) -> Mapping[Key, int]:
    """
    Return the units that the seller served from their own place and of which the shop
    says that they left of a line that they had moved to.

    The seller tells the shop of them, under the lines that it has by then: nobody else
    sent these. What was found once stays, while the seller serves as many.

    Args:
        shifted: As of `taken_back`.

        served: Line -> units that the seller served.

        fulfilled: Line -> units that the shop says have left of it.

    Returns:
        As of `moved_between_lines`.
    """
    known = served_before(lines, served)
    more, fewer = {}, {}
    for key, line in lines.items():
        told = shifted.get(key, 0) + known.get(key, 0)
        moved = line.moved - told
        unsaid = supplies.get(key, NO_SUPPLY).sent + told - fulfilled.get(key, 0)
        if moved > 0:
            more[key] = min(moved, -unsaid)
        else:
            left = served.get(key, 0) + known.get(key, 0)
            fewer[key] = min(-moved, unsaid, left)
    found = _moved(lines, more, fewer)
    return added(known, found)


def served_elsewhere(
    lines: Mapping[Key, ToldLine],
    supplies: Mapping[Key, Supply],
    served: Mapping[Key, int],
    heard: Mapping[Key, int],
    known: Mapping[Key, int],
) -> Mapping[Key, int]:
    """
    Return *known* with the units that the seller served from their own place and told
    the shop of under lines that these never moved to.

    That is known once we have sent so many of such a line that the shop was told of
    more than it wants: until then somebody else may have sent what it says has left,
    and a person is asked before we send any.

    Args:
        served: Line -> units that the seller served.

        heard: Line -> units that we have told the shop of.

        known: As of `served_here`.

    Returns:
        As of `moved_between_lines`.
    """
    more, fewer = {}, {}
    for key, line in lines.items():
        told = heard.get(key, 0) + max(known.get(key, 0), 0)
        said = max(line.fulfilled - told, 0)
        here = served.get(key, 0)
        if here:
            fewer[key] = here + min(known.get(key, 0), 0) - said
        else:
            wanted = max(line.quantity - line.refunded, 0)
            sent = supplies.get(key, NO_SUPPLY).sent + line.moved
            more[key] = min(said, max(known.get(key, 0), 0) + said + sent - wanted)
    return added(known, _moved(lines, more, fewer))


def served_before(
    lines: Mapping[Key, ToldLine], served: Mapping[Key, int]
) -> dict[Key, int]:
    """
    Return what was found so of *lines*, while the seller serves as many.
    """
    known = {key: line.served_here for key, line in lines.items() if line.served_here}
    is_less = any(units < -served.get(key, 0) for key, units in known.items())
    return {} if is_less else known  # some were put back


def added(units: Mapping[Key, int], more: Mapping[Key, int]) -> dict[Key, int]:
    """
    Add units of lines to units of lines.
    """
    return {key: units.get(key, 0) + more.get(key, 0) for key in {*units, *more}}


def _with_moved(
    lines: Mapping[Key, ToldLine], shifted: Mapping[Key, int]
) -> tuple[dict[Key, int], dict[Key, int]]:
    """
    Return the units that came to lines from others, and those that went to others, as
    far as the shop was not told of them there.
    """
    came, gave = {}, {}
    for key, line in lines.items():
        units = shifted.get(key, 0)
        if line.moved > 0:
            came[key] = line.moved - max(units, 0)
        elif line.moved < 0:
            gave[key] = -line.moved - max(-units, 0)
    return came, gave


def _moved(
    lines: Mapping[Key, ToldLine], more: Mapping[Key, int], fewer: Mapping[Key, int]
) -> dict[Key, int]:
    """
    Move units from lines that have too many to those like them that have too few, as
    far as they go; the first lines first.
    """
    moved: dict[Key, int] = {}
    left = dict(fewer)
    for key, wanted in more.items():
        for other, units_left in left.items():
            units = min(wanted - moved.get(key, 0), units_left)
            if units > 0 and lines[key].is_like(lines[other]):
                moved[key] = moved.get(key, 0) + units
                moved[other] = moved.get(other, 0) - units
                left[other] -= units
    return moved
