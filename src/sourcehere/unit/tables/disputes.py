"""
Disputes.
"""

from datetime import datetime

from ...domain.disputes.model import Dispute
from ..records import Records

DISPUTES: Records[Dispute] = Records(
    "dispute",
    Dispute,
    key=["seller_id", "dispute_id"],
    skip=["pending"],
    derived=[("deadline", datetime)],
    version="version",
)
DISPUTES_DUE = DISPUTES.way("due", equal=["state"], order=["deadline"])
DISPUTES_OF = DISPUTES.way(
    "of_order", equal=["seller_id", "order_id"], order=["dispute_id"]
)
DISPUTES_OF_SELLER = DISPUTES.way(
    "of_seller", equal=["seller_id"], order=["dispute_id"]
)
DISPUTES_BY_STATE = DISPUTES.way("by_state", equal=["state"], order=["dispute_id"])

RECORDS = (DISPUTES,)
