"""
A buyer's words are nowhere but where buyers are kept: a life with a canary, at DEBUG.
"""

import json
import logging
from datetime import timedelta

import attrs
import pytest
from traced import Host

from sourcehere import (
    Actor,
    DisputeReason,
    Role,
    SourceHereError,
    Subject,
    TrackingFact,
    TrackingStatus,
    to_dict,
)
from sourcehere.domain.kernel.address import Address
from sourcehere.testing.factories import (
    CARRIER,
    SELLER,
    STAFF,
    Fault,
    dump,
    open_bench,
    shop_lines,
    snapshot,
)

BUYER = Address(
    country="US",
    name="Canary Nameson",
    company="Canary Works",
    street="17 Canary Row",
    city="Canaryville",
    region="CY",
    postal_code="CN4R1",
    phone="+1 555 canary",
    email="buyer@canary.example",
    customer="canary-17",
)
# Tables that hold personal data, and say so.
KEPT = {
    "contact_version",
    "note",
    "message",
    "told",
    "order_buyer",
    "tracking_event",
}


@pytest.fixture
def host():
    """
    Return a host's OpenTelemetry.
    """
    return Host()


@pytest.fixture
def life(storage, caplog, host):
    """
    Live a life in which much goes wrong, and that is traced; return its bench, and what
    was logged.
    """
    caplog.set_level(logging.DEBUG)
    bench = open_bench(storage=storage, connected=["CUP"])
    bench.sh.trace(host.tracer)
    shop, ann = bench.sh.seller("demo"), bench.sh.staff("ann").seller("demo")
    told = attrs.evolve(snapshot("1"), lines=shop_lines({"CUP": 3}), address=BUYER)
    (order_id,) = bench.sync(told)
    shop.orders.note(order_id, "call Canary first")
    ann.orders.note(order_id, "Canary is rude", for_staff=True)
    shop.conversations.say(Subject.ORDER, order_id, "Canary moved")
    hold = ann.orders.hold(order_id, detail="Canary's bank called")
    ann.orders.release_hold(order_id, hold.hold_id)
    moved = attrs.evolve(BUYER, street="18 Canary Row")
    bench.app.orders.correct_address("demo", order_id, moved, by=SELLER)
    bench.pay(order_id)
    bench.app.shipping.accept("demo", [order_id], by=STAFF)
    parcel_id = bench.ship(order_id, "T1")
    for fault in Fault:
        bench.shop.faults.append(fault)
        bench.app.relay.run()
    bench.app.relay.run()
    fact = TrackingFact(
        parcel_id=parcel_id,
        key="d",
        status=TrackingStatus.DELIVERED,
        happened_at=bench.clock.now(),
        place="Canaryville",
    )
    bench.app.tracking.record("demo", [fact], by=CARRIER)
    shop.disputes.open(
        order_id,
        reason=DisputeReason.DAMAGED,
        quantities={"1.1": 1},
        evidence={"photo": "Canary", "description": "Canary fell"},
    )
    return bench, order_id, caplog


def test_no_table_has_them_but_those_of_people(life):
    """
    No event, message, attempt, command or order.
    """
    bench, _, _ = life
    assert KEPT == {
        name
        for name, rows in dump(bench.app.storage).items()
        if "canar" in json.dumps(rows, default=str).casefold()
    }


def test_no_log_has_them(life):
    """
    Neither in words, nor in what a handler may show of a record.
    """
    _, _, caplog = life
    logged = caplog.get_records("setup")
    assert logged
    for record in logged:
        shown = f"{record.getMessage()} {vars(record)} {record.exc_text}".casefold()
        assert "canar" not in shown


def test_no_span_has_them(life, host):
    """
    Neither commands nor calls, whatever those say that failed.
    """
    bench, _, _ = life
    bench.shop.fetch_error = ValueError("Canary has no order")
    hook = bench.shop.webhook("orders/updated", "1")
    bench.sh.inbox.receive("demo", "shop", headers=hook.headers, body=hook.body)
    bench.sh.inbox.run()
    with pytest.raises(SourceHereError):
        bench.sh.seller("demo").orders.note("Canary", "call Canary")
    for _ in Fault:
        bench.clock.advance(timedelta(hours=2))
        bench.sh.relay.run()
    spans = host.taken()

    names = {span.name for span in spans}
    assert {"orders.note", "relay.push_tracking", "inbox.follow", "inbox.ask"} <= names
    told = {span.attributes.get("error.type") for span in spans}
    assert {"NotFoundError", "UnknownOutcomeError", "ProtocolError"} <= told
    for span in spans:
        assert "canar" not in span.to_json().casefold()


def test_no_report_and_no_refusal_has_them(life):
    """
    Of those that are written to logs, mails and tickets.
    """
    bench, order_id, _ = life
    refusals = []
    for act in (
        lambda: bench.app.orders.cancel("demo", [order_id], by=SELLER).failed[order_id],
        lambda: bench.app.shipping.accept("demo", [order_id], by=STAFF).failed[
            order_id
        ],
        lambda: bench.sh.seller("demo", by=Actor(Role.SELLER, "other")),
        lambda: bench.app.orders.correct_address("demo", order_id, BUYER, by=SELLER),
    ):
        try:
            refusals.append(act())
        except SourceHereError as error:
            refusals.append(error)
    said = [
        *map(to_dict, refusals),
        to_dict(bench.app.audit.run(replay=True)),
        to_dict(bench.sh.repair.plan()),
        to_dict(bench.app.orders.get("demo", order_id)),
        repr(bench.app.orders.get("demo", order_id)),
        repr(refusals),
    ]

    assert 4 == len(refusals)
    assert "canar" not in json.dumps(said, default=str).casefold()
