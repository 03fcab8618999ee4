"""
What an order remembers of things that live elsewhere: its parcels, its open disputes.
"""

import attrs

from ..kernel.ids import DisputeId, ParcelId
from .lines import ItemQuantity


@attrs.frozen
class ParcelMark:
    """
    What an order knows of a parcel of its own.

    Attributes:
        replaced_by: The parcel that counts instead; empty while this one counts.
    """

    parcel_id: ParcelId
    is_delivered: bool = False
    replaced_by: str = ""
    revision: int = 0


@attrs.frozen
class DisputeMark:
    """
    An open dispute, and the units it is about.

    Attributes:
        is_about_unsent: Whether they had not left when it was opened.
    """

    dispute_id: DisputeId
    items: tuple[ItemQuantity, ...]
    is_about_unsent: bool = False
