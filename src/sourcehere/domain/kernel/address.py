"""
Where a parcel goes, and to whom: personal data, kept only by contacts.
"""

import re

import attrs

from .errors import InvalidInputError

_CODE = re.compile("[A-Z]{2}")
UNKNOWN_COUNTRY = "ZZ"  # ISO 3166-1 leaves ZZ to users


def check_country(field: str, value: str) -> None:
    """
    Accept what has the form of a country's code.

    Raises:
        InvalidInputError: If *value* is no two capital letters.
    """
    if not _CODE.fullmatch(value):
        raise InvalidInputError(
            field=field,
            value=value,
            expected="an ISO 3166-1 alpha-2 code in capitals, such as GB",
        )


def _a_country(_: object, field: "attrs.Attribute[str]", value: str) -> None:
    check_country(field.name, value)


@attrs.frozen
class Address:
    """
    Where, and to whom.

    Raises:
        InvalidInputError: If the country is no code.

    Attributes:
        country: ISO 3166-1 alpha-2; `ZZ` where the store's word was not understood.

        customer: The shop's own number for its customer.
    """

    country: str = attrs.field(validator=_a_country)
    name: str = ""
    company: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    phone: str = ""
    email: str = ""
    customer: str = ""

    def missing(self, fields: tuple[str, ...]) -> tuple[str, ...]:
        """
        List those of *fields* that are empty, in the order asked.
        """
        return tuple(field for field in fields if not getattr(self, field))
