"""
Why an order stands still: typed reasons, and which commands each one blocks.
"""

import enum
from datetime import datetime

import attrs

from ..kernel.ids import HoldId


class HoldReason(enum.StrEnum):
    """
    Why an order is held. A hold blocks commands, never facts.
    """

    STORE_UNPAID = "store_unpaid"  # the shop's customer has not paid
    STORE_CHANGED = "store_changed"  # the shop edited an order that is paid here
    STORE_CANCELLED = "store_cancelled"  # the shop cancelled an order paid here
    STORE_DATA = "store_data"  # some records of the order could not be read
    ADDRESS = "address"  # staff cannot address the parcel; a new address ends it
    DISPUTE = "dispute"  # the seller disputes it before it left
    OVER_RECEIPT = "over_receipt"  # the warehouse counted more than was sent
    STAFF = "staff"  # staff stopped it


BLOCKED_BY: dict[str, frozenset[str]] = {
    HoldReason.STORE_UNPAID: frozenset({"pay", "accept", "ship"}),
    HoldReason.STORE_CHANGED: frozenset({"accept", "ship"}),
    HoldReason.STORE_CANCELLED: frozenset({"pay", "accept", "ship"}),
    HoldReason.STORE_DATA: frozenset(),
    HoldReason.ADDRESS: frozenset({"pay", "accept", "ship"}),
    HoldReason.DISPUTE: frozenset({"accept", "ship", "dispatch"}),
    HoldReason.OVER_RECEIPT: frozenset({"write_off_rest", "give_up"}),
    HoldReason.STAFF: frozenset({"pay", "accept", "ship", "dispatch"}),
}


# What people find; every other reason follows from a fact.
FOUND_BY_STAFF = frozenset({HoldReason.STAFF, HoldReason.ADDRESS})


@attrs.frozen
class Hold:
    """
    One open hold.

    Attributes:
        detail: Facts in words; no personal data.

        deadline: When something happens by itself while it is open; what, says the row
            of its reason in `deadlines.py`.
    """

    hold_id: HoldId
    reason: str
    detail: str
    placed_at: datetime
    deadline: datetime | None = None

    @property
    def is_blocking(self) -> bool:
        """
        Whether it stops anything; a blocking hold makes the order Abnormal.
        """
        return bool(BLOCKED_BY[self.reason])
