"""
A call waits for others no longer than its budget, then it says that they are busy.
"""

import sqlite3
import time
from contextlib import closing, contextmanager

import psycopg
import pytest

from sourcehere.domain.kernel.errors import CounterpartyError
from sourcehere.ports.storage import BusyError
from sourcehere.testing.factories import SELLER, nothing_moves, open_bench, snapshot
from sourcehere.unit.tables import TABLES
from sourcehere_sql import SqlOptions
from sourcehere_sql.opening import open_storage

BUDGET = 1.0
ORDERS = [str(number) for number in range(1, 13)]


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request):
    """
    Return a storage that soon gives up waiting.
    """
    kind = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url = request.getfixturevalue(kind)
    made = open_storage(url, TABLES, options=SqlOptions(busy_seconds=BUDGET))
    yield made
    made.close()


@pytest.fixture
def bench(storage):
    """
    A bench whose shop sells cups that are connected; clean when the test ends.
    """
    made = open_bench(storage=storage)
    made.connect(made.rule("CUP"))
    yield made
    assert () == made.app.audit.run(replay=True).violations


@contextmanager
def held(storage, table, condition="true"):
    """
    Let somebody else hold rows of *table*; on SQLite they hold everything.
    """
    if storage.address.is_sqlite:
        path = storage.address.full.database
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    url = storage.address.full.set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False)) as other:
        name = storage.address.place.quoted(table)
        other.execute(f"SELECT FROM {name} WHERE {condition} FOR UPDATE")
        yield
        other.rollback()


@contextmanager
def within(seconds):
    """
    Hold that what is done inside takes no longer.
    """
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


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
        within(2 * BUDGET),
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

    with held(storage, "orders"), nothing_moves(bench), within(2 * BUDGET):
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

    with held(storage, "orders", f"order_id = '{orders[3]}'"), within(2 * BUDGET):
        payment = pay(bench, offer, each=True)

    assert {*orders} - {orders[3]} == {*payment.paid}
    assert {orders[3]: BusyError} == kinds(payment.failed)
