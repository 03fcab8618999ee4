"""
Mapping rules: which platform units supply units of a store variant.
"""

from collections.abc import Set as AbstractSet

import attrs

from ..kernel.checks import LINE_UNITS_MAX
from ..kernel.countries import is_country
from ..kernel.errors import InvalidInputError
from ..kernel.ids import VariantId
from ..kernel.store_variants import known_as, product_key
from ..kernel.values import frozen
from .quoted import QuotedPrice
from .supply import (
    NOTHING_SHORT,
    Destination,
    QuantityRange,
    RuleItem,
    Short,
    corrected_range,
    every_items,
    items_needed,
    shared_out,
)

_ID_MAX = 200  # as a shop may tell one
_BACKUPS_MAX = 10


@frozen
class MappingRule:
    """
    How one store variant becomes platform items.

    The destination that has the order's country decides, else the rule itself; of
    either the range that covers the line's quantity, and `items` supply every other
    quantity, so that no line is ever left without, or supplied in part. There is no
    gap between ranges, and none between countries.

    Attributes:
        sku: The store variant's SKU, verbatim; empty where it goes by one of the ids.

        items: For one store unit.

        price: Of the one item's variant, where a quote set it.

        ranges: Other items by the line's quantity; they do not overlap.

        destinations: Other items, and ranges, for orders to some countries; no country
            is in two of them.

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
    destinations: tuple[Destination, ...] = ()

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

    def destination_for(self, country: str) -> Destination | None:
        """
        Return what is for orders to *country*; None where the rule itself is.
        """
        for one in self.destinations:
            if country in one.countries:
                return one
        return None

    def items_for(
        self, quantity: int, country: str = "", short: Short = NOTHING_SHORT
    ) -> tuple[RuleItem, ...]:
        """
        Return the items that a line of *quantity* store units, in an order to
        *country*, needs in all; backups in the place of what is *short*.

        None if that is more of one than a line may have, a million: nobody meant it.
        """
        supply = self.destination_for(country) or self
        return items_needed(supply.items, supply.ranges, quantity, short)

    def corrected(
        self, quantity: int, items: tuple[RuleItem, ...], country: str = ""
    ) -> "MappingRule":
        """
        Return the rule by which a line of *quantity* store units, in an order to
        *country*, needs *items* in all.

        What decides about that quantity there is replaced, the range or the rest; the
        others stay.

        Raises:
            InvalidInputError: If *items* cannot be shared out among the units.
        """
        there = self.destination_for(country)
        ranges = corrected_range((there or self).ranges, quantity, items)
        if there is not None:
            anew = (
                attrs.evolve(there, items=shared_out(items, quantity, there.items))
                if ranges is None
                else attrs.evolve(there, ranges=ranges)
            )
            others = (anew if one is there else one for one in self.destinations)
            return attrs.evolve(self, destinations=tuple(others))
        if ranges is not None:
            return attrs.evolve(self, ranges=ranges)
        # A price that was quoted is for what it was quoted with.
        shares = shared_out(items, quantity, self.items)
        return attrs.evolve(self, items=shares, price=None)

    @property
    def every_item(self) -> tuple[RuleItem, ...]:
        """
        Every item that it may need, those for all orders first.
        """
        found = [*every_items(self.items, self.ranges)]
        for one in self.destinations:
            found.extend(every_items(one.items, one.ranges))
        return tuple(found)

    @property
    def variant_ids(self) -> frozenset[VariantId]:
        """
        Every variant that it may need.
        """
        return frozenset(n for item in self.every_item for n in item.variant_ids)

    @property
    def has_backups(self) -> bool:
        """
        Whether another variant may supply one of its items.
        """
        is_simple = not (self.ranges or self.destinations)  # as most rules are
        return any(i.backups for i in (self.items if is_simple else self.every_item))

    def can_be_supplied(self, gone: AbstractSet[str]) -> bool:
        """
        Tell whether each item has a variant that is not *gone*.
        """
        return not any(gone >= set(item.variant_ids) for item in self.every_item)


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
        _check_ranges(rule.name, rule.ranges)
        _check_destinations(rule)


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
    for item in items:
        names = item.variant_ids
        if len(set(names)) < len(names) or len(item.backups) > _BACKUPS_MAX:
            raise InvalidInputError(
                field=f"rules: {sku}: backups",
                value=item.backups,
                expected=f"at most {_BACKUPS_MAX} variants, each once, and not the one"
                " that they stand in for",
            )


def _check_destinations(rule: MappingRule) -> None:
    seen: set[str] = set()
    for one in rule.destinations:
        for country in one.countries or ("",):
            if not is_country(country) or country in seen:
                raise InvalidInputError(
                    field=f"rules: {rule.name}: destinations",
                    value=country,
                    expected="countries of ISO 3166-1, each once",
                )
            seen.add(country)
        name = f"{rule.name}: {one.name}"
        _check_items(name, one.items)
        _check_ranges(name, one.ranges)


def _check_ranges(name: str, ranges: tuple[QuantityRange, ...]) -> None:
    end: int | None = 0
    for one in sorted(ranges, key=lambda one: one.quantity_from):
        _check_items(name, one.items)
        if min(one.quantity_from, one.per) <= 0:
            _refuse_range(name, one, "positive quantities")
        if end is None or one.quantity_from <= end:
            _refuse_range(name, one, "ranges that do not overlap")
        end = one.quantity_to
        if end is not None and end < one.first_covered:
            wanted = f"a multiple of {one.per} between its bounds, lower one first"
            _refuse_range(name, one, wanted)


def _refuse_range(name: str, one: QuantityRange, expected: str) -> None:
    bounds = (one.quantity_from, one.quantity_to, one.per)
    raise InvalidInputError(
        field=f"rules: {name}: ranges", value=bounds, expected=expected
    )
