"""
What is special about SQLite: files, one writer, kills.
"""

import contextlib
import itertools
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from sourcehere.domain.kernel.errors import ConflictError, InvalidInputError
from sourcehere.ports.storage import (
    BusyError,
    RowExistsError,
    StorageFullError,
    StorageUnavailableError,
    TablesMissingError,
)
from sourcehere.ports.waiting import one_call
from sourcehere.testing.storage_base import keep, kept
from sourcehere.testing.storage_tables import TABLES, THINGS, thing
from sourcehere_sql import SqlOptions, SqlStorage, sqlite_backend
from sourcehere_sql import storage as sql_storage

from .interruptions import InterruptedWorkError, interrupted_at

WRITE_AND_HANG = """
import sys
from sourcehere.testing.storage_tables import TABLES, THINGS, thing
from sourcehere_sql import SqlStorage
storage = SqlStorage(sys.argv[1], tables=TABLES)
storage.transact(lambda s: s.insert(THINGS, [thing("kept")]), read_only=False)
def hang(session):
    session.insert(THINGS, [thing(f"lost {i}") for i in range(50_000)])
    print("ready", flush=True)
    sys.stdin.read()
storage.transact(hang, read_only=False)
"""


@pytest.fixture
def storage(sqlite_url):
    """
    Return a storage that soon gives up waiting.
    """
    options = SqlOptions(busy_seconds=0.05)
    made = SqlStorage(sqlite_url, tables=TABLES, options=options)
    made.create_tables()
    yield made
    made.close()


@pytest.mark.slow
def test_a_kill_loses_only_what_was_not_committed(storage):
    """
    A process killed in the middle of a transaction leaves what it had committed.
    """
    with subprocess.Popen(
        [sys.executable, "-c", WRITE_AND_HANG, storage.url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert "ready\n" == process.stdout.readline()
        process.kill()

    assert [thing("kept")] == kept(storage, THINGS)
    keep(storage, THINGS, [thing("more")])
    assert [thing("kept"), thing("more")] == kept(storage, THINGS)


@pytest.fixture
def quick(monkeypatch):
    """
    Let connecting take no time, which a call has less to wait then.
    """
    stands = SimpleNamespace(monotonic=lambda: 0.0)
    monkeypatch.setattr(sql_storage, "time", stands)


@pytest.mark.usefixtures("quick")
def test_a_call_that_was_kept_waiting_shortens_no_other(sqlite_url):
    """
    A connection waits for the file as long as each call may, and not as long as the one
    before it still could.
    """
    options = SqlOptions(pool_size=1, busy_seconds=0.5)
    made = SqlStorage(sqlite_url, tables=TABLES, options=options)
    with contextlib.closing(made):
        made.create_tables()
        limits = []

        def look(session):
            limits.extend(session.select("PRAGMA busy_timeout", ()))

        with one_call() as waited:
            waited.spend(0.4)
            made.transact(look, read_only=False)
        made.transact(look, read_only=True)

        assert [(100,), (500,)] == limits


@pytest.mark.usefixtures("quick")
def test_a_limit_that_was_told_in_vain_shortens_no_call(sqlite_url):
    """
    Who has little left is interrupted while it tells the connection: the next call
    waits as long as it may.
    """
    options = SqlOptions(pool_size=1, busy_seconds=0.5)
    made = SqlStorage(sqlite_url, tables=TABLES, options=options)
    with contextlib.closing(made):
        made.create_tables()

        def look(session):
            return session.select("PRAGMA busy_timeout", ())

        for number in itertools.count(1):
            assert [(500,)] == made.transact(look, read_only=True)
            with (
                contextlib.suppress(InterruptedWorkError),
                interrupted_at(number, sqlite_backend) as where,
                one_call() as waited,
            ):
                waited.spend(0.4)
                made.transact(look, read_only=True)
            assert [(500,)] == made.transact(look, read_only=True), where
            if not where:
                break


def test_files_are_private(storage):
    """
    The database and the files beside it can be read by their owner only.
    """
    keep(storage, THINGS, [thing("a")])

    folder = Path(storage.address.full.database).parent
    modes = {f.name: oct(stat.S_IMODE(f.stat().st_mode)) for f in folder.iterdir()}
    names = ["orders.db", "orders.db-shm", "orders.db-wal"]
    assert dict.fromkeys(names, "0o600") == modes


def test_where_a_link_leads_to_is_private(tmp_path):
    """
    As when the file is to lie on another disk, and is not there yet.
    """
    (tmp_path / "link.db").symlink_to("far.db")
    made = SqlStorage(f"sqlite:///{tmp_path}/link.db", tables=TABLES)
    made.create_tables()
    keep(made, THINGS, [thing("a")])
    modes = {f.name: oct(stat.S_IMODE(f.stat().st_mode)) for f in tmp_path.iterdir()}
    made.close()

    assert {"0o600"} == set(modes.values())
    assert (tmp_path / "link.db").is_symlink()


def test_settings_are_the_safe_ones(storage):
    """
    Every connection has WAL, full sync, foreign keys, and writes its log back before it
    grows large; every table is STRICT.
    """
    with storage.engine.connect() as connection:
        ask = connection.exec_driver_sql
        assert "wal" == ask("PRAGMA journal_mode").scalar()
        assert 2 == ask("PRAGMA synchronous").scalar()
        assert 1 == ask("PRAGMA foreign_keys").scalar()
        assert 4000 == ask("PRAGMA wal_autocheckpoint").scalar()
        strict = ask("SELECT name, strict FROM pragma_table_list WHERE type = 'table'")
        assert all(row.strict for row in strict if not row.name.startswith("sqlite_"))


def test_a_database_that_is_held_is_busy(storage):
    """
    Another process's writer is waited for only so long; then nothing has happened.
    """
    other = sqlite3.connect(storage.address.full.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(BusyError) as ei:
        keep(storage, THINGS, [thing("a")])

    assert storage.url == ei.value.url
    assert "database is locked" == ei.value.cause
    assert [] == kept(storage, THINGS)  # readers do not wait
    other.close()
    keep(storage, THINGS, [thing("a")])
    assert [thing("a")] == kept(storage, THINGS)


def test_readers_see_one_moment(storage):
    """
    A read-only transaction does not see what others commit meanwhile.
    """
    keep(storage, THINGS, [thing("a")])
    other = SqlStorage(storage.url, tables=TABLES)

    def look(session):
        before = session.get(THINGS, [("s", "a"), ("s", "b")], lock=False)
        keep(other, THINGS, [thing("b")])
        return before, session.get(THINGS, [("s", "a"), ("s", "b")], lock=False)

    before, after = storage.transact(look, read_only=True)
    other.close()
    assert [thing("a")] == before == after


def test_a_nested_transaction_is_refused(storage):
    """
    Work that opens another transaction would wait for itself: it is told at once.
    """
    with pytest.raises(ConflictError):
        storage.transact(lambda _: kept(storage, THINGS), read_only=False)

    assert [] == kept(storage, THINGS)


def test_work_that_swallows_a_refusal_is_not_committed(storage):
    """
    Rows before the refused one are written already: they may not be committed.
    """

    def work(session):
        with contextlib.suppress(RowExistsError):
            session.insert(THINGS, [thing("a"), thing("a")])

    with pytest.raises(RuntimeError):
        storage.transact(work, read_only=False)

    assert [] == kept(storage, THINGS)


@pytest.mark.parametrize(
    "url",
    ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory", "mysql://h/d"],
)
def test_what_cannot_be_kept_is_refused(url):
    """
    A database in memory, or of another kind, is refused with a hint.
    """
    with pytest.raises(InvalidInputError) as ei:
        SqlStorage(url, tables=())

    assert "url" == ei.value.field


def test_a_missing_folder_is_unavailable(tmp_path):
    """
    A file that cannot be created is reported as the storage being unavailable.
    """
    storage = SqlStorage(f"sqlite:///{tmp_path}/no/orders.db", tables=TABLES)

    with pytest.raises(StorageUnavailableError):
        keep(storage, THINGS, [thing("a")])


def limit_pages(storage, count):
    """
    Let the database be no larger than *count* pages.
    """
    pool, pooled = storage.at_hand.kept() or storage.at_hand.lent()
    pooled.driver_connection.execute(f"PRAGMA max_page_count = {count}")
    storage.at_hand.give_back(pool, pooled)


def test_a_full_disk_is_called_full(storage):
    """
    What does not fit is refused as such, and nothing of it is kept; once there is room
    the next transaction is done.
    """
    large = [thing(f"a{i:0900}") for i in range(300)]
    limit_pages(storage, 30)

    with pytest.raises(StorageFullError) as ei:
        keep(storage, THINGS, large)

    assert storage.url == ei.value.url
    assert [] == kept(storage, THINGS)
    keep(storage, THINGS, [thing("a")])  # this much fits
    limit_pages(storage, 1_000_000)
    keep(storage, THINGS, large)
    assert [thing("a"), *large] == kept(storage, THINGS)


def test_a_table_that_is_missing_is_named(storage):
    """
    A table that somebody dropped is told, with what to do.
    """
    with (
        contextlib.closing(sqlite3.connect(storage.address.full.database)) as other,
        other,
    ):
        other.execute("DROP TABLE thing")

    with pytest.raises(TablesMissingError) as ei:
        kept(storage, THINGS)

    assert "no such table: thing" in ei.value.cause
    assert "sourcehere db upgrade" in str(ei.value)
