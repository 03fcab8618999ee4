"""
What is asked of a freight provider, and what it answers.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NoReturn

import attrs

from ..kernel.countries import country_code
from ..kernel.errors import InvalidInputError
from ..kernel.money import Money
from ..kernel.parcels import PlannedParcel
from ..kernel.values import frozen
from .codes import full_code

_MEASURES = ("weight_grams", "length_mm", "width_mm", "height_mm")


def _words(given: Iterable[str]) -> frozenset[str]:
    words = frozenset() if isinstance(given, str) else frozenset(given)
    if isinstance(given, str):
        _refuse_words(given)
    for word in words:
        if not isinstance(word, str):
            _refuse_words(given)
    return words


def _refuse_words(given: object) -> NoReturn:
    raise InvalidInputError(
        field="attributes", value=given, expected="a collection of words"
    )


@frozen
class FreightParcel:
    """
    One box of a consignment.

    Attributes:
        length_mm, width_mm, height_mm: Outside; all 0 where unknown, which is where
            staff did not say the size of every variant in it.
    """

    weight_grams: int
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0

    @property
    def sides_mm(self) -> tuple[int, int, int]:
        """
        Its sides, the longest first; three zeros where they are unknown.
        """
        third, second, longest = sorted((self.length_mm, self.width_mm, self.height_mm))
        return (longest, second, third) if third else (0, 0, 0)


@frozen(kw_only=True)
class FreightUnits:
    """
    Units of one kind in a consignment; whoever packs several parcels never divides one.

    Attributes:
        name: What parcels call them, unique in the consignment: a checkout gives the
            item's id, such as `1.1`.

        weight_grams, volume_mm3: Of one unit; no volume where it is unknown.

        length_mm, width_mm, height_mm: Of one unit as it is packed; 0 where unknown.

        attributes: Of a unit, as those of the whole consignment.
    """

    name: str
    quantity: int
    weight_grams: int
    volume_mm3: int = 0
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    attributes: frozenset[str] = attrs.field(default=(), converter=_words)

    @property
    def sides_mm(self) -> tuple[int, int, int]:
        """
        The sides of a unit; a zero where one is unknown.
        """
        return (self.length_mm, self.width_mm, self.height_mm)


@frozen(kw_only=True)
class FreightRequest:
    """
    One consignment to price: where to, and what is in it, but never to whom.

    A provider may be asked with any of the optional fields empty: a checkout fills in
    what it knows.

    Attributes:
        country: ISO 3166-1 alpha-2, or `ZZ` for unknown.

        postal_code, region, city: Of the destination; empty where unknown.

        origin: Country it leaves from, ISO 3166-1 alpha-2: that of the cloud warehouse,
            or where goods are bought (`Settings.origin`) that are sourced directly.
            Empty where unknown: where these are packed with stock of another country.

        weight_grams: Of everything together.

        volume_mm3: Of everything together, in cubic millimetres; 0 where unknown.

        attributes: What restrictions ask about: `battery`, `liquid`, `magnet` ...

        fields_given: The address fields that are filled in, `country` included.

        parcels: The boxes it travels in; empty where nothing is known of them. A
            checkout, which packs nothing, tells of one box with everything in it: its
            units lie flat on one another, so it may be smaller, and not larger.

        units: What is sent, kind by kind, so that who carries no parcel of that weight
            or size may make several; empty where it is not known. They weigh together
            what the whole does.

        currency: The seller's settlement currency; other prices are left out.
    """

    country: str = attrs.field(converter=country_code)
    postal_code: str = ""
    region: str = ""
    city: str = ""
    origin: str = ""
    weight_grams: int
    volume_mm3: int = 0
    attributes: frozenset[str] = attrs.field(default=(), converter=_words)
    fields_given: frozenset[str] = attrs.field(default=("country",), converter=_words)
    parcels: tuple[FreightParcel, ...] = ()
    units: tuple[FreightUnits, ...] = ()
    currency: str

    def check(self) -> None:
        """
        Accept what can be weighed.

        Raises:
            InvalidInputError: If weight or volume is negative, units or parcels make no
                sense, or the units are not what the whole weighs.
        """
        for field in ("weight_grams", "volume_mm3"):
            value = getattr(self, field)
            if value < 0:
                raise InvalidInputError(field=field, value=value, expected="0 or more")
        for number, parcel in enumerate(self.parcels):
            _check_measures("parcels", number, parcel)
        if self.units:
            self._check_units()

    def _check_units(self) -> None:
        names: set[str] = set()
        for number, unit in enumerate(self.units):
            _check_measures("units", number, unit)
            if unit.quantity <= 0:
                _refuse(f"units[{number}].quantity", unit.quantity, "positive")
            if unit.name in names:
                _refuse(f"units[{number}].name", unit.name, "used once")
            names.add(unit.name)
        weight = sum([unit.weight_grams * unit.quantity for unit in self.units])
        if weight != self.weight_grams:
            _refuse("weight_grams", self.weight_grams, f"{weight}, as its units")


def _check_measures(
    kind: str, number: int, thing: FreightParcel | FreightUnits
) -> None:
    measures = (thing.weight_grams, thing.length_mm, thing.width_mm, thing.height_mm)
    if min(measures) >= 0:
        return
    for field, value in zip(_MEASURES, measures, strict=True):
        if value < 0:
            _refuse(f"{kind}[{number}].{field}", value, "0 or more")


def _refuse(field: str, value: object, expected: str) -> NoReturn:
    raise InvalidInputError(field=field, value=value, expected=expected)


@frozen
class FreightOption:
    """
    One way to send it.

    Attributes:
        method: Code of the shipping method, unique within the provider's connection.

        price: Everything included, rounded half up once.

        days_min, days_max: Days on the way, working days of the origin not counted in.

        connection: Name of the connection that offers it. Providers leave it empty;
            whoever asked fills it in.

        parcels: Where it travels in several, each of them with its price, which add up
            to the price; empty where it travels in one.
    """

    method: str
    name: str
    price: Money
    days_min: int
    days_max: int
    chargeable_grams: int
    connection: str = ""
    parcels: tuple[PlannedParcel, ...] = ()

    @property
    def full_code(self) -> str:
        """
        The code that no other connection has, such as `card:std`.
        """
        return full_code(self.connection, self.method)


@frozen
class LeftOut:
    """
    A method that cannot serve the request, and why.

    Attributes:
        method: Its code; empty where a whole connection is left out that does not list
            its methods.

        code: Stable name: `country_not_served`, `origin_not_served`, `too_heavy`,
            `too_large`, `size_unknown`, `restricted`, `address_incomplete`,
            `other_currency` ... `bad_answer` where what the provider said of it makes
            no sense; `no_answer`, `throttled`, `unauthorized` and `misconfigured` where
            the provider did not answer.

        connection: Name of its connection; providers leave it empty.

        facts: What the words speak of, such as `limit_grams` and `actual_grams`.
    """

    method: str
    code: str
    words: str
    connection: str = ""
    facts: Mapping[str, str | int] = attrs.field(factory=dict, hash=False)

    @property
    def full_code(self) -> str:
        """
        The code that no other connection has, such as `card:std`.
        """
        return full_code(self.connection, self.method)


@frozen
class FreightAnswer:
    """
    Everything a provider says to one request.
    """

    options: tuple[FreightOption, ...]
    left_out: tuple[LeftOut, ...]


@frozen
class DeliveryEstimate:
    """
    Between which days it arrives.

    Attributes:
        provisional: The calendar of a year in between is not published yet.
    """

    earliest: date
    latest: date
    provisional: bool
