"""
What every test can use, here and in the plugins.
"""

import fcntl
import gc
import os
import shutil
import sqlite3
import subprocess
import sys
import zlib
from contextlib import closing
from functools import cache, lru_cache, partial
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg import _queries
from sqlalchemy import event

pytest.register_assert_rewrite("sourcehere.testing")
sys.dont_write_bytecode = False  # other processes of this run need it, too

from sourcehere.builtin.memory import MemoryStorage  # noqa: E402
from sourcehere.plugins import Registry  # noqa: E402 - after the registration
from sourcehere.testing.factories import NOON, ManualClock  # noqa: E402
from sourcehere.testing.postgres import (  # noqa: E402
    fresh_database,
    postgres_server,
    postgres_url,
)
from sourcehere.testing.rows import DumpsItself, dump, fill  # noqa: E402
from sourcehere.unit.tables import TABLES  # noqa: E402
from sourcehere_sql.postgres_session import PostgresSession  # noqa: E402
from sourcehere_sql.statements import select_page  # noqa: E402
from sourcehere_sql.wire import RowCursor  # noqa: E402

ROOT = Path(__file__).parent
EVERY_ROW = 1_000_000

__all__ = ["postgres_server", "postgres_url", "sqlite_url"]

# Some tests start a command dozens of times: let it keep what it has compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# psycopg keeps 128 statements that it has read; these tests have 500.
_queries._query2pg = lru_cache(1000)(_queries._query2pg_nocache)  # noqa: SLF001 - it has no setting

# Files live in memory where there is room: no test pulls the plug, and the disk's
# confirmations would be half of the time.
IN_MEMORY, ROOM = Path("/dev/shm"), 4 << 30  # noqa: S108 - pytest makes its own folder
if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))

settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")


# Tests in these folders are the same on every storage: each is given one in so many.
THE_SAME = {"doors", "face", "security", "services"}
SHARE = {"memory": 1, "sqlite": 2, "postgresql": 4}


def pytest_addoption(parser):
    """
    Offer `--everywhere`, which holds unless the whole suite is run by its name only.
    """
    parser.addoption(
        "--everywhere",
        action="store_true",
        default=None,
        help="run every test on every storage, not on databases a share of them only",
    )


def pytest_configure(config):
    """
    Decide how much is run; processes of this run are told.
    """
    if config.option.everywhere is None:
        is_whole = config.args_source == config.ArgsSource.TESTPATHS
        config.option.everywhere = not is_whole


def pytest_collection_modifyitems(config, items):
    """
    Leave out what `--everywhere` runs besides.

    What a database does is tested on each, whole: contracts, migrations, races, walks.
    Services do the same on all of them, so that databases are given some of their
    tests: always the same, and of every file about as many.
    """
    if config.option.everywhere:
        return
    left_out = [item for item in items if not is_in_share(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if is_in_share(item)]


def is_in_share(item):
    """
    Tell whether a test belongs to the share that its storage is given.
    """
    chosen = any(
        mark.args[0] == "new_storage" for mark in item.iter_markers("parametrize")
    )
    kind = getattr(item, "callspec", None) and item.callspec.params.get("new_storage")
    if kind is None or chosen or item.path.relative_to(ROOT).parts[1] not in THE_SAME:
        return True
    name = item.nodeid.replace(kind, "")
    return zlib.crc32(name.encode()) % SHARE[kind] == 0


def pytest_collection_finish():
    """
    Keep what is there before the first test from being looked through for garbage.

    Modules and collected tests are a million objects that nobody will free.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def check_types():
    """
    Give what runs mypy with arguments, one run at a time, and returns what it has done.

    All share the cache that `mypy` has in this folder: our own modules, which are read
    for each of them, take twenty times as long without it.
    """
    cache_dir = ROOT / ".mypy_cache"
    cache_dir.mkdir(exist_ok=True)

    def run(*arguments, **options):
        command = [sys.executable, "-m", "mypy", f"--cache-dir={cache_dir}", *arguments]
        with (cache_dir / "turn").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            return subprocess.run(  # noqa: S603 - ours
                command, check=False, capture_output=True, text=True, **options
            )

    return run


@pytest.fixture
def sqlite_url(tmp_path):
    """
    Give the URL of a database file that does not exist yet.
    """
    return f"sqlite:///{tmp_path}/orders.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """
    Give the URL of an empty database of each kind.
    """
    kind = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return request.getfixturevalue(kind)


@cache
def registry():
    """
    Return the plugins that are installed, looked for once.
    """
    return Registry(clock=ManualClock(NOON))


def opened(url):
    """
    Open the storage at *url*, its tables made.
    """
    return registry().storage(url, TABLES)


@pytest.fixture(scope="session")
def sqlite_storage(tmp_path_factory):
    """
    Give one open file, its tables made once: to be emptied for each test.
    """
    path = tmp_path_factory.mktemp("sqlite") / "orders.db"
    made = opened(f"sqlite:///{path}")
    yield made
    made.close()


@pytest.fixture(scope="session")
def empty_sqlite(sqlite_storage):
    """
    Give what takes all rows out of that file.
    """
    path = sqlite_storage.address.full.database
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        text = f"BEGIN IMMEDIATE; {without_rows(sqlite_storage)}; COMMIT"
        yield partial(connection.executescript, text)


@pytest.fixture(scope="session")
def postgres_storage(postgres_server):
    """
    Give one open database, its tables made once: to be emptied for each test.
    """
    with fresh_database(postgres_server) as url:
        made = opened(url)
        event.listen(made.engine, "connect", keep_prepared)
        made.engine.dispose()  # those that made the tables are not kept
        made.dump = partial(dumped, made)
        yield made
        made.close()


def keep_prepared(connection, _record):
    """
    Let *connection* to a database whose tables stay keep all that it has prepared.

    psycopg forgets it at each rollback, as tables may be others then. A rollback in
    every other test made the server read and plan nine of ten statements anew.
    """
    connection.prepared_max = 1000
    connection._prepared.clear = lambda: False  # noqa: SLF001 - it has no setting


def dumped(storage, tables):
    """
    Return every row of *tables* of a PostgreSQL database, in one round trip.
    """

    def work(session):
        connection = session._cursor.connection  # noqa: SLF001 - the port asks page by page
        with connection.pipeline():
            asked = [
                RowCursor(connection).execute(text, (EVERY_ROW,))
                for text in (every_row(table, session.at) for table in tables)
            ]
            found = [cursor.fetchall() for cursor in asked]
        return {table.name: rows for table, rows in zip(tables, found, strict=True)}

    return storage.transact(work, read_only=True)


@cache
def every_row(table, at):
    """
    Return the statement of a page of *table*.
    """
    given = {"after": False, "until": False, "descending": False}
    return select_page(table.primary, at, PostgresSession.mark, **given)


@pytest.fixture
def violations():
    """
    Give what audits a bench and replays it: what is wrong with it.

    What PostgreSQL holds is audited in a copy: of a small database an audit is little
    but waiting for answers. That it finds the same on each has its own tests.
    """

    def found(bench):
        app = bench.app
        if isinstance(app.storage, DumpsItself):
            copy = MemoryStorage(TABLES)
            fill(copy, dump(app.storage))
            app = app.over(copy)
        return app.audit.run(replay=True).violations

    return found


@pytest.fixture(scope="session")
def empty_postgres(postgres_storage):
    """
    Give what takes all rows out of that database, in one round trip.

    A function keeps the plans of its statements, which take longer than running them.
    """
    plain = postgres_storage.url.replace("postgresql+psycopg:", "postgresql:", 1)
    text = without_rows(postgres_storage)
    head = "CREATE FUNCTION pg_temp.emptied() RETURNS void LANGUAGE plpgsql"
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"{head} AS $$BEGIN {text}; END$$".encode())
        yield partial(connection.execute, b"SELECT pg_temp.emptied()")


def without_rows(database):
    """
    Return what is to be run to take all rows out of an open database.
    """
    names = [database.address.place.quoted(table.name) for table in TABLES]
    return "; ".join(f"DELETE FROM {name}" for name in names)  # noqa: S608 - our names


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def new_storage(request):
    """
    Give what gives an empty storage, of each kind; the one before is no longer used.
    """
    if request.param == "memory":
        return partial(MemoryStorage, TABLES)
    kind = "sqlite" if request.param == "sqlite" else "postgres"
    return partial(
        emptied,
        request.getfixturevalue(f"{kind}_storage"),
        request.getfixturevalue(f"empty_{kind}"),
    )


def emptied(database, empty):
    """
    Return an open database without its rows.
    """
    empty()
    return database


@pytest.fixture
def storage(new_storage):
    """
    Give an empty storage of each kind.
    """
    return new_storage()
