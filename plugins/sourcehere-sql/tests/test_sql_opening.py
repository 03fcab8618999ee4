"""
Opening creates, upgrades or refuses; and nothing is ever half done.
"""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from sourcehere.domain.kernel.clock import from_micros
from sourcehere.domain.sellers.model import Seller
from sourcehere.ports.providers import SchemaState, SchemaVersion
from sourcehere.ports.storage import BusyError, SchemaVersionError
from sourcehere.unit.tables import TABLES
from sourcehere.unit.tables.sellers import SELLERS
from sourcehere_sql import SqlStorage, open_storage
from sourcehere_sql.opening import look_at_schema
from sourcehere_sql.upgrading import known_versions, read_version

OPEN = """
import sys
from sourcehere.unit.tables import (TABLES)
from sourcehere_sql import open_storage
open_storage(sys.argv[1], TABLES).close()
"""
# Each in a process of its own; what is imported is so before they begin.
FOUR_TIMES = """
import multiprocessing
import os
import sys
import alembic.command
from sourcehere.unit.tables import (TABLES)
from sourcehere_sql import open_storage, opening, postgres_backend, sqlite_backend
together = multiprocessing.get_context("fork").Barrier(4)
children = []
for _ in range(4):
    children.append(os.fork())
    if not children[-1]:
        together.wait()
        open_storage(sys.argv[1], TABLES).close()
        os._exit(0)
print([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children])
"""
UPGRADE_AND_HANG = """
import sys
from sourcehere.unit.tables import (TABLES)
from sourcehere_sql import SqlStorage
from sourcehere_sql.opening import make_tables
storage = SqlStorage(sys.argv[1], tables=TABLES)
with storage.engine.connect() as connection:
    if "sqlite" in sys.argv[1]:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    make_tables(storage, connection)
    print("ready", flush=True)
    sys.stdin.read()
"""


def _script(code, url, **options):
    return subprocess.Popen([sys.executable, "-c", code, url], text=True, **options)


def _mark(storage, version):
    """
    Write *version* into the database, as another release would have.
    """
    with storage.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        table = storage.address.place.quoted("sourcehere_version")
        connection.exec_driver_sql(f"UPDATE {table} SET version_num = '{version}'")
        connection.commit()


def test_opening_again_changes_nothing(database_url):
    """
    A database that is up to date is opened as it is, and keeps its rows.
    """
    row = SELLERS.to_row(
        Seller(seller_id="s", name="Ann", currency="USD", joined_at=from_micros(7))
    )
    first = open_storage(database_url, TABLES)
    first.transact(lambda s: s.insert(SELLERS.table, [row]), read_only=False)
    first.close()

    again = open_storage(database_url, TABLES)
    found = again.transact(
        lambda s: s.get(SELLERS.table, [("s",)], lock=False), read_only=True
    )
    again.close()
    assert [row] == found


def test_only_an_upgrade_imports_alembic(sqlite_url):
    """
    What is new, or as this release needs it, has nothing to upgrade.
    """
    code = OPEN + "assert 'alembic' not in sys.modules"
    for _ in ("new", "again"):
        assert 0 == _script(code, sqlite_url).wait()


def test_a_newer_database_is_refused(database_url):
    """
    A schema that this release does not know is not touched, and the error says why.
    """
    storage = open_storage(database_url, TABLES)
    _mark(storage, "9999")
    storage.close()

    with pytest.raises(SchemaVersionError) as ei:
        open_storage(database_url, TABLES)

    assert "9999" == ei.value.found
    assert known_versions()[-1] == ei.value.expected
    assert storage.url == ei.value.url


@pytest.mark.parametrize("found", ["0001", "0001_00000000"])
def test_a_database_of_before_the_first_release_is_refused(database_url, found):
    """
    Its tables are others, and nothing makes ours of them.
    """
    storage = open_storage(database_url, TABLES)
    _mark(storage, found)
    storage.close()
    assert SchemaState.UNRELEASED is look_at_schema(database_url).state
    with pytest.raises(SchemaVersionError) as ei:
        open_storage(database_url, TABLES)

    assert (found, known_versions()[-1]) == (ei.value.found, ei.value.expected)
    assert (
        "it was made before the first release, with other tables: make a new one"
        == (ei.value.advice)
    )


def test_a_new_database_is_made_without_upgrading(database_url):
    """
    Without *upgrade* a new database is made all the same, and then is up to date.
    """
    storage = open_storage(database_url, TABLES, upgrade=False)
    with storage.engine.connect() as connection:
        assert known_versions()[-1] == read_version(connection, storage.address.place)
    storage.close()

    open_storage(database_url, TABLES, upgrade=False).close()


@pytest.mark.slow
@pytest.mark.share(3)
@pytest.mark.parametrize("tables", ["TABLES", "()"], ids=["at once", "migrated"])
def test_many_processes_may_open_at_once(database_url, tables):
    """
    Of processes that open a new database together, one creates and all succeed.
    """
    code = FOUR_TIMES.replace("argv[1], TABLES", f"argv[1], {tables}")
    with _script(code, database_url, stdout=subprocess.PIPE) as process:
        said, _ = process.communicate()

    assert "[0, 0, 0, 0]\n" == said


def test_who_writes_to_a_file_is_waited_for(sqlite_url):
    """
    A file that is not in WAL mode yet, as of processes that make it together, is not
    called locked at once, as SQLite does.
    """
    other = sqlite3.connect(sa.make_url(sqlite_url).database, check_same_thread=False)
    other.execute("CREATE TABLE made (here)")
    other.execute("BEGIN IMMEDIATE")
    soon = threading.Timer(0.3, other.commit)
    soon.start()

    storage = open_storage(sqlite_url, TABLES)
    with storage.engine.connect() as connection:
        assert "wal" == connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    storage.close()
    soon.join()
    other.close()


def test_who_writes_to_a_file_is_not_waited_for_without_end(sqlite_url):
    """
    It is as busy as for any other lock, after as many seconds.
    """
    other = sqlite3.connect(sa.make_url(sqlite_url).database)
    other.execute("CREATE TABLE made (here)")
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(BusyError) as ei:
        open_storage(f"{sqlite_url}?busy_seconds=0.2", TABLES)

    assert (0.2, "database is locked") == (ei.value.seconds, ei.value.cause)
    other.close()


@pytest.mark.slow
@pytest.mark.share(3)
@pytest.mark.parametrize("tables", ["TABLES", "()"], ids=["at once", "migrated"])
def test_an_upgrade_killed_half_way_is_as_if_never_begun(database_url, tables):
    """
    After a kill in the middle of an upgrade, opening again does all of it.
    """
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    code = UPGRADE_AND_HANG.replace("tables=TABLES", f"tables={tables}")
    with _script(code, database_url, **pipes) as process:
        assert "ready\n" == process.stdout.readline()
        process.kill()

    storage = open_storage(database_url, TABLES)
    with storage.engine.connect() as connection:
        place = storage.address.place
        assert known_versions()[-1] == read_version(connection, place)
        schema = place.schema or None
        names = set(sa.inspect(connection).get_table_names(schema=schema))
    storage.close()
    assert {table.name for table in TABLES} <= names


@pytest.fixture(params=["", "named"])
def named_url(database_url, request):
    """
    Return the URL of an empty database, with and without a place of its own.
    """
    if not request.param:
        return database_url
    if database_url.startswith("sqlite"):
        return f"{database_url}?prefix=sh_"
    return f"{database_url}&schema=shop_a"


def test_looking_at_a_database_changes_nothing(named_url):
    """
    The version of a new, old, current and newer database is told and nothing is made.
    """
    newest = known_versions()[-1]

    def look(found, state):
        expected = SchemaVersion(found=found, expected=newest, state=state)
        assert expected == look_at_schema(named_url)

    look("", SchemaState.EMPTY)
    if named_url.startswith("sqlite"):
        path = Path(SqlStorage(named_url, tables=()).address.full.database)
        assert not path.exists()
        path.touch()
        look("", SchemaState.EMPTY)
        assert b"" == path.read_bytes()
        assert [path] == list(path.parent.iterdir())
    storage = open_storage(named_url, TABLES)
    look(newest, SchemaState.CURRENT)
    _mark(storage, "9999")
    look("9999", SchemaState.NEWER)
    storage.close()
    look("9999", SchemaState.NEWER)


def test_looking_at_an_older_database(database_url, tmp_path):
    """
    A database without the newest migration is old, and is as it was after a look.
    """
    open_storage(database_url, TABLES).close()
    now = known_versions()[-1]
    later = f"{int(now[:4]) + 1:04}"
    (tmp_path / f"{later}_later.py").write_text("")

    for _ in range(2):
        found = look_at_schema(database_url, migrations=[tmp_path])
        expected = SchemaVersion(found=now, expected=later, state=SchemaState.OLD)
        assert expected == found
