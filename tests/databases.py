"""
The storages that tests are given: empty ones, and such with tables, of each kind.
"""

import shutil
import sqlite3
from contextlib import closing
from functools import cache, partial

import psycopg
import pytest

from sourcehere.builtin.memory import MemoryStorage
from sourcehere.plugins import Registry
from sourcehere.testing.factories import NOON, ManualClock
from sourcehere.testing.postgres import (
    fresh_database,
    postgres_server,
    postgres_url,
)
from sourcehere.testing.rows import DumpsItself, dump, fill
from sourcehere.unit.tables import TABLES
from sourcehere_sql.postgres_session import PostgresSession
from sourcehere_sql.statements import select_page

__all__ = ["postgres_server", "postgres_url"]

EVERY_ROW = 1_000_000
OTHERS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def sqlite_url(tmp_path):
    """
    Return the URL of a database file that does not exist yet.
    """
    return f"sqlite:///{tmp_path}/orders.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """
    Return the URL of an empty database of each kind.
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
    Return one open file, its tables made once: to be emptied for each test.
    """
    path = tmp_path_factory.mktemp("sqlite") / "orders.db"
    made = opened(f"sqlite:///{path}")
    yield made
    made.close()


@pytest.fixture(scope="session")
def empty_sqlite(sqlite_storage):
    """
    Return what takes all rows out of that file.
    """
    path = sqlite_storage.address.full.database
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        text = f"BEGIN IMMEDIATE; {without_rows(sqlite_storage)}; COMMIT"
        yield partial(connection.executescript, text)


@pytest.fixture(scope="session")
def postgres_storage(postgres_server):
    """
    Return one open database, its tables made once: to be emptied for each test.
    """
    with fresh_database(postgres_server) as url:
        made = opened(url)
        made.dump = partial(dumped, made)
        yield made
        made.close()


def dumped(storage, tables):
    """
    Return every row of *tables* of a PostgreSQL database, in one round trip.
    """

    def work(session):
        asked = [
            session._pipe.ask(every_row(table, session.at), (EVERY_ROW,))
            for table in tables
        ]
        found = [session._pipe.rows(answer) for answer in asked]
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
    Return what audits a bench and replays it: what is wrong with it.

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
    Return what takes all rows out of that database, in one round trip.

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
    return "; ".join(f"DELETE FROM {name}" for name in names)


# Databases whose tables are made: making them takes longer than most tests.


def made(url):
    """
    Make the tables of an empty database, and return what takes all rows out of them.
    """
    storage = opened(url)
    storage.close()
    return without_rows(storage)


@pytest.fixture(scope="session")
def postgres_with_tables(postgres_server):
    """
    Return the URL of a database, and what empties it and ends all work on it.
    """
    with fresh_database(postgres_server) as url:
        text = made(url)
        plain = url.replace("postgresql+psycopg:", "postgresql:", 1)
        with psycopg.connect(plain, autocommit=True) as connection:

            def empty():
                connection.execute(OTHERS)
                connection.execute(text)

            yield url, empty


@pytest.fixture
def made_postgres_url(postgres_with_tables):
    """
    Return the URL of a PostgreSQL database with tables and no rows.
    """
    url, empty = postgres_with_tables
    yield url
    empty()


@pytest.fixture(scope="session")
def file_with_tables(tmp_path_factory):
    """
    Return the path of a SQLite database with tables and no rows.
    """
    path = tmp_path_factory.mktemp("made") / "orders.db"
    made(f"sqlite:///{path}")
    return path


@pytest.fixture
def made_sqlite_url(file_with_tables, tmp_path):
    """
    Return the URL of such a file that is the test's own.
    """
    path = tmp_path / "orders.db"
    shutil.copy(file_with_tables, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def made_database_url(request):
    """
    Return the URL of each kind.
    """
    kind = "sqlite" if request.param == "sqlite" else "postgres"
    return request.getfixturevalue(f"made_{kind}_url")


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def new_storage(request):
    """
    Return what gives an empty storage, of each kind; the one before is no longer used.
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
    Return an empty storage of each kind.
    """
    return new_storage()
