"""
What is asked of a freight provider, and what it answers.
"""

from collections.abc import Iterable
from datetime import date

import attrs

from ..kernel.errors import InvalidInputError
from ..kernel.money import Money


def _words(given: Iterable[str]) -> frozenset[str]:
    words = frozenset() if isinstance(given, str) else frozenset(given)
    if isinstance(given, str) or not all(isinstance(word, str) for word in words):
        raise InvalidInputError(
            field="attributes", value=given, expected="a collection of words"
        )
    return words


@attrs.frozen(kw_only=True)
class FreightRequest:
    """
    One consignment to price.

    Attributes:
        country: ISO 3166-1 alpha-2, or `ZZ` for unknown.

        weight_grams: Of everything together.

        volume_mm3: Of everything together, in cubic millimetres; 0 where unknown.

        attributes: What restrictions ask about: `battery`, `liquid`, `magnet` ...

        fields_given: The address fields that are filled in, `country` included.

        currency: The seller's settlement currency; other prices are left out.
    """

    country: str
    postal_code: str = ""
    weight_grams: int
    volume_mm3: int = 0
    attributes: frozenset[str] = attrs.field(default=(), converter=_words)
    fields_given: frozenset[str] = attrs.field(default=("country",), converter=_words)
    currency: str


@attrs.frozen
class FreightOption:
    """
    One way to send it.

    Attributes:
        method: Code of the shipping method, unique over all providers of a platform.

        price: Everything included, rounded half up once.

        days_min, days_max: Days on the way, working days of the origin not counted in.
    """

    method: str
    name: str
    price: Money
    days_min: int
    days_max: int
    chargeable_grams: int


@attrs.frozen
class LeftOut:
    """
    A method that cannot serve the request, and why.

    Attributes:
        code: Stable name: `country_not_served`, `too_heavy`, `restricted`,
            `address_incomplete`, `other_currency` ...
    """

    method: str
    code: str
    words: str


@attrs.frozen
class FreightAnswer:
    """
    Everything a provider says to one request.
    """

    options: tuple[FreightOption, ...]
    left_out: tuple[LeftOut, ...]


@attrs.frozen
class DeliveryEstimate:
    """
    Between which days it arrives.

    Attributes:
        provisional: The calendar of a year in between is not published yet.
    """

    earliest: date
    latest: date
    provisional: bool
