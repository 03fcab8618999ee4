"""
Where a parcel goes, and to whom: personal data, kept only by contacts.
"""

import attrs

from .checks import PERSONAL
from .countries import UNKNOWN_COUNTRY as UNKNOWN_COUNTRY
from .countries import country_code, is_country
from .errors import InvalidInputError
from .values import frozen


def check_country(field: str, value: str) -> None:
    """
    Accept the code of a country, or `ZZ` for one that is unknown.

    Raises:
        InvalidInputError: If ISO 3166-1 has no such code.
    """
    if not is_country(value):
        raise InvalidInputError(
            field=field,
            value=value,
            expected="an ISO 3166-1 alpha-2 code in capitals, such as GB",
        )


def _a_country(_: object, field: "attrs.Attribute[str]", value: str) -> None:
    check_country(field.name, value)


@frozen
class Address:
    """
    Where, and to whom.

    Raises:
        InvalidInputError: If the country is no code.

    Attributes:
        country: ISO 3166-1 alpha-2; `ZZ` where the store's word was not understood.
            `UK` and `EL` become GB and GR.

        customer: The shop's own number for its customer.
    """

    country: str = attrs.field(converter=country_code, validator=_a_country)
    name: str = attrs.field(default="", metadata=PERSONAL)
    company: str = attrs.field(default="", metadata=PERSONAL)
    street: str = attrs.field(default="", metadata=PERSONAL)
    city: str = attrs.field(default="", metadata=PERSONAL)
    region: str = attrs.field(default="", metadata=PERSONAL)
    postal_code: str = attrs.field(default="", metadata=PERSONAL)
    phone: str = attrs.field(default="", metadata=PERSONAL)
    email: str = attrs.field(default="", metadata=PERSONAL)
    customer: str = attrs.field(default="", metadata=PERSONAL)

    def missing(self, fields: tuple[str, ...]) -> tuple[str, ...]:
        """
        List those of *fields* that are empty, in the order asked.
        """
        return tuple(field for field in fields if not getattr(self, field))
