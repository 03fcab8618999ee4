"""
What shops tell by webhook is kept at once, followed once, and never trusted.
"""

import json
import threading
from datetime import timedelta

import attrs
import pytest

import sourcehere
from sourcehere import (
    Actor,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    Role,
    Settings,
    SignatureError,
    StoreRestsError,
    WebhooksUnsupportedError,
    WebhookTooLargeError,
)
from sourcehere.domain.kernel.errors import TransitionRefusedError
from sourcehere.domain.kernel.ids import SellerId
from sourcehere.face.inbox import ReceivingDesk
from sourcehere.face.scope import Scope
from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from sourcehere.ports.webhooks import Topic, WebhookEvent
from sourcehere.services.intake.inbox import InboxReport
from sourcehere.testing.factories import (
    NOON,
    FakePlatforms,
    dump,
    nothing_moves,
    open_bench,
    snapshot,
)
from sourcehere.unit.tables.effects import INBOX

DOWN = UnknownOutcomeError(provider="fake", detail="timed out")
MINUTE = timedelta(minutes=1)


def post(bench, hook, **changed):
    """
    Let the host receive what the shop posted.
    """
    given = {"headers": hook.headers, "body": hook.body, **changed}
    return bench.sh.inbox.receive("demo", "shop", **given)


def events(bench, state="waiting"):
    return bench.sh.inbox.list(state=state).items


def ours(bench, *names):
    found = bench.app.orders.find_external("demo", "shop", names)
    return [order_id for name in names for order_id in found.get(name, ())]


def units(bench, name):
    (order_id,) = ours(bench, name)
    return [line.quantity for line in bench.app.orders.get("demo", order_id).lines]


class TestReceiving:
    def test_the_host_alone_receives(self, bench):
        """
        Staff look and resend; a webhook is for the host's own desk.
        """
        hook = bench.shop.webhook("orders/create", "1")
        desk = ReceivingDesk(Scope(bench.app, SellerId(""), Actor(Role.STAFF, "ann")))
        assert not hasattr(bench.sh.staff("ann").inbox, "receive")
        with nothing_moves(bench), pytest.raises(ForbiddenError):
            desk.receive("demo", "shop", headers=hook.headers, body=hook.body)

    def test_it_is_kept_and_nobody_is_asked(self, bench):
        """
        The row and the journal are there when the answer is; the shop was not called.
        """
        bench.shop.put(snapshot("1", CUP=1))
        hook = bench.shop.webhook("orders/create", "1", event_id="e1")
        receipt = post(bench, hook)

        assert ("e1",) == receipt.events
        (event,) = events(bench)
        assert ("order_changed", ("1",), "waiting", 0, NOON) == (
            event.topic,
            event.orders,
            event.state,
            event.attempts,
            event.received_at,
        )
        assert ([], []) == (bench.shop.fetched, ours(bench, "1"))
        (told,) = bench.sh.seller("demo").stores.told("shop", order="1")
        assert ("webhook", ("e1",), hook.body.decode()) == (
            told.how,
            told.asked,
            told.raw,
        )

    def test_a_worker_counts_what_it_followed(self, bench):
        """
        Once, when it takes it in.
        """
        bench.shop.put(snapshot("1", CUP=1))
        post(bench, bench.shop.webhook("orders/create", "1", event_id="e1"))

        assert 1 == bench.sh.worker(name="w1").round().followed
        assert 0 == bench.sh.worker(name="w2").round().followed

    def test_the_second_delivery_is_answered_the_same(self, bench):
        """
        Waiting or done, it changes nothing.
        """
        bench.shop.put(snapshot("1", CUP=1))
        hook = bench.shop.webhook("orders/create", "1")
        first = post(bench, hook)
        with nothing_moves(bench):
            assert first == post(bench, hook)
        bench.sh.inbox.run()
        with nothing_moves(bench):
            assert first == post(bench, hook)
            assert InboxReport() == bench.sh.inbox.run()
        assert ["1"] == bench.shop.fetched

    def test_the_case_of_header_names_is_no_matter(self, bench):
        """
        Servers write them as they like.
        """
        hook = bench.shop.webhook("orders/create", "1", event_id="e1")
        upper = {name.upper(): value for name, value in hook.headers.items()}

        assert ("e1",) == post(bench, hook, headers=upper).events

    def test_a_wrong_signature_is_refused(self, bench):
        """
        And one that is missing, or made with another secret.
        """
        hook = bench.shop.webhook("orders/create", "1")
        other = attrs.evolve(hook)
        bench.shop.webhook_secret = b"rotated"
        for headers in (other.headers, {}, {"X-Fake-Hmac-Sha256": "é"}):
            with nothing_moves(bench), pytest.raises(SignatureError) as ei:
                post(bench, hook, headers=headers)
            assert "fake" == ei.value.provider

    def test_a_changed_body_is_refused(self, bench):
        """
        One byte is enough, be it a space.
        """
        hook = bench.shop.webhook("orders/create", "1")
        for body in (hook.body + b" ", hook.body.replace(b"1", b"2"), b""):
            with nothing_moves(bench), pytest.raises(SignatureError):
                post(bench, hook, body=body)

    def test_what_is_too_large_is_not_even_verified(self, storage):
        """
        Neither a long body nor many headers.
        """
        settings = Settings(webhook_max=200, webhook_headers_max=5)
        bench = open_bench(storage=storage, settings=settings)
        hook = bench.shop.webhook("orders/create", "1")
        asked = []
        bench.shop.verify = lambda *given: asked.append(given)
        with nothing_moves(bench), pytest.raises(WebhookTooLargeError) as ei:
            post(bench, hook, body=b"x" * 201)
        assert ("body", 201, 200) == (ei.value.part, ei.value.size, ei.value.most)
        many = {f"X-{number}": "" for number in range(6)}
        with nothing_moves(bench), pytest.raises(WebhookTooLargeError) as ei:
            post(bench, hook, headers=many)
        assert ("headers", 6, 5) == (ei.value.part, ei.value.size, ei.value.most)
        assert [] == asked

    @pytest.mark.parametrize(
        "wrong",
        [
            {"body": "text"},
            {"body": None},
            {"headers": {"a": 1}},
            {"headers": {"A": "1", "a": "2"}},
            {"headers": {"a": "\0"}},
        ],
    )
    def test_what_is_no_webhook_is_refused(self, bench, wrong):
        """
        A body is bytes, a header is a text that is there once.
        """
        with nothing_moves(bench), pytest.raises(InvalidInputError):
            post(bench, bench.shop.webhook("orders/create", "1"), **wrong)

    def test_a_platform_without_webhooks_says_so(self, bench, tmp_path):
        """
        A shop that is a file tells nothing by itself.
        """
        path = tmp_path / "orders.csv"
        path.write_text(
            "order_number,sku,title,quantity,unit_price,placed_at,customer,country\n"
        )
        config = {
            "path": str(path),
            "fulfilments_path": f"{path}.out",
            "currency": "GBP",
        }
        bench.sh.seller("demo").stores.connect("file", platform="file", config=config)
        with nothing_moves(bench), pytest.raises(WebhooksUnsupportedError) as ei:
            bench.sh.inbox.receive("demo", "file", headers={}, body=b"{}")

        assert ("file", "file") == (ei.value.store_id, ei.value.platform)

    def test_a_shop_that_is_not_there(self, bench):
        """
        Neither the seller, nor the shop; nor one that is disconnected.
        """
        hook = bench.shop.webhook("orders/create", "1")
        for seller, store in (("demo", "other"), ("other", "shop")):
            with nothing_moves(bench), pytest.raises(NotFoundError):
                bench.sh.inbox.receive(
                    seller, store, headers=hook.headers, body=hook.body
                )
        bench.sh.seller("demo").stores.disconnect("shop")
        with nothing_moves(bench), pytest.raises(StoreRestsError) as ei:
            post(bench, hook)
        assert "disconnected" == ei.value.state

    @pytest.mark.parametrize(
        "lie",
        [
            None,
            "events",
            [None],
            [WebhookEvent("", Topic.OTHER)],
            [WebhookEvent("e" * 201, Topic.OTHER)],
            [WebhookEvent("e", "order_changed")],
            [WebhookEvent("e", Topic.OTHER, ("\0",))],
            [WebhookEvent("e", Topic.OTHER, ("1",) * 101)],
            [WebhookEvent("e", Topic.OTHER)] * 101,
        ],
    )
    def test_what_a_plugin_makes_of_it_is_not_trusted(self, bench, lie):
        """
        Nothing of a webhook that makes no sense is kept.
        """
        bench.shop.verify = lambda *_: lie
        with nothing_moves(bench), pytest.raises(ProtocolError):
            post(bench, bench.shop.webhook("orders/create", "1"))

    def test_whatever_a_plugin_raises_is_named(self, bench):
        """
        A KeyError becomes an error that says whose it was.
        """

        def fail(*_):
            raise KeyError("id")  # noqa: EM101 - as a plugin would

        bench.shop.verify = fail
        with nothing_moves(bench), pytest.raises(ProtocolError) as ei:
            post(bench, bench.shop.webhook("orders/create", "1"))
        assert "fake 'shop': KeyError: 'id'" == str(ei.value)

    def test_a_ping_is_answered_and_nothing_is_kept(self, bench):
        """
        What has no content is no event.
        """
        bench.shop.verify = lambda *_: []
        with nothing_moves(bench):
            assert () == post(bench, bench.shop.webhook("ping")).events

    def test_no_header_and_no_body_is_kept_elsewhere(self, bench, caplog):
        """
        The body holds a name: it is in the journal alone. Headers are nowhere.
        """
        caplog.set_level("DEBUG")
        hook = bench.shop.webhook("orders/create", "1")
        post(bench, hook, headers={**hook.headers, "Cookie": "session=abcdef"})
        bench.sh.inbox.run()

        rows = dump(bench.app.storage)
        holding = {name for name, found in rows.items() if "Ann Lee" in repr(found)}
        assert {"told"} == holding
        assert "abcdef" not in repr(rows) + caplog.text


class TestFollowing:
    def test_an_unknown_order_comes_in(self, bench):
        """
        The webhook leads to asking for it.
        """
        bench.shop.put_silently(snapshot("1", CUP=2))
        post(bench, bench.shop.webhook("orders/create", "1"))

        assert InboxReport(done=1) == bench.sh.inbox.run()
        assert ([2], ["1"]) == (units(bench, "1"), bench.shop.fetched)
        (event,) = events(bench, "done")
        assert (1, "") == (event.attempts, event.error)

    def test_an_order_that_the_shop_has_not_is_no_error(self, bench):
        """
        Nobody knows it: nothing follows.
        """
        post(bench, bench.shop.webhook("orders/create", "nobody"))

        assert InboxReport(done=1) == bench.sh.inbox.run()
        assert [] == ours(bench, "nobody")

    def test_a_deleted_order_is_cancelled(self, bench):
        """
        As when it is asked about later.
        """
        (order_id,) = bench.sync(snapshot("1", CUP=1))
        bench.shop.forget("1")
        post(bench, bench.shop.webhook("orders/updated", "1"))
        bench.sh.inbox.run()

        assert "cancelled" == bench.app.orders.get("demo", order_id).state

    def test_what_is_asked_for_may_be_newer_than_what_was_told(self, bench):
        """
        The payload is a hint: the order is as the shop has it now, and what was told
        of it meanwhile changes nothing.
        """
        first = attrs.evolve(snapshot("1", CUP=1), version=1)
        second = attrs.evolve(snapshot("1", CUP=5), version=2)
        bench.shop.put_silently(first)
        old = bench.shop.webhook("orders/create", "1", event_id="e1")
        bench.shop.put_silently(second)
        late = bench.shop.webhook("orders/updated", "1", event_id="e2")
        post(bench, late)
        post(bench, old)

        assert InboxReport(done=2) == bench.sh.inbox.run()
        assert [5] == units(bench, "1")

    def test_a_cancellation_is_followed(self, bench):
        """
        Not because it was said, but because it is so.
        """
        (order_id,) = bench.sync(snapshot("1", CUP=1))
        post(bench, bench.shop.webhook("orders/cancelled", "1"))
        bench.sh.inbox.run()
        assert "unrecognized" == bench.app.orders.get("demo", order_id).state

        bench.shop.put_silently(snapshot("1", CUP=1, cancelled=True))
        post(bench, bench.shop.webhook("orders/cancelled", "1"))
        bench.sh.inbox.run()
        assert "cancelled" == bench.app.orders.get("demo", order_id).state

    def test_an_order_told_badly_is_set_aside(self, bench):
        """
        Its neighbour comes in, and the event is done.
        """
        bench.shop.put_silently(snapshot("good", CUP=1))
        bench.shop.put_silently(attrs.evolve(snapshot("bad"), version=-1))
        post(bench, bench.shop.webhook("orders/updated", "bad", "good"))

        assert InboxReport(done=1) == bench.sh.inbox.run()
        assert 1 == len(ours(bench, "good"))
        (problem,) = bench.sh.seller("demo").stores.problems("shop")
        assert ("bad", "not_trusted") == (problem.external_id, problem.reason)

    def test_a_change_of_nobody_knows_what_lets_the_shop_be_read(self, bench):
        """
        It is due at once; what is not followed is done.
        """
        bench.sync()
        assert {} == dict(bench.sh.pulls.run().done)
        post(bench, bench.shop.webhook("themes/publish"))
        bench.sh.inbox.run()
        assert {} == dict(bench.sh.pulls.run().done)
        post(bench, bench.shop.webhook("orders/updated"))
        bench.sh.inbox.run()
        assert {"demo/shop"} == set(bench.sh.pulls.run().done)

    def test_an_app_that_was_removed_pauses_its_shop(self, bench):
        """
        If the credentials are refused; an old word of it does nothing.
        """
        post(bench, bench.shop.webhook("app/uninstalled"))
        bench.sh.inbox.run()
        assert "active" == bench.app.stores.get("demo", "shop").state

        error = UnauthorizedError(provider="fake", detail="token revoked")
        bench.shop.check_error = error
        post(bench, bench.shop.webhook("app/uninstalled"))
        assert InboxReport(done=1) == bench.sh.inbox.run()
        store = bench.app.stores.get("demo", "shop")
        assert ("paused", "unauthorized: token revoked") == (store.state, store.why)

    def test_a_worker_follows(self, bench):
        """
        In each round.
        """
        bench.shop.put_silently(snapshot("1", CUP=1))
        post(bench, bench.shop.webhook("orders/create", "1"))
        bench.sh.worker(name="w").round()

        assert [1] == units(bench, "1")

    def test_told_to_stop_it_leaves_the_rest(self, bench):
        """
        The command goes on when it is given again.
        """
        for name in ("1", "2"):
            bench.shop.put_silently(snapshot(name, CUP=1))
            post(bench, bench.shop.webhook("orders/create", name))
        stops = iter([False, True])
        first = bench.sh.inbox.run(stop=lambda: next(stops), command_id="c")
        rest = bench.sh.inbox.run(command_id="c")

        assert (1, False) == (first.done, first.is_whole)
        assert InboxReport(done=1) == rest == bench.sh.inbox.run(command_id="c")


class TestTroubles:
    def test_a_shop_that_is_down_is_asked_again(self, bench):
        """
        After half a minute, then twice that, and again; then it comes in.
        """
        bench.shop.put_silently(snapshot("1", CUP=1))
        post(bench, bench.shop.webhook("orders/create", "1"))
        bench.shop.fetch_error = DOWN
        waits = []
        for _ in range(3):
            assert InboxReport(postponed=1) == bench.sh.inbox.run()
            (event,) = events(bench)
            waits.append((event.next_at - bench.clock.now()).total_seconds())
            assert "UnknownOutcomeError: fake: timed out" == event.error
            with nothing_moves(bench):
                bench.sh.inbox.run()
            bench.clock.advance(event.next_at - bench.clock.now())
        bench.shop.fetch_error = None

        assert [30, 60, 120] == waits
        assert InboxReport(done=1) == bench.sh.inbox.run()
        assert [1] == units(bench, "1")

    def test_one_that_stays_down_is_dead_and_can_be_sent_again(self, bench):
        """
        After eight tries it is visible, and nothing else waits for it.
        """
        bench.shop.put_silently(snapshot("1", CUP=1))
        post(bench, bench.shop.webhook("orders/create", "1", event_id="e1"))
        bench.shop.fetch_error = DOWN
        for _ in range(7):
            assert InboxReport(postponed=1) == bench.sh.inbox.run()
            bench.clock.advance(timedelta(hours=1))
        assert InboxReport(dead=1) == bench.sh.inbox.run()
        (event,) = events(bench, "dead")
        assert ("e1", 8) == (event.event_id, event.attempts)
        assert InboxReport() == bench.sh.inbox.run()

        bench.shop.fetch_error = None
        again = bench.sh.inbox.resend("demo", "shop", "e1")
        assert ("waiting", 0, "") == (again.state, again.attempts, again.error)
        assert InboxReport(done=1) == bench.sh.inbox.run()
        with nothing_moves(bench), pytest.raises(TransitionRefusedError):
            bench.sh.inbox.resend("demo", "shop", "e1")
        with nothing_moves(bench), pytest.raises(NotFoundError):
            bench.sh.inbox.resend("demo", "shop", "e2")

    def test_one_that_nobody_need_follow(self, bench):
        """
        Discarded, it is not dead any more, is never followed, and says why it was dead.
        """
        post(bench, bench.shop.webhook("orders/create", "1", event_id="e1"))
        for refuse in (bench.sh.inbox.discard, bench.sh.staff("ann").inbox.discard):
            with nothing_moves(bench), pytest.raises(TransitionRefusedError):
                refuse("demo", "shop", "e1")
        bench.shop.fetch_error = DeclinedError(provider="fake", detail="cannot tell")
        assert InboxReport(dead=1) == bench.sh.inbox.run()
        made = bench.sh.inbox.discard("demo", "shop", "e1")

        assert ("discarded", "DeclinedError: fake: cannot tell") == (
            made.state,
            made.error,
        )
        assert ((), (made,)) == (events(bench, "dead"), events(bench, "discarded"))
        assert InboxReport() == bench.sh.inbox.run()
        with nothing_moves(bench), pytest.raises(TransitionRefusedError):
            bench.sh.inbox.resend("demo", "shop", "e1")

    def test_a_definite_no_is_dead_at_once(self, bench):
        """
        Asking again would not help.
        """
        post(bench, bench.shop.webhook("orders/create", "1"))
        bench.shop.fetch_error = DeclinedError(provider="fake", detail="cannot tell")

        assert InboxReport(dead=1) == bench.sh.inbox.run()
        (event,) = events(bench, "dead")
        assert "DeclinedError: fake: cannot tell" == event.error

    def test_a_definite_no_about_one_order_keeps_no_other(self, bench):
        """
        Of two orders of an event the one that can be read comes in.
        """
        bench.shop.put_silently(snapshot("2", CUP=1))
        fetch = bench.shop.fetch_order

        def declines(name, /):
            if name == "1":
                raise DeclinedError(provider="fake", detail="cannot tell")
            return fetch(name)

        bench.shop.fetch_order = declines
        post(bench, bench.shop.webhook("orders/updated", "1", "2"))
        bench.sh.inbox.run()

        assert [1] == units(bench, "2")

    def test_a_shop_that_throttles_says_when(self, bench):
        """
        That is no try; a pause of a thousand years is a day.
        """
        post(bench, bench.shop.webhook("orders/create", "1"))
        for told, kept in ((7 * MINUTE, 7 * MINUTE), (timedelta.max, 1440 * MINUTE)):
            bench.shop.fetch_error = ThrottledError(
                provider="fake", detail="slow down", retry_after=told
            )
            bench.sh.inbox.run()
            (event,) = events(bench)
            assert (0, kept) == (event.attempts, event.next_at - bench.clock.now())
            bench.clock.advance(kept)

    def test_refused_credentials_pause_the_shop(self, bench):
        """
        What it told waits for its seller, and is followed once it is resumed.
        """
        bench.shop.put_silently(snapshot("1", CUP=1))
        post(bench, bench.shop.webhook("orders/create", "1"))
        bench.shop.fetch_error = UnauthorizedError(provider="fake", detail="revoked")
        assert InboxReport(postponed=1) == bench.sh.inbox.run()
        assert "paused" == bench.app.stores.get("demo", "shop").state
        bench.shop.fetch_error = None
        bench.clock.advance(60 * MINUTE)
        assert InboxReport(postponed=1) == bench.sh.inbox.run()
        (event,) = events(bench)
        assert 0 == event.attempts

        bench.sh.seller("demo").stores.resume("shop")
        bench.clock.advance(60 * MINUTE)
        assert InboxReport(done=1) == bench.sh.inbox.run()
        assert [1] == units(bench, "1")

    def test_a_disconnected_shop_leaves_it_dead(self, bench):
        """
        Nobody will ask it again.
        """
        post(bench, bench.shop.webhook("orders/create", "1"))
        bench.sh.seller("demo").stores.disconnect("shop")

        assert InboxReport(dead=1) == bench.sh.inbox.run()

    def test_a_shop_that_hangs_is_not_waited_for(self, storage):
        """
        No longer than each of its orders may take; then it is tried again.
        """
        settings = Settings(push_within=timedelta(milliseconds=100))
        bench = open_bench(storage=storage, settings=settings)
        answered = threading.Event()
        bench.shop.when_asked = lambda: answered.wait(60)
        post(bench, bench.shop.webhook("orders/create", "1", "2"))
        assert InboxReport(postponed=1) == bench.sh.inbox.run()
        (event,) = events(bench)
        answered.set()

        assert "TimedOutError: fake: no answer within 0.2 s" == event.error
        assert () == bench.app.audit.run().violations

    def test_a_shop_in_trouble_holds_up_no_other(self, bench):
        """
        One call of it in a run, whatever it told; the other shop is followed.
        """
        bench.sh.seller("demo").stores.connect(
            "two", platform="fake", config={"shop": "two"}
        )
        two = bench.shops["two"]
        for number in range(3):
            post(bench, bench.shop.webhook("orders/create", str(number)))
        two.put_silently(snapshot("1", CUP=1))
        hook = two.webhook("orders/create", "1")
        bench.sh.inbox.receive("demo", "two", headers=hook.headers, body=hook.body)
        bench.shop.fetch_error = DOWN

        assert InboxReport(done=1, postponed=1) == bench.sh.inbox.run()
        assert ["0"] == bench.shop.fetched

    def test_whatever_one_meets_stops_no_other(self, bench):
        """
        A KeyError of a plugin, too.
        """
        bench.shop.put_silently(snapshot("1", CUP=1))
        post(bench, bench.shop.webhook("orders/create", "1"))
        bench.shop.fetch_error = KeyError("id")

        assert InboxReport(postponed=1) == bench.sh.inbox.run()
        (event,) = events(bench)
        assert "ProtocolError: fake 'shop': KeyError: 'id'" == event.error

    def test_one_that_nobody_can_read_stops_no_other(self, storage):
        """
        It is dead and visible, as a message is that makes no sense.
        """
        bench = open_bench(storage=storage)
        for name in ("1", "2"):
            bench.shop.put_silently(snapshot(name, CUP=1))
            post(bench, bench.shop.webhook("orders/create", name, event_id=name))
        (row, _) = sorted(dump(storage, [INBOX.table])["inbox_event"])
        bad = list(row)
        bad[INBOX.table.position["orders"]] = "5"
        storage.transact(
            lambda session: session.replace(INBOX.table, [tuple(bad)], expected=None),
            read_only=False,
        )

        assert InboxReport(done=1, dead=1) == bench.sh.inbox.run()
        assert [1] == units(bench, "2")
        assert InboxReport() == bench.sh.inbox.run()

    def test_done_ones_are_forgotten_after_a_month(self, bench):
        """
        So are those that were discarded; those that wait or are dead are not.
        """
        bench.shop.put_silently(snapshot("1", CUP=1))
        post(bench, bench.shop.webhook("orders/create", "1", event_id="e1"))
        bench.sh.inbox.run()
        bench.shop.fetch_error = DeclinedError(provider="fake", detail="no")
        post(bench, bench.shop.webhook("orders/create", "2", event_id="e2"))
        post(bench, bench.shop.webhook("orders/create", "4", event_id="e4"))
        bench.sh.inbox.run()
        bench.sh.inbox.discard("demo", "shop", "e4")
        post(bench, bench.shop.webhook("orders/create", "3", event_id="e3"))
        bench.clock.advance(timedelta(days=31))
        bench.sh.clocks.forget()

        states = ("done", "discarded", "dead", "waiting")
        kept = [events(bench, state) for state in states]
        assert [[], [], ["e2"], ["e3"]] == [[e.event_id for e in one] for one in kept]

    def test_a_discarded_one_is_known_for_a_month_from_then(self, bench):
        """
        However long it was dead: told again meanwhile, it is not followed after all.
        """
        bench.shop.fetch_error = DeclinedError(provider="fake", detail="no")
        hook = bench.shop.webhook("orders/create", "1", event_id="e1")
        post(bench, hook)
        bench.sh.inbox.run()
        bench.clock.advance(timedelta(days=40))
        bench.sh.inbox.discard("demo", "shop", "e1")
        for days in (0, 29):
            bench.clock.advance(timedelta(days=days))
            bench.sh.clocks.forget()
            post(bench, hook)
            assert InboxReport() == bench.sh.inbox.run()
            assert ["e1"] == [e.event_id for e in events(bench, "discarded")]
        bench.clock.advance(timedelta(days=2))
        bench.sh.clocks.forget()

        assert () == events(bench, "discarded")


class DiedError(BaseException):
    """
    The process is gone.
    """


class TestKilled:
    def test_between_keeping_and_following(self, new_storage):
        """
        The row is there for whoever opens the database next.
        """
        storage = new_storage()
        bench = open_bench(storage=storage)
        bench.shop.put_silently(snapshot("1", CUP=1))
        post(bench, bench.shop.webhook("orders/create", "1"))
        platforms = FakePlatforms()
        platforms.shops.update(bench.shops)
        with sourcehere.open(
            plugins=[platforms], load_entry_points=False, storage=storage
        ) as next_one:
            assert InboxReport(done=1) == next_one.inbox.run()
            found = next_one.seller("demo").orders.find_external("shop", ["1"])
            assert 1 == len(found["1"])
            assert () == next_one.audit.run().violations

    def test_while_it_follows(self, bench, monkeypatch):
        """
        Nothing of it is done; once the lease is over it is followed again.
        """

        def gone(*_args, **_options):
            raise DiedError

        bench.shop.put_silently(snapshot("1", CUP=1))
        post(bench, bench.shop.webhook("orders/create", "1"))
        bench.shop.when_asked = lambda: monkeypatch.setattr(
            bench.app.storage, "transact", gone
        )
        with pytest.raises(DiedError):
            bench.sh.inbox.run()
        monkeypatch.undo()
        bench.shop.when_asked = None

        assert InboxReport() == bench.sh.inbox.run()
        bench.clock.advance(5 * MINUTE)
        assert InboxReport(done=1) == bench.sh.inbox.run()
        assert [1] == units(bench, "1")

    def test_one_that_kills_whoever_follows_it_is_dead(self, bench, monkeypatch):
        """
        After eight times it is left alone.
        """

        def kill(*_args, **_options):
            raise DiedError

        post(bench, bench.shop.webhook("orders/create", "1"))
        monkeypatch.setattr(bench.app.inbox, "_follow", kill)
        for _ in range(8):
            with pytest.raises(DiedError):
                bench.sh.inbox.run()
            bench.clock.advance(5 * MINUTE)

        assert InboxReport(dead=1) == bench.sh.inbox.run()

    def test_a_sleeper_writes_nothing(self, bench):
        """
        Whoever slept past the lease finds that another was at it; the order is once.
        """
        bench.shop.put_silently(snapshot("1", CUP=1))
        post(bench, bench.shop.webhook("orders/create", "1"))

        def sleep():
            bench.shop.when_asked = None
            bench.clock.advance(5 * MINUTE)
            assert InboxReport(done=1) == bench.sh.inbox.run()

        bench.shop.when_asked = sleep
        bench.sh.inbox.run()

        (event,) = events(bench, "done")
        assert 2 == event.attempts
        assert 1 == len(ours(bench, "1"))

    def test_a_sleeper_ends_nothing_that_waits_for_its_successor(self, bench):
        """
        The other was told to be patient, which is no try: the count is the same again.
        """
        post(bench, bench.shop.webhook("orders/create", "1"))
        patience = ThrottledError(
            provider="fake", detail="slow down", retry_after=7 * MINUTE
        )

        def fetch(_name, /):
            bench.shop.fetch_order = throttle
            bench.clock.advance(6 * MINUTE)
            assert InboxReport(postponed=1) == bench.sh.inbox.run()
            raise DeclinedError(provider="fake", detail="an old no")

        def throttle(_name, /):
            raise patience

        bench.shop.fetch_order = fetch
        bench.sh.inbox.run()

        (event,) = events(bench)
        told = "ThrottledError: fake: slow down"
        assert (NOON + 13 * MINUTE, told) == (event.next_at, event.error)


class TestRacingAPage:
    @pytest.mark.parametrize("newer", ["page", "webhook"])
    def test_the_newest_version_counts(self, bench, newer):
        """
        A page comes in while the order is asked for, or is read before and comes late:
        what is older changes nothing.
        """
        old = attrs.evolve(snapshot("1", CUP=1), version=1)
        new = attrs.evolve(snapshot("1", CUP=5), version=2)
        bench.shop.put(old)
        post(bench, bench.shop.webhook("orders/updated", "1"))

        def meanwhile():
            bench.shop.when_asked = None
            bench.shop.put(new)
            if newer == "page":
                bench.sh.seller("demo").stores.sync("shop")
            else:
                bench.sh.inbox.run()

        bench.shop.when_asked = meanwhile
        if newer == "page":
            bench.sh.inbox.run()  # asked for the old one, the page told the new one
        else:
            bench.sh.seller("demo").stores.sync("shop")

        assert [5] == units(bench, "1")
        assert () == events(bench)

    def test_a_late_page_changes_nothing(self, bench):
        """
        The webhook led to the newest state; a page of before comes after it.
        """
        bench.shop.put_silently(attrs.evolve(snapshot("1", CUP=5), version=2))
        post(bench, bench.shop.webhook("orders/updated", "1"))
        bench.sh.inbox.run()
        bench.sync(attrs.evolve(snapshot("1", CUP=1), version=1))

        assert [5] == units(bench, "1")


def test_lists_are_of_a_state(bench):
    """
    Any other word is refused.
    """
    with pytest.raises(InvalidInputError) as ei:
        bench.sh.inbox.list(state="sleeping")

    assert "state" == ei.value.field


def test_the_answers_are_plain_data(bench):
    """
    A row and a receipt are shown as their schemas say.
    """
    receipt = post(bench, bench.shop.webhook("orders/create", "1", event_id="e1"))
    (event,) = events(bench)

    assert {"events": ["e1"]} == json.loads(json.dumps(sourcehere.to_dict(receipt)))
    shown = sourcehere.to_dict(event)
    assert set(sourcehere.schema_of(type(event))["required"]) == set(shown)
