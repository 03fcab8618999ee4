"""
What was repaired: one row for each row that was written, never changed.
"""

from datetime import datetime

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import SellerId
from ...domain.kernel.values import frozen
from ..records import Records


@frozen(kw_only=True)
class Repair:
    """
    One row that a repair wrote, and why; it is never changed.

    Attributes:
        seller_id: Whose it is; empty for what belongs to the platform.

        number: Counts the repairs of one seller, from 1.

        plan_id: The plan that it was part of.

        actor: Who did it.

        invariant, subject: The finding of the audit that it answers.

        table_name, row_key: What was written.

        before, after: The columns that differ, as they were and as they are; empty
            where there was no row, or is none any more.

        reason: Why, as was said when it was done.
    """

    seller_id: SellerId
    number: int
    plan_id: str
    repaired_at: datetime
    actor: Actor
    invariant: str
    subject: str
    table_name: str
    row_key: tuple[str, ...]
    before: dict[str, object]
    after: dict[str, object]
    reason: str


REPAIRS = Records("repair", Repair, key=["seller_id", "number"])
REPAIRS_OF = REPAIRS.way("of_seller", equal=["seller_id"], order=["number"])

RECORDS = (REPAIRS,)
