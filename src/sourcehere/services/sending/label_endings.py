"""
What became of a label, kept in one commit with what follows from it.
"""

from datetime import datetime

import attrs

from ...domain.contacts.model import ERASED
from ...domain.effects.labels import MANUAL, Label, LabelStage
from ...domain.effects.machine import SENDING, SUCCEEDED, UNKNOWN
from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.ids import LabelId, ParcelId, new_id
from ...domain.orders.order import Order
from ...domain.shipments.model import TrackingEvent, TrackingStatus
from ...ports.errors import ProtocolError
from ...ports.labels import SoldLabel
from ...unit.seller_unit import SellerUnit
from ...unit.tables.shipments import (
    LABELS,
    LABELS_OF,
    LABELS_OF_PARCEL,
    PARCELS,
    PARCELS_BY_TRACKING,
    TRACKING_EVENTS,
)
from ..base.forgotten import of_forgotten
from ..base.settings import Settings
from .following import follow
from .leaving import Bindings, ask_for_bound
from .shipping import NewParcel, send_parcel

_VOIDABLE = (LabelStage.VOIDING, LabelStage.STUCK)
_VOIDED_BY = {SENDING: "succeed", UNKNOWN: "find", MANUAL: "settle"}
BOUGHT, STRAY = LabelStage.BOUGHT.value, LabelStage.STRAY.value


def keep_bought(
    unit: SellerUnit, asked: Label, sold: SoldLabel, settings: Settings
) -> Label:
    """
    Send the parcel with the label that was bought.

    What a carrier says that it sold is the truth, however late it says so.

    Raises:
        CommandRefusedError: If the order cannot leave any more; `keep_stray` then.

        ProtocolError: If it is the label of another parcel.
    """
    order = unit.orders.one(asked.order_id)
    label = unit.need(LABELS, asked.label_id, lock=True)
    if not label.is_live:
        return _late(unit, label, sold)
    _require_its_own(unit, label, sold)
    by = Actor(Role.STAFF, label.bought_by)
    order.close_label(label.label_id, BOUGHT, by=by, at=unit.now)
    new = NewParcel(
        order_id=label.order_id,
        carrier=sold.carrier,
        tracking_number=sold.tracking_number,
        quantities={item.item_id: item.quantity for item in label.items},
        leaves_from=label.leaves_from,
    )
    bindings = Bindings(ask_for_bound(unit, [order.order_id]))
    parcel_id = send_parcel(unit, bindings, new, settings, by=by)
    bought = _sold(label, sold, now=unit.now, parcel_id=parcel_id)
    unit.put(LABELS, bought)
    return bought


def _require_its_own(unit: SellerUnit, label: Label, sold: SoldLabel) -> None:
    """
    Refuse a label that left with another parcel of the seller: there is one to print,
    and who voids it voids both.

    Raises:
        ProtocolError: If it did.
    """
    parcels = unit.find(PARCELS_BY_TRACKING, [(sold.tracking_number,)])
    keys = [(parcel.parcel_id,) for parcel in parcels]
    for other in unit.find(LABELS_OF_PARCEL, keys):
        named = (other.connection, other.reference)
        if named == (label.connection, sold.reference):
            raise ProtocolError(
                provider=label.connection,
                field="label.reference",
                value=sold.reference,
                detail=f"{sold.reference!r} is the label of another parcel",
            )


def keep_stray(unit: SellerUnit, asked: Label, sold: SoldLabel, why: str) -> Label:
    """
    Keep that a label was bought with which nothing leaves: it is to be voided at once.
    """
    (order,) = unit.orders.headers([asked.order_id])
    label = unit.need(LABELS, asked.label_id, lock=True)
    if not label.is_live:
        return _late(unit, label, sold)
    by = Actor(Role.STAFF, label.bought_by)
    order.close_label(label.label_id, STRAY, by=by, at=unit.now)
    stray = attrs.evolve(_sold(label, sold, now=unit.now), error=why)
    unit.put(LABELS, stray)
    return stray


def keep_moved(
    unit: SellerUnit,
    asked: Label,
    events: tuple[str, ...],
    *,
    by: Actor,
    outcome: str = "",
    error: str = "",
    next_at: datetime,
) -> Label:
    """
    Keep what else became of it; nothing where somebody else has taken it up since. Its
    units are free again once nothing can become of it any more.

    Args:
        outcome: What the order says of it then; its state if not given.
    """
    (order,) = unit.orders.headers([asked.order_id])
    label = unit.need(LABELS, asked.label_id, lock=True)
    if label.epoch != asked.epoch:
        return label
    error = _unless_forgotten(unit, order, error)
    for event in events:
        label = label.moved(event, now=unit.now, error=error, next_at=next_at)
    if not label.is_live:
        words = outcome or label.state
        order.close_label(label.label_id, words, by=by, at=unit.now)
    unit.put(LABELS, label)
    return label


def keep_void(unit: SellerUnit, asked: Label, settings: Settings) -> Label:
    """
    Keep that a label is void: what was to travel with it is not carried, which holds
    its order until staff replace the parcel.
    """
    parcels = []
    if asked.parcel_id:
        unit.orders.headers([asked.order_id])
        parcels = [unit.need(PARCELS, asked.parcel_id, lock=True)]
    label = unit.need(LABELS, asked.label_id, lock=True)
    if label.stage not in _VOIDABLE:
        return label
    event = _VOIDED_BY[label.void_state]
    void = label.void_moved(event, now=unit.now, next_at=unit.now)
    by = Actor(Role.CARRIER, label.connection)
    for parcel in parcels:
        said = TrackingEvent(
            seller_id=unit.seller_id,
            parcel_id=parcel.parcel_id,
            key=f"{label.connection}:{label.label_id}:void",
            status=TrackingStatus.CANCELLED.value,
            place="",
            happened_at=unit.now,
            carrier=label.carrier,
            tracking_number=label.tracking_number,
        )
        unit.insert_new(TRACKING_EVENTS, [said])
        moved = follow(unit, [parcel], by=by, patience=settings.stalled_after)
        unit.put(PARCELS, *[m for m in moved if m != parcel])
    unit.put(LABELS, void)
    return void


def keep_void_moved(
    unit: SellerUnit,
    asked: Label,
    events: tuple[str, ...],
    *,
    error: str,
    next_at: datetime,
) -> Label:
    """
    Keep what else became of voiding it; nothing where somebody else has taken it up
    since.
    """
    label = unit.need(LABELS, asked.label_id, lock=True)
    if label.epoch != asked.epoch:
        return label
    # Who forgets a buyer blanks labels behind the address: one of the two sees both.
    order = unit.orders.one(asked.order_id, lock=False)
    error = _unless_forgotten(unit, order, error)
    for event in events:
        label = label.void_moved(event, now=unit.now, error=error, next_at=next_at)
    unit.put(LABELS, label)
    return label


def _unless_forgotten(unit: SellerUnit, order: Order, error: str) -> str:
    """
    Return why a label is not sold, or not void; of a buyer who was forgotten nothing.
    """
    return ERASED if error and of_forgotten(unit, [order]) else error


def _sold(
    label: Label, sold: SoldLabel, *, now: datetime, parcel_id: str = ""
) -> Label:
    facts = {
        "reference": sold.reference,
        "carrier": sold.carrier,
        "tracking_number": sold.tracking_number,
        "price_minor": sold.price.minor,
        "currency": sold.price.currency,
        "parcel_id": ParcelId(parcel_id),
    }
    return label.bought_as(facts, now=now)


def _late(unit: SellerUnit, label: Label, sold: SoldLabel) -> Label:
    """
    Keep a label of which nobody thought any more that it was bought.
    """
    for known in unit.find(LABELS_OF, [(label.order_id,)]):
        if (known.connection, known.reference) == (label.connection, sold.reference):
            return known  # told twice
    late = attrs.evolve(
        label,
        label_id=LabelId(new_id()),
        state=SUCCEEDED,
        epoch=0,
        reference=sold.reference,
        carrier=sold.carrier,
        tracking_number=sold.tracking_number,
        price_minor=sold.price.minor,
        currency=sold.price.currency,
        parcel_id=ParcelId(""),
        void_key="",
        void_state="",
        void_sends=0,
        error=f"sold after label {label.label_id} had ended as {label.stage}",
        next_at=unit.now,
        changed_at=unit.now,
    )
    unit.insert(LABELS, late)
    return late
