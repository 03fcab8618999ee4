"""
Every hold blocks what its reason says, and nothing else.
"""

import attrs
import pytest

from sourcehere import Actor, CommandRefusedError, Role, Tab
from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.domain.orders.holds import BLOCKED_BY, HOLDS, HoldReason
from sourcehere.domain.orders.rules import COMMANDS, RULES
from sourcehere.testing.factories import (
    HOME,
    NOON,
    SELLER,
    STAFF,
    nothing_moves,
    snapshot,
)

EXPECTED = {
    "store_unpaid": {"pay", "serve_from_local_stock", "accept", "ship"},
    "store_changed": {"accept", "ship"},
    "store_cancelled": {"pay", "serve_from_local_stock", "accept", "ship"},
    "store_data": {"pay", "serve_from_local_stock"},
    "address": {"pay", "accept", "ship"},
    "dispute": {"accept", "ship", "dispatch"},
    "over_receipt": {"write_off_rest", "give_up"},
    "staff": {"pay", "serve_from_local_stock", "accept", "ship", "dispatch"},
    "parcel_lost": {"deliver_by_timer"},
    "parcel_returned": {"deliver_by_timer"},
    "delivery_failed": {"deliver_by_timer"},
    "customs": {"deliver_by_timer"},
    "awaiting_pickup": {"deliver_by_timer"},
    "parcel_damaged": {"deliver_by_timer"},
    "not_carried": {"deliver_by_timer"},
    "parcel_stalled": {"deliver_by_timer"},
    "shop_not_told": {"deliver_by_timer"},
    "ship_late": set(),
    "receive_late": set(),
    "out_of_stock": {"deliver_by_timer"},
}

# Whose turn it is, for how many days where a fact says so, and whose turn it is then.
WHO_ACTS = {
    "store_unpaid": ("seller", 0, None),
    "store_changed": ("seller", 7, "staff"),
    "store_cancelled": ("staff", 0, None),
    "store_data": ("seller", 0, None),
    "address": ("seller", 7, "staff"),
    "dispute": ("staff", 0, None),
    "over_receipt": ("staff", 0, None),
    "staff": ("staff", 0, None),
    "parcel_lost": ("carrier", 14, "staff"),
    "parcel_returned": ("seller", 14, "staff"),
    "delivery_failed": ("seller", 7, "staff"),
    "customs": ("seller", 14, "staff"),
    "awaiting_pickup": ("seller", 7, "staff"),
    "parcel_damaged": ("staff", 7, "seller"),
    "not_carried": ("staff", 3, "seller"),
    "parcel_stalled": ("staff", 20, None),
    "shop_not_told": ("staff", 3, "seller"),
    "ship_late": ("staff", 0, None),
    "receive_late": ("staff", 0, None),
    "out_of_stock": ("seller", 7, "staff"),
}


def test_every_reason_says_whose_turn_it_is():
    """
    The table of holds says who has to act, how long they have, and who is next.
    """
    assert {
        reason.value: (row.who, row.within.days, row.then)
        for reason, row in HOLDS.items()
    } == WHO_ACTS


def test_every_reason_blocks_what_was_decided():
    """
    The table of holds is complete, and blocks commands that exist.
    """
    assert EXPECTED == {reason.value: set(BLOCKED_BY[reason]) for reason in HoldReason}
    assert set().union(*EXPECTED.values()) <= set(COMMANDS)


@pytest.mark.parametrize("reason", HoldReason)
def test_a_hold_blocks_by_its_reason_only(paired, reason):
    """
    Whatever else blocks a command, a hold is among the blockers if its reason says so.
    """
    (order_id,) = paired.sync(snapshot(CUP=1))

    def held(unit):
        order = unit.orders.one(order_id)
        order.hold("h1", reason, detail="why", by=STAFF, at=NOON)
        codes = {
            command: [b.code for b in order.blockers(command, by=Actor(role))]
            for command in COMMANDS
            for role in sorted(RULES[command].roles)[:1]
        }
        return codes, order.is_abnormal

    codes, is_abnormal = paired.app.units.seller("demo", held)

    assert set(codes) == set(COMMANDS)
    assert {c for c, found in codes.items() if "on_hold" in found} == EXPECTED[reason]
    assert bool(EXPECTED[reason]) == is_abnormal


class TestStaffHolds:
    def test_staff_stop_and_let_go(self, paired):
        """
        A hold makes the order Abnormal and unpayable until it is released by its id.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        hold = paired.app.orders.hold("demo", order_id, detail="fraud?", by=STAFF)
        counts = paired.app.orders.counts("demo")
        assert (1, 0) == (counts[Tab.ABNORMAL], counts[Tab.AWAITING_PAYMENT])
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.pay(order_id)
        (blocker,) = ei.value.blockers
        assert (
            "on_hold",
            "held: staff; staff has to act",
            {"hold": hold, "reason": "staff", "who": "staff"},
        ) == (
            blocker.code,
            blocker.words,
            blocker.facts,
        )

        paired.app.orders.release_hold("demo", order_id, hold, by=STAFF)
        assert {order_id: 900} == paired.pay(order_id).paid

    def test_two_holds_are_released_one_by_one(self, paired):
        """
        An order is Abnormal while any blocking hold is open.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        first, second = (
            paired.app.orders.hold("demo", order_id, detail=d, by=STAFF) for d in "ab"
        )
        paired.app.orders.release_hold("demo", order_id, first, by=STAFF)
        assert paired.app.orders.get("demo", order_id).is_abnormal
        paired.app.orders.release_hold("demo", order_id, second, by=STAFF)

        assert not paired.app.orders.get("demo", order_id).is_abnormal

    def test_a_hold_there_is_not_cannot_be_released(self, paired):
        """
        A hold is released by its own id, once.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.orders.release_hold("demo", order_id, "h9", by=STAFF)
        assert "no_hold" in ei.value.codes

    def test_only_staff_hold(self, paired):
        """
        The seller neither holds nor releases.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.orders.hold("demo", order_id, detail="", by=SELLER)
        assert ("role_not_allowed",) == ei.value.codes

    def test_what_has_ended_is_not_held(self, paired):
        """
        A cancelled order is not stopped any more.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        paired.app.orders.cancel("demo", [order_id], by=SELLER)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.orders.hold("demo", order_id, detail="", by=STAFF)
        assert ("wrong_state",) == ei.value.codes

    def test_a_new_address_ends_the_hold_for_the_old_one(self, paired):
        """
        A parcel staff cannot address stands still until the seller corrects it.
        """
        order_id = paired.accepted(CUP=1)
        orders, reason = paired.app.orders, HoldReason.ADDRESS
        orders.hold("demo", order_id, reason=reason, detail="no such street", by=STAFF)
        other = orders.hold("demo", order_id, detail="look", by=STAFF)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.ship(order_id)
        assert ("on_hold", "on_hold") == ei.value.codes
        better = attrs.evolve(HOME, street="2 Main St")
        orders.correct_address("demo", order_id, better, by=SELLER)

        assert [other] == [h.hold_id for h in orders.get("demo", order_id).holds]
        orders.release_hold("demo", order_id, other, by=STAFF)
        paired.ship(order_id)

    def test_the_shop_s_new_address_ends_it_too(self, paired):
        """
        An unpaid order follows the shop, and is not held for where it does not go.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        reason = HoldReason.ADDRESS
        paired.app.orders.hold("demo", order_id, reason=reason, detail="?", by=STAFF)
        paired.sync(snapshot(address=attrs.evolve(HOME, street="2 Main St"), CUP=1))

        assert () == paired.app.orders.get("demo", order_id).holds

    def test_what_only_facts_say_is_placed_by_nobody(self, paired):
        """
        Staff cannot claim that the shop cancelled.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        with nothing_moves(paired), pytest.raises(InvalidInputError) as ei:
            paired.app.orders.hold(
                "demo",
                order_id,
                reason=HoldReason.STORE_CANCELLED,
                detail="",
                by=STAFF,
            )
        assert ("reason", "address or out_of_stock or staff") == (
            ei.value.field,
            ei.value.expected,
        )

    def test_no_hold_blocks_a_fact(self, paired):
        """
        A held order still takes the shop's edits and cancellation.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        paired.app.orders.hold("demo", order_id, detail="", by=STAFF)
        paired.sync(snapshot(CUP=2))
        paired.sync(snapshot(cancelled=True, CUP=2))
        order = paired.app.orders.get("demo", order_id)

        assert ("cancelled", 2) == (order.state, order.lines[0].quantity)


class TestWhyNot:
    @pytest.mark.parametrize("role", list(Role))
    def test_allowed_and_why_not_never_disagree(self, paired, role):
        """
        What is allowed has no blocker, and what has none is allowed.
        """
        order_id = paired.accepted(CUP=1)
        by, orders = Actor(role), paired.app.orders

        unblocked = {
            command
            for command in COMMANDS
            if orders.why_not("demo", order_id, command, by=by) == ()
        }
        assert set(orders.allowed("demo", order_id, by=by)) == unblocked

    def test_buttons_of_a_paid_order(self, paired):
        """
        The seller and staff see what each of them can do next.
        """
        order_id = paired.paid(CUP=1)
        allowed = paired.app.orders.allowed

        assert {"correct_address", "request_cancel", "open_dispute", "note"} == set(
            allowed("demo", order_id, by=SELLER)
        )
        assert {
            "correct_address",
            "accept",
            "refund_units",
            "refund_all",
            "reject",
            "place_hold",
            "note",
        } == set(allowed("demo", order_id, by=STAFF))
