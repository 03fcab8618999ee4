"""
Records as plain data, and the schema that describes them.
"""

import json
from datetime import UTC, datetime, timedelta, timezone
from itertools import count

import jsonschema
import pytest

from sourcehere import (
    Actor,
    CallerError,
    DisputeReason,
    InvalidInputError,
    Money,
    NotFoundError,
    OrderHeader,
    Page,
    Report,
    Role,
    Tab,
    schema_of,
    to_dict,
)
from sourcehere.domain.kernel.clock import NEVER
from sourcehere.domain.talk.model import Subject
from sourcehere.domain.wallet.errors import InsufficientFundsError
from sourcehere.face.results import OrderState
from sourcehere.face.schemas import RECORDS, schema_named
from sourcehere.testing.factories import snapshot

NOON = datetime(2026, 3, 2, 12, 0, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, None),
        (True, True),
        ("ß", "ß"),
        (Tab.SHIPPED, "shipped"),
        (NOON, "2026-03-02T12:00:00.000005Z"),
        (NOON.astimezone(timezone(timedelta(hours=8))), "2026-03-02T12:00:00.000005Z"),
        (NEVER, None),
        (Money(1776, "GBP"), {"amount": "17.76", "currency": "GBP", "minor": 1776}),
        (Money(-5, "KWD"), {"amount": "-0.005", "currency": "KWD", "minor": -5}),
        (Money(500, "JPY"), {"amount": "500", "currency": "JPY", "minor": 500}),
        (Actor(Role.STAFF, "ann"), {"role": "staff", "id": "ann"}),
        ({"a": (1, {2})}, {"a": [1, ["2"]]}),
    ],
)
def test_values_become_what_json_has(value, told):
    """
    Money is exact, times are RFC 3339, enums are their values.
    """
    assert told == to_dict(value)


def _deep(depth):
    """
    Return a list in a list in a list.
    """
    made = []
    for _ in range(depth):
        made = [made]
    return made


def _of_itself():
    """
    Return a list that it is in.
    """
    made = []
    made.append(made)
    return made


class Odd:
    """
    Something of which nothing can be shown.
    """

    def __repr__(self):
        msg = "not today"
        raise RuntimeError(msg)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("\ud800", "\\ud800"),
        ("é\udfff", "é\\udfff"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (b"a\xff", "a\\xff"),
        (10**5000, "a number of 16610 bits"),
        (_of_itself(), "a list"),
        (count(), "a count"),
        (range(10**12), "a range"),
        ({"a": [float("nan")]}, "a dict"),
        (_deep(200_000), "a list"),
        (Odd(), "an Odd"),
        ([Odd()], "a list"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_refusal_is_json_whatever_was_refused(shop, given, told):
    """
    An API that answers with it answers, and no log is broken by it.
    """
    with pytest.raises(InvalidInputError) as ei:
        shop.orders.list(after=given)
    error = to_dict(ei.value)
    assert told == error["facts"]["value"]
    json.dumps(error, ensure_ascii=False, allow_nan=False).encode()
    str(ei.value).encode()


def test_no_message_has_half_a_character(shop):
    """
    Nor has one that names what was given.
    """
    for wrong in (
        lambda: shop.stores.connect("x", platform="file", config={"\ud800": 1}),
        lambda: Money.parse("\ud800", "USD"),
        lambda: Money.parse("1", "\ud800"),
    ):
        with pytest.raises(CallerError) as ei:
            wrong()
        str(ei.value).encode()
        json.dumps(to_dict(ei.value), ensure_ascii=False).encode()


def test_an_error_says_its_family_and_facts():
    """
    An error becomes its type, what to do about it, its message and its facts.
    """
    error = InsufficientFundsError(available=Money(5, "USD"), needed=Money(9, "USD"))
    told = to_dict(error)

    assert ("InsufficientFundsError", "state") == (told["type"], told["family"])
    assert {"amount": "0.09", "currency": "USD", "minor": 9} == told["facts"]["needed"]


def answers(bench, shop, ann):
    """
    Return what a seller's and a clerk's day answers: one of nearly every record.
    """
    staff = bench.sh.staff("ann")
    shipped, other = bench.sync(snapshot("1", CUP=2), snapshot("2", CUP=1, HAT=1))
    offer = shop.checkouts.open([shipped, other])
    yield offer
    yield shop.checkouts.pay(offer)
    yield ann.shipping.accept([shipped])
    yield ann.shipping.ship(shipped, carrier="post", tracking_number="T1")
    opened = shop.disputes.open(
        shipped,
        reason=DisputeReason.DAMAGED,
        quantities={"1.1": 1},
        evidence={"description": "broken", "photo": "p"},
    )
    yield opened
    yield ann.disputes.take(opened.dispute_id)
    yield ann.disputes.grant(opened.dispute_id)
    yield ann.refunds.refund_units(other, {"1.1": 1})
    yield ann.orders.hold(other, detail="look")
    yield shop.orders.note(other, "a word")
    yield from (shop.orders.details(name) for name in (shipped, other))
    yield from shop.orders.list()
    yield from shop.refunds.list(shipped)
    yield from shop.disputes.list()
    yield from shop.conversations.messages(Subject.DISPUTE, opened.dispute_id)
    yield from shop.wallet.ledger()
    yield shop.wallet.get()
    yield shop.profile()
    yield from shop.stores.list()
    yield from shop.connections.list()
    yield shop.connections.coverage("shop")
    yield from shop.cloud.stock()
    yield from shop.catalog.search("cup")
    yield from staff.warehouses.list()
    yield from staff.freight.list()
    yield from staff.queues.orders_to_pick()
    yield from shop.parcels.of_order(shipped)
    yield shop.orders.address(shipped)
    yield bench.sh.relay.run()
    yield bench.sh.clocks.fire()
    yield bench.sh.audit.run(replay=True)


def test_every_answer_fits_its_schema(bench, shop, ann):
    """
    What commands and readers answer is JSON that its own schema accepts.
    """
    seen = set()
    for answer in answers(bench, shop, ann):
        told = json.loads(json.dumps(to_dict(answer)))
        if type(answer).__name__ in RECORDS:
            seen.add(type(answer).__name__)
            jsonschema.validate(
                told,
                schema_of(type(answer)),
                format_checker=jsonschema.FormatChecker(),
            )

    assert len(seen) > 25


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_every_schema_is_one(name):
    """
    Every public record has a valid JSON Schema with a description.
    """
    schema = schema_named(name)

    jsonschema.Draft202012Validator.check_schema(schema)
    assert name == schema["title"]
    assert schema["description"]


def test_a_time_may_be_none_only_where_it_may_never_come():
    """
    So that a client that is made of the schema reads an order's other times as times.
    """
    time = {"type": "string", "format": "date-time"}
    fields = schema_of(OrderHeader)["properties"]

    assert time == fields["created_at"] == fields["entered_at"]
    maybe = {"anyOf": [time, {"type": "null"}]}
    assert maybe == fields["paid_at"] == fields["deadline"]
    assert maybe == schema_named("PaymentAttemptView")["properties"]["payable_until"]


def test_words_of_a_choice_have_one_name_wherever_they_are():
    """
    A client that is made of the schema has one `Tab`, not one of each record.
    """
    schema = schema_of(Page[OrderHeader])
    tab = {"$ref": "#/$defs/Tab"}

    assert tab == schema["$defs"]["OrderHeader"]["properties"]["tab"]
    words = [tab.value for tab in Tab]
    assert ("string", words) == (
        schema["$defs"]["Tab"]["type"],
        schema["$defs"]["Tab"]["enum"],
    )
    assert schema["$defs"]["Tab"]["description"]


def test_pages_and_reports_have_schemas_of_what_is_in_them(bench, shop, ann):
    """
    A list and a bulk answer are described with their items.
    """
    order_id = bench.paid("1", CUP=1)
    unknown = "00000000-0000-7000-8000-000000000000"
    page = shop.orders.list(limit=1)
    report = ann.shipping.accept([order_id, unknown])

    assert {unknown} == set(report.failed)
    for answer, kind, name in (
        (page, Page[OrderHeader], "PageOfOrderHeader"),
        (report, Report[OrderState], "ReportOfOrderState"),
    ):
        schema = schema_of(kind)
        jsonschema.validate(json.loads(json.dumps(to_dict(answer))), schema)
        assert name == schema["title"]
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"items": [{}], "next": "", "done": {"a": 1}}, schema)


def test_every_error_has_one_schema():
    """
    Errors differ in their facts only, so each is described as any.
    """
    schema = schema_of(InsufficientFundsError)
    error = InsufficientFundsError(available=Money(5, "USD"), needed=Money(9, "USD"))

    jsonschema.validate(to_dict(error), schema)
    assert "SourceHereError" == schema["title"]
    assert schema["description"]


@pytest.mark.parametrize("record", ["OrderView", 5, int, dict[str, int]])
def test_a_schema_is_of_a_class_of_records(record):
    """
    Anything else is refused by name.
    """
    with pytest.raises(InvalidInputError) as ei:
        schema_of(record)
    assert "record" == ei.value.field


def test_what_is_no_record_has_no_schema():
    """
    An unknown name is said to be unknown.
    """
    with pytest.raises(NotFoundError) as ei:
        schema_named("Lamp")
    assert ("record", "Lamp") == (ei.value.kind, ei.value.id)
