"""
Mapping rules: which platform units supply units of a store variant.
"""

from typing import NoReturn

import attrs

from ..kernel.checks import LINE_UNITS_MAX
from ..kernel.errors import InvalidInputError
from ..kernel.ids import VariantId
from ..kernel.store_variants import known_as, product_key
from ..kernel.values import frozen
from .quoted import QuotedPrice

_ID_MAX = 200  # as a shop may tell one


@frozen
class RuleItem:
    """
    Platform units needed for one store unit.
    """

    variant_id: VariantId
    quantity: int = 1


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
            return f"it is for {self.quantity_from} units or more, not for {quantity}"
        if self.quantity_to is not None and quantity > self.quantity_to:
            return f"it is for {self.quantity_to} units at most, not for {quantity}"
        if quantity % self.per and not self.with_rest:
            return f"it is for {self.per} units each, which does not divide {quantity}"
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


@frozen
class MappingRule:
    """
    How one store variant becomes platform items.

    The range that covers a line's quantity decides; `items` supply every other
    quantity, so that no line is ever left without, or supplied in part. There is no
    gap between ranges.

    Attributes:
        sku: The store variant's SKU, verbatim; empty where it goes by one of the ids.

        items: For one store unit.

        price: Of the one item's variant, where a quote set it.

        ranges: Other items by the line's quantity; they do not overlap.

        external_variant_id: The shop's id of the variant instead of a SKU; it goes
            before a rule for the SKU.

        external_product_id: The shop's id of the product instead, for all its variants;
            it counts where no rule is for the variant or its SKU.
    """

    sku: str
    items: tuple[RuleItem, ...]
    price: QuotedPrice | None = None
    ranges: tuple[QuantityRange, ...] = ()
    external_variant_id: str = ""
    external_product_id: str = ""

    @property
    def key(self) -> str:
        """
        What it is for, as it is compared.
        """
        return known_as(self.sku, self.external_variant_id) or product_key(
            self.external_product_id
        )

    @property
    def name(self) -> str:
        """
        What it is for, as people write it: a SKU, `variant:ID` or `product:ID`.
        """
        return self.sku or self.key.strip()

    def items_for(self, quantity: int) -> tuple[RuleItem, ...]:
        """
        Return the items that a line of *quantity* store units needs in all.

        None if that is more of one than a line may have, a million: nobody meant it.
        """
        for one in self.ranges:
            if one.covers(quantity):
                whole, rest = divmod(quantity, one.per)
                return _within_a_line((one.items, whole), (self.items, rest))
        return _within_a_line((self.items, quantity))

    def corrected(self, quantity: int, items: tuple[RuleItem, ...]) -> "MappingRule":
        """
        Return the rule by which a line of *quantity* store units needs *items* in all.

        What decides about that quantity is replaced, the range or the rest; the others
        stay.

        Raises:
            InvalidInputError: If *items* cannot be shared out among the units.
        """
        for place, one in enumerate(self.ranges):
            if one.covers(quantity):
                if quantity % one.per:
                    _refuse_rest(one, quantity)
                shares = _shared_out(items, quantity // one.per)
                ranges = [*self.ranges]
                ranges[place] = attrs.evolve(one, items=shares)
                return attrs.evolve(self, ranges=tuple(ranges))
        # A price that was quoted is for what it was quoted with.
        return attrs.evolve(self, items=_shared_out(items, quantity), price=None)

    @property
    def variant_ids(self) -> frozenset[VariantId]:
        """
        Every variant that it may need.
        """
        everything = (self.items, *(one.items for one in self.ranges))
        return frozenset(item.variant_id for items in everything for item in items)


def _within_a_line(*parts: tuple[tuple[RuleItem, ...], int]) -> tuple[RuleItem, ...]:
    """
    Add up items, each so many times; none if that is more than a line may have.
    """
    if len(parts) == 1:
        ((items, count),) = parts
        needed = tuple([RuleItem(i.variant_id, i.quantity * count) for i in items])
    else:
        units: dict[VariantId, int] = {}
        for items, count in parts:
            for item in items if count else ():
                known = units.get(item.variant_id, 0)
                units[item.variant_id] = known + item.quantity * count
        needed = tuple([RuleItem(name, quantity) for name, quantity in units.items()])
    is_too_much = any(item.quantity > LINE_UNITS_MAX for item in needed)
    return () if is_too_much else needed


def _refuse_rest(one: QuantityRange, quantity: int) -> NoReturn:
    raise InvalidInputError(
        field="line",
        value=quantity,
        expected=f"units that {one.per} divides, for the range {one.bounds} decides;"
        " for anything else, change the rules of its connection",
    )


def _shared_out(items: tuple[RuleItem, ...], count: int) -> tuple[RuleItem, ...]:
    for item in items:
        if item.quantity % count:
            raise InvalidInputError(
                field=f"items: {item.variant_id}",
                value=item.quantity,
                expected=f"a multiple of {count}, as much for each unit of the line;"
                " for anything else, change the rules of its connection",
            )
    return tuple([RuleItem(i.variant_id, i.quantity // count) for i in items])


def check_rules(rules: tuple[MappingRule, ...]) -> None:
    """
    Refuse rules that map nothing, map twice, or to no units.

    Raises:
        InvalidInputError: If so; it names the SKU.
    """
    if not rules:
        raise InvalidInputError(field="rules", value=rules, expected="at least one")
    seen: set[str] = set()
    for rule in rules:
        _check_name(rule)
        if rule.key in seen:
            raise InvalidInputError(
                field="rules: sku", value=rule.name, expected="a SKU named once"
            )
        seen.add(rule.key)
        _check_items(rule.name, rule.items)
        _check_ranges(rule)


def keep_prices(
    known: tuple[MappingRule, ...], rules: tuple[MappingRule, ...]
) -> tuple[MappingRule, ...]:
    """
    Return *rules* with the prices that were quoted for the same SKU and variant.

    A price comes from an accepted quote only, so that nobody sets their own.

    Args:
        known: The rules of the connection so far.

    Raises:
        InvalidInputError: If a rule has a price that was not quoted for it.
    """
    quoted = {_priced(rule): rule.price for rule in known}
    kept: list[MappingRule] = []
    for rule in rules:
        price = quoted.get(_priced(rule))
        if rule.price not in (None, price):
            raise InvalidInputError(
                field=f"rules: {rule.name}: price",
                value=rule.price,
                expected="a price quoted for it; ask for a quote and accept it",
            )
        kept.append(attrs.evolve(rule, price=price))
    return tuple(kept)


def _priced(rule: MappingRule) -> tuple[str, tuple[VariantId, ...]]:
    """
    Return what a price is quoted for: a SKU as it is compared, and what supplies it.
    """
    return rule.key, tuple(item.variant_id for item in rule.items)


def _check_name(rule: MappingRule) -> None:
    ids = (rule.external_variant_id, rule.external_product_id)
    names = [name for name in (rule.sku.strip(), *ids) if name]
    if len(names) != 1:
        raise InvalidInputError(
            field="rules: sku",
            value=" ".join(names),
            expected="a SKU, the shop's id of the variant or that of the product, and"
            " only one of them",
        )
    for name in ids:
        if name != name.strip() or len(name) > _ID_MAX:
            raise InvalidInputError(
                field="rules: external id",
                value=name,
                expected=f"at most {_ID_MAX} characters without spaces around them",
            )


def _check_items(sku: str, items: tuple[RuleItem, ...]) -> None:
    if not items or any(not 0 < item.quantity <= LINE_UNITS_MAX for item in items):
        raise InvalidInputError(
            field=f"rules: {sku}",
            value=items,
            expected=f"variants with positive quantities of at most {LINE_UNITS_MAX}",
        )


def _check_ranges(rule: MappingRule) -> None:
    end: int | None = 0
    for one in sorted(rule.ranges, key=lambda one: one.quantity_from):
        _check_items(rule.name, one.items)
        if min(one.quantity_from, one.per) <= 0:
            _refuse_range(rule, one, "positive quantities")
        if end is None or one.quantity_from <= end:
            _refuse_range(rule, one, "ranges that do not overlap")
        end = one.quantity_to
        if end is not None and end < one.first_covered:
            wanted = f"a multiple of {one.per} between its bounds, lower one first"
            _refuse_range(rule, one, wanted)


def _refuse_range(rule: MappingRule, one: QuantityRange, expected: str) -> None:
    bounds = (one.quantity_from, one.quantity_to, one.per)
    raise InvalidInputError(
        field=f"rules: {rule.name}: ranges", value=bounds, expected=expected
    )
