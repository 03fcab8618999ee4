"""
What events leave behind in an order.
"""

import attrs
from begun import (
    EVERYTHING,
    LAMPS,
    LATER,
    MONTH,
    SET,
    SOCKS,
    STORE,
    WEEK,
    accepted,
    dispatched,
    drafted,
    imported,
    paid,
    refund,
    send,
)

from sourcehere.domain.orders.holds import Hold, HoldReason
from sourcehere.domain.orders.lines import (
    Item,
    ItemCount,
    ItemQuantity,
    ItemRefund,
    Line,
    LinePairing,
    NewItem,
)
from sourcehere.domain.orders.marks import DisputeMark, ParcelMark
from sourcehere.domain.orders.order import Order
from sourcehere.testing.factories import NOON, SELLER, STAFF

CUP = Item(item_id="1.1", line=1, variant_id="cup", quantity=2)
HAT = Item(item_id="1.2", line=1, variant_id="hat", quantity=6)
LAMP = Item(item_id="2.1", line=2, variant_id="lamp", quantity=5)


def line_of(number, new, *, connection_id="", connection_version=0, is_paired=False):
    """
    Return the line that *new* is written as.
    """
    return Line(
        line=number,
        external_line_id=new.external_line_id,
        sku=new.sku,
        title=new.title,
        quantity=new.quantity,
        sold_minor=new.sold_minor,
        sold_currency=new.sold_currency,
        connection_id=connection_id,
        connection_version=connection_version,
        is_paired=is_paired,
    )


SET_LINE = line_of(1, SET, connection_id="c1", connection_version=3, is_paired=True)
LAMP_LINE = line_of(2, LAMPS, is_paired=True)


def facts(order, *names):
    """
    Return some facts of an order.
    """
    return tuple(getattr(order, name) for name in names)


def test_a_line_may_have_a_connection_and_no_items():
    """
    A connection that would need too many units pairs nothing; which one it is is kept.
    """
    many = attrs.evolve(SOCKS, connection_id="c1", connection_version=3)
    order = imported(many)

    assert [line_of(1, many, connection_id="c1", connection_version=3)] == order.lines
    assert {} == order.items
    assert "unrecognized" == order.state


def test_a_shops_order_begins():
    """
    All the shop says is kept; the time the shop had it is not when we heard.
    """
    order = imported()

    assert (
        Order(
            seller_id="s",
            order_id="o",
            kind="store",
            state="awaiting_payment",
            version=1,
            store_id="shop",
            external_id="17",
            number="#17",
            currency="USD",
            contact_id="k",
            country="US",
            created_at=NOON,
            placed_at=order.placed_at,
            entered_at=NOON,
            pay_by=WEEK,
            lines=[SET_LINE, LAMP_LINE],
            items={"1.1": CUP, "1.2": HAT, "2.1": LAMP},
        )
        == order
    )
    assert NOON > order.placed_at


def test_a_draft_begins():
    """
    A draft has its own id where a shop's order has the shop's key.
    """
    assert Order(
        seller_id="s",
        order_id="o",
        kind="cloud_warehouse",
        state="draft",
        version=1,
        external_id="o",
        number="M1",
        currency="USD",
        contact_id="k",
        country="US",
        warehouse="CN1",
        draws_on_stock=False,
        created_at=NOON,
        placed_at=NOON,
        entered_at=NOON,
        lines=[SET_LINE, LAMP_LINE],
        items={"1.1": CUP, "1.2": HAT, "2.1": LAMP},
    ) == drafted("cloud_warehouse")


def test_placing_it_starts_the_clock():
    """
    A draft counts from when it was placed.
    """
    order = drafted()
    order.place(by=SELLER, at=LATER, pay_by=MONTH)

    assert ("awaiting_payment", LATER, LATER, NOON, MONTH) == facts(
        order, "state", "entered_at", "placed_at", "created_at", "pay_by"
    )


def test_lines_lose_what_they_were_paired_with():
    """
    An unpaired line has neither items nor a connection, and the clock stops.
    """
    order = imported()
    order.unrecognize([1], reason="variant_gone", by=STAFF, at=LATER)

    assert [line_of(1, SET), LAMP_LINE] == order.lines
    assert {"2.1": LAMP} == order.items
    assert ("unrecognized", LATER, None) == facts(
        order, "state", "entered_at", "pay_by"
    )
    assert "" == order.lines[0].connection_id


def test_a_line_is_paired_anew():
    """
    A pairing takes the place of the one before, and the order may be paid by its time.
    """
    order = imported()
    hat = LinePairing(1, (NewItem("hat", 4),), "c2", 1)
    order.follow_connections([hat], [2], by=SELLER, at=NOON, pay_by=MONTH)

    assert [
        line_of(1, SET, connection_id="c2", connection_version=1, is_paired=True),
        line_of(2, LAMPS),
    ] == order.lines
    assert {
        "1.1": Item(item_id="1.1", line=1, variant_id="hat", quantity=4)
    } == order.items

    lamp = LinePairing(2, (NewItem("lamp", 5),))
    order.pair_lines([lamp], by=STORE, at=LATER, pay_by=MONTH)

    assert ("awaiting_payment", MONTH) == facts(order, "state", "pay_by")


def test_lines_that_stay_are_numbered_anew():
    """
    Items keep their places within their lines, and take the lines' new numbers.
    """
    order = imported(SOCKS, SET, SOCKS, LAMPS)
    order.process_paired_lines("o2", part=2, by=SELLER, at=LATER, pay_by=MONTH)

    assert [SET_LINE, LAMP_LINE] == order.lines
    assert {"1.1": CUP, "1.2": HAT, "2.1": LAMP} == order.items
    assert ("awaiting_payment", LATER, MONTH) == facts(
        order, "state", "entered_at", "pay_by"
    )


def test_numbers_of_two_digits_are_kept_apart():
    """
    The eleventh item of the eleventh line is named so.
    """
    many = attrs.evolve(SET, items=tuple(NewItem(f"v{n}", 2) for n in range(12)))
    order = imported(SOCKS, *[SET] * 10, many)
    order.process_paired_lines("o2", part=2, by=SELLER, at=LATER, pay_by=MONTH)

    assert "v11" == order.items["11.12"].variant_id
    assert 11 == order.items["11.12"].line


def test_payment_fixes_prices():
    """
    A paid order knows what was paid for what, and which units come from stock.
    """
    order = paid()

    assert ("awaiting_shipping", "ch", "std", 3000, 400, 40, 3440, 3440) == facts(
        order,
        *("state", "checkout_id", "method", "goods_minor", "freight_minor"),
        *("handling_minor", "due_minor", "captured_minor"),
    )
    assert {
        "1.1": attrs.evolve(CUP, unit_minor=500, quantity_from_lots=1),
        "1.2": attrs.evolve(HAT, unit_minor=325),
        "2.1": attrs.evolve(LAMP, unit_minor=110),
    } == order.items


def test_refunds_add_up():
    """
    Each refund adds to those before, of the order and of the item.
    """
    order = send(accepted(), i1_2=6)
    refund(order, ItemRefund("1.2", 1, 325), freight=30)
    refund(order, ItemRefund("1.2", 2, 600), freight=40)

    assert (995, 70, 3) == facts(
        order, "refunded_minor", "freight_refunded_minor", "units_refunded"
    )
    assert (3, 925) == facts(order.items["1.2"], "quantity_refunded", "refunded_minor")


def test_parcels_and_cancellations_add_up():
    """
    Units leave parcel by parcel, and are taken out refund by refund.
    """
    order = accepted()
    for parcel_id in ("p", "q"):
        send(order, parcel_id, i1_2=2)
        order.cancel_units({"2.1": 1}, by=STAFF, at=NOON)

    assert (4, 2) == (
        order.items["1.2"].quantity_shipped,
        order.items["2.1"].quantity_cancelled,
    )
    assert ("partially_shipped", MONTH) == facts(order, "state", "deliver_by")
    assert (ParcelMark("p", stall_by=WEEK), ParcelMark("q", stall_by=WEEK)) == (
        order.parcels
    )


def test_counts_and_losses_add_up():
    """
    Receipts add to those before, and so does what is written off.
    """
    order = dispatched()
    for receipt_id in ("r", "r2"):
        counts = [ItemCount("1.2", 1, 1, 1), ItemCount("2.1", 1)]
        order.receive(receipt_id, counts, by=STAFF, at=LATER)
        order.write_off([ItemQuantity("2.1", 1)], by=STAFF, at=LATER)

    assert (2, 2, 2, 0) == facts(
        order.items["1.2"],
        *("quantity_good", "quantity_damaged", "quantity_missing"),
        "quantity_outstanding",
    )
    assert (2, 2, 1) == facts(
        order.items["2.1"],
        *("quantity_good", "quantity_written_off", "quantity_outstanding"),
    )


def test_a_parcel_is_corrected_and_replaced():
    """
    Each correction counts; a replacement counts instead, with a clock of its own.
    """
    order = send(accepted())
    for _ in range(2):
        order.correct_tracking("p", by=STAFF, at=LATER)
    assert (ParcelMark("p", revision=2, stall_by=WEEK),) == order.parcels
    assert MONTH == order.deliver_by

    order.correct_tracking("p", by=STAFF, at=LATER, deliver_by=WEEK)
    assert WEEK == order.deliver_by

    order.void_parcel("p", replacement="q", by=STAFF, at=LATER, stall_by=MONTH)
    assert (
        ParcelMark("p", replaced_by="q", revision=3, stall_by=WEEK),
        ParcelMark("q", stall_by=MONTH),
    ) == order.parcels
    assert WEEK == order.deliver_by
    order.void_parcel("q", replacement="r", by=STAFF, at=LATER, deliver_by=MONTH)
    assert MONTH == order.deliver_by


def test_holds_are_remembered_with_all_they_say():
    """
    A hold has when and why it was placed, and goes alone.
    """
    order = paid()
    order.hold(
        "h",
        HoldReason.PARCEL_LOST,
        detail="post T1",
        by=STAFF,
        at=LATER,
        deadline=WEEK,
        parcel_id="p",
    )
    order.hold("i", HoldReason.STAFF, detail="", by=STAFF, at=NOON)
    first = Hold("h", "parcel_lost", "post T1", LATER, WEEK, "p")
    second = Hold("i", "staff", "", NOON)
    assert (first, second) == order.holds

    order.escalate_holds_by_timer(by=STAFF, at=WEEK)
    assert (attrs.evolve(first, who="staff", deadline=None), second) == order.holds

    order.release_hold("h", by=STAFF, at=WEEK)
    assert (second,) == order.holds


def test_disputes_are_remembered_with_their_units():
    """
    Each open dispute stands with its units, and goes alone.
    """
    order = send(accepted(), i1_2=4)
    order.open_dispute(
        "d", {"1.2": 3}, is_about_unsent=False, hold_id="h", by=SELLER, at=NOON
    )
    order.open_dispute(
        "e", {"1.2": 2}, is_about_unsent=True, hold_id="i", by=SELLER, at=NOON
    )
    first = DisputeMark("d", (ItemQuantity("1.2", 3),), is_about_unsent=False)
    second = DisputeMark("e", (ItemQuantity("1.2", 2),), is_about_unsent=True)

    assert (first, second) == order.disputes
    assert (5, 3, 2, 0) == (
        order.quantity_disputed("1.2"),
        order.quantity_disputed("1.2", unsent=False),
        order.quantity_disputed("1.2", unsent=True),
        order.quantity_disputed("2.1"),
    )
    order.close_dispute("d", "rejected", by=STAFF, at=LATER)
    assert (second,) == order.disputes


def test_it_is_the_same_when_it_is_replayed():
    """
    The order that its events make is the order that recorded them.
    """
    order = send(accepted(), i1_2=4)

    assert order == Order.replay("s", "o", order.pending)
    assert 4 == order.version


def test_store_units_are_complete_with_all_their_items():
    """
    A set is complete when its cup and its three hats are.
    """
    order = send(accepted(), i1_1=2, i1_2=5)
    first, second = order.lines

    assert (1, 0) == (
        order.units_complete(first, {}),
        order.units_complete(second, {}),
    )
    assert 2 == order.units_complete(first, {"1.2": 1})
    assert (0, 0) == (order.units_taken_out(first), order.units_taken_out(second))
    order.cancel_units({"1.2": 1, "2.1": 2}, by=STAFF, at=NOON)
    assert (1, 2) == (order.units_taken_out(first), order.units_taken_out(second))


def test_a_line_without_items_has_nothing_to_send():
    """
    No unit of an unpaired line is complete, and none is taken out.
    """
    order = imported(SOCKS)

    assert (0, 0) == (
        order.units_complete(order.lines[0], {}),
        order.units_taken_out(order.lines[0]),
    )


def test_it_is_refunded_as_a_whole():
    """
    Everything left is taken out of an order that ends.
    """
    order = paid()
    order.refund_rest(command="refund_all", by=STAFF, at=LATER)

    assert ("cancelled", LATER, "refunded") == facts(
        order, "state", "entered_at", "cancel_reason"
    )
    assert EVERYTHING == {n: i.quantity_cancelled for n, i in order.items.items()}
