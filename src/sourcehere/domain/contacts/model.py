"""
Who a parcel goes to, and what people wrote.

Everything else refers to a contact by id and version, so that a person can be forgotten
in one place.
"""

from datetime import datetime

import attrs

from ..kernel.actor import Actor
from ..kernel.address import Address
from ..kernel.ids import ContactId, SellerId
from ..kernel.values import frozen, light

# What stands where somebody's words stood.
ERASED = "(erased)"


@light
class ContactVersion:
    """
    What was known about a contact from one moment on; corrections append a version.

    Attributes:
        erased_at: When the person was forgotten: of the address the country is left.
    """

    seller_id: SellerId
    contact_id: ContactId
    version: int
    address: Address
    recorded_at: datetime
    erased_at: datetime | None = None

    def erased(self, *, at: datetime) -> "ContactVersion":
        """
        Return what is left of it: where it went, as freight and reports need it.
        """
        return attrs.evolve(self, address=Address(self.address.country), erased_at=at)


@frozen(kw_only=True)
class Note:
    """
    Something a person wrote about an order or a quote request.

    Attributes:
        subject_id: The order or quote request.

        for_staff: Hidden from the seller.

        about: What of the subject the text was typed into: the id of a hold, `rejected`
            of an order, or `link` or `reason` of a quote request; empty for a note.
    """

    seller_id: SellerId
    note_id: str
    subject_id: str
    by: Actor
    text: str
    written_at: datetime
    for_staff: bool = False
    about: str = ""
