"""
Where a parcel goes, and to whom: personal data, kept only by contacts.
"""

import attrs

UNKNOWN_COUNTRY = "ZZ"  # ISO 3166-1 leaves ZZ to users


@attrs.frozen
class Address:
    """
    Where, and to whom.

    Attributes:
        country: ISO 3166-1 alpha-2; `ZZ` where the store's word was not understood.

        customer: The shop's own number for its customer.
    """

    country: str
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
