"""
What supplies a line: platform units, by its quantity and by where it goes.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NoReturn

import attrs

from ..kernel.checks import LINE_UNITS_MAX
from ..kernel.countries import country_code
from ..kernel.errors import InvalidInputError
from ..kernel.ids import VariantId
from ..kernel.values import frozen
from ..kernel.words import counted

# Variants that cannot be bought now -> units of them that the seller has; None for what
# is not sold any more.
Short = Mapping[VariantId, int | None]
NOTHING_SHORT: Short = MappingProxyType({})


@frozen
class RuleItem:
    """
    Platform units needed for one store unit.

    Attributes:
        backups: Variants that supply it instead, as many units, while it is out of
            stock or not sold any more: the first of them that can be bought.
    """

    variant_id: VariantId
    quantity: int = 1
    backups: tuple[VariantId, ...] = ()

    @property
    def variant_ids(self) -> tuple[VariantId, ...]:
        """
        Every variant that may supply it, the first choice first.
        """
        return (self.variant_id, *self.backups)

    def chosen(self, short: Short) -> VariantId:
        """
        Return the variant that supplies it: the first that can be bought, or that the
        seller has; else the first that may be back one day.
        """
        for name in self.variant_ids:
            if name not in short or (short[name] or 0) >= self.quantity:
                return name
        still_sold = (n for n in self.variant_ids if short[n] is not None)
        return next(still_sold, self.variant_id)


@frozen(kw_only=True)
class QuantityRange:
    """
    What supplies a line of *quantity_from* to *quantity_to* store units instead.

    Attributes:
        quantity_to: The last quantity it is for; None for no end.

        items: For *per* store units.

        per: Store units that one application covers, such as ten to a carton; a line
            whose quantity it does not divide is not for this range.

        with_rest: Whether such a line is for it all the same: units that are left over
            are supplied by the items of the rule. "Buy 2, get 1" is 3 units per 2, with
            the rest: a line of 5 has 7.
    """

    quantity_from: int
    items: tuple[RuleItem, ...]
    quantity_to: int | None = None
    per: int = 1
    with_rest: bool = False

    def covers(self, quantity: int) -> bool:
        """
        Tell whether it supplies a line of *quantity* units exactly.
        """
        return (
            self.quantity_from <= quantity
            and (self.quantity_to is None or quantity <= self.quantity_to)
            and (self.with_rest or quantity % self.per == 0)
        )

    def why_not(self, quantity: int) -> str:
        """
        Say why it does not supply a line of *quantity* units; empty where it does.
        """
        if quantity < self.quantity_from:
            return (
                f"it is for {counted(self.quantity_from, 'unit')} or more, not for"
                f" {quantity}"
            )
        if self.quantity_to is not None and quantity > self.quantity_to:
            return (
                f"it is for {counted(self.quantity_to, 'unit')} at most, not for"
                f" {quantity}"
            )
        if quantity % self.per and not self.with_rest:
            return (
                f"it is for {counted(self.per, 'unit')} each, which does not divide"
                f" {quantity}"
            )
        return ""

    @property
    def bounds(self) -> str:
        """
        What it is for, as people write it: `10-19`, `20+`, `20+/10` or, with the rest,
        `2+/2+`.
        """
        end = "+" if self.quantity_to is None else f"-{self.quantity_to}"
        return f"{self.quantity_from}{end}{self.each}"

    @property
    def each(self) -> str:
        """
        How many units one application is for, as people write it; empty for one.
        """
        if self.per == 1:
            return ""
        return f"/{self.per}" + ("+" if self.with_rest else "")

    @property
    def first_covered(self) -> int:
        """
        The smallest quantity that could be for it: a multiple of *per*.
        """
        if self.with_rest:
            return self.quantity_from
        return -(-self.quantity_from // self.per) * self.per


def _codes(countries: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([country_code(country) for country in countries])


@frozen(kw_only=True)
class Destination:
    """
    What supplies lines of orders to some countries instead.

    Attributes:
        countries: ISO 3166-1 alpha-2; `UK` is taken as GB.

        items: For one store unit.

        ranges: Other items by the line's quantity; those of the rule do not count here.
    """

    countries: tuple[str, ...] = attrs.field(converter=_codes)
    items: tuple[RuleItem, ...]
    ranges: tuple[QuantityRange, ...] = ()

    @property
    def name(self) -> str:
        """
        Where it is for, as people write it: `GB+IE`.
        """
        return "+".join(self.countries)


def every_items(
    items: tuple[RuleItem, ...], ranges: tuple[QuantityRange, ...]
) -> Iterator[RuleItem]:
    """
    Yield all items that may be needed.
    """
    yield from items
    for one in ranges:
        yield from one.items


def items_needed(
    items: tuple[RuleItem, ...],
    ranges: tuple[QuantityRange, ...],
    quantity: int,
    short: Short = NOTHING_SHORT,
) -> tuple[RuleItem, ...]:
    """
    Return the items that a line of *quantity* store units needs in all, backups in the
    place of what is *short*.

    None if that is more of one than a line may have, a million: nobody meant it.
    """
    needed = _needed(items, ranges, quantity)
    if short:
        needed = _added_up(
            RuleItem(item.chosen(short), item.quantity) for item in needed
        )
    for item in needed:
        if item.quantity > LINE_UNITS_MAX:
            return ()
    return needed


def corrected_range(
    ranges: tuple[QuantityRange, ...], quantity: int, wanted: tuple[RuleItem, ...]
) -> tuple[QuantityRange, ...] | None:
    """
    Return *ranges* by which a line of *quantity* store units needs *wanted* in all;
    None where no range is for it.

    Raises:
        InvalidInputError: If *wanted* cannot be shared out among the units.
    """
    for place, one in enumerate(ranges):
        if one.covers(quantity):
            if quantity % one.per:
                _refuse_rest(one, quantity)
            shares = shared_out(wanted, quantity // one.per, one.items)
            return (
                *ranges[:place],
                attrs.evolve(one, items=shares),
                *ranges[place + 1 :],
            )
    return None


def _needed(
    items: tuple[RuleItem, ...], ranges: tuple[QuantityRange, ...], quantity: int
) -> tuple[RuleItem, ...]:
    for one in ranges:
        if one.covers(quantity):
            whole, rest = divmod(quantity, one.per)
            if not rest:
                return _times(one.items, whole)
            return _added_up((*_times(one.items, whole), *_times(items, rest)))
    return _times(items, quantity)


def _times(items: tuple[RuleItem, ...], count: int) -> tuple[RuleItem, ...]:
    if count == 1:
        return items
    return tuple([RuleItem(i.variant_id, i.quantity * count, i.backups) for i in items])


def _added_up(items: Iterable[RuleItem]) -> tuple[RuleItem, ...]:
    """
    Return *items* with each variant once.
    """
    found: dict[VariantId, RuleItem] = {}
    for item in items:
        known = found.get(item.variant_id)
        found[item.variant_id] = (
            item
            if known is None
            else attrs.evolve(known, quantity=known.quantity + item.quantity)
        )
    return tuple(found.values())


def _refuse_rest(one: QuantityRange, quantity: int) -> NoReturn:
    raise InvalidInputError(
        field="line",
        value=quantity,
        expected=f"units that {one.per} divides, for the range {one.bounds} decides;"
        " for anything else, change the rules of its connection",
    )


def shared_out(
    items: tuple[RuleItem, ...], count: int, known: tuple[RuleItem, ...]
) -> tuple[RuleItem, ...]:
    """
    Return the items for one of *count* store units.

    Args:
        known: What supplied them so far: variants that stay keep their backups.

    Raises:
        InvalidInputError: If they are not as much for each.
    """
    for item in items:
        if item.quantity % count:
            raise InvalidInputError(
                field=f"items: {item.variant_id}",
                value=item.quantity,
                expected=f"a multiple of {count}, as much for each unit of the line;"
                " for anything else, change the rules of its connection",
            )
    backups = {item.variant_id: item.backups for item in known}
    return tuple(
        [
            RuleItem(i.variant_id, i.quantity // count, backups.get(i.variant_id, ()))
            for i in items
        ]
    )
