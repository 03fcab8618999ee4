"""
What an unpaid order records: just these events, with all their facts.
"""

from datetime import timedelta

import attrs
import pytest
from begun import (
    LAMPS,
    LATER,
    MONTH,
    SET,
    SOCK,
    SOCKS,
    STORE,
    WEEK,
    after,
    at_later,
    empty,
    ignored,
    imported,
    lost,
    paid,
    set_apart,
    two_parts,
    unpaid_at_store,
    with_address_held,
)

from sourcehere import CommandRefusedError
from sourcehere.domain.kernel.errors import Blocker, InvalidInputError
from sourcehere.domain.orders import events as e
from sourcehere.domain.orders.lines import (
    LinePairing,
    NewItem,
)
from sourcehere.testing.factories import NOON, SELLER, STAFF

RECORDED = [
    # Pairing.
    (
        lambda: imported(SOCKS),
        lambda o: o.pair_lines([SOCK], by=STORE, at=LATER, pay_by=MONTH),
        True,
        [
            at_later(STORE, e.LinesPaired, pairings=(SOCK,)),
            at_later(STORE, e.OrderRecognized, state="awaiting_payment", pay_by=MONTH),
        ],
    ),
    (
        lambda: imported(SOCKS, SOCKS),
        lambda o: o.pair_lines([SOCK], by=STORE, at=LATER, pay_by=MONTH),
        False,
        [at_later(STORE, e.LinesPaired, pairings=(SOCK,))],
    ),
    (
        lambda: imported(SET, SOCKS),
        lambda o: o.pair_lines([SOCK], by=STORE, at=LATER, pay_by=MONTH),
        False,
        [],
    ),
    (
        imported,
        lambda o: o.pair_lines([SOCK], by=STORE, at=LATER, pay_by=MONTH),
        False,
        [],
    ),
    (
        lambda: imported(SOCKS),
        lambda o: o.connect_sku(SOCK, by=SELLER, at=LATER, pay_by=MONTH),
        True,
        [
            at_later(SELLER, e.LinesPaired, pairings=(SOCK,)),
            at_later(SELLER, e.OrderRecognized, state="awaiting_payment", pay_by=MONTH),
        ],
    ),
    (
        imported,
        lambda o: o.disconnect_line(2, by=SELLER, at=LATER),
        None,
        [
            at_later(
                SELLER,
                e.OrderUnrecognized,
                state="unrecognized",
                lines=(2,),
                reason="disconnected",
            ),
            at_later(SELLER, e.LineSetApart, line=2),
        ],
    ),
    (
        lambda: imported(SET, SOCKS),
        lambda o: o.disconnect_line(1, by=SELLER, at=LATER),
        None,
        [at_later(SELLER, e.LineSetApart, line=1)],
    ),
    (
        imported,
        lambda o: o.follow_connection(2, None, by=SELLER, at=LATER, pay_by=MONTH),
        False,
        [
            at_later(
                SELLER,
                e.OrderUnrecognized,
                state="unrecognized",
                lines=(2,),
                reason="connection_followed",
            )
        ],
    ),
    (
        two_parts,
        lambda o: o.process_paired_lines(
            "o2", part=2, by=SELLER, at=LATER, pay_by=MONTH
        ),
        at_later(
            SELLER,
            e.OrderPartedOff,
            state="",
            store_id="shop",
            external_id="17",
            part=2,
            number="#17",
            currency="USD",
            contact_id="k",
            contact_version=2,
            country="GB",
            method="std",
            placed_at=NOON - timedelta(hours=2),
            lines=(SOCKS, attrs.evolve(SOCKS, sku="TIE", title="A tie")),
            origin_id="o",
        ),
        [
            at_later(
                SELLER,
                e.LinesParted,
                state="awaiting_payment",
                pay_by=MONTH,
                lines=(1, 3),
                rest_id="o2",
            )
        ],
    ),
    (
        imported,
        lambda o: o.unrecognize([2], reason="variant_gone", by=STAFF, at=LATER),
        True,
        [
            at_later(
                STAFF,
                e.OrderUnrecognized,
                state="unrecognized",
                lines=(2,),
                reason="variant_gone",
            )
        ],
    ),
    (
        lambda: imported(SET, SOCKS),
        lambda o: o.unrecognize([1], reason="variant_gone", by=STAFF, at=LATER),
        False,
        [at_later(STAFF, e.LinesUnpaired, lines=(1,), reason="variant_gone")],
    ),
    (
        ignored,
        lambda o: o.unrecognize([1], reason="variant_gone", by=STAFF, at=LATER),
        False,
        [at_later(STAFF, e.LinesUnpaired, lines=(1,), reason="variant_gone")],
    ),
    (
        paid,
        lambda o: o.unrecognize([1], reason="variant_gone", by=STAFF, at=LATER),
        False,
        [],
    ),
    (
        imported,
        lambda o: o.unrecognize([], reason="variant_gone", by=STAFF, at=LATER),
        False,
        [],
    ),
    (
        imported,
        lambda o: o.follow_connections([SOCK], [2], by=SELLER, at=LATER, pay_by=MONTH),
        True,
        [
            at_later(SELLER, e.LinesPaired, pairings=(SOCK,)),
            at_later(
                SELLER,
                e.OrderUnrecognized,
                state="unrecognized",
                lines=(2,),
                reason="connection_removed",
            ),
        ],
    ),
    (
        lambda: imported(SOCKS),
        lambda o: o.follow_connections([SOCK], [], by=SELLER, at=LATER, pay_by=MONTH),
        False,
        [
            at_later(SELLER, e.LinesPaired, pairings=(SOCK,)),
            at_later(SELLER, e.OrderRecognized, state="awaiting_payment", pay_by=MONTH),
        ],
    ),
    (
        imported,
        lambda o: o.follow_connections([SOCK], [], by=SELLER, at=LATER, pay_by=MONTH),
        False,
        [at_later(SELLER, e.LinesPaired, pairings=(SOCK,))],
    ),
    (
        lambda: imported(SET, SOCKS),
        lambda o: o.follow_connections([], [1], by=SELLER, at=LATER, pay_by=MONTH),
        False,
        [at_later(SELLER, e.LinesUnpaired, lines=(1,), reason="connection_removed")],
    ),
    (
        paid,
        lambda o: o.follow_connections([SOCK], [2], by=SELLER, at=LATER, pay_by=MONTH),
        False,
        [],
    ),
    (
        lambda: imported(SOCKS),
        lambda o: o.ignore(by=SELLER, at=LATER),
        None,
        [at_later(SELLER, e.OrderIgnored, state="ignored")],
    ),
    (
        ignored,
        lambda o: o.restore(by=SELLER, at=LATER),
        None,
        [at_later(SELLER, e.OrderRestored, state="unrecognized")],
    ),
    (
        set_apart,
        lambda o: o.follow_connection(1, SOCK, by=SELLER, at=LATER, pay_by=MONTH),
        True,
        [
            at_later(SELLER, e.LinesPaired, pairings=(SOCK,)),
            at_later(SELLER, e.OrderRecognized, state="awaiting_payment", pay_by=MONTH),
        ],
    ),
    # What is not ours.
    (
        imported,
        lambda o: o.leave_out([2], by=SELLER, at=LATER, pay_by=MONTH),
        True,
        [at_later(SELLER, e.LinesLeftOut, lines=(2,))],
    ),
    (
        lambda: imported(SET, SOCKS),
        lambda o: o.leave_out([2], by=SELLER, at=LATER, pay_by=MONTH),
        True,
        [
            at_later(SELLER, e.LinesLeftOut, lines=(2,)),
            at_later(SELLER, e.OrderRecognized, state="awaiting_payment", pay_by=MONTH),
        ],
    ),
    (
        lambda: imported(SET, SOCKS),
        lambda o: o.leave_out([1], by=SELLER, at=LATER, pay_by=MONTH),
        True,
        [at_later(SELLER, e.LinesLeftOut, lines=(1,))],
    ),
    (
        imported,
        lambda o: o.leave_out([1, 2], by=SELLER, at=LATER, pay_by=MONTH),
        True,
        [at_later(SELLER, e.OrderCancelled, state="cancelled", reason="not_ours")],
    ),
    (
        imported,
        lambda o: o.leave_out([], by=SELLER, at=LATER, pay_by=MONTH),
        False,
        [],
    ),
    (
        paid,
        lambda o: o.leave_out([1], by=SELLER, at=LATER, pay_by=MONTH),
        False,
        [],
    ),
    # What the shop says.
    (
        unpaid_at_store,
        lambda o: o.follow_payment_at_store(by=STORE, at=LATER, pay_by=MONTH),
        None,
        [
            at_later(STORE, e.HoldReleased, hold_id="h"),
            at_later(STORE, e.PayByMoved, pay_by=MONTH),
        ],
    ),
    (
        imported,
        lambda o: o.follow_payment_at_store(by=STORE, at=LATER, pay_by=MONTH),
        None,
        [],
    ),
    (
        imported,
        lambda o: o.follow_store_lines([LAMPS], by=STORE, at=LATER),
        None,
        [at_later(STORE, e.StoreLinesChanged, lines=(LAMPS,))],
    ),
    (
        imported,
        lambda o: o.follow_store_lines([LAMPS, SOCKS], by=STORE, at=LATER),
        None,
        [
            at_later(
                STORE,
                e.OrderUnrecognized,
                state="unrecognized",
                lines=(1, 2),
                reason="store_changed",
            ),
            at_later(STORE, e.StoreLinesChanged, lines=(LAMPS, SOCKS)),
        ],
    ),
    (
        lambda: imported(SOCKS),
        lambda o: o.follow_store_lines([SOCKS, SOCKS], by=STORE, at=LATER),
        None,
        [at_later(STORE, e.StoreLinesChanged, lines=(SOCKS, SOCKS))],
    ),
    # Where it goes.
    (
        imported,
        lambda o: o.choose_shipping("std", by=SELLER, at=LATER),
        None,
        [at_later(SELLER, e.ShippingChosen, method="std")],
    ),
    (imported, lambda o: o.choose_shipping("", by=SELLER, at=LATER), None, []),
    (
        with_address_held,
        lambda o: o.correct_address(version=2, country="US", by=STAFF, at=LATER),
        None,
        [
            at_later(STAFF, e.AddressCorrected, contact_version=2, country="US"),
            at_later(STAFF, e.HoldReleased, hold_id="a"),
        ],
    ),
    (
        imported,
        lambda o: o.follow_address(version=2, country="GB", by=STORE, at=LATER),
        True,
        [at_later(STORE, e.AddressCorrected, contact_version=2, country="GB")],
    ),
    (
        paid,
        lambda o: o.follow_address(version=2, country="US", by=STORE, at=LATER),
        False,
        [],
    ),
    (
        lost,
        lambda o: (
            o.give_up(by=STAFF, at=LATER)
            or o.follow_address(version=2, country="US", by=STORE, at=LATER)
        ),
        True,
        [
            at_later(STAFF, e.HoldReleased, hold_id="parcel_lost-4"),
            at_later(STAFF, e.OrderCancelled, state="cancelled", reason="lost"),
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


def test_an_imported_order_begins_by_whether_it_is_paired():
    """
    The clock runs only for one that can be paid.
    """
    paired, unpaired = imported(), imported(SET, SOCKS)

    assert ("awaiting_payment", WEEK) == (paired.state, paired.pay_by)
    assert ("unrecognized", None) == (unpaired.state, unpaired.pay_by)


def test_a_part_begins_from_what_left():
    """
    The other part takes over where the order comes from and goes to.
    """
    origin, part = two_parts(), empty()
    facts = origin.process_paired_lines("o2", part=2, by=SELLER, at=LATER, pay_by=MONTH)
    part.begin_part(facts)

    assert [attrs.evolve(facts, state="unrecognized")] == part.pending
    assert ["A sock", "A tie"] == [line.title for line in part.lines]
    assert ["A set"] == [line.title for line in origin.lines]


@pytest.mark.parametrize(
    ("pairing", "field", "value", "expected"),
    [
        (LinePairing(0, SOCK.items), "line", 0, "1 to 2"),
        (LinePairing(3, SOCK.items), "line", 3, "1 to 2"),
        (LinePairing(2, ()), "items", (), "positive quantities"),
        (
            LinePairing(2, (NewItem("v", 1), NewItem("w", 0))),
            "items",
            (NewItem("v", 1), NewItem("w", 0)),
            "positive quantities",
        ),
    ],
)
def test_a_pairing_that_cannot_be_is_refused(pairing, field, value, expected):
    """
    A line there is not, and quantities that are not positive, are refused by name.
    """
    order = after(imported(SOCKS, SOCKS))

    with pytest.raises(InvalidInputError) as ei:
        order.connect_sku(pairing, by=SELLER, at=LATER, pay_by=MONTH)

    assert (field, value, expected) == (
        ei.value.field,
        ei.value.value,
        ei.value.expected,
    )
    assert [] == order.pending


@pytest.mark.parametrize(
    ("do", "expected"),
    [
        (
            lambda o: o.disconnect_line(2, by=SELLER, at=LATER),
            "a line that is paired",
        ),
        (
            lambda o: o.follow_connection(2, SOCK, by=SELLER, at=LATER, pay_by=MONTH),
            "a line that is connected, or set apart, for this order alone",
        ),
    ],
)
def test_a_line_that_is_not_what_was_meant_is_refused(do, expected):
    """
    What is not paired is not disconnected, and what follows does not follow again; the
    refusal says which line would do.
    """
    order = after(imported(LAMPS, SOCKS))

    with pytest.raises(InvalidInputError) as ei:
        do(order)

    assert ("line", 2, expected) == (
        ei.value.field,
        ei.value.value,
        ei.value.expected,
    )
    assert [] == order.pending


def test_the_last_line_can_be_paired():
    """
    Lines count from 1 to as many as there are.
    """
    order = imported(SOCKS, SOCKS)

    assert not order.connect_sku(
        attrs.evolve(SOCK, line=2), by=SELLER, at=LATER, pay_by=MONTH
    )
    assert [False, True] == [line.is_paired for line in order.lines]


def test_a_paid_order_goes_to_no_other_country():
    """
    Freight was paid for one country; the refusal names both.
    """
    order = after(paid())

    with pytest.raises(CommandRefusedError) as ei:
        order.correct_address(version=2, country="GB", by=STAFF, at=LATER)

    assert ("order", "o", "correct_address") == (
        ei.value.kind,
        ei.value.id,
        ei.value.command,
    )
    assert (
        Blocker(
            "other_country",
            "its freight was paid for US: have it cancelled, and draft an order by"
            " hand to GB",
            {"paid_for": "US", "asked": "GB"},
        ),
    ) == ei.value.blockers
    assert [] == order.pending
