"""
What an order remembers of things that live elsewhere: its parcels, its open disputes,
and the labels that are being bought for it.
"""

from datetime import datetime

from ..kernel.ids import DisputeId, LabelId, ParcelId
from ..kernel.values import frozen
from .lines import ItemQuantity


@frozen
class ParcelMark:
    """
    What an order knows of a parcel of its own.

    Attributes:
        replaced_by: The parcel that counts instead; empty while this one counts.

        stall_by: When it counts as stalled if nothing is heard of it.
    """

    parcel_id: ParcelId
    is_delivered: bool = False
    replaced_by: str = ""
    revision: int = 0
    stall_by: datetime | None = None

    @property
    def is_awaited(self) -> bool:
        """
        Whether it counts, and the customer does not have it yet.
        """
        return not self.replaced_by and not self.is_delivered


@frozen
class DisputeMark:
    """
    An open dispute, and the units it is about.

    Attributes:
        is_about_unsent: Whether they had not left when it was opened.
    """

    dispute_id: DisputeId
    items: tuple[ItemQuantity, ...]
    is_about_unsent: bool = False


@frozen
class LabelMark:
    """
    A label that is being bought, and the units that it is for: nothing else may send
    them, or refund them, until it is known what became of it.
    """

    label_id: LabelId
    items: tuple[ItemQuantity, ...]
