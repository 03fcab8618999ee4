"""
The same webhook, delivered and followed by many at once on a real database.
"""

import threading

import pytest

from sourcehere import ManualClock
from sourcehere.plugins import Registry
from sourcehere.testing.factories import NOON, dump, open_bench, snapshot
from sourcehere.unit.tables import TABLES

THREADS = 6


@pytest.fixture
def bench(made_database_url):
    """
    A bench on a real database; clean when the test ends.
    """
    storage = Registry(clock=ManualClock(NOON)).storage(made_database_url, TABLES)
    made = open_bench(storage=storage)
    yield made
    assert () == made.app.audit.run().violations
    made.app.close()


def at_once(work):
    """
    Do the same in several threads at the same moment; return the answers.
    """
    answers, barrier = [], threading.Barrier(THREADS)

    def run():
        barrier.wait()
        answers.append(work())

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert THREADS == len(answers)
    return answers


def test_one_webhook_delivered_many_times_is_one_row(bench):
    """
    Each delivery is answered the same; one row is kept, and its body once.
    """
    hook = bench.shop.webhook("orders/create", "1", event_id="e1")
    receipts = at_once(
        lambda: bench.sh.inbox.receive(
            "demo", "shop", headers=hook.headers, body=hook.body
        )
    )

    assert {("e1",)} == {receipt.events for receipt in receipts}
    rows = dump(bench.app.storage)
    assert (1, 1) == (len(rows["inbox_event"]), len(rows["told"]))


def test_many_workers_follow_each_once(bench):
    """
    Each event is taken by one of them, and each order comes in once.
    """
    for number in range(1, 13):
        bench.shop.put_silently(snapshot(str(number), CUP=1))
        hook = bench.shop.webhook("orders/create", str(number))
        bench.sh.inbox.receive("demo", "shop", headers=hook.headers, body=hook.body)
    reports = at_once(bench.sh.inbox.run)

    assert (12, 0, 0) == (
        sum(report.done for report in reports),
        sum(report.postponed for report in reports),
        sum(report.dead for report in reports),
    )
    names = [str(number) for number in range(1, 13)]
    found = bench.app.orders.find_external("demo", "shop", names)
    assert [1] * 12 == [len(found[name]) for name in names]
    assert {"done"} == {e.state for e in bench.sh.inbox.list(state="done")}
