"""
What a person reads in an order's story, word for word.
"""

from datetime import timedelta

import pytest

from sourcehere.domain.kernel.events import Event
from sourcehere.domain.orders import events as e
from sourcehere.domain.orders.lines import (
    ItemCount,
    ItemQuantity,
    LinePairing,
    NewItem,
    NewLine,
)
from sourcehere.domain.orders.telling import tell
from sourcehere.testing.factories import NOON, STAFF
from sourcehere.testing.samples import sample

WEEK = NOON + timedelta(days=7)  # 2026-03-09
TWO = (ItemQuantity("1.1", 1), ItemQuantity("2.1", 1))
ONE = (ItemQuantity("1.1", 1),)
CUPS = NewLine(
    external_line_id="L1", sku="CUP", title="Cup", quantity=2, items=(NewItem("v", 2),)
)
HAT = NewLine(external_line_id="L2", sku="HAT", title="Hat", quantity=1)


def imported(*lines, pay_by=None):
    """
    Make the event of an order that came from the shop.
    """
    return e.OrderImported(
        state="unrecognized",
        store_id="shop",
        external_id="17",
        part=1,
        number="#17",
        currency="USD",
        contact_id="c",
        country="US",
        placed_at=NOON,
        pay_by=pay_by,
        lines=lines,
        by=STAFF,
        occurred_at=NOON,
    )


def created(*lines):
    """
    Make the event of a draft.
    """
    return e.OrderCreated(
        state="draft",
        kind="manual",
        number="M1",
        currency="USD",
        contact_id="c",
        country="US",
        warehouse="",
        draws_on_stock=True,
        lines=lines,
        by=STAFF,
        occurred_at=NOON,
    )


def parted_off(*lines):
    """
    Make the event of a part that begins.
    """
    return e.OrderPartedOff(
        state="unrecognized",
        store_id="shop",
        external_id="17",
        part=2,
        number="#17",
        currency="USD",
        contact_id="c",
        contact_version=1,
        country="US",
        method="",
        placed_at=NOON,
        lines=lines,
        origin_id="o",
        by=STAFF,
        occurred_at=NOON,
    )


def paid(goods=0, freight=0, handling=0, method=""):
    """
    Make the event of a payment.
    """
    return make(
        e.OrderPaid,
        state="awaiting_shipping",
        checkout_id="c",
        method=method,
        goods_minor=goods,
        freight_minor=freight,
        handling_minor=handling,
        items=(),
    )


def make(kind, **facts):
    """
    Make an event of *kind*.
    """
    return kind(**facts, by=STAFF, occurred_at=NOON)


def counted(*counts):
    """
    Make the event of a receipt.
    """
    return make(e.ConsignmentReceived, state="receiving", receipt_id="r", counts=counts)


def refunded(amount, freight):
    """
    Make the event of a refund.
    """
    return make(
        e.OrderRefunded,
        refund_id="r",
        amount_minor=amount,
        freight_minor=freight,
        items=(),
    )


def tracked(status, incident=""):
    """
    Make the event of news of a parcel.
    """
    facts = {"status": status, "incident": incident, "stall_by": None}
    return make(e.ParcelTracked, parcel_id="p", **facts)


def held(reason, detail=""):
    """
    Make the event of a hold.
    """
    return make(e.HoldPlaced, hold_id="h", reason=reason, detail=detail)


TOLD = [
    (
        imported(CUPS, pay_by=WEEK),
        "came from shop as #17: 2 units; to be paid by 2026-03-09",
    ),
    (imported(CUPS), "came from shop as #17: 2 units"),
    (imported(CUPS, HAT), "came from shop as #17: 3 units; not all is connected"),
    (created(CUPS), "drafted: 2 units"),
    (created(HAT), "drafted: 1 unit"),
    (
        make(e.OrderPlaced, state="awaiting_payment", pay_by=WEEK),
        "placed; to be paid by 2026-03-09",
    ),
    (
        make(e.LinesPaired, pairings=(LinePairing(2, ()), LinePairing(3, ()))),
        "connected lines 2, 3 for this order alone",
    ),
    (
        make(e.LinesPaired, pairings=(LinePairing(2, (), "c", 1),)),
        "connected line 2",
    ),
    (make(e.LineSetApart, line=2), "disconnected line 2 of this order"),
    (make(e.LinesLeftOut, lines=(1, 3)), "lines 1, 3 left out: not ours"),
    (
        make(e.LinesUnpaired, lines=(1,), reason="connection_removed"),
        "line 1 not connected any more: connection removed",
    ),
    (
        make(e.OrderRecognized, state="awaiting_payment", pay_by=WEEK),
        "all is connected; to be paid by 2026-03-09",
    ),
    (make(e.PayByMoved, pay_by=WEEK), "can be paid now; to be paid by 2026-03-09"),
    (
        make(
            e.OrderUnrecognized,
            state="unrecognized",
            lines=(1,),
            reason="store_changed",
        ),
        "waits for connecting again: store changed",
    ),
    (
        make(
            e.LinesParted,
            state="awaiting_payment",
            pay_by=WEEK,
            lines=(1, 3),
            rest_id="o2",
        ),
        "lines 1, 3 left to be an order of their own",
    ),
    (parted_off(CUPS, HAT), "part 2 of #17: 3 units"),
    (make(e.OrderIgnored, state="ignored"), "ignored"),
    (make(e.OrderRestored, state="unrecognized"), "taken up again"),
    (make(e.ShippingChosen, method="std"), "to be sent by std"),
    (make(e.ShippingChosen, method=""), "to be sent by the cheapest method"),
    (
        make(e.AddressCorrected, contact_version=2, country="GB"),
        "goes to another address in GB",
    ),
    (paid(1776), "paid 17.76 USD"),
    (paid(freight=400, method="std"), "paid 4.00 USD, by std"),
    (
        paid(1000, 400, 20, "std"),
        "paid 14.20 USD (goods 10.00 USD, freight 4.00 USD, handling 0.20 USD), by std",
    ),
    (paid(1000, 400), "paid 14.00 USD (goods 10.00 USD, freight 4.00 USD)"),
    (
        make(e.StoreLinesChanged, lines=(CUPS, HAT)),
        "changed by the shop: 3 units now",
    ),
    (
        make(e.FreightSupplemented, freight_minor=700),
        "paid 7.00 USD more freight to its new address",
    ),
    (make(e.OrderAccepted), "accepted by the warehouse"),
    (
        make(
            e.OrderShipped, state="shipped", parcel_id="p", items=TWO, deliver_by=WEEK
        ),
        "sent 2 units in a parcel",
    ),
    (make(e.RestShippedShort, state="shipped", items=ONE), "1 unit cannot be sent"),
    (make(e.ParcelDelivered, parcel_id="p"), "a parcel was delivered"),
    (tracked("pending"), "a parcel is announced, and not scanned yet"),
    (
        tracked("delivery_failed"),
        "a parcel is undelivered: the carrier came in vain",
    ),
    (tracked("return_to_sender"), "a parcel is on its way back to the sender"),
    (tracked("customs"), "a parcel is held by customs"),
    (
        tracked("customs", "customs_duties"),
        "a parcel is held by customs (customs duties)",
    ),
    (tracked("ready_for_pickup"), "a parcel is kept for the customer to fetch"),
    (
        tracked("cancelled"),
        "a parcel is not carried: its label is worth nothing any more",
    ),
    (tracked("in_transit"), "a parcel is in transit"),
    (
        make(e.ParcelStalled, parcel_id="p"),
        "nothing was heard of a parcel for too long",
    ),
    (
        make(e.OrderDelivered, state="fulfilled", cause="no_news"),
        "delivered (no news)",
    ),
    (
        make(e.LabelOpened, label_id="l", items=TWO),
        "a label for 2 units is being bought",
    ),
    *[
        (make(e.LabelClosed, label_id="l", outcome=outcome), words)
        for outcome, words in {
            "bought": "a label was bought",
            "stray": "a label was bought, and the order cannot leave with it",
            "declined": "the carrier sold no label",
            "absent": "no label was bought: the carrier knows of none",
            "dismissed": "no label was bought: staff made sure",
            "as_agreed": "a label: as agreed",
        }.items()
    ],
    (
        make(e.TrackingCorrected, parcel_id="p", revision=2),
        "a tracking number was corrected",
    ),
    (
        make(e.ParcelVoided, parcel_id="p", replacement="q"),
        "a parcel was replaced by another one",
    ),
    (make(e.OrderDispatched, state="shipped"), "sent to the cloud warehouse"),
    (
        make(e.ConsignmentSent, carrier="dhl", tracking_number="JD1"),
        "goods left for the warehouse by dhl, JD1",
    ),
    (
        counted(ItemCount("1.1", 3), ItemCount("2.1", 1, damaged=2, missing=1)),
        "counted at the warehouse: 4 good, 2 damaged, 1 missing",
    ),
    (counted(ItemCount("1.1", 3)), "counted at the warehouse: 3 good"),
    (counted(), "counted at the warehouse: nothing"),
    (
        make(e.LateUnitsCounted, receipt_id="r"),
        "units turned up after everything was settled",
    ),
    (make(e.RestWrittenOff, state="fulfilled", items=TWO), "wrote off 2 units"),
    (make(e.UnitsWrittenOff, items=ONE), "wrote off 1 unit"),
    (make(e.UnitsCancelled, items=TWO), "took 2 units out"),
    (refunded(500, 0), "refunded 5.00 USD"),
    (refunded(900, 400), "refunded 9.00 USD (freight 4.00 USD)"),
    (held("parcel_lost"), "held: parcel lost"),
    (held("staff", "a look"), "held: staff (a look)"),
    (make(e.HoldReleased, hold_id="h"), "a hold was released"),
    (
        make(e.HoldEscalated, hold_id="h", who="staff"),
        "staff has to act on a hold now",
    ),
    (make(e.DisputeOpened, dispute_id="d", items=TWO), "2 units disputed"),
    (
        make(e.DisputeClosed, dispute_id="d", outcome="partly_granted"),
        "dispute partly granted",
    ),
    (
        make(e.DisputeClosed, dispute_id="d", outcome="reship"),
        "dispute ended with a reship",
    ),
    (
        make(
            e.ReshipCreated,
            state="awaiting_shipping",
            number="1-R1",
            currency="USD",
            contact_id="c",
            country="US",
            method="std",
            origin_order_id="o",
            dispute_id="d",
            lines=(NewLine(external_line_id="1.1", sku="A", title="A", quantity=2),),
        ),
        "sends 2 units of an order again, free of charge",
    ),
    (
        make(e.UnitsRestocked, warehouse_id="CN1", items=TWO),
        "2 units came back, to the stock in CN1",
    ),
    (make(e.NoteAdded, note_id="n"), "a note was written"),
    (make(e.BuyerErased), "its buyer was forgotten"),
    (make(e.OrderPutBack), "its units are back in the local stock"),
]
CANCELLED = {
    "seller": "cancelled by the seller",
    "store": "cancelled by the shop",
    "expired": "cancelled: not paid in time",
    "refunded": "cancelled: everything is refunded",
    "lost": "cancelled: everything was lost",
    "not_ours": "cancelled: nothing of it is ours to supply",
    "local_stock": "served from the seller's local stock",
    "as_agreed": "cancelled: as agreed",
}
TOLD += [
    (make(e.OrderCancelled, state="cancelled", reason=reason), words)
    for reason, words in CANCELLED.items()
]


@pytest.mark.parametrize(("event", "words"), TOLD)
def test_it_is_told_in_these_words(event, words):
    """
    Each event is told in a sentence with its own facts.
    """
    assert words == tell(event, "USD")


def test_every_event_is_told_above():
    """
    No kind of event is left out.
    """
    kinds = {
        kind
        for kind in vars(e).values()
        if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
    }

    assert kinds == {type(event) for event, _ in TOLD}


def test_amounts_are_in_the_currency_of_the_order():
    """
    Yen have no cents.
    """
    assert "paid 1776 JPY" == tell(paid(1776), "JPY")
    assert "refunded 42 JPY (freight 42 JPY)" == tell(sample(e.OrderRefunded), "JPY")
