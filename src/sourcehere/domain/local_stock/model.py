"""
Goods that lie at the seller's own place: how many there are, and why.

The platform never sees these units: the seller counts them, and says what becomes of
them. What is on hand is the sum of the movements, and never below zero.
"""

import enum
from datetime import datetime

from ..kernel.actor import Actor
from ..kernel.errors import StateError
from ..kernel.ids import ItemId, OrderId, SellerId, VariantId
from ..kernel.values import frozen
from ..kernel.words import counted


class LocalMovementKind(enum.StrEnum):
    """
    Why a number of the local stock changed.
    """

    RECEIVED = "received"  # units of a manual order arrived, to be kept
    COUNTED = "counted"  # somebody counted, and found more or fewer
    SOLD = "sold"  # the seller sold them by hand
    SERVED = "served"  # an order of a shop was served from here
    PUT_BACK = "put_back"  # that order was not served from here after all


@frozen(kw_only=True)
class LocalStock:
    """
    The units of one variant that lie at the seller's own place.

    Attributes:
        on_hand: How many there are.

        changed_at: When they were last moved or counted.
    """

    seller_id: SellerId
    variant_id: VariantId
    on_hand: int
    changed_at: datetime


@frozen(kw_only=True)
class LocalMovement:
    """
    One change of the local stock; movements are only added.

    Attributes:
        quantity: Units that came; below zero, that went; zero where a count found what
            was expected.

        order_id, item_id: The order that they came from or went to; empty for what was
            done by hand.

        note: What the person typed; personal data.
    """

    seller_id: SellerId
    movement_id: str
    variant_id: VariantId
    kind: LocalMovementKind
    quantity: int
    order_id: OrderId
    item_id: ItemId
    by: Actor
    note: str
    moved_at: datetime


class TooLittleLocalStockError(StateError):
    """
    More units are asked than lie at the seller's own place.
    """

    def __init__(self, *, variant_id: str, on_hand: int, asked: int) -> None:
        super().__init__(
            f"variant {variant_id}: {counted(asked, 'unit')} asked, {on_hand} in the"
            " local stock"
        )
        self.variant_id = variant_id
        self.on_hand = on_hand
        self.asked = asked
