"""
What staff change in the catalogue, and what is kept of every change.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar

import attrs

from ..kernel.actor import Actor
from ..kernel.checks import Link
from ..kernel.clock import start_of_day
from ..kernel.errors import InvalidInputError
from ..kernel.ids import ProductId, VariantId
from ..kernel.money import Money
from ..kernel.values import frozen
from .model import (
    NewVariant,
    Price,
    PricesAhead,
    PriceTier,
    Product,
    Variant,
    by_currency,
    check_pictures,
)

T = TypeVar("T")
AHEAD_MAX = 100  # prices that wait for their day, of one variant


@frozen(kw_only=True)
class VariantChange:
    """
    What becomes of a variant; None leaves a field as it is.

    Attributes:
        prices: Unit prices by quantity. They take the place of all tiers in their
            currencies; other currencies keep theirs.

        prices_from: When the prices begin: at once if None or over; a day begins in
            the platform's zone.

        drops_prices_ahead: Whether prices that have not begun are forgotten first.

        is_in_stock: Whether the supplier has it.

        pictures: Links, at most fifty.
    """

    sku: str | None = None
    title: str | None = None
    barcode: str | None = None
    options: Mapping[str, str] | None = None
    weight_grams: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    prices: tuple[Price, ...] | None = None
    prices_from: datetime | date | None = None
    drops_prices_ahead: bool = False
    concession_points: int | None = None
    quantity_min: int | None = None
    attributes: tuple[str, ...] | None = None
    is_in_stock: bool | None = None
    pictures: tuple[Link, ...] | None = None

    def begins(self, zone: str) -> datetime | None:
        """
        Return the instant at which its prices begin; None for at once.
        """
        said = self.prices_from
        if said is None or isinstance(said, datetime):
            return said
        return start_of_day(said, zone)

    def applied(self, variant: Variant, *, now: datetime, zone: str) -> Variant:
        """
        Return *variant* as it is with this change.

        Args:
            zone: The platform's, in which days begin.

        Raises:
            InvalidInputError: If a field is out of its bounds; it names the field.
        """
        known = variant.at(now)
        made = _as_new(known, self).checked(known.product_id, known.variant_id)
        pictures = _given(self.pictures, known.pictures)
        check_pictures(pictures)
        changed = attrs.evolve(
            made,
            is_sold=known.is_sold,
            is_in_stock=_given(self.is_in_stock, known.is_in_stock),
            pictures=tuple(pictures),
            prices=known.prices,
            prices_ahead=() if self.drops_prices_ahead else known.prices_ahead,
        )
        return self._priced(changed, now, self.begins(zone))

    def _priced(
        self, variant: Variant, now: datetime, begins: datetime | None
    ) -> Variant:
        if self.prices is None:
            if begins is not None:
                expected = "prices beside it"
                value = begins.isoformat()
                raise InvalidInputError(
                    field="prices_from", value=value, expected=expected
                )
            return variant
        new = by_currency(self.prices)
        if begins is None or begins <= now:
            return attrs.evolve(variant, prices={**variant.prices, **new})
        ahead = {one.starts_at: dict(one.prices) for one in variant.prices_ahead}
        ahead[begins] = {**ahead.get(begins, {}), **new}
        if len(ahead) > AHEAD_MAX:
            expected = f"at most {AHEAD_MAX} dates at which prices change"
            raise InvalidInputError(
                field="prices_from", value=len(ahead), expected=expected
            )
        kept = tuple(PricesAhead(at, ahead[at]) for at in sorted(ahead))
        return attrs.evolve(variant, prices_ahead=kept)


@frozen(kw_only=True)
class ProductChange:
    """
    What becomes of a product; None leaves a field as it is.

    Attributes:
        link: Its page; products are found by it.

        pictures: Links, at most fifty.
    """

    title: str | None = None
    link: Link | None = None
    option_names: tuple[str, ...] | None = None
    pictures: tuple[Link, ...] | None = None

    def applied(self, product: Product) -> Product:
        """
        Return *product* as it is with this change.

        Raises:
            InvalidInputError: If the link is none, or there are too many pictures.
        """
        pictures = _given(self.pictures, product.pictures)
        check_pictures(pictures)
        changed = attrs.evolve(
            product,
            title=_given(self.title, product.title),
            link=_given(self.link, product.link),
            option_names=tuple(_given(self.option_names, product.option_names)),
            pictures=tuple(pictures),
        )
        _ = changed.link_key  # refuses what is no link
        return changed


@frozen
class FieldChange:
    """
    One field that was changed, in words that people read.

    Attributes:
        starts_at: When it holds from, for prices that are ahead; else None.
    """

    field: str
    before: str
    after: str
    starts_at: datetime | None = None


@frozen(kw_only=True)
class CatalogEntry:
    """
    What is kept of a change; never altered.

    Attributes:
        entry_id: Greater than that of every change before.

        variant_id: Empty where the product itself was changed.
    """

    entry_id: str
    product_id: ProductId
    variant_id: VariantId
    changed_at: datetime
    actor: Actor
    field: str
    before: str
    after: str
    starts_at: datetime | None


_VARIANT_FIELDS = (
    *("sku", "title", "barcode", "options", "weight_grams"),
    *("length_mm", "width_mm", "height_mm", "concession_points", "quantity_min"),
    *("attributes", "is_in_stock", "is_sold", "pictures"),
)
_PRODUCT_FIELDS = ("title", "link", "option_names", "pictures")


def variant_changes(before: Variant, after: Variant) -> tuple[FieldChange, ...]:
    """
    List what differs between two states of a variant.
    """
    found = list(_differences(before, after, _VARIANT_FIELDS))
    if before.prices != after.prices:
        found.append(
            FieldChange("prices", _prices(before.prices), _prices(after.prices))
        )
    old = {one.starts_at: _prices(one.prices) for one in before.prices_ahead}
    new = {one.starts_at: _prices(one.prices) for one in after.prices_ahead}
    for at in sorted({*old, *new}):
        was, becomes = old.get(at, ""), new.get(at, "")
        if was != becomes:
            found.append(FieldChange("prices", was, becomes, at))
    return tuple(found)


def product_changes(before: Product, after: Product) -> tuple[FieldChange, ...]:
    """
    List what differs between two states of a product.
    """
    return tuple(_differences(before, after, _PRODUCT_FIELDS))


def said_of(subject: Product | Variant, field: str) -> str:
    """
    Return a field of a variant or product in the words that changes are kept in.
    """
    return _words(getattr(subject, field))


def _differences(
    before: object, after: object, fields: Sequence[str]
) -> Iterator[FieldChange]:
    for name in fields:
        was, becomes = getattr(before, name), getattr(after, name)
        if was != becomes:
            yield FieldChange(name, _words(was), _words(becomes))


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {item}" for name, item in sorted(value.items()))
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value)


def _prices(prices: Mapping[str, Sequence[PriceTier]]) -> str:
    return "; ".join(
        f"from {tier.quantity_from}: {Money(tier.unit_minor, currency)}"
        for currency in sorted(prices)
        for tier in prices[currency]
    )


def _given(new: T | None, known: T) -> T:
    return known if new is None else new


def _as_new(known: Variant, change: VariantChange) -> NewVariant:
    """
    Write the variant down as staff would, so that the same checks are made.
    """
    return NewVariant(
        sku=_given(change.sku, known.sku),
        title=_given(change.title, known.title),
        barcode=_given(change.barcode, known.barcode),
        options=_given(change.options, known.options),
        weight_grams=_given(change.weight_grams, known.weight_grams),
        length_mm=_given(change.length_mm, known.length_mm),
        width_mm=_given(change.width_mm, known.width_mm),
        height_mm=_given(change.height_mm, known.height_mm),
        prices=(),
        concession_points=_given(change.concession_points, known.concession_points),
        quantity_min=_given(change.quantity_min, known.quantity_min),
        attributes=_given(change.attributes, known.attributes),
    )
