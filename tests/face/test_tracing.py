"""
What whoever traces is told: commands, and the calls that they cause wherever they are
made.
"""

import json
import re
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import label_world
import payment_world
import pytest
from databases import opened
from opentelemetry.trace import SpanKind, StatusCode
from traced import Host, about, parent, place

from sourcehere import InvalidInputError, NotFoundError
from sourcehere.face.core import SourceHere
from sourcehere.face.scope import access_of
from sourcehere.face.seller.orders import OrdersDesk
from sourcehere.plugins import hookimpl
from sourcehere.ports.errors import DeclinedError, UnauthorizedError
from sourcehere.testing.factories import Fault, dump, open_bench, snapshot
from sourcehere.testing.fake_gateway import FakeGateway
from sourcehere.testing.fake_labels import LabelCarrier
from sourcehere.unit.tables.effects import INBOX, OUTBOX
from sourcehere.unit.tables.payments import PAYMENTS
from sourcehere.unit.tables.shipments import LABELS

HOUR = timedelta(hours=1)
HERE = Path(__file__).parent


@pytest.fixture
def host():
    """
    Return a host's OpenTelemetry.
    """
    return Host()


@pytest.fixture
def bench(storage, host):
    """
    Return a bench that tells the host what is done; clean when the test ends.
    """
    made = open_bench(storage=storage, connected=["CUP", "HAT"])
    made.sh.trace(host.tracer)
    yield made
    assert made.sh.audit.run().is_clean


def shipped(bench, *names):
    """
    Let staff send orders, whose shop is to be told; return them.
    """
    orders = [bench.accepted(name, CUP=1) for name in names]
    bench.app.relay.run()
    ann = bench.sh.staff("ann").seller("demo")
    for order_id, name in zip(orders, names, strict=True):
        ann.shipping.ship(order_id, carrier="post", tracking_number=f"T{name}")
    return orders


def column(bench, records, name):
    """
    Return a column of every row.
    """
    place = records.table.position[name]
    return [row[place] for row in dump(bench.app.storage)[records.table.name]]


def rewrite(bench, records, **changes):
    """
    Change columns of every row, behind everybody's back.
    """
    table = records.table
    rows = [
        tuple(
            changes.get(column.name, value)
            for column, value in zip(table.columns, row, strict=True)
        )
        for row in dump(bench.app.storage)[table.name]
    ]
    bench.app.storage.transact(
        lambda session: session.replace(table, rows, expected=None), read_only=False
    )


def place_of(link):
    """
    Return the place of what a span is linked with.
    """
    return f"{link.context.trace_id:032x}", f"{link.context.span_id:016x}"


def without_error(span):
    """
    Return what is said of a span, but for the type of an error.
    """
    return {name: v for name, v in about(span).items() if name != "error.type"}


class Listener:
    """
    Listens to events, and makes nothing of them.
    """

    @hookimpl
    def sourcehere_event(self, event):
        pass


def written(span):
    """
    Return a span as it is kept with what it owes.
    """
    trace_id, span_id = place(span)
    return f"00-{trace_id}-{span_id}-{span.get_span_context().trace_flags:02x}"


class TestCommands:
    def test_a_command_is_a_span(self, bench, host):
        """
        Named by its dotted name, under whatever the caller is at, about its seller.
        """
        order_id = bench.accepted("1", CUP=1)
        with host.tracer.start_as_current_span("POST /ship"):
            bench.sh.staff("ann").seller("demo").shipping.ship(
                order_id, carrier="post", tracking_number="T1"
            )
        told, request = host.taken()

        assert ("shipping.ship", SpanKind.INTERNAL) == (told.name, told.kind)
        assert place(request) == parent(told)
        assert {"seller": "demo"} == about(told)
        assert (StatusCode.UNSET, ()) == (told.status.status_code, told.events)

    def test_a_refusal_says_its_type_only(self, bench, host):
        """
        The text of an error may hold what people wrote.
        """
        with pytest.raises(NotFoundError):
            bench.sh.seller("demo").orders.note("Ann's", "call Ann Lee")
        (told,) = host.taken()

        assert {"seller": "demo", "error.type": "NotFoundError"} == about(told)
        assert (StatusCode.ERROR, "NotFoundError") == (
            told.status.status_code,
            told.status.description,
        )
        assert () == told.events

    def test_to_read_is_none(self, bench, host):
        """
        Only what changes something is told.
        """
        bench.sh.seller("demo").orders.list()
        assert [] == host.taken()

    def test_every_command_has_its_name(self, bench):
        """
        That of the attribute by which it is reached, at whichever desk.
        """
        sh = bench.sh
        names = sh._parts()
        for desk in (sh, sh.seller("demo"), sh.staff("ann")):
            for name, part in vars(desk).items():
                methods = [getattr(type(part), one, None) for one in dir(type(part))]
                if any(access_of(one) for one in methods):
                    assert name == names[type(part)]

    def test_a_desk_of_the_hosts_own_is_called_by_its_class(self, bench, host):
        """
        Its commands are told all the same.
        """

        class OwnOrders(OrdersDesk):
            pass

        own = OwnOrders(bench.sh.seller("demo")._scope)
        with pytest.raises(NotFoundError):
            own.note("nobody's", "call")
        assert ["OwnOrders.note"] == [span.name for span in host.taken()]


class TestTheHop:
    def test_a_push_is_called_under_the_command_that_caused_it(self, bench, host):
        """
        Whoever runs the relay, and whatever else is done there.
        """
        (order_id,) = shipped(bench, "1")
        (command,) = host.taken("shipping.ship")
        (message,) = [m for m in bench.sh.relay.waiting() if m.lane == order_id]
        assert written(command) == message.traceparent

        bench.sh.relay.run()
        push, run = host.taken("relay.push_tracking", "relay.run")
        assert place(command) == parent(push)
        assert SpanKind.CLIENT is push.kind
        assert {
            "connection": "demo/shop",
            "message": message.message_id,
            "message.kind": "push_tracking",
            "order": order_id,
            "attempt": 1,
            "outcome": "done",
        } == about(push)
        assert StatusCode.UNSET is push.status.status_code
        assert parent(run) is None
        # The shop is called in a thread of its own, which knows of the round all the
        # same.
        assert [place(run)] == [place_of(link) for link in push.links]

    @pytest.mark.parametrize(
        ("fault", "outcome", "error"),
        [
            (Fault.DECLINED, "declined", "DeclinedError"),
            (Fault.THROTTLED, "throttled", "ThrottledError"),
            (Fault.UNAUTHORIZED, "unauthorized", "UnauthorizedError"),
            (Fault.LOST_AFTER, "unknown", "UnknownOutcomeError"),
            (Fault.NONSENSE, "unknown", "ProtocolError"),
        ],
    )
    def test_a_call_that_fails(self, bench, host, fault, outcome, error):
        """
        Says how, and nothing of what the shop said.
        """
        shipped(bench, "1")
        bench.shop.faults.append(fault)
        bench.app.relay.run()
        (push,) = host.taken("relay.push_tracking")

        said = about(push)
        assert (outcome, error) == (said["outcome"], said["error.type"])
        assert (StatusCode.ERROR, error) == (
            push.status.status_code,
            push.status.description,
        )
        assert () == push.events

    def test_a_retry_is_another_under_the_same(self, bench, host):
        """
        It counts the tries.
        """
        shipped(bench, "1")
        bench.shop.faults += [Fault.LOST_BEFORE, None]
        bench.app.relay.run()
        bench.clock.advance(HOUR)
        bench.app.relay.run()

        command, *pushes = host.taken("shipping.ship", "relay.push_tracking")
        assert [place(command)] * 2 == [parent(push) for push in pushes]
        assert [("unknown", 1), ("done", 2)] == [
            (about(push)["outcome"], about(push)["attempt"]) for push in pushes
        ]

    def test_what_the_call_begins_is_its_child(self, bench, host):
        """
        Such as the request of an HTTP client that is traced.
        """
        shipped(bench, "1")

        def ask(_notice):
            with host.tracer.start_as_current_span("POST"):
                pass

        bench.shop.when_pushed = ask
        bench.app.relay.run()
        request, push = host.taken("relay.push_tracking", "POST")
        assert place(push) == parent(request)

    def test_a_job_is_done_under_the_command_that_asked_for_it(self, bench, host):
        """
        And what it owes is its own.
        """
        shipped(bench, "1")
        bench.shop.faults.append(Fault.DECLINED)
        bench.app.relay.run()

        command, push, follow = host.taken(
            "shipping.ship", "relay.push_tracking", "relay.follow_push"
        )
        assert [place(command)] * 2 == [parent(push), parent(follow)]
        assert SpanKind.CONSUMER is follow.kind
        assert "done" == about(follow)["outcome"]

    @pytest.mark.parametrize(
        "edited",
        ["", "Ann Lee", "00-0-0-01", f"00-{'0' * 32}-{'1' * 16}-01", "0" * 999],
    )
    def test_what_is_no_traceparent_begins_a_trace(self, bench, host, edited):
        """
        A row that somebody edited, or of before, is delivered all the same.
        """
        shipped(bench, "1")
        rewrite(bench, OUTBOX, traceparent=edited)
        bench.sh.relay.run()
        push, run = host.taken("relay.push_tracking", "relay.run")

        assert parent(push) is None
        assert place(run)[0] != place(push)[0]
        assert "done" == about(push)["outcome"]


class TestPushesTogether:
    def test_each_is_under_its_own(self, storage, host):
        """
        One call for many is a span of each; all are linked with that of the call.
        """
        bench = open_bench(storage=storage, connected=["CUP"])
        bench.sh.trace(host.tracer)
        shop = bench.shop
        shop.push_fulfilments = lambda told: [shop.push_fulfilment(one) for one in told]
        orders = shipped(bench, "1", "2", "3")
        bench.app.relay.run()
        found = host.taken("shipping.ship", "relay.push_tracking")
        commands, pushes = found[:3], found[3:]

        assert list(map(place, commands)) == list(map(parent, pushes))
        assert orders == [about(push)["order"] for push in pushes]
        assert [3] * 3 == [about(push)["messages"] for push in pushes]
        first = place(pushes[0])
        assert [[], [first], [first]] == [
            [place_of(link) for link in push.links] for push in pushes
        ]


class TestSubscribers:
    def test_a_plugin_is_told_under_the_command(self, storage, host):
        """
        Of each event.
        """
        listener = Listener()
        bench = open_bench(storage=storage, connected=["CUP"], plugins=[listener])
        bench.sh.trace(host.tracer)
        (order_id,) = shipped(bench, "1")
        bench.app.relay.run()
        found = host.taken("shipping.ship", "relay.tell_plugin")
        command = next(span for span in found if span.name == "shipping.ship")
        under = [span for span in found if parent(span) == place(command)]

        (told,) = under
        assert SpanKind.CLIENT is told.kind
        assert (order_id, "done") == (about(told)["order"], about(told)["outcome"])
        assert about(told)["connection"].startswith("plugin:")


class TestInbox:
    def test_a_webhook_is_followed_under_its_request(self, bench, host):
        """
        The shop is asked under that, and what its orders owe is caused by it.
        """
        bench.shop.put(snapshot("7", CUP=1))
        hook = bench.shop.webhook("orders/create", "7")
        bench.sh.inbox.receive("demo", "shop", headers=hook.headers, body=hook.body)
        (received,) = host.taken()
        assert [written(received)] == column(bench, INBOX, "traceparent")

        bench.app.inbox.run()
        asked, followed = host.taken()
        assert ("inbox.receive", "inbox.follow", "inbox.ask") == (
            received.name,
            followed.name,
            asked.name,
        )
        assert place(received) == parent(followed)
        assert place(followed) == parent(asked)
        assert (SpanKind.CONSUMER, SpanKind.CLIENT) == (followed.kind, asked.kind)
        assert {
            "connection": "demo/shop",
            "topic": "order_changed",
            "attempt": 1,
            "outcome": "done",
        } == about(followed)

    def test_one_that_fails(self, bench, host):
        """
        Is tried again under the same request.
        """
        hook = bench.shop.webhook("orders/create", "7")
        bench.shop.fetch_error = DeclinedError(provider="fake", detail="Ann Lee's")
        bench.sh.inbox.receive("demo", "shop", headers=hook.headers, body=hook.body)
        bench.app.inbox.run()
        received, _, followed = host.taken()

        assert place(received) == parent(followed)
        said = about(followed)
        assert ("declined", "DeclinedError") == (said["outcome"], said["error.type"])


class TestLabels:
    @pytest.fixture
    def post(self):
        return LabelCarrier()

    @pytest.fixture
    def bench(self, storage, post, host):
        for made in label_world.opened(storage, lambda _: (), post=post):
            made.sh.trace(host.tracer)
            yield made

    def test_it_is_bought_under_its_command_and_asked_for_again(
        self, bench, post, host
    ):
        """
        By whoever takes it up; what the shop is owed then is the command's, too.
        """
        order_id = bench.accepted("1", CUP=1)
        bench.app.relay.run()
        host.taken()
        post.faults = [Fault.LOST_AFTER]
        ann = bench.sh.staff("ann")
        label = ann.seller("demo").labels.buy(order_id, method="post:std")
        bench.clock.advance(HOUR)
        ann.labels.run()
        first, command, again, run = host.taken()

        assert ["labels.buy", "labels.buy", "labels.buy", "labels.run"] == [
            span.name for span in (first, command, again, run)
        ]
        assert [place(command)] * 2 == [parent(first), parent(again)]
        assert [place(run)] == [place_of(link) for link in again.links]
        assert [written(command)] == column(bench, LABELS, "traceparent")
        assert [SpanKind.CLIENT] * 2 == [first.kind, again.kind]
        known = {"connection": "post", "label": label.label_id, "order": order_id}
        assert [
            {**known, "attempt": 1, "outcome": "unknown"},
            {**known, "attempt": 2, "outcome": "done"},
        ] == [without_error(first), without_error(again)]
        assert written(command) in {m.traceparent for m in bench.sh.relay.waiting()}

    def test_it_is_voided_under_the_command_that_says_so(self, bench, host):
        """
        Which is another one.
        """
        order_id = bench.accepted("1", CUP=1)
        desk = bench.sh.staff("ann").seller("demo").labels
        label = desk.buy(order_id, method="post:std")
        host.taken()
        desk.void(label.parcel_id)
        call, command = host.taken()

        assert ("labels.void", "labels.void") == (call.name, command.name)
        assert place(command) == parent(call)
        assert [written(command)] == column(bench, LABELS, "traceparent")

    def test_a_carrier_is_asked_for_a_price_under_the_command(self, bench, host):
        """
        Who only computes, such as a rate card, is not called.
        """
        (order_id,) = bench.sync(snapshot("1", CUP=1))
        host.taken()
        bench.sh.seller("demo").checkouts.open([order_id])
        quote, command = host.taken()

        assert ("freight.quote", "checkouts.open") == (quote.name, command.name)
        assert place(command) == parent(quote)
        assert {"connection": "post", "outcome": "done"} == about(quote)


def test_credentials_are_tried_under_the_command(bench, host):
    """
    A shop that does not take them is told as a call that failed.
    """
    bench.shop.check_error = UnauthorizedError(provider="fake", detail="Ann Lee's")
    with pytest.raises(UnauthorizedError):
        bench.sh.seller("demo").stores.connect(
            "second", platform="fake", config={"shop": "shop"}
        )
    tried, command = host.taken()

    assert ("credentials.check", "stores.connect") == (tried.name, command.name)
    assert place(command) == parent(tried)
    assert {
        "connection": "second",
        "outcome": "unauthorized",
        "error.type": "UnauthorizedError",
    } == about(tried)


class TestPayments:
    @pytest.fixture
    def cards(self):
        return FakeGateway()

    @pytest.fixture
    def bench(self, storage, cards, host):
        for made in payment_world.opened(storage, lambda _: (), cards):
            made.sh.trace(host.tracer)
            yield made

    def test_a_gateway_is_asked_under_the_command(self, bench, cards, host):
        """
        Each step, and again whoever takes it up.
        """
        cards.faults = [None, Fault.LOST_AFTER]
        attempt = payment_world.top_up(bench)
        bench.clock.advance(HOUR)
        bench.app.payments.run()
        reserve, capture, command, again = host.taken()

        names = ("payments.authorize", "payments.capture", "payments.capture")
        assert names == (reserve.name, capture.name, again.name)
        assert "wallet.top_up_by_card" == command.name
        assert [place(command)] * 3 == [
            parent(span) for span in (reserve, capture, again)
        ]
        assert [written(command)] == column(bench, PAYMENTS, "traceparent")
        known = {"connection": "cards", "payment": attempt.attempt_id}
        assert [
            {**known, "attempt": 1, "outcome": "done"},
            {**known, "attempt": 1, "outcome": "unknown"},
            {**known, "attempt": 2, "outcome": "done"},
        ] == [without_error(span) for span in (reserve, capture, again)]


@pytest.mark.slow
def test_another_process_tells_under_the_same_trace(made_database_url, host):
    """
    A worker that shares nothing with the web process but the database.
    """
    with closing(opened(made_database_url)) as storage:
        bench = open_bench(storage=storage, connected=["CUP"])
        bench.sh.trace(host.tracer)
        (order_id,) = shipped(bench, "1")
        (command,) = host.taken("shipping.ship")
    ran = subprocess.run(
        [sys.executable, HERE / "traced.py", made_database_url],
        check=True,
        capture_output=True,
        text=True,
    )
    told = {name: rest for name, *rest in json.loads(ran.stdout)}
    kind, above, said = told["relay.push_tracking"]

    assert ("CLIENT", list(place(command))) == (kind, above)
    assert (order_id, 1, "done") == (said["order"], said["attempt"], said["outcome"])


class TestWhoTraces:
    def test_without_a_provider_nothing_is_lost(self, storage):
        """
        Nobody is told, nothing is kept, and everything is done.
        """
        bench = open_bench(storage=storage, connected=["CUP"])
        bench.sh.trace()
        shipped(bench, "1")
        bench.app.relay.run()

        assert 1 == len(bench.shop.fulfilments)
        assert {""} == set(column(bench, OUTBOX, "traceparent"))

    def test_stopped_it_tells_nothing_and_keeps_nothing(self, storage, host):
        """
        Also where a later one was asked for, which goes on.
        """
        bench = open_bench(storage=storage, connected=["CUP"])
        first = bench.sh.trace(Host().tracer)
        second = bench.sh.trace(host.tracer)
        first.stop()
        orders = shipped(bench, "1")
        second.stop()
        bench.app.relay.run()
        with host.tracer.start_as_current_span("request"):
            shipped(bench, "2")
        told = [span.name for span in host.taken()]

        # Ids say which commit asks for tabs to be folded: one in so many.
        now_and_then = {"relay.fold_tabs"}
        assert ["shipping.ship", "request"] == [
            n for n in told if n not in now_and_then
        ]
        kept = zip(
            column(bench, OUTBOX, "lane"),
            column(bench, OUTBOX, "traceparent"),
            strict=True,
        )
        assert {*orders, "tabs"} >= {lane for lane, cause in kept if cause} >= {*orders}

    def test_what_is_no_tracer_is_refused(self, host):
        """
        Such as the provider that makes them: every command would break at it.
        """
        bench = open_bench()
        for wrong in (host.provider, "sourcehere", 5):
            with pytest.raises(InvalidInputError) as ei:
                bench.sh.trace(wrong)
            assert ("tracer", type(wrong).__name__) == (ei.value.field, ei.value.value)

        assert bench.app.watch.spans is None

    def test_closing_ends_it(self, host):
        """
        What is closed tells nothing any more.
        """
        bench = open_bench()
        sh = SourceHere(bench.app)
        sh.trace(host.tracer)
        sh.close()

        assert bench.app.watch.spans is None


def test_what_is_said_is_documented(storage, host):
    """
    Each attribute is in the table of the guide.
    """
    bench = open_bench(storage=storage, connected=["CUP"])
    bench.sh.trace(host.tracer)
    shipped(bench, "1")
    hook = bench.shop.webhook("orders/create", "1")
    bench.sh.inbox.receive("demo", "shop", headers=hook.headers, body=hook.body)
    bench.shop.faults.append(Fault.DECLINED)
    bench.sh.worker(name="w").round()
    said = {name for span in host.taken() for name in span.attributes}

    page = (HERE.parents[1] / "docs/guides/operating.md").read_text("utf-8")
    section = page.partition("### Spans")[2].partition("\n## ")[0]
    told = set(re.findall(r"`(sourcehere(?:\.[a-z]+)+|error\.type)`", section))
    others = {"label", "payment", "checkout", "messages"}
    assert told == said | {f"sourcehere.{name}" for name in others}


WITHOUT = """
import sys
sys.modules["opentelemetry"] = None  # as where it is not installed
import sourcehere
from sourcehere.face.tracing import TracesUnavailableError
with sourcehere.open("memory://") as sh:
    try:
        sh.trace()
    except TracesUnavailableError as error:
        print(error.package, str(error), sh.worker(name="w").round().rounds, sep="|")
"""


@pytest.mark.slow
def test_without_the_extra_everything_else_works():
    """
    Who asks for spans is told what to install.
    """
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False
    )

    words = "spans need the package opentelemetry-api: pip install 'sourcehere[otel]'"
    assert ("", f"opentelemetry-api|{words}|1\n") == (done.stderr, done.stdout)
