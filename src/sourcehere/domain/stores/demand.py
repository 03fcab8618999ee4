"""
What a shop wants of us, line by line, against what we supply: pure arithmetic.

The shop hears of our parcels and of units we took out late, or never. So what it says
is held against bounds: it may count units that we sent as fulfilled already, or not
yet, and units that we took out as refunded already, or not yet. What it has once
acknowledged it can not take back unnoticed.
"""

from collections.abc import Mapping

import attrs

from ..kernel.values import frozen
from .model import SnapshotLine


@frozen
class Supply:
    """
    What all parts of a shop's order do about one of its lines, in store units.

    Attributes:
        taken_on: Units that we took on.

        taken_out: Those of them that were cancelled or refunded before they were sent.

        sent: Those that left in parcels, complete.
    """

    taken_on: int = 0
    taken_out: int = 0
    sent: int = 0

    def __add__(self, other: "Supply") -> "Supply":
        """
        Put two parts' supply of a line together.
        """
        return Supply(
            self.taken_on + other.taken_on,
            self.taken_out + other.taken_out,
            self.sent + other.sent,
        )


NO_SUPPLY = Supply()


@frozen(kw_only=True)
class ToldLine:
    """
    What a shop told last of one line, and what was settled about it.

    Attributes:
        sku_key: The SKU as it is compared.

        quantity, fulfilled, refunded: As the shop told them last.

        fulfilled_elsewhere: Units that the shop had sent by somebody else.

        matched: Units that we took out and that the shop does not want any more.

        decided: Units more (or, below zero, fewer) that the shop wants than we supply,
            by a person's decision.

        too_late: Units fewer that the shop wants than we supply, which could not be
            stopped any more. What it wants more later on is these units first.
    """

    external_line_id: str
    sku_key: str
    quantity: int
    fulfilled: int
    refunded: int
    fulfilled_elsewhere: int
    matched: int = 0
    decided: int = 0
    too_late: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """
        By what the line is known: the shop's id of it, and its SKU as it is compared.
        """
        return (self.external_line_id, self.sku_key)

    @property
    def wanted(self) -> int:
        """
        Units that the shop wants to be sent by us, those we have sent included.
        """
        return max(self.quantity - self.refunded - self.fulfilled_elsewhere, 0)

    def difference(self, supply: Supply) -> int:
        """
        Return how many units more the shop wants than we supply; below zero, fewer.
        """
        matched = min(self.matched, supply.taken_out)  # of parts that count still
        most = max(supply.taken_on - matched + self.decided, 0)
        least = supply.taken_on - supply.taken_out + self.decided
        if self.wanted > most:
            return self.wanted - most
        return min(self.wanted - (least - self.too_late), 0)

    def is_open(self, supply: Supply) -> bool:
        """
        Tell whether anything of the line is wanted or supplied.
        """
        return bool(self.wanted or supply.taken_on)


def told(line: SnapshotLine, sku_key: str) -> ToldLine:
    """
    Return what is kept of a line when it is told for the first time.
    """
    return ToldLine(
        external_line_id=line.external_line_id,
        sku_key=sku_key,
        quantity=line.quantity,
        fulfilled=line.quantity_fulfilled,
        refunded=line.quantity_refunded,
        fulfilled_elsewhere=line.quantity_fulfilled,
    )


def told_again(known: ToldLine, line: SnapshotLine | None, supply: Supply) -> ToldLine:
    """
    Return what is kept of a line that is told again, or is told no more (None).
    """
    quantity, fulfilled, refunded = (
        (0, known.fulfilled, 0)
        if line is None
        else (line.quantity, line.quantity_fulfilled, line.quantity_refunded)
    )
    # What is fulfilled beyond what we sent was sent by somebody else.
    elsewhere = max(fulfilled - supply.sent, 0)
    if supply.sent:  # the shop may not have heard of ours yet
        elsewhere = max(elsewhere, known.fulfilled_elsewhere)
    now = attrs.evolve(
        known,
        quantity=quantity,
        fulfilled=fulfilled,
        refunded=refunded,
        fulfilled_elsewhere=elsewhere,
    )
    surplus = supply.taken_on - supply.taken_out + now.decided - now.wanted
    now = attrs.evolve(now, too_late=max(min(now.too_late, surplus), 0))
    return matched_with(now, supply)


def matched_with(line: ToldLine, supply: Supply) -> ToldLine:
    """
    Return *line* with the units matched that we took out and the shop wants no more.
    """
    less = supply.taken_on + line.decided - line.wanted
    matched = max(line.matched, min(supply.taken_out, less))
    return attrs.evolve(line, matched=matched)


@frozen
class Difference:
    """
    How many units of a line the shop wants more, or fewer (below zero), than we supply.

    Attributes:
        sku, title, sold_minor, sold_currency: Of the line, as the shop told it; empty
            where it is told no more.
    """

    external_line_id: str
    sku_key: str
    units: int
    sku: str = ""
    title: str = ""
    sold_minor: int = 0
    sold_currency: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """
        The line it is about.
        """
        return (self.external_line_id, self.sku_key)


def differences(
    lines: Mapping[tuple[str, str], ToldLine],
    supplies: Mapping[tuple[str, str], Supply],
) -> tuple[Difference, ...]:
    """
    List the lines of which the shop wants something else than we supply.
    """
    found = (
        Difference(*key, line.difference(supplies.get(key, NO_SUPPLY)))
        for key, line in sorted(lines.items())
    )
    return tuple(one for one in found if one.units)


def moved_between_lines(found: tuple[Difference, ...]) -> dict[tuple[str, str], int]:
    """
    Return the units that only moved from line to line of one SKU: merged or split.

    Returns:
        Line -> units that came to it, or (below zero) left it; they add up to nothing
        for every SKU.
    """
    moved: dict[tuple[str, str], int] = {}
    for sku in {one.sku_key for one in found}:
        same = [one for one in found if one.sku_key == sku]
        more = sum(one.units for one in same if one.units > 0)
        fewer = -sum(one.units for one in same if one.units < 0)
        both = min(more, fewer)
        for sign in (1, -1):
            left = both
            for one in same:
                units = min(left, max(sign * one.units, 0))
                if units:
                    moved[one.key] = sign * units
                    left -= units
    return moved
