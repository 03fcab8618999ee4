"""
What happens to an order between payment and delivery, and to a consignment.
"""

from datetime import datetime

from ..kernel.clock import NEVER
from ..kernel.events import Event, named
from ..kernel.ids import LabelId, ParcelId
from ..kernel.values import frozen
from .lines import ItemCount, ItemQuantity


@named("order.freight_supplemented")
@frozen(kw_only=True)
class FreightSupplemented(Event):
    """
    More freight was captured, since a paid order goes to a dearer address.
    """

    freight_minor: int


@named("order.accepted")
@frozen(kw_only=True)
class OrderAccepted(Event):
    """
    The warehouse accepted the order; from here on a cancellation is a dispute.
    """


@named("order.shipped")
@frozen(kw_only=True)
class OrderShipped(Event):
    """
    A parcel left.

    Attributes:
        stall_by: When it counts as stalled if nothing is heard of it.
    """

    state: str
    parcel_id: ParcelId
    items: tuple[ItemQuantity, ...]
    deliver_by: datetime
    stall_by: datetime | None = None


@named("order.label_opened")
@frozen(kw_only=True)
class LabelOpened(Event):
    """
    A label is being bought for units; nothing else may send or refund them meanwhile.
    """

    label_id: LabelId
    items: tuple[ItemQuantity, ...]


@named("order.label_closed")
@frozen(kw_only=True)
class LabelClosed(Event):
    """
    It is known what became of a label.

    Attributes:
        outcome: `bought`, where a parcel leaves with it; `stray`, where it was bought
            and the order could not leave; else `declined`, `absent` or `dismissed`:
            nothing was bought.
    """

    label_id: LabelId
    outcome: str


@named("order.rest_shipped_short")
@frozen(kw_only=True)
class RestShippedShort(Event):
    """
    What was left will never be sent.
    """

    state: str
    items: tuple[ItemQuantity, ...]


@named("order.parcel_delivered")
@frozen(kw_only=True)
class ParcelDelivered(Event):
    """
    A parcel reached the customer.
    """

    parcel_id: ParcelId


@named("order.parcel_tracked")
@frozen(kw_only=True)
class ParcelTracked(Event):
    """
    Something was heard of a parcel that is not with the customer.

    Attributes:
        status: What the carrier says now.

        stall_by: When it counts as stalled if nothing else is heard; None where that
            does not matter.

        incident: Why it does not go on, an `IncidentReason`, or empty.
    """

    parcel_id: ParcelId
    status: str
    stall_by: datetime | None
    incident: str = ""


@named("order.parcel_stalled")
@frozen(kw_only=True)
class ParcelStalled(Event):
    """
    Nothing was heard of a parcel for too long.
    """

    parcel_id: ParcelId


@named("order.delivered")
@frozen(kw_only=True)
class OrderDelivered(Event):
    """
    The customer has everything.

    Attributes:
        cause: `parcels`, or `timer` where nobody said otherwise for long enough.
    """

    state: str
    cause: str


@named("order.tracking_corrected")
@frozen(kw_only=True)
class TrackingCorrected(Event):
    """
    A parcel has another tracking number than was said.

    Attributes:
        deliver_by: When the order counts as delivered if nobody says otherwise: who
            had the wrong number could not say.
    """

    parcel_id: ParcelId
    revision: int
    deliver_by: datetime | None = None


@named("order.parcel_voided")
@frozen(kw_only=True)
class ParcelVoided(Event):
    """
    A parcel was replaced by another; its units stay shipped.

    Attributes:
        deliver_by: When the order counts as delivered if nobody says otherwise.

        stall_by: When the replacement counts as stalled if nothing is heard of it.
    """

    parcel_id: ParcelId
    replacement: ParcelId
    deliver_by: datetime | None = None
    stall_by: datetime | None = None


@named("order.dispatched")
@frozen(kw_only=True)
class OrderDispatched(Event):
    """
    The goods of a cloud-warehouse order left for the warehouse.

    Attributes:
        promised_by: Until when the warehouse has to have counted them; NEVER for no
            promise.
    """

    state: str
    promised_by: datetime = NEVER


@named("order.consignment_sent")
@frozen(kw_only=True)
class ConsignmentSent(Event):
    """
    Goods of a cloud-warehouse order left for the warehouse by a carrier.
    """

    carrier: str
    tracking_number: str


@named("order.consignment_received")
@frozen(kw_only=True)
class ConsignmentReceived(Event):
    """
    A warehouse counted goods of a cloud-warehouse order.
    """

    state: str
    receipt_id: str
    counts: tuple[ItemCount, ...]


@named("order.late_units_counted")
@frozen(kw_only=True)
class LateUnitsCounted(Event):
    """
    Units turned up once every unit was settled; a person decides what they are.
    """

    receipt_id: str


@named("order.rest_written_off")
@frozen(kw_only=True)
class RestWrittenOff(Event):
    """
    What never reached the warehouse is settled.
    """

    state: str
    items: tuple[ItemQuantity, ...]


@named("order.units_written_off")
@frozen(kw_only=True)
class UnitsWrittenOff(Event):
    """
    Units lost on the way to the warehouse are settled: a dispute refunds them.
    """

    items: tuple[ItemQuantity, ...]
