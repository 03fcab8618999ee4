"""
What we owe the shop: delivered once effectively, in order, or visibly not.
"""

from datetime import timedelta

import attrs
import pytest

import sourcehere
from sourcehere import NewConnection
from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.domain.orders.tabs import Tab
from sourcehere.plugins import hookimpl
from sourcehere.services.base.settings import Settings
from sourcehere.testing.factories import (
    RETRY_AFTER,
    SELLER,
    STAFF,
    Fault,
    nothing_moves,
    open_bench,
    snapshot,
)
from sourcehere.testing.rows import dump
from sourcehere.unit.tables.effects import OUTBOX, OUTBOX_BY_STATE
from sourcehere.unit.tables.orders import TAB_DELTAS

LONG = timedelta(days=1)  # longer than any pause between tries


def numbers(bench):
    """
    Return the tracking numbers the shop's customers see, in the order they came.
    """
    return [f.tracking_number for f in bench.shop.fulfilments.values()]


def attempts(bench, state="waiting"):
    """
    Return the attempts of the one message in *state*: (number, state, sends).
    """
    owed = bench.app.relay.dead() if state == "dead" else bench.app.relay.waiting()
    (message,) = [m for m in owed if m.channel == "store"]
    return [
        (a.number, a.state, a.sends)
        for a in bench.app.relay.attempts("demo", message.message_id)
    ]


def sending(bench):
    """
    Return the messages that some worker has in hand.
    """
    return bench.app.units.outside(
        lambda unit: list(unit.each(OUTBOX_BY_STATE, "sending")), read_only=True
    )


@pytest.fixture
def owing(paired):
    """
    A bench that owes its shop one push.
    """
    paired.ship(paired.accepted(CUP=2), "T1")
    return paired


class TestUnknown:
    @pytest.mark.parametrize(
        "fault",
        [Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.NONSENSE, Fault.EMPTY],
    )
    def test_it_is_sent_again_with_the_same_key(self, owing, fault):
        """
        Whether or not the shop took it, the same key makes it one fulfilment.
        """
        owing.shop.faults.append(fault)
        assert 1 == owing.app.relay.run().postponed
        assert [(1, "unknown", 1)] == attempts(owing)
        owing.clock.advance(LONG)
        owing.app.relay.run()

        assert ["T1"] == numbers(owing)
        first, second = owing.shop.keys_pushed
        assert first == second
        assert () == owing.app.relay.waiting()

    def test_it_waits_before_it_tries_again(self, owing):
        """
        Nothing is sent again before its pause is over.
        """
        owing.shop.faults.append(Fault.LOST_BEFORE)
        owing.app.relay.run()
        with nothing_moves(owing):
            owing.app.relay.run()

        assert 1 == len(owing.shop.keys_pushed)

    def test_after_the_last_try_it_is_dead_and_visible(self, owing):
        """
        A push nobody ever answered stops after eight tries, and is listed.
        """
        owing.shop.faults.extend([Fault.LOST_BEFORE] * 8)
        for _ in range(8):
            owing.app.relay.run()
            owing.clock.advance(LONG)

        (message,) = owing.app.relay.dead()
        assert (8, "UnknownOutcomeError: fake: timed out") == (
            message.attempts,
            message.error,
        )
        assert [(1, "unknown", 8)] == attempts(owing, "dead")
        owing.app.relay.resend("demo", message.message_id, by=STAFF)
        owing.app.relay.run()
        assert ["T1"] == numbers(owing)

    def test_a_key_stands_for_what_it_was_first_sent_with(self, owing):
        """
        A number corrected while the old one is being sent goes under the next key.
        """
        (message,) = [m for m in owing.app.relay.waiting() if m.channel == "store"]
        parcel_id = message.subject

        def correct(_):
            owing.shop.when_pushed = None
            owing.app.shipping.correct_tracking(
                "demo",
                message.lane,
                parcel_id,
                carrier="post",
                tracking_number="T9",
                by=STAFF,
            )

        owing.shop.when_pushed = correct
        owing.shop.faults.append(Fault.LOST_BEFORE)
        owing.app.relay.run()
        owing.clock.advance(LONG)
        owing.app.relay.run()

        told = owing.shop.fulfilments
        assert {message.key: "T1", f"{message.key[:-1]}1": "T9"} == {
            key: notice.tracking_number for key, notice in told.items()
        }


class TestDeclined:
    def test_a_definite_no_is_dead_at_once(self, owing):
        """
        What the shop declines is not tried again by itself, and says why.
        """
        owing.shop.faults.append(Fault.DECLINED)
        assert 1 == owing.app.relay.run().dead

        (message,) = owing.app.relay.dead()
        assert "DeclinedError: fake: no such order" == message.error
        assert [(1, "declined", 1)] == attempts(owing, "dead")

    def test_it_parks_its_order_only(self, owing):
        """
        A dead push stops later pushes of its order, and of no other.
        """
        split = owing.accepted("2", CUP=2)
        owing.ship(split, "T2", i1_1=1)
        owing.shop.faults.extend([Fault.DECLINED, Fault.DECLINED])
        owing.app.relay.run()
        owing.ship(split, "T3")
        other = owing.accepted("3", CUP=1)
        owing.ship(other, "T4")
        owing.app.relay.run()

        assert ["T4"] == numbers(owing)
        assert ["T1", "T2"] == sorted(
            owing.app.tracking.parcels("demo", m.lane)[0].tracking_number
            for m in owing.app.relay.dead()
        )

    def test_resent_it_is_a_new_attempt(self, owing):
        """
        A dead push sent again by a person is tried afresh and unparks its order.
        """
        owing.shop.faults.append(Fault.DECLINED)
        owing.app.relay.run()
        (message,) = owing.app.relay.dead()
        owing.app.relay.resend("demo", message.message_id, by=STAFF)
        owing.app.relay.run()

        assert ["T1"] == numbers(owing)
        found = owing.app.relay.attempts("demo", message.message_id)
        assert [(1, "declined"), (2, "succeeded")] == [
            (a.number, a.state) for a in found
        ]

    def test_a_definite_no_uses_its_key_up(self, owing):
        """
        Sent again it has a new key: the shop may answer the old one with "no" for ever.
        """
        owing.shop.faults.extend([Fault.DECLINED, Fault.LOST_BEFORE])
        owing.app.relay.run()
        (message,) = owing.app.relay.dead()
        owing.app.relay.resend("demo", message.message_id, by=STAFF)
        owing.app.relay.run()
        owing.clock.advance(LONG)
        owing.app.relay.run()

        first, second, third = owing.shop.keys_pushed
        assert (message.key, f"{message.key}:2") == (first, second)
        assert second == third
        assert ["T1"] == numbers(owing)

    def test_only_the_dead_are_resent(self, owing):
        """
        A message that still waits is not resent by hand.
        """
        (message,) = [m for m in owing.app.relay.waiting() if m.channel == "store"]

        with nothing_moves(owing), pytest.raises(InvalidInputError) as ei:
            owing.app.relay.resend("demo", message.message_id, by=STAFF)
        assert ("message", "waiting") == (ei.value.field, ei.value.value)


class TestThrottled:
    def test_it_comes_back_when_told(self, owing):
        """
        A shop that asks for patience is asked again after exactly that long.
        """
        owing.shop.faults.append(Fault.THROTTLED)
        owing.app.relay.run()
        assert [(1, "planned", 1)] == attempts(owing)
        owing.clock.advance(RETRY_AFTER - timedelta(microseconds=1))
        owing.app.relay.run()
        assert [] == numbers(owing)
        owing.clock.advance(timedelta(microseconds=1))
        owing.app.relay.run()

        assert ["T1"] == numbers(owing)

    def test_what_else_it_is_owed_is_not_even_claimed(self, owing):
        """
        Nobody takes it in hand, to give it back, as long as its connection rests.
        """
        owing.shop.faults.append(Fault.THROTTLED)
        owing.app.relay.run()
        owing.ship(owing.accepted("2", CUP=2), "T2")
        owing.app.relay.run()

        owed = [m for m in owing.app.relay.waiting() if m.channel == "store"]
        assert [0, 1] == sorted(message.epoch for message in owed)

        owing.clock.advance(RETRY_AFTER)
        owing.app.relay.run()
        assert ["T1", "T2"] == sorted(numbers(owing))

    def test_patience_is_no_try(self, owing):
        """
        However often a shop asks for patience, the push waits and is never given up.
        """
        owing.shop.faults.extend([Fault.THROTTLED] * 20)
        for _ in range(20):
            owing.app.relay.run()
            owing.clock.advance(RETRY_AFTER)

        assert () == owing.app.relay.dead()
        (message,) = [m for m in owing.app.relay.waiting() if m.channel == "store"]
        assert (0, "ThrottledError: fake: slow down") == (
            message.attempts,
            message.error.split(";")[0],
        )
        owing.app.relay.run()
        assert ["T1"] == numbers(owing)
        assert 1 == len(set(owing.shop.keys_pushed))

    def test_refused_credentials_lose_no_push(self, owing):
        """
        The shop rests until its seller has put the token right.
        """
        owing.shop.faults.append(Fault.UNAUTHORIZED)
        owing.app.relay.run()
        owing.sh.seller("demo").stores.resume("shop")
        owing.clock.advance(LONG)
        owing.app.relay.run()

        assert ["T1"] == numbers(owing)


class TestOrder:
    def test_pushes_of_an_order_keep_their_order(self, paired):
        """
        A later parcel waits for an earlier one of its order.
        """
        order_id = paired.accepted(CUP=3)
        for number in ("T1", "T2", "T3"):
            paired.ship(order_id, number, i1_1=1)
        paired.shop.faults.append(Fault.LOST_BEFORE)
        paired.app.relay.run()
        assert [] == numbers(paired)
        paired.clock.advance(LONG)
        paired.app.relay.run()

        assert ["T1", "T2", "T3"] == numbers(paired)

    def test_a_shop_that_is_gone_loses_nothing(self, owing):
        """
        A provider that cannot be made postpones its pushes.
        """
        bare = sourcehere.open(
            storage=owing.app.storage, clock=owing.clock, load_entry_points=False
        )
        assert 1 == bare.relay.run().postponed
        owing.clock.advance(LONG)
        owing.app.relay.run()

        assert ["T1"] == numbers(owing)


class TestSleptWorkers:
    def test_a_worker_whose_message_was_done_writes_nothing(self, owing):
        """
        A worker that slept past its lease leaves the outcome of its successor alone.
        """

        def sleep(_):
            owing.shop.when_pushed = None
            owing.clock.advance(owing.app.settings.lease)
            assert 1 == owing.app.relay.recover()
            owing.app.relay.run(worker="b")
            assert ["T1"] == numbers(owing)
            owing.shop.when_pushed = None

        owing.shop.faults.append(Fault.LOST_AFTER)
        owing.shop.when_pushed = sleep
        report = owing.app.relay.run(worker="a")

        assert (0, 0) == (report.postponed, report.dead)
        assert ["T1"] == numbers(owing)
        assert () == owing.app.relay.waiting()

    def test_a_worker_whose_message_was_taken_back_writes_nothing(self, owing):
        """
        Once its message waits again, a worker that slept has no say in it.
        """

        def sleep(_):
            owing.shop.when_pushed = None
            owing.clock.advance(owing.app.settings.lease)
            assert 1 == owing.app.relay.recover()

        owing.shop.faults.append(Fault.DECLINED)
        owing.shop.when_pushed = sleep
        owing.app.relay.run(worker="a")

        assert () == owing.app.relay.dead()
        assert ["T1"] == numbers(owing)

    def test_a_lease_that_holds_is_left_alone(self, owing):
        """
        What a living worker is sending is not taken from it.
        """
        seen = []

        def look(_):
            seen.append(owing.app.relay.recover())

        owing.shop.when_pushed = look
        owing.app.relay.run()

        assert [0] == seen
        assert ["T1"] == numbers(owing)

    @staticmethod
    def dies(owing, monkeypatch):
        """
        Let worker a die while it sends.
        """

        class DiedError(BaseException):
            """
            The process is gone: it writes nothing any more.
            """

        def die(_):
            owing.shop.when_pushed = None
            monkeypatch.setattr(owing.app.storage, "transact", gone)

        def gone(*_args, **_options):
            raise DiedError

        owing.shop.when_pushed = die
        with pytest.raises(DiedError):
            owing.app.relay.run(worker="a")
        monkeypatch.undo()

    def test_what_a_dead_worker_left_is_sent_by_the_next_run(self, owing, monkeypatch):
        """
        Nobody has to ask for it: once the lease is over, with the same key.
        """
        self.dies(owing, monkeypatch)
        owing.app.relay.run(worker="b")
        (message,) = [m for m in sending(owing) if m.channel == "store"]
        assert "a" == message.worker  # its lease is not over

        owing.clock.advance(owing.app.settings.lease)
        owing.app.relay.run(worker="b")

        assert [] == sending(owing)
        assert ["T1"] == numbers(owing)
        (attempt,) = owing.app.relay.attempts("demo", message.message_id)
        assert (1, "succeeded", 2) == (attempt.number, attempt.state, attempt.sends)

    def test_what_is_taken_back_is_claimed_within_the_limit(self, owing, monkeypatch):
        """
        Together with what else is due, never more at a time than was asked for.
        """
        self.dies(owing, monkeypatch)
        owing.ship(owing.accepted("2", CUP=2), "T2")
        owing.clock.advance(owing.app.settings.lease)
        claimed = []

        owing.app.relay.run(worker="b", limit=1, progress=claimed.append)

        assert {1} == set(claimed)
        assert ["T1", "T2"] == sorted(numbers(owing))

    def test_a_worker_that_died_is_followed_by_its_own_name(self, owing, monkeypatch):
        """
        A worker that starts again takes back what it was sending, lease or not.
        """
        self.dies(owing, monkeypatch)
        assert 0 == owing.app.relay.recover()
        # A job of its own may have been in its hands as well.
        assert owing.app.relay.recover(worker="a") in (1, 2)
        assert [(1, "unknown", 1)] == attempts(owing)
        with nothing_moves(owing):
            assert 0 == owing.app.relay.recover(worker="a")
        owing.app.relay.run()

        assert ["T1"] == numbers(owing)


class TestJobs:
    def test_counts_survive_folding(self):
        """
        Tab counts are the same before and after their deltas are folded, also where
        orders went from one tab to another.
        """
        bench = open_bench(settings=Settings(chunk=1), connected=["CUP"])
        for number in range(300):
            bench.shop.put(snapshot(str(number), CUP=1))
        bench.app.stores.sync("demo", "shop")
        for order in bench.app.orders.page("demo", limit=100).orders:
            bench.app.orders.cancel("demo", [order.order_id], by=SELLER)
        before = bench.app.orders.counts("demo")
        rows = len(dump(bench.app.storage, [TAB_DELTAS.table])["tab_delta"])
        bench.app.relay.run()

        assert before == bench.app.orders.counts("demo")
        assert (300, 200) == (before[Tab.ALL], before[Tab.AWAITING_PAYMENT])
        assert rows > len(dump(bench.app.storage, [TAB_DELTAS.table])["tab_delta"])
        assert () == bench.app.audit.run(replay=True).violations

    def test_orders_are_tried_by_the_hundred(self, bench):
        """
        A connection recognizes however many orders wait for it.
        """
        orders = [snapshot(str(number), CUP=1) for number in range(250)]
        bench.sync(*orders)
        new = NewConnection(store_id="shop", listing="CUP", rules=(bench.rule("CUP"),))
        bench.app.pairing.connect("demo", new, by=SELLER)
        bench.app.relay.run()

        assert {"awaiting_payment"} == {
            o.state for o in bench.app.orders.page("demo", limit=500).orders
        }


class Nothing:
    """
    Listens, and makes nothing of it.
    """

    @hookimpl
    def sourcehere_event(self, event):
        pass


class TestPluginMessages:
    def test_one_nobody_can_read_is_dead_and_holds_up_nobody(self, storage):
        """
        A message of a kind that this release does not know, or about an event that is
        gone, is tried again and then dead with its reason; others are delivered.
        """
        bench = open_bench(storage=storage, plugins=[Nothing()])
        bench.sync(snapshot("1", SOCK=1))
        waiting = bench.app.relay.waiting()
        (told,) = [m for m in waiting if m.kind == "tell_plugin"]
        strange = {"kind": "sing_to_plugin", "lane": "a", "message_id": "a"}
        gone = {"lane": "nobody", "message_id": "b", "key": "nobody:1"}
        rows = [OUTBOX.to_row(attrs.evolve(told, **s)) for s in (strange, gone)]
        bench.app.storage.transact(
            lambda session: session.insert(OUTBOX.table, rows), read_only=False
        )
        report = bench.app.relay.run()
        for _ in range(8):
            bench.clock.advance(timedelta(days=1))
            bench.app.relay.run()

        assert (1, 2, 0) == (report.delivered, report.postponed, report.dead)
        assert {
            "a": "AssertionError: plugins are not told 'sing_to_plugin'",
            "b": "NotFoundError: no event 'nobody:1'",
        } == {m.message_id: m.error for m in bench.app.relay.dead()}
