"""
Everything that can happen to an order: facts, past tense, by their stored names.

Amounts are minor units of the order's settlement currency; `state` is the state after.
Those up to payment stand here, the others beside.
"""

from datetime import datetime

from ..kernel.clock import NEVER
from ..kernel.events import Event, named
from ..kernel.ids import CheckoutId, ContactId, OrderId, StoreId
from ..kernel.parcels import PlannedParcel
from ..kernel.values import frozen
from .aftersales_events import (
    BuyerErased as BuyerErased,
)
from .aftersales_events import (
    DisputeClosed as DisputeClosed,
)
from .aftersales_events import (
    DisputeOpened as DisputeOpened,
)
from .aftersales_events import (
    HoldEscalated as HoldEscalated,
)
from .aftersales_events import (
    HoldPlaced as HoldPlaced,
)
from .aftersales_events import (
    HoldReleased as HoldReleased,
)
from .aftersales_events import (
    NoteAdded as NoteAdded,
)
from .aftersales_events import (
    OrderRefunded as OrderRefunded,
)
from .aftersales_events import (
    ReshipCreated as ReshipCreated,
)
from .aftersales_events import (
    UnitsCancelled as UnitsCancelled,
)
from .aftersales_events import (
    UnitsRestocked as UnitsRestocked,
)
from .lines import LinePairing, NewLine, PaidItem
from .sending_events import (
    ConsignmentReceived as ConsignmentReceived,
)
from .sending_events import (
    ConsignmentSent as ConsignmentSent,
)
from .sending_events import (
    FreightSupplemented as FreightSupplemented,
)
from .sending_events import (
    LabelClosed as LabelClosed,
)
from .sending_events import (
    LabelOpened as LabelOpened,
)
from .sending_events import (
    LateUnitsCounted as LateUnitsCounted,
)
from .sending_events import (
    OrderAccepted as OrderAccepted,
)
from .sending_events import (
    OrderDelivered as OrderDelivered,
)
from .sending_events import (
    OrderDispatched as OrderDispatched,
)
from .sending_events import (
    OrderShipped as OrderShipped,
)
from .sending_events import (
    ParcelDelivered as ParcelDelivered,
)
from .sending_events import (
    ParcelStalled as ParcelStalled,
)
from .sending_events import (
    ParcelTracked as ParcelTracked,
)
from .sending_events import (
    ParcelVoided as ParcelVoided,
)
from .sending_events import (
    RestShippedShort as RestShippedShort,
)
from .sending_events import (
    RestWrittenOff as RestWrittenOff,
)
from .sending_events import (
    TrackingCorrected as TrackingCorrected,
)
from .sending_events import (
    UnitsWrittenOff as UnitsWrittenOff,
)


@named("order.imported")
@frozen(kw_only=True)
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
@frozen(kw_only=True)
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
@frozen(kw_only=True)
class OrderPlaced(Event):
    """
    The seller placed the draft: it waits for payment.
    """

    state: str
    pay_by: datetime


@named("order.lines_paired")
@frozen(kw_only=True)
class LinesPaired(Event):
    """
    Lines got platform variants.
    """

    pairings: tuple[LinePairing, ...]


@named("order.lines_unpaired")
@frozen(kw_only=True)
class LinesUnpaired(Event):
    """
    Lines of an order that waits anyway lost what they were paired with.
    """

    lines: tuple[int, ...]
    reason: str


@named("order.line_set_apart")
@frozen(kw_only=True)
class LineSetApart(Event):
    """
    What a line was paired with was taken away, for this order alone; no connection
    pairs it from now on.
    """

    line: int


@named("order.lines_left_out")
@frozen(kw_only=True)
class LinesLeftOut(Event):
    """
    Lines left, as we do not supply what they are of; the others are numbered anew.

    Attributes:
        lines: Their numbers until now.
    """

    lines: tuple[int, ...]


@named("order.recognized")
@frozen(kw_only=True)
class OrderRecognized(Event):
    """
    Every line is paired now.
    """

    state: str
    pay_by: datetime


@named("order.pay_by_moved")
@frozen(kw_only=True)
class PayByMoved(Event):
    """
    There is more time to pay: it waited for somebody else until now.
    """

    pay_by: datetime


@named("order.unrecognized")
@frozen(kw_only=True)
class OrderUnrecognized(Event):
    """
    Lines lost what they were paired with.
    """

    state: str
    lines: tuple[int, ...]
    reason: str


@named("order.lines_parted")
@frozen(kw_only=True)
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
@frozen(kw_only=True)
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
@frozen(kw_only=True)
class OrderIgnored(Event):
    """
    The seller supplies it elsewhere.
    """

    state: str


@named("order.restored")
@frozen(kw_only=True)
class OrderRestored(Event):
    """
    An ignored order is wanted after all.
    """

    state: str


@named("order.cancelled")
@frozen(kw_only=True)
class OrderCancelled(Event):
    """
    The order ended without reaching anybody.

    Attributes:
        reason: `seller`, `store`, `expired`, `refunded`, `lost`, `not_ours` or
            `local_stock`.
    """

    state: str
    reason: str


@named("order.put_back")
@frozen(kw_only=True)
class OrderPutBack(Event):
    """
    An order that was served from the local stock is not after all: its units are back
    there, and it counts as cancelled by the seller.
    """


@named("order.shipping_chosen")
@frozen(kw_only=True)
class ShippingChosen(Event):
    """
    The seller picked a shipping method.
    """

    method: str


@named("order.address_corrected")
@frozen(kw_only=True)
class AddressCorrected(Event):
    """
    The contact has a newer version.
    """

    contact_version: int
    country: str


@named("order.paid")
@frozen(kw_only=True)
class OrderPaid(Event):
    """
    Money was captured, and the cloud stock it draws on allocated.

    Attributes:
        parcels: In which it is planned to travel, where they are several.

        promised_by: Until when it has to leave; NEVER for no promise.
    """

    state: str
    checkout_id: CheckoutId
    method: str
    goods_minor: int
    freight_minor: int
    handling_minor: int
    items: tuple[PaidItem, ...]
    parcels: tuple[PlannedParcel, ...] = ()
    promised_by: datetime = NEVER


@named("order.store_lines_changed")
@frozen(kw_only=True)
class StoreLinesChanged(Event):
    """
    The shop edited an order that is not paid here; ours follows.
    """

    lines: tuple[NewLine, ...]


ORIGIN_EVENTS: tuple[type[Event], ...] = (
    OrderImported,
    OrderCreated,
    OrderPartedOff,
    ReshipCreated,
)
