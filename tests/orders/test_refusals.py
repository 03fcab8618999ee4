"""
What refuses a command of an order, word for word and with its facts.
"""

from datetime import timedelta

import attrs
import pytest
from begun import (
    EVERYTHING,
    LAMPS,
    MONTH,
    REST,
    SET,
    SOCKS,
    STORE,
    SYSTEM,
    WEEK,
    accepted,
    bought,
    dispatched,
    imported,
    paid,
    refund,
    send,
)

from sourcehere import CommandRefusedError
from sourcehere.domain.kernel.errors import Blocker
from sourcehere.domain.orders.guards import Ask
from sourcehere.domain.orders.holds import HoldReason
from sourcehere.domain.orders.lines import ItemCount, ItemRefund
from sourcehere.testing.factories import NOON, SELLER, STAFF


def held(order, reason=HoldReason.STAFF, **facts):
    """
    Hold an order.
    """
    order.hold("h", reason, **({"detail": "", "by": STAFF, "at": NOON} | facts))
    return order


def disputed(order, *, unsent=True, **quantities):
    """
    Dispute units of an order, and leave it unheld.
    """
    chosen = {name[1:].replace("_", "."): q for name, q in quantities.items()}
    order.open_dispute(
        "d", chosen, is_about_unsent=unsent, hold_id="h", by=SELLER, at=NOON
    )
    order.release_holds_for(HoldReason.DISPUTE, by=STAFF, at=NOON)
    return order


def with_refund(order, item_id, quantity):
    """
    Refund units that have left.
    """
    return refund(order, ItemRefund(item_id, quantity, 0))


def about(**quantities):
    """
    Ask about items as `i1_1=2`.
    """
    return Ask(quantities={n[1:].replace("_", "."): q for n, q in quantities.items()})


def sent_or_not(*, unsent, **quantities):
    """
    Ask about a dispute of items as `i1_1=2`.
    """
    return attrs.evolve(about(**quantities), unsent=unsent)


def received():
    """
    Return an order for a cloud warehouse all of which has come.
    """
    order = dispatched()
    counts = [ItemCount(name, quantity) for name, quantity in EVERYTHING.items()]
    order.receive("r", counts, by=STAFF, at=NOON)
    return order


def all_paired_but_not_recognized():
    """
    Return an order whose shop has put lines that are connected in place of others.
    """
    order = imported(SOCKS)
    order.follow_store_lines([LAMPS], by=STORE, at=NOON)
    return order


def all_written_off():
    """
    Return an order for a cloud warehouse all of which was lost.
    """
    order = dispatched()
    order.write_off(REST, by=STAFF, at=NOON)
    return order


REFUSED = [
    # Who, and in which state.
    (
        imported,
        "pay",
        STORE,
        Ask(),
        Blocker(
            "role_not_allowed",
            "pay is for seller, not for store",
            {"role": "store", "allowed": "seller"},
        ),
    ),
    (
        imported,
        "note",
        STORE,
        Ask(),
        Blocker(
            "role_not_allowed",
            "note is for seller, staff, not for store",
            {"role": "store", "allowed": "seller, staff"},
        ),
    ),
    (
        imported,
        "accept",
        STAFF,
        Ask(),
        Blocker(
            "wrong_state",
            "it is awaiting_payment; accept needs awaiting_shipping",
            {"state": "awaiting_payment", "needs": "awaiting_shipping"},
        ),
    ),
    (
        imported,
        "ship",
        STAFF,
        Ask(),
        Blocker(
            "wrong_state",
            "it is awaiting_payment; ship needs awaiting_shipping, partially_shipped",
            {
                "state": "awaiting_payment",
                "needs": "awaiting_shipping, partially_shipped",
            },
        ),
    ),
    (
        bought,
        "ship",
        STAFF,
        Ask(),
        Blocker(
            "not_for_this_kind",
            "a cloud warehouse order has no ship",
            {"kind": "cloud_warehouse"},
        ),
    ),
    # Holds.
    (
        lambda: held(paid()),
        "accept",
        STAFF,
        Ask(),
        Blocker(
            "on_hold",
            "held: staff; staff has to act",
            {"hold": "h", "reason": "staff", "who": "staff"},
        ),
    ),
    (
        lambda: held(imported(), HoldReason.STORE_UNPAID, detail="not paid there"),
        "pay",
        SELLER,
        Ask(),
        Blocker(
            "on_hold",
            "held: store_unpaid (not paid there); seller has to act",
            {"hold": "h", "reason": "store_unpaid", "who": "seller"},
        ),
    ),
    (
        lambda: held(paid()),
        "release_hold",
        STAFF,
        Ask(hold_id="x"),
        Blocker("hold_not_open", "hold x is not open", {"hold": "x"}),
    ),
    (
        lambda: held(paid()),
        "release_hold",
        STAFF,
        Ask(hold_id=""),
        Blocker("hold_not_open", "say which hold is meant: h (staff)", {"hold": ""}),
    ),
    (
        lambda: held(paid()),
        "release_hold",
        STAFF,
        Ask(hold_reason="address"),
        Blocker(
            "not_held_for",
            "it is not held for address, but for staff",
            {"reason": "address"},
        ),
    ),
    (
        paid,
        "release_hold",
        STAFF,
        Ask(hold_id="x", hold_reason="address"),
        Blocker("no_hold", "no hold is open"),
    ),
    (paid, "release_hold", STAFF, Ask(), Blocker("no_hold", "no hold is open")),
    # Quantities.
    (
        accepted,
        "ship",
        STAFF,
        Ask(quantities={}),
        Blocker("nothing_chosen", "no item is named; name at least one"),
    ),
    (
        accepted,
        "ship",
        STAFF,
        about(i1_1=0),
        Blocker(
            "quantity_not_positive",
            "item 1.1: 0 is not a positive whole quantity",
            {"item": "1.1", "quantity": 0},
        ),
    ),
    (
        accepted,
        "ship",
        STAFF,
        about(i1_1=1.5),
        Blocker(
            "quantity_not_positive",
            "item 1.1: 1.5 is not a positive whole quantity",
            {"item": "1.1", "quantity": 1.5},
        ),
    ),
    (
        lambda: send(accepted(), i1_1=1),
        "ship",
        STAFF,
        about(i1_1=2),
        Blocker(
            "too_many_units",
            "item 1.1: 2 units asked, 1 left to send",
            {"item": "1.1", "asked": 2, "left": 1},
        ),
    ),
    # Where it stands.
    (
        paid,
        "ship",
        STAFF,
        Ask(),
        Blocker("not_accepted", "the warehouse has not accepted it; accept first"),
    ),
    (
        accepted,
        "accept",
        STAFF,
        Ask(),
        Blocker("already_accepted", "the warehouse has accepted it already"),
    ),
    (
        lambda: imported(SOCKS),
        "process_paired_lines",
        SELLER,
        Ask(),
        Blocker("nothing_paired", "no line is paired; connect one first"),
    ),
    (
        lambda: imported(SET, SOCKS),
        "follow_connection",
        SELLER,
        Ask(),
        Blocker(
            "nothing_on_its_own",
            "no line is connected, or set apart, for this order alone",
        ),
    ),
    (
        all_paired_but_not_recognized,
        "process_paired_lines",
        SELLER,
        Ask(),
        Blocker("everything_paired", "every line is paired; nothing is left to part"),
    ),
    (
        all_written_off,
        "write_off_rest",
        STAFF,
        Ask(),
        Blocker("nothing_outstanding", "every unit is settled already"),
    ),
    (
        paid,
        "take_over",
        SELLER,
        Ask(),
        Blocker("nothing_changed", "the shop wants nothing else than we supply"),
    ),
    (
        lambda: send(accepted()),
        "correct_tracking",
        STAFF,
        Ask(parcel_id="q"),
        Blocker("unknown_parcel", "the order has no live parcel q", {"parcel": "q"}),
    ),
    (
        lambda: send(accepted()),
        "give_up",
        STAFF,
        Ask(),
        Blocker("not_refunded", "not every unit is refunded; refund them first"),
    ),
    # Time.
    (
        imported,
        "expire",
        SYSTEM,
        Ask(at=WEEK - timedelta(seconds=1)),
        Blocker(
            "not_due",
            "not due before 2026-03-09T12:00:00+00:00",
            {"deadline": "2026-03-09T12:00:00+00:00"},
        ),
    ),
    (
        lambda: held(imported(), HoldReason.STORE_UNPAID),
        "expire",
        SYSTEM,
        Ask(at=MONTH),
        Blocker("not_due", "no deadline is running"),
    ),
    # Disputes.
    (
        lambda: disputed(paid(), i1_1=1),
        "request_cancel",
        SELLER,
        Ask(),
        Blocker("dispute_open", "a dispute is open", {"dispute": "d"}),
    ),
    (
        lambda: disputed(paid(), i1_1=1),
        "open_dispute",
        SELLER,
        about(i1_1=2),
        Blocker(
            "units_taken",
            "item 1.1: 2 units asked, but only 1 are neither refunded nor in an open"
            " dispute",
            {"item": "1.1", "asked": 2, "left": 1},
        ),
    ),
    (
        lambda: with_refund(send(accepted()), "1.2", 2),
        "open_dispute",
        SELLER,
        about(i1_2=5),
        Blocker(
            "units_taken",
            "item 1.2: 5 units asked, but only 4 are neither refunded nor in an open"
            " dispute",
            {"item": "1.2", "asked": 5, "left": 4},
        ),
    ),
    (
        lambda: send(accepted(), i1_2=2),
        "open_dispute",
        SELLER,
        sent_or_not(unsent=True, i1_2=5),
        Blocker(
            "units_sent",
            "item 1.2: 5 units asked, but only 4 have not left yet",
            {"item": "1.2", "asked": 5, "left": 4},
        ),
    ),
    (
        lambda: send(accepted(), i1_2=2),
        "open_dispute",
        SELLER,
        sent_or_not(unsent=False, i1_2=3),
        Blocker(
            "units_not_sent",
            "item 1.2: 3 units asked, but only 2 have left",
            {"item": "1.2", "asked": 3, "left": 2},
        ),
    ),
    (
        lambda: disputed(send(accepted(), i1_2=4), unsent=False, i1_2=3),
        "open_dispute",
        SELLER,
        sent_or_not(unsent=False, i1_2=2),
        Blocker(
            "units_not_sent",
            "item 1.2: 2 units asked, but only 1 have left",
            {"item": "1.2", "asked": 2, "left": 1},
        ),
    ),
    (
        lambda: with_refund(send(accepted(), i1_2=4), "1.2", 3),
        "open_dispute",
        SELLER,
        sent_or_not(unsent=False, i1_2=2),
        Blocker(
            "units_not_sent",
            "item 1.2: 2 units asked, but only 1 have left",
            {"item": "1.2", "asked": 2, "left": 1},
        ),
    ),
    (
        accepted,
        "open_dispute",
        SELLER,
        sent_or_not(unsent=False, i1_2=1),
        Blocker(
            "units_not_sent",
            "item 1.2: 1 unit asked, but only 0 have left",
            {"item": "1.2", "asked": 1, "left": 0},
        ),
    ),
    (
        lambda: disputed(accepted(), i1_2=6),
        "refund_units",
        STAFF,
        about(i1_2=1),
        Blocker(
            "units_taken",
            "item 1.2: 1 unit asked, but only 0 of those that have not left are in no"
            " open dispute",
            {"item": "1.2", "asked": 1, "left": 0},
        ),
    ),
    (
        lambda: disputed(accepted(), i1_2=5),
        "refund_units",
        STAFF,
        about(i1_2=2),
        Blocker(
            "units_taken",
            "item 1.2: 2 units asked, but only 1 of those that have not left are in no"
            " open dispute",
            {"item": "1.2", "asked": 2, "left": 1},
        ),
    ),
    (
        lambda: disputed(send(accepted(), i1_1=1), i1_2=1),
        "short_ship_rest",
        STAFF,
        Ask(),
        Blocker(
            "units_disputed",
            "item 1.2: an open dispute is about what would be refunded",
            {"item": "1.2"},
        ),
    ),
    (
        lambda: disputed(dispatched(), unsent=False, i2_1=1),
        "write_off_rest",
        STAFF,
        Ask(),
        Blocker(
            "units_disputed",
            "item 2.1: an open dispute is about what would be refunded",
            {"item": "2.1"},
        ),
    ),
]


@pytest.mark.parametrize(
    ("begin", "command", "by", "ask", "blocker"),
    REFUSED,
    ids=[f"{command}-{blocker.code}" for _, command, _, _, blocker in REFUSED],
)
def test_it_says_why(begin, command, by, ask, blocker):
    """
    The one reason there is has its code, its words and its facts, and names the order.
    """
    order = begin()
    before = attrs.evolve(order)
    assert (blocker,) == order.blockers(command, by=by, ask=ask)

    with pytest.raises(CommandRefusedError) as ei:
        order.require(command, by=by, ask=ask)

    assert ("order", "o", command, (blocker,)) == (
        ei.value.kind,
        ei.value.id,
        ei.value.command,
        ei.value.blockers,
    )
    assert before == order


def test_every_reason_is_given_at_once():
    """
    Role, state and holds each give theirs, in this order.
    """
    order = held(imported())

    assert ("role_not_allowed", "wrong_state", "on_hold") == tuple(
        b.code for b in order.blockers("ship", by=SELLER)
    )


def test_an_item_it_does_not_have_is_named_first():
    """
    Of an item that is unknown nothing is left either.
    """
    unknown = Blocker("unknown_item", "the order has no item 9.9", {"item": "9.9"})
    too_many = Blocker(
        "too_many_units",
        "item 9.9: 1 unit asked, 0 left to send",
        {"item": "9.9", "asked": 1, "left": 0},
    )
    taken = Blocker(
        "units_taken",
        "item 9.9: 1 unit asked, but only 0 are neither refunded nor in an open"
        " dispute",
        {"item": "9.9", "asked": 1, "left": 0},
    )
    order = accepted()

    assert (unknown, too_many) == order.blockers("ship", by=STAFF, ask=about(i9_9=1))
    assert (unknown, taken) == order.blockers(
        "open_dispute", by=SELLER, ask=sent_or_not(unsent=True, i9_9=1)
    )


def test_only_what_was_sent_to_a_customer_can_be_disputed_as_sent():
    """
    Of an order for a warehouse no unit leaves in a parcel, yet all can be disputed.
    """
    order = dispatched()

    assert () == order.blockers(
        "open_dispute", by=SELLER, ask=sent_or_not(unsent=False, i1_2=6)
    )


def test_what_was_never_sent_cannot_arrive():
    """
    A cancelled order receives nothing, unless it was lost on its way.
    """
    order = bought()
    order.refund_rest(command="refund_all", by=STAFF, at=NOON)
    blocker = Blocker("never_sent", "it was never sent; nothing of it can arrive")

    assert "cancelled" == order.state
    assert (blocker,) == order.blockers("receive", by=STAFF)


def test_what_is_lost_may_still_turn_up():
    """
    An order that was given up as lost can receive what turns up.
    """
    order = dispatched()
    items = [ItemRefund(name, q, 0) for name, q in EVERYTHING.items()]
    refund(order, *items)
    order.give_up(by=STAFF, at=NOON)

    assert ("cancelled", "lost") == (order.state, order.cancel_reason)
    assert () == order.blockers("receive", by=STAFF)


def test_the_silent_guards_ask_nothing():
    """
    Without particulars a command is not refused because of them.
    """
    order = send(held(accepted(), HoldReason.STORE_DATA), i1_1=1)

    for command, by in (
        ("ship", STAFF),
        ("open_dispute", SELLER),
        ("correct_tracking", STAFF),
        ("release_hold", STAFF),
    ):
        assert () == order.blockers(command, by=by)
    assert () == imported().blockers("expire", by=SYSTEM)


def test_a_deadline_is_due_on_the_second():
    """
    What is due at an instant may be done at that instant.
    """
    assert () == imported().blockers("expire", by=SYSTEM, ask=Ask(at=WEEK))


def test_a_quantity_of_nothing_is_all_there_is_to_say():
    """
    Guards behind do not stumble over an item that the order does not have.
    """
    order = accepted()

    assert ("unknown_item",) == tuple(
        b.code
        for b in order.blockers(
            "open_dispute", by=SELLER, ask=sent_or_not(unsent=True, i9_9=0)
        )
    )


def test_units_taken_out_before_do_not_count_as_sent():
    """
    Of six hats two were refunded before four left: all four can be disputed as sent.
    """
    order = accepted()
    order.cancel_units({"1.2": 2}, by=STAFF, at=NOON)
    with_refund(send(order, i1_2=4), "1.2", 2)

    assert () == order.blockers(
        "open_dispute", by=SELLER, ask=sent_or_not(unsent=False, i1_2=4)
    )


def test_a_dispute_about_what_was_sent_stops_no_refund_of_the_rest():
    """
    Only a dispute about what has not left is about what would be refunded.
    """
    order = disputed(send(accepted(), i1_2=3), unsent=False, i1_2=1)

    assert () == order.blockers("short_ship_rest", by=STAFF)


PARTICULARS = [
    (accepted, lambda o: o.cancel_units({"1.1": 3}, by=STAFF, at=NOON)),
    (
        accepted,
        lambda o: o.ship("p", {"1.1": 3}, by=STAFF, at=NOON, deliver_by=MONTH),
    ),
    (
        accepted,
        lambda o: o.open_dispute(
            "d", {"1.1": 3}, is_about_unsent=True, hold_id="h", by=SELLER, at=NOON
        ),
    ),
    (
        accepted,
        lambda o: o.open_dispute(
            "d", {"1.1": 1}, is_about_unsent=False, hold_id="h", by=SELLER, at=NOON
        ),
    ),
    (lambda: held(paid()), lambda o: o.release_hold("x", by=STAFF, at=NOON)),
    (
        lambda: send(accepted()),
        lambda o: o.correct_tracking("q", by=STAFF, at=NOON),
    ),
    (
        lambda: send(accepted()),
        lambda o: o.void_parcel("q", replacement="r", by=STAFF, at=NOON),
    ),
    (imported, lambda o: o.expire(by=SYSTEM, at=NOON)),
    (lambda: send(accepted()), lambda o: o.deliver_by_timer(by=SYSTEM, at=NOON)),
]


@pytest.mark.parametrize(("begin", "do"), PARTICULARS)
def test_a_command_asks_about_its_particulars(begin, do):
    """
    What would be allowed in general is refused for these units, this parcel, this hold
    or this time, and nothing is recorded.
    """
    order = begin()
    before = attrs.evolve(order)
    recorded = len(order.pending)

    with pytest.raises(CommandRefusedError):
        do(order)
    assert before == order
    assert recorded == len(order.pending)
