"""
The stock ledger: why a lot's numbers change, and by how much.

`EFFECTS` is the one table of signs: booking adds by it, and the audit sums by it.
"""

import enum
from datetime import datetime

from ..kernel.ids import ItemId, LotId, OrderId, SellerId
from ..kernel.values import frozen


class MovementKind(enum.StrEnum):
    """
    Why a lot's numbers changed.
    """

    RECEIVED = "received"
    RETURNED = "returned"  # had left, and came back
    ALLOCATED = "allocated"
    RELEASED = "released"
    SHIPPED = "shipped"
    REMOVED = "removed"  # refunded, so not the seller's any more
    LOST = "lost"  # a count found fewer
    FOUND = "found"  # a count found what another one had lost


@frozen(kw_only=True)
class Effect:
    """
    What one unit of a movement adds to the numbers of its lot.
    """

    received: int = 0
    on_hand: int = 0
    allocated: int = 0


EFFECTS: dict[str, Effect] = {
    MovementKind.RECEIVED: Effect(received=1, on_hand=1),
    MovementKind.RETURNED: Effect(received=1, on_hand=1),
    MovementKind.ALLOCATED: Effect(allocated=1),
    MovementKind.RELEASED: Effect(allocated=-1),
    MovementKind.SHIPPED: Effect(on_hand=-1, allocated=-1),
    MovementKind.REMOVED: Effect(on_hand=-1),
    MovementKind.LOST: Effect(on_hand=-1),
    MovementKind.FOUND: Effect(on_hand=1),
}


@frozen(kw_only=True)
class Movement:
    """
    One entry of the stock ledger; quantities are positive, the kind gives the sign.
    """

    seller_id: SellerId
    lot_id: LotId
    movement_id: str
    kind: str
    quantity: int
    order_id: OrderId
    item_id: ItemId
    moved_at: datetime
