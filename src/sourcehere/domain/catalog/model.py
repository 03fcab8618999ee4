"""
Platform products and their variants.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import attrs

from ..kernel.checks import PRICE_MAX, VOLUME_MAX, Link
from ..kernel.errors import CallerError, InvalidInputError
from ..kernel.ids import ProductId, VariantId
from ..kernel.money import Money, divide_half_up, exponent_of
from ..kernel.skus import comparison_key
from ..kernel.values import frozen
from .links import product_key

_WORD = re.compile(r"\w+")
BASIS_POINTS = 10_000
PICTURES_MAX = 50


class NoPriceInCurrencyError(CallerError):
    """
    A variant that has no price in the seller's settlement currency.
    """

    def __init__(self, *, variant_id: str, currency: str) -> None:
        super().__init__(
            f"variant {variant_id} has no price in {currency}; add one to its prices"
        )
        self.variant_id = variant_id
        self.currency = currency


@frozen
class PriceTier:
    """
    A unit price from a quantity on.
    """

    quantity_from: int
    unit_minor: int


def tier_price(tiers: Iterable[PriceTier], quantity: int) -> int:
    """
    Return the unit price for *quantity*: the tier with the greatest start it reaches.

    Below the first tier the first tier's price holds.
    """
    price = -1
    for tier in tiers:  # sorted by quantity_from
        if price < 0 or tier.quantity_from <= quantity:
            price = tier.unit_minor
    assert price >= 0
    return price


@frozen(kw_only=True)
class Product:
    """
    Something the platform sells, in one or more variants.

    Attributes:
        link: Its page; what sellers copy to find it.

        option_names: What its variants differ in, such as `("Colour", "Size")`.

        pictures: Where pictures of it are; links, never the pictures themselves.
    """

    product_id: ProductId
    title: str
    link: str
    option_names: tuple[str, ...]
    created_at: datetime
    pictures: tuple[str, ...] = ()

    @property
    def link_key(self) -> str:
        """
        What every link to its page has in common.
        """
        return product_key(self.link)


@frozen
class PricesAhead:
    """
    Unit prices that hold from an instant on, by currency.
    """

    starts_at: datetime
    prices: dict[str, tuple[PriceTier, ...]]


@frozen
class Variant:
    """
    One variant of a product: what is priced, weighed, stocked and sent.

    Attributes:
        sku_key: The SKU as it is compared.

        options: Option name -> value.

        prices: Currency -> tiers, cheapest quantity first.

        concession_points: Off the unit price in cloud-warehouse orders, in hundredths
            of a percent.

        quantity_min: Fewest units of a cloud-warehouse order.

        attributes: What carriers restrict: `battery`, `liquid` ...

        is_sold: Whether it can be ordered at all; one that is discontinued is not.

        length_mm, width_mm, height_mm: Of a unit as it is packed; 0 where unknown.

        is_in_stock: Whether the supplier has it. If not, only units that are in the
            cloud warehouse can be paid.

        pictures: Where pictures of it are.

        prices_ahead: What it will cost, the next first.
    """

    variant_id: VariantId
    product_id: ProductId
    sku: str
    sku_key: str
    barcode: str
    title: str
    options: dict[str, str]
    weight_grams: int
    volume_mm3: int
    prices: dict[str, tuple[PriceTier, ...]]
    concession_points: int
    quantity_min: int
    attributes: tuple[str, ...]
    is_sold: bool
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    is_in_stock: bool = True
    pictures: tuple[str, ...] = ()
    prices_ahead: tuple[PricesAhead, ...] = ()

    def at(self, instant: datetime) -> "Variant":
        """
        Return the variant with the prices that hold at *instant*, the later ones still
        ahead.
        """
        if not self.prices_ahead or instant < self.prices_ahead[0].starts_at:
            return self
        begun = [ahead for ahead in self.prices_ahead if ahead.starts_at <= instant]
        prices = dict(self.prices)
        for ahead in begun:
            prices |= ahead.prices
        left = self.prices_ahead[len(begun) :]
        return attrs.evolve(self, prices=prices, prices_ahead=left)

    @property
    def is_available(self) -> bool:
        """
        Whether the platform can buy it: it is on sale, and the supplier has it.
        """
        return self.is_sold and self.is_in_stock

    @property
    def sides_mm(self) -> tuple[int, int, int]:
        """
        The sides of a unit; three zeros where they are unknown.
        """
        return (self.length_mm, self.width_mm, self.height_mm)

    def unit_minor(self, currency: str, quantity: int) -> int:
        """
        Return the unit price at *quantity* units in one order.

        Raises:
            NoPriceInCurrencyError: If there is none in *currency*.
        """
        tiers = self.prices.get(currency)
        if not tiers:
            raise NoPriceInCurrencyError(variant_id=self.variant_id, currency=currency)
        return tier_price(tiers, quantity)

    def bulk_unit_minor(self, currency: str, quantity: int) -> int:
        """
        Return the unit price in a cloud-warehouse order, the concession taken off.

        Rounded half up, once.

        Raises:
            NoPriceInCurrencyError: If there is none in *currency*.
        """
        return self.less_concession(self.unit_minor(currency, quantity))

    def less_concession(self, unit_minor: int) -> int:
        """
        Return a unit price as it is in cloud-warehouse orders, rounded half up, once.
        """
        points = BASIS_POINTS - self.concession_points
        return divide_half_up(unit_minor * points, BASIS_POINTS)


@frozen
class Price:
    """
    A unit price from a quantity on.
    """

    unit: Money
    quantity_from: int = 1


def tiers_in(currency: str, prices: Iterable[Price]) -> dict[int, int]:
    """
    Return *prices* as {quantity from: minor units}, all of them in *currency*.

    Raises:
        InvalidInputError: If one is in another currency, or a quantity occurs twice.
    """
    tiers: dict[int, int] = {}
    for price in prices:
        if price.unit.currency != currency:
            _check("prices", str(price.unit), False, f"a price in {currency}")
        if price.quantity_from in tiers:
            _check("prices", price.quantity_from, False, "each quantity once")
        tiers[price.quantity_from] = price.unit.minor
    return tiers


def by_currency(prices: Iterable[Price]) -> dict[str, tuple[PriceTier, ...]]:
    """
    Return *prices* as tiers, by currency.

    Raises:
        InvalidInputError: If a quantity occurs twice, or one or a price is out of
            bounds.
    """
    parts: dict[str, list[Price]] = {}
    for price in prices:
        parts.setdefault(price.unit.currency, []).append(price)
    return {c: price_tiers(c, tiers_in(c, part)) for c, part in parts.items()}


@frozen(kw_only=True)
class NewVariant:
    """
    A variant as staff write it down; checked by `checked`.

    Attributes:
        prices: Unit prices by quantity, in as many currencies as sellers have wallets.
    """

    sku: str
    title: str = ""
    barcode: str = ""
    options: Mapping[str, str] = attrs.field(factory=dict)
    weight_grams: int
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    prices: tuple[Price, ...]
    concession_points: int = 0
    quantity_min: int = 1
    attributes: tuple[str, ...] = ()
    pictures: tuple[Link, ...] = ()

    def checked(self, product_id: ProductId, variant_id: VariantId) -> Variant:
        """
        Return the variant to store.

        Raises:
            InvalidInputError: If a field is out of its bounds; it names the field.
        """
        _check("sku", self.sku, bool(self.sku.strip()), "a SKU")
        _check("weight_grams", self.weight_grams, self.weight_grams > 0, "positive")
        sides = (self.length_mm, self.width_mm, self.height_mm)
        is_fine = min(sides) >= 0 and math.prod(sides) <= VOLUME_MAX
        expected = "lengths of a volume of at most a thousand cubic metres"
        _check("length_mm x width_mm x height_mm", sides, is_fine, expected)
        points = self.concession_points
        _check("concession_points", points, 0 <= points < BASIS_POINTS, "0 to 9999")
        _check("quantity_min", self.quantity_min, self.quantity_min > 0, "positive")
        check_pictures(self.pictures)
        return Variant(
            variant_id=variant_id,
            product_id=product_id,
            sku=self.sku,
            sku_key=comparison_key(self.sku),
            barcode=self.barcode,
            title=self.title,
            options=dict(self.options),
            weight_grams=self.weight_grams,
            volume_mm3=math.prod(sides),
            length_mm=self.length_mm,
            width_mm=self.width_mm,
            height_mm=self.height_mm,
            prices=by_currency(self.prices),
            concession_points=points,
            quantity_min=self.quantity_min,
            attributes=tuple(sorted(self.attributes)),
            is_sold=True,
            pictures=tuple(self.pictures),
        )


def price_tiers(currency: str, prices: Mapping[int, int]) -> tuple[PriceTier, ...]:
    """
    Read tiers written as {quantity: unit price}.

    Raises:
        InvalidInputError: If there is none, or a quantity or price is out of bounds.

        UnknownCurrencyError: If ISO 4217 does not list *currency*.
    """
    exponent_of(currency)
    _check("prices", prices, bool(prices), "at least one tier")
    for quantity, unit_minor in prices.items():
        _check("prices: quantity", quantity, quantity > 0, "positive")
        is_fine = 0 <= unit_minor <= PRICE_MAX
        expected = f"0 to {PRICE_MAX} minor units"
        _check("prices: unit price", unit_minor, is_fine, expected)
    return tuple(PriceTier(q, prices[q]) for q in sorted(prices))


def search_words(*texts: str) -> frozenset[str]:
    """
    Return the words that *texts* are found by.
    """
    return frozenset(w for text in texts for w in _WORD.findall(text.casefold()))


def check_pictures(pictures: Sequence[str]) -> None:
    """
    Accept up to fifty references that say something.

    Raises:
        InvalidInputError: If there are more, or one is empty.
    """
    is_fine = len(pictures) <= PICTURES_MAX and all(p.strip() for p in pictures)
    expected = f"at most {PICTURES_MAX} links, none of them empty"
    _check("pictures", len(pictures), is_fine, expected)


def _check(field: str, value: object, is_fine: bool, expected: str) -> None:  # noqa: FBT001 - a check reads better in order
    if not is_fine:
        raise InvalidInputError(field=field, value=value, expected=expected)
