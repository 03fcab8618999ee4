"""
What an order records as it is sent and received: just these events, with all facts.
"""

import pytest
from begun import (
    LATER,
    MONTH,
    REST,
    SYSTEM,
    WEEK,
    accepted,
    after,
    all_but_lamps_sent,
    at_later,
    bought,
    dispatched,
    drafted,
    paid,
    send,
)

from sourcehere.domain.orders import events as e
from sourcehere.domain.orders.lines import (
    ItemCount,
    ItemQuantity,
)
from sourcehere.testing.factories import NOON, SELLER, STAFF

RECORDED = [
    # Sending.
    (
        drafted,
        lambda o: o.place(by=SELLER, at=LATER, pay_by=MONTH),
        None,
        [
            at_later(SELLER, e.OrderPlaced, state="awaiting_payment", pay_by=MONTH),
        ],
    ),
    (
        paid,
        lambda o: o.accept(by=STAFF, at=LATER),
        None,
        [at_later(STAFF, e.OrderAccepted)],
    ),
    (
        accepted,
        lambda o: o.ship(
            "p", {"1.2": 6}, by=STAFF, at=LATER, deliver_by=MONTH, stall_by=WEEK
        ),
        None,
        [
            at_later(
                STAFF,
                e.OrderShipped,
                state="partially_shipped",
                parcel_id="p",
                items=(ItemQuantity("1.2", 6),),
                deliver_by=MONTH,
                stall_by=WEEK,
            )
        ],
    ),
    (
        lambda: send(accepted(), i1_1=1),
        lambda o: o.ship(
            "q",
            {"1.1": 1, "1.2": 6, "2.1": 5},
            by=STAFF,
            at=LATER,
            deliver_by=MONTH,
        ),
        None,
        [
            at_later(
                STAFF,
                e.OrderShipped,
                state="shipped",
                parcel_id="q",
                items=(
                    ItemQuantity("1.1", 1),
                    ItemQuantity("1.2", 6),
                    ItemQuantity("2.1", 5),
                ),
                deliver_by=MONTH,
                stall_by=None,
            )
        ],
    ),
    (
        lambda: send(accepted(), i1_1=2, i1_2=6),
        lambda o: o.short_ship_rest(by=STAFF, at=LATER),
        (ItemQuantity("2.1", 5),),
        [
            at_later(
                STAFF,
                e.RestShippedShort,
                state="shipped",
                items=(ItemQuantity("2.1", 5),),
            )
        ],
    ),
    (
        all_but_lamps_sent,
        lambda o: o.short_ship_rest(by=STAFF, at=LATER),
        (ItemQuantity("2.1", 5),),
        [
            at_later(
                STAFF,
                e.RestShippedShort,
                state="shipped",
                items=(ItemQuantity("2.1", 5),),
            ),
            at_later(STAFF, e.OrderDelivered, state="fulfilled", cause="parcels"),
        ],
    ),
    (
        all_but_lamps_sent,
        lambda o: (
            o.cancel_units({"2.1": 5}, by=STAFF, at=LATER)
            or o.close_short(by=STAFF, at=LATER)
        ),
        None,
        [
            at_later(STAFF, e.UnitsCancelled, items=(ItemQuantity("2.1", 5),)),
            at_later(STAFF, e.RestShippedShort, state="shipped", items=()),
            at_later(STAFF, e.OrderDelivered, state="fulfilled", cause="parcels"),
        ],
    ),
    (
        lambda: send(accepted()),
        lambda o: o.deliver_by_timer(by=SYSTEM, at=MONTH),
        None,
        [
            e.OrderDelivered(
                state="fulfilled", cause="timer", by=SYSTEM, occurred_at=MONTH
            )
        ],
    ),
    # Receiving.
    (
        bought,
        lambda o: o.dispatch(by=STAFF, at=LATER),
        None,
        [at_later(STAFF, e.OrderDispatched, state="shipped")],
    ),
    (
        dispatched,
        lambda o: o.receive("r", [ItemCount("1.1", 1, 1)], by=STAFF, at=LATER),
        None,
        [
            at_later(
                STAFF,
                e.ConsignmentReceived,
                state="receiving",
                receipt_id="r",
                counts=(ItemCount("1.1", 1, 1),),
            )
        ],
    ),
    (
        dispatched,
        lambda o: [
            o.receive(
                "r",
                [ItemCount("1.1", 0, 1, 1), ItemCount("1.2", 6), ItemCount("2.1", 5)],
                by=STAFF,
                at=LATER,
            ),
            o.receive("r2", [ItemCount("1.1", 1)], by=STAFF, at=LATER),
        ],
        [None, None],
        [
            at_later(
                STAFF,
                e.ConsignmentReceived,
                state="fulfilled",
                receipt_id="r",
                counts=(
                    ItemCount("1.1", 0, 1, 1),
                    ItemCount("1.2", 6),
                    ItemCount("2.1", 5),
                ),
            ),
            at_later(STAFF, e.LateUnitsCounted, receipt_id="r2"),
        ],
    ),
    (
        dispatched,
        lambda o: (
            o.receive("r", [ItemCount("1.1", 2)], by=STAFF, at=NOON)
            or after(o).write_off_rest(by=STAFF, at=LATER)
        ),
        REST[1:],
        [at_later(STAFF, e.RestWrittenOff, state="fulfilled", items=REST[1:])],
    ),
    (
        dispatched,
        lambda o: o.write_off(REST[:1], by=STAFF, at=LATER),
        None,
        [at_later(STAFF, e.UnitsWrittenOff, items=REST[:1])],
    ),
    (
        dispatched,
        lambda o: [
            o.receive("r", [ItemCount("1.1", 2)], by=STAFF, at=NOON),
            after(o).close_when_settled(by=STAFF, at=LATER),
            o.write_off(REST[1:], by=STAFF, at=LATER),
            o.close_when_settled(by=STAFF, at=LATER),
            o.close_when_settled(by=STAFF, at=LATER),
        ],
        [None] * 5,
        [
            at_later(STAFF, e.UnitsWrittenOff, items=REST[1:]),
            at_later(STAFF, e.RestWrittenOff, state="fulfilled", items=()),
        ],
    ),
    (
        dispatched,
        lambda o: (
            o.write_off(REST, by=STAFF, at=LATER)
            or o.close_when_settled(by=STAFF, at=LATER)
        ),
        None,
        [at_later(STAFF, e.UnitsWrittenOff, items=REST)],
    ),
]


@pytest.mark.parametrize(("begin", "do", "answer", "events"), RECORDED)
def test_it_records_just_this(begin, do, answer, events):
    """
    A command answers, and records its events with every fact, and no other.
    """
    order = after(begin())

    assert answer == do(order)
    assert events == order.pending
