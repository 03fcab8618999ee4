"""
One edit of a product in the catalogue: what becomes of it, its variants and its words.
"""

from collections.abc import Mapping, Sequence

import attrs

from ...domain.catalog.changes import (
    CatalogEntry,
    FieldChange,
    ProductChange,
    VariantChange,
    product_changes,
    variant_changes,
)
from ...domain.catalog.model import NewVariant, Variant
from ...domain.effects.model import MessageKind
from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import AlreadyExistsError, NotFoundError
from ...domain.kernel.ids import ProductId, VariantId, new_id
from ...domain.kernel.values import frozen
from ...unit.platform_unit import PlatformUnit
from ...unit.tables.catalog import (
    CATALOG_ENTRIES,
    PRODUCT_WORDS,
    PRODUCTS,
    VARIANTS,
    VARIANTS_BY_PRODUCT,
    VARIANTS_BY_SKU,
)
from .catalog import Listing, words_of


@frozen(kw_only=True)
class Edit:
    """
    What is asked of one product.

    Attributes:
        variants: Variant id -> what becomes of it.

        added: Variants it has from now on.

        is_sold: Variant id -> whether it can be ordered from now on.

        more_options: Names of options that the product has beside those it had.
    """

    product: ProductChange = ProductChange()
    more_options: Sequence[str] = ()
    variants: Mapping[str, VariantChange] = attrs.field(factory=dict)
    added: Sequence[NewVariant] = ()
    is_sold: Mapping[str, bool] = attrs.field(factory=dict)


@frozen(kw_only=True)
class VariantChanged:
    """
    A variant that an edit changed, and what.

    Attributes:
        variant_id: Empty for the product itself.
    """

    variant_id: VariantId
    changes: tuple[FieldChange, ...]


@frozen(kw_only=True)
class Edited:
    """
    What an edit changed, field by field; empty where all was so already.
    """

    product_id: ProductId
    changed: tuple[VariantChanged, ...]
    added: tuple[VariantId, ...]


@frozen
class _States:
    """
    A product with its variants, before and after.
    """

    before: Listing
    after: Listing


def edit_product(
    unit: PlatformUnit,
    product_id: str,
    edit: Edit,
    *,
    by: Actor,
    zone: str,
    dry_run: bool,
) -> Edited:
    """
    Work out what an edit changes, and write it unless it is a dry run.

    Args:
        zone: The platform's, in which days begin.

    Raises:
        NotFoundError: If there is no such product, or it has no such variant.

        InvalidInputError: If a field is out of its bounds; it names the field.

        AlreadyExistsError: If a SKU, case ignored, is another variant's.
    """
    product = unit.need(PRODUCTS, product_id, lock=not dry_run)
    variants = unit.find(VARIANTS_BY_PRODUCT, [(product_id,)], lock=not dry_run)
    variants.sort(key=lambda variant: variant.variant_id)
    for name in {*edit.variants, *edit.is_sold} - {v.variant_id for v in variants}:
        raise NotFoundError(kind="variant", id=name)
    states = _after(unit, Listing(product, tuple(variants)), edit, zone)
    _require_free_skus(unit, states.after)
    edited = _compared(states)
    if not dry_run:
        _write(unit, states, edited, by)
    return edited


def _after(unit: PlatformUnit, before: Listing, edit: Edit, zone: str) -> _States:
    nothing = VariantChange()
    now = tuple(variant.at(unit.now) for variant in before.variants)
    changed = [
        attrs.evolve(
            edit.variants.get(v.variant_id, nothing).applied(
                v, now=unit.now, zone=zone
            ),
            is_sold=edit.is_sold.get(v.variant_id, v.is_sold),
        )
        for v in now
    ]
    product = edit.product.applied(before.product)
    names = dict.fromkeys((*product.option_names, *edit.more_options))
    product = attrs.evolve(product, option_names=tuple(names))
    added = [new.checked(product.product_id, VariantId(new_id())) for new in edit.added]
    return _States(Listing(before.product, now), Listing(product, (*changed, *added)))


def _require_free_skus(unit: PlatformUnit, after: Listing) -> None:
    keys: dict[str, Variant] = {}
    for variant in after.variants:
        if variant.sku_key in keys:
            raise AlreadyExistsError(kind="SKU", key=variant.sku)
        keys[variant.sku_key] = variant
    for other in unit.find(VARIANTS_BY_SKU, [(key,) for key in sorted(keys)]):
        if other.variant_id != keys[other.sku_key].variant_id:
            raise AlreadyExistsError(kind="SKU", key=other.sku)


def _compared(states: _States) -> Edited:
    before = {v.variant_id: v for v in states.before.variants}
    found = [
        VariantChanged(
            variant_id=VariantId(""),
            changes=product_changes(states.before.product, states.after.product),
        )
    ]
    found += [
        VariantChanged(
            variant_id=v.variant_id, changes=variant_changes(before[v.variant_id], v)
        )
        for v in states.after.variants
        if v.variant_id in before
    ]
    return Edited(
        product_id=states.after.product.product_id,
        changed=tuple(one for one in found if one.changes),
        added=tuple(
            v.variant_id for v in states.after.variants if v.variant_id not in before
        ),
    )


def _write(unit: PlatformUnit, states: _States, edited: Edited, by: Actor) -> None:
    changed = {one.variant_id for one in edited.changed}
    if VariantId("") in changed:
        unit.put(PRODUCTS, states.after.product)
    for variant in states.after.variants:
        if variant.variant_id in changed:
            unit.put(VARIANTS, variant)
        elif variant.variant_id in edited.added:
            unit.insert(VARIANTS, variant)
    _follow_stock(unit, states)
    _write_words(unit, states)
    unit.insert(CATALOG_ENTRIES, *_entries(unit, edited, by))


def _follow_stock(unit: PlatformUnit, states: _States) -> None:
    """
    Let orders follow what can be bought no more, or again.
    """
    before = {v.variant_id: v.is_available for v in states.before.variants}
    for variant in states.after.variants:
        if before.get(variant.variant_id, True) != variant.is_available:
            unit.ask(MessageKind.FOLLOW_STOCK, subject=variant.variant_id)


def _write_words(unit: PlatformUnit, states: _States) -> None:
    old, new = set(words_of(states.before)), set(words_of(states.after))
    gone = sorted((one.word, one.product_id) for one in old - new)
    if gone:
        unit.delete(PRODUCT_WORDS, gone)
    unit.insert(PRODUCT_WORDS, *sorted(new - old, key=lambda one: one.word))


def _entries(unit: PlatformUnit, edited: Edited, by: Actor) -> list[CatalogEntry]:
    return [
        CatalogEntry(
            entry_id=new_id(),
            product_id=edited.product_id,
            variant_id=one.variant_id,
            changed_at=unit.now,
            actor=by,
            field=change.field,
            before=change.before,
            after=change.after,
            starts_at=change.starts_at,
        )
        for one in edited.changed
        for change in one.changes
    ]


def product_of_variant(unit: PlatformUnit, variant_id: str) -> str:
    """
    Return the id of a variant's product.

    Raises:
        NotFoundError: If there is no such variant.
    """
    return unit.need(VARIANTS, variant_id).product_id
