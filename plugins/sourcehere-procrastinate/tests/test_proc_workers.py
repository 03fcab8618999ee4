"""
Workers of procrastinate on a real PostgreSQL, in processes of their own.
"""

import signal
import time
from collections import Counter
from itertools import pairwise

import psycopg
import pytest
from proc_host import order_ids, set_up, ship

ORDERS = 30


@pytest.fixture
def workers(host):
    """
    Return what starts a worker; all of them end with the test.
    """
    started = []

    def start(*arguments):
        started.append(host.worker(*arguments))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait(is_so, *, seconds=60):
    """
    Wait until *is_so*, however long a busy machine takes.
    """
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


def jobs(host):
    """
    Return how many jobs of each kind are in each state.
    """
    ask = (
        "SELECT task_name, status::text, count(*) FROM procrastinate_jobs GROUP BY 1, 2"
    )
    with psycopg.connect(host.plain_url) as connection:
        return {(name, state): count for name, state, count in connection.execute(ask)}


def doing(host):
    """
    Return the connections that are being served.
    """
    ask = (
        "SELECT args ->> 'connection' FROM procrastinate_jobs"
        " WHERE task_name = 'sourcehere.lane' AND status = 'doing'"
    )
    with psycopg.connect(host.plain_url) as connection:
        return {name for (name,) in connection.execute(ask)}


def owed(sh):
    """
    Return what is owed: connection -> messages.
    """
    return {lane.connection: lane.waiting + lane.sending for lane in sh.relay.load()}


def overlaps(calls):
    """
    Count the calls that began before one before them had ended.
    """
    told = sorted(calls, key=lambda call: call.began)
    return sum(later.began < one.ended for one, later in pairwise(told))


@pytest.mark.slow
def test_a_killed_worker_loses_and_doubles_nothing(host, workers):
    """
    What it had is delivered by the others, once, in the order of its keys; no two ever
    served one shop.
    """
    names = [f"seller-{number}" for number in range(4)]
    with host.opened() as sh:
        set_up(sh, ORDERS, **dict.fromkeys(names, 0.05))
        for name in names:
            ship(sh, name, order_ids(sh, name, ORDERS))
        victim = workers("--concurrency", "2")
        wait(lambda: sum(map(host.told, names)) > 2)
        other = workers()
        victim.send_signal(signal.SIGKILL)
        wait(lambda: not owed(sh))
        wait(lambda: not doing(host))
        report = sh.audit.run(replay=True)
        sends = {name: Counter(call.key for call in host.calls(name)) for name in names}

        assert () == report.violations
        assert dict.fromkeys(names, ORDERS) == {n: len(c) for n, c in sends.items()}
        # The calls that it was in were made again, with the same keys.
        assert max(max(c.values()) for c in sends.values()) <= 2
        assert 0 == sum(overlaps(host.calls(name)) for name in names)
        by_process = Counter(call.process for n in names for call in host.calls(n))
        assert {victim.pid, other.pid} == set(by_process)
        for name in names:
            assert ORDERS == sh.seller(name).orders.counts()["shipped"]


@pytest.mark.long
def test_a_slow_shop_stops_no_other(host, workers):
    """
    It has one job, which others do not wait for; nothing of it is done twice.
    """
    with host.opened() as sh:
        set_up(sh, 4, slow=2.0, swift=0.0, brisk=0.0)
        for name in ("slow", "swift", "brisk"):
            ship(sh, name, order_ids(sh, name, 4))
        workers(), workers()
        wait(lambda: "swift/shop" not in owed(sh) and "brisk/shop" not in owed(sh))
        assert "slow/shop" in owed(sh)
        wait(lambda: not owed(sh))

        assert [4, 4, 4] == [len(host.calls(n)) for n in ("slow", "swift", "brisk")]
        assert 0 == overlaps(host.calls("slow"))
        assert sh.audit.run().is_clean


@pytest.mark.slow
def test_shops_that_are_due_are_read(host, workers):
    """
    Each by jobs of its own, which end well.
    """
    with host.opened() as sh:
        set_up(sh, 0, one=0.0, two=0.0)
        for name in ("one", "two"):
            stores = sh.seller(name).stores
            stores.change("shop", config={"name": name, "orders": 7}, pull_every_s=1)
        workers()
        for name in ("one", "two"):
            wait(lambda name=name: sh.seller(name).orders.counts()["all"] == 7)
        wait(lambda: jobs(host).get(("sourcehere.store", "succeeded"), 0) >= 2)

        assert ("sourcehere.store", "failed") not in jobs(host)
        assert sh.audit.run().is_clean


@pytest.mark.slow
def test_told_to_stop_a_worker_ends_the_call_in_hand_and_gives_back_the_rest(
    host, workers
):
    """
    Nothing is left in its hands, and it says that it has stopped.
    """
    with host.opened() as sh:
        set_up(sh, ORDERS, slow=0.3)
        ship(sh, "slow", order_ids(sh, "slow", ORDERS))
        worker = workers("--shutdown-graceful-timeout", "0.1")
        wait(lambda: host.calls("slow"))
        worker.send_signal(signal.SIGTERM)
        worker.wait(timeout=60)
        told = len(host.calls("slow"))
        (lane,) = [one for one in sh.relay.load() if one.connection == "slow/shop"]
        (beat,) = sh.relay.workers()

        assert 0 == worker.returncode
        assert told < ORDERS
        assert (ORDERS - told, 0) == (lane.waiting, lane.sending)
        assert beat.stopped_at is not None
        assert told <= beat.delivered
        assert sh.audit.run().is_clean
