"""
Who a parcel goes to, and what people wrote.

Everything else refers to a contact by id and version, so that a person can be forgotten
in one place.
"""

from datetime import datetime

import attrs

from ..kernel.actor import Actor
from ..kernel.ids import ContactId, SellerId

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


@attrs.frozen(kw_only=True)
class ContactVersion:
    """
    What was known about a contact from one moment on; corrections append a version.
    """

    seller_id: SellerId
    contact_id: ContactId
    version: int
    address: Address
    recorded_at: datetime


@attrs.frozen(kw_only=True)
class Note:
    """
    Something a person wrote about an order or a dispute.

    Attributes:
        subject_id: The order, quote request or dispute.

        for_staff: Hidden from the seller.
    """

    seller_id: SellerId
    note_id: str
    subject_id: str
    by: Actor
    text: str
    written_at: datetime
    for_staff: bool = False
