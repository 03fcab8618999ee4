"""
What each event does to an order: the only file, with `beginning_fold.py` and
`line_fold.py`, that assigns to one.

Storing and replaying run the same functions, so the stored order and the replayed one
cannot differ.
"""

from collections.abc import Callable, Iterable
from typing import Any

import attrs

from ..kernel.clock import NEVER
from ..kernel.events import Event
from ..kernel.ids import ParcelId
from . import events as e
from .beginning_fold import created, enter, imported, parted_off, reshipped
from .desk_queues import late_as, stood_still
from .holds import LATE, Hold
from .line_fold import keep_lines, pair, unpair, write_lines
from .lines import ItemQuantity
from .marks import DisputeMark, LabelMark, ParcelMark
from .model import OrderData


def apply(order: OrderData, event: Event) -> None:
    """
    Fold *event* into *order*.
    """
    _FOLDS[type(event)](order, event)
    order.version += 1


def _placed(order: OrderData, event: e.OrderPlaced) -> None:
    order.placed_at = event.occurred_at
    order.pay_by = event.pay_by
    enter(order, event)


def _lines_paired(order: OrderData, event: e.LinesPaired) -> None:
    for pairing in event.pairings:
        unpair(order, pairing.line)
        pair(order, order.lines[pairing.line - 1], pairing)


def _lines_unpaired(order: OrderData, event: e.LinesUnpaired) -> None:
    for number in event.lines:
        unpair(order, number)


def _line_set_apart(order: OrderData, event: e.LineSetApart) -> None:
    unpair(order, event.line)
    order.lines[event.line - 1].is_set_apart = True


def _lines_left_out(order: OrderData, event: e.LinesLeftOut) -> None:
    keep_lines(order, gone=event.lines)


def _recognized(order: OrderData, event: e.OrderRecognized) -> None:
    order.pay_by = event.pay_by
    enter(order, event)


def _pay_by_moved(order: OrderData, event: e.PayByMoved) -> None:
    order.pay_by = event.pay_by


def _lines_parted(order: OrderData, event: e.LinesParted) -> None:
    keep_lines(order, gone=event.lines)
    order.pay_by = event.pay_by
    enter(order, event)


def _unrecognized(order: OrderData, event: e.OrderUnrecognized) -> None:
    for number in event.lines:
        unpair(order, number)
    order.pay_by = None
    enter(order, event)


def _cancelled(order: OrderData, event: e.OrderCancelled) -> None:
    order.cancel_reason = event.reason
    enter(order, event)


def _put_back(order: OrderData, _event: e.OrderPutBack) -> None:
    order.cancel_reason = "seller"


def _shipping_chosen(order: OrderData, event: e.ShippingChosen) -> None:
    order.method = event.method


def _address_corrected(order: OrderData, event: e.AddressCorrected) -> None:
    order.contact_version = event.contact_version
    order.country = event.country


def _paid(order: OrderData, event: e.OrderPaid) -> None:
    order.checkout_id = event.checkout_id
    order.method = event.method
    order.goods_minor = event.goods_minor
    order.freight_minor = event.freight_minor
    order.handling_minor = event.handling_minor
    order.captured_minor = order.due_minor
    order.paid_at = event.occurred_at
    for paid in event.items:
        item = order.items[paid.item_id]
        item.unit_minor = paid.unit_minor
        item.quantity_from_lots = paid.quantity_from_lots
    enter(order, event)
    order.promised_by = event.promised_by


def _supplemented(order: OrderData, event: e.FreightSupplemented) -> None:
    order.freight_minor += event.freight_minor
    order.captured_minor += event.freight_minor


def _accepted(order: OrderData, event: e.OrderAccepted) -> None:
    order.accepted_at = event.occurred_at


def _mark(parcel_id: ParcelId, event: e.OrderShipped | e.ParcelVoided) -> ParcelMark:
    return ParcelMark(parcel_id, stall_by=event.stall_by)


def _shipped(order: OrderData, event: e.OrderShipped) -> None:
    order.parcels = (*order.parcels, _mark(event.parcel_id, event))
    for sent in event.items:
        order.items[sent.item_id].quantity_shipped += sent.quantity
    order.deliver_by = event.deliver_by
    enter(order, event)


def _cancel_units(order: OrderData, items: Iterable[ItemQuantity]) -> None:
    for gone in items:
        order.items[gone.item_id].quantity_cancelled += gone.quantity


def _short(order: OrderData, event: e.RestShippedShort) -> None:
    _cancel_units(order, event.items)
    enter(order, event)


def _units_cancelled(order: OrderData, event: e.UnitsCancelled) -> None:
    _cancel_units(order, event.items)


def _restocked(order: OrderData, event: e.UnitsRestocked) -> None:
    for back in event.items:
        order.items[back.item_id].quantity_returned += back.quantity


def _refunded(order: OrderData, event: e.OrderRefunded) -> None:
    order.refunded_minor += event.amount_minor
    order.freight_refunded_minor += event.freight_minor
    for refund in event.items:
        item = order.items[refund.item_id]
        item.quantity_refunded += refund.quantity
        order.units_refunded += refund.quantity
        item.refunded_minor += refund.amount_minor


def _replace_mark(order: OrderData, parcel_id: str, **changes: Any) -> None:
    order.parcels = tuple(
        [
            attrs.evolve(mark, **changes) if mark.parcel_id == parcel_id else mark
            for mark in order.parcels
        ]
    )


def _parcel_delivered(order: OrderData, event: e.ParcelDelivered) -> None:
    _replace_mark(order, event.parcel_id, is_delivered=True)


def _parcel_tracked(order: OrderData, event: e.ParcelTracked) -> None:
    _replace_mark(order, event.parcel_id, is_delivered=False, stall_by=event.stall_by)


def _parcel_stalled(order: OrderData, event: e.ParcelStalled) -> None:
    _replace_mark(order, event.parcel_id, stall_by=None)


def _tracking_corrected(order: OrderData, event: e.TrackingCorrected) -> None:
    _replace_mark(order, event.parcel_id, revision=event.revision)
    order.deliver_by = event.deliver_by or order.deliver_by


def _parcel_voided(order: OrderData, event: e.ParcelVoided) -> None:
    _replace_mark(order, event.parcel_id, replaced_by=event.replacement)
    order.parcels = (*order.parcels, _mark(event.replacement, event))
    order.deliver_by = event.deliver_by or order.deliver_by


def _hold_placed(order: OrderData, event: e.HoldPlaced) -> None:
    hold = Hold(
        event.hold_id,
        event.reason,
        event.detail,
        event.occurred_at,
        event.deadline,
        event.parcel_id,
    )
    order.holds = (*order.holds, hold)


def _hold_escalated(order: OrderData, event: e.HoldEscalated) -> None:
    order.holds = tuple(
        attrs.evolve(hold, who=event.who, deadline=None)
        if hold.hold_id == event.hold_id
        else hold
        for hold in order.holds
    )


def _hold_released(order: OrderData, event: e.HoldReleased) -> None:
    gone = [h for h in order.holds if h.hold_id == event.hold_id]
    order.holds = tuple(h for h in order.holds if h.hold_id != event.hold_id)
    for hold in gone if order.promised_by != NEVER else ():
        if hold.reason == late_as(order):
            order.promised_by = NEVER  # staff know; nobody counts the days any more
        elif not any(h.reason in LATE for h in order.holds):
            order.promised_by += stood_still(order, hold, event.occurred_at)


def _dispute_opened(order: OrderData, event: e.DisputeOpened) -> None:
    mark = DisputeMark(event.dispute_id, event.items, event.is_about_unsent)
    order.disputes = (*order.disputes, mark)


def _dispute_closed(order: OrderData, event: e.DisputeClosed) -> None:
    order.disputes = tuple(
        d for d in order.disputes if d.dispute_id != event.dispute_id
    )


def _label_opened(order: OrderData, event: e.LabelOpened) -> None:
    order.labels = (*order.labels, LabelMark(event.label_id, event.items))


def _label_closed(order: OrderData, event: e.LabelClosed) -> None:
    order.labels = tuple(m for m in order.labels if m.label_id != event.label_id)


def _lines_changed(order: OrderData, event: e.StoreLinesChanged) -> None:
    write_lines(order, event.lines)


def _dispatched(order: OrderData, event: e.OrderDispatched) -> None:
    enter(order, event)
    order.promised_by = event.promised_by


def _received(order: OrderData, event: e.ConsignmentReceived) -> None:
    for count in event.counts:
        item = order.items[count.item_id]
        item.quantity_good += count.good
        item.quantity_damaged += count.damaged
        item.quantity_missing += count.missing
    enter(order, event)


def _write_off(order: OrderData, items: Iterable[ItemQuantity]) -> None:
    for gone in items:
        order.items[gone.item_id].quantity_written_off += gone.quantity


def _written_off(order: OrderData, event: e.RestWrittenOff) -> None:
    _write_off(order, event.items)
    enter(order, event)


def _units_written_off(order: OrderData, event: e.UnitsWrittenOff) -> None:
    _write_off(order, event.items)


# Only these touch lines, so that lines are compared and written for these only.
LINE_EVENTS: frozenset[type[Event]] = frozenset(
    {
        e.OrderImported,
        e.OrderCreated,
        e.ReshipCreated,
        e.LinesPaired,
        e.LinesUnpaired,
        e.LineSetApart,
        e.LinesLeftOut,
        e.LinesParted,
        e.OrderPartedOff,
        e.OrderUnrecognized,
        e.StoreLinesChanged,
    }
)


def _nothing(_order: OrderData, _event: Event) -> None:
    """
    The event is history only.
    """


_FOLDS: dict[type[Event], Callable[[OrderData, Any], None]] = {
    e.OrderImported: imported,
    e.OrderCreated: created,
    e.ReshipCreated: reshipped,
    e.OrderPlaced: _placed,
    e.LinesPaired: _lines_paired,
    e.LinesUnpaired: _lines_unpaired,
    e.LineSetApart: _line_set_apart,
    e.LinesLeftOut: _lines_left_out,
    e.OrderRecognized: _recognized,
    e.PayByMoved: _pay_by_moved,
    e.LinesParted: _lines_parted,
    e.OrderPartedOff: parted_off,
    e.OrderUnrecognized: _unrecognized,
    e.OrderIgnored: enter,
    e.OrderRestored: enter,
    e.OrderCancelled: _cancelled,
    e.OrderPutBack: _put_back,
    e.ShippingChosen: _shipping_chosen,
    e.AddressCorrected: _address_corrected,
    e.OrderPaid: _paid,
    e.FreightSupplemented: _supplemented,
    e.OrderAccepted: _accepted,
    e.OrderShipped: _shipped,
    e.LabelOpened: _label_opened,
    e.LabelClosed: _label_closed,
    e.RestShippedShort: _short,
    e.UnitsCancelled: _units_cancelled,
    e.OrderRefunded: _refunded,
    e.UnitsRestocked: _restocked,
    e.ParcelDelivered: _parcel_delivered,
    e.ParcelTracked: _parcel_tracked,
    e.ParcelStalled: _parcel_stalled,
    e.OrderDelivered: enter,
    e.TrackingCorrected: _tracking_corrected,
    e.ParcelVoided: _parcel_voided,
    e.HoldPlaced: _hold_placed,
    e.HoldReleased: _hold_released,
    e.HoldEscalated: _hold_escalated,
    e.DisputeOpened: _dispute_opened,
    e.DisputeClosed: _dispute_closed,
    e.StoreLinesChanged: _lines_changed,
    e.OrderDispatched: _dispatched,
    e.ConsignmentReceived: _received,
    e.ConsignmentSent: _nothing,
    e.LateUnitsCounted: _nothing,
    e.RestWrittenOff: _written_off,
    e.UnitsWrittenOff: _units_written_off,
    e.NoteAdded: _nothing,
    e.BuyerErased: _nothing,
}
