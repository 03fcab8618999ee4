"""
Mapping rules as people write them: `SHOP-SKU=PLATFORM-SKU*2+PLATFORM-SKU`.

Instead of a SKU of the shop's, its own id of a variant or product: `variant:4401=PACK`.

By quantity: `SHOP-SKU=PACK,10-19:CARTON/10,20+:PALLET/20`; `/10` says that the items
before it are for ten units of the shop's, `/10+` that a rest of less than ten is as the
rule says: `SHOP-SKU=PACK,2+:PACK*3/2+` is "buy two, get one".

A backup, for when a variant cannot be bought: `SHOP-SKU=PACK~SPARE`; of several the
first that can be.

By destination: `SHOP-SKU=PACK,GB+IE:PLUG-PACK,10+:PLUG-CARTON/10`; ranges behind
countries are for these countries, those before them for all others.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..domain.kernel.ids import VariantId
from ..domain.kernel.values import frozen
from ..domain.pairing.rules import MappingRule
from ..domain.pairing.suggestion import Suggestion
from ..domain.pairing.supply import (
    Destination,
    QuantityRange,
    RuleItem,
    every_items,
)
from ..face.records.talk import RuleView
from .context import Context
from .errors import UsageError
from .reading import read_count, read_object
from .references import find_variants

TRY_WAITING = "`sourcehere relay run` tries the orders that wait for it"
_COUNTRIES = re.compile(r",([A-Z]{2}(?:\+[A-Z]{2})*):")
_RANGE = re.compile(r",([0-9]+)(?:\+|-([0-9]+)):")
_PER = re.compile(r"/([0-9]+)(\+?)$")


@frozen
class _Part:
    """
    Units of one platform SKU, and the SKUs that stand in for it.
    """

    name: str
    quantity: int
    backups: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """
        The platform SKUs it names.
        """
        return (self.name, *self.backups)


Units = tuple[_Part, ...]


@frozen(kw_only=True)
class _Range:
    """
    A range as it is written: platform SKUs, not yet variants.
    """

    quantity_from: int
    quantity_to: int | None
    per: int
    with_rest: bool
    units: Units


@frozen
class _Supply:
    """
    What supplies a line, as it is written.

    Attributes:
        countries: Where to; empty for what no other of the rule is for.
    """

    units: Units
    ranges: tuple[_Range, ...] = ()
    countries: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """
        The platform SKUs it names.
        """
        parts = [*self.units, *(part for r in self.ranges for part in r.units)]
        return [name for part in parts for name in part.names]


@frozen
class _Written:
    """
    A rule as it is written.
    """

    supply: _Supply
    destinations: tuple[_Supply, ...] = ()

    @property
    def names(self) -> list[str]:
        """
        The platform SKUs it names.
        """
        return [n for one in (self.supply, *self.destinations) for n in one.names]


def read_rules(
    ctx: Context, texts: Sequence[str], file: Path | None
) -> tuple[MappingRule, ...]:
    """
    Read rules from words or from a JSON file.

    Raises:
        UsageError: If there is none, or one is not written as it must be.

        NotFoundError: If the catalogue has no such SKU.
    """
    wanted = _words(texts) if file is None else _file(file)
    if not wanted:
        message = "say what supplies what: SHOP-SKU=PLATFORM-SKU"
        raise UsageError(message)
    known = find_variants(ctx, [name for w in wanted.values() for name in w.names])

    def items(units: Units) -> tuple[RuleItem, ...]:
        return tuple(
            RuleItem(
                VariantId(known[part.name]),
                part.quantity,
                tuple(VariantId(known[name]) for name in part.backups),
            )
            for part in units
        )

    def ranges(supply: _Supply) -> tuple[QuantityRange, ...]:
        return tuple(
            QuantityRange(
                quantity_from=one.quantity_from,
                quantity_to=one.quantity_to,
                per=one.per,
                with_rest=one.with_rest,
                items=items(one.units),
            )
            for one in supply.ranges
        )

    return tuple(
        _named(
            sku,
            items=items(written.supply.units),
            ranges=ranges(written.supply),
            destinations=tuple(
                Destination(
                    countries=one.countries, items=items(one.units), ranges=ranges(one)
                )
                for one in written.destinations
            ),
        )
        for sku, written in wanted.items()
    )


def _named(
    name: str,
    *,
    items: tuple[RuleItem, ...],
    ranges: tuple[QuantityRange, ...],
    destinations: tuple[Destination, ...],
) -> MappingRule:
    """
    Return the rule for a SKU, or for `variant:ID` or `product:ID` of the shop.
    """
    kind, _, external_id = name.partition(":")
    is_variant, is_product = kind == "variant", kind == "product"
    return MappingRule(
        "" if is_variant or is_product else name,
        items,
        ranges=ranges,
        destinations=destinations,
        external_variant_id=external_id if is_variant else "",
        external_product_id=external_id if is_product else "",
    )


def suggested_rule(suggestion: Suggestion) -> MappingRule:
    """
    Return the rule that does what was suggested.
    """
    return MappingRule(suggestion.sku, (RuleItem(suggestion.variant_id),))


def variants_in(rule: RuleView) -> set[str]:
    """
    Return the ids of all variants that *rule* may need.
    """
    found = [*every_items(rule.items, rule.ranges)]
    for one in rule.destinations:
        found.extend(every_items(one.items, one.ranges))
    return {str(name) for item in found for name in item.variant_ids}


def rule_text(rule: RuleView, skus: Mapping[str, str]) -> str:
    """
    Write *rule* as it is read, *skus* naming the variants.
    """

    def items(wanted: tuple[RuleItem, ...]) -> str:
        return "+".join(
            "~".join(str(skus.get(name, name)) for name in item.variant_ids)
            + (f"*{item.quantity}" if item.quantity > 1 else "")
            for item in wanted
        )

    def supplied(supply: RuleView | Destination) -> str:
        return items(supply.items) + "".join(
            f",{r.bounds.removesuffix(r.each)}:{items(r.items)}{r.each}"
            for r in supply.ranges
        )

    there = "".join(f",{one.name}:{supplied(one)}" for one in rule.destinations)
    return f"{rule.name}={supplied(rule)}{there}"


def _words(texts: Sequence[str]) -> Mapping[str, _Written]:
    rules: dict[str, _Written] = {}
    for text in texts:
        sku, separator, supplied = text.partition("=")
        if not (separator and sku and supplied):
            message = f"{text!r}: write SHOP-SKU=PLATFORM-SKU"
            raise UsageError(message)
        if sku in rules:
            message = f"{sku} has two rules"
            raise UsageError(message)
        rules[sku] = _supplied(supplied)
    return rules


def _supplied(text: str) -> _Written:
    first, *rest = _COUNTRIES.split(text)
    there = zip(rest[::2], rest[1::2], strict=True)
    return _Written(
        _supply(first),
        tuple(_supply(part, *countries.split("+")) for countries, part in there),
    )


def _supply(text: str, *countries: str) -> _Supply:
    first, *rest = _RANGE.split(text)
    ranges = [rest[i : i + 3] for i in range(0, len(rest), 3)]
    return _Supply(_units(first), tuple(_range(*one) for one in ranges), countries)


def _range(quantity_from: str, quantity_to: str | None, text: str) -> _Range:
    per = _PER.search(text)
    return _Range(
        quantity_from=int(quantity_from),
        quantity_to=None if quantity_to is None else int(quantity_to),
        per=1 if per is None else int(per[1]),
        with_rest=per is not None and bool(per[2]),
        units=_units(_PER.sub("", text)),
    )


def _units(text: str) -> Units:
    return tuple(_part(part) for part in text.split("+"))


def _part(text: str) -> _Part:
    names, separator, number = text.rpartition("*")
    quantity = 1
    if separator and number.isascii() and number.isdigit():
        quantity = read_count(number, "a quantity")
    else:
        names = text
    name, *backups = names.split("~")
    return _Part(name, quantity, tuple(backups))


def _file(path: Path) -> Mapping[str, _Written]:
    rules: dict[str, _Written] = {}
    for sku, units in read_object(path).items():
        if isinstance(units, str):
            rules[sku] = _supplied(units)
        elif isinstance(units, dict):
            read = [
                _Part(str(n), read_count(str(q), "units")) for n, q in units.items()
            ]
            rules[sku] = _Written(_Supply(tuple(read)))
        else:
            message = f"{path}: {sku}: expected {{PLATFORM-SKU: units}} or a text"
            raise UsageError(message)
    return rules
