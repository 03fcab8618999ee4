"""
What is seen from rows at once is what the rules of the domain say.
"""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sourcehere import TrackingStatus
from sourcehere.domain.kernel.clock import to_micros
from sourcehere.domain.orders.ending import CancelReason
from sourcehere.domain.orders.lines import Item, Line
from sourcehere.domain.orders.order import Order
from sourcehere.domain.shipments.model import Parcel, TrackingEvent
from sourcehere.domain.shipments.tracking import is_about, whereabouts
from sourcehere.domain.stores.demand import ToldLine
from sourcehere.domain.stores.record import StoreOrderRecord
from sourcehere.services.audit import columns, shops, told, tracking
from sourcehere.services.audit.batch import (
    AttemptRow,
    LineRow,
    MessageRow,
    OrderRow,
    ParcelRow,
    RecordRow,
    SendRow,
    TrackingRow,
)
from sourcehere.services.audit.findings import Findings
from sourcehere.services.audit.rows import reader
from sourcehere.testing.factories import NOON
from sourcehere.unit.tables.orders import LINES, ORDERS
from sourcehere.unit.tables.shipments import PARCELS, TRACKING_EVENTS
from sourcehere.unit.tables.stores import STORE_ORDERS

KEYS = st.sampled_from([("1", "a"), ("2", "a"), ("2", "b")])
STATES = st.sampled_from(["awaiting_payment", "shipped", "cancelled", "unrecognized"])


@st.composite
def orders(draw):
    """
    Return an order of a shop with some lines.
    """
    order = Order(
        seller_id="demo",
        order_id="o",
        kind="store",
        state=draw(STATES),
        store_id="shop",
        external_id="1",
    )
    order.cancel_reason = draw(st.sampled_from([r.value for r in CancelReason]))
    keys = draw(st.lists(KEYS, max_size=2))
    for number, (name, sku) in enumerate(keys, start=1):
        quantity = draw(st.integers(1, 3))
        line = Line(
            line=number,
            external_line_id=name,
            sku=sku.upper(),
            title="",
            quantity=quantity,
            sold_minor=0,
            sold_currency="USD",
            connection_id="",
            connection_version=0,
            is_paired=True,
        )
        order.lines.append(line)
        cancelled = draw(st.sampled_from([0, 0, 0, 1]))
        item = f"{number}.1"
        order.items[item] = Item(
            item_id=item,
            line=number,
            variant_id="v",
            quantity=quantity,
            quantity_cancelled=cancelled,
        )
    return order


@st.composite
def cases(draw):
    """
    Return an order, and lines that the shop told: mostly those of the order.
    """
    order = draw(orders())
    seldom = st.sampled_from([0, 0, 0, 0, 1])
    keys = {(line.external_line_id, line.sku_key): line for line in order.lines}
    if draw(seldom):
        keys[draw(KEYS)] = None
    told = []
    for (name, sku), line in keys.items():
        told.append(
            ToldLine(
                external_line_id=name,
                sku_key=sku,
                quantity=(line.quantity if line else 0) + draw(seldom),
                fulfilled=0,
                refunded=draw(seldom),
                fulfilled_elsewhere=draw(seldom),
                matched=draw(seldom),
                decided=draw(seldom) - draw(seldom),
            )
        )
    return order, tuple(told)


@settings(max_examples=500)
@given(cases(), st.sampled_from([False, False, True]))
def test_an_order_that_is_plain_is_what_the_shop_wants(case, cancelled):
    """
    Where rows show at once that a shop gets what it wants, the domain says so too.
    """
    order, lines = case
    record = StoreOrderRecord(
        seller_id="demo",
        store_id="shop",
        external_id="1",
        fingerprint="",
        version=0,
        paid_at_store=True,
        cancelled=cancelled,
        rows_rejected=0,
        contact_id="",
        parts=("o",),
        lines=lines,
        seen_at=NOON,
    )
    owner = ("demo", "o")
    is_plain = shops.is_plain(
        *reader(STORE_ORDERS.table, RecordRow)([STORE_ORDERS.to_row(record)]),
        *reader(ORDERS.table, OrderRow)([ORDERS.to_row(order)]),
        reader(LINES.table, LineRow)([LINES.to_row(n, owner) for n in order.lines]),
    )
    findings = Findings("demo")
    shops.check_wanted(record, [order], findings)
    keys = [(line.external_line_id, line.sku_key) for line in order.lines]

    if is_plain:
        assert [] == findings.violations
        assert len(set(keys)) == len(keys)


FACTS = st.lists(
    st.builds(
        TrackingEvent,
        seller_id=st.just("demo"),
        parcel_id=st.just("p"),
        key=st.uuids().map(str),
        status=st.sampled_from([status.value for status in TrackingStatus]),
        place=st.just(""),
        happened_at=st.integers(0, 2).map(lambda days: NOON + timedelta(days=days)),
        carrier=st.sampled_from(["L", "M"]),
        tracking_number=st.sampled_from(["T", "U", ""]),
    ),
    max_size=2,
)
PARCELS_ANYWHERE = st.builds(
    Parcel,
    seller_id=st.just("demo"),
    parcel_id=st.just("p"),
    order_id=st.just("o"),
    carrier=st.just("L"),
    tracking_number=st.just("T"),
    revision=st.just(0),
    status=st.sampled_from([status.value for status in TrackingStatus]),
    replaced_by=st.just(""),
    items=st.just(()),
    store_units=st.just(()),
    shipped_at=st.just(NOON),
    delivered_at=st.sampled_from([None, NOON, NOON + timedelta(days=1)]),
)


@given(PARCELS_ANYWHERE, FACTS)
def test_a_parcel_that_is_plain_is_where_its_tracking_says(parcel, facts):
    """
    Where rows show at once where a parcel is, the domain says the same.
    """
    is_plain = tracking.is_plain(
        *reader(PARCELS.table, ParcelRow)([PARCELS.to_row(parcel)]),
        reader(TRACKING_EVENTS.table, TrackingRow)(map(TRACKING_EVENTS.to_row, facts)),
    )
    where = whereabouts(fact for fact in facts if is_about(fact, parcel))

    if is_plain:
        assert parcel.status == where.status.value
        assert parcel.delivered_at == where.delivered_at


ENDED = st.builds(
    Order,
    seller_id=st.just("demo"),
    order_id=st.just("o"),
    kind=st.sampled_from(["store", "cloud_warehouse"]),
    state=st.sampled_from(["fulfilled", "cancelled", "shipped", "awaiting_payment"]),
    refunded_minor=st.integers(0, 1),
    captured_minor=st.just(1),
    units_refunded=st.integers(0, 1),
    pay_by=st.just(NOON),
    deliver_by=st.just(NOON),
)
OTHERWISE = [
    {},
    {"tab": "abnormal"},
    {"tab": "fulfilled"},
    {"in_refunds": 0},
    {"in_refunds": 1},
    {"queue": "pick"},
    {"waits_for": "staff"},
    {"deadline": to_micros(NOON)},
    {"deadline_name": "pay_by"},
]


@given(ENDED, st.sampled_from(OTHERWISE))
def test_an_order_that_is_plain_is_found_by_what_it_says(order, otherwise):
    """
    Where an order obviously has its columns, they follow from the rest of its row.
    """
    row = list(ORDERS.to_row(order))
    for name, value in otherwise.items():
        row[ORDERS.table.position[name]] = value
    is_plain = columns.is_plain(*reader(ORDERS.table, OrderRow)([row]))

    assert not is_plain or ORDERS.recompute(tuple(row)) == tuple(row)
    if not otherwise and order.state in {"fulfilled", "cancelled"}:
        assert is_plain


class Looked:
    """
    What a check of one message is given.
    """

    def __init__(self):
        self.findings = Findings("demo")
        self.first_sent = 0


KEY = "p:o:0"
MESSAGE = MessageRow(
    lane="o",
    message_id="m",
    connection="demo/shop",
    position=1,
    subject="p",
    key=KEY,
    payload="{}",
    state="done",
    epoch=1,
    error="",
    seller_id="demo",
    channel="store",
)
ATTEMPT = AttemptRow("m", 1, KEY, "succeeded", 1, 1, "demo", "")
SEND = SendRow("m", 1, 1, KEY, 1, "succeeded", "demo")
ENDS = st.sampled_from(["succeeded", "declined", "unknown"])
UNDER = st.sampled_from([KEY, f"{KEY}:2", "other"])
FEW = st.integers(1, 2)


def rows_like(row, **changes):
    """
    Return one row, or none or two, as *row* but for some *changes*.
    """
    like = st.fixed_dictionaries({}, optional=changes)
    one = like.map(lambda changed: row._replace(**changed))
    return st.one_of(one.map(lambda row: [row]), st.lists(one, max_size=2))


@settings(max_examples=500)
@given(
    st.sampled_from(["done", "done", "dead", "waiting"]),
    rows_like(ATTEMPT, number=FEW, key=UNDER, state=ENDS, sends=FEW),
    rows_like(SEND, number=FEW, send=FEW, key=UNDER, state=ENDS),
)
def test_a_message_that_was_told_at_once_was_told(state, attempts, sends):
    """
    Where rows show at once that a push was delivered, its tries and calls say so too.
    """
    message = MESSAGE._replace(state=state)
    looked = Looked()
    told.check_tries(looked, message, attempts, sends)

    if told.is_told_at_once(message, attempts, sends):
        assert [] == looked.findings.violations
    assert told.is_told_at_once(MESSAGE, [ATTEMPT], [SEND])
