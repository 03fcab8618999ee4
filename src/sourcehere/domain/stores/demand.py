"""
What a shop wants of us, line by line, against what we supply: pure arithmetic.

The shop hears of our parcels and of units we took out late, or never. So what it says
is held against bounds: it may count units that we sent as fulfilled already, or not
yet, and units that we took out as refunded already, or not yet. What it has once
acknowledged it can not take back unnoticed.
"""

from collections.abc import Mapping
from typing import Protocol

import attrs

from ..kernel.values import frozen, light
from .model import SnapshotLine

Key = tuple[str, str]  # the shop's id of a line, and its SKU as it is compared


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

    @property
    def unsent(self) -> int:
        """
        Units that are still to be sent.
        """
        return self.taken_on - self.taken_out - self.sent

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


@light
class ToldLine:
    """
    What a shop told last of one line, and what was settled about it.

    Attributes:
        sku_key: The SKU as it is compared; the variant's id where there is none.

        quantity, fulfilled, refunded: As the shop told them last.

        fulfilled_elsewhere: Units that the shop had sent by somebody else.

        matched: Units that we took out and that the shop does not want any more.

        moved: Units that only came from other lines like it (or, below zero, went to
            them): the shop merged or split lines.

        decided: Units more (or, below zero, fewer) that the shop may want than we
            supply: a person decided so, or it was too late to stop them. What the shop
            takes back of that is decided no more.

        is_not_ours: Whether the seller said that we supply none of what it is of, and
            nothing of it is paid.

        external_variant_id, external_product_id: The shop's own ids of what was bought,
            as far as it told them: its SKU may be that of several variants.

        decided_variant: What it was of when a person let stand that we send another
            variant, as `variant` has it.

        has_moved: Whether units ever came from, or went to, other lines, or the line
            became one of another SKU once something of it was paid. If as many have
            gone back, others of them may: parcels are told under other lines then.

        served_here: Units of other lines that the seller served, and the shop says left
            of this one (or, below zero, of this one, that it says left of others).
    """

    external_line_id: str
    sku_key: str
    quantity: int
    fulfilled: int
    refunded: int
    fulfilled_elsewhere: int
    matched: int = 0
    moved: int = 0
    decided: int = 0
    is_not_ours: bool = False
    external_variant_id: str = ""
    external_product_id: str = ""
    decided_variant: str = ""
    has_moved: bool = False
    served_here: int = 0

    @property
    def variant(self) -> str:
        """
        The shop's id of what it is of now; empty where it tells none.
        """
        return self.external_variant_id or self.external_product_id

    @property
    def key(self) -> Key:
        """
        By what the line is known: the shop's id of it, and its SKU as it is compared.
        """
        return (self.external_line_id, self.sku_key)

    @property
    def wanted(self) -> int:
        """
        Units that the shop wants to be sent by us, those we have sent included: of what
        is not ours, those that came from a line that is paid.
        """
        if self.is_not_ours:
            return min(self.wanted_at_all, max(self.moved, 0))
        return self.wanted_at_all

    @property
    def wanted_at_all(self) -> int:
        """
        The same, also of what we do not supply.
        """
        return max(self.quantity - self.refunded - self.fulfilled_elsewhere, 0)

    def is_like(self, other: "ToldLine") -> bool:
        """
        Tell whether units of the other line may be sent for this one: it is of the same
        SKU, and of no variant that is known to be another.
        """
        return self.sku_key == other.sku_key and is_same_variant(self, other)

    def difference(self, supply: Supply) -> int:
        """
        Return how many units more the shop wants than we supply; below zero, fewer.
        """
        least, most = self._settled(supply)
        if self.wanted > most:
            return max(self.wanted - most - max(self.decided, 0), 0)
        return min(self.wanted - least - min(self.decided, 0), 0)

    def _settled(self, supply: Supply) -> tuple[int, int]:
        """
        Return the least and the most that the shop can want if nothing is different:
        it has heard of the units that we took out, or has not.
        """
        matched = min(self.matched, supply.taken_out)  # of parts that count still
        ours = supply.taken_on + self.moved
        return ours - supply.taken_out, max(ours - matched, 0)

    def as_far_as_decided(self, supply: Supply) -> "ToldLine":
        """
        Return the line with what is still different of what was decided.
        """
        least, most = self._settled(supply)
        more = min(max(self.decided, 0), max(self.wanted - most, 0))
        fewer = max(min(self.decided, 0), min(self.wanted - least, 0))
        return attrs.evolve(self, decided=more + fewer)

    def is_open(self, supply: Supply) -> bool:
        """
        Tell whether anything of the line is wanted or supplied, here or at a line that
        its units moved to, or was told under it.
        """
        return bool(self.wanted or supply.taken_on or self.has_moved)


class OfVariant(Protocol):
    """
    Whatever has the shop's own ids of what it is of; empty where they are not known.
    """

    @property
    def external_variant_id(self) -> str:
        """
        The shop's id of the variant.
        """
        ...

    @property
    def external_product_id(self) -> str:
        """
        The shop's id of the product that it is of.
        """
        ...


def is_same_variant(one: OfVariant, other: OfVariant) -> bool:
    """
    Tell whether two lines are of one variant; an id that is not known tells nothing
    apart.
    """
    ids = (
        (one.external_variant_id, other.external_variant_id),
        (one.external_product_id, other.external_product_id),
    )
    return all(a == b or not a or not b for a, b in ids)


class OfThing(OfVariant, Protocol):
    """
    Whatever says which SKU it is of, too.
    """

    @property
    def sku_key(self) -> str:
        """
        The SKU as it is compared.
        """
        ...


def is_same_thing(one: OfThing, other: OfThing) -> bool:
    """
    Tell whether two lines are of one SKU, or of one variant whose SKU has changed.
    """
    variant_id = one.external_variant_id
    is_same = bool(variant_id) and variant_id == other.external_variant_id
    return one.sku_key == other.sku_key or is_same


def told(line: SnapshotLine, *, is_not_ours: bool = False) -> ToldLine:
    """
    Return what is kept of a line when it is told for the first time.
    """
    return ToldLine(
        external_line_id=line.external_line_id,
        sku_key=line.sku_key,
        quantity=line.quantity,
        fulfilled=line.quantity_fulfilled,
        refunded=line.quantity_refunded,
        fulfilled_elsewhere=line.quantity_fulfilled,
        is_not_ours=is_not_ours,
        external_variant_id=line.external_variant_id,
        external_product_id=line.external_product_id,
    )


def with_numbers(known: ToldLine, line: SnapshotLine | None) -> ToldLine:
    """
    Return *known* with how many units the shop says were ordered, left and refunded, if
    it tells the line still (else None).
    """
    quantity, fulfilled, refunded = 0, known.fulfilled, 0
    if line is not None:
        quantity, refunded = line.quantity, line.quantity_refunded
        fulfilled = line.quantity_fulfilled
    return attrs.evolve(
        known, quantity=quantity, fulfilled=fulfilled, refunded=refunded
    )


def with_served(line: ToldLine, units: int) -> ToldLine:
    """
    Return *line* with *units* of other lines that the seller served, and the shop says
    left of it: nobody else sent these.
    """
    new = max(units - line.served_here, 0)
    return attrs.evolve(
        line,
        served_here=units,
        fulfilled_elsewhere=max(line.fulfilled_elsewhere - new, 0),
        has_moved=line.has_moved or bool(units),
    )


def told_again(known: ToldLine, line: SnapshotLine | None, supply: Supply) -> ToldLine:
    """
    Return what is kept of a line that is told again, or is told no more (None).
    """
    now = with_numbers(known, line)
    if line is not None:
        # A shop may tell none any more, of what it does not sell any more.
        now = attrs.evolve(
            now,
            external_variant_id=line.external_variant_id or known.external_variant_id,
            external_product_id=line.external_product_id or known.external_product_id,
        )
    # What is fulfilled beyond what we sent was sent by somebody else.
    elsewhere = max(now.fulfilled - supply.sent, 0)
    if supply.sent:  # the shop may not have heard of ours yet
        elsewhere = max(elsewhere, known.fulfilled_elsewhere)
    now = attrs.evolve(now, fulfilled_elsewhere=elsewhere)
    return matched_with(now, supply).as_far_as_decided(supply)


def matched_with(line: ToldLine, supply: Supply) -> ToldLine:
    """
    Return *line* with the units matched that we took out and the shop wants no more.
    """
    less = supply.taken_on + line.moved - line.wanted
    matched = max(line.matched, min(supply.taken_out, less))
    return attrs.evolve(line, matched=matched)


@frozen
class Difference:
    """
    How many units of a line the shop wants more, or fewer (below zero), than we supply;
    and whether they are of another variant.

    Attributes:
        other_variant: What we send for the line although the shop has made it one of
            another variant: the shop's id of that; empty where it has not.

        sku, title, sold_minor, sold_currency, external_variant_id, external_product_id:
            Of the line, as the shop told it; empty where it is told no more.
    """

    external_line_id: str
    sku_key: str
    units: int
    sku: str = ""
    title: str = ""
    sold_minor: int = 0
    sold_currency: str = ""
    external_variant_id: str = ""
    external_product_id: str = ""
    other_variant: str = ""

    @property
    def key(self) -> Key:
        """
        The line it is about.
        """
        return (self.external_line_id, self.sku_key)


def differences(
    lines: Mapping[Key, ToldLine],
    supplies: Mapping[Key, Supply],
) -> tuple[Difference, ...]:
    """
    List the lines of which the shop wants something else than we supply.
    """
    found = (
        Difference(*key, line.difference(supplies.get(key, NO_SUPPLY)))
        for key, line in sorted(lines.items())
    )
    return tuple(one for one in found if one.units)
