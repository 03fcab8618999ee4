"""
A worker does what waits until it is stopped, whatever fails meanwhile.
"""

import re
import threading
from datetime import timedelta

import pytest

from sourcehere import InvalidInputError, WorkerStep
from sourcehere.app import compose
from sourcehere.domain.kernel.clock import measured_by
from sourcehere.face.core import SourceHere
from sourcehere.ports.errors import ThrottledError
from sourcehere.ports.storage import StorageUnavailableError
from sourcehere.services.base.threads import without_threads
from sourcehere.services.outside.running import Run
from sourcehere.testing.factories import (
    NOON,
    FakePlatforms,
    ManualClock,
    open_bench,
    snapshot,
)

SOON = timedelta(milliseconds=20)


@pytest.fixture
def bench(storage):
    """
    A bench whose shop is owed two parcels; clean when the test ends.
    """
    made = open_bench(storage=storage, connected=["CUP"])
    for number in ("T1", "T2"):
        made.ship(made.accepted(number, CUP=1), number)
    yield made
    assert () == made.app.audit.run(replay=True).violations


def told(bench):
    return sorted(f.tracking_number for f in bench.shop.fulfilments.values())


def run_until(worker, is_done):
    """
    Let *worker* run in a thread until *is_done*, and return what it did.
    """
    beats = []
    thread = threading.Thread(target=lambda: beats.append(worker.run()))
    thread.start()
    while thread.is_alive() and not is_done():
        thread.join(0.01)
    worker.stop()
    thread.join()
    (beat,) = beats
    return beat


def test_it_does_all_that_waits(bench):
    """
    It reads the shop that is due, delivers, and says that it lives.
    """
    seller = bench.sh.seller("demo")
    seller.stores.change("shop", pull_every_s=3600)
    bench.clock.advance(timedelta(hours=1))
    bench.shop.put(snapshot("new", CUP=1))
    beat = bench.sh.worker(name="w1").round()

    assert ["T1", "T2"] == told(bench)
    assert 1 == len(seller.orders.find_external("shop", ["new"])["new"])
    assert (1, 0, 1, 0, 0) == (
        beat.read,
        beat.unread,
        beat.rounds,
        beat.dead,
        beat.failed,
    )
    assert beat.delivered >= 2
    assert (beat,) == bench.sh.relay.workers()
    assert ("w1", NOON + timedelta(hours=1), None) == (
        beat.worker,
        beat.seen_at,
        beat.stopped_at,
    )


def test_it_goes_on_until_it_is_stopped(bench):
    """
    Round follows round; the last sign of life says that it ended in good order.
    """
    worker = bench.sh.worker(name="w1", every=SOON)
    beat = run_until(worker, lambda: worker.beat.rounds >= 3)

    assert beat.rounds >= 3
    assert bench.clock.now() == beat.stopped_at
    assert (beat,) == bench.sh.relay.workers()


def test_a_database_that_is_away_is_waited_for(bench, monkeypatch, caplog):
    """
    The worker says so, with what the database says is wrong, and goes on when it
    answers again.
    """
    caplog.set_level("INFO", logger="sourcehere.outside")
    storage, calls = bench.app.storage, []
    real = storage.transact

    def transact(work, *, read_only):
        calls.append(1)
        if len(calls) <= 3:
            raise StorageUnavailableError(url="x", cause="gone")
        return real(work, read_only=read_only)

    monkeypatch.setattr(storage, "transact", transact)
    worker = bench.sh.worker(name="w1", every=SOON)
    beat = run_until(worker, lambda: worker.beat.rounds)
    monkeypatch.undo()

    assert ["T1", "T2"] == told(bench)
    assert (3, "StorageUnavailableError") == (beat.failed, beat.error)
    assert 3 == bench.sh.counters["outside.worker.recover.failed"]
    waits = "waiting for the database: step=recover error=StorageUnavailableError: "
    again = "the database answers again: worker=w1"
    lines = [line for line in caplog.messages if "the database" in line]
    assert [f"{waits}storage x: gone"] * 3 + [again] == lines


def test_workers_that_nobody_saw_for_a_week_are_forgotten(bench):
    """
    Those that were killed and those that were stopped; one that is back is not.
    """
    killed, stopped, back = (bench.sh.worker(name=name) for name in ("k", "s", "b"))
    killed.round()
    stopped.round()
    stopped.end()
    back.round()
    bench.clock.advance(timedelta(days=7))
    back.round()
    kept = [beat.worker for beat in bench.sh.relay.workers()]
    bench.clock.advance(timedelta(seconds=1))
    bench.sh.clocks.forget()

    assert ["b", "k", "s"] == kept
    assert ["b"] == [beat.worker for beat in bench.sh.relay.workers()]
    assert 2 == back.beat.rounds


def test_a_clock_that_is_ahead_is_told_once(bench, caplog):
    """
    The worker that is behind names the other one; who is as late as a write can be is
    not meant.
    """
    bench.sh.worker(name="slow").round()
    bench.clock.advance(timedelta(seconds=30))
    bench.sh.worker(name="near").round()
    bench.clock.advance(timedelta(minutes=5))
    bench.sh.worker(name="far").round()
    behind = compose(
        storage=bench.app.storage, clock=ManualClock(NOON), plugins=[FakePlatforms()]
    )
    worker = SourceHere(behind).worker(name="behind")
    worker.round()
    worker.round()

    words = "set the clocks of all machines alike: worker=far is 330 s ahead of"
    (line,) = [line for line in caplog.messages if "clocks" in line]
    assert line.startswith(f"{words} worker=behind; ")


def test_a_step_that_fails_stops_no_other(bench, monkeypatch, caplog):
    """
    Whatever a step meets, the others go on; the log says where that was, and not what
    anybody wrote.
    """

    written = "Ann Smith, 1 Main Street"

    def fail(**_):
        raise KeyError(written)

    monkeypatch.setattr(bench.app.pulling, "pull", fail)
    worker = bench.sh.worker(name="w1", every=SOON)
    beat = run_until(worker, lambda: worker.beat.rounds)

    assert ["T1", "T2"] == told(bench)
    assert "KeyError" == beat.error
    assert beat.failed >= 1
    (line, *_) = [said for said in caplog.messages if "a step failed" in said]
    where = rf"{__name__}:\d+ < sourcehere\.face\.working:\d+ < .*"
    assert re.fullmatch(rf"a step failed: step=pull error=KeyError at={where}", line)
    assert written not in caplog.text


def test_told_to_stop_it_gives_back_what_it_did_not_send(bench):
    """
    The call in hand ends and its answer is kept; the rest waits for another worker.
    """
    worker = bench.sh.worker(name="w1", every=SOON)
    bench.shop.when_pushed = lambda _: worker.stop()
    beat = run_until(worker, lambda: False)

    assert 1 == len(told(bench))
    (waiting,) = [m for m in bench.app.relay.waiting() if m.connection]
    assert (0, bench.clock.now()) == (waiting.attempts, waiting.next_at)
    (attempt,) = bench.app.relay.attempts("demo", waiting.message_id)
    assert ("planned", 0) == (attempt.state, attempt.sends)
    assert beat.stopped_at is not None
    bench.shop.when_pushed = None
    bench.sh.worker(name="w2").round()
    assert ["T1", "T2"] == told(bench)


def test_what_a_dead_one_of_its_name_left_is_taken_back(bench, monkeypatch):
    """
    A worker that starts again does not wait for its own leases.
    """

    class DiedError(BaseException):
        """
        The process is gone.
        """

    def gone(*_args, **_options):
        raise DiedError

    bench.shop.when_pushed = lambda _: monkeypatch.setattr(
        bench.app.storage, "transact", gone
    )
    with pytest.raises(DiedError):
        bench.sh.worker(name="w1").round()
    monkeypatch.undo()
    bench.shop.when_pushed = None
    bench.sh.worker(name="w1").round()

    assert ["T1", "T2"] == told(bench)
    assert () == bench.app.relay.waiting()


def test_a_slow_shop_leaves_time_for_the_rest_of_a_round(bench):
    """
    A round ends though a shop has not been told everything; the next goes on, and each
    parcel is told once.
    """
    pushed, seconds = [], [0.0]

    def slow(notice):
        pushed.append(notice.tracking_number)
        seconds[0] += 25

    bench.shop.when_pushed = slow
    for number in ("T3", "T4", "T5"):
        bench.ship(bench.accepted(number, CUP=1), number)
    worker = bench.sh.worker(name="w1")
    with measured_by(lambda: seconds[0]), without_threads():
        worker.round()
        # Each of the two deliveries of a round got as far as one call.
        assert 2 == len(pushed)
        while bench.app.relay.waiting():
            worker.round()

    assert ["T1", "T2", "T3", "T4", "T5"] == sorted(pushed) == told(bench)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "a\nb"},
        {"name": "w", "every": timedelta(0)},
        {"name": "w", "every": timedelta(seconds=-1)},
    ],
)
def test_it_has_a_name_and_a_pace(bench, wrong):
    """
    A worker that nobody can tell apart, or that never rests, is refused.
    """
    with pytest.raises(InvalidInputError):
        bench.sh.worker(**wrong)


def test_one_step_at_a_time_does_what_a_round_does(bench):
    """
    A host's own scheduler lets it do each step; no other is done meanwhile.
    """
    seller = bench.sh.seller("demo")
    seller.stores.change("shop", pull_every_s=3600)
    bench.clock.advance(timedelta(hours=1))
    bench.shop.put(snapshot("new", CUP=1))
    worker = bench.sh.worker(name="w1")
    worker.do("deliver")

    assert ["T1", "T2"] == told(bench)
    assert {} == seller.orders.find_external("shop", ["new"])
    assert ("demo/shop",) == bench.sh.pulls.due()
    for step in WorkerStep:
        worker.do(step)
    assert 1 == len(seller.orders.find_external("shop", ["new"])["new"])
    assert () == bench.sh.pulls.due()
    assert (1, 0) == (worker.beat.read, worker.beat.failed)
    for step in WorkerStep:
        assert bench.sh.counters[f"outside.worker.{step}.done"] >= 1


def test_steps_give_signs_of_life_no_more_often_than_rounds(bench):
    """
    A step that begins sooner after the last sign gives none; the end is told.
    """
    worker = bench.sh.worker(name="w1", every=timedelta(seconds=10))
    worker.do("fire")
    worker.do("fire")
    (first,) = bench.sh.relay.workers()
    bench.clock.advance(timedelta(seconds=10))
    worker.do("fire")
    (second,) = bench.sh.relay.workers()
    worker.end()
    (last,) = bench.sh.relay.workers()

    assert (1, NOON, None) == (first.rounds, first.seen_at, first.stopped_at)
    assert (2, NOON + timedelta(seconds=10)) == (second.rounds, second.seen_at)
    assert bench.clock.now() == last.stopped_at


def test_a_step_about_one_connection_leaves_the_others(bench):
    """
    Only what is owed to it is delivered, and only that shop is read.
    """
    bench.sh.seller("demo").stores.change("shop", pull_every_s=3600)
    bench.clock.advance(timedelta(hours=1))
    worker = bench.sh.worker(name="w1")
    worker.do("deliver", only="jobs")
    worker.do("deliver", only="demo/other")
    worker.do("pull", only="demo/other")

    assert ([], 0) == (told(bench), worker.beat.read)
    worker.do("pull", only="demo/shop")
    worker.do("deliver", only="demo/shop")
    assert (["T1", "T2"], 1) == (told(bench), worker.beat.read)


def test_a_step_that_is_told_to_stop_leaves_the_rest(bench):
    """
    What was not sent waits, for whoever delivers next.
    """
    worker = bench.sh.worker(name="w1")
    worker.do("deliver", stop=lambda: True)

    assert [] == told(bench)
    worker.do("deliver")
    assert ["T1", "T2"] == told(bench)


def test_what_a_claimant_had_is_taken_back_by_its_name(bench, monkeypatch):
    """
    When it has died, nobody waits until its lease is over.
    """

    def die(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "_start", die)
    monkeypatch.setattr(Run, "_wind_down", lambda _: None)  # as if it was killed
    with pytest.raises(KeyboardInterrupt):
        bench.sh.worker(name="w1").do("deliver", only="demo/shop", claimant="job 7")
    monkeypatch.undo()
    another = bench.sh.worker(name="w2")
    another.do("deliver")

    assert 0 == another.beat.delivered
    assert (0, 2) == (
        bench.sh.relay.recover(worker="w1"),
        bench.sh.relay.recover(worker="job 7"),
    )
    another.do("deliver")
    assert 2 <= another.beat.delivered
    assert ["T1", "T2"] == told(bench)


def test_a_shop_that_cannot_be_read_is_said_when_it_is_asked_for(bench, monkeypatch):
    """
    The step about it fails with its error; a step about all goes on.
    """
    bench.sh.seller("demo").stores.change("shop", pull_every_s=3600)
    bench.clock.advance(timedelta(hours=1))

    def fail(_cursor, *, limit):
        raise ThrottledError(
            provider="fake", detail="slowly", retry_after=timedelta(seconds=limit)
        )

    monkeypatch.setattr(bench.shop, "pull_orders", fail)
    worker = bench.sh.worker(name="w1")
    with pytest.raises(ThrottledError):
        worker.do("pull", only="demo/shop")

    assert (1, 1) == (worker.beat.unread, worker.beat.failed)


@pytest.mark.parametrize(
    ("step", "only", "field"), [("rest", "", "step"), ("fire", "demo/shop", "only")]
)
def test_a_step_that_there_is_not_is_refused(bench, step, only, field):
    """
    Nothing is done for a wrong name, or for one shop where a step is about all.
    """
    with pytest.raises(InvalidInputError) as ei:
        bench.sh.worker(name="w1").do(step, only=only)

    assert field == ei.value.field
    assert () == bench.sh.relay.workers()
