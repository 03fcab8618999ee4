"""
What a worker has in hand is sent by nobody else, and by itself only while it may.
"""

import threading
import time
from datetime import timedelta

import pytest

from sourcehere.domain.effects.model import Send
from sourcehere.ports.context import NoLogger
from sourcehere.services.base.settings import Settings
from sourcehere.services.outside.claiming import InHand, claim
from sourcehere.testing.factories import open_bench
from sourcehere.testing.storage_base import keep, kept
from sourcehere.unit.tables.effects import SENDS

LEASE = timedelta(minutes=5)
WITHIN = timedelta(seconds=30)


@pytest.fixture
def held(paired):
    """
    A bench, what one worker has in hand of it, and the one message in it.
    """
    paired.ship(paired.accepted(CUP=2), "T1")
    hand = InHand(
        paired.app.storage, paired.clock, lease=LEASE, within=WITHIN, log=NoLogger()
    )

    def work(unit):
        return claim(unit, "a", lease=LEASE, limit=10, busy=()).messages

    messages = paired.app.units.outside(work)
    with hand:
        hand.add(messages)
        yield paired, hand, next(m for m in messages if m.channel == "store")
    paired.app.relay.recover(worker="a")


def test_a_lease_has_to_last_for_a_call(held):
    """
    A message is not sent when its lease may end before the answer comes.
    """
    bench, hand, message = held
    bench.clock.advance(LEASE - WITHIN)
    assert hand.has_lease(message)
    bench.clock.advance(timedelta(microseconds=1))
    assert not hand.has_lease(message)


def test_renewed_in_time_it_is_taken_by_nobody(held):
    """
    A worker that lives keeps its messages for however long they take.
    """
    bench, hand, message = held
    for _ in range(3):
        bench.clock.advance(LEASE - timedelta(seconds=1))
        hand.renew()
        assert hand.has_lease(message)
        assert 0 == bench.app.relay.recover()


def test_what_was_taken_back_is_not_held(held):
    """
    A worker that slept past its lease finds that its messages are not its own.
    """
    bench, hand, message = held
    bench.clock.advance(LEASE)
    assert bench.app.relay.recover() >= 1
    hand.renew()
    assert not hand.has_lease(message)
    bench.app.relay.run(worker="b")
    hand.renew()
    assert [] == [m for m in bench.app.relay.waiting() if m.channel == "store"]


def test_what_has_ended_is_not_renewed(held):
    """
    A lease is no way back: what is done stays done.
    """
    bench, hand, message = held
    hand.end([message], lambda: None)
    assert not hand.has_lease(message)
    bench.clock.advance(LEASE)
    hand.renew()
    assert bench.app.relay.recover() == 1


def test_a_call_that_is_on_record_already_is_kept_once(paired):
    """
    What became of its message is kept all the same.
    """
    paired.ship(paired.accepted(CUP=2), "T1")
    (message,) = [m for m in paired.app.relay.waiting() if m.channel == "store"]
    sent = Send(
        seller_id=message.seller_id,
        message_id=message.message_id,
        number=1,
        send=1,
        key=message.key,
        connection=message.connection,
        worker="a",
        sent_at=paired.clock.now(),
        took=0,
        state="succeeded",
        answer="before",
    )
    row = SENDS.to_row(sent)
    paired.shop.when_pushed = lambda _: keep(paired.app.storage, SENDS.table, [row])

    assert 1 == paired.app.relay.run().delivered

    assert [row] == kept(paired.app.storage, SENDS.table)
    (told,) = paired.shop.fulfilments.values()
    assert "T1" == told.tracking_number
    assert [] == [m for m in paired.app.relay.waiting() if m.channel == "store"]


@pytest.mark.parametrize("new_storage", ["sqlite", "postgresql"], indirect=True)
def test_two_workers_tell_a_slow_shop_each_parcel_once(storage):
    """
    A shop that takes longer for all its parcels than a lease lasts is told each of them
    once, and each answer is kept.
    """
    settings = Settings(lease=timedelta(seconds=2), push_within=timedelta(seconds=1))
    bench = open_bench(storage=storage, settings=settings)
    bench.connect(bench.rule("CUP"))
    for number in range(12):
        bench.ship(bench.accepted(str(number), CUP=1), f"T{number}")
    pushed, lock = [], threading.Lock()

    def slow(notice):
        with lock:
            pushed.append(notice.tracking_number)
        time.sleep(0.25)

    bench.shop.when_pushed = slow
    over = threading.Event()

    def tick():
        while not over.wait(0.05):
            bench.clock.advance(timedelta(seconds=0.05))

    threads = [
        threading.Thread(target=bench.app.relay.run, kwargs={"worker": name})
        for name in ("a", "b")
    ]
    ticking = threading.Thread(target=tick)
    for thread in (ticking, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    over.set()
    ticking.join()

    assert sorted(f"T{number}" for number in range(12)) == sorted(pushed)
    assert 12 == len(bench.shop.fulfilments)
    assert () == bench.app.relay.status()
    assert () == bench.app.audit.run(replay=True).violations
