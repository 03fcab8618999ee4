"""
Who a parcel goes to, and what people wrote.

Everything else refers to a contact by id and version, so that a person can be forgotten
in one place.
"""

from datetime import datetime

from ..kernel.actor import Actor
from ..kernel.address import Address
from ..kernel.ids import ContactId, SellerId
from ..kernel.values import frozen


@frozen(kw_only=True)
class ContactVersion:
    """
    What was known about a contact from one moment on; corrections append a version.
    """

    seller_id: SellerId
    contact_id: ContactId
    version: int
    address: Address
    recorded_at: datetime


@frozen(kw_only=True)
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
