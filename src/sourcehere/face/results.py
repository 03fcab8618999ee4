"""
What commands answer: what they made or moved, by name.
"""

from collections.abc import Mapping
from typing import Generic, TypeVar

from ..domain.kernel.errors import SourceHereError
from ..domain.kernel.ids import (
    ConnectionId,
    DisputeId,
    HoldId,
    OrderId,
    ParcelId,
    QuoteRequestId,
    StoreId,
    VariantId,
)
from ..domain.kernel.money import Money
from ..domain.kernel.values import frozen
from ..domain.talk.model import Subject

T = TypeVar("T")


@frozen
class Report(Generic[T]):
    """
    What became of every item of a command about many.

    Attributes:
        done: Item -> result, also of items that an earlier run of the command did.

        failed: Item -> why; nothing of such an item was changed.
    """

    done: Mapping[str, T]
    failed: Mapping[str, SourceHereError]


@frozen
class OrderState:
    """
    An order, and the state it is in after a command.
    """

    order_id: OrderId
    state: str


@frozen(kw_only=True)
class BuyerErased:
    """
    What was forgotten of a buyer.

    Attributes:
        order_ids: The orders of that purchase: all parts of it.

        addresses: How many versions of the address are gone.

        texts: Of how many notes and messages the words are gone.

        answers: How much of what the shop said is deleted, since it named the order.
    """

    order_ids: tuple[OrderId, ...]
    addresses: int
    texts: int
    answers: int


@frozen
class ReceivedLocally:
    """
    How many units of a manual order came into the local stock.
    """

    order_id: OrderId
    units: int


@frozen
class HoldPlaced:
    """
    A hold, to be released by its id.
    """

    order_id: OrderId
    hold_id: HoldId


@frozen
class NoteWritten:
    """
    A note about an order.
    """

    order_id: OrderId
    note_id: str


@frozen
class PartsProcessed:
    """
    An order whose paired lines go on, and the part that still waits for pairing.
    """

    order_id: OrderId
    waiting_id: OrderId


@frozen
class PartAdded:
    """
    An order of a shop, and the new part with the units that the shop added to it.
    """

    order_id: OrderId
    part_id: OrderId


@frozen
class ParcelSent:
    """
    A parcel that left, or that replaces another one.
    """

    order_id: OrderId
    parcel_id: ParcelId


@frozen
class FactsRecorded:
    """
    How many things a carrier said of a parcel were new.
    """

    parcel_id: ParcelId
    new: int


@frozen
class ConnectionMade:
    """
    A connection; orders that waited for it are tried by the relay.
    """

    connection_id: ConnectionId


@frozen
class QuoteAccepted:
    """
    A quote that was accepted; orders that waited for it are tried by the relay.

    Attributes:
        connection_id: None where it was asked without a shop, and nothing is connected.
    """

    request_id: QuoteRequestId
    connection_id: ConnectionId | None


@frozen
class ConnectionEnded:
    """
    A connection that pairs nothing any more.

    Attributes:
        orders_waiting: How many orders went back to Unrecognized by it.
    """

    connection_id: ConnectionId
    orders_waiting: int


@frozen
class PairingCorrected:
    """
    An order, one line of which is as its connection pairs it from now on.

    Attributes:
        state: The order's, after the command.
    """

    connection_id: ConnectionId
    order_id: OrderId
    state: str


@frozen
class NotOursMarked:
    """
    A shop, some of whose products are not ours.

    Attributes:
        orders_changed: How many unpaid orders have fewer lines by it, or ended.
    """

    store_id: StoreId
    orders_changed: int


@frozen
class VariantDropped:
    """
    A variant that none of a seller's connections needs any more.

    Attributes:
        orders_waiting: How many orders went back to Unrecognized by it.
    """

    variant_id: VariantId
    orders_waiting: int


@frozen
class HelpAsked:
    """
    A call for pairing help.
    """

    help_id: str


@frozen
class QuoteState:
    """
    A quote request, and the state it is in after a command.
    """

    request_id: QuoteRequestId
    state: str


@frozen
class DisputeState:
    """
    A dispute, and the state it is in after a command.
    """

    dispute_id: DisputeId
    state: str


@frozen
class DisputeSettled:
    """
    A dispute that ended with a refund, or with an order that sends its units again.

    Attributes:
        refunded: Zero where they are sent again.

        reship_order_id: The order that sends them again; empty where money came back.
    """

    dispute_id: DisputeId
    state: str
    refunded: Money
    reship_order_id: OrderId


@frozen
class CancelAsked:
    """
    What became of a request to cancel a paid order.

    Attributes:
        state: The order's state: `cancelled` where it was done at once.

        dispute_id: The dispute that stops it otherwise; None where it was done.
    """

    order_id: OrderId
    state: str
    dispute_id: DisputeId | None


@frozen
class MessageWritten:
    """
    A message in the conversation about a subject.
    """

    about: Subject
    subject_id: str
    message_id: str


@frozen
class ConversationDone:
    """
    A conversation that waits for nobody.
    """

    about: Subject
    subject_id: str
