"""
Money back before anything left: units, everything, and the seller's wish to cancel.
"""

import pytest

from sourcehere import CommandRefusedError
from sourcehere.domain.kernel.errors import IdempotencyConflictError
from sourcehere.testing.factories import SELLER, STAFF, nothing_moves, snapshot


def refund(bench, order_id, *, by=STAFF, command_id="", **units):
    """
    Refund units as `i1_1=2`.
    """
    quantities = {n[1:].replace("_", "."): q for n, q in units.items()}
    return bench.app.orders.refund_units(
        "demo", order_id, quantities, by=by, command_id=command_id
    )


class TestRefundUnits:
    def test_units_are_taken_out_at_the_price_paid(self, paired):
        """
        Units refunded before shipping are not sent; freight stays until the last one.
        """
        order_id = paired.accepted(CUP=3)
        before = paired.balance()
        assert "awaiting_shipping" == refund(paired, order_id, i1_1=1)
        assert before + 500 == paired.balance()
        paired.ship(order_id)
        order = paired.app.orders.get("demo", order_id)

        assert ("shipped", 2, 1, 1) == (
            order.state,
            order.items["1.1"].quantity_shipped,
            order.items["1.1"].quantity_cancelled,
            order.items["1.1"].quantity_refunded,
        )

    def test_the_last_unit_ends_the_order_and_returns_freight(self, paired):
        """
        An order nothing of which is left to send is cancelled, all money back.
        """
        before = paired.balance()
        order_id = paired.paid(CUP=2, HAT=1)
        refund(paired, order_id, i1_1=2)
        assert "cancelled" == refund(paired, order_id, i2_1=1)
        order = paired.app.orders.get("demo", order_id)

        assert before == paired.balance()
        assert ("refunded", order.captured.minor) == (
            order.cancel_reason,
            order.refunded.minor,
        )

    def test_the_last_unsent_unit_of_a_partly_shipped_order_closes_it(self, paired):
        """
        Refunding what was left to send makes a partly shipped order shipped.
        """
        order_id = paired.accepted(CUP=2)
        paired.ship(order_id, i1_1=1)
        assert "shipped" == refund(paired, order_id, i1_1=1)

        assert 0 == paired.app.orders.get("demo", order_id).freight_refunded.minor

    def test_direct_units_come_first_then_lots_are_released(self, paired):
        """
        Units bought directly are paid back; units from stock go back to it, and bring
        their handling.
        """
        paired.stocked(CUP=3)
        order_id = paired.paid(CUP=5)
        before = paired.balance()
        refund(paired, order_id, i1_1=3)
        (view,) = paired.app.cloud.stock("demo")

        assert before + 2 * 500 + 20 == paired.balance()
        assert (3, 2, 1) == (view.on_hand, view.allocated, view.available)
        refund(paired, order_id, i1_1=2)
        order = paired.app.orders.get("demo", order_id)
        assert ("cancelled", order.captured.minor) == (
            order.state,
            order.refunded.minor,
        )

    @pytest.mark.parametrize(
        ("units", "code"),
        [
            ({"i1_1": 4}, "too_many_units"),
            ({"i1_1": 0}, "quantity_not_positive"),
            ({"i7_1": 1}, "unknown_item"),
            ({}, "nothing_chosen"),
        ],
    )
    def test_units_there_are_not_are_refused(self, paired, units, code):
        """
        Only units that are left to send are taken out.
        """
        order_id = paired.paid(CUP=3)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            refund(paired, order_id, **units)
        assert code in ei.value.codes

    def test_only_staff_refund(self, paired):
        """
        The seller asks; staff refund.
        """
        order_id = paired.paid(CUP=3)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            refund(paired, order_id, by=SELLER, i1_1=1)
        assert ("role_not_allowed",) == ei.value.codes

    def test_the_same_command_refunds_once(self, paired):
        """
        A refund repeated with its command id is the same refund.
        """
        order_id = paired.paid(CUP=3)
        refund(paired, order_id, command_id="r", i1_1=1)
        with nothing_moves(paired):
            assert "awaiting_shipping" == refund(
                paired, order_id, command_id="r", i1_1=1
            )
        with nothing_moves(paired), pytest.raises(IdempotencyConflictError):
            refund(paired, order_id, command_id="r", i1_1=2)

    def test_bulk_orders_are_refunded_too(self, bench):
        """
        Units of a bulk order come back before it is dispatched.
        """
        before = bench.balance()
        order_id = bench.bought(CUP=5)
        assert "awaiting_shipping" == refund(bench, order_id, i1_1=2)
        assert before - 3 * 450 == bench.balance()
        bench.app.cloud.dispatch("demo", order_id, by=STAFF)
        (view,) = bench.app.cloud.stock("demo")

        assert 3 == view.incoming


class TestRefundAll:
    def test_everything_comes_back(self, paired):
        """
        Staff end an order before anything left: goods, freight and handling return.
        """
        paired.stocked(CUP=3)
        before = paired.balance()
        order_id = paired.accepted(CUP=5)
        assert "cancelled" == paired.app.orders.refund_all("demo", order_id, by=STAFF)
        order = paired.app.orders.get("demo", order_id)

        assert before == paired.balance()
        assert ("refunded", 700 + 60) == (
            order.cancel_reason,
            order.freight_refunded.minor,
        )
        (view,) = paired.app.cloud.stock("demo")
        assert (3, 0) == (view.on_hand, view.allocated)

    def test_not_once_something_has_left(self, paired):
        """
        An order that was partly shipped is not ended by refund.
        """
        order_id = paired.accepted(CUP=2)
        paired.ship(order_id, i1_1=1)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.orders.refund_all("demo", order_id, by=STAFF)
        assert ("wrong_state",) == ei.value.codes


class TestRequestCancel:
    def test_before_the_warehouse_accepted_it_is_done(self, paired):
        """
        The seller cancels at once what nobody has begun to pack.
        """
        before = paired.balance()
        order_id = paired.paid(CUP=2)

        asked = paired.app.disputes.request_cancel("demo", order_id, by=SELLER)
        assert ("cancelled", None) == (asked.state, asked.dispute_id)
        assert before == paired.balance()

    def test_afterwards_it_is_a_dispute_that_stops_it(self, paired):
        """
        What the warehouse took on is held until staff decide.
        """
        order_id = paired.accepted(CUP=2)
        asked = paired.app.disputes.request_cancel("demo", order_id, by=SELLER)
        dispute_id = asked.dispute_id
        found = paired.app.disputes.get("demo", dispute_id)

        assert ("cancel", 1550, "open") == (
            found.reason,
            found.asked_minor,
            found.state,
        )
        assert ["dispute"] == [
            hold.reason for hold in paired.app.orders.get("demo", order_id).holds
        ]
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.disputes.request_cancel("demo", order_id, by=SELLER)
        assert "dispute_open" in ei.value.codes

    def test_not_before_it_is_paid(self, paired):
        """
        An order nobody paid is cancelled, not asked to be.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.disputes.request_cancel("demo", order_id, by=SELLER)
        assert ("wrong_state",) == ei.value.codes
