"""
What is asked of a freight provider, and what it answers.
"""

from collections.abc import Iterable
from datetime import date

import attrs

from ..kernel.countries import country_code
from ..kernel.errors import InvalidInputError
from ..kernel.money import Money
from ..kernel.values import frozen
from .codes import full_code


def _words(given: Iterable[str]) -> frozenset[str]:
    words = frozenset() if isinstance(given, str) else frozenset(given)
    if isinstance(given, str) or not all(isinstance(word, str) for word in words):
        raise InvalidInputError(
            field="attributes", value=given, expected="a collection of words"
        )
    return words


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


@frozen(kw_only=True)
class FreightRequest:
    """
    One consignment to price: where to, and what is in it, but never to whom.

    A provider may be asked with any of the optional fields empty: a checkout fills in
    what it knows.

    Attributes:
        country: ISO 3166-1 alpha-2, or `ZZ` for unknown.

        postal_code, region, city: Of the destination; empty where unknown.

        origin: Country it leaves from, ISO 3166-1 alpha-2. A checkout knows it where
            all goods come from one cloud warehouse; empty where unknown.

        weight_grams: Of everything together.

        volume_mm3: Of everything together, in cubic millimetres; 0 where unknown.

        attributes: What restrictions ask about: `battery`, `liquid`, `magnet` ...

        fields_given: The address fields that are filled in, `country` included.

        parcels: The boxes it travels in; empty where nothing is known of them. A
            checkout, which packs nothing, tells of one box with everything in it: its
            units lie flat on one another, so it may be smaller, and not larger.

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
    currency: str

    def check(self) -> None:
        """
        Accept what can be weighed.

        Raises:
            InvalidInputError: If weight or volume is negative.
        """
        for field in ("weight_grams", "volume_mm3"):
            value = getattr(self, field)
            if value < 0:
                raise InvalidInputError(field=field, value=value, expected="0 or more")


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
    """

    method: str
    name: str
    price: Money
    days_min: int
    days_max: int
    chargeable_grams: int
    connection: str = ""

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

        code: Stable name: `country_not_served`, `too_heavy`, `restricted`,
            `address_incomplete`, `other_currency` ... `bad_answer` where what the
            provider said of it makes no sense; `no_answer`, `throttled`,
            `unauthorized` and `misconfigured` where the provider did not answer.

        connection: Name of its connection; providers leave it empty.
    """

    method: str
    code: str
    words: str
    connection: str = ""

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
