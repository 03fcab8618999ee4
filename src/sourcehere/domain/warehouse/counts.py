"""
What somebody counted in a cloud warehouse, beside what the books said.
"""

from datetime import datetime

from ..kernel.actor import Actor
from ..kernel.errors import Blocker, CommandRefusedError
from ..kernel.ids import SellerId, VariantId, WarehouseId
from ..kernel.values import frozen
from ..kernel.words import counted


@frozen(kw_only=True)
class StockCount:
    """
    One count of a variant in one warehouse; counts are only added.

    Attributes:
        expected: Units that the books had on hand.

        counted: Units that were there.

        units_refunded, refunded_minor: Of those that were missing: what the seller got
            back for them, in minor units.

        note: What the person typed.
    """

    seller_id: SellerId
    count_id: str
    warehouse_id: WarehouseId
    variant_id: VariantId
    expected: int
    counted: int
    units_refunded: int
    refunded_minor: int
    currency: str
    by: Actor
    note: str
    counted_at: datetime

    @property
    def lost(self) -> int:
        """
        Units that are missing and were not refunded; below zero, units found again.
        """
        return self.expected - self.counted - self.units_refunded


def too_few(
    warehouse_id: str, variant_id: str, *, counted: int, bound: int
) -> Exception:
    """
    Return the refusal of a count below what is bound to paid orders.
    """
    words = (
        f"{_units(counted)} counted, but {bound} are bound to paid orders; refund units"
        " of these first, or send them short"
    )
    facts = {"counted": counted, "bound": bound}
    return _refused(warehouse_id, variant_id, Blocker("units_allocated", words, facts))


def too_many(
    warehouse_id: str, variant_id: str, *, counted: int, most: int
) -> Exception:
    """
    Return the refusal of a count above what came and did not leave.
    """
    words = (
        f"{_units(counted)} counted, but no more than {most} came and did not leave;"
        " what comes beside orders is not the seller's stock"
    )
    facts = {"counted": counted, "most": most}
    return _refused(warehouse_id, variant_id, Blocker("more_than_came", words, facts))


def disputed(
    warehouse_id: str,
    variant_id: str,
    order_id: str,
    item_id: str,
    *,
    missing: int,
    left: int,
) -> Exception:
    """
    Return the refusal to refund missing units that an open dispute may refund.
    """
    words = (
        f"{_units(missing)} of item {item_id} of order {order_id} missing, but an open"
        f" dispute leaves {left} to refund; end it first"
    )
    facts: dict[str, str | int] = {
        "order": order_id,
        "item": item_id,
        "missing": missing,
        "left": left,
    }
    return _refused(warehouse_id, variant_id, Blocker("units_disputed", words, facts))


def _refused(warehouse_id: str, variant_id: str, why: Blocker) -> CommandRefusedError:
    return CommandRefusedError(
        kind="stock",
        id=f"{warehouse_id}/{variant_id}",
        command="count",
        blockers=[why],
    )


def _units(count: int) -> str:
    return counted(count, "unit")
