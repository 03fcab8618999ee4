"""
Connections that stay at hand between transactions: as many as are told, and none that
its pool has let go.
"""

import contextlib
import sqlite3
import threading

import psycopg
import pytest
import sqlalchemy as sa

from sourcehere.testing.storage_base import keep, kept
from sourcehere.testing.storage_tables import TABLES, THINGS, thing
from sourcehere_sql import SqlOptions, SqlStorage

MOST = 2
READING = {"read_only": True}


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request, tmp_path):
    """
    Return one that keeps two connections.
    """
    options = SqlOptions(pool_size=MOST)
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'a.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    with contextlib.closing(SqlStorage(url, tables=TABLES, options=options)) as made:
        made.create_tables()
        keep(made, THINGS, [thing("a")])
        yield made


def used(storage):
    """
    Return the driver's connection that a transaction has.
    """
    seen = []
    give_back = storage.at_hand.give_back

    def given_back(pool, pooled):
        seen.append(pooled.driver_connection)
        give_back(pool, pooled)

    storage.at_hand.give_back = given_back
    try:
        assert [thing("a")] == kept(storage, THINGS)
    finally:
        storage.at_hand.give_back = give_back
    return seen[0]


def test_the_next_transaction_has_the_same(storage):
    """
    As long as nobody closes it.
    """
    first = used(storage)

    assert used(storage) is first


@pytest.mark.parametrize("ends", ["close", "dispose"])
def test_what_was_closed_is_not_used_again(storage, ends):
    """
    Whether the storage was closed, or its engine disposed of by somebody else.
    """
    first = used(storage)

    storage.close() if ends == "close" else storage.engine.dispose()

    assert used(storage) is not first
    assert 1 == storage.engine.pool.checkedout()


def test_no_more_are_kept_than_are_told(storage):
    """
    The pool has the others, which closes what is more than it keeps, too.
    """
    together = threading.Barrier(2 * MOST, timeout=20)

    def work(session):
        del session
        together.wait()

    threads = [
        threading.Thread(target=storage.transact, args=(work,), kwargs=READING)
        for _ in range(2 * MOST)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert MOST == storage.engine.pool.checkedout()
    storage.close()
    assert 0 == storage.engine.pool.checkedout()


def test_what_failed_half_way_is_kept_if_it_was_rolled_back(storage):
    """
    An error of the work is none of the connection.
    """
    first = used(storage)

    def work(session):
        session.insert(THINGS, [thing("b")])
        raise LookupError

    with pytest.raises(LookupError):
        storage.transact(work, read_only=False)

    assert used(storage) is first


def is_closed(connection):
    """
    Tell whether the driver's connection is of no use any more.
    """
    try:
        connection.execute("SELECT 1")
    except (psycopg.OperationalError, sqlite3.ProgrammingError):
        return True
    return False


def test_what_is_given_back_while_another_thread_closes_all_is_closed(storage):
    """
    Nobody else would: it belongs to a pool that is gone.
    """
    keeps = storage.at_hand._keeps

    def while_closing(pooled):
        storage.close()
        return keeps(pooled)

    storage.at_hand._keeps = while_closing

    assert is_closed(used(storage))


def test_what_is_closed_while_another_thread_closes_all_is_closed(storage):
    """
    A connection does not stay open in a pool that is gone.
    """
    first = used(storage)
    sa.event.listen(storage.engine, "checkin", lambda *_: storage.engine.dispose())

    storage.close()

    assert is_closed(first)
