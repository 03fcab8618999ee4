"""
What happens when something is not as it should be: holds, disputes, refunds, notes.
"""

from datetime import datetime

from ..kernel.clock import NEVER
from ..kernel.events import Event, named
from ..kernel.ids import (
    ContactId,
    DisputeId,
    HoldId,
    OrderId,
    RefundId,
    WarehouseId,
)
from ..kernel.values import frozen
from .lines import ItemQuantity, ItemRefund, NewLine


@named("order.reship_created")
@frozen(kw_only=True)
class ReshipCreated(Event):
    """
    A dispute ended with sending its units again, with an order of their own.

    Attributes:
        origin_order_id: The order that they were first sent with.

        lines: One for each item that is sent again, which is its `external_line_id`.

        promised_by: Until when it has to leave; NEVER for no promise.
    """

    state: str
    number: str
    currency: str
    contact_id: ContactId
    country: str
    method: str
    origin_order_id: OrderId
    dispute_id: DisputeId
    lines: tuple[NewLine, ...]
    promised_by: datetime = NEVER


@named("order.units_cancelled")
@frozen(kw_only=True)
class UnitsCancelled(Event):
    """
    Units will not be sent, by agreement, before they left.
    """

    items: tuple[ItemQuantity, ...]


@named("order.refunded")
@frozen(kw_only=True)
class OrderRefunded(Event):
    """
    Money of this order's capture was given back.

    Attributes:
        amount_minor: In all: the items' amounts and the freight.
    """

    refund_id: RefundId
    amount_minor: int
    freight_minor: int
    items: tuple[ItemRefund, ...]


@named("order.units_restocked")
@frozen(kw_only=True)
class UnitsRestocked(Event):
    """
    Units that had left came back, and are the seller's stock again.
    """

    warehouse_id: WarehouseId
    items: tuple[ItemQuantity, ...]


@named("order.hold_placed")
@frozen(kw_only=True)
class HoldPlaced(Event):
    """
    Something stops the order, or asks for a look.

    Attributes:
        detail: Facts in words of ours; what people typed is kept apart.

        deadline: When something happens by itself while it is open.

        parcel_id: The parcel that is the matter; empty if it is the order.
    """

    hold_id: HoldId
    reason: str
    detail: str
    deadline: datetime | None = None
    parcel_id: str = ""


@named("order.hold_escalated")
@frozen(kw_only=True)
class HoldEscalated(Event):
    """
    Whose turn it was let the time pass; it is somebody else's turn now.
    """

    hold_id: HoldId
    who: str


@named("order.hold_released")
@frozen(kw_only=True)
class HoldReleased(Event):
    """
    A hold is gone.
    """

    hold_id: HoldId


@named("order.dispute_opened")
@frozen(kw_only=True)
class DisputeOpened(Event):
    """
    The seller disputes units of it, which have left, or have not.
    """

    dispute_id: DisputeId
    items: tuple[ItemQuantity, ...]
    is_about_unsent: bool = False


@named("order.dispute_closed")
@frozen(kw_only=True)
class DisputeClosed(Event):
    """
    A dispute ended.
    """

    dispute_id: DisputeId
    outcome: str


@named("order.note_added")
@frozen(kw_only=True)
class NoteAdded(Event):
    """
    Somebody wrote a note; its text is kept apart.
    """

    note_id: str


@named("order.buyer_erased")
@frozen(kw_only=True)
class BuyerErased(Event):
    """
    Who it went to was forgotten, with what was written about it. Whoever keeps a copy
    of that is to forget it, too.
    """
