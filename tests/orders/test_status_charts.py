"""
Every chart: the compiled table moves as the engine does, and is what was decided.
"""

import itertools

import pytest
from statemachine import StateMachine
from statemachine.exceptions import TransitionNotAllowed

from sourcehere.domain.disputes.machine import DisputeChart
from sourcehere.domain.effects.machine import AttemptChart, MessageChart
from sourcehere.domain.kernel.errors import TransitionRefusedError
from sourcehere.domain.orders.kinds import CHARTS
from sourcehere.domain.orders.machine import (
    CloudOrderChart,
    ManualOrderChart,
    StoreOrderChart,
)
from sourcehere.domain.quotes.machine import QuoteRequestChart
from sourcehere.domain.wallet.machine import CheckoutChart, RefundChart

EVERY_CHART = (
    StoreOrderChart,
    ManualOrderChart,
    CloudOrderChart,
    QuoteRequestChart,
    DisputeChart,
    RefundChart,
    CheckoutChart,
    MessageChart,
    AttemptChart,
)
EVERY_STEP = [
    pytest.param(chart, state, event, id=f"{chart.__name__}-{state}-{event}")
    for chart in EVERY_CHART
    for state, event in itertools.product(chart.state_names(), chart.event_names())
]


@pytest.mark.parametrize(("chart", "state", "event"), EVERY_STEP)
def test_table_agrees_with_the_engine(chart, state, event):
    """
    For every state and event the table moves as the engine does, or both refuse.
    """
    engine = chart(start_value=state)
    try:
        # Some charts have an event called `send`, which hides the engine's method.
        StateMachine.send(engine, event)
    except TransitionNotAllowed:
        with pytest.raises(TransitionRefusedError) as ei:
            chart.after(state, event)
        assert (state, event) == (ei.value.state, ei.value.event)
        assert not chart.allows(state, event)
        return

    assert engine.current_state_value == chart.after(state, event)
    assert chart.allows(state, event)


def moves(chart):
    """
    Return a chart as (from, event, to).
    """
    return {(state, event, to) for (state, event), to in chart.table.items()}


AFTER_PAYMENT = {
    ("awaiting_payment", "expire", "cancelled"),
    ("awaiting_payment", "pay", "awaiting_shipping"),
    ("awaiting_shipping", "ship_some", "partially_shipped"),
    ("partially_shipped", "ship_some", "partially_shipped"),
    ("awaiting_shipping", "ship_rest", "shipped"),
    ("partially_shipped", "ship_rest", "shipped"),
    ("partially_shipped", "short_ship_rest", "shipped"),
    ("awaiting_shipping", "refund_all", "cancelled"),
    ("shipped", "deliver", "fulfilled"),
    ("shipped", "give_up", "cancelled"),
}


class TestOrderCharts:
    def test_a_store_order_moves_as_decided(self):
        """
        The chart of store orders is the table of the domain, row by row.
        """
        assert AFTER_PAYMENT | {
            ("new", "import_paired", "awaiting_payment"),
            ("new", "import_unpaired", "unrecognized"),
            ("unrecognized", "recognize", "awaiting_payment"),
            ("awaiting_payment", "unrecognize", "unrecognized"),
            ("unrecognized", "ignore", "ignored"),
            ("ignored", "restore", "unrecognized"),
            ("unrecognized", "cancel", "cancelled"),
            ("awaiting_payment", "cancel", "cancelled"),
            ("ignored", "cancel", "cancelled"),
            ("unrecognized", "serve", "cancelled"),
            ("awaiting_payment", "serve", "cancelled"),
            ("ignored", "serve", "cancelled"),
        } == moves(StoreOrderChart)

    def test_a_manual_order_moves_as_decided(self):
        """
        A manual order is drafted and placed, or sends something again; then it goes the
        way of a store order.
        """
        assert AFTER_PAYMENT | {
            ("new", "create", "draft"),
            ("new", "reship", "awaiting_shipping"),
            ("draft", "place", "awaiting_payment"),
            ("draft", "cancel", "cancelled"),
            ("awaiting_payment", "cancel", "cancelled"),
        } == moves(ManualOrderChart)

    def test_a_cloud_warehouse_order_moves_as_decided(self):
        """
        A cloud-warehouse order is dispatched, received in parts, or written off.
        """
        assert {
            ("new", "create", "draft"),
            ("draft", "place", "awaiting_payment"),
            ("draft", "cancel", "cancelled"),
            ("awaiting_payment", "cancel", "cancelled"),
            ("awaiting_payment", "expire", "cancelled"),
            ("awaiting_payment", "pay", "awaiting_shipping"),
            ("awaiting_shipping", "dispatch", "shipped"),
            ("shipped", "receive_some", "receiving"),
            ("receiving", "receive_some", "receiving"),
            ("shipped", "receive_rest", "fulfilled"),
            ("receiving", "receive_rest", "fulfilled"),
            ("shipped", "write_off_rest", "fulfilled"),
            ("receiving", "write_off_rest", "fulfilled"),
            ("shipped", "give_up", "cancelled"),
            ("awaiting_shipping", "refund_all", "cancelled"),
        } == moves(CloudOrderChart)

    @pytest.mark.parametrize("chart", CHARTS.values())
    def test_an_order_ends_fulfilled_or_cancelled(self, chart):
        """
        Nothing leaves Fulfilled and Cancelled, and nothing else is an end.
        """
        assert {"fulfilled", "cancelled"} == chart.ending_states()
        leaving = {state for state, _ in chart.table}
        assert leaving == set(chart.state_names()) - {"fulfilled", "cancelled"}


class TestOtherCharts:
    def test_a_quote_request_moves_as_decided(self):
        """
        A quote is asked or given unasked, revised, and ends in one of five ways.
        """
        assert {
            ("new", "ask", "open"),
            ("open", "answer", "quoted"),
            ("new", "answer", "quoted"),
            ("quoted", "revise", "quoted"),
            ("quoted", "accept", "accepted"),
            ("quoted", "decline", "declined"),
            ("quoted", "expire", "expired"),
            ("open", "give_up", "unavailable"),
            ("open", "withdraw", "withdrawn"),
            ("quoted", "withdraw", "withdrawn"),
        } == moves(QuoteRequestChart)

    def test_a_dispute_moves_as_decided(self):
        """
        A dispute is reviewed, asked about, offered on, and ends in one of four ways.
        """
        assert {
            ("new", "submit", "open"),
            ("open", "take", "under_review"),
            ("under_review", "ask", "awaiting_seller"),
            ("awaiting_seller", "answer", "under_review"),
            ("under_review", "offer", "offered"),
            ("awaiting_seller", "offer", "offered"),
            ("offered", "counter", "under_review"),
            ("offered", "accept", "resolved"),
            ("under_review", "grant", "resolved"),
            ("under_review", "reject", "rejected"),
            ("awaiting_seller", "reject", "rejected"),
            ("open", "withdraw", "withdrawn"),
            ("under_review", "withdraw", "withdrawn"),
            ("awaiting_seller", "withdraw", "withdrawn"),
            ("offered", "withdraw", "withdrawn"),
            ("awaiting_seller", "expire", "expired"),
            ("offered", "expire", "expired"),
        } == moves(DisputeChart)

    def test_a_refund_is_retried_after_it_failed(self):
        """
        A refund that failed is sent again; one that succeeded is over.
        """
        assert {
            ("decided", "send", "pending"),
            ("failed", "send", "pending"),
            ("pending", "succeed", "succeeded"),
            ("pending", "fail", "failed"),
        } == moves(RefundChart)
