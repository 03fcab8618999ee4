"""
Who only reads does not wait for the end of the transaction: the next one on the same
connection hears of it. Behind a pooler it does wait, and the rest is the same.
"""

import contextlib
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg.pq import PipelineStatus, TransactionStatus

from sourcehere.ports.storage import BusyError, Get
from sourcehere.testing.storage_base import keep, kept
from sourcehere.testing.storage_tables import TABLES, THINGS, thing
from sourcehere_sql import SqlOptions, SqlStorage

A = ("s", "a")
ORDER = THINGS.position["order"]


@pytest.fixture(params=[False, True], ids=["own", "pooler"])
def storage(request, postgres_url):
    """
    Return one with a thing in it, which keeps one connection at hand.
    """
    options = SqlOptions(pool_size=1, busy_seconds=0.2, pooler=request.param)
    made = SqlStorage(postgres_url, tables=TABLES, options=options)
    with contextlib.closing(made):
        made.create_tables()
        keep(made, THINGS, [thing("a")])
        yield made


def count(storage, number=1):
    """
    Add to the thing.
    """
    storage.transact(lambda s: s.add(THINGS, [(A, {"order": number})]), read_only=False)


def counted(storage):
    """
    Return what was added, which leaves the end unheard.
    """
    ((row),) = kept(storage, THINGS)
    return row[ORDER]


def states(outside):
    """
    Return what the others do on the server.
    """
    found = outside.execute(
        "SELECT state FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    ).fetchall()
    return {state for (state,) in found}


def test_readers_and_writers_take_turns(storage):
    """
    What each reads is what was there, in whichever order they come.
    """
    for number in range(1, 6):
        assert number - 1 == counted(storage)
        assert number - 1 == counted(storage)
        count(storage)

    assert 5 == counted(storage)


def test_nothing_stays_open_on_the_server(storage, outside):
    """
    The end is sent at once: no row and no version of one is kept for a reader that has
    gone.
    """
    counted(storage)

    until = time.monotonic() + 10
    while states(outside) != {"idle"}:
        assert time.monotonic() < until, states(outside)
        time.sleep(0.01)


def test_a_reader_that_has_not_heard_all_waits_for_it(storage):
    """
    What was asked for and not looked at yet may be had afterwards.
    """
    answer = storage.transact(lambda s: s.ask(Get(THINGS, (A,))), read_only=True)
    count(storage)

    assert [thing("a")] == answer()


@pytest.mark.parametrize("next_one", [counted, count])
def test_a_connection_that_died_since_is_replaced(storage, outside, next_one):
    """
    Nobody is told of it; what is written is written once.
    """
    counted(storage)
    outside.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    next_one(storage)

    assert (1 if next_one is count else 0) == counted(storage)


def test_work_that_is_done_with_care_hears_it_first(storage):
    """
    A write that is refused is done again, one statement after the other.
    """
    runs = []

    def work(session):
        runs.append(len(runs))
        return session.add(THINGS, [(A, {"quantity": -1})])

    counted(storage)

    assert [A] == storage.transact(work, read_only=False)
    assert 2 == len(runs)
    assert [A] == storage.transact(work, read_only=False)
    assert 0 == counted(storage)


def test_who_works_in_the_middle_of_it_is_told_of_locks(storage, postgres_url):
    """
    What follows it waits no longer than it may.
    """
    counted(storage)
    url = postgres_url.replace("+psycopg", "")
    with psycopg.connect(url) as other:
        other.execute('SELECT * FROM sourcehere."thing" FOR UPDATE')

        with pytest.raises(BusyError):
            count(storage)

    count(storage)
    assert 1 == counted(storage)


def test_what_goes_back_to_the_pool_has_heard_all(storage):
    """
    Others have it from there who know of no pipeline: here those that make tables.
    """

    def first(session):
        # Two transactions at a time: only one of their connections stays at hand.
        with ThreadPoolExecutor() as pool:
            assert 0 == pool.submit(counted, storage).result()
        return session.get(THINGS, [A], lock=False)

    assert [thing("a")] == storage.transact(first, read_only=True)

    with storage.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert PipelineStatus.OFF == driver.pgconn.pipeline_status
        assert TransactionStatus.IDLE == driver.info.transaction_status
        assert 1 == connection.exec_driver_sql("SELECT 1").scalar_one()
    storage.create_tables()
    count(storage)
    assert 1 == counted(storage)


def test_who_closes_takes_leave(storage, outside):
    """
    Each time at once: a server whose answer finds nobody tells its log of a lost
    client.
    """
    ((folder,),) = outside.execute("SHOW data_directory").fetchall()
    log = Path(folder, "log")
    before = log.read_text().count("connection to client lost")
    for _ in range(20):
        counted(storage)
        storage.close()

    until = time.monotonic() + 10
    while states(outside):
        assert time.monotonic() < until, states(outside)
        time.sleep(0.01)
    assert before == log.read_text().count("connection to client lost")


@pytest.mark.parametrize("storage", [False], indirect=True, ids=["own"])
def test_an_end_that_fails_is_a_connection_that_is_lost(storage):
    """
    Nobody can do anything about what was read before; the next one goes to another
    connection. Behind a pooler no end is left unheard.
    """
    counted(storage)
    pool, pooled = storage.at_hand.kept() or storage.at_hand.lent()
    lost = pooled.driver_connection
    pipeline = pooled.info["sourcehere_pipeline"]
    pipeline.send("SELECT 1/0", ())
    pipeline.leave_unheard()
    storage.at_hand.give_back(pool, pooled)

    count(storage)

    assert lost.closed
    assert 1 == counted(storage)
