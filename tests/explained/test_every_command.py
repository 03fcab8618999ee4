"""
What is allowed, why something is not, and what refuses are one thing, for every command
of every aggregate in every state.
"""

import itertools
from collections import defaultdict
from datetime import timedelta

import attrs
import pytest

from sourcehere import Actor, CommandRefusedError, Role
from sourcehere.domain.disputes.machine import DisputeChart
from sourcehere.domain.disputes.model import ROLES as DISPUTE_ROLES
from sourcehere.domain.disputes.model import Dispute, DisputeSubmitted
from sourcehere.domain.kernel.errors import UnknownCommandError
from sourcehere.domain.orders import events as e
from sourcehere.domain.orders.holds import HoldReason
from sourcehere.domain.orders.kinds import CHARTS
from sourcehere.domain.orders.lines import LinePairing, NewItem, NewLine
from sourcehere.domain.orders.order import Order
from sourcehere.domain.orders.rules import COMMANDS
from sourcehere.domain.pairing.model import ROLES as CONNECTION_ROLES
from sourcehere.domain.pairing.model import (
    Connection,
    ConnectionChanged,
    ConnectionMade,
)
from sourcehere.domain.pairing.rules import MappingRule
from sourcehere.domain.pairing.supply import RuleItem
from sourcehere.domain.quotes.events import Quote, QuoteAsked, QuoteTier
from sourcehere.domain.quotes.machine import QuoteRequestChart
from sourcehere.domain.quotes.model import ROLES as QUOTE_ROLES
from sourcehere.domain.quotes.model import QuoteRequest
from sourcehere.testing.factories import NOON

LATER = NOON + timedelta(days=400)


def order_in(kind, state, *, held=False):
    """
    Return an order of one line in a state, with a parcel where one would have left.
    """
    lines = (
        NewLine(
            external_line_id="1",
            sku="CUP",
            title="Cup",
            quantity=4,
            items=() if state == "unrecognized" else (NewItem("v", 4),),
        ),
    )
    if state == "unrecognized":  # it waits for one line, and has another
        hat = NewLine(
            external_line_id="2",
            sku="HAT",
            title="Hat",
            quantity=1,
            items=(NewItem("w", 1),),
        )
        lines = (*lines, hat)
    order = Order(seller_id="s", order_id="o", kind=kind)
    order.record(
        e.OrderCreated(
            state=state,
            kind=kind,
            number="o",
            currency="USD",
            contact_id="",
            country="US",
            warehouse="",
            draws_on_stock=True,
            lines=lines,
            by=Actor(Role.SYSTEM),
            occurred_at=NOON,
        )
    )
    if held:
        order.hold("h", HoldReason.STAFF, detail="", by=Actor(Role.STAFF), at=NOON)
    order.pay_by = order.deliver_by = NOON  # long past, as the walk asks later
    order.pending.clear()
    return order


def pay(order, by):
    facts = e.OrderPaid(
        state="",
        checkout_id="c",
        method="std",
        goods_minor=0,
        freight_minor=0,
        handling_minor=0,
        items=tuple(_paid(i) for i in order.items),
        by=by,
        occurred_at=NOON,
    )
    order.pay(facts, by=by)


def _paid(item_id):
    from sourcehere.domain.orders.lines import PaidItem  # noqa: PLC0415 - one use

    return PaidItem(item_id, 0, 0)


QUANTITIES = {"1.1": 1}
PAIRED = defaultdict(lambda: 1, unrecognized=2)  # state -> a line that is paired
ORDER_COMMANDS = {
    "connect_sku": lambda o, by: o.connect_sku(
        LinePairing(1, (NewItem("v", 4),)), by=by, at=LATER, pay_by=LATER
    ),
    "disconnect_line": lambda o, by: o.disconnect_line(
        PAIRED[o.state], by=by, at=LATER
    ),
    "follow_connection": lambda o, by: o.follow_connection(
        PAIRED[o.state], None, by=by, at=LATER, pay_by=LATER
    ),
    "process_paired_lines": lambda o, by: o.process_paired_lines(
        "o2", part=2, by=by, at=LATER, pay_by=LATER
    ),
    "ignore": lambda o, by: o.ignore(by=by, at=LATER),
    "restore": lambda o, by: o.restore(by=by, at=LATER),
    "cancel": lambda o, by: o.cancel(by=by, at=LATER),
    "place": lambda o, by: o.place(by=by, at=LATER, pay_by=LATER),
    "choose_shipping": lambda o, by: o.choose_shipping("std", by=by, at=LATER),
    "correct_address": lambda o, by: o.correct_address(
        version=2, country="US", by=by, at=LATER
    ),
    "erase_buyer": lambda o, by: o.erase_buyer(by=by, at=LATER),
    "pay": pay,
    "expire": lambda o, by: o.expire(by=by, at=LATER),
    "accept": lambda o, by: o.accept(by=by, at=LATER),
    "ship": lambda o, by: o.ship("p", QUANTITIES, by=by, at=LATER, deliver_by=LATER),
    "short_ship_rest": lambda o, by: o.short_ship_rest(by=by, at=LATER),
    "refund_units": lambda o, by: o.cancel_units(QUANTITIES, by=by, at=LATER),
    "refund_all": lambda o, by: o.refund_rest(command="refund_all", by=by, at=LATER),
    "reject": lambda o, by: o.refund_rest(command="reject", by=by, at=LATER),
    "request_cancel": lambda o, by: o.refund_rest(
        command="request_cancel", by=by, at=LATER
    ),
    "dispatch": lambda o, by: o.dispatch(by=by, at=LATER),
    "consign": lambda o, by: o.consign("dhl", "JD1", by=by, at=LATER),
    "receive": lambda o, by: o.receive("r", [], by=by, at=LATER),
    "write_off_rest": lambda o, by: o.write_off_rest(by=by, at=LATER),
    "give_up": lambda o, by: o.give_up(by=by, at=LATER),
    "deliver_by_timer": lambda o, by: o.deliver_by_timer(by=by, at=LATER),
    "open_dispute": lambda o, by: o.open_dispute(
        "d", QUANTITIES, is_about_unsent=True, hold_id="h2", by=by, at=LATER
    ),
    "correct_tracking": lambda o, by: o.correct_tracking("p", by=by, at=LATER),
    "void_parcel": lambda o, by: o.void_parcel("p", replacement="q", by=by, at=LATER),
    "serve_from_local_stock": lambda o, by: o.serve_from_local_stock(by=by, at=LATER),
    "restock": lambda o, by: o.restock(QUANTITIES, "CN1", by=by, at=LATER),
    "put_back": lambda o, by: o.put_back(by=by, at=LATER),
    "receive_locally": lambda o, by: o.require("receive_locally", by=by),
    "take_over": lambda o, by: o.take_over(by=by),
    "place_hold": lambda o, by: o.place_hold(
        "h3", reason=HoldReason.STAFF, by=by, at=LATER
    ),
    "release_hold": lambda o, by: o.release_hold("h", by=by, at=LATER),
    "confirm": lambda o, by: o.confirm(by=by, at=LATER),
    "note": lambda o, by: o.add_note("n", by=by, at=LATER),
}
ORDER_STATES = [
    (kind.value, state, held)
    for kind, chart in CHARTS.items()
    for state in chart.state_names()
    for held in (False, True)
    if state != "new"
]
# These ask for particulars that a bare order does not have: a parcel, a hold by its id.
PARTICULAR = {"correct_tracking", "void_parcel", "release_hold"}


def done(method, aggregate, by):
    """
    Do it; give the codes of whatever refused, and check that a refusal moved nothing.
    """
    before = attrs.evolve(aggregate)
    try:
        method(aggregate, by)
    except CommandRefusedError as error:
        assert before == aggregate
        assert [] == aggregate.pending
        return error.codes
    return ()


@pytest.mark.parametrize(("kind", "state", "held"), ORDER_STATES)
def test_orders_refuse_what_why_not_says(kind, state, held):
    """
    For every command and role an order does what nothing blocks, and refuses the rest
    with those very reasons.
    """
    for command, role in itertools.product(sorted(ORDER_COMMANDS), Role):
        by = Actor(role)
        order = order_in(kind, state, held=held)
        said = tuple(b.code for b in order.blockers(command, by=by))

        codes = done(ORDER_COMMANDS[command], order, by)

        asked = order_in(kind, state, held=held).allowed(by=by)
        assert (command in asked) == (not said)
        if said:
            assert said == codes[: len(said)], (command, role)
        elif command not in PARTICULAR:
            assert () == codes, (command, role)


def test_every_command_of_orders_is_walked():
    """
    The walk above knows every command there is.
    """
    walked = ORDER_COMMANDS.keys()

    assert set(COMMANDS) == set(walked)


QUOTE = Quote(
    product_id="p",
    variant_id="v",
    units=1,
    currency="USD",
    tiers=(QuoteTier(1, 5),),
    valid_until=NOON + timedelta(days=1),
)
QUOTE_COMMANDS = {
    "ask": lambda q, by: q.ask(
        QuoteAsked(
            state="",
            store_id="s",
            order_id="o",
            line=1,
            sku="CUP",
            title="",
            quantity=1,
            by=by,
            occurred_at=NOON,
        )
    ),
    "answer": lambda q, by: q.answer(QUOTE, by=by, at=NOON),
    "revise": lambda q, by: q.revise(QUOTE, by=by, at=NOON),
    "view": lambda q, by: q.view(by=by, at=NOON),
}


def _ending(command):
    return lambda q, by: q.end(command, by=by, at=NOON)


QUOTE_COMMANDS |= {c: _ending(c) for c in QUOTE_ROLES if c not in QUOTE_COMMANDS}


@pytest.mark.parametrize("state", QuoteRequestChart.state_names())
def test_quote_requests_refuse_what_why_not_says(state):
    """
    The same for every command of a quote request.
    """
    for command, role in itertools.product(sorted(QUOTE_ROLES), Role):
        by = Actor(role)
        quote = QUOTE if state == "quoted" else None
        request = QuoteRequest(seller_id="s", request_id="q", state=state, quote=quote)
        said = tuple(b.code for b in request.blockers(command, by=by, at=NOON))
        allowed = request.allowed(by=by, at=NOON)

        assert (command in allowed) == (not said)
        assert said == done(QUOTE_COMMANDS[command], request, by)


DISPUTE_COMMANDS = {
    "submit": lambda d, by: d.submit(
        DisputeSubmitted(
            state="",
            order_id="o",
            reason="damaged",
            units=(),
            asked_minor=1,
            currency="USD",
            evidence=(),
            by=by,
            occurred_at=NOON,
        )
    ),
    "offer": lambda d, by: d.offer(1, by=by, at=NOON, answer_by=LATER),
    "accept": lambda d, by: d.resolve("accept", by=by, at=NOON),
    "grant": lambda d, by: d.resolve("grant", by=by, at=NOON),
}


def _moving(command):
    return lambda d, by: d.move(command, by=by, at=LATER, answer_by=LATER)


DISPUTE_COMMANDS |= {c: _moving(c) for c in DISPUTE_ROLES if c not in DISPUTE_COMMANDS}


@pytest.mark.parametrize("state", DisputeChart.state_names())
def test_disputes_refuse_what_why_not_says(state):
    """
    The same for every command of a dispute.
    """
    for command, role in itertools.product(sorted(DISPUTE_ROLES), Role):
        by = Actor(role)
        dispute = Dispute(seller_id="s", dispute_id="d", state=state, answer_by=LATER)
        said = tuple(b.code for b in dispute.blockers(command, by=by))
        allowed = dispute.allowed(by=by)

        assert (command in allowed) == (not said)
        assert said == done(DISPUTE_COMMANDS[command], dispute, by)


CUP = (MappingRule("CUP", (RuleItem("v"),)),)
CONNECTION_COMMANDS = {
    "connect": lambda c, by: c.make(_made(by)),
    "change": lambda c, by: c.change(
        ConnectionChanged(product_id="p", method="", rules=CUP, by=by, occurred_at=NOON)
    ),
    "remove": lambda c, by: c.remove(by=by, at=NOON),
}


def _made(by):
    return ConnectionMade(
        store_id="s",
        listing="CUP",
        product_id="p",
        method="",
        rules=CUP,
        by=by,
        occurred_at=NOON,
    )


@pytest.mark.parametrize("state", ["new", "active", "ended"])
def test_connections_refuse_what_why_not_says(state):
    """
    The same for every command of a connection.
    """
    for command, role in itertools.product(sorted(CONNECTION_ROLES), Role):
        by = Actor(role)
        connection = Connection(seller_id="s", connection_id="c")
        if state != "new":
            connection.make(_made(Actor(Role.SELLER)))
        if state == "ended":
            connection.remove(by=Actor(Role.SELLER), at=NOON)
        connection.pending.clear()
        assert state == connection.state
        said = tuple(b.code for b in connection.blockers(command, by=by))
        allowed = connection.allowed(by=by)

        assert (command in allowed) == (not said)
        assert said == done(CONNECTION_COMMANDS[command], connection, by)


@pytest.mark.parametrize(
    "aggregate",
    [
        order_in("store", "shipped"),
        QuoteRequest(seller_id="s", request_id="q"),
        Dispute(seller_id="s", dispute_id="d"),
        Connection(seller_id="s", connection_id="c"),
    ],
)
def test_an_unknown_command_is_named(aggregate):
    """
    Asking about a command that does not exist names those that do.
    """
    with pytest.raises(UnknownCommandError) as ei:
        aggregate.blockers("dance", by=Actor(Role.STAFF))

    assert "dance" == ei.value.command
    assert set(aggregate.allowed(by=Actor(Role.STAFF))) <= set(ei.value.known)
