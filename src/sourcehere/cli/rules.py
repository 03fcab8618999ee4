"""
Mapping rules as people write them: `SHOP-SKU=PLATFORM-SKU*2+PLATFORM-SKU`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ..kernel.ids import VariantId
from ..pairing.model import MappingRule, RuleItem, Suggestion
from .context import Context
from .errors import UsageError
from .reading import read_count, read_object
from .references import find_variants

TRY_WAITING = "`sourcehere relay run` tries the orders that wait for it"
Units = Mapping[str, Mapping[str, int]]


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
    known = find_variants(ctx, [name for units in wanted.values() for name in units])
    return tuple(
        MappingRule(
            sku,
            tuple(RuleItem(VariantId(known[n]), q) for n, q in units.items()),
        )
        for sku, units in wanted.items()
    )


def suggested_rule(suggestion: Suggestion) -> MappingRule:
    """
    Give the rule that does what was suggested.
    """
    return MappingRule(suggestion.sku, (RuleItem(suggestion.variant_id),))


def _words(texts: Sequence[str]) -> Units:
    rules: dict[str, dict[str, int]] = {}
    for text in texts:
        sku, separator, supplied = text.partition("=")
        if not (separator and sku and supplied):
            message = f"{text!r}: write SHOP-SKU=PLATFORM-SKU"
            raise UsageError(message)
        if sku in rules:
            message = f"{sku} has two rules"
            raise UsageError(message)
        rules[sku] = dict(_units(part) for part in supplied.split("+"))
    return rules


def _units(text: str) -> tuple[str, int]:
    name, separator, quantity = text.rpartition("*")
    if separator and quantity.isdigit():
        return name, int(quantity)
    return text, 1


def _file(path: Path) -> Units:
    rules: dict[str, dict[str, int]] = {}
    for sku, units in read_object(path).items():
        if not isinstance(units, dict):
            message = f"{path}: {sku}: expected {{PLATFORM-SKU: units}}"
            raise UsageError(message)
        rules[sku] = {str(n): read_count(str(q), "units") for n, q in units.items()}
    return rules
