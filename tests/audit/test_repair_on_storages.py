"""
A repair is the same on every storage.
"""

import threading

import pytest

from sourcehere import Count, RepairOutdatedError
from sourcehere.domain.kernel.clock import to_micros
from sourcehere.testing.factories import NOON, STAFF, dump, open_bench
from sourcehere.unit.tables import TABLES
from sourcehere.unit.tables.catalog import PRODUCT_WORDS
from sourcehere.unit.tables.effects import OUTBOX
from sourcehere.unit.tables.events import EVENTS
from sourcehere.unit.tables.orders import ITEMS, LINES, ORDERS, TAB_DELTAS
from sourcehere.unit.tables.pairing import CONNECTED_SKUS
from sourcehere.unit.tables.repairs import REPAIRS
from sourcehere.unit.tables.sellers import SELLERS
from sourcehere.unit.tables.wallet import LEDGER, WALLETS
from sourcehere.unit.tables.warehouse import ALLOCATIONS, LOTS, STOCK_LEVELS

HISTORY = [records.table for records in (EVENTS, LEDGER)]


@pytest.fixture
def shipped(storage):
    """
    A bench with stock of its own, a shipped order that took of it, and another seller.
    """
    bench = open_bench(storage=storage)
    bench.app.sellers.register("zz", name="Z", currency="USD")
    bench.connect(bench.rule("CUP"))
    bulk = bench.bought(CUP=9)
    bench.app.cloud.dispatch("demo", bulk, by=STAFF)
    bench.app.cloud.receive("demo", bulk, {"1.1": Count(5, damaged=1)}, by=STAFF)
    bench.ship(bench.accepted("1", CUP=2), "T1")
    bench.app.relay.run()
    bench.ship(bench.accepted("2", CUP=2), "T2")
    assert bench.app.audit.run(replay=True).is_clean
    return bench


def rows(bench, records):
    """
    Return the stored rows of a table.
    """
    return dump(bench.app.storage, [records.table])[records.table.name]


def lose(bench, *tables):
    """
    Delete every row of tables.
    """
    for records in tables:
        keys = [records.table.key_of(row) for row in rows(bench, records)]
        assert keys
        bench.app.storage.transact(
            lambda s, r=records, k=keys: s.delete(r.table, k), read_only=False
        )


def rewrite(bench, records, **columns):
    """
    Change columns of the first row of a table.
    """
    row = list(rows(bench, records)[0])
    for name, value in columns.items():
        place = records.table.position[name]
        row[place] = value(row[place]) if callable(value) else value
    bench.app.storage.transact(
        lambda s: s.replace(records.table, [tuple(row)], expected=None),
        read_only=False,
    )


def names(findings):
    """
    Return what findings name, each once.
    """
    return {(f.seller_id, f.invariant, f.subject) for f in findings}


def test_what_follows_from_something_is_made_anew(shipped):
    """
    Orders, items, allocations, levels, pairings, words, counts and a wallet are as they
    were; what was not lost did not move.
    """
    lost = (
        ORDERS,
        LINES,
        ITEMS,
        ALLOCATIONS,
        STOCK_LEVELS,
        CONNECTED_SKUS,
        PRODUCT_WORDS,
        TAB_DELTAS,
    )
    before = dump(shipped.app.storage, TABLES)
    lose(shipped, *lost)
    rewrite(shipped, LOTS, on_hand=lambda now: now + 1)
    rewrite(shipped, WALLETS, available=lambda now: now + 7)
    plan = shipped.app.repairing.plan()
    assert () == plan.left
    shipped.sh.staff("ann").repair.do(plan, reason="a disk")
    after = dump(shipped.app.storage, TABLES)

    assert shipped.app.audit.run(replay=True).is_clean
    assert len(plan.changes) == len(after.pop("repair"))
    assert [] == before.pop("repair")
    differ = {name for name in before if before[name] != after[name]}
    assert {"tab_delta"} == differ


def test_a_push_that_nobody_told_is_told_once(shipped):
    """
    A lost message is written anew and delivered under its key.
    """
    place = OUTBOX.table.position
    waiting = [r for r in rows(shipped, OUTBOX) if r[place["state"]] == "waiting"]
    lost = next(r for r in waiting if r[place["channel"]] == "store")
    key = OUTBOX.table.key_of(lost)
    shipped.app.storage.transact(
        lambda s: s.delete(OUTBOX.table, [key]), read_only=False
    )
    plan = shipped.app.repairing.plan()
    shipped.sh.staff("ann").repair.do(plan, reason="a disk")
    shipped.app.relay.run()

    sent = [r for r in rows(shipped, OUTBOX) if r[place["key"]] == lost[place["key"]]]
    assert ["done"] == [row[place["state"]] for row in sent]
    assert shipped.app.audit.run(replay=True).is_clean


def test_what_is_left_is_named_as_it_was_planned(shipped):
    """
    A lost seller and lost events are for a person; the rest is mended beside them.
    """
    lose(shipped, SELLERS, CONNECTED_SKUS)
    rewrite(shipped, OUTBOX, next_at=to_micros(NOON))
    first = rows(shipped, EVENTS)[0]
    shipped.app.storage.transact(
        lambda s: s.delete(EVENTS.table, [EVENTS.table.key_of(first)]), read_only=False
    )
    plan = shipped.app.repairing.plan()
    before = dump(shipped.app.storage, HISTORY)
    shipped.sh.staff("ann").repair.do(plan, reason="a disk")
    named = names(shipped.app.audit.run(replay=True).violations)

    assert names(plan.left) == named
    assert {"seller_is_there", "sequence_without_gaps"} == {n[1] for n in named}
    assert before == dump(shipped.app.storage, HISTORY)


def test_one_plan_done_by_many_at_once_is_done_once(shipped):
    """
    Each of them is told the same repairs.
    """
    rewrite(shipped, WALLETS, available=lambda now: now + 7)
    lose(shipped, TAB_DELTAS, CONNECTED_SKUS)
    plan = shipped.app.repairing.plan()
    done = []
    gate = threading.Barrier(4)

    def work():
        gate.wait()
        done.append(shipped.app.repairing.do(plan, reason="at once", by=STAFF))

    at_once(work, 4)
    assert 4 == len(done)
    assert all(one == done[0] for one in done)
    assert len(plan.changes) == len(rows(shipped, REPAIRS))
    assert shipped.app.audit.run(replay=True).is_clean


def test_many_plans_of_one_trouble_mend_it_once(shipped):
    """
    The first counts, the others are refused.
    """
    lose(shipped, TAB_DELTAS)
    plans = [shipped.app.repairing.plan() for _ in range(4)]
    done, refused = [], []
    gate = threading.Barrier(4)

    def work(plan):
        gate.wait()
        try:
            done.append(shipped.app.repairing.do(plan, reason="at once", by=STAFF))
        except RepairOutdatedError as error:
            refused.append(error)

    at_once(work, 4, plans)
    assert (1, 3) == (len(done), len(refused))
    assert len(plans[0].changes) == len(rows(shipped, REPAIRS))
    assert shipped.app.audit.run(replay=True).is_clean


def at_once(work, count, arguments=None):
    """
    Run *work* in threads, and wait for all of them.
    """
    given = [[one] for one in arguments] if arguments else [[]] * count
    threads = [threading.Thread(target=work, args=args) for args in given]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
