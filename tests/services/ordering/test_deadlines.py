"""
Deadlines have names: the earliest is stored by its name, and only its command fires.
"""

import inspect
from datetime import timedelta

import attrs
import pytest

from sourcehere import SYSTEM, CommandRefusedError
from sourcehere.domain.kernel.clock import NEVER, to_micros
from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.domain.orders.deadlines import OF_REASON, ORDER_DEADLINES
from sourcehere.domain.orders.events import HoldPlaced
from sourcehere.domain.orders.holds import Hold, HoldReason
from sourcehere.domain.orders.order import Order
from sourcehere.testing.factories import (
    NOON,
    SELLER,
    STAFF,
    nothing_moves,
    open_bench,
    snapshot,
)
from sourcehere.unit.tables.orders import ORDERS
from sourcehere.unit.text.codecs import loader, read_event, write_event

DAY = timedelta(days=1)


@pytest.fixture
def shipped(paired):
    """
    An order that counts as delivered in 45 days.
    """
    order_id = paired.accepted(CUP=1)
    paired.ship(order_id)
    return order_id


def hold_until(bench, order_id, deadline):
    """
    Stop an order as staff, for a time.
    """

    def work(unit):
        unit.orders.one(order_id).place_hold(
            "h1",
            reason=HoldReason.STAFF,
            by=STAFF,
            at=unit.now,
            deadline=deadline,
        )

    bench.app.units.seller(bench.seller, work)


def taken(bench, order_id):
    """
    Return the order itself, out of a transaction that is over: nothing is stored.
    """
    return bench.app.units.seller(
        bench.seller, lambda unit: unit.orders.one(order_id, lock=False), read_only=True
    )


def facts(bench, order_id):
    order = bench.app.orders.get(bench.seller, order_id)
    return order.state, len(order.holds), order.deadline_name, order.deadline


class TestTable:
    def test_every_row_names_a_command_that_a_clock_can_give(self):
        """
        A deadline's command is a method of the order that takes who and when.
        """
        for name, row in ORDER_DEADLINES.items():
            taken = inspect.signature(getattr(Order, row.command)).parameters

            assert (name, "order") == (row.name, row.whose)
            assert ["self", "by", "at"] == list(taken)
            if not row.reason:
                assert isinstance(getattr(Order, name), property) or (
                    name in attrs.fields_dict(Order)
                )

    def test_the_deadlines_of_an_order_are_these(self):
        """
        Each deadline fires one command.
        """
        assert {
            "pay_by": ("expire", "expire_order", ""),
            "ship_by": ("hold_late_by_timer", "hold_late_order", ""),
            "receive_by": ("hold_late_by_timer", "hold_late_order", ""),
            "deliver_by": ("deliver_by_timer", "deliver_order", ""),
            "stall_by": ("stall_by_timer", "stall_parcel", ""),
            "lift_by": ("lift_holds_by_timer", "lift_hold", "staff"),
            "ask_by": ("lift_holds_by_timer", "lift_hold", "parcel_stalled"),
            "take_over_by": (
                "escalate_holds_by_timer",
                "escalate_hold",
                "store_changed",
            ),
            "address_by": ("escalate_holds_by_timer", "escalate_hold", "address"),
            "find_by": ("escalate_holds_by_timer", "escalate_hold", "parcel_lost"),
            "decide_by": (
                "escalate_holds_by_timer",
                "escalate_hold",
                "parcel_returned",
            ),
            "redeliver_by": (
                "escalate_holds_by_timer",
                "escalate_hold",
                "delivery_failed",
            ),
            "clear_by": ("escalate_holds_by_timer", "escalate_hold", "customs"),
            "fetch_by": ("escalate_holds_by_timer", "escalate_hold", "awaiting_pickup"),
            "inspect_by": (
                "escalate_holds_by_timer",
                "escalate_hold",
                "parcel_damaged",
            ),
            "resend_by": ("escalate_holds_by_timer", "escalate_hold", "not_carried"),
            "tell_by": ("escalate_holds_by_timer", "escalate_hold", "shop_not_told"),
            "restock_by": ("escalate_holds_by_timer", "escalate_hold", "out_of_stock"),
        } == {n: (r.command, r.what, r.reason) for n, r in ORDER_DEADLINES.items()}
        assert {
            row.reason: row for row in ORDER_DEADLINES.values() if row.reason
        } == OF_REASON


class TestHoldDeadline:
    def test_it_fires_its_own_command_only(self, paired, shipped):
        """
        A shipped order held until a day is let go that day, and delivered on its own.
        """
        hold_until(paired, shipped, NOON + DAY)
        assert ("shipped", 1, "lift_by", NOON + DAY) == facts(paired, shipped)
        paired.clock.advance(DAY)
        (due,) = paired.app.clocks.due()
        assert ("lift_by", "lift_hold", "order", NOON + DAY, shipped) == (
            due.name,
            due.what,
            due.whose,
            due.at,
            due.id,
        )

        assert 1 == paired.app.clocks.fire().fired
        stall_by = NOON + 20 * DAY
        assert ("shipped", 0, "stall_by", stall_by) == facts(paired, shipped)
        assert () == paired.app.clocks.due()
        paired.clock.advance(44 * DAY)
        assert 1 == paired.app.clocks.fire().fired
        assert ("fulfilled", 0, "", NEVER) == facts(paired, shipped)

    def test_the_timer_is_not_due_by_another_deadline(self, paired, shipped):
        """
        A hold's deadline that has passed does not let the order be delivered.
        """
        order = taken(paired, shipped)
        order.hold(
            "h1",
            HoldReason.STAFF,
            detail="",
            by=STAFF,
            at=NOON,
            deadline=NOON + DAY,
        )
        with pytest.raises(CommandRefusedError) as ei:
            order.deliver_by_timer(by=SYSTEM, at=NOON + DAY)

        (blocker,) = ei.value.blockers
        assert ("not_due", {"deadline": order.deliver_by.isoformat()}) == (
            blocker.code,
            blocker.facts,
        )
        assert "shipped" == order.state

    def test_a_later_one_lets_the_first_come_first(self, paired, shipped):
        """
        The earliest deadline is the next one; the hold stays until its own.
        """
        hold_until(paired, shipped, NOON + 50 * DAY)
        stall_by = NOON + 20 * DAY

        assert ("shipped", 1, "stall_by", stall_by) == facts(paired, shipped)

    def test_a_hold_without_one_brings_none(self, paired):
        """
        A paid order that staff hold without a deadline waits for staff.
        """
        order_id = paired.paid(CUP=1)
        hold_until(paired, order_id, None)

        assert ("awaiting_shipping", 1, "", NEVER) == facts(paired, order_id)

    def test_it_is_not_lifted_early(self, paired):
        """
        A microsecond before its time the hold stays.
        """
        order_id = paired.paid(CUP=1)
        hold_until(paired, order_id, NOON + DAY)
        paired.clock.advance(DAY - timedelta(microseconds=1))
        order = taken(paired, order_id)
        with pytest.raises(CommandRefusedError) as ei:
            order.lift_holds_by_timer(by=SYSTEM, at=paired.clock.now())

        assert ("not_due",) == ei.value.codes
        assert 1 == len(order.holds)
        with nothing_moves(paired):
            assert 0 == paired.app.clocks.fire().fired

    def test_what_the_seller_leaves_is_the_staff_s_turn(self, paired):
        """
        After a week, or at the time that staff said; the hold stays, and says what
        there is to do now.
        """
        first, second = paired.paid("1", CUP=1), paired.paid("2", CUP=1)
        ann = paired.sh.staff("ann").seller("demo")
        reason = HoldReason.ADDRESS
        ann.orders.hold(first, detail="no street", reason=reason)
        ann.orders.hold(second, detail="no town", reason=reason, until=NOON + DAY)
        paired.clock.advance(DAY)
        paired.app.clocks.fire()

        def told(order_id):
            (hold,) = paired.app.orders.get("demo", order_id).holds
            return hold.who, hold.deadline, hold.what_to_do

        correct = "correct the address, which ends the hold"
        again = "ask the seller again, or refund the order"
        assert ("seller", NOON + 7 * DAY, correct) == told(first)
        assert ("staff", None, again) == told(second)
        paired.clock.advance(6 * DAY)
        paired.app.clocks.fire()
        assert ("staff", None, again) == told(first)

    def test_a_part_keeps_it(self, paired):
        """
        What leaves a held order for a part of its own is held as long.
        """
        (order_id,) = paired.sync(snapshot(CUP=1, SOCK=1))
        hold_until(paired, order_id, NOON + DAY)
        paired.app.orders.process_paired_lines(paired.seller, [order_id], by=SELLER)
        page = paired.app.orders.page(paired.seller)
        (rest,) = (o.order_id for o in page.orders if o.order_id != order_id)

        assert ("unrecognized", 1, "lift_by", NOON + DAY) == facts(paired, rest)


class TestStored:
    def test_clocks_fire_what_is_stored(self):
        """
        A stored name that is not the order's next deadline fires nothing.
        """

        bench = open_bench(connected=["CUP"])
        shipped = bench.accepted(CUP=1)
        bench.ship(shipped)

        def misname(unit):
            order = unit.orders.one(shipped)
            row = list(ORDERS.to_row(order))
            position = ORDERS.table.position
            row[position["deadline_name"]] = "pay_by"
            row[position["deadline"]] = to_micros(NOON)
            unit.session.replace(ORDERS.table, [tuple(row)], expected=None)

        bench.app.units.seller(bench.seller, misname)
        with nothing_moves(bench):
            report = bench.app.clocks.fire()

        assert (0, 1) == (report.fired, report.skipped)
        column, replay = bench.app.audit.run(replay=True).violations
        assert "columns_follow_their_row" == column.invariant
        assert "replay_is_stored" == replay.invariant
        assert "deadline_name (stored 'pay_by', folded 'stall_by')" in replay.words

    def test_holds_of_older_releases_are_read(self):
        """
        A hold, and its event, stored before there were deadlines have none.
        """
        text = '[{"hold_id":"h","reason":"staff","detail":"","placed_at":0}]'
        (hold,) = loader(attrs.fields(Order).holds.type)(text)
        event = read_event(
            "order.hold_placed",
            1,
            '{"hold_id":"h","reason":"staff","detail":""}',
            by=STAFF,
            occurred_at=NOON,
        )

        assert ("h", None) == (hold.hold_id, hold.deadline)
        assert isinstance(hold, Hold)
        assert (
            HoldPlaced(
                hold_id="h", reason="staff", detail="", by=STAFF, occurred_at=NOON
            )
            == event
        )
        assert '"deadline":null' in write_event(event)


class TestHoldUntil:
    def test_staff_hold_an_order_for_a_time(self, paired):
        """
        A hold with an end lifts itself then, and is made once per command id.
        """
        order_id = paired.paid(CUP=1)
        desk = paired.sh.staff("ann").seller("demo").orders
        until = NOON + DAY
        held = desk.hold(order_id, detail="count first", until=until, command_id="h1")
        again = desk.hold(order_id, detail="count first", until=until, command_id="h1")
        order = desk.get(order_id)

        assert held == again
        assert ("lift_by", until, "Abnormal") == (
            order.deadline_name,
            order.deadline,
            order.status,
        )
        paired.clock.advance(DAY)
        assert 1 == paired.sh.clocks.fire().fired
        assert () == desk.get(order_id).holds

    @pytest.mark.parametrize("until", [NOON, NOON - DAY])
    def test_a_time_that_is_over_is_refused(self, paired, until):
        """
        A hold cannot end before it begins.
        """
        order_id = paired.paid(CUP=1)
        desk = paired.sh.staff("ann").seller("demo").orders
        with nothing_moves(paired), pytest.raises(InvalidInputError) as ei:
            desk.hold(order_id, detail="late", until=until)
        assert "until" == ei.value.field
