"""
What is left a year after orders are over: history whole, and nothing of what was kept
for a time only.
"""

from datetime import timedelta

import pytest

from sourcehere import Money
from sourcehere.testing.factories import dump, open_bench

YEAR = timedelta(days=365)
FOR_A_TIME = ("told", "told_name", "inbox_event", "worker")
FOR_EVER = ("event", "outbox_message", "attempt", "send", "ledger_entry")


@pytest.fixture
def bench(storage):
    """
    A bench whose shop was told of a parcel, and told something by itself; two workers
    did it, of which one died. Clean when the test ends.
    """
    made = open_bench(storage=storage, connected=["CUP"])
    made.ship(made.accepted("T1", CUP=1), "N1")
    hook = made.shop.webhook("orders/updated", "T1")
    made.sh.inbox.receive("demo", "shop", headers=hook.headers, body=hook.body)
    made.sh.worker(name="killed").round()
    stopped = made.sh.worker(name="stopped")
    stopped.round()
    stopped.end()
    yield made
    assert () == made.app.audit.run(replay=True).violations


def rows(bench, names):
    kept = dump(bench.app.storage)
    return {name: list(kept[name]) for name in names}


def counted(bench, names):
    return {name: len(found) for name, found in rows(bench, names).items()}


def test_what_is_kept_for_a_time_is_gone_and_history_is_whole(bench):
    """
    One round of a worker is enough; it leaves its own sign of life.
    """
    before = rows(bench, FOR_EVER)
    assert all([*before.values(), *counted(bench, FOR_A_TIME).values()])
    bench.clock.advance(YEAR)
    bench.sh.worker(name="w").round()
    after = rows(bench, FOR_EVER)

    assert {**dict.fromkeys(FOR_A_TIME, 0), "worker": 1} == counted(bench, FOR_A_TIME)
    lost = {
        name: [row for row in before[name] if row not in after[name]]
        for name in FOR_EVER
    }
    assert not any(lost.values())
    desk = bench.sh.seller("demo").orders
    (order_id,) = desk.find_external("shop", ["T1"])["T1"]
    assert "fulfilled" == desk.get(order_id).state


def test_a_command_is_known_by_its_id_a_year_later(bench):
    """
    It is answered as the first time, and not done again.
    """
    wallet = bench.sh.staff("ann").seller("demo").wallet
    first = wallet.top_up(Money(100, "USD"), reference="bank 9", command_id="c9")
    available = wallet.get().available
    bench.clock.advance(YEAR)
    bench.sh.worker(name="w").round()

    again = wallet.top_up(Money(100, "USD"), reference="bank 9", command_id="c9")
    assert first == again
    assert available == wallet.get().available
