"""
All locks of one statement are waited for no longer than a call may wait.

PostgreSQL has a limit for each lock, and SQLite one lock for everything.
"""

from contextlib import ExitStack, contextmanager
from functools import partial

import psycopg
import pytest
from holding import BUDGET, for_a_while, held, held_for, waiting_within

from sourcehere.ports.storage import BusyError
from sourcehere.testing.factories import nothing_moves, open_bench, snapshot
from sourcehere.unit.tables import TABLES
from sourcehere.unit.tables.orders import BUYER_WORDS, ORDERS, ORDERS_OF
from sourcehere_sql import SqlOptions
from sourcehere_sql.opening import open_storage


@pytest.fixture
def storage(made_postgres_url):
    """
    Return a storage that soon gives up waiting.
    """
    options = SqlOptions(busy_seconds=BUDGET)
    made = open_storage(made_postgres_url, TABLES, options=options)
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


def get_all(session, keys, _rows):
    session.get(ORDERS.table, keys, lock=True)


def find_all(session, _keys, _rows):
    session.find(ORDERS_OF.index, [("demo",)], lock=True)


def replace_all(session, _keys, rows):
    session.replace(ORDERS.table, rows, expected=None)


def add_to_all(session, keys, _rows):
    session.add(ORDERS.table, [(key, {"part": 1}) for key in keys])


def delete_all(session, keys, _rows):
    session.delete(ORDERS.table, keys)


LOCKING = [get_all, find_all, replace_all, add_to_all, delete_all]


@pytest.mark.parametrize("lock", LOCKING)
class TestOneStatement:
    """
    The locks of one statement share the budget, too.
    """

    def work(self, storage, orders, lock):
        """
        Return what locks *orders* by one statement.
        """
        keys = [("demo", order_id) for order_id in orders]
        rows = storage.transact(
            lambda session: session.get(ORDERS.table, keys, lock=False),
            read_only=True,
        )
        return lambda session: lock(session, keys, rows)

    def test_its_locks_share_the_budget(self, bench, storage, lock):
        """
        Rows that are held one after the other are waited for once together.
        """
        orders = bench.sync(*[snapshot(name, CUP=1) for name in "123"])
        work = self.work(storage, orders, lock)
        slow = [
            held_for(0.4 * BUDGET * n, storage, "orders", f"order_id = '{o}'")
            for n, o in enumerate(orders[:2], start=1)
        ]

        with ExitStack() as others:
            for other in slow:
                others.enter_context(other)
            others.enter_context(held(storage, "orders", f"order_id = '{orders[2]}'"))
            others.enter_context(nothing_moves(bench))
            others.enter_context(waiting_within(storage, 1.4 * BUDGET))
            with pytest.raises(BusyError):
                storage.transact(work, read_only=False)

    def test_locks_that_come_late_are_had(self, bench, storage, lock):
        """
        Rows that are free within the budget are locked, one after the other, and the
        next statement may wait for what is left.
        """
        orders = bench.sync(*[snapshot(name, CUP=1) for name in "12"])
        first, second = (f"order_id = '{order}'" for order in orders)
        work, done = self.work(storage, orders, lock), []

        def without_trace(session):
            work(session)
            done.append(lock)
            raise ZeroDivisionError

        with (
            held_for(0.3 * BUDGET, storage, "orders", first),
            held_for(0.6 * BUDGET, storage, "orders", second),
            pytest.raises(ZeroDivisionError),
        ):
            storage.transact(without_trace, read_only=False)

        assert [lock] == done


@contextmanager
def inserted(storage, word):
    """
    Let somebody else add a word of a buyer, and think better of it.
    """
    url = storage.address.full.set(drivername="postgresql")
    name = storage.address.place.quoted("order_buyer")
    with psycopg.connect(url.render_as_string(hide_password=False)) as other:
        other.execute(f"INSERT INTO {name} VALUES ('demo', 'o', %s)", (word,))
        yield
        other.rollback()


def test_rows_that_others_insert_share_the_budget(bench, storage):
    """
    Keys that others may take, one after the other, are waited for once together.
    """
    rows = [("demo", "o", word) for word in ("a", "b", "c")]
    waits = [(0.4, "a"), (0.8, "b"), (9, "c")]

    with ExitStack() as others:
        for part, word in waits:
            holding = partial(inserted, storage, word)
            others.enter_context(for_a_while(part * BUDGET, holding))
        others.enter_context(nothing_moves(bench))
        others.enter_context(waiting_within(storage, 1.4 * BUDGET))
        with pytest.raises(BusyError):
            storage.transact(
                lambda session: session.insert(BUYER_WORDS.table, rows),
                read_only=False,
            )
