"""
Everything that can happen to an order.

Amounts are minor units of the order's settlement currency. `state` is the state after.
"""

from datetime import datetime

import attrs

from ..kernel.events import Event, named
from ..kernel.ids import (
    CheckoutId,
    ContactId,
    DisputeId,
    HoldId,
    OrderId,
    ParcelId,
    RefundId,
    StoreId,
)
from .lines import (
    ItemCount,
    ItemQuantity,
    ItemRefund,
    LinePairing,
    NewLine,
    PaidItem,
)


@named("order.imported")
@attrs.frozen(kw_only=True)
class OrderImported(Event):
    """
    A shop's order arrived.
    """

    state: str
    store_id: StoreId
    external_id: str
    part: int
    number: str
    currency: str
    contact_id: ContactId
    country: str
    placed_at: datetime
    pay_by: datetime | None
    lines: tuple[NewLine, ...]


@named("order.created")
@attrs.frozen(kw_only=True)
class OrderCreated(Event):
    """
    A seller wrote a manual or cloud-warehouse order down.

    Attributes:
        warehouse: Where a cloud-warehouse order goes; empty for manual ones.

        draws_on_stock: Whether a manual order may take the seller's cloud stock.
    """

    state: str
    kind: str
    number: str
    currency: str
    contact_id: ContactId
    country: str
    warehouse: str
    draws_on_stock: bool
    lines: tuple[NewLine, ...]


@named("order.placed")
@attrs.frozen(kw_only=True)
class OrderPlaced(Event):
    """
    The seller means it: it waits for payment.
    """

    state: str
    pay_by: datetime


@named("order.lines_paired")
@attrs.frozen(kw_only=True)
class LinesPaired(Event):
    """
    Lines got platform variants.
    """

    pairings: tuple[LinePairing, ...]


@named("order.lines_unpaired")
@attrs.frozen(kw_only=True)
class LinesUnpaired(Event):
    """
    Lines of an order that waits anyway lost what they were paired with.
    """

    lines: tuple[int, ...]
    reason: str


@named("order.recognized")
@attrs.frozen(kw_only=True)
class OrderRecognized(Event):
    """
    Every line is paired now.
    """

    state: str
    pay_by: datetime


@named("order.unrecognized")
@attrs.frozen(kw_only=True)
class OrderUnrecognized(Event):
    """
    Lines lost what they were paired with.
    """

    state: str
    lines: tuple[int, ...]
    reason: str


@named("order.lines_parted")
@attrs.frozen(kw_only=True)
class LinesParted(Event):
    """
    The paired lines go on; the others left for another part of the shop's order.

    The lines that stay are numbered anew, from 1.

    Attributes:
        lines: The numbers, until now, of those that left.

        rest_id: The part they are now.
    """

    state: str
    pay_by: datetime
    lines: tuple[int, ...]
    rest_id: OrderId


@named("order.parted_off")
@attrs.frozen(kw_only=True)
class OrderPartedOff(Event):
    """
    Lines that wait for pairing became a part of their own of the shop's order.

    Attributes:
        origin_id: The part they were in.
    """

    state: str
    store_id: StoreId
    external_id: str
    part: int
    number: str
    currency: str
    contact_id: ContactId
    contact_version: int
    country: str
    method: str
    placed_at: datetime
    lines: tuple[NewLine, ...]
    origin_id: OrderId


@named("order.ignored")
@attrs.frozen(kw_only=True)
class OrderIgnored(Event):
    """
    The seller supplies it elsewhere.
    """

    state: str


@named("order.restored")
@attrs.frozen(kw_only=True)
class OrderRestored(Event):
    """
    An ignored order is wanted after all.
    """

    state: str


@named("order.cancelled")
@attrs.frozen(kw_only=True)
class OrderCancelled(Event):
    """
    The order ended without reaching anybody.

    Attributes:
        reason: `seller`, `store`, `expired`, `refunded` or `lost`.
    """

    state: str
    reason: str


@named("order.shipping_chosen")
@attrs.frozen(kw_only=True)
class ShippingChosen(Event):
    """
    The seller picked a shipping method.
    """

    method: str


@named("order.address_corrected")
@attrs.frozen(kw_only=True)
class AddressCorrected(Event):
    """
    The contact has a newer version.
    """

    contact_version: int
    country: str


@named("order.paid")
@attrs.frozen(kw_only=True)
class OrderPaid(Event):
    """
    Money was captured, and the cloud stock it draws on allocated.
    """

    state: str
    checkout_id: CheckoutId
    method: str
    goods_minor: int
    freight_minor: int
    handling_minor: int
    items: tuple[PaidItem, ...]


@named("order.accepted")
@attrs.frozen(kw_only=True)
class OrderAccepted(Event):
    """
    The warehouse took it on; from here a cancellation is a dispute.
    """


@named("order.shipped")
@attrs.frozen(kw_only=True)
class OrderShipped(Event):
    """
    A parcel left.
    """

    state: str
    parcel_id: ParcelId
    items: tuple[ItemQuantity, ...]
    deliver_by: datetime


@named("order.rest_shipped_short")
@attrs.frozen(kw_only=True)
class RestShippedShort(Event):
    """
    What was left will never be sent.
    """

    state: str
    items: tuple[ItemQuantity, ...]


@named("order.units_cancelled")
@attrs.frozen(kw_only=True)
class UnitsCancelled(Event):
    """
    Units will not be sent, by agreement, before they left.
    """

    items: tuple[ItemQuantity, ...]


@named("order.refunded")
@attrs.frozen(kw_only=True)
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


@named("order.parcel_delivered")
@attrs.frozen(kw_only=True)
class ParcelDelivered(Event):
    """
    A parcel reached the customer.
    """

    parcel_id: ParcelId


@named("order.delivered")
@attrs.frozen(kw_only=True)
class OrderDelivered(Event):
    """
    The customer has everything.

    Attributes:
        cause: `parcels`, or `timer` where nobody said otherwise for long enough.
    """

    state: str
    cause: str


@named("order.tracking_corrected")
@attrs.frozen(kw_only=True)
class TrackingCorrected(Event):
    """
    A parcel has another tracking number than was said.
    """

    parcel_id: ParcelId
    revision: int


@named("order.parcel_voided")
@attrs.frozen(kw_only=True)
class ParcelVoided(Event):
    """
    A parcel was replaced by another; its units stay shipped.
    """

    parcel_id: ParcelId
    replacement: ParcelId


@named("order.hold_placed")
@attrs.frozen(kw_only=True)
class HoldPlaced(Event):
    """
    Something stops the order, or asks for a look.
    """

    hold_id: HoldId
    reason: str
    detail: str


@named("order.hold_released")
@attrs.frozen(kw_only=True)
class HoldReleased(Event):
    """
    A hold is gone.
    """

    hold_id: HoldId


@named("order.dispute_opened")
@attrs.frozen(kw_only=True)
class DisputeOpened(Event):
    """
    The seller disputes units of it, which have left, or have not.
    """

    dispute_id: DisputeId
    items: tuple[ItemQuantity, ...]
    is_about_unsent: bool = False


@named("order.dispute_closed")
@attrs.frozen(kw_only=True)
class DisputeClosed(Event):
    """
    A dispute ended.
    """

    dispute_id: DisputeId
    outcome: str


@named("order.store_lines_changed")
@attrs.frozen(kw_only=True)
class StoreLinesChanged(Event):
    """
    The shop edited an order that is not paid here; ours follows.
    """

    lines: tuple[NewLine, ...]


@named("order.dispatched")
@attrs.frozen(kw_only=True)
class OrderDispatched(Event):
    """
    The goods of a cloud-warehouse order left for the warehouse.
    """

    state: str


@named("order.consignment_received")
@attrs.frozen(kw_only=True)
class ConsignmentReceived(Event):
    """
    A warehouse counted goods of a cloud-warehouse order.
    """

    state: str
    receipt_id: str
    counts: tuple[ItemCount, ...]


@named("order.rest_written_off")
@attrs.frozen(kw_only=True)
class RestWrittenOff(Event):
    """
    What never reached the warehouse is settled.
    """

    state: str
    items: tuple[ItemQuantity, ...]


@named("order.units_written_off")
@attrs.frozen(kw_only=True)
class UnitsWrittenOff(Event):
    """
    Units lost on the way to the warehouse are settled: a dispute refunds them.
    """

    items: tuple[ItemQuantity, ...]


@named("order.note_added")
@attrs.frozen(kw_only=True)
class NoteAdded(Event):
    """
    Somebody wrote a note; its text is kept apart.
    """

    note_id: str


ORIGIN_EVENTS: tuple[type[Event], ...] = (
    OrderImported,
    OrderCreated,
    OrderPartedOff,
)
