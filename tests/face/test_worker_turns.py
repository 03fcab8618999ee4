"""
No step of a worker's round keeps the others from their turn, whatever hangs.
"""

from datetime import timedelta

import pytest

from sourcehere.domain.kernel.clock import measured_by
from sourcehere.ports.errors import ThrottledError
from sourcehere.services.base.threads import without_threads
from sourcehere.testing.factories import open_bench, snapshot


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


class Hanging:
    """
    A shop whose every page takes minutes, by a stopwatch and by the clock.
    """

    def __init__(self, bench, took):
        self._bench, self._took = bench, took
        self.seconds, self.asked = 0.0, []

    def pull(self, cursor, *, limit):
        self.asked.append(cursor)
        self.seconds += self._took.total_seconds()
        self._bench.clock.advance(self._took)
        raise ThrottledError(
            provider="fake", detail="slowly", retry_after=timedelta(seconds=limit)
        )


def hanging_shops(bench, monkeypatch, count):
    """
    Let the seller have *count* shops that are due, and that hang when they are asked.
    """
    stores = bench.sh.seller("demo").stores
    for number in range(1, count):
        stores.connect(f"shop{number}", platform="fake", config={"shop": "shop"})
    stores.change("shop", pull_every_s=3600)
    bench.clock.advance(timedelta(hours=1))
    assert count == len(bench.sh.pulls.due())
    shop = Hanging(bench, timedelta(minutes=5))
    monkeypatch.setattr(bench.shop, "pull_orders", shop.pull)
    return shop


def test_shops_that_hang_leave_time_for_the_rest_of_a_round(bench, monkeypatch):
    """
    A round waits for one of them, then delivers; each is asked in its turn.
    """
    shop = hanging_shops(bench, monkeypatch, 4)
    worker = bench.sh.worker(name="w1")
    with measured_by(lambda: shop.seconds), without_threads():
        worker.round()

        assert 1 == len(shop.asked)
        assert ["T1", "T2"] == told(bench)
        assert 3 == len(bench.sh.pulls.due())
        for _ in range(3):
            worker.round()
    assert 4 == len(shop.asked)
    assert (0, 4) == (worker.beat.read, worker.beat.unread)


def test_it_says_that_it_lives_while_a_round_lasts(bench, monkeypatch):
    """
    It does as it begins, and after a step that took minutes.
    """
    shop = hanging_shops(bench, monkeypatch, 1)
    worker, seen = bench.sh.worker(name="w1"), []
    began = bench.clock.now()

    def ask(cursor, *, limit):
        seen.extend((b.rounds, b.seen_at) for b in bench.sh.relay.workers())
        return shop.pull(cursor, limit=limit)

    monkeypatch.setattr(bench.shop, "pull_orders", ask)

    def follow(**_):
        seen.extend((b.rounds, b.seen_at) for b in bench.sh.relay.workers())
        worker.stop()
        return bench.app.inbox.__class__.run(bench.app.inbox)

    monkeypatch.setattr(bench.app.inbox, "run", follow)
    with measured_by(lambda: shop.seconds), without_threads():
        worker.run()

    assert [(0, began), (0, began + timedelta(minutes=5))] == seen


def test_forgetting_leaves_time_for_the_rest_of_a_round(bench):
    """
    What is left of much that is to be forgotten waits for the next round.
    """
    stores, count = bench.sh.seller("demo").stores, 121
    for number in range(count):
        bench.shop.put(snapshot("new", CUP=number + 1))
        stores.sync("shop")
    kept = len(stores.told("shop", limit=500).items)
    bench.clock.advance(timedelta(days=31))
    ticks = iter(range(0, 1_000_000, 15))
    worker = bench.sh.worker(name="w1")
    with measured_by(lambda: float(next(ticks))), without_threads():
        worker.do("forget")
    left = len(stores.told("shop", limit=500).items)

    assert count <= kept
    assert 0 < left < kept
    worker.round()
    assert [] == list(stores.told("shop", limit=500).items)
