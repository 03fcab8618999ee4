"""
A host's connection that threads share, whose transaction is
lost while we work in it, or that has read what others changed.
"""

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, suppress

import psycopg
import pytest
import sqlalchemy as sa

import sourcehere
from sourcehere import Money
from sourcehere.domain.kernel.errors import ConflictError, InvalidInputError
from sourcehere.ports.storage import (
    BusyError,
    StorageFullError,
    StorageUnavailableError,
)
from sourcehere.testing.storage_base import keep, kept
from sourcehere.testing.storage_tables import THINGS, thing
from sourcehere_sql import SqlStorage

from .host_kinds import Begun, Django, Drivers, SqlAlchemy, address, driver_of

KINDS = [Drivers, Begun, Django, SqlAlchemy]
SECONDS = 10


class HostFailed(Exception):  # noqa: N818 - what happens, not what is raised
    """
    The host changes its mind.
    """


def fill(wallet):
    """
    Write more than there is room for.
    """
    for number in range(500):
        wallet.top_up(Money.parse("5", "GBP"), reference=f"T-{number}")


@pytest.fixture
def driver(host_url):
    """
    Return a connection of the host's driver that any thread may use.
    """
    if host_url.drivername.startswith("sqlite"):
        made = sqlite3.connect(host_url.database, check_same_thread=False)
    else:
        made = psycopg.connect(address(host_url))
    with closing(made):
        yield made


@pytest.mark.slow
@pytest.mark.parametrize("is_same_storage", [True, False])
def test_threads_wait_for_each_other(driver, ours, *, is_same_storage):
    """
    What one was told to be done stays done when another's work is taken back.
    """
    first = SqlStorage.joined(driver)
    second = first if is_same_storage else SqlStorage.joined(driver)
    is_inside, may_fail = threading.Event(), threading.Event()

    def work(session):
        session.insert(THINGS, [thing("a")])
        is_inside.set()
        assert may_fail.wait(SECONDS)
        raise HostFailed

    def fail():
        with suppress(HostFailed):
            first.transact(work, read_only=False)

    failing = threading.Thread(target=fail)
    keeping = threading.Thread(target=keep, args=(second, THINGS, [thing("b")]))
    failing.start()
    assert is_inside.wait(SECONDS)
    keeping.start()
    keeping.join(0.2)  # as long as the other one is inside, it does not end
    may_fail.set()
    for thread in (failing, keeping):
        thread.join(SECONDS)
    driver.commit()

    assert [thing("b")] == kept(ours, THINGS)


FORKED = """
import os, sys
from sourcehere_sql.alone import alone_on

connection = object()
with alone_on(connection):
    child = os.fork()
with alone_on(connection):
    pass
if not child:
    os._exit(7)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_child_that_is_forked_within_work_leaves_it():
    """
    It has nothing of the parent's to give back, and begins its own.
    """
    done = subprocess.run(
        [sys.executable, "-c", FORKED], capture_output=True, text=True, check=False
    )

    assert (7, "") == (done.returncode, done.stderr)


def test_work_within_work_waits_for_nobody(driver, ours):
    """
    It is of the same thread, and a part of it.
    """
    joined = SqlStorage.joined(driver)

    def work(session):
        session.insert(THINGS, [thing("a")])
        keep(joined, THINGS, [thing("b")])

    joined.transact(work, read_only=False)
    driver.commit()

    assert [thing("a"), thing("b")] == kept(ours, THINGS)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
class TestPostgres:
    """
    What happens on a server.
    """

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("raised", [None, HostFailed])
    def test_a_connection_that_is_lost_at_the_end(
        self, host_url, ours, outside, kind, raised
    ):
        """
        The database is away, whatever the host's framework makes of that.
        """

        def work(session):
            session.insert(THINGS, [thing("a")])
            pid = driver_of(connection).info.backend_pid
            outside.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
            if raised is not None:
                raise raised

        with suppress(Exception), kind(host_url).begun() as connection:
            joined = SqlStorage.joined(connection)
            with pytest.raises(StorageUnavailableError, match="begin it anew"):
                joined.transact(work, read_only=False)
            told = True
        assert told
        assert [] == kept(ours, THINGS)

    @pytest.mark.parametrize("kind", KINDS)
    def test_an_interruption_goes_first(self, host_url, ours, outside, kind):
        """
        Also where the connection is lost with it.
        """

        def work(_session):
            pid = driver_of(connection).info.backend_pid
            outside.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
            raise KeyboardInterrupt

        with suppress(Exception), kind(host_url).begun() as connection:
            with pytest.raises(KeyboardInterrupt):
                SqlStorage.joined(connection).transact(work, read_only=False)
            told = True
        assert told
        assert [] == kept(ours, THINGS)

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_row_that_others_changed_since_it_was_read(self, host_url, ours, kind):
        """
        A host that reads everything as of one moment has to begin anew.
        """
        keep(ours, THINGS, [thing("a")])
        with suppress(HostFailed), kind(host_url).begun() as connection:
            driver = driver_of(connection)
            driver.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            joined = SqlStorage.joined(connection)
            assert [thing("a")] == kept(joined, THINGS)
            change = (("s", "a"), {"quantity": 1})
            ours.transact(lambda s: s.add(THINGS, [change]), read_only=False)
            with pytest.raises(ConflictError, match="roll back the host's") as ei:
                joined.transact(lambda s: s.add(THINGS, [change]), read_only=False)
            assert "try again" not in str(ei.value)
            raise HostFailed
        assert [thing("a", quantity=1)] == kept(ours, THINGS)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestSqlite:
    """
    What happens in a file.
    """

    @pytest.mark.parametrize("kind", [Begun, Django])
    def test_what_others_wrote_since_it_was_read(self, host_url, ours, kind):
        """
        It is told at once, and as no time that was waited.
        """
        with suppress(HostFailed), kind(host_url).begun() as connection:
            joined = SqlStorage.joined(connection)
            assert [] == kept(joined, THINGS)
            keep(ours, THINGS, [thing("a")])
            with pytest.raises(ConflictError, match="BEGIN IMMEDIATE"):
                keep(joined, THINGS, [thing("b")])
            raise HostFailed
        assert [thing("a")] == kept(ours, THINGS)

    def test_how_long_was_waited_is_told(self, host_url, ours):
        """
        It is the host's limit, and not that of connections of ours.
        """
        path = host_url.database
        with (
            closing(sqlite3.connect(path, isolation_level=None)) as other,
            closing(sqlite3.connect(path, timeout=0.1)) as connection,
        ):
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(BusyError) as ei:
                keep(SqlStorage.joined(connection), THINGS, [thing("a")])
            other.execute("ROLLBACK")
        assert 0.1 <= ei.value.seconds < 5
        assert [] == kept(ours, THINGS)

    @pytest.mark.parametrize("kind", [Drivers, SqlAlchemy])
    def test_a_full_disk_takes_back_all(self, database_url, kind):
        """
        SQLite ends the host's transaction by itself, which the host has to know.
        """
        with sourcehere.open(database_url) as app:
            app.staff("ann").sellers.register("lamps", name="Lamps", currency="GBP")
            with suppress(HostFailed), kind(sa.make_url(database_url)).begun() as host:
                driver = driver_of(host)
                (pages,) = driver.execute("PRAGMA page_count").fetchone()
                driver.execute(f"PRAGMA max_page_count = {pages}").fetchall()
                joined = app.over(SqlStorage.joined(host))
                with pytest.raises(StorageFullError, match="begin it anew"):
                    fill(joined.staff("ann").seller("lamps").wallet)
                assert not driver.in_transaction
                driver.execute("PRAGMA max_page_count = 100000").fetchall()
                wallet = joined.staff("ann").seller("lamps").wallet
                with pytest.raises(InvalidInputError, match="join the connection"):
                    wallet.top_up(Money.parse("5", "GBP"), reference="T-1000")
                assert not driver.in_transaction
                raise HostFailed
            assert 0 == app.seller("lamps").wallet.get().available.minor
            with kind(sa.make_url(database_url)).begun() as host:
                joined = app.over(SqlStorage.joined(host))
                wallet = joined.staff("ann").seller("lamps").wallet
                wallet.top_up(Money.parse("5", "GBP"), reference="T-1001")
            assert 500 == app.seller("lamps").wallet.get().available.minor

    def test_an_interruption_by_the_host(self, driver, ours):
        """
        By an error of ours.
        """
        joined = SqlStorage.joined(driver)

        def work(session):
            session.insert(THINGS, [thing("a")])
            driver.set_progress_handler(lambda: 1, 1)
            try:
                session.insert(THINGS, [thing("b")])
            finally:
                driver.set_progress_handler(None, 0)

        with pytest.raises(StorageUnavailableError, match="interrupted"):
            joined.transact(work, read_only=False)
        driver.commit()
        assert [] == kept(ours, THINGS)
