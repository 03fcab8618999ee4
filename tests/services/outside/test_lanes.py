"""
No shop can hold up another, whatever it answers; and what it answered is kept.
"""

import threading
import time
from datetime import timedelta

import attrs
import pytest

from sourcehere import NewConnection
from sourcehere.domain.effects.circuits import LONGEST_REST
from sourcehere.ports.errors import (
    DeclinedError,
    ProviderError,
    ThrottledError,
    UnknownOutcomeError,
)
from sourcehere.services.base.settings import Settings
from sourcehere.services.outside import lanes, running
from sourcehere.testing.factories import SELLER, Fault, nothing_moves, open_bench
from sourcehere.unit.tables.effects import ATTEMPTS, ATTEMPTS_OF, OUTBOX
from sourcehere.unit.tables.shipments import PARCELS

REST = Settings().retry_after


@pytest.fixture
def two(storage):
    """
    The same seller's two shops, `shop` and `other`, as two benches on one app; calls
    may take a fifth of a second.
    """
    within = Settings(push_within=timedelta(seconds=0.2))
    ill = open_bench(storage=storage, settings=within)
    ill.app.stores.connect(
        "demo", "other", platform="fake", name="Other", config={"shop": "other"}
    )
    for store in ("shop", "other"):
        new = NewConnection(store_id=store, listing="CUP", rules=(ill.rule("CUP"),))
        ill.app.pairing.connect("demo", new, by=SELLER)
    ill.app.stores.sync("demo", "other")
    ill.app.relay.run()
    well = attrs.evolve(ill, shop=ill.shops["other"], store="other")
    yield ill, well
    assert () == ill.app.audit.run(replay=True).violations


def owe(bench, *numbers):
    """
    Let the bench's shop be owed one parcel for each of *numbers*, in this order.
    """
    for number in numbers:
        bench.ship(bench.accepted(f"{bench.store}-{number}", CUP=1), number)
        bench.clock.advance(timedelta(seconds=1))


def told(bench):
    """
    Return what the shop's customers see, in the order it came.
    """
    return [f.tracking_number for f in bench.shop.fulfilments.values()]


def lane(bench):
    """
    Return how the relay stands with the bench's shop.
    """
    name = f"demo/{bench.store}"
    found = {status.connection: status for status in bench.sh.relay.status()}
    return found.get(name)


def owed(bench):
    """
    Return the one message that the bench's shop is owed, whatever became of it.
    """
    (message,) = [
        m
        for m in (*bench.app.relay.waiting(), *bench.app.relay.dead())
        if m.connection == f"demo/{bench.store}"
    ]
    return message


class SilentError(Exception):
    """
    Has no text.
    """

    def __str__(self):
        raise RuntimeError


class CrookedError(ThrottledError):
    """
    Fails when it is asked for anything.
    """

    @property
    def detail(self):
        raise KeyError

    @detail.setter
    def detail(self, value):
        pass


def throttled(pause):
    return ThrottledError(provider="fake", detail="slow down", retry_after=pause)


POISON = {
    "a lone surrogate": UnknownOutcomeError(provider="fake", detail="\ud800"),
    "a NUL": DeclinedError(provider="fa\0ke", detail="no\0"),
    "no text": SilentError(),
    "a text of a million": ValueError("x" * 1_000_000),
    "SystemExit": SystemExit(3),
    "KeyboardInterrupt": KeyboardInterrupt(),
    "9000 years": throttled(timedelta(days=9000 * 365)),
    "no pause at all": throttled(timedelta(0)),
    "a pause that is no time": throttled("tomorrow"),
    "nothing to ask": CrookedError(provider="", detail="", retry_after=REST),
    "of no kind": ProviderError(provider="fake", detail="of no kind"),
}
REFERENCES = {"no text": 7, "a surrogate": "\ud800\0", "too long": "r" * 100_000}


class TestPoison:
    @pytest.mark.parametrize("name", POISON)
    def test_an_answer_stops_nobody(self, two, name):
        """
        Whatever a shop raises is kept with its message; another shop's parcel is told
        once, and that is known.
        """
        ill, well = two
        owe(ill, "I1")
        owe(well, "W1")

        def poison(_):
            raise POISON[name]

        ill.shop.when_pushed = poison
        report = ill.app.relay.run()

        assert ["W1"] == told(well)
        assert 1 == len(well.shop.keys_pushed)
        assert 1 == report.postponed + report.dead
        message = owed(ill)
        assert message.error.isprintable()
        assert 0 < len(message.error) <= 500
        (send,) = ill.app.relay.sends("demo", message.message_id)
        assert (message.key, "demo/shop", "relay") == (
            send.key,
            send.connection,
            send.worker,
        )
        assert send.took >= 0

    @pytest.mark.parametrize("name", POISON)
    def test_a_provider_that_cannot_be_made_stops_nobody(self, two, monkeypatch, name):
        """
        The same where its plugin fails before anything is sent: then nothing was.
        """
        ill, well = two
        owe(ill, "I1")
        owe(well, "W1")
        stores = ill.app.relay._stores
        make = stores.platform_of

        def platform_of(store):
            if store.store_id == "shop":
                raise POISON[name]
            return make(store)

        monkeypatch.setattr(stores, "platform_of", platform_of)
        ill.app.relay.run()
        assert ["W1"] == told(well)
        message = owed(ill)
        (attempt,) = ill.app.relay.attempts("demo", message.message_id)
        assert ("planned", 0) == (attempt.state, attempt.sends)
        assert () == ill.app.relay.sends("demo", message.message_id)
        monkeypatch.undo()
        ill.clock.advance(timedelta(days=1))
        ill.app.relay.run()

        assert ["I1"] == told(ill)

    @pytest.mark.parametrize("name", REFERENCES)
    def test_a_reference_stops_nobody(self, two, name):
        """
        A name that no storage can keep is kept as it can be, or is no answer.
        """
        ill, well = two
        owe(ill, "I1")
        owe(well, "W1")
        ill.shop.push_fulfilment = lambda _: REFERENCES[name]
        report = ill.app.relay.run()

        assert ["W1"] == told(well)
        assert (
            (1, 1)
            if name == "no text"
            else (2, 0)
            == (
                report.delivered,
                report.postponed,
            )
        )

    def test_a_pause_is_no_longer_than_a_day(self, two):
        """
        A shop that asks for nine thousand years is asked again tomorrow.
        """
        ill, _ = two
        owe(ill, "I1")

        def ask_for_ages(_):
            raise POISON["9000 years"]

        ill.shop.when_pushed = ask_for_ages
        ill.app.relay.run()
        assert ill.clock.now() + timedelta(days=1) == lane(ill).next_at
        ill.shop.when_pushed = None
        ill.clock.advance(timedelta(days=1))
        ill.app.relay.run()

        assert "I1" in told(ill)


class TestMissingRows:
    def test_a_push_whose_parcel_is_gone_is_dead(self, storage):
        """
        A row that is missing stops nobody: its message says so, the rest is delivered.
        """
        bench = open_bench(storage=storage, connected=["CUP"])
        owe(bench, "T1", "T2")
        rows = [m for m in bench.app.relay.waiting() if m.connection]
        first = min(rows, key=lambda m: m.written_at)
        gone = [(first.seller_id, first.subject)]
        bench.app.storage.transact(
            lambda session: session.delete(PARCELS.table, gone), read_only=False
        )
        bench.app.relay.run()

        assert ["T2"] == told(bench)
        (dead,) = bench.app.relay.dead()
        assert (first.message_id, "there is no such parcel") == (
            dead.message_id,
            dead.error,
        )

    def test_a_message_nobody_can_read_is_dead(self, storage):
        """
        So is one whose own row makes no sense.
        """
        bench = open_bench(storage=storage, connected=["CUP"])
        owe(bench, "T1", "T2")
        rows = [m for m in bench.app.relay.waiting() if m.channel == "store"]
        first = min(rows, key=lambda m: m.written_at)
        bad = attrs.evolve(first, payload={"revision": "none"})
        bench.app.storage.transact(
            lambda session: session.replace(
                OUTBOX.table, [OUTBOX.to_row(bad)], expected=None
            ),
            read_only=False,
        )
        bench.app.relay.run()

        assert ["T2"] == told(bench)
        (dead,) = bench.app.relay.dead()
        assert dead.error.startswith("cannot be read: AssertionError")

    def test_a_message_on_an_unknown_channel_is_dead(self, two):
        """
        What this release does not deliver says so, instead of being taken for ever.
        """
        ill, _ = two
        owe(ill, "I1")
        strange = attrs.evolve(owed(ill), message_id="m", channel="pigeon")
        ill.app.storage.transact(
            lambda session: session.insert(OUTBOX.table, [OUTBOX.to_row(strange)]),
            read_only=False,
        )
        report = ill.app.relay.run()

        assert (1, ["I1"]) == (report.dead, told(ill))
        (dead,) = ill.app.relay.dead()
        assert "nobody delivers what is on channel 'pigeon'" == dead.error
        ill.app.storage.transact(
            lambda session: session.delete(OUTBOX.table, [("demo", "m")]),
            read_only=False,
        )


class TestKeeping:
    """
    What was delivered last is kept with the next claim, and all the same without one.
    """

    def test_it_is_kept_when_the_relay_is_told_to_stop(self, two):
        """
        Told to stop right after the delivery, it claims nothing more.
        """
        ill, _ = two
        owe(ill, "I1")
        report = ill.app.relay.run(stop=lambda: bool(ill.shop.fulfilments))

        assert 1 == report.delivered
        assert () == ill.app.relay.waiting()
        ill.app.relay.run()
        assert 1 == len(ill.shop.keys_pushed)

    def test_it_is_kept_when_nothing_can_be_claimed(self, two, monkeypatch):
        """
        What makes the next claim fail is no reason to forget a delivery.
        """
        ill, _ = two
        owe(ill, "I1")

        def claim(*given, **named):
            if ill.shop.fulfilments:
                raise SilentError
            return unbroken(*given, **named)

        unbroken = running.claim
        monkeypatch.setattr(running, "claim", claim)
        with pytest.raises(SilentError):
            ill.app.relay.run()
        monkeypatch.undo()
        assert () == ill.app.relay.waiting()
        ill.app.relay.run()
        assert 1 == len(ill.shop.keys_pushed)

    def test_what_cannot_be_kept_is_dead(self, two):
        """
        Its attempt is another one than was sent: somebody wrote it meanwhile.
        """
        ill, well = two
        owe(ill, "I1")
        owe(well, "W1")
        message = owed(ill)

        def write(_):
            def change(unit):
                (attempt,) = unit.find(ATTEMPTS_OF, [("demo", message.message_id)])
                unit.put(ATTEMPTS, attrs.evolve(attempt, error="written by hand"))

            ill.app.units.outside(change)

        ill.shop.when_pushed = write
        report = ill.app.relay.run()

        assert (["W1"], 1, 1) == (told(well), report.delivered, report.dead)
        (dead,) = ill.app.relay.dead()
        assert "its outcome cannot be kept: ConflictError" == dead.error


class TestHanging:
    def test_a_shop_that_hangs_holds_up_nobody(self, two):
        """
        It is waited for no longer than the time limit, then it rests; another shop is
        served meanwhile, and the rest is sent when it answers again.
        """
        ill, well = two
        owe(ill, "I1", "I2")
        owe(well, "W1")
        answer = threading.Event()
        ill.shop.when_pushed = lambda _: answer.wait(20)
        ill.app.relay.run()

        assert ["W1"] == told(well)
        status = lane(ill)
        assert ("slow", 2, 0, 0) == (
            status.state,
            status.waiting,
            status.sending,
            status.dead,
        )
        assert ill.clock.now() + REST == status.next_at
        assert "TimedOutError: fake: no answer within 0.2 s" == status.error
        with nothing_moves(ill):
            ill.app.relay.run()
        answer.set()
        ill.clock.advance(timedelta(hours=1))
        ill.app.relay.run()

        assert ["I1", "I2"] == told(ill)
        first, *later = ill.shop.keys_pushed
        assert (2, 1) == (len(later), later.count(first))
        assert lane(ill) is None

    def test_one_that_hangs_while_it_is_made_has_sent_nothing(self, two, monkeypatch):
        """
        The time limit is also that of making a provider, of which nothing is sent; what
        it does when it wakes up at last is of no consequence.
        """
        ill, well = two
        owe(ill, "I1", "I2")
        owe(well, "W1")
        stores = ill.app.relay._stores
        make, woken, done = stores.platform_of, threading.Event(), threading.Event()

        def platform_of(store):
            if store.store_id == "shop":
                woken.wait(20)
                done.set()
            return make(store)

        monkeypatch.setattr(stores, "platform_of", platform_of)
        ill.app.relay.run()
        monkeypatch.undo()

        assert ["W1"] == told(well)
        assert ("slow", 2) == (lane(ill).state, lane(ill).waiting)
        attempts = [
            (attempt.state, attempt.sends)
            for message in ill.app.relay.waiting()
            if message.channel == "store"
            for attempt in ill.app.relay.attempts("demo", message.message_id)
        ]
        assert [("planned", 0)] * 2 == attempts
        with nothing_moves(ill):
            woken.set()
            assert done.wait(20)
        assert [] == told(ill)
        ill.clock.advance(timedelta(hours=1))
        ill.app.relay.run()
        assert ["I1", "I2"] == sorted(told(ill))

    def test_an_answer_that_comes_too_late_is_none(self, two):
        """
        A call that was given up may arrive after all: the attempt stays unknown, and is
        sent again with the same key.
        """
        ill, _ = two
        owe(ill, "I1")
        answer, answered = threading.Event(), threading.Event()

        def push(_):
            answer.wait(20)
            answered.set()

        ill.shop.when_pushed = push
        ill.app.relay.run()
        message = owed(ill)
        with nothing_moves(ill):
            answer.set()
            assert answered.wait(20)
        (attempt,) = ill.app.relay.attempts("demo", message.message_id)
        assert ("unknown", ["I1"]) == (attempt.state, told(ill))
        ill.clock.advance(timedelta(hours=1))
        ill.app.relay.run()

        assert ["I1"] == told(ill)
        assert [message.key] * 2 == ill.shop.keys_pushed
        (attempt,) = ill.app.relay.attempts("demo", message.message_id)
        assert ("succeeded", 2) == (attempt.state, attempt.sends)

    def test_nor_is_one_that_comes_while_others_are_told(self, two):
        """
        The same while the relay is still at work with another shop.
        """
        ill, well = two
        owe(ill, "I1")
        owe(well, *(f"W{number:02}" for number in range(20)))
        message = owed(ill)
        answer, answered = threading.Event(), threading.Event()

        def hang(_):
            answer.wait(20)
            answered.set()

        def state():
            (attempt,) = ill.app.relay.attempts("demo", message.message_id)
            return attempt.state

        def tell_slowly(_):
            time.sleep(0.05)
            if not answer.is_set() and state() == "unknown":  # it was given up
                answer.set()
                assert answered.wait(20)

        ill.shop.when_pushed, well.shop.when_pushed = hang, tell_slowly
        report = ill.app.relay.run()

        assert answered.is_set()
        assert (20, 1, 0) == (report.delivered, report.postponed, report.dead)
        assert "unknown" == state()
        assert 1 == len(ill.app.relay.sends("demo", message.message_id))

    def test_what_was_not_sent_is_as_it_was(self, two):
        """
        A message that goes back unsent has tried nothing, and no attempt says it did.
        """
        ill, _ = two
        owe(ill, "I1", "I2")
        answer = threading.Event()
        ill.shop.when_pushed = lambda _: answer.wait(20)
        ill.app.relay.run()
        answer.set()
        messages = {
            m.payload["tracking_number"]: m
            for m in ill.app.relay.waiting()
            if m.channel == "store"
        }

        tried, unsent = messages["I1"], messages["I2"]
        assert (1, 0) == (tried.attempts, unsent.attempts)
        states = {
            number: [
                (a.state, a.sends)
                for a in ill.app.relay.attempts("demo", message.message_id)
            ]
            for number, message in messages.items()
        }
        assert {"I1": [("unknown", 1)], "I2": [("planned", 0)]} == states
        assert () == ill.app.relay.sends("demo", unsent.message_id)


class TestCircuit:
    def test_three_failures_in_a_row_are_a_rest(self, two):
        """
        Then nothing is sent, also what is new, until one message was tried.
        """
        ill, well = two
        owe(ill, "I1", "I2", "I3", "I4")
        ill.shop.faults.extend([Fault.LOST_BEFORE] * 4)
        ill.app.relay.run()
        assert 3 == len(ill.shop.keys_pushed)
        assert ("down", ill.clock.now() + REST) == (lane(ill).state, lane(ill).next_at)
        owe(ill, "I5")
        owe(well, "W1")
        ill.app.relay.run()
        assert 3 == len(ill.shop.keys_pushed)
        assert ["W1"] == told(well)
        ill.clock.advance(REST)
        ill.app.relay.run()
        assert 4 == len(ill.shop.keys_pushed)
        assert ill.clock.now() + 2 * REST == lane(ill).next_at
        ill.clock.advance(timedelta(hours=1))
        ill.app.relay.run()

        assert ["I1", "I2", "I3", "I4", "I5"] == sorted(told(ill))
        assert lane(ill) is None

    def test_failures_of_several_runs_add_up(self, two):
        """
        A shop that fails once in each run is down after the third, and an answer
        between them begins the count anew.
        """
        ill, _ = two
        owe(ill, "I1")
        ill.shop.faults.extend([Fault.LOST_BEFORE] * 3)
        states = []
        for _ in range(3):
            ill.app.relay.run()
            states.append(lane(ill).state)
            ill.clock.advance(timedelta(hours=2))
        assert ["well", "well", "down"] == states
        ill.app.relay.run()
        assert lane(ill) is None
        owe(ill, "I2")
        ill.shop.faults.extend([Fault.LOST_BEFORE] * 2)
        ill.app.relay.run()
        ill.clock.advance(timedelta(hours=2))
        ill.app.relay.run()
        assert "well" == lane(ill).state
        ill.clock.advance(timedelta(hours=2))
        ill.app.relay.run()

        assert ["I1", "I2"] == told(ill)

    def test_a_shop_that_rests_says_so(self, two):
        """
        A shop that its seller paused, and why, stands beside what waits for it.
        """
        ill, _ = two
        owe(ill, "I1")
        ill.sh.seller("demo").stores.pause("shop", why="holidays")
        ill.app.relay.run()

        assert ("paused", "holidays", 1, 0) == (
            lane(ill).state,
            lane(ill).error,
            lane(ill).waiting,
            lane(ill).dead,
        )
        ill.sh.seller("demo").stores.disconnect("shop")
        ill.clock.advance(timedelta(days=1))
        ill.app.relay.run()
        assert ("disconnected", 1) == (lane(ill).state, lane(ill).dead)

    def test_a_rest_doubles_up_to_an_hour(self, two):
        """
        A shop that stays down is asked now and then.
        """
        ill, _ = two
        owe(ill, *(f"I{n}" for n in range(12)))
        ill.shop.faults.extend([Fault.LOST_BEFORE] * 12)
        rests = []
        while ill.shop.faults:
            ill.app.relay.run()
            rests.append(lane(ill).next_at - ill.clock.now())
            ill.clock.advance(rests[-1])

        assert [REST * 2**n for n in range(7)] == rests[:7]
        assert [LONGEST_REST] * 3 == rests[7:]

    @pytest.mark.parametrize("put_right", ["change", "resume", "connect", "resend"])
    def test_who_puts_it_right_is_not_kept_waiting(self, two, put_right):
        """
        A shop that rests is asked at once when somebody has seen to it.
        """
        ill, _ = two
        owe(ill, "I1", "I2", "I3", "I4")
        if put_right == "resend":
            ill.shop.faults.append(Fault.DECLINED)
        ill.shop.faults.extend([Fault.LOST_BEFORE] * 3)
        ill.app.relay.run()
        assert "down" == lane(ill).state
        stores = ill.sh.seller("demo").stores
        if put_right == "change":
            stores.change("shop", config={"shop": "shop"})
        elif put_right == "resume":
            stores.pause("shop", why="looking")
            stores.resume("shop")
        elif put_right == "connect":
            stores.disconnect("shop")
            facts = {"platform": "fake", "name": "Shop", "config": {"shop": "shop"}}
            stores.connect("shop", **facts)
        else:
            (dead,) = ill.app.relay.dead()
            ill.sh.staff("ann").relay.resend("demo", dead.message_id)
        ill.app.relay.run()

        assert ["I1", "I2", "I3", "I4"] == sorted(told(ill))

    def test_another_one_is_not_asked_for_that(self, two):
        """
        A shop that rests is left alone where somebody has seen to another; since when
        the first of what it is owed waits is told by the one as by the other status.
        """
        ill, well = two
        began = ill.clock.now()
        owe(ill, "I1", "I2", "I3")
        owe(well, "W1")
        for bench in two:
            bench.shop.faults.extend([Fault.LOST_BEFORE] * 3)
        ill.app.relay.run()
        before = owed(well).next_at
        assert before > ill.clock.now()

        stores = ill.sh.seller("demo").stores
        stores.pause("shop", why="looking")
        stores.resume("shop")

        assert before == owed(well).next_at
        assert {ill.clock.now()} == {
            m.next_at for m in ill.app.relay.waiting() if m.connection == "demo/shop"
        }
        assert began == lane(ill).oldest
        assert ill.app.relay.status() == ill.app.relay.load()
        ill.app.relay.run()
        ill.clock.advance(LONGEST_REST)
        ill.app.relay.run()

    def test_a_refusal_is_an_answer(self, two):
        """
        A shop that declines parcels is well.
        """
        ill, _ = two
        owe(ill, "I1", "I2", "I3", "I4")
        ill.shop.faults.extend([Fault.DECLINED] * 3)
        ill.app.relay.run()

        assert ["I4"] == told(ill)
        assert ("well", 3) == (lane(ill).state, lane(ill).dead)

    def test_a_shop_that_throttles_is_asked_nothing_else(self, two):
        """
        What it was not asked yet waits as long as it said.
        """
        ill, _ = two
        owe(ill, "I1", "I2")

        def throttle(_):
            raise throttled(timedelta(minutes=5))

        ill.shop.when_pushed = throttle
        ill.app.relay.run()

        assert 1 == len(ill.shop.keys_pushed)
        assert ("throttled", ill.clock.now() + timedelta(minutes=5)) == (
            lane(ill).state,
            lane(ill).next_at,
        )


class TestUnknown:
    def test_it_stays_unknown_while_the_shop_throttles(self, two):
        """
        "Come back later" says nothing about the call before it.
        """
        ill, _ = two
        owe(ill, "I1")
        ill.shop.faults.extend([Fault.LOST_AFTER, Fault.THROTTLED])
        ill.app.relay.run()
        ill.clock.advance(timedelta(days=1))
        ill.app.relay.run()

        message = owed(ill)
        (attempt,) = ill.app.relay.attempts("demo", message.message_id)
        assert ("unknown", 2) == (attempt.state, attempt.sends)
        sends = ill.app.relay.sends("demo", message.message_id)
        assert [(1, "unknown"), (2, "unknown")] == [(s.send, s.state) for s in sends]

    @pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.LOST_BEFORE])
    def test_it_is_looked_up_before_it_is_sent_again(self, two, fault):
        """
        A shop that can be asked for a key is asked; only what it does not know is sent.
        """
        ill, _ = two
        owe(ill, "I1")
        ill.shop.faults.append(fault)
        asked = []

        def find(notice):
            asked.append(notice.idempotency_key)
            known = notice.idempotency_key in ill.shop.fulfilments
            return "found" if known else None

        ill.shop.find_push = find
        ill.app.relay.run()
        key = owed(ill).key
        message_id = owed(ill).message_id
        ill.clock.advance(timedelta(days=1))
        ill.app.relay.run()

        assert [key] == asked
        assert ["I1"] == told(ill)
        (attempt,) = ill.app.relay.attempts("demo", message_id)
        if fault is Fault.LOST_AFTER:
            assert ("found", [key]) == (attempt.reference, ill.shop.keys_pushed)
        else:
            assert [key, key] == ill.shop.keys_pushed
            assert f"ref:{key}" == attempt.reference


class TestTogether:
    def test_what_is_looked_up_goes_alone(self, two):
        """
        A shop that takes many at a time gets them in one call; one whose outcome nobody
        knows is looked up by itself, and none is forgotten.
        """
        ill, _ = two
        calls = []

        def push_many(fulfilments):
            calls.append([f.tracking_number for f in fulfilments])
            return [ill.shop.push_fulfilment(f) for f in fulfilments]

        ill.shop.push_fulfilments = push_many
        ill.shop.find_push = lambda notice: f"found:{notice.tracking_number}"
        owe(ill, "I1")
        ill.shop.faults.append(Fault.LOST_AFTER)
        ill.app.relay.run()
        unknown = owed(ill)
        owe(ill, "I2", "I3")
        ill.clock.advance(timedelta(days=1))
        report = ill.app.relay.run()

        assert [["I1"], ["I2", "I3"]] == [sorted(call) for call in calls]
        assert (["I1", "I2", "I3"], 3) == (sorted(told(ill)), report.delivered)
        (attempt,) = ill.app.relay.attempts("demo", unknown.message_id)
        assert "found:I1" == attempt.reference

    def test_each_has_its_own_answer(self, two):
        """
        Of many told together one may be declined, and one be unknown.
        """
        ill, _ = two
        refused = DeclinedError(provider="fake", detail="no")
        lost = UnknownOutcomeError(provider="fake", detail="\ud800")
        ill.shop.push_fulfilments = lambda _: ["ref", refused, lost]
        owe(ill, "I1", "I2", "I3")
        report = ill.app.relay.run()

        assert (1, 1, 1) == (report.delivered, report.postponed, report.dead)
        assert "DeclinedError: fake: no" == ill.app.relay.dead()[0].error


class TestJobs:
    def test_one_that_fails_fails_alone(self, two, monkeypatch):
        """
        Jobs that are done together are done one by one if they fail.
        """
        ill, _ = two
        owe(ill, "I1", "I2")
        bad, _ = sorted(
            (m for m in ill.app.relay.waiting() if m.connection),
            key=lambda m: m.written_at,
        )
        jobs = ill.app.relay._jobs
        do, sizes = jobs.do, []

        def broken(batch):
            if batch[0].kind == "follow_push":
                sizes.append(len(batch))
                if bad.lane in [message.lane for message in batch]:
                    raise KeyError
            do(batch)

        monkeypatch.setattr(jobs, "do", broken)
        ill.shop.faults.extend([Fault.DECLINED] * 2)
        ill.app.relay.run()

        assert [2, 1, 1] == sizes
        (job,) = [m for m in ill.app.relay.waiting() if not m.connection]
        assert (bad.lane, "KeyError: ") == (job.lane, job.error)
        monkeypatch.undo()
        ill.clock.advance(timedelta(days=1))
        ill.app.relay.run()
        assert () == ill.app.relay.waiting()


class TestNoThreadIsLeft:
    @pytest.mark.parametrize("is_slow", [False, True])
    def test_what_was_not_sent_goes_back_and_the_others_go_on(
        self, two, monkeypatch, is_slow
    ):
        """
        At the first message, or when a call hangs and another thread is to go on.
        """
        ill, well = two
        start, refused = lanes.start_thread, []

        def refuse(run, *, name):
            if name == "lane demo/shop" and (not is_slow or hangs.is_set()):
                refused.append(name)
                msg = "can't start new thread"
                raise RuntimeError(msg)
            start(run, name=name)

        def hang(_notice):
            hangs.set()
            goes_on.wait(20)

        hangs, goes_on = threading.Event(), threading.Event()
        if is_slow:
            ill.shop.when_pushed = hang
        monkeypatch.setattr(lanes, "start_thread", refuse)
        owe(ill, "A1", "A2")
        owe(well, "B1")
        ill.app.relay.run()
        assert ["lane demo/shop"] == refused
        assert ["B1"] == told(well)
        assert () == tuple(ill.sh.relay.dead())

        monkeypatch.setattr(lanes, "start_thread", start)
        ill.shop.when_pushed = None
        goes_on.set()
        ill.clock.advance(timedelta(hours=1))
        ill.app.relay.run()
        assert ["A1", "A2"] == sorted(told(ill))
