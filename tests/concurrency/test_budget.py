"""
A call waits for others no longer than its budget, then it says that they are busy.
"""

import threading
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
from holding import BUDGET, held, held_for, waiting_within, within

from sourcehere.domain.kernel.errors import CounterpartyError
from sourcehere.ports.storage import BusyError
from sourcehere.ports.waiting import one_call
from sourcehere.testing.factories import SELLER, nothing_moves, open_bench, snapshot
from sourcehere.unit.tables import TABLES
from sourcehere.unit.tables.orders import ORDERS as STORED_ORDERS
from sourcehere_sql import SqlOptions
from sourcehere_sql.opening import open_storage
from sourcehere_sql.turns import Patience, Turns

ORDERS = [str(number) for number in range(1, 13)]


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request):
    """
    Return a storage that soon gives up waiting.
    """
    kind = "made_sqlite_url" if request.param == "sqlite" else "made_postgres_url"
    url = request.getfixturevalue(kind)
    made = open_storage(url, TABLES, options=SqlOptions(busy_seconds=BUDGET))
    yield made
    made.close()


@pytest.fixture
def bench(storage):
    """
    A bench whose shop sells cups that are connected; clean when the test ends.
    """
    made = open_bench(storage=storage, connected=["CUP"])
    yield made
    assert () == made.app.audit.run(replay=True).violations


def pay(bench, offer, *, each=False):
    """
    Pay what was offered.
    """
    return bench.app.checkouts.pay(
        "demo",
        offer.checkout_id,
        expected_total=offer.total,
        by=SELLER,
        each=each,
    )


def kinds(errors):
    """
    Return the type of each error.
    """
    return {name: type(error) for name, error in errors.items()}


def test_one_row_that_is_held_costs_one_budget(bench, storage):
    """
    A command that needs what somebody holds ends after one budget, nothing moved.
    """
    orders = bench.sync(snapshot("1", CUP=1))
    offer = bench.app.checkouts.checkout("demo", orders, by=SELLER)

    with (
        held(storage, "orders"),
        nothing_moves(bench),
        waiting_within(storage, 2 * BUDGET),
        pytest.raises(BusyError) as ei,
    ):
        pay(bench, offer)

    assert (storage.url, BUDGET) == (ei.value.url, ei.value.seconds)
    assert isinstance(ei.value, CounterpartyError)


def test_paying_each_costs_one_budget_in_all(bench, storage):
    """
    However many orders of a payment are held, they are waited for once together.
    """
    orders = bench.sync(*[snapshot(name, CUP=1) for name in ORDERS])
    offer = bench.app.checkouts.checkout("demo", orders, by=SELLER)

    with (
        held(storage, "orders"),
        nothing_moves(bench),
        waiting_within(storage, 2 * BUDGET),
    ):
        payment = pay(bench, offer, each=True)

    assert {} == payment.paid
    assert dict.fromkeys(orders, BusyError) == kinds(payment.failed)
    assert {*orders} == {*pay(bench, offer, each=True).paid}


@pytest.mark.parametrize("storage", ["postgresql"], indirect=True)
def test_what_nobody_holds_is_paid(bench, storage):
    """
    One order that somebody holds is reported; the others are paid meanwhile.
    """
    orders = bench.sync(*[snapshot(name, CUP=1) for name in ORDERS])
    offer = bench.app.checkouts.checkout("demo", orders, by=SELLER)

    with (
        held(storage, "orders", f"order_id = '{orders[3]}'"),
        waiting_within(storage, 1.4 * BUDGET),
    ):
        payment = pay(bench, offer, each=True)

    assert {*orders} - {orders[3]} == {*payment.paid}
    assert {orders[3]: BusyError} == kinds(payment.failed)


@contextmanager
def all_connections_used(storage):
    """
    Let others hold each connection that may be open, in transactions that read.
    """
    is_over = threading.Event()

    def hold():
        def work(_session):
            ready.wait()
            is_over.wait()

        storage.transact(work, read_only=True)

    count = 2 * SqlOptions().pool_size
    ready = threading.Barrier(count + 1)
    others = [threading.Thread(target=hold) for _ in range(count)]
    for other in others:
        other.start()
    ready.wait()
    try:
        yield
    finally:
        is_over.set()
        for other in others:
            other.join()


def test_no_free_connection_is_busy_after_one_budget(bench, storage):
    """
    A call that gets no connection says so after one budget, and is done later.
    """
    orders = bench.sync(snapshot("1", CUP=1))
    offer = bench.app.checkouts.checkout("demo", orders, by=SELLER)

    with (
        nothing_moves(bench),
        all_connections_used(storage),
        within(2 * BUDGET),
        pytest.raises(BusyError) as ei,
    ):
        pay(bench, offer)

    assert "every connection is in use" == ei.value.cause
    assert (storage.url, BUDGET) == (ei.value.url, ei.value.seconds)
    assert {*orders} == {*pay(bench, offer).paid}


def test_items_that_get_no_connection_cost_one_budget_in_all(bench, storage):
    """
    However many orders of a payment get no connection, they wait once together.
    """
    orders = bench.sync(*[snapshot(name, CUP=1) for name in ORDERS])
    offer = bench.app.checkouts.checkout("demo", orders, by=SELLER)

    with all_connections_used(storage), within(2 * BUDGET), pytest.raises(BusyError):
        pay(bench, offer, each=True)

    assert {*orders} == {*pay(bench, offer, each=True).paid}


def each_written(storage, order_ids):
    """
    Write orders over one after the other, in one transaction, without locking them.
    """
    table = STORED_ORDERS.table
    keys = [("demo", order_id) for order_id in order_ids]

    def work(session):
        rows = session.get(table, keys, lock=False)
        for row in sorted(rows, key=lambda row: order_ids.index(row[1])):
            assert session.replace(table, [row], expected=None) == []

    storage.transact(work, read_only=False)


def each_deleted(storage, order_ids):
    """
    Delete orders one after the other, in one transaction, without locking them.
    """

    def work(session):
        for order_id in order_ids:
            session.delete(STORED_ORDERS.table, [("demo", order_id)])

    storage.transact(work, read_only=False)


def each_locked(storage, order_ids):
    """
    Lock orders one after the other, in one transaction.
    """

    def work(session):
        for order_id in order_ids:
            keys = [("demo", order_id)]
            assert session.get(STORED_ORDERS.table, keys, lock=True)

    storage.transact(work, read_only=False)


@pytest.mark.parametrize("storage", ["postgresql"], indirect=True)
@pytest.mark.parametrize("each_done", [each_locked, each_written, each_deleted])
def test_locks_one_after_the_other_share_the_budget(bench, storage, each_done):
    """
    What the first locks of a transaction took, the next one does not wait any more;
    also where several writes are waited for together.
    """
    orders = bench.sync(*[snapshot(name, CUP=1) for name in "123"])
    slow = [
        held_for(0.4 * BUDGET * n, storage, "orders", f"order_id = '{o}'")
        for n, o in enumerate(orders[:2], start=1)
    ]

    with ExitStack() as others:
        for other in slow:
            others.enter_context(other)
        others.enter_context(held(storage, "orders", f"order_id = '{orders[2]}'"))
        others.enter_context(waiting_within(storage, 1.4 * BUDGET))
        with nothing_moves(bench), pytest.raises(BusyError):
            each_done(storage, orders)


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_a_turn_and_a_lock_share_the_budget(storage):
    """
    What this process's other writers took, a writer does not wait any more for those
    of other processes.
    """
    ready = threading.Event()

    def hold():
        with storage.backend.turn(read_only=False, patience=Patience(BUDGET)):
            ready.set()
            is_over.wait(0.6 * BUDGET)

    is_over = threading.Event()
    other = threading.Thread(target=hold)
    other.start()
    ready.wait()
    with held(storage, "orders"), within(1.4 * BUDGET), pytest.raises(BusyError):
        each_locked(storage, [])
    other.join()


def test_commits_that_get_no_connection_cost_one_budget_in_all(storage):
    """
    However many a call makes, and whatever it does about each.
    """
    with all_connections_used(storage), within(2 * BUDGET), one_call():
        for _ in range(4):
            with pytest.raises(BusyError):
                storage.transact(lambda _session: None, read_only=True)


def test_so_many_have_a_turn():
    """
    The next one waits until another leaves, and is told that all are taken.
    """
    turns = Turns(2, url="here", seconds=BUDGET, cause="full")
    patience = Patience(0.05)
    with turns.within(Patience(BUDGET)), turns.within(Patience(BUDGET)):
        with pytest.raises(BusyError, match="full"), turns.within(patience):
            pass
        assert patience.seconds < 0.05
    with turns.within(Patience(BUDGET)), turns.within(Patience(BUDGET)):
        pass


@pytest.mark.parametrize("storage", ["postgresql"], indirect=True)
@pytest.mark.parametrize("each_done", [each_locked, each_written])
def test_a_lock_that_comes_late_is_had(bench, storage, each_done):
    """
    Locks that come within the budget are waited for, one after the other.
    """
    orders = bench.sync(*[snapshot(name, CUP=1) for name in "12"])
    first, second = (f"order_id = '{order}'" for order in orders)

    with (
        held_for(0.3 * BUDGET, storage, "orders", first),
        held_for(0.6 * BUDGET, storage, "orders", second),
    ):
        each_done(storage, orders)


def test_who_waits_for_nobody_tells_the_server_nothing(made_postgres_url, tmp_path):
    """
    Two locks are two round trips of a transaction, and no third for their limit.
    """
    storage = open_storage(made_postgres_url, TABLES)
    bench = open_bench(storage=storage, connected=["CUP"])
    orders = bench.sync(*[snapshot(name, CUP=1) for name in "12"])
    protocol = (tmp_path / "protocol").open("w+")

    def work(session):
        wire = session._connection.pgconn
        wire.trace(protocol.fileno())
        for order_id in orders:
            session.get(STORED_ORDERS.table, [("demo", order_id)], lock=True)
        wire.untrace()

    storage.transact(work, read_only=False)
    storage.close()

    protocol.seek(0)
    said = [message.split() for message in protocol]
    protocol.close()
    asked = [message for message in said if "Parse" in message]
    assert ['"SELECT', '"SELECT'] == [
        next(word for word in message if word.startswith('"SELECT'))
        for message in asked
    ]
    assert 2 == sum("Flush" in message for message in said)


def shops_due(bench):
    """
    Connect two more shops, and let all three be due.
    """
    for name in ("two", "three"):
        bench.app.stores.connect(
            "demo", name, platform="fake", name=name, config={"shop": "shop"}
        )
    bench.clock.advance(timedelta(days=1))


class TestShops:
    """
    Shops that are read one after the other have a budget each.
    """

    @pytest.mark.parametrize("storage", ["postgresql"], indirect=True)
    def test_one_that_somebody_holds_does_not_keep_others(self, bench, storage):
        """
        A pull reports it after one budget, reads the others, and reads it next time.
        """
        shops_due(bench)

        with (
            held(storage, "store", "store_id = 'shop'"),
            waiting_within(storage, 2 * BUDGET),
        ):
            report = bench.sh.pulls.run()

        assert ["demo/three", "demo/two"] == sorted(report.done)
        assert {"demo/shop": BusyError} == kinds(report.failed)
        assert ["demo/shop"] == [*bench.sh.pulls.run().done]

    @pytest.mark.parametrize("storage", ["postgresql"], indirect=True)
    def test_a_seller_s_other_shops_are_read(self, bench, storage):
        """
        So does a sync of several shops.
        """
        shops_due(bench)

        with (
            held(storage, "store", "store_id = 'shop'"),
            waiting_within(storage, 2 * BUDGET),
        ):
            report = bench.sh.seller("demo").stores.sync_many()

        assert {"two", "three"} == {*report.done}
        assert {"shop": BusyError} == kinds(report.failed)

    @pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
    def test_each_costs_one_budget(self, bench, storage):
        """
        Where everything is held, each of three shops is waited for once.
        """
        shops_due(bench)

        with held(storage, "store"), within(4 * BUDGET):
            report = bench.sh.pulls.run()

        names = ["demo/shop", "demo/three", "demo/two"]
        assert dict.fromkeys(names, BusyError) == kinds(report.failed)

    def test_a_worker_ends_its_round_though_many_are_held(self, made_postgres_url):
        """
        Shops that it cannot take are not asked again in the same round.
        """
        options = SqlOptions(busy_seconds=BUDGET / 10)
        storage = open_storage(made_postgres_url, TABLES, options=options)
        bench = open_bench(storage=storage)
        for number in range(11):
            bench.app.stores.connect(
                "demo",
                f"s{number}",
                platform="fake",
                name="S",
                config={"shop": "shop"},
            )
        bench.clock.advance(timedelta(days=1))

        with held(storage, "store"), within(3 * BUDGET):
            beat = bench.sh.worker(name="w").round()

        assert (1, 0, 10) == (beat.rounds, beat.read, beat.unread)
        storage.close()
