"""
A worker goes on by itself when the clock of its machine is set back.
"""

from datetime import timedelta

import pytest

from sourcehere.testing.factories import NOON, open_bench, snapshot
from sourcehere.testing.fake_shop import Fault

DAY = timedelta(days=1)


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


@pytest.fixture
def ahead(bench):
    """
    The bench a day after, by a clock that is wrong: its shop was read then, did not
    answer when it was told, and told something that was not followed yet.
    """
    seller = bench.sh.seller("demo")
    seller.stores.change("shop", pull_every_s=900)
    bench.clock.advance(DAY)
    bench.shop.faults = [Fault.THROTTLED]
    bench.sh.worker(name="w1").round()
    hook = bench.shop.webhook("orders/updated", "T1")
    bench.sh.inbox.receive("demo", "shop", headers=hook.headers, body=hook.body)
    assert [] == told(bench)
    return bench


@pytest.mark.parametrize("name", ["w1", "another"])
@pytest.mark.parametrize("back", [timedelta(hours=1), DAY])
def test_nothing_waits_for_what_a_clock_told_before_it_was_set_back(
    ahead, caplog, back, name
):
    """
    A worker that finds its clock, or that of all machines, set back lets all be due.
    """
    ahead.clock.advance(-back)
    ahead.shop.put(snapshot("new", CUP=1))
    worker = ahead.sh.worker(name=name)
    worker.round()
    worker.round()

    assert ["T1", "T2"] == told(ahead)
    assert ["new"] == list(
        ahead.sh.seller("demo").orders.find_external("shop", ["new"])
    )
    assert () == tuple(ahead.sh.inbox.list().items)
    (line,) = [line for line in caplog.messages if "clock" in line]
    if name == "w1":
        seconds = round(back.total_seconds())
        words = f"the clock of worker=w1 was set back by {seconds} s"
        assert f"{words}: what waits is due now" == line
    assert () == ahead.app.audit.run(replay=True).violations


def test_a_clock_that_is_set_back_is_no_sign_that_nobody_lives(bench):
    """
    A worker whose steps are done one by one says that it lives all the same; that it
    started later than it was seen is never told.
    """
    worker = bench.sh.worker(name="w1", every=timedelta(seconds=10))
    worker.do("fire")
    bench.clock.advance(-DAY)
    worker.do("fire")
    (beat,) = bench.sh.relay.workers()

    assert (NOON - DAY, NOON - DAY, 2) == (beat.started_at, beat.seen_at, beat.rounds)


def test_however_much_waits_it_is_due(bench):
    """
    More than one commit makes due.
    """
    bench.clock.advance(DAY)
    bench.sh.worker(name="w1").round()
    for _ in range(201):
        hook = bench.shop.webhook("orders/updated", "T1")
        bench.sh.inbox.receive("demo", "shop", headers=hook.headers, body=hook.body)
    bench.clock.advance(-DAY)
    bench.sh.worker(name="w1").round()

    assert () == tuple(bench.sh.inbox.list(limit=500).items)
