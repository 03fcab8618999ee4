"""
What holds, disputes, refunds and endings record: just these events, with all facts.
"""

import pytest
from begun import (
    EVERYTHING,
    LATER,
    REST,
    STORE,
    SYSTEM,
    WEEK,
    accepted,
    after,
    at_later,
    dispatched,
    disputed,
    imported,
    paid,
    send,
    with_address_held,
)

from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.domain.orders import events as e
from sourcehere.domain.orders.holds import HoldReason
from sourcehere.domain.orders.lines import (
    ItemQuantity,
)
from sourcehere.domain.orders.rules import command_of
from sourcehere.testing.factories import NOON, SELLER, STAFF
from sourcehere.testing.samples import sample

RECORDED = [
    # Holds and notes.
    (
        paid,
        lambda o: o.place_hold(
            "h", reason=HoldReason.STAFF, by=STAFF, at=LATER, deadline=WEEK
        ),
        None,
        [
            at_later(
                STAFF,
                e.HoldPlaced,
                hold_id="h",
                reason="staff",
                detail="",
                deadline=WEEK,
                parcel_id="",
            )
        ],
    ),
    (
        with_address_held,
        lambda o: o.release_hold("b", by=STAFF, at=LATER),
        None,
        [at_later(STAFF, e.HoldReleased, hold_id="b")],
    ),
    (
        with_address_held,
        lambda o: o.release_hold_of_store("b", by=STORE, at=LATER),
        None,
        [at_later(STORE, e.HoldReleased, hold_id="b")],
    ),
    (
        with_address_held,
        lambda o: o.release_hold_of_store("x", by=STORE, at=LATER),
        None,
        [],
    ),
    (
        paid,
        lambda o: o.add_note("n", by=SELLER, at=LATER),
        None,
        [at_later(SELLER, e.NoteAdded, note_id="n")],
    ),
    # Disputes.
    (
        paid,
        lambda o: o.open_dispute(
            "d",
            {"1.2": 2, "2.1": 1},
            is_about_unsent=True,
            hold_id="h",
            by=SELLER,
            at=LATER,
        ),
        None,
        [
            at_later(
                SELLER,
                e.DisputeOpened,
                dispute_id="d",
                items=(ItemQuantity("1.2", 2), ItemQuantity("2.1", 1)),
                is_about_unsent=True,
            ),
            at_later(
                SELLER,
                e.HoldPlaced,
                hold_id="h",
                reason="dispute",
                detail="d",
                deadline=None,
                parcel_id="",
            ),
        ],
    ),
    (
        lambda: send(accepted()),
        lambda o: o.open_dispute(
            "d",
            {"1.2": 2},
            is_about_unsent=False,
            hold_id="h",
            by=SELLER,
            at=LATER,
        ),
        None,
        [
            at_later(
                SELLER,
                e.DisputeOpened,
                dispute_id="d",
                items=(ItemQuantity("1.2", 2),),
                is_about_unsent=False,
            )
        ],
    ),
    (
        disputed,
        lambda o: o.close_dispute("d", "rejected", by=STAFF, at=LATER),
        None,
        [
            at_later(STAFF, e.DisputeClosed, dispute_id="d", outcome="rejected"),
            at_later(STAFF, e.HoldReleased, hold_id="h"),
        ],
    ),
    (
        lambda: disputed(unsent=False),
        lambda o: o.close_dispute("d", "rejected", by=STAFF, at=LATER),
        None,
        [at_later(STAFF, e.DisputeClosed, dispute_id="d", outcome="rejected")],
    ),
    # Refunds.
    (
        paid,
        lambda o: o.cancel_units({"1.1": 1, "2.1": 5}, by=STAFF, at=LATER),
        None,
        [
            at_later(
                STAFF,
                e.UnitsCancelled,
                items=(ItemQuantity("1.1", 1), ItemQuantity("2.1", 5)),
            )
        ],
    ),
    (
        lambda: send(accepted(), i1_1=2, i2_1=3),
        lambda o: o.take_out_unsent({"1.1": 1, "1.2": 1, "2.1": 4}, by=STAFF, at=LATER),
        {"1.2": 1, "2.1": 2},
        [
            at_later(
                STAFF,
                e.UnitsCancelled,
                items=(ItemQuantity("1.2", 1), ItemQuantity("2.1", 2)),
            )
        ],
    ),
    (
        lambda: send(accepted(), i1_1=2),
        lambda o: o.take_out_unsent({"1.1": 1}, by=STAFF, at=LATER),
        {},
        [],
    ),
    (
        dispatched,
        lambda o: o.take_out_unsent({"1.1": 1}, by=STAFF, at=LATER),
        {},
        [],
    ),
    (
        paid,
        lambda o: (
            o.cancel_units({"1.1": 2}, by=STAFF, at=NOON)
            or after(o).refund_rest(command="request_cancel", by=SELLER, at=LATER)
        ),
        REST[1:],
        [
            at_later(SELLER, e.UnitsCancelled, items=REST[1:]),
            at_later(SELLER, e.OrderCancelled, state="cancelled", reason="refunded"),
        ],
    ),
    (
        paid,
        lambda o: (
            o.cancel_units(EVERYTHING, by=STAFF, at=NOON)
            or after(o).refund_rest(command="refund_all", by=STAFF, at=LATER)
        ),
        (),
        [at_later(STAFF, e.OrderCancelled, state="cancelled", reason="refunded")],
    ),
    # Endings.
    (
        imported,
        lambda o: o.cancel(by=SELLER, at=LATER),
        None,
        [at_later(SELLER, e.OrderCancelled, state="cancelled", reason="seller")],
    ),
    (
        imported,
        lambda o: o.cancel_by_store(by=STORE, at=LATER),
        True,
        [at_later(STORE, e.OrderCancelled, state="cancelled", reason="store")],
    ),
    (paid, lambda o: o.cancel_by_store(by=STORE, at=LATER), False, []),
    (
        imported,
        lambda o: o.expire(by=SYSTEM, at=WEEK),
        None,
        [
            e.OrderCancelled(
                state="cancelled", reason="expired", by=SYSTEM, occurred_at=WEEK
            )
        ],
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


@pytest.mark.parametrize(
    ("given", "field", "value", "expected"),
    [
        (
            {"reason": HoldReason.PARCEL_LOST},
            "reason",
            HoldReason.PARCEL_LOST,
            "address or out_of_stock or staff",
        ),
    ],
)
def test_a_hold_that_people_do_not_place_is_refused(given, field, value, expected):
    """
    Reasons that follow from facts are refused.
    """
    order = after(paid())

    with pytest.raises(InvalidInputError) as ei:
        order.place_hold("h", **given, by=STAFF, at=LATER)

    assert (field, value, expected) == (
        ei.value.field,
        ei.value.value,
        ei.value.expected,
    )
    assert [] == order.pending


COMMANDS = [
    (e.OrderPlaced, "place"),
    (e.LinesParted, "process_paired_lines"),
    (e.OrderIgnored, "ignore"),
    (e.OrderRestored, "restore"),
    (e.OrderPaid, "pay"),
    (e.OrderAccepted, "accept"),
    (e.OrderShipped, "ship"),
    (e.RestShippedShort, "short_ship_rest"),
    (e.OrderDispatched, "dispatch"),
    (e.RestWrittenOff, "write_off_rest"),
    # What follows from facts is in no plugin's hands.
    (e.NoteAdded, ""),
    (e.OrderImported, ""),
    (e.OrderDelivered, ""),
]


@pytest.mark.parametrize(("kind", "command"), COMMANDS)
def test_an_event_names_its_command(kind, command):
    """
    Plugins are asked about the command that caused it, and about no fact.
    """
    assert command == command_of(sample(kind))


@pytest.mark.parametrize(
    ("reason", "command"),
    [
        ("seller", "cancel"),
        ("refunded", "refund_all"),
        ("rejected", "reject"),
        ("lost", "give_up"),
        ("expired", ""),
        ("store", ""),
    ],
)
def test_a_cancellation_names_its_command(reason, command):
    """
    By its reason: time and the shop ask nobody.
    """
    event = at_later(STAFF, e.OrderCancelled, state="cancelled", reason=reason)

    assert command == command_of(event)
