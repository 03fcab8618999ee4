"""
Carriers are asked for every parcel that is on its way, each as often as it should be.
"""

from datetime import timedelta, tzinfo
from itertools import chain

import attrs
import pytest

from sourcehere import IncidentReason, NewParcel, TrackingStatus
from sourcehere.domain.freight.errors import TrackingWebhooksUnsupportedError
from sourcehere.domain.kernel.errors import InvalidInputError, NotFoundError
from sourcehere.domain.stores.errors import WebhookTooLargeError
from sourcehere.ports.errors import (
    SignatureError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from sourcehere.services.base.settings import Settings
from sourcehere.services.sending.asking_carriers import AT_ONCE
from sourcehere.testing.factories import NOON, STAFF, nothing_moves, open_bench
from sourcehere.testing.fake_carrier import FakeCarriers, TrackingCarrier, carrier_fact

S = TrackingStatus
HOUR = timedelta(hours=1)
EVERY = Settings().track_every
TRACK = TrackingCarrier.track
SKUS = ("CUP", "HAT", "LAMP")


class Nowhere(tzinfo):
    """
    A zone that does not know its time.
    """

    def utcoffset(self, _):
        raise RuntimeError


@pytest.fixture
def post():
    """
    Return a carrier that knows the parcels of all.
    """
    return TrackingCarrier()


@pytest.fixture
def bench(storage, post, violations):
    """
    Return a bench whose platform asks that carrier; clean when the test ends.
    """
    yield from opened(storage, violations, post=post)


def opened(storage, violations, settings=None, **carriers):
    plugins = [FakeCarriers(**carriers)]
    made = open_bench(
        storage=storage, connected=SKUS, plugins=plugins, settings=settings
    )
    for name in carriers:
        config = {"carrier": name}
        made.app.freight.connect(name, provider="fake_carrier", config=config, by=STAFF)
    yield made
    assert () == violations(made)


def send(bench, number, carrier="post"):
    """
    Send an order of one parcel; return the order and the parcel.
    """
    order_id = bench.accepted(number, CUP=1)
    return order_id, ship(bench, order_id, number, carrier=carrier)


def ship(bench, order_id, number, *, carrier="post", quantities=None):
    parcel = NewParcel(
        order_id=order_id,
        carrier=carrier,
        tracking_number=number,
        quantities=quantities,
    )
    return bench.app.shipping.ship("demo", parcel, by=STAFF)


def ask(bench, **expected):
    """
    Ask carriers, and compare what is reported.
    """
    report = attrs.asdict(bench.app.tracking.run())
    usual = {"asked": 0, "not_known": 0, "facts_new": 0, "failed": {}, "set_aside": ()}
    assert usual | expected == report


def during(monkeypatch, happens):
    """
    Let something happen at the beginning of each call.
    """

    def track(carrier, numbers, /):
        happens(carrier)
        return TRACK(carrier, numbers)

    monkeypatch.setattr(TrackingCarrier, "track", track)


def lane_of(bench, name):
    """
    Return how the relay stands with a connection.
    """
    return {lane.connection: lane for lane in bench.app.relay.status()}[name]


def state(bench, order_id):
    order = bench.app.orders.get("demo", order_id)
    return order.state, [hold.reason for hold in order.holds]


class TestAsking:
    def test_what_is_said_moves_the_parcel(self, bench, post):
        """
        A fact counts once; trouble holds the order, delivery ends it, and what has
        arrived is asked for no more.
        """
        order_id, parcel_id = send(bench, "T1")
        held = carrier_fact(S.CUSTOMS, NOON, incident=IncidentReason.CUSTOMS_DUTIES)
        post.facts["T1"] = [carrier_fact(S.IN_TRANSIT, NOON - HOUR, place="Yiwu"), held]
        ask(bench, asked=1, facts_new=2)
        assert ("shipped", ["customs"]) == state(bench, order_id)
        (first, second) = bench.app.tracking.events("demo", parcel_id)
        assert ("post:in_transit", "Yiwu", "post", "T1") == (
            first.key,
            first.place,
            first.carrier,
            first.tracking_number,
        )
        assert ("customs", "customs_duties") == (second.status, second.incident)

        bench.clock.advance(EVERY)
        ask(bench, asked=1)
        bench.clock.advance(EVERY)
        post.facts["T1"].append(carrier_fact(S.DELIVERED, NOON + HOUR))
        ask(bench, asked=1, facts_new=1)
        assert ("fulfilled", []) == state(bench, order_id)

        bench.clock.advance(EVERY)
        ask(bench)
        assert [["T1"]] * 3 == post.tracked

    def test_it_is_asked_no_more_often_than_it_should_be(self, bench, post):
        """
        A walk that has come to the end rests until its time; a parcel that is sent
        meanwhile waits for it.
        """
        send(bench, "T1")
        ask(bench, asked=1, not_known=1)
        send(bench, "T2")
        bench.clock.advance(EVERY - HOUR)
        ask(bench)
        bench.clock.advance(HOUR)
        ask(bench, asked=2, not_known=2)

        assert [["T1"], ["T1", "T2"]] == post.tracked
        (walk,) = bench.app.tracking.status()
        assert ("post", NOON + EVERY, NOON + 2 * EVERY, 2) == (
            walk.connection,
            walk.began_at,
            walk.due_at,
            walk.asked,
        )

    def test_every_parcel_is_asked_for_once(self, bench, post):
        """
        Over pages of orders and of numbers, whatever list the orders are in: partly
        sent, held, or whole; not where there is no parcel, or another counts instead.
        """
        wanted = []
        for number in range(130):
            name = f"N{number:03}"
            order_id, parcel_id = send(bench, name)
            if number % 10 == 3:
                bench.app.orders.hold("demo", order_id, detail="", by=STAFF)
            if number % 10 == 7:
                bench.app.shipping.void_parcel(
                    "demo",
                    order_id,
                    parcel_id,
                    carrier="post",
                    tracking_number=f"{name}X",
                    by=STAFF,
                )
                name = f"{name}X"
            wanted.append(name)
        part = bench.accepted("part", CUP=1, HAT=1)
        ship(bench, part, "P1", quantities={"1.1": 1})
        bench.accepted("none", CUP=1)
        ask(bench, asked=131, not_known=131)

        assert sorted([*wanted, "P1"]) == sorted(chain.from_iterable(post.tracked))
        assert AT_ONCE >= max(map(len, post.tracked))

    def test_nobody_is_asked_by_a_rate_card(self, paired):
        """
        Where no connection can be asked, nothing is.
        """
        send(paired, "T1")
        ask(paired)
        assert () == paired.app.tracking.status()


class TestWhoIsAsked:
    def test_who_knows_the_carrier_by_name_comes_first(self, storage, violations):
        """
        However its name is written; the others are asked of whoever knows all, and of
        none where nobody does.
        """
        carriers = {
            "any": TrackingCarrier(),
            "yun": TrackingCarrier(known=["YunExpress"]),
        }
        for bench in opened(storage, violations, **carriers):
            send(bench, "Y1", carrier="yunexpress")
            send(bench, "P1", carrier="Post")
            ask(bench, asked=2, not_known=2)
            assert ([["P1"]], [["Y1"]]) == (
                carriers["any"].tracked,
                carriers["yun"].tracked,
            )
            bench.app.freight.move("any", "pause", by=STAFF)
            bench.clock.advance(EVERY)
            ask(bench, asked=1, not_known=1)
            assert [["P1"]] == carriers["any"].tracked


class TestFailing:
    @pytest.mark.parametrize(
        ("fault", "state", "rests"),
        [
            (
                ThrottledError(
                    provider="x", detail="slowly", retry_after=timedelta(minutes=7)
                ),
                "throttled",
                timedelta(minutes=7),
            ),
            (
                UnauthorizedError(provider="x", detail="no"),
                "unauthorized",
                Settings().retry_after,
            ),
            (UnknownOutcomeError(provider="x", detail="?"), "down", None),
            (ZeroDivisionError("x"), "down", None),
            (SystemExit(), "down", None),
        ],
    )
    def test_one_that_does_not_answer_holds_up_no_other(
        self, storage, violations, fault, state, rests
    ):
        """
        It rests, the walk stays where it is, and every parcel is asked for when it
        answers again.
        """
        carriers = {
            "bad": TrackingCarrier(known=["bad"], track_fault=fault),
            "good": TrackingCarrier(known=["good"]),
        }
        for bench in opened(storage, violations, **carriers):
            send(bench, "B1", carrier="bad")
            order_id, _ = send(bench, "G1", carrier="good")
            carriers["good"].facts["G1"] = [carrier_fact(S.DELIVERED, NOON)]
            report = bench.app.tracking.run()
            assert (1, 1, ["bad"]) == (report.asked, report.facts_new, [*report.failed])
            assert "fulfilled" == bench.app.orders.get("demo", order_id).state
            lane = lane_of(bench, "carrier:bad")
            rests = rests or Settings().retry_after
            assert (state, NOON + rests) == (lane.state, lane.next_at)
            calls = len(carriers["bad"].tracked)
            ask(bench)
            assert calls == len(carriers["bad"].tracked)

            carriers["bad"].track_fault = None
            bench.clock.advance(rests)
            ask(bench, asked=1, not_known=1)
            assert "well" == lane_of(bench, "carrier:bad").state

    def test_what_fails_on_the_second_call_is_asked_again(
        self, bench, post, monkeypatch
    ):
        """
        Nobody is passed over, though how far it has come is stored before the call.
        """
        for number in range(AT_ONCE + 5):
            send(bench, f"N{number:03}")

        def fail(carrier):
            if len(carrier.tracked) == 1:
                carrier.track_fault = UnknownOutcomeError(provider="x", detail="?")

        during(monkeypatch, fail)
        report = bench.app.tracking.run()
        assert (AT_ONCE, ["post"]) == (report.asked, [*report.failed])
        during(monkeypatch, lambda _: None)
        post.track_fault = None
        bench.clock.advance(HOUR)
        ask(bench, asked=AT_ONCE + 5, not_known=AT_ONCE + 5)

    def test_one_that_says_nonsense_of_its_carriers_is_told(self, storage, violations):
        """
        The others are asked.
        """
        bad = TrackingCarrier(known=[""])
        for bench in opened(storage, violations, bad=bad, good=TrackingCarrier()):
            send(bench, "T1")
            report = bench.app.tracking.run()
            assert (1, ["bad"]) == (report.asked, [*report.failed])
            assert "a text of 1 to" in report.failed["bad"]

    def test_one_that_would_end_the_process_is_told(self, storage, violations):
        """
        Where it says whose parcels it knows, on the worker's own thread.
        """

        class Leaving(TrackingCarrier):
            def carriers(self):
                raise SystemExit

        for bench in opened(storage, violations, bad=Leaving(), good=TrackingCarrier()):
            send(bench, "T1")
            report = bench.app.tracking.run()
            assert (1, ["bad"]) == (report.asked, [*report.failed])

    def test_why_a_carrier_was_not_asked_is_logged(self, storage, violations, caplog):
        """
        By the kind of the error; its words may quote what people wrote.
        """

        class Leaving(TrackingCarrier):
            def carriers(self):
                raise SystemExit

        for bench in opened(storage, violations, bad=Leaving()):
            send(bench, "T1")
            caplog.clear()
            bench.app.tracking.run()
            said = "not told where parcels are: by=bad error=UnknownOutcomeError"
            assert [said] == [r.getMessage() for r in caplog.records if r.levelno > 20]

    def test_one_number_fails_alone(self, bench, post):
        """
        Its neighbours are recorded; one that is not known is no failure.
        """
        _, first = send(bench, "T1")
        send(bench, "T2")
        _, third = send(bench, "T3")
        post.facts["T1"] = UnknownOutcomeError(provider="x", detail="later")
        post.facts["T3"] = [carrier_fact(S.IN_TRANSIT, NOON)]
        words = "UnknownOutcomeError: x: later"
        ask(bench, asked=3, not_known=1, facts_new=1, failed={first: words})

        assert "in_transit" == bench.app.tracking.parcel("demo", third).status


class TestNonsense:
    @pytest.mark.parametrize(
        ("fact", "words"),
        [
            ("delivered", "is not a CarrierFact"),
            (carrier_fact(S.DELIVERED, NOON.replace(tzinfo=None)), "is not a time"),
            (carrier_fact(S.DELIVERED, NOON - timedelta(days=31)), "is not between"),
            (carrier_fact(S.DELIVERED, NOON + timedelta(days=3)), "is not between"),
            (carrier_fact(S.DELIVERED, NOON, key=" "), "is not a text of 1 to"),
            (carrier_fact("arrived", NOON, key="k"), "is not a "),
            (carrier_fact(S.DELIVERED, NOON, place=7), "is not a text"),
            (
                carrier_fact(S.DELIVERED, NOON, incident="bitten by a dog"),
                "is not an I",
            ),
        ],
    )
    def test_a_fact_that_makes_no_sense_is_set_aside(self, bench, post, fact, words):
        """
        With what is wrong with it; the others of the same number are kept.
        """
        _, parcel_id = send(bench, "T1")
        post.facts["T1"] = [carrier_fact(S.IN_TRANSIT, NOON), fact]
        report = bench.app.tracking.run()
        (said,) = report.set_aside

        assert (1, 1, {}) == (report.asked, report.facts_new, report.failed)
        assert said.startswith("T1: facts[1]")
        assert words in said
        assert "in_transit" == bench.app.tracking.parcel("demo", parcel_id).status

    def test_a_fact_that_raises_is_set_aside(self, bench, post):
        """
        As one whose zone does not know its time; no other number suffers.
        """
        _, first = send(bench, "T1")
        _, second = send(bench, "T2")
        nowhere = carrier_fact(S.DELIVERED, NOON.replace(tzinfo=Nowhere()))
        well = [carrier_fact(S.IN_TRANSIT, NOON)]
        post.facts |= {"T1": [nowhere, *well], "T2": well}
        report = bench.app.tracking.run()

        assert (2, 2, {}) == (report.asked, report.facts_new, report.failed)
        assert ("T1: RuntimeError: ",) == report.set_aside
        for parcel_id in (first, second):
            assert "in_transit" == bench.app.tracking.parcel("demo", parcel_id).status

    @pytest.mark.parametrize("facts", [None, 7, "delivered", {}.values, [1] * 1001])
    def test_an_answer_that_makes_no_sense_is_that_numbers(self, bench, post, facts):
        """
        The other numbers of the call have theirs.
        """
        _, first = send(bench, "T1")
        _, second = send(bench, "T2")
        post.facts |= {"T1": facts, "T2": [carrier_fact(S.IN_TRANSIT, NOON)]}
        report = bench.app.tracking.run()

        assert (2, 1, [first]) == (report.asked, report.facts_new, [*report.failed])
        assert "in_transit" == bench.app.tracking.parcel("demo", second).status

    def test_too_few_answers_are_none(self, bench, post, monkeypatch):
        """
        Nobody knows whose they are: nothing is recorded, and they are asked again.
        """
        send(bench, "T1")
        _, second = send(bench, "T2")
        monkeypatch.setattr(
            type(post), "track", lambda *_: [[carrier_fact(S.DELIVERED, NOON)]]
        )
        report = bench.app.tracking.run()

        assert (0, ["post"]) == (report.asked, [*report.failed])
        assert "2 answers, one for each number" in report.failed["post"]
        assert "pending" == bench.app.tracking.parcel("demo", second).status

    def test_text_that_cannot_be_kept_is_escaped(self, bench, post):
        """
        A place with signs that a terminal would follow, or that are half a character.
        """
        _, parcel_id = send(bench, "T1")
        place = "Yi\x00wu\ud800\x1b[31m"
        post.facts["T1"] = [carrier_fact(S.IN_TRANSIT, NOON, place=place)]
        ask(bench, asked=1, facts_new=1)

        (event,) = bench.app.tracking.events("demo", parcel_id)
        assert "Yi\\x00wu\\ud800\\x1b[31m" == event.place


class TestWebhooks:
    def receive(self, bench, post, *numbers, **changes):
        headers, body = post.webhook(*numbers)
        given = {"headers": headers, "body": body} | changes
        return bench.app.tracking.receive("post", **given)

    def test_what_is_told_is_asked_next(self, bench, post):
        """
        Though its walk rests; the parcel is where the answer says, not the webhook.
        """
        order_id, _ = send(bench, "T1")
        send(bench, "T2")
        ask(bench, asked=2, not_known=2)
        post.facts["T1"] = [carrier_fact(S.DELIVERED, NOON)]
        assert ("T1", "T9") == self.receive(bench, post, "T1", "T9", "T1").numbers
        assert ("T1",) == self.receive(bench, post, "T1").numbers
        ask(bench, asked=1, facts_new=1)
        ask(bench)

        assert "fulfilled" == bench.app.orders.get("demo", order_id).state
        assert [["T1", "T2"], ["T1"]] == post.tracked

    def test_blanks_around_a_number_are_nothing(self, bench, post, monkeypatch):
        """
        The parcel is asked about as if they were not there.
        """
        order_id, _ = send(bench, "T1")
        ask(bench, asked=1, not_known=1)
        post.facts["T1"] = [carrier_fact(S.DELIVERED, NOON)]
        monkeypatch.setattr(type(post), "verify_tracking", lambda *_: ("T1", " T1\n"))
        assert ("T1",) == self.receive(bench, post, "T1").numbers
        ask(bench, asked=1, facts_new=1)

        assert "fulfilled" == bench.app.orders.get("demo", order_id).state

    def test_it_is_kept_while_the_carrier_does_not_answer(
        self, bench, post, monkeypatch
    ):
        """
        And while it is told again.
        """
        send(bench, "T1")
        ask(bench, asked=1, not_known=1)
        self.receive(bench, post, "T1")
        post.track_fault = UnauthorizedError(provider="x", detail="no")
        bench.app.tracking.run()
        post.track_fault = None
        bench.clock.advance(HOUR)

        calls = len(post.tracked)

        def again(_):
            if len(post.tracked) == calls:
                bench.clock.advance(HOUR)
                self.receive(bench, post, "T1")

        during(monkeypatch, again)
        bench.app.tracking.run()
        assert calls + 2 == len(post.tracked)

    def test_a_ping_is_nothing(self, bench, post):
        """
        It is signed, and about no number.
        """
        assert () == self.receive(bench, post).numbers

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"body": b"T2"}, SignatureError),
            ({"headers": {}}, SignatureError),
            ({"body": b"x" * 1_000_001}, WebhookTooLargeError),
            ({"body": "T1"}, InvalidInputError),
        ],
    )
    def test_what_is_not_the_carriers_is_not_kept(self, bench, post, changes, error):
        """
        Nothing of it is kept, and nobody is asked.
        """
        send(bench, "T1")
        with nothing_moves(bench), pytest.raises(error):
            self.receive(bench, post, "T1", **changes)

    def test_who_has_no_webhooks_takes_none(self, bench, post):
        """
        Nor a connection that there is not, or that has ended.
        """
        card = {"headers": {}, "body": b""}
        with pytest.raises(TrackingWebhooksUnsupportedError, match="has no webhooks"):
            bench.app.tracking.receive("card", **card)
        with pytest.raises(NotFoundError):
            bench.app.tracking.receive("nobody", **card)
        bench.app.freight.move("post", "disconnect", by=STAFF)
        with pytest.raises(NotFoundError):
            self.receive(bench, post, "T1")


class TestWorkers:
    def test_a_worker_asks(self, bench, post):
        """
        In each of its rounds, and says how many numbers it asked for.
        """
        order_id, _ = send(bench, "T1")
        post.facts["T1"] = [carrier_fact(S.DELIVERED, NOON)]
        worker = bench.sh.worker(name="w")
        assert 1 == worker.round().tracked
        assert 1 == worker.round().tracked

        assert "fulfilled" == bench.app.orders.get("demo", order_id).state


class TestAskingNow:
    def test_what_is_not_due_is_asked_about(self, bench, post):
        """
        Of two parcels that were asked about just now, one is asked about by its number.
        """
        send(bench, "T1")
        order_id, parcel_id = send(bench, "T2")
        ask(bench, asked=2, not_known=2)
        post.facts["T1"] = [carrier_fact(S.IN_TRANSIT, NOON)]
        post.facts["T2"] = [carrier_fact(S.IN_TRANSIT, NOON)]
        ask(bench)
        report = bench.sh.staff("ann").tracking.ask([" T2 ", "T2"])

        assert (1, 1, {}) == (report.asked, report.facts_new, report.failed)
        assert S.IN_TRANSIT == bench.app.tracking.parcel("demo", parcel_id).status
        bench.clock.advance(EVERY)
        ask(bench, asked=2, facts_new=1)
        assert "shipped" == bench.app.orders.get("demo", order_id).state

    def test_a_number_that_no_parcel_has_asks_nobody(self, bench, post):
        """
        Whatever else is asked for.
        """
        send(bench, "T1")
        with nothing_moves(bench), pytest.raises(NotFoundError) as ei:
            bench.app.tracking.ask(["T1", "T9"])

        assert "T9" == ei.value.id
        assert [] == post.tracked

    def test_what_nobody_can_say_is_told(self, storage, violations):
        """
        A replaced parcel, one of a carrier that nobody asks about, and one whose
        connection rests.
        """
        ours = TrackingCarrier(known=("post",))
        for bench in opened(storage, violations, ours=ours):
            order_id, gone = send(bench, "T1")
            desk = bench.sh.staff("ann").seller("demo").shipping
            desk.void_parcel(order_id, gone, carrier="post", tracking_number="T3")
            _, others = send(bench, "T2", carrier="dove")
            bench.clock.advance(EVERY)
            report = bench.app.tracking.ask(["T1", "T2"])
            assert 0 == report.asked
            (new,) = bench.app.tracking.find("T3")
            assert {
                gone: f"T1 was replaced by parcel {new.parcel_id}",
                others: "T2: no freight connection knows parcels of dove",
            } == report.failed
            ours.track_fault = UnauthorizedError(provider="fake_carrier", detail="no")
            bench.app.tracking.ask(["T3"])
            report = bench.app.tracking.ask(["T3"])

            words = "it rests, since it did not answer: see `relay status`"
            assert (0, {"ours": words}) == (report.asked, report.failed)
