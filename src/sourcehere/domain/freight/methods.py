"""
What a rate card says of one shipping method: where it goes, what it costs, what it
refuses.

Plain values, so that a card can be written down as a mapping. Prices are minor units of
the card's currency, weights grams. Checked as a whole by the card they belong to.
"""

from collections.abc import Iterable

import attrs

from ..kernel.countries import country_code
from ..kernel.values import frozen

REST_OF_WORLD = "*"
SIZE_LIMITS = (
    "maximum_longest_mm",
    "maximum_second_mm",
    "maximum_girth_mm",
    "maximum_volume_mm3",
)
PARCELS_MAX = 100


def _codes(countries: Iterable[str]) -> tuple[str, ...]:
    return tuple([country_code(country) for country in countries])


@frozen
class PostalRange:
    """
    Postal codes of one country, from *first* to *last*, both included.

    Codes are compared in plain capitals, without spaces and dashes, by as many
    characters as *first* and *last* have: `995` to `999` is Alaska. Great Britain's are
    areas or districts: `BT` to `BT` is Northern Ireland, `PA20` to `PA49` has islands
    of the Clyde and the Hebrides, and `SE1` is not `SE10`.
    """

    country: str = attrs.field(converter=country_code)
    first: str
    last: str


@frozen
class WeightBreak:
    """
    The price of parcels up to a weight: a first step, then equal further steps.

    Attributes:
        up_to_grams: The heaviest parcel of this break; None for no limit.

        first_grams, first_price: What the first price covers.

        additional_grams, additional_price: Each further step, a begun one counts
            whole. 0 grams (then 0 price): the first price covers the whole break.
    """

    up_to_grams: int | None
    first_grams: int
    first_price: int
    additional_grams: int = 0
    additional_price: int = 0


@frozen
class Zone:
    """
    Destinations of one price.

    Attributes:
        countries: ISO 3166-1 alpha-2, `ZZ` for an unknown country, or `*` for every
            country (the unknown one too) that no zone of the method names.

        postal_ranges: Of a country that has ranges here, only these; of others, all.

        breaks: By weight, ascending.
    """

    countries: tuple[str, ...] = attrs.field(converter=_codes)
    breaks: tuple[WeightBreak, ...]
    postal_ranges: tuple[PostalRange, ...] = ()


@frozen
class RemoteArea:
    """
    A flat surcharge for far places.
    """

    price: int
    postal_ranges: tuple[PostalRange, ...]


@frozen
class AttributeSurcharge:
    """
    A flat surcharge for a parcel that holds something special, such as a `battery`.
    """

    attribute: str
    price: int


@frozen(kw_only=True, cache_hash=True)
class Method:
    """
    One way to send parcels.

    Attributes:
        code: Unique within the card.

        days_min, days_max: On the way, calendar days.

        volume_divisor: Cubic centimetres that count as a kilogram, such as 5000, 6000
            or 8000; 0 where only the scales count.

        refused: Attributes of goods it does not carry.

        required_fields: Address fields that must be filled in.

        origins: Countries that it leaves from, ISO 3166-1 alpha-2; empty for any, and
            for one that is not known.

        minimum_grams, maximum_grams: Of the chargeable weight of a parcel; both still
            carried.

        maximum_longest_mm, maximum_second_mm: Of the longest side of a parcel, and of
            the next one; None for no limit. What has one carries only goods whose size
            is known.

        maximum_girth_mm: Of the longest side and twice the two others together.

        maximum_volume_mm3: Of the goods in a parcel.

        maximum_parcels: In how many parcels an order may travel that is too heavy or
            too large for one; 1 where each order has to be one.

        minimum_price, maximum_price: Bounds of a parcel's price, surcharges included.

        fuel_basis_points: Fuel surcharge, in hundredths of a percent of the base price.

        remote_areas: The dearest that covers the address is charged.

        attribute_surcharges: Each that applies is charged.
    """

    code: str
    name: str
    zones: tuple[Zone, ...]
    days_min: int
    days_max: int
    volume_divisor: int = 0
    refused: tuple[str, ...] = ()
    required_fields: tuple[str, ...] = ("country",)
    origins: tuple[str, ...] = attrs.field(default=(), converter=_codes)
    minimum_grams: int = 0
    maximum_grams: int | None = None
    maximum_longest_mm: int | None = None
    maximum_second_mm: int | None = None
    maximum_girth_mm: int | None = None
    maximum_volume_mm3: int | None = None
    maximum_parcels: int = 20
    minimum_price: int = 0
    maximum_price: int | None = None
    fuel_basis_points: int = 0
    remote_areas: tuple[RemoteArea, ...] = ()
    attribute_surcharges: tuple[AttributeSurcharge, ...] = ()

    @property
    def has_size_limits(self) -> bool:
        """
        Whether it matters how large a parcel is.
        """
        return not (
            self.maximum_longest_mm is None
            and self.maximum_second_mm is None
            and self.maximum_girth_mm is None
            and self.maximum_volume_mm3 is None
        )
