"""
What happened to an order, in a sentence a person reads: "paid 17.76 GBP".
"""

from collections.abc import Callable, Iterable
from typing import Any

from ..kernel.events import Event
from ..kernel.money import Money
from ..kernel.words import counted
from . import events as e

Tell = Callable[[Any, str], str]


def tell(event: Event, currency: str) -> str:
    """
    Return what *event* says, amounts in *currency*; no personal data.
    """
    return _WORDS[type(event)](event, currency)


def tell_refund(event: e.OrderRefunded, currency: str, *, handling_minor: int) -> str:
    """
    Return what a refund says, of whose freight *handling_minor* is handling.
    """
    amounts = {
        "freight": Money(event.freight_minor - handling_minor, currency),
        "handling": Money(handling_minor, currency),
    }
    within = ", ".join(f"{name} {amount}" for name, amount in amounts.items() if amount)
    refunded = f"refunded {Money(event.amount_minor, currency)}"
    return f"{refunded} ({within})" if within else refunded


def _units(count: int) -> str:
    return counted(count, "unit")


def _sum(items: Iterable[Any]) -> int:
    return sum(item.quantity for item in items)


def _day(at: Any) -> str:
    return str(at.date().isoformat())


def _lines(numbers: Iterable[int]) -> str:
    listed = ", ".join(str(number) for number in numbers)
    return f"line {listed}" if "," not in listed else f"lines {listed}"


def _pay_by(at: Any) -> str:
    return "" if at is None else f"; to be paid by {_day(at)}"


def _imported(event: e.OrderImported, _: str) -> str:
    units = _units(_sum(event.lines))
    words = f"came from {event.store_id} as {event.number}: {units}"
    is_paired = all(line.items for line in event.lines)
    return words + (_pay_by(event.pay_by) if is_paired else "; not all is connected")


def _created(event: e.OrderCreated, _: str) -> str:
    return f"drafted: {_units(_sum(event.lines))}"


def _paired(event: e.LinesPaired, _: str) -> str:
    lines = _lines(pairing.line for pairing in event.pairings)
    is_alone = not any(pairing.connection_id for pairing in event.pairings)
    return f"connected {lines}" + (" for this order alone" if is_alone else "")


def _unpaired(event: e.LinesUnpaired, _: str) -> str:
    return f"{_lines(event.lines)} not connected any more: {_reason(event.reason)}"


def _unrecognized(event: e.OrderUnrecognized, _: str) -> str:
    return f"waits for connecting again: {_reason(event.reason)}"


def _reason(reason: str) -> str:
    return reason.replace("_", " ")


def _reshipped(event: e.ReshipCreated, _: str) -> str:
    return f"sends {_units(_sum(event.lines))} of an order again, free of charge"


def _restocked(event: e.UnitsRestocked, _: str) -> str:
    return (
        f"{_units(_sum(event.items))} came back, to the stock in {event.warehouse_id}"
    )


def _parted(event: e.LinesParted, _: str) -> str:
    return f"{_lines(event.lines)} left to be an order of their own"


def _parted_off(event: e.OrderPartedOff, _: str) -> str:
    return f"part {event.part} of {event.number}: {_units(_sum(event.lines))}"


def _cancelled(event: e.OrderCancelled, _: str) -> str:
    by = {
        "seller": "cancelled by the seller",
        "store": "cancelled by the shop",
        "expired": "cancelled: not paid in time",
        "refunded": "cancelled: everything is refunded",
        "rejected": "rejected by the platform: everything is refunded",
        "lost": "cancelled: everything was lost",
        "not_ours": "cancelled: nothing of it is ours to supply",
        "local_stock": "served from the seller's local stock",
    }
    reason, _, typed = event.reason.partition(": ")
    words = by.get(reason, f"cancelled: {_reason(reason)}")
    return f"{words}; {typed}" if typed else words


def _method(event: e.ShippingChosen, _: str) -> str:
    return f"to be sent by {event.method or 'the cheapest method'}"


def _paid(event: e.OrderPaid, currency: str) -> str:
    parts = {
        "goods": event.goods_minor,
        "freight": event.freight_minor,
        "handling": event.handling_minor,
    }
    total = Money(sum(parts.values()), currency)
    listed = ", ".join(f"{n} {Money(m, currency)}" for n, m in parts.items() if m)
    method = f", by {event.method}" if event.method else ""
    several = f" ({listed})" if sum(bool(m) for m in parts.values()) > 1 else ""
    return f"paid {total}{several}{method}"


def _lines_changed(event: e.StoreLinesChanged, _: str) -> str:
    return f"changed by the shop: {_units(_sum(event.lines))} now"


def _shipped(event: e.OrderShipped, _: str) -> str:
    return f"sent {_units(_sum(event.items))} in a parcel"


def _label_closed(event: e.LabelClosed, _: str) -> str:
    return {
        "bought": "a label was bought",
        "stray": "a label was bought, and the order cannot leave with it",
        "declined": "the carrier sold no label",
        "absent": "no label was bought: the carrier knows of none",
        "dismissed": "no label was bought: staff made sure",
    }.get(event.outcome, f"a label: {_reason(event.outcome)}")


def _short(event: e.RestShippedShort, _: str) -> str:
    return f"{_units(_sum(event.items))} cannot be sent"


def _delivered(event: e.OrderDelivered, _: str) -> str:
    return f"delivered ({_reason(event.cause)})"


def _received(event: e.ConsignmentReceived, _: str) -> str:
    counts = {
        "good": sum(c.good for c in event.counts),
        "damaged": sum(c.damaged for c in event.counts),
        "missing": sum(c.missing for c in event.counts),
    }
    listed = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return f"counted at the warehouse: {listed or 'nothing'}"


def _written_off(event: Any, _: str) -> str:
    return f"wrote off {_units(_sum(event.items))}"


def _units_cancelled(event: e.UnitsCancelled, _: str) -> str:
    return f"took {_units(_sum(event.items))} out"


def _held(event: e.HoldPlaced, _: str) -> str:
    return f"held: {_reason(event.reason)}" + (
        f" ({event.detail})" if event.detail else ""
    )


def _tracked(event: e.ParcelTracked, _: str) -> str:
    words = f"a parcel is {_PARCEL_WORDS.get(event.status, _reason(event.status))}"
    return f"{words} ({_reason(event.incident)})" if event.incident else words


_PARCEL_WORDS = {
    "pending": "announced, and not scanned yet",
    "delivery_failed": "undelivered: the carrier came in vain",
    "return_to_sender": "on its way back to the sender",
    "customs": "held by customs",
    "ready_for_pickup": "kept for the customer to fetch",
    "cancelled": "not carried: its label is worth nothing any more",
}


def _disputed(event: e.DisputeOpened, _: str) -> str:
    return f"{_units(_sum(event.items))} disputed"


def _dispute_closed(event: e.DisputeClosed, _: str) -> str:
    if event.outcome == "reship":
        return "dispute ended with a reship"
    return f"dispute {_reason(event.outcome)}"


def _says(words: str) -> Tell:
    return lambda _event, _currency: words


_WORDS: dict[type[Event], Tell] = {
    e.OrderImported: _imported,
    e.OrderCreated: _created,
    e.OrderPlaced: lambda event, _: f"placed{_pay_by(event.pay_by)}",
    e.LinesPaired: _paired,
    e.LinesUnpaired: _unpaired,
    e.LinesLeftOut: lambda event, _: f"{_lines(event.lines)} left out: not ours",
    e.LineSetApart: lambda event, _: f"disconnected line {event.line} of this order",
    e.OrderRecognized: lambda event, _: f"all is connected{_pay_by(event.pay_by)}",
    e.PayByMoved: lambda event, _: f"can be paid now{_pay_by(event.pay_by)}",
    e.OrderUnrecognized: _unrecognized,
    e.LinesParted: _parted,
    e.OrderPartedOff: _parted_off,
    e.ReshipCreated: _reshipped,
    e.UnitsRestocked: _restocked,
    e.OrderIgnored: _says("ignored"),
    e.OrderRestored: _says("taken up again"),
    e.OrderCancelled: _cancelled,
    e.OrderPutBack: _says("its units are back in the local stock"),
    e.ShippingChosen: _method,
    e.AddressCorrected: lambda event, _: f"goes to another address in {event.country}",
    e.OrderPaid: _paid,
    e.FreightSupplemented: lambda event, currency: (
        f"paid {Money(event.freight_minor, currency)} more freight to its new address"
    ),
    e.StoreLinesChanged: _lines_changed,
    e.OrderAccepted: _says("accepted by the warehouse"),
    e.OrderShipped: _shipped,
    e.LabelOpened: lambda event, _: (
        f"a label for {_units(_sum(event.items))} is being bought"
    ),
    e.LabelClosed: _label_closed,
    e.RestShippedShort: _short,
    e.ParcelDelivered: _says("a parcel was delivered"),
    e.ParcelTracked: _tracked,
    e.ParcelStalled: _says("nothing was heard of a parcel for too long"),
    e.OrderDelivered: _delivered,
    e.TrackingCorrected: _says("a tracking number was corrected"),
    e.ParcelVoided: _says("a parcel was replaced by another one"),
    e.OrderDispatched: _says("sent to the cloud warehouse"),
    e.ConsignmentSent: lambda event, _: (
        f"goods left for the warehouse by {event.carrier}, {event.tracking_number}"
    ),
    e.ConsignmentReceived: _received,
    e.LateUnitsCounted: _says("units turned up after everything was settled"),
    e.RestWrittenOff: _written_off,
    e.UnitsWrittenOff: _written_off,
    e.UnitsCancelled: _units_cancelled,
    e.OrderRefunded: lambda event, currency: tell_refund(
        event, currency, handling_minor=0
    ),
    e.HoldPlaced: _held,
    e.HoldReleased: _says("a hold was released"),
    e.HoldEscalated: lambda event, _: f"{event.who} has to act on a hold now",
    e.DisputeOpened: _disputed,
    e.DisputeClosed: _dispute_closed,
    e.NoteAdded: _says("a note was written"),
    e.BuyerErased: _says("its buyer was forgotten"),
}
