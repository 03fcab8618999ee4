"""
PostgreSQL behind a pooler in transaction mode.
"""

import threading
from contextlib import closing

import psycopg
import pytest
import sqlalchemy as sa

import sourcehere
from sourcehere import Money
from sourcehere.ports.storage import BusyError, RowExistsError, StorageUnavailableError
from sourcehere.testing.storage_base import keep, kept
from sourcehere.testing.storage_tables import TABLES, THINGS, thing
from sourcehere_sql import SqlOptions, SqlStorage

from .sql_pooler import Pooler

LIMITS = (
    "SELECT current_setting('search_path'), current_setting('lock_timeout'),"
    " current_setting('statement_timeout'),"
    " current_setting('idle_in_transaction_session_timeout')"
)
A = ("s", "a")
OURS = ("pg_catalog, pg_temp", "50s", "7s", "5s")
THE_SERVER_S = ('"$user", public', "0", "0", "0")
OPTIONS = SqlOptions(
    busy_seconds=50, statement_seconds=7, idle_seconds=5, pooler=True, pool_size=4
)


@pytest.fixture
def pooler(postgres_url):
    """
    Return a pooler with three connections to an empty database.
    """
    url = sa.make_url(postgres_url)
    with closing(Pooler(url.query["host"], url.database)) as made:
        yield made


@pytest.fixture
def pooled_url(postgres_url, pooler):
    """
    Return the URL of that database behind the pooler.
    """
    url = sa.make_url(postgres_url)
    there = url.set(host="127.0.0.1", port=pooler.port, query={})
    return there.render_as_string(hide_password=False)


@pytest.fixture
def storage(pooled_url):
    """
    Return one that knows of the pooler, its tables made.
    """
    with closing(SqlStorage(pooled_url, tables=TABLES, options=OPTIONS)) as made:
        made.create_tables()
        yield made


def limits_in(session):
    (row,) = session.select(LIMITS, ())
    return row


@pytest.mark.parametrize("read_only", [False, True])
def test_every_transaction_has_its_limits_and_leaves_none(
    storage, pooled_url, read_only
):
    """
    Whichever connection it is given; others find those as the server has them, and
    nothing prepared.
    """
    for _ in range(8):
        found = storage.transact(limits_in, read_only=read_only)
        assert OURS == found

    plain = pooled_url.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True, prepare_threshold=None) as other:
        for _ in range(3):
            assert THE_SERVER_S == other.execute(LIMITS).fetchone()
            prepared = "SELECT count(*) FROM pg_prepared_statements"
            assert (0,) == other.execute(prepared).fetchone()


@pytest.mark.parametrize("read_only", [False, True])
def test_nothing_is_said_behind_an_end_that_is_not_heard(storage, pooler, read_only):
    """
    Else it would be said on a connection that another client has by then.
    """
    keep(storage, THINGS, [thing("a")])
    for _ in range(20):
        got = storage.transact(
            lambda s: s.get(THINGS, [A], lock=False), read_only=read_only
        )
        assert [thing("a")] == got

    storage.close()
    assert 0 == pooler.ahead


def test_work_that_is_done_again_has_them_too(storage):
    """
    What is refused at first is looked at one by one, in a transaction of its own.
    """
    keep(storage, THINGS, [thing("a")])
    seen = []

    def work(session):
        seen.append(limits_in(session))
        session.insert(THINGS, [thing("b")])
        session.insert(THINGS, [thing("a")])

    with pytest.raises(RowExistsError):
        storage.transact(work, read_only=False)

    assert [OURS, OURS] == seen
    assert [thing("a")] == kept(storage, THINGS)


def test_what_makes_the_tables_has_them_too(storage):
    """
    Opening and upgrading speak through connections of SQLAlchemy's.
    """
    with storage.engine.connect() as connection:
        assert OURS == tuple(connection.exec_driver_sql(LIMITS).one())


def test_locks_are_waited_for_as_long_as_it_says(pooled_url):
    """
    Somebody holds a row, and the caller is told.
    """
    options = SqlOptions(busy_seconds=0.1, pooler=True)
    with closing(SqlStorage(pooled_url, tables=TABLES, options=options)) as storage:
        storage.create_tables()
        keep(storage, THINGS, [thing("a")])
        held, leave = threading.Event(), threading.Event()

        def hold(session):
            session.get(THINGS, [A], lock=True)
            held.set()
            leave.wait(20)

        holder = threading.Thread(
            target=storage.transact, args=[hold], kwargs={"read_only": False}
        )
        holder.start()
        held.wait(20)
        with pytest.raises(BusyError):
            storage.transact(
                lambda session: session.get(THINGS, [A], lock=True),
                read_only=False,
            )
        leave.set()
        holder.join()


def test_a_database_is_made_and_used(pooled_url):
    """
    By the whole library, with more threads than the pooler has connections: each unit
    of money counts once.
    """
    with sourcehere.open(f"{pooled_url}?pooler=true") as sh:
        sh.staff("ann").sellers.register("demo", name="Demo", currency="USD")
        wallet = sh.staff("ann").seller("demo").wallet

        def top_up(name):
            for number in range(10):
                wallet.top_up(Money(100, "USD"), reference=f"{name}-{number}")

        threads = [threading.Thread(target=top_up, args=[n]) for n in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert Money(5_000, "USD") == wallet.get().available
        assert () == sh.staff("ann").audit.run(replay=True).violations


def keep_many(storage):
    for number in range(50):
        keep(storage, THINGS, [thing(f"a{number}")])


def test_without_it_the_refusal_says_what_to_say(pooled_url):
    """
    What one connection has prepared is not found on another.
    """
    with closing(SqlStorage(pooled_url, tables=TABLES)) as storage:
        storage.create_tables()
        with pytest.raises(StorageUnavailableError) as ei:
            keep_many(storage)

    assert "prepared statement" in ei.value.cause
    assert ei.value.cause.endswith("say pooler=true in the URL")


def test_what_others_have_prepared_is_told_so_too(pooled_url):
    """
    A name that this client would give is taken on every connection.
    """
    plain = pooled_url.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True, prepare_threshold=None) as other:
        for _ in range(3):
            other.execute('PREPARE "sourcehere_1" AS SELECT 1')
    with closing(SqlStorage(pooled_url, tables=TABLES)) as storage:
        storage.create_tables()
        with pytest.raises(StorageUnavailableError, match=r"already exists.*pooler="):
            keep_many(storage)


@pytest.mark.parametrize("word", ["yes", "1", "True"])
def test_it_is_true_or_false(word):
    with pytest.raises(sourcehere.InvalidInputError) as ei:
        SqlStorage(f"postgresql+psycopg://db.example/shop?pooler={word}", tables=TABLES)

    assert ("pooler", "true or false") == (ei.value.field, _expected(ei.value))


def _expected(error):
    return str(error).partition(" is not ")[2]
